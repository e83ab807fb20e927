"""Where everybody is over many weeks, read once for any number of séances: two statements, then arithmetic.

A séance that is to go elsewhere is lifted off the ground, and put down again where it lands, so that the next one is
judged among those that landed before it. What is alike goes together: one mask for all its spans.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from intervention.domain import masks
from intervention.domain.arrangement import Arrangement, arranged
from intervention.domain.encounters import PlaceKind
from intervention.domain.school_time import WEEK_TICKS, day_range, local_date, tick_at
from intervention.domain.slot_rules import Key, RuleBook
from intervention.domain.slots import Day, Stop
from intervention.domain.spans import Span, tick_of
from intervention.domain.travel import is_winter
from intervention.queries.catalogue import Catalogue
from intervention.queries.slot_problem import ALL_SEEN, Frame, SlotAsk, Way, everything, travellers
from intervention.queries.standing import Shape, Standing

Lot = tuple[Standing, Span]  # a séance, and a span where it is or would be
_starts = attrgetter("starts")


class _Uses(NamedTuple):
    """What a séance of a shape takes. Of travellers, where they are says more than that they are taken."""

    everything: frozenset[UUID]
    things: tuple[UUID, ...]
    where: dict[UUID, UUID]
    way: Arrangement


class Ground:
    """Taken ticks and whereabouts, relative to the first week of the window."""

    def __init__(self, session: Session, board: Catalogue, lots: Sequence[Lot]) -> None:
        self.session, self.board = session, board
        self.week, self.weeks = weeks_of([span for _, span in lots] + [seance.span for seance, _ in lots])
        self.origin, self.length = self.week * WEEK_TICKS, self.weeks * WEEK_TICKS
        self.uses = {shape: self._uses(shape) for shape in dict.fromkeys(seance.shape for seance, _ in lots)}
        self._ticks: dict[datetime, int] = {}
        self._days: dict[tuple[str, date], tuple[int, int]] = {}
        self._sharing: dict[Shape, list[Shape]] = {}
        frame = _Whole(self)
        self.busy, self.gone, self.stops = frame.busy, frame.gone, frame.stops

    def lift(self, lots: Iterable[Lot]) -> None:
        """Take séances off the spans where they are."""
        moving: set[UUID] = set()
        travelling: set[UUID] = set()
        for shape, some in _by_shape(lots).items():
            uses, ticks = self.uses[shape], self._mask(some)
            for thing in uses.things:
                self.busy[thing] &= ~ticks
            travelling |= uses.where.keys()
            moving.update(seance.id for seance, _ in some)
        for person in travelling:
            self.stops[person] = [stop for stop in self.stops[person] if stop.encounter_id not in moving]

    def put(self, lots: Iterable[Lot]) -> None:
        for shape, some in _by_shape(lots).items():
            uses, ticks = self.uses[shape], self._mask(some)
            for thing in uses.things:
                self.busy[thing] |= ticks
            for person, building in uses.where.items():
                stops = self.stops[person]
                stops += [Stop(*self.ticks(span), building, seance.id) for seance, span in some]
                stops.sort(key=_starts)

    def sharing(self, shape: Shape) -> list[Shape]:
        """The shapes of séances that take something of what those of this one take; itself too."""
        found = self._sharing.get(shape)
        if found is None:
            needed = self.uses[shape].everything
            found = self._sharing[shape] = [
                each for each, uses in self.uses.items() if not needed.isdisjoint(uses.everything)
            ]
        return found

    def refusing(self, alike: Sequence[Lot], now: datetime) -> dict[UUID, list[Key]]:
        """What refuses each of these séances, which differ by their time alone, at its span. Those missing may go."""
        frame = _Shared(self, alike)
        rules = RuleBook(frame.problem([Way(self.uses[alike[0][0].shape].way)], now)).option(0)
        found = {}
        for seance, span in alike:
            start = self._tick(span.starts_at) - frame.later
            if not rules.allowed >> start & 1:
                found[seance.id] = rules.refusing(start)
        return found

    def day_of(self, on_date: date, zone: str) -> tuple[int, int]:
        key = (zone, on_date)
        if key not in self._days:
            low, high = day_range(on_date, zone)
            self._days[key] = low - self.origin, high - self.origin
        return self._days[key]

    def ticks(self, span: Span) -> tuple[int, int]:
        return self._tick(span.starts_at), self._tick(span.ends_at)

    def _tick(self, at: datetime) -> int:
        """Kept: many séances begin together, and each is asked about several times."""
        found = self._ticks.get(at)
        if found is None:
            found = self._ticks[at] = tick_of(at) - self.origin
        return found

    def _mask(self, lots: Iterable[Lot]) -> int:
        found = 0
        for _, span in lots:
            found |= masks.run(*self.ticks(span))
        return found

    def _uses(self, shape: Shape) -> _Uses:
        resources = frozenset(shape.composition.resources())
        things = tuple(found for found in resources if found not in self.board.professionals)
        return _Uses(resources, things, self._where(shape), arranged(shape.kind, shape.sites))

    def _where(self, shape: Shape) -> dict[UUID, UUID]:
        """The travellers of a séance, each at a building."""
        found = {}
        for site in shape.sites:
            people = [who.person_id for who in site.participants] + ([shape.host_id] if site.has_host else [])
            for person in people:
                info = self.board.professionals.get(person) if person is not None else None
                if info is not None and person is not None:
                    is_there = site.place is PlaceKind.BUILDING and site.building_id is not None
                    found[person] = site.building_id if is_there and site.building_id else info.home
        return found


def weeks_of(spans: Sequence[Span]) -> tuple[int, int]:
    """The first of the weeks that a window over some spans needs, and how many."""
    starts, ends = min(span.starts_at for span in spans), max(span.ends_at for span in spans)
    # A day of another zone may begin in the week before, and end in the week after.
    first = (tick_of(starts) - 288) // WEEK_TICKS
    return first, (tick_of(ends) + 576) // WEEK_TICKS + 1 - first


def _by_shape(lots: Iterable[Lot]) -> dict[Shape, list[Lot]]:
    found: dict[Shape, list[Lot]] = defaultdict(list)
    for lot in lots:
        found[lot[0].shape].append(lot)
    return found


def _looked(shape: Shape) -> SlotAsk:
    people = tuple(shape.composition.participants())
    return SlotAsk(shape.host_id, shape.kind, shape.minutes, people, date.min, as_given=True)


class _Placed(Frame):
    """A frame over some weeks."""

    def __init__(self, ground: Ground, shape: Shape, weeks: tuple[int, int]) -> None:
        self.session, self.board, self.ask = ground.session, ground.board, _looked(shape)
        self.travelling = travellers(ground.board, self.ask)
        self.week, self.weeks = weeks
        self.origin, self.length = self.week * WEEK_TICKS, self.weeks * WEEK_TICKS
        self.first, self.last = self.origin, self.origin + self.length
        self.sites = {}


class _Whole(_Placed):
    """Reads for everybody that any of the séances needs."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground, next(iter(ground.uses)), (ground.week, ground.weeks))
        self.busy, self.gone, self.stops = defaultdict(int), defaultdict(int), defaultdict(list)
        ways = [uses.way for uses in ground.uses.values()]
        everybody = everything(self.board, ways) | {shape.host_id for shape in ground.uses}
        self.travelling = [person for person in everybody if person in self.board.professionals]
        self.read_whereabouts(ways, ALL_SEEN)
        self.read_taken(everybody)


