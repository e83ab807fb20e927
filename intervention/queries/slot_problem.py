"""Loads a search as plain masks: the rare from the board's catalogue, the rest in two statements whatever is asked."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, cast, false, null, select, true, union_all
from sqlalchemy.orm import Session

from intervention.domain import masks
from intervention.domain.arrangement import (
    Arrangement,
    Located,
    SiteNeeds,
    arrangements,
    from_school,
    is_pupil_site,
)
from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.encounters import KIND_RULES, EncounterKind, EncounterStatus, Modality, PlaceKind
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.permissions import Action, Actor, Subject, permits
from intervention.domain.school_time import WEEK_TICKS, dates_between, day_range, tick_at
from intervention.domain.slots import Calendar, Day, Option, Problem, SitePlan, Stop, Traveller
from intervention.domain.spans import TICK, tick_of
from intervention.domain.travel import is_winter
from intervention.queries.catalogue import Catalogue, RoomInfo, catalogue
from intervention.queries.scope import visible_encounters
from intervention.records.calendars import BusyTime
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.isolation import beyond
from intervention.records.reservations import Reservation, ReservationBits

STANDING = (EncounterStatus.HELD, EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS, EncounterStatus.COMPLETED)
MAX_DAYS = 56

# Written once: putting these together costs more than running them.
_MADE, _SITE, _PART = Encounter.__table__.c, EncounterSite.__table__.c, Participation.__table__.c
_AWAY, _BITS, _TAKEN = BusyTime.__table__.c, ReservationBits.__table__.c, Reservation.__table__.c
_WEEKS = select(_BITS.resource_id, _BITS.week, _BITS.bits).where(
    _BITS.resource_id.in_(bindparam("resources", expanding=True)),
    _BITS.week >= bindparam("first"),
    _BITS.week < bindparam("after"),
)
_ITS_OWN = select(_TAKEN.resource_id, _TAKEN.starts_tick, _TAKEN.ends_tick).where(
    _TAKEN.encounter_id.in_(bindparam("encounters", expanding=True))
)


def _whereabouts(seen: ColumnElement[bool]) -> Select[Any]:
    """Where travellers are in a window, at which encounter where `seen`, and when people are away.

    A traveller's séances are found by what they reserve of her: a look into an index over the window, however many
    years of séances lie outside it.
    """
    there = (
        select(
            _TAKEN.resource_id.label("person_id"),
            _TAKEN.starts_tick,
            _TAKEN.ends_tick,
            _SITE.place,
            _SITE.building_id,
            case((seen, _MADE.id)).label("encounter_id"),
            cast(null(), _AWAY.starts_at.type).label("away_from"),
            cast(null(), _AWAY.ends_at.type).label("away_until"),
        )
        .select_from(Reservation.__table__)
        .join(Encounter.__table__, _MADE.id == _TAKEN.encounter_id)
        .join(Participation.__table__, and_(_PART.encounter_id == _MADE.id, _PART.person_id == _TAKEN.resource_id))
        .join(EncounterSite.__table__, _SITE.id == _PART.site_id)
        .where(
            _TAKEN.resource_id.in_(bindparam("travelling", expanding=True)),
            _TAKEN.starts_tick >= bindparam("first"),
            _TAKEN.starts_tick < bindparam("after"),
            _MADE.status.in_(STANDING),
            _MADE.id.not_in(bindparam("ignoring", expanding=True)),
        )
    )
    away = select(_AWAY.person_id, null(), null(), null(), null(), null(), _AWAY.starts_at, _AWAY.ends_at).where(
        _AWAY.person_id.in_(bindparam("people", expanding=True)),
        _AWAY.starts_at < bindparam("ends"),
        _AWAY.ends_at > bindparam("starts"),
    )
    both = union_all(there, away).subquery()
    return select(both).order_by(both.c.starts_tick)


ALL_SEEN, NOTHING_SEEN = _whereabouts(true()), _whereabouts(false())


@dataclass(frozen=True, slots=True)
class SlotAsk:
    """What is looked for. `rooms` and `facilitators` name « this one » by building; elsewhere any will do."""

    host_id: UUID
    kind: EncounterKind
    minutes: int
    people: tuple[AskParticipant, ...]
    first_on: date
    days: int = 28
    wanted: Modality | None = None
    at_building: UUID | None = None
    rooms: Mapping[UUID, UUID] = field(default_factory=dict)
    facilitators: Mapping[UUID, UUID] = field(default_factory=dict)
    ignoring: frozenset[UUID] = frozenset()  # encounters that are being moved
    aside: frozenset[UUID] = frozenset()  # others that would no longer be where they are
    as_given: bool = False  # rooms and facilitators are those of the sites, or missing


@dataclass(frozen=True, slots=True)
class Loaded:
    """A problem with the arrangements that its options stand for, one for one."""

    problem: Problem
    arrangements: tuple[Arrangement, ...]
    board: Catalogue


def load(session: Session, actor: Actor, ask: SlotAsk, now: datetime) -> Loaded:
    """Raises NotFound for anybody out of scope, InvalidInput when no arrangement fits what is wanted."""
    board = catalogue(session, actor.organization_id)
    host = board.professionals.get(ask.host_id)
    if host is None:
        raise NotFound
    people = [Located(each, locate(board, actor, each)) for each in ask.people]
    asked = arrangements(ask.kind, people, host.home, wanted=ask.wanted, at_building=ask.at_building)
    others = [way for way in arrangements(ask.kind, people, host.home) if way not in asked]
    frame = empty_frame(session, board, ask)
    # All that she takes part in is hers to see: nothing to ask.
    is_hers = actor.person_id == ask.host_id
    frame.read_whereabouts([*asked, *others], ALL_SEEN if is_hers else _whereabouts(visible_encounters(actor)))
    ways = [
        *(Way(way) for way in asked),
        # Where she is otherwise may be a confidential séance's place: this way is offered to herself.
        *(_from_schools(frame, ask, people) if actor.person_id == ask.host_id else ()),
        *(Way(way, is_asked=False) for way in others),
    ]
    if not any(way.is_asked for way in ways):
        raise InvalidInput({"modality": "no_such_way"})
    return Loaded(frame.problem(ways, now), tuple(way.arrangement for way in ways), board)


class DayTicks(NamedTuple):
    """A local day in absolute ticks."""

    starts: int
    ends: int
    lunch_from: int
    lunch_until: int
    is_winter: bool


@lru_cache(maxsize=512)  # one person after another is sought for in the same weeks
def days_of_window(
    first: int, last: int, zone: str, lunch_from: time = time.min, lunch_until: time = time.min
) -> tuple[DayTicks, ...]:
    """The local days that a window touches."""
    return tuple(
        DayTicks(
            *day_range(on_date, zone),
            tick_at(on_date, lunch_from, zone),
            tick_at(on_date, lunch_until, zone),
            is_winter(on_date),
        )
        for on_date in dates_between(first, last - first, zone)
    )


_starts_of = attrgetter("starts")


class Way(NamedTuple):
    arrangement: Arrangement
    is_asked: bool = True
    only: int | None = None


def _from_schools(frame: Frame, ask: SlotAsk, people: Sequence[Located]) -> Iterator[Way]:
    """By video from the schools where she is that day anyway, nobody of this encounter being there."""
    if ask.wanted not in {None, Modality.REMOTE}:
        return
    home = frame.board.professionals[ask.host_id].home
    for school in dict.fromkeys(stop.building_id for stop in frame.stops[ask.host_id]):
        is_ours = school in frame.board.buildings and school not in frame.board.shared.bases
        if is_ours and school not in {home, *(who.building_id for who in people)} and ask.at_building in {None, school}:
            days = frame.days_at(ask.host_id, school)
            if days:
                yield Way(from_school(ask.kind, people, home, school), only=days)


def _has_ended(actor: Actor, until: date | None) -> bool:
    return actor.today is not None and until is not None and until < actor.today


def locate(board: Catalogue, actor: Actor, who: AskParticipant) -> UUID | None:
    """The building where a participant is; None for a guest. Raises NotFound out of the actor's scope."""
    if who.pupil_id is not None:
        pupil = board.pupils.get(who.pupil_id)
        if pupil is None:
            raise NotFound
        teacher = board.classes[pupil.class_group].teacher if pupil.class_group else None
        followers = {p for p, until in board.followers.get(who.pupil_id, ()) if not _has_ended(actor, until)}
        subject = Subject(
            actor.organization_id,
            followers=frozenset(followers | ({teacher} if teacher else set())),
            buildings=frozenset({pupil.building}),
        )
        if not permits(actor, Action.SEE_PUPIL, subject):
            raise NotFound
        return pupil.building
    if who.class_group_id is not None:
        if who.class_group_id not in board.classes:
            raise NotFound
        return board.classes[who.class_group_id].building
    if who.person_id is not None:
        if who.person_id not in board.members:
            raise NotFound
        return board.members[who.person_id]
    if who.guest_id not in board.guests:
        raise NotFound
    return None


