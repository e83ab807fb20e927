"""What a day asks of each person: what waits, what was cancelled, the board's day, the next day of school."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from intervention.domain.days import EVERY_LEVEL, STAFF_PRESENT, DayType
from intervention.domain.encounters import EncounterStatus, Modality
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.privacy import EncounterFacts, view_for
from intervention.queries.facts import facts_where
from intervention.queries.scope import told_legs, visible_encounters
from intervention.records.calendars import SchoolDay
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.people import Person, Professional
from intervention.records.reservations import Leg
from intervention.records.schools import Building

UNPLANNED = (DayType.CLOSURE, DayType.SUSPENSION)
UNSTATED = (EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS)
WAITS_FOR = timedelta(days=60)  # attendance older than that is a matter for reports, not for a morning


@dataclass(frozen=True, slots=True)
class SchoolDate:
    on_date: date
    day_type: DayType
    cycle_day: int | None
    label: str
    afternoon: DayType | None = None  # where it differs

    @property
    def has_staff(self) -> bool:
        """In one half of the day at least."""
        return not STAFF_PRESENT.isdisjoint({self.day_type, self.afternoon or self.day_type})


@dataclass(frozen=True, slots=True)
class Shut:
    """A building where nobody is expected today, and what its calendar calls the day."""

    building: str
    day_type: DayType
    label: str
    afternoon: DayType | None = None  # where it differs


@dataclass(frozen=True, slots=True)
class OnTheRoad:
    person_id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class BoardDay:
    """The day of the whole board for coordination, confidential mandates left out."""

    by_modality: dict[Modality, int]
    cancelled: tuple[EncounterFacts, ...]
    under_way: tuple[EncounterFacts, ...]
    roads: tuple[OnTheRoad, ...]

    @property
    def standing(self) -> int:
        return sum(self.by_modality.values())


def attendance_due(session: Session, actor: Actor, now: datetime, most: int) -> tuple[list[EncounterFacts], int]:
    """The actor's own séances that are over without anybody having said who was there: the latest, and how many."""
    conditions = (
        Encounter.organization_id == actor.organization_id,  # attendance is stated in the board that asks for it
        Encounter.host_id == actor.person_id,
        Encounter.status.in_(UNSTATED),
        Encounter.ends_at <= now,
        Encounter.starts_at >= now - WAITS_FOR,
    )
    ids = session.scalars(select(Encounter.id).where(*conditions).order_by(Encounter.starts_at.desc())).all()
    found = facts_where(session, Encounter.id.in_(ids[:most])) if ids else []
    return _views(actor, found)[::-1], len(ids)


def cancelled_between(
    session: Session, actor: Actor, starts: datetime, ends: datetime, buildings: Collection[UUID] = ()
) -> list[EncounterFacts]:
    """What will not be, of the actor's own séances or at `buildings`, in the words the actor may read."""
    there = or_(EncounterSite.facilitator_id == actor.person_id, EncounterSite.building_id.in_(buildings))
    ids = session.scalars(
        select(Encounter.id).where(
            Encounter.organization_id == actor.organization_id,
            Encounter.starts_at >= starts,
            Encounter.starts_at < ends,
            _is_cancelled(),
            or_(
                Encounter.id.in_(select(Participation.encounter_id).where(Participation.person_id == actor.person_id)),
                Encounter.id.in_(select(EncounterSite.encounter_id).where(there)),
            ),
        )
    ).all()
    return _views(actor, facts_where(session, Encounter.id.in_(ids), visible_encounters(actor))) if ids else []


def board_day(session: Session, actor: Actor, starts: datetime, ends: datetime, now: datetime) -> BoardDay:
    """Raises NotAllowed for anybody but coordination. Eight statements, whatever the day holds."""
    require(actor, Action.SEE_AGENDA, Subject(actor.organization_id))
    during = _during(actor, starts, ends)
    counts = session.execute(
        select(Encounter.modality, func.count())
        .where(*during, Encounter.status != EncounterStatus.CANCELLED)
        .group_by(Encounter.modality)
    ).all()
    live = and_(
        Encounter.starts_at <= now, Encounter.ends_at > now, Encounter.status != EncounterStatus.CANCELLED
    )  # fmt: skip
    return BoardDay(
        {modality: sum(n for m, n in counts if m is modality) for modality in Modality},
        tuple(_views(actor, facts_where(session, *during, _is_cancelled()))),
        tuple(_views(actor, facts_where(session, *during, live))),
        _roads(session, actor, starts, ends),
    )