class _Shared(_Placed):
    """Séances alike at their possible times, on a ground that was read before: the weeks of these times only."""

    def __init__(self, ground: Ground, alike: Sequence[Lot]) -> None:
        spans = [span for _, span in alike]
        super().__init__(ground, alike[0][0].shape, weeks_of(spans))
        self.ground, self.spans, self.later = ground, spans, self.origin - ground.origin
        self.busy = _Taken(ground, self.origin, self.length)

    def read_taken(self, resources: Collection[UUID]) -> None:
        """The ground was read."""

    def days(self, person: UUID) -> tuple[Day, ...]:
        """Only those on which the séance would be: the roads of the others cost."""
        info = self.board.professionals[person]
        later = self.later
        stops = self.ground.stops[person]
        found = []
        for on_date in sorted({local_date(span.starts_at, info.zone) for span in self.spans}):
            low, high = self.ground.day_of(on_date, info.zone)
            some = stops[bisect_left(stops, low, key=_starts) : bisect_left(stops, high, key=_starts)]
            if later:
                some = [Stop(s.starts - later, s.ends - later, s.building_id, s.encounter_id) for s in some]
            lunch_from, lunch_until = (tick_at(on_date, at, info.zone) - self.origin for at in info.lunch)
            found.append(Day(low - later, high - later, lunch_from, lunch_until, tuple(some), is_winter(on_date)))
        return tuple(found)


class _Taken(defaultdict[UUID, int]):
    """The taken ticks of a ground, of some of its weeks."""

    def __init__(self, ground: Ground, origin: int, length: int) -> None:
        super().__init__(int)
        self._ground, self._later, self._length = ground, origin - ground.origin, length

    @cached_property
    def _window(self) -> int:
        return masks.run(0, self._length)

    def __missing__(self, resource: UUID) -> int:
        found = self[resource] = self._ground.busy[resource] >> self._later & self._window
        return found