def problem_of(
    session: Session, board: Catalogue, ask: SlotAsk, ways: Sequence[Arrangement], now: datetime
) -> tuple[Problem, Mapping[UUID, int]]:
    """The problem of these ways of holding the encounter, and when anybody of them is away."""
    frame = empty_frame(session, board, ask)
    frame.read_whereabouts(ways, NOTHING_SEEN)
    return frame.problem([Way(way) for way in ways], now), frame.gone


def empty_frame(session: Session, board: Catalogue, ask: SlotAsk) -> Frame:
    """The window of an ask, nothing read yet."""
    zone = board.professionals[ask.host_id].zone
    first = day_range(ask.first_on, zone)[0]
    last = day_range(ask.first_on + timedelta(days=ask.days - 1), zone)[1]
    return Frame(session, board, ask, first, last)


def travellers(board: Catalogue, ask: SlotAsk) -> list[UUID]:
    """The host first: her days are the ones that the answer is laid out by."""
    others = [p.person_id for p in ask.people if p.person_id in board.professionals and p.person_id != ask.host_id]
    return [ask.host_id, *(p for p in others if p is not None)]


def everything(board: Catalogue, ways: Sequence[Arrangement]) -> set[UUID]:
    """Every resource that one of the ways could use."""
    found: set[UUID] = set()
    for way in ways:
        for site, needs in zip(way.sites, way.needs, strict=True):
            found |= {p.resource_id for p in site.participants if p.resource_id is not None}
            found |= {r for r in (site.room_id, site.kit_id, site.facilitator_id) if r is not None}
            info = board.buildings.get(site.building_id) if site.building_id else None
            if info is not None and needs.room:
                found |= {room.id for room in info.rooms}
            if info is not None and needs.facilitator:
                found |= set(info.facilitators)
    return found


