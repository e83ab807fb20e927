"""What became of an encounter: it was opened, it was given, and who was there. Attendance is a human statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from intervention.domain.encounters import ActKind, Attendance, EncounterStatus, can_become
from intervention.domain.errors import InvalidInput, WrongState
from intervention.domain.permissions import Action, Actor
from intervention.queries.encounters import encounter_for
from intervention.records.encounters import Encounter
from intervention.usecases.booking import Booked, record_act
from intervention.usecases.changing import require_version
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class CompleteEncounter:
    """`attendance` maps a participation to what is stated; whoever is not named was present."""

    encounter_id: UUID
    version: int
    attendance: dict[UUID, Attendance] = field(default_factory=dict)


def start(work: Work, actor: Actor, encounter_id: UUID) -> Booked:
    """Note that the encounter is under way; a second time changes nothing."""
    encounter = encounter_for(work.session, actor, encounter_id, Action.HOST_LOBBY, lock=True)
    if encounter.status is EncounterStatus.IN_PROGRESS:
        return Booked(encounter.id, encounter.version)
    _become(work, encounter, EncounterStatus.IN_PROGRESS)
    record_act(work, actor, encounter.id, ActKind.STARTED)
    return Booked(encounter.id, encounter.version)


def complete(work: Work, actor: Actor, ask: CompleteEncounter) -> Booked:
    """State that the encounter was given, and who was there. Not before it began."""
    encounter = encounter_for(work.session, actor, ask.encounter_id, Action.STATE_ATTENDANCE, lock=True)
    require_version(encounter, ask.version)
    if encounter.starts_at > work.now():
        raise InvalidInput({"attendance": "not_yet_begun"})
    _state(encounter, ask.attendance)
    _become(work, encounter, EncounterStatus.COMPLETED)
    record_act(work, actor, encounter.id, ActKind.COMPLETED)
    return Booked(encounter.id, encounter.version)


def correct(work: Work, actor: Actor, ask: CompleteEncounter) -> Booked:
    """Correct the attendance of an encounter already given; the history keeps both statements."""
    encounter = encounter_for(work.session, actor, ask.encounter_id, Action.STATE_ATTENDANCE, lock=True)
    require_version(encounter, ask.version)
    if encounter.status is not EncounterStatus.COMPLETED:
        raise WrongState(status=encounter.status)
    before = {str(p.id): p.attendance.value if p.attendance else None for p in encounter.participations}
    _state(encounter, ask.attendance)
    encounter.version += 1
    record_act(work, actor, encounter.id, ActKind.ATTENDANCE_STATED, changes={"before": before})
    return Booked(encounter.id, encounter.version)


def _state(encounter: Encounter, attendance: dict[UUID, Attendance]) -> None:
    unknown = set(attendance) - {p.id for p in encounter.participations}
    if unknown:
        raise InvalidInput({"attendance": "unknown_participant"})
    for participation in encounter.participations:
        participation.attendance = attendance.get(participation.id, Attendance.PRESENT)


def _become(work: Work, encounter: Encounter, status: EncounterStatus) -> None:
    if not can_become(encounter.status, status):
        raise WrongState(status=encounter.status)
    encounter.status = status
    encounter.version += 1
    encounter.changed_at = work.now()
    work.session.flush()
