"""A stretch of days as somebody may read it: encounters in their words, roads, bells, closures, times away.

Frozen values only. Who looks decides what is told: an encounter that the reader may not know is a taken time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, null, or_, select
from sqlalchemy.orm import Session, aliased

from intervention.domain.days import EVERY_LEVEL, BellKind, DayType
from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import NotFound
from intervention.domain.people import Level
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.domain.privacy import Audience, EncounterFacts, view_for
from intervention.domain.spans import instant_of, tick_of
from intervention.queries.facts import facts_where
from intervention.queries.scope import told_legs
from intervention.records.calendars import Availability, BusyTime, SchoolDay
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.isolation import beyond
from intervention.records.people import Membership, Person, Professional
from intervention.records.reservations import Leg, Reservation
from intervention.records.schools import BellPeriod, Building, Room

STANDING = (EncounterStatus.HELD, EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS, EncounterStatus.COMPLETED)


class AgendaOf(StrEnum):
    PERSON = "person"
    BUILDING = "building"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class AgendaSubject:
    """Whose agenda, in which zone its hours are told, and the building whose bells and days frame it."""

    of: AgendaOf
    id: UUID
    name: str
    zone: str
    building_id: UUID | None
    building: str = ""


@dataclass(frozen=True, slots=True)
class Road:
    """A leg: leave at `starts_at`, there at `ends_at`. Minutes count parking and margin."""

    starts_at: datetime
    ends_at: datetime
    origin: str
    destination: str
    minutes: int
    metres: int
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class Away:
    starts_at: datetime
    ends_at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Bell:
    kind: BellKind
    label: str
    starts_local: time
    ends_local: time


@dataclass(frozen=True, slots=True)
class AgendaDay:
    on_date: date
    day_type: DayType | None  # of the morning, where the afternoon differs
    afternoon: DayType | None
    cycle_day: int | None
    label: str
    entries: tuple[EncounterFacts, ...]
    roads: tuple[Road, ...]
    away: tuple[Away, ...]
    hours: tuple[tuple[time, time], ...]

    @property
    def types(self) -> frozenset[DayType]:
        """The types of its halves; none where no calendar holds the date."""
        return frozenset(each for each in (self.day_type, self.afternoon) if each is not None)


@dataclass(frozen=True, slots=True)
class AgendaView:
    subject: AgendaSubject
    days: tuple[AgendaDay, ...]
    bells: tuple[Bell, ...]
    may_book: bool


def subject_of(session: Session, actor: Actor, of: AgendaOf, subject_id: UUID) -> AgendaSubject:
    """The subject, if the actor may look at all. Raises NotFound or NotAllowed."""
    if of is AgendaOf.PERSON:
        return _person(session, actor, subject_id)
    return _place(session, actor, of, subject_id)


def agenda(session: Session, actor: Actor, subject: AgendaSubject, first: date, days: int) -> AgendaView:
    """`days` local days from `first`. The reader's words for each encounter; a dozen statements at most."""
    zone = ZoneInfo(subject.zone)
    dates = [first + timedelta(days=n) for n in range(days)]
    starts = datetime.combine(first, time.min, zone).astimezone(UTC)
    ends = datetime.combine(first + timedelta(days=days), time.min, zone).astimezone(UTC)
    entries = _entries(session, actor, subject, starts, ends)
    roads = _roads(session, actor, subject, starts, ends)
    away = [
        *_away(session, actor, subject, starts, ends),
        *_taken_elsewhere(session, actor, subject, {entry.id for entry in entries}, (starts, ends)),
    ]
    school_days = _school_days(session, actor, subject, dates)
    hours = _hours(session, subject)

    def on(on_date: date) -> AgendaDay:
        day_type, afternoon, cycle_day, label = school_days.get(on_date, (None, None, None, ""))
        return AgendaDay(
            on_date=on_date,
            day_type=day_type,
            afternoon=afternoon,
            cycle_day=cycle_day,
            label=label,
            entries=tuple(e for e in entries if _on(e.starts_at, zone) == on_date),
            roads=tuple(r for r in roads if _on(r.starts_at, zone) == on_date),
            away=tuple(a for a in away if _on(a.starts_at, zone) <= on_date <= _on(a.ends_at, zone)),
            hours=tuple(span for span, is_open in ((h[1], _is_open(h, on_date)) for h in hours) if is_open),
        )

    own = Subject(actor.organization_id, owner_id=subject.id)
    may_book = subject.of is AgendaOf.PERSON and bool(permits(actor, Action.BOOK, own))
    return AgendaView(subject, tuple(on(on_date) for on_date in dates), _bells(session, actor, subject), may_book)


