"""The unit of work that a use case gets: a session, a clock, and a place to note facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from intervention.domain.clock import Clock
from intervention.domain.errors import Raced
from intervention.domain.events import Fact
from intervention.records.database import Database, is_race
from intervention.records.isolation import EVERY_BOARD, Reach
from intervention.records.outbox import OutboxMessage

_FACT = insert(OutboxMessage.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction. Use cases flush; whoever opened the work commits."""

    session: Session
    clock: Clock

    def now(self) -> datetime:
        return self.clock.now()

    def note(self, fact: Fact) -> None:
        """Write the fact beside the change; the worker reacts to it after the commit."""
        self.note_all([fact])

    def note_all(self, facts: Sequence[Fact]) -> None:
        """Several at once, in their order."""
        now = self.now()
        rows = [
            {"organization_id": fact.organization_id, "kind": fact.kind, "payload": fact.payload()}
            | {"noted_at": now, "due_at": now}
            for fact in facts
        ]
        if rows:
            self.session.execute(_FACT, rows)


@contextmanager
def open_work(
    database: Database, clock: Clock, *, read_only: bool = False, reach: Reach = EVERY_BOARD
) -> Iterator[Work]:
    """Open a transaction at the edge: committed on a clean exit, rolled back on any exception.

    Whoever acts reaches their own boards' rows; a system act reaches every board's. Raises Raced when the database let
    another writer of the same instant go first.
    """
    try:
        with database.session(read_only=read_only, reach=reach) as session:
            yield Work(session, clock)
    except DBAPIError as error:
        if is_race(error):
            raise Raced from error
        raise
