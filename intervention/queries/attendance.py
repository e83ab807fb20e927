"""Who was expected at a séance, for the one who says who was there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.encounters import Attendance, EncounterStatus, ParticipantRole
from intervention.domain.errors import NotFound
from intervention.domain.permissions import Action, Actor
from intervention.domain.privacy import Audience, EncounterFacts, view_of
from intervention.queries.encounters import encounter_for
from intervention.queries.facts import facts_of
from intervention.records.encounters import EncounterSite, Participation
from intervention.records.people import ClassGroup, Guest, Person, Pupil
from intervention.records.schools import Building


@dataclass(frozen=True, slots=True)
class Expected:
    participation_id: UUID
    name: str
    role: ParticipantRole
    place: str
    attendance: Attendance | None


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    view: EncounterFacts
    expected: tuple[Expected, ...]
    version: int
    starts_at: datetime

    @property
    def is_stated(self) -> bool:
        return self.view.status is EncounterStatus.COMPLETED


def attendance_sheet(session: Session, actor: Actor, encounter_id: UUID) -> AttendanceSheet:
    """Raises NotFound or NotAllowed: only who gave the séance says who was there."""
    encounter = encounter_for(session, actor, encounter_id, Action.STATE_ATTENDANCE)
    facts = facts_of(session, encounter_id)
    if facts is None:
        raise NotFound
    rows = session.execute(
        select(Participation, Pupil, Person, ClassGroup.name, Guest.name, Building.short_name)
        .join(EncounterSite, EncounterSite.id == Participation.site_id)
        .outerjoin(Building, Building.id == EncounterSite.building_id)
        .outerjoin(Pupil, Pupil.id == Participation.pupil_id)
        .outerjoin(Person, Person.id == Participation.person_id)
        .outerjoin(ClassGroup, ClassGroup.id == Participation.class_group_id)
        .outerjoin(Guest, Guest.id == Participation.guest_id)
        .where(Participation.encounter_id == encounter_id, Participation.role != ParticipantRole.HOST)
        .order_by(EncounterSite.position, Participation.id)
    )
    expected = tuple(
        Expected(
            each.id, _name(pupil, person) or group or guest or "", each.role, place or "", each.attendance
        )
        for each, pupil, person, group, guest, place in rows
    )  # fmt: skip
    return AttendanceSheet(view_of(facts, Audience.HOST), expected, encounter.version, encounter.starts_at)


def _name(pupil: Pupil | None, person: Person | None) -> str:
    if pupil is not None:
        return f"{pupil.code} · {pupil.given_name} {pupil.family_name}"
    return person.full_name if person is not None else ""
