"""When pupils leave the class that the reader teaches: who, when and where, never the service nor who gives it.

A teacher plans her lesson around it, and does not take part: the séance itself stays closed to her
(`domain.permissions`, `SEE_ENCOUNTER`). A confidential mandate is not shown at all; its professional
tells the teacher what the pupil agrees to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from intervention.domain.encounters import EncounterStatus
from intervention.domain.permissions import Actor
from intervention.queries.scope import is_of_class_taught, leaves_class
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.people import Pupil
from intervention.records.schools import Building, Room

MOST = 60
GONE = (EncounterStatus.HELD, EncounterStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class PullOut:
    """`place`: the room, or the school where it is another one; empty where neither is chosen yet."""

    pupil_id: UUID
    code: str
    name: str
    starts_at: datetime
    ends_at: datetime
    place: str
    zone: str


def pull_outs(session: Session, actor: Actor, since: datetime, until: datetime) -> tuple[PullOut, ...]:
    """What ends after `since` and begins before `until`, the soonest first. One statement."""
    return _pull_outs(session, actor, Encounter.ends_at > since, Encounter.starts_at < until)


def pull_outs_of(session: Session, actor: Actor, pupil_id: UUID, since: datetime) -> tuple[PullOut, ...]:
    """The next ones of one pupil, the soonest first."""
    return _pull_outs(session, actor, Encounter.ends_at > since, Pupil.id == pupil_id)


def _pull_outs(session: Session, actor: Actor, *which: ColumnElement[bool]) -> tuple[PullOut, ...]:
    statement = (
        select(Pupil, Encounter.starts_at, Encounter.ends_at, Room.name, Building.short_name, Building.zone)
        .join(Participation, Participation.pupil_id == Pupil.id)
        .join(Encounter, Encounter.id == Participation.encounter_id)
        .join(EncounterSite, EncounterSite.id == Participation.site_id)
        .join(Building, Building.id == func.coalesce(EncounterSite.building_id, Pupil.building_id))
        .outerjoin(Room, Room.id == EncounterSite.room_id)
        .add_columns(Building.id == Pupil.building_id)
        .where(is_of_class_taught(actor), leaves_class(actor), Encounter.status.not_in(GONE), *which)
        .order_by(Encounter.starts_at, Pupil.code)
        .limit(MOST)
    )
    return tuple(
        PullOut(
            pupil.id,
            pupil.code,
            f"{pupil.given_name} {pupil.family_name}",
            starts_at,
            ends_at,
            ", ".join(part for part in (room, "" if is_here else building) if part),
            zone or actor.zone,
        )
        for pupil, starts_at, ends_at, room, building, zone, is_here in session.execute(statement)
    )
