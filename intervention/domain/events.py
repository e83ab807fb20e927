"""Facts that happened: frozen, past tense, ids and instants only. Reactions load the world as it is at delivery."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fact:
    organization_id: UUID

    @property
    def kind(self) -> str:
        return type(self).__name__

    def payload(self) -> dict[str, Any]:
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: str(value) for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class EncounterBooked(Fact):
    encounter_id: UUID


@dataclass(frozen=True, slots=True)
class EncounterChanged(Fact):
    """Moved, or its modality, room, facilitator or people changed."""

    encounter_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class EncounterCancelled(Fact):
    encounter_id: UUID


@dataclass(frozen=True, slots=True)
class EncounterRestored(Fact):
    encounter_id: UUID


@dataclass(frozen=True, slots=True)
class CalendarEdited(Fact):
    """The layers of a school year were changed, or a change was undone; the dated days are already laid again."""

    change_id: UUID


@dataclass(frozen=True, slots=True)
class SchoolsClosed(Fact):
    """A closure, a suspension, or a conditional day that became a class day."""

    closure_id: UUID


@dataclass(frozen=True, slots=True)
class SchoolsReopened(Fact):
    """One of those was taken back."""

    closure_id: UUID


@dataclass(frozen=True, slots=True)
class DatesChanged(Fact):
    """A change of calendar moved or called off séances of this person: one fact, however many séances."""

    change_id: UUID
    person_id: UUID