def _is_open(hours: tuple[int, tuple[time, time], date | None, date | None], on_date: date) -> bool:
    weekday, _, since, until = hours
    return weekday == on_date.isoweekday() and (since or on_date) <= on_date <= (until or on_date)


def _person(session: Session, actor: Actor, person_id: UUID) -> AgendaSubject:
    home = aliased(Building)
    row = session.execute(
        select(Person, home.id, home.zone, home.short_name)
        .outerjoin(Professional, Professional.person_id == Person.id)
        .outerjoin(home, home.id == Professional.home_building_id)
        .where(
            Person.id == person_id,
            exists().where(Membership.person_id == Person.id, Membership.organization_id == actor.organization_id),
        )
    ).first()
    if row is None:
        raise NotFound
    person, building_id, zone, building = row
    subject = Subject(actor.organization_id, owner_id=person.id)
    require(actor, Action.SEE_BUSY, subject)
    if building_id is None and person.id == actor.person_id:
        building_id = min((b for m in actor.mandates for b in m.building_ids), default=None)
    return AgendaSubject(AgendaOf.PERSON, person.id, person.full_name, zone or actor.zone, building_id, building or "")


def _place(session: Session, actor: Actor, of: AgendaOf, subject_id: UUID) -> AgendaSubject:
    statement = select(Building, Room).outerjoin(Room, (Room.building_id == Building.id) & (Room.id == subject_id))
    key = Room.id if of is AgendaOf.ROOM else Building.id
    row = session.execute(statement.where(key == subject_id, Building.organization_id == actor.organization_id)).first()
    if row is None:
        raise NotFound
    building, room = row
    require(actor, Action.SEE_BUILDING, Subject(actor.organization_id, buildings=frozenset({building.id})))
    name = f"{building.short_name}, {room.name}" if of is AgendaOf.ROOM else building.name
    return AgendaSubject(of, subject_id, name, building.zone or actor.zone, building.id, building.short_name)


def _entries(
    session: Session, actor: Actor, subject: AgendaSubject, starts: datetime, ends: datetime
) -> list[EncounterFacts]:
    found = facts_where(
        session,
        Encounter.organization_id.in_(_boards(actor, subject)),
        Encounter.starts_at >= starts,
        Encounter.starts_at < ends,
        Encounter.status.in_(STANDING),
        _concerns(subject),
    )
    return [view_for(actor, facts) for facts in found]


def _is_own(actor: Actor, subject: AgendaSubject) -> bool:
    return subject.of is AgendaOf.PERSON and subject.id == actor.person_id


def _boards(actor: Actor, subject: AgendaSubject) -> frozenset[UUID]:
    """One's own day is whole, whichever board each part of it is for."""
    return actor.boards if _is_own(actor, subject) else frozenset({actor.organization_id})


def _concerns(subject: AgendaSubject) -> ColumnElement[bool]:
    """Lists of ids, not EXISTS: SQLite would walk all of a person's years again for each encounter of the week."""
    at_sites = select(EncounterSite.encounter_id)
    if subject.of is AgendaOf.BUILDING:
        return Encounter.id.in_(at_sites.where(EncounterSite.building_id == subject.id))
    if subject.of is AgendaOf.ROOM:
        return Encounter.id.in_(at_sites.where(EncounterSite.room_id == subject.id))
    return or_(
        Encounter.id.in_(select(Participation.encounter_id).where(Participation.person_id == subject.id)),
        Encounter.id.in_(at_sites.where(EncounterSite.facilitator_id == subject.id)),
    )


def _roads(session: Session, actor: Actor, subject: AgendaSubject, starts: datetime, ends: datetime) -> list[Road]:
    """Where a colleague drives is not the reader's business."""
    if subject.of is not AgendaOf.PERSON or not permits(
        actor, Action.SEE_AGENDA, Subject(actor.organization_id, owner_id=subject.id)
    ):
        return []
    origin, destination = aliased(Building), aliased(Building)
    rows = session.execute(
        select(Leg, origin.short_name, destination.short_name)
        .join(origin, origin.id == Leg.from_building_id)
        .join(destination, destination.id == Leg.to_building_id)
        .join(Professional, Professional.person_id == Leg.person_id)
        .where(Leg.person_id == subject.id, Leg.starts_at >= starts, Leg.starts_at < ends)
        .where(
            Leg.organization_id.in_(actor.boards)
            if _is_own(actor, subject)
            else told_legs(actor, origin, destination, Professional.home_building_id)
        )
        .order_by(Leg.starts_at)
    )
    return [
        Road(leg.starts_at, leg.ends_at, a, b, leg.minutes, leg.metres, leg.quality == "estimated")
        for leg, a, b in rows
    ]


