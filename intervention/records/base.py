"""The declarative base and the column types that every record shares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, MetaData, String, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from intervention.domain.ids import new_id

NAMING = {
    "ix": "ix__%(table_name)s__%(column_0_N_name)s",
    "uq": "uq__%(table_name)s__%(column_0_N_name)s",
    "ck": "ck__%(table_name)s__%(constraint_name)s",
    "fk": "fk__%(table_name)s__%(column_0_N_name)s",
    "pk": "pk__%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses a naive value at the border and gives back aware UTC on every engine (SQLite drops zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive_datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@lru_cache(maxsize=32_768)  # a large board's year of séances: some ten megabytes
def _read_id(stored: str | None) -> UUID | None:
    return None if stored is None else UUID(stored)


class Id(Uuid[UUID]):
    """A UUID. SQLite gives it as text, and reading that costs more than fetching the row: the same few ids come again
    and again, and are then the same objects, which compare at once and are kept once in a catalogue.
    """

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return None if dialect.supports_native_uuid else _read_id


E_ = TypeVar("E_", bound=StrEnum)


class Code(TypeDecorator[E_], Generic[E_]):
    """A `StrEnum` member stored as its value; an unknown stored value is an error, never a guess."""

    impl = String(32)
    cache_ok = True

    def __init__(self, members: type[E_]) -> None:
        super().__init__()
        self.members = members
        self._read = _Codes(members).__getitem__

    def process_bind_param(self, value: E_ | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.members(value))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], E_ | None]:
        return self._read


class _Codes(dict[Any, Any]):
    """Members by stored value. A dict answers far faster than the enum: a board's calendar is thousands of rows."""

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__({None: None} | {member.value: member for member in members})
        self._members = members

    def __missing__(self, value: str) -> StrEnum:
        return self._members(value)  # raises


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime(), UUID: Id()}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Identified:
    """A row with its own UUIDv7."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class OfOrganization:
    """A row that belongs to one board; every query of it goes through `queries.scope`."""

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
