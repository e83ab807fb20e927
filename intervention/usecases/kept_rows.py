"""Rows set aside whole before an act takes them away, so that undoing it puts back the very same ones."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, insert, select
from sqlalchemy.orm import Session

from intervention.records.base import Base

Kept = dict[str, Any]


def kept(row: Base) -> Kept:
    """The columns of a row, as JSON stores them."""
    values = {column.name: getattr(row, column.name) for column in row.__table__.columns}
    return {name: _plain(value) for name, value in values.items()}


def put_back(session: Session, record: type[Base], rows: list[Kept]) -> None:
    if rows:
        session.execute(insert(record), [{name: value_of(record, name, each[name]) for name in each} for each in rows])


def all_there(session: Session, record: type[Base], ids: list[str]) -> bool:
    """Whether every row of these ids still is."""
    key = record.__table__.c["id"]
    found = session.scalars(select(key).where(key.in_([UUID(each) for each in ids]))).all()
    return len(found) == len(ids)


def value_of(record: type[Base], name: str, value: Any) -> Any:
    """What `kept` stored of a column, as the column takes it."""
    kind = record.__table__.c[name].type
    if value is None:
        return None
    if isinstance(kind, Uuid):
        return UUID(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