class Frame:
    """The window of a search and what was read for it."""

    def __init__(self, session: Session, board: Catalogue, ask: SlotAsk, first: int, last: int) -> None:
        self.session, self.board, self.ask = session, board, ask
        self.first, self.last = first, last
        self.travelling = travellers(board, ask)
        # Somebody of another zone may have begun that day earlier, and in the week before: her whole days are read.
        zones = {board.professionals[person].zone for person in self.travelling}
        days = [days_of_window(first, last, each) for each in zones]
        self.week = min(laid[0].starts for laid in days) // WEEK_TICKS
        self.weeks = -(-max(laid[-1].ends for laid in days) // WEEK_TICKS) - self.week
        self.origin, self.length = self.week * WEEK_TICKS, self.weeks * WEEK_TICKS
        self.busy: dict[UUID, int] = defaultdict(int)
        self.gone: dict[UUID, int] = defaultdict(int)
        self.stops: dict[UUID, list[Stop]] = defaultdict(list)
        self.sites: dict[tuple[AskSite, SiteNeeds], SitePlan] = {}

    def problem(self, ways: Sequence[Way], now: datetime) -> Problem:
        """The problem of these ways, once the whereabouts are read."""
        ask = self.ask
        self.read_taken(everything(self.board, [way.arrangement for way in ways]))
        not_before = max(self.first, -(-int(now.timestamp()) // 300)) - self.origin
        lengths = KIND_RULES[ask.kind].allowed_minutes
        return Problem(
            self.origin,
            self.length,
            max(not_before, 0),
            ask.minutes // 5,
            tuple(self.traveller(person) for person in self.travelling),
            tuple(self.option(way.arrangement, is_asked=way.is_asked, only=way.only) for way in ways),
            # Half a séance is another séance: a shorter one keeps most of what was asked.
            tuple(m // 5 for m in lengths if 3 * ask.minutes <= 5 * m < 5 * ask.minutes),
        )

    def read_whereabouts(self, ways: Sequence[Arrangement], statement: Select[Any]) -> None:
        """One statement: where travellers are, at which encounter if it may be told, and when anybody is away."""
        starts = datetime.fromtimestamp(self.origin * 300, UTC)
        people = {*everything(self.board, ways), *self.travelling}
        told = {
            "travelling": self.travelling,
            "people": list(people),
            "first": self.origin,
            "after": self.origin + self.length,
            "starts": starts,
            "ends": starts + self.length * TICK,
            "ignoring": list(self.ask.ignoring | self.ask.aside),
        }
        with self._reaching(people):
            rows = self.session.execute(statement, told).all()
        for person, low, high, place, building, encounter, away_from, away_until in rows:
            if place is None:
                since, until = tick_of(away_from) - self.origin, -(-int(away_until.timestamp()) // 300) - self.origin
                self.gone[person] |= masks.run(since, min(until, self.length))
            else:
                at = building if place is PlaceKind.BUILDING else self.board.professionals[person].home
                self.stops[person].append(Stop(low - self.origin, high - self.origin, at, encounter))

    def _reaching(self, people: Collection[UUID]) -> AbstractContextManager[None]:
        """Where somebody shared is counts whatever board it is for; times and buildings are all that is read of it."""
        return nullcontext() if self.board.shared.people.isdisjoint(people) else beyond(self.session)

    def read_taken(self, resources: Collection[UUID]) -> None:
        """One statement, two for a move: the taken ticks of everybody and everything."""
        told = {"resources": list(resources), "first": self.week, "after": self.week + self.weeks}
        for resource, week, bits in self.session.execute(_WEEKS, told):
            if resource in self.board.professionals:
                continue  # where she is says more than that she is taken
            self.busy[resource] |= int.from_bytes(bits, "little") << ((week - self.week) * WEEK_TICKS)
        self._forget_the_moved()
        for person, gone in self.gone.items():
            self.busy[person] |= gone

    def _forget_the_moved(self) -> None:
        if not self.ask.ignoring:
            return
        for resource, starts, ends in self.session.execute(_ITS_OWN, {"encounters": list(self.ask.ignoring)}):
            self.busy[resource] &= ~masks.run(starts - self.origin, ends - self.origin)

    def days_at(self, person: UUID, building: UUID) -> int:
        """The whole local days on which somebody is at a building."""
        found = 0
        for day in self.days(person):
            if any(stop.building_id == building for stop in day.stops):
                found |= masks.run(day.starts, day.ends)
        return found

    def days(self, person: UUID) -> tuple[Day, ...]:
        info, stops, origin = self.board.professionals[person], self.stops[person], self.origin
        days, at = [], 0
        for day in days_of_window(self.first, self.last, info.zone, *info.lunch):
            low, high = day.starts - origin, day.ends - origin
            at = bisect_left(stops, low, at, key=_starts_of)
            until = bisect_left(stops, high, at, key=_starts_of)
            lunch = day.lunch_from - origin, day.lunch_until - origin
            days.append(Day(low, high, *lunch, tuple(stops[at:until]), day.is_winter))
        return tuple(days)

    def traveller(self, person: UUID) -> Traveller:
        info = self.board.professionals[person]
        return Traveller(
            person,
            info.home,
            self.board.availability_mask(person, info.zone, self.week, self.weeks),
            self.away(person),
            self.days(person),
            info.max_buildings,
            info.lunch_minutes // 5,
            self.board.needs,
        )

    def away(self, person: UUID) -> int:
        return self.busy[person] & masks.run(0, self.length)

    def option(self, way: Arrangement, *, is_asked: bool = True, only: int | None = None) -> Option:
        where = {}
        for site in way.sites:
            people = [p.person_id for p in site.participants] + ([self.ask.host_id] if site.has_host else [])
            for person in people:
                if person in self.board.professionals and person is not None:
                    home = self.board.professionals[person].home
                    where[person] = site.building_id if site.place is PlaceKind.BUILDING and site.building_id else home
        return Option(
            tuple(self.site(site, needs) for site, needs in zip(way.sites, way.needs, strict=True)),
            where,
            way.is_at_base,
            is_asked,
            only,
        )

    def site(self, site: AskSite, needs: SiteNeeds) -> SitePlan:
        key = (site, needs)
        if key not in self.sites:
            self.sites[key] = self._site(site, needs)
        return self.sites[key]

    def _site(self, site: AskSite, needs: SiteNeeds) -> SitePlan:
        people = tuple(
            self._person(p) for p in site.participants if p.resource_id and p.person_id not in self.board.professionals
        )
        at = site.building_id
        if at is None:
            return SitePlan(None, people)
        rooms, other_rooms = self._rooms(site, needs)
        helpers, other_helpers = self._facilitators(site, needs)
        school, days, bells = self._school(site)
        return SitePlan(
            at,
            people,
            school,
            days,
            None if school is not None else self.board.open_mask(at, self.week, self.weeks),
            self._protected(site),
            needs.room,
            rooms,
            other_rooms,
            needs.facilitator,
            helpers,
            other_helpers,
            (self._thing(site.kit_id),) if site.kit_id else None,
            bells,
        )

    def _person(self, who: AskParticipant) -> Calendar:
        resource = who.resource_id or UUID(int=0)
        allowed = None
        if who.person_id is not None and who.person_id in self.board.availabilities:
            building = self.board.members.get(who.person_id)
            zone = (
                self.board.buildings[building].zone if building in self.board.buildings else None
            ) or self.board.zone
            allowed = self.board.availability_mask(who.person_id, zone, self.week, self.weeks)
        return Calendar(resource, self.busy[resource], allowed, who.is_required)

    def _thing(self, resource: UUID) -> Calendar:
        return Calendar(resource, self.busy[resource])

    def _school(self, site: AskSite) -> tuple[int | None, int | None, int]:
        """School time rules a site where pupils are: the periods of every level there at once."""
        at = site.building_id
        if at is None or not is_pupil_site(site):
            return None, None, 0
        levels = {self.board.pupils[p.pupil_id].level for p in site.participants if p.pupil_id}
        levels |= {self.board.classes[p.class_group_id].level for p in site.participants if p.class_group_id}
        mask = bells = masks.run(0, self.length)
        for level in sorted(levels):
            mask &= self.board.class_mask(at, level, self.week, self.weeks)
            bells &= self.board.bell_starts(at, level, self.week, self.weeks)
        return mask, self.board.days_mask(at, self.week, self.weeks), bells

    def _protected(self, site: AskSite) -> int:
        groups = {self.board.pupils[p.pupil_id].class_group for p in site.participants if p.pupil_id}
        groups |= {p.class_group_id for p in site.participants}
        found = 0
        for group in groups:
            if group is not None:
                found |= self.board.protected_mask(group, self.week, self.weeks)
        return found

    def _rooms(self, site: AskSite, needs: SiteNeeds) -> tuple[tuple[Calendar, ...], tuple[Calendar, ...]]:
        at = site.building_id
        info = self.board.buildings.get(at) if at else None
        if not needs.room or info is None or at is None:
            return (), ()
        fit = [room for room in info.rooms if _fits(room, needs)]
        fit.sort(key=lambda room: (not room.has_headset, room.capacity, room.name))
        wanted = site.room_id or self.ask.rooms.get(at)
        return self._pools([room.id for room in fit], wanted)  # a room that does not fit is no room

    def _facilitators(self, site: AskSite, needs: SiteNeeds) -> tuple[tuple[Calendar, ...], tuple[Calendar, ...]]:
        at = site.building_id
        info = self.board.buildings.get(at) if at else None
        if not needs.facilitator or info is None or at is None:
            return (), ()
        taking_part = {p.person_id for p in self.ask.people} | {self.ask.host_id}
        pool = [person for person in info.facilitators if person not in taking_part]
        first, others = self._pools(pool, site.facilitator_id or self.ask.facilitators.get(at))
        return tuple(self._on_duty(c, info.zone) for c in first), tuple(self._on_duty(c, info.zone) for c in others)

    def _on_duty(self, calendar: Calendar, zone: str | None) -> Calendar:
        if calendar.resource_id not in self.board.availabilities:
            return calendar
        allowed = self.board.availability_mask(calendar.resource_id, zone or self.board.zone, self.week, self.weeks)
        return Calendar(calendar.resource_id, calendar.busy, allowed)

    def _pools(self, ids: list[UUID], wanted: UUID | None) -> tuple[tuple[Calendar, ...], tuple[Calendar, ...]]:
        """« This one » and the others that would do; any of them when none was named, none when all is as given."""
        if wanted is None:
            return (() if self.ask.as_given else tuple(self._thing(each) for each in ids)), ()
        others = tuple(self._thing(each) for each in ids if each != wanted)
        return ((self._thing(wanted),) if wanted in ids else ()), others


def _fits(room: RoomInfo, needs: SiteNeeds) -> bool:
    return room.capacity >= needs.seats and (room.is_closed or not needs.closed_room)
