"""Opaque cursors: where a page ended, as text that callers send back untouched."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from intervention.api.scalars import Query
from intervention.queries.directory import Page

T = TypeVar("T")


def cursor_of(*parts: object) -> str:
    return base64.urlsafe_b64encode("/".join(map(str, parts)).encode()).rstrip(b"=").decode()


def _parts(cursor: str) -> list[str]:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("/")


def id_after(cursor: str) -> UUID:
    """The id that a cursor of ids holds. Raises ValueError (binascii.Error and UnicodeDecodeError are such)."""
    (last,) = _parts(cursor)
    return UUID(last)


def start_after(cursor: str) -> tuple[datetime, UUID]:
    """The start and id that a cursor of encounters holds. Raises ValueError."""
    seconds, last = _parts(cursor)
    try:
        return datetime.fromtimestamp(int(seconds), UTC), UUID(last)
    except OverflowError as error:
        raise ValueError from error


def cursor_text(read: Callable[[str], object]) -> Any:
    """A cursor that `read` understands."""

    def check(cursor: str) -> str:
        try:
            read(cursor)
        except (ValueError, OSError, binascii.Error) as error:
            raise PydanticCustomError("not_a_cursor", "a cursor of the answer before") from error
        return cursor

    return AfterValidator(check)


class Paged(Query):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=200), cursor_text(id_after)] | None = None

    @property
    def page(self) -> Page:
        """One row more than asked tells whether there is a next page."""
        return Page(self.limit + 1, id_after(self.cursor) if self.cursor else None)


def listed(rows: Sequence[T], limit: int, shape: Callable[[T], Any], key: Callable[[T], str]) -> dict[str, Any]:
    """The answer of a list, from at most `limit + 1` rows."""
    return {
        "items": [shape(row) for row in rows[:limit]],
        "next_cursor": key(rows[limit - 1]) if len(rows) > limit else None,
    }
