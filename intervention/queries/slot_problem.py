"""Loads a search as plain masks: the rare from the board's catalogue, the rest in two statements whatever is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import literal, null, select, union_all
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
from intervention.records.calendars import BusyTime
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.reservations import Reservation, ReservationBits

STANDING = (EncounterStatus.HELD, EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS, EncounterStatus.COMPLETED)
MAX_DAYS = 56


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
    frame = _frame(session, board, ask)
    frame.read_whereabouts([*asked, *others])
    ways = [
        *(_Way(way) for way in asked),
        # Where she is otherwise may be a confidential séance's place: this way is offered to herself.
        *(_from_schools(frame, ask, people) if actor.person_id == ask.host_id else ()),
        *(_Way(way, is_asked=False) for way in others),
    ]
    if not any(way.is_asked for way in ways):
        raise InvalidInput({"modality": "no_such_way"})
    return Loaded(frame.problem(ways, now), tuple(way.arrangement for way in ways), board)


class _Way(NamedTuple):
    arrangement: Arrangement
    is_asked: bool = True
    only: int | None = None


def _from_schools(frame: _Frame, ask: SlotAsk, people: Sequence[Located]) -> Iterator[_Way]:
    """By video from the schools where she is that day anyway, nobody of this encounter being there."""
    if ask.wanted not in {None, Modality.REMOTE}:
        return
    home = frame.board.professionals[ask.host_id].home
    for school in dict.fromkeys(stop.building_id for stop in frame.stops[ask.host_id]):
        if school not in {home, *(who.building_id for who in people)} and ask.at_building in {None, school}:
            days = frame.days_at(ask.host_id, school)
            if days:
                yield _Way(from_school(ask.kind, people, home, school), only=days)


def locate(board: Catalogue, actor: Actor, who: AskParticipant) -> UUID | None:
    """The building where a participant is; None for a guest. Raises NotFound out of the actor's scope."""
    if who.pupil_id is not None:
        pupil = board.pupils.get(who.pupil_id)
        if pupil is None:
            raise NotFound
        teacher = board.classes[pupil.class_group].teacher if pupil.class_group else None
        subject = Subject(
            actor.organization_id,
            followers=frozenset({*board.followers.get(who.pupil_id, ()), *({teacher} - {None})}),  # type: ignore[arg-type]
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


def problem_of(session: Session, board: Catalogue, ask: SlotAsk, ways: Sequence[Arrangement], now: datetime) -> Problem:
    """The problem of these ways of holding the encounter."""
    frame = _frame(session, board, ask)
    frame.read_whereabouts(ways)
    return frame.problem([_Way(way) for way in ways], now)


def _frame(session: Session, board: Catalogue, ask: SlotAsk) -> _Frame:
    zone = board.professionals[ask.host_id].zone
    first = day_range(ask.first_on, zone)[0]
    last = day_range(ask.first_on + timedelta(days=ask.days - 1), zone)[1]
    return _Frame(session, board, ask, first, last)


def _travellers(board: Catalogue, ask: SlotAsk) -> list[UUID]:
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


class _Frame:
    """The window of a search and what was read for it."""

    def __init__(self, session: Session, board: Catalogue, ask: SlotAsk, first: int, last: int) -> None:
        self.session, self.board, self.ask = session, board, ask
        self.first, self.last = first, last
        self.travelling = _travellers(board, ask)
        # Somebody of another zone may have begun that day earlier, and in the week before: her whole days are read.
        zones = {board.professionals[person].zone for person in self.travelling}
        days = [day_range(on_date, each) for each in zones for on_date in dates_between(first, last - first, each)]
        self.week = min(starts for starts, _ in days) // WEEK_TICKS
        self.weeks = -(-max(ends for _, ends in days) // WEEK_TICKS) - self.week
        self.origin, self.length = self.week * WEEK_TICKS, self.weeks * WEEK_TICKS
        self.busy: dict[UUID, int] = defaultdict(int)
        self.gone: dict[UUID, int] = defaultdict(int)
        self.stops: dict[UUID, list[Stop]] = defaultdict(list)
        self.sites: dict[tuple[AskSite, SiteNeeds], SitePlan] = {}

    def problem(self, ways: Sequence[_Way], now: datetime) -> Problem:
        """The problem of these ways, once the whereabouts are read."""
        ask = self.ask
        self._read_taken(everything(self.board, [way.arrangement for way in ways]))
        not_before = max(self.first, -(-int(now.timestamp()) // 300)) - self.origin
        lengths = KIND_RULES[ask.kind].allowed_minutes
        return Problem(
            self.origin,
            self.length,
            max(not_before, 0),
            ask.minutes // 5,
            tuple(self.traveller(person) for person in self.travelling),
            tuple(replace(self.option(way.arrangement), is_asked=way.is_asked, only=way.only) for way in ways),
            # Half a séance is another séance: a shorter one keeps most of what was asked.
            tuple(m // 5 for m in lengths if 3 * ask.minutes <= 5 * m < 5 * ask.minutes),
        )

    def read_whereabouts(self, ways: Sequence[Arrangement]) -> None:
        """One statement: where travellers are, and when anybody of these ways is away."""
        people = {*everything(self.board, ways), *self.travelling}
        for person, starts_at, ends_at, place, building in self.session.execute(self._whereabouts(people)):
            low, high = tick_of(starts_at) - self.origin, -(-int(ends_at.timestamp()) // 300) - self.origin
            if place is None:
                self.gone[person] |= masks.run(low, min(high, self.length))
            else:
                at = building if place == PlaceKind.BUILDING else self.board.professionals[person].home
                self.stops[person].append(Stop(low, high, at))

    def _read_taken(self, resources: Collection[UUID]) -> None:
        """One statement, two for a move: the taken ticks of everybody and everything."""
        rows = self.session.execute(
            select(ReservationBits.resource_id, ReservationBits.week, ReservationBits.bits).where(
                ReservationBits.resource_id.in_(resources),
                ReservationBits.week >= self.week,
                ReservationBits.week < self.week + self.weeks,
            )
        )
        for resource, week, bits in rows:
            if resource in self.board.professionals:
                continue  # where she is says more than that she is taken
            self.busy[resource] |= int.from_bytes(bits, "little") << ((week - self.week) * WEEK_TICKS)
        self._forget_the_moved()
        for person, gone in self.gone.items():
            self.busy[person] |= gone

    def _forget_the_moved(self) -> None:
        if not self.ask.ignoring:
            return
        rows = self.session.execute(
            select(Reservation.resource_id, Reservation.starts_tick, Reservation.ends_tick).where(
                Reservation.encounter_id.in_(self.ask.ignoring)
            )
        )
        for resource, starts, ends in rows:
            self.busy[resource] &= ~masks.run(starts - self.origin, ends - self.origin)

    def _whereabouts(self, people: Collection[UUID]):  # type: ignore[no-untyped-def]  # noqa: ANN202
        starts = datetime.fromtimestamp(self.origin * 300, UTC)
        ends = starts + self.length * TICK
        away = select(
            BusyTime.person_id, BusyTime.starts_at, BusyTime.ends_at, null().label("place"), null().label("building_id")
        ).where(BusyTime.person_id.in_(people), BusyTime.starts_at < ends, BusyTime.ends_at > starts)
        there = (
            select(
                Participation.person_id, Encounter.starts_at, Encounter.ends_at, EncounterSite.place,
                EncounterSite.building_id,
            )
            .join(Encounter, Encounter.id == Participation.encounter_id)
            .join(EncounterSite, EncounterSite.id == Participation.site_id)
            .where(
                Participation.person_id.in_(self.travelling),
                Encounter.status.in_(STANDING),
                Encounter.starts_at >= starts,
                Encounter.starts_at < ends,
                Encounter.id.not_in(self.ask.ignoring),
            )
        )  # fmt: skip
        both = union_all(there, away).subquery()
        return select(both).order_by(both.c.starts_at, literal(1))

    def days_at(self, person: UUID, building: UUID) -> int:
        """The whole local days on which somebody is at a building."""
        found = 0
        for day in self.days(person):
            if any(stop.building_id == building for stop in day.stops):
                found |= masks.run(day.starts, day.ends)
        return found

    def days(self, person: UUID) -> tuple[Day, ...]:
        info = self.board.professionals[person]
        days = []
        for on_date in dates_between(self.first, self.last - self.first, info.zone):
            low, high = (tick - self.origin for tick in day_range(on_date, info.zone))
            days.append(
                Day(
                    low,
                    high,
                    tick_at(on_date, info.lunch[0], info.zone) - self.origin,
                    tick_at(on_date, info.lunch[1], info.zone) - self.origin,
                    tuple(stop for stop in self.stops[person] if low <= stop.starts < high),
                    is_winter(on_date),
                )
            )
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

    def option(self, way: Arrangement) -> Option:
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