def _away(session: Session, actor: Actor, subject: AgendaSubject, starts: datetime, ends: datetime) -> list[Away]:
    if subject.of is not AgendaOf.PERSON:
        return []
    label = BusyTime.label if _is_own(actor, subject) else null()
    with beyond(session):  # where somebody shared is away counts for both boards; why is hers
        rows = session.execute(
            select(BusyTime.starts_at, BusyTime.ends_at, label)
            .where(BusyTime.person_id == subject.id, BusyTime.starts_at < ends, BusyTime.ends_at > starts)
            .order_by(BusyTime.starts_at)
        ).all()
    return [Away(since, until, told or "") for since, until, told in rows]


def _taken_elsewhere(
    session: Session, actor: Actor, subject: AgendaSubject, known: set[UUID], window: tuple[datetime, datetime]
) -> list[Away]:
    """When another board has somebody shared, on the road or not: one taken time that says nothing.

    Read from what reserves her and is neither an encounter of the page nor a leg of this board; times that touch are
    one, so that a road and its séance are not told apart.
    """
    if subject.of is not AgendaOf.PERSON or _is_own(actor, subject):
        return []
    origin, destination = aliased(Building), aliased(Building)
    told = (
        select(Leg.id)
        .join(origin, origin.id == Leg.from_building_id)
        .join(destination, destination.id == Leg.to_building_id)
        .join(Professional, Professional.person_id == Leg.person_id)
        .where(told_legs(actor, origin, destination, Professional.home_building_id), Leg.person_id == subject.id)
    )
    low, high = (tick_of(end) for end in window)
    rows = session.execute(
        select(Reservation.starts_tick, Reservation.ends_tick)
        .where(
            Reservation.resource_id == subject.id,
            Reservation.starts_tick >= low,
            Reservation.starts_tick < high,
            or_(Reservation.encounter_id.is_(None), Reservation.encounter_id.not_in(known)),
            or_(Reservation.leg_id.is_(None), Reservation.leg_id.not_in(told)),
        )
        .order_by(Reservation.starts_tick)
    )
    found: list[list[int]] = []
    for starts, ends in rows:
        if found and starts <= found[-1][1]:
            found[-1][1] = max(ends, found[-1][1])
        else:
            found.append([starts, ends])
    return [Away(instant_of(starts), instant_of(ends), "") for starts, ends in found]


def _school_days(
    session: Session, actor: Actor, subject: AgendaSubject, dates: Sequence[date]
) -> dict[date, tuple[DayType, DayType | None, int | None, str]]:
    if subject.building_id is None:
        return {}
    rows = session.scalars(
        select(SchoolDay).where(
            SchoolDay.organization_id.in_(actor.boards),
            SchoolDay.building_id == subject.building_id,
            SchoolDay.level == EVERY_LEVEL,
            SchoolDay.on_date.in_(dates),
        )
    )
    return {d.on_date: (d.day_type, d.afternoon, d.cycle_day, d.label or "") for d in rows}


def _hours(session: Session, subject: AgendaSubject) -> list[tuple[int, tuple[time, time], date | None, date | None]]:
    if subject.of is not AgendaOf.PERSON:
        return []
    rows = session.scalars(
        select(Availability).where(Availability.person_id == subject.id).order_by(Availability.starts_local)
    )
    return [(a.weekday, (a.starts_local, a.ends_local), a.valid_from, a.valid_until) for a in rows]


def _bells(session: Session, actor: Actor, subject: AgendaSubject) -> tuple[Bell, ...]:
    """One level's bells frame the page: the primary's where it exists."""
    if subject.building_id is None:
        return ()
    rows = session.scalars(
        select(BellPeriod)
        .where(
            BellPeriod.organization_id.in_(actor.boards),
            BellPeriod.building_id == subject.building_id,
            BellPeriod.day_type.is_(None),
        )
        .order_by(BellPeriod.starts_local)
    ).all()
    levels = {row.level for row in rows}
    level = next((each for each in (Level.PRIMARY, Level.SECONDARY, Level.PRESCHOOL) if each in levels), None)
    return tuple(Bell(r.kind, r.label, r.starts_local, r.ends_local) for r in rows if r.level is level)


def _on(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def is_unnamed(facts: EncounterFacts) -> bool:
    """A taken time that the reader is told nothing about."""
    return facts.audience is Audience.COLLEAGUE