def school_date(session: Session, organization_id: UUID, building_id: UUID | None, on_date: date) -> SchoolDate | None:
    """What the date is at the building, or anywhere on the board where no building is given."""
    return _school_date(session, organization_id, building_id, SchoolDay.on_date == on_date)


def next_school_date(
    session: Session, organization_id: UUID, building_id: UUID | None, after: date
) -> SchoolDate | None:
    """The first day after `after` when staff are there; None past the end of what the calendar holds."""
    later = and_(SchoolDay.on_date > after, _has_staff())
    return _school_date(session, organization_id, building_id, later)


def shut_buildings(session: Session, organization_id: UUID, on_date: date) -> tuple[Shut, ...]:
    """Buildings closed, or where classes are suspended, on a day that was to be a school day."""
    rows = session.execute(
        select(Building.short_name, SchoolDay.day_type, SchoolDay.afternoon, SchoolDay.label)
        .join(Building, Building.id == SchoolDay.building_id)
        .where(
            SchoolDay.organization_id == organization_id,
            SchoolDay.on_date == on_date,
            SchoolDay.level == EVERY_LEVEL,
            or_(SchoolDay.day_type.in_(UNPLANNED), SchoolDay.afternoon.in_(UNPLANNED)),
            Building.is_active,
        )
        .order_by(Building.short_name)
    )
    return tuple(Shut(name, day_type, label or "", afternoon) for name, day_type, afternoon, label in rows)


def _school_date(
    session: Session, organization_id: UUID, building_id: UUID | None, condition: ColumnElement[bool]
) -> SchoolDate | None:
    place = SchoolDay.building_id == building_id if building_id else SchoolDay.organization_id == organization_id
    place = and_(place, SchoolDay.level == EVERY_LEVEL)
    row = session.scalars(
        select(SchoolDay)
        .where(place, condition)
        .order_by(SchoolDay.on_date, _has_staff().desc(), SchoolDay.building_id)
        .limit(1)
    ).first()
    if row is None:
        return None
    # Without a building, a cycle day would be that of one school among others.
    cycle_day = row.cycle_day if building_id else None
    return SchoolDate(row.on_date, row.day_type, cycle_day, row.label or "", row.afternoon)


def _has_staff() -> ColumnElement[bool]:
    return or_(SchoolDay.day_type.in_(STAFF_PRESENT), SchoolDay.afternoon.in_(STAFF_PRESENT))


def _roads(session: Session, actor: Actor, starts: datetime, ends: datetime) -> tuple[OnTheRoad, ...]:
    origin, destination = aliased(Building), aliased(Building)
    rows = session.execute(
        select(Leg, Person.given_name, Person.family_name, origin.short_name, destination.short_name)
        .join(Person, Person.id == Leg.person_id)
        .join(origin, origin.id == Leg.from_building_id)
        .join(destination, destination.id == Leg.to_building_id)
        .join(Professional, Professional.person_id == Leg.person_id)
        .where(told_legs(actor, origin, destination, Professional.home_building_id))
        .where(Leg.starts_at >= starts, Leg.starts_at < ends)
        .order_by(Leg.starts_at, Person.family_name)
    )
    return tuple(
        OnTheRoad(leg.person_id, f"{given} {family}", leg.starts_at, leg.ends_at, a, b)
        for leg, given, family, a, b in rows
    )


def _during(actor: Actor, starts: datetime, ends: datetime) -> tuple[ColumnElement[bool], ...]:
    return (visible_encounters(actor), Encounter.starts_at >= starts, Encounter.starts_at < ends)


def _is_cancelled() -> ColumnElement[bool]:
    return Encounter.status == EncounterStatus.CANCELLED


def _views(actor: Actor, found: list[EncounterFacts]) -> list[EncounterFacts]:
    return [view_for(actor, facts) for facts in found]
