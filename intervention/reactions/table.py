"""The whole choreography: which fact brings which effects about. The worker closes a fact that has none.

A reaction is given the unit of work in which its fact is closed: what it writes is kept exactly once, whatever happens
to the worker. It loads the world as it is now, never as it was when the fact was noted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from intervention.domain.events import (
    CalendarEdited,
    DatesChanged,
    EncounterBooked,
    EncounterCancelled,
    EncounterChanged,
    EncounterRestored,
    SchoolsClosed,
    SchoolsReopened,
)
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class Noted:
    """A fact as the outbox kept it. `payload` is `Fact.payload()`: ids and instants as text."""

    id: UUID
    organization_id: UUID
    kind: str
    payload: Mapping[str, Any]


Reaction = Callable[[Work, Noted], None]
Table = Mapping[str, tuple[Reaction, ...]]

# Every kind of fact has its line, even without an effect: a worker older than a fact leaves it to a newer one.
TABLE: Table = {
    EncounterBooked.__name__: (),
    EncounterChanged.__name__: (),
    EncounterCancelled.__name__: (),
    EncounterRestored.__name__: (),
    CalendarEdited.__name__: (),
    DatesChanged.__name__: (),
    SchoolsClosed.__name__: (),
    SchoolsReopened.__name__: (),
}
