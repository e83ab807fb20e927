"""Rows collected by hand and written in bulk, with ids that depend on their names only."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert
from sqlalchemy.orm import Session

from intervention.domain.people import ResourceKind
from intervention.records.base import Base
from intervention.records.everything import metadata
from intervention.records.people import Resource

NAMESPACE = UUID("7d0c6b1e-5f53-5c0e-9f0e-3a1f6f5b9d21")


def demo_id(*parts: object) -> UUID:
    """The id of a demo row: the same on every machine, so that a test or a screenshot can name it."""
    return uuid5(NAMESPACE, "/".join(str(part) for part in parts))


class Sheet:
    """The rows of one board. `code` is the board's; every row gets its organization and an id from its key."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.organization_id = demo_id(code)
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._records: dict[str, type[Base]] = {}

    def id_of(self, record: type[Base], *key: object) -> UUID:
        return demo_id(self.code, record.__tablename__, *key)

    def add(self, record: type[Base], *key: object, **values: Any) -> UUID:
        """Add a row; give back the id that its key has, whether or not the record has an `id` column."""
        columns = record.__table__.columns
        row_id: UUID = values.get("id") or self.id_of(record, *key)
        if "id" in columns:
            values["id"] = row_id
        if "organization_id" in columns:
            values["organization_id"] = self.organization_id
        self._records[record.__tablename__] = record
        self._rows[record.__tablename__].append(values)
        return row_id

    def add_scarce(self, record: type[Base], kind: ResourceKind, *key: object, **values: Any) -> UUID:
        """Add a row that can be in one place at a time, with its resource."""
        row_id = self.id_of(record, *key)
        self.add(Resource, id=row_id, kind=kind)
        return self.add(record, *key, **(values | {"id": row_id}))

    def write(self, session: Session) -> None:
        """Insert everything, referred tables first."""
        for table in metadata.sorted_tables:
            if rows := self._rows.get(table.name):
                session.execute(insert(self._records[table.name]), rows)
