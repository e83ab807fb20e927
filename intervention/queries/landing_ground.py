"""Where everybody is over many weeks, read once for any number of séances: two statements, then arithmetic.

A séance that is to go elsewhere is lifted off the ground, and put down again where it lands, so that the next one is
judged among those that landed before it.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from intervention.domain import masks
from intervention.domain.arrangement import arranged
from intervention.domain.encounters import PlaceKind
from intervention.domain.school_time import WEEK_TICKS, day_range, local_date, tick_at
from intervention.domain.slot_rules import Key, RuleBook
from intervention.domain.slots import Day, Stop
from intervention.domain.spans import Span, tick_of
from intervention.domain.travel import is_winter
from intervention.queries.catalogue import Catalogue
from intervention.queries.slot_problem import ALL_SEEN, Frame, SlotAsk, Way, everything, travellers
from intervention.queries.standing import Standing


class Ground:
    """Taken ticks and whereabouts, relative to the first week of the window."""

    def __init__(
        self, session: Session, board: Catalogue, seances: Collection[Standing], spans: Iterable[Span]
    ) -> None:
        self.session, self.board = session, board
        ticks = [tick for span in spans for tick in (tick_of(span.starts_at), tick_of(span.ends_at))]
        # A day of another zone may begin in the week before, and end in the week after.
        self.week = (min(ticks) - 288) // WEEK_TICKS
        self.weeks = (max(ticks) + 576) // WEEK_TICKS + 1 - self.week
        self.origin, self.length = self.week * WEEK_TICKS, self.weeks * WEEK_TICKS
        self._days: dict[tuple[str, date], tuple[int, int]] = {}
        frame = _Whole(self, seances)
        self.busy, self.gone, self.stops = frame.busy, frame.gone, frame.stops

    def lift(self, moving: Mapping[UUID, tuple[Standing, Span]]) -> None:
        """Take séances off the spans where they are."""
        travellers_of: set[UUID] = set()
        for each, span in moving.values():
            run = masks.run(*self._ticks(span))
            for resource in self._things(each):
                self.busy[resource] &= ~run
            travellers_of |= self._where(each).keys()
        for person in travellers_of:
            self.stops[person] = [stop for stop in self.stops[person] if stop.encounter_id not in moving]

    def put(self, each: Standing, span: Span) -> None:
        starts, ends = self._ticks(span)
        for resource in self._things(each):
            self.busy[resource] |= masks.run(starts, ends)
        for person, building in self._where(each).items():
            insort(self.stops[person], Stop(starts, ends, building, each.id), key=lambda stop: stop.starts)

    def _things(self, each: Standing) -> list[UUID]:
        """All that a séance takes, but for travellers: where they are says more than that they are taken."""
        return [found for found in each.ask.composition.resources() if found not in self.board.professionals]

    def refusing(self, alike: Collection[Standing], spans: Mapping[UUID, Span], now: datetime) -> dict[UUID, list[Key]]:
        """What would refuse each of these séances, which differ by their time alone, at its span."""
        one = next(iter(alike))
        frame = _Shared(self, one, [spans[each.id] for each in alike])
        book = RuleBook(frame.problem([Way(arranged(one.ask.kind, one.ask.sites))], now))
        rules = book.option(0)
        return {each.id: rules.refusing(self._ticks(spans[each.id])[0]) for each in alike}

    def day_of(self, on_date: date, zone: str) -> tuple[int, int]:
        key = (zone, on_date)
        if key not in self._days:
            low, high = day_range(on_date, zone)
            self._days[key] = low - self.origin, high - self.origin
        return self._days[key]

    def _ticks(self, span: Span) -> tuple[int, int]:
        return tick_of(span.starts_at) - self.origin, tick_of(span.ends_at) - self.origin

    def _where(self, each: Standing) -> dict[UUID, UUID]:
        """The travellers of a séance, each at a building."""
        found = {}
        for site in each.ask.sites:
            people = [who.person_id for who in site.participants] + ([each.ask.host_id] if site.has_host else [])
            for person in people:
                info = self.board.professionals.get(person) if person is not None else None
                if info is not None and person is not None:
                    is_there = site.place is PlaceKind.BUILDING and site.building_id is not None
                    found[person] = site.building_id if is_there and site.building_id else info.home
        return found


def _looked(one: Standing) -> SlotAsk:
    ask = one.ask
    people = tuple(ask.composition.participants())
    return SlotAsk(ask.host_id, ask.kind, ask.minutes, people, date.min, as_given=True)


class _Placed(Frame):
    """A frame over the window of a ground."""

    def __init__(self, ground: Ground, one: Standing) -> None:
        self.session, self.board, self.ask = ground.session, ground.board, _looked(one)
        self.travelling = travellers(ground.board, self.ask)
        self.week, self.weeks, self.origin, self.length = ground.week, ground.weeks, ground.origin, ground.length
        self.first, self.last = ground.origin, ground.origin + ground.length
        self.sites = {}


class _Whole(_Placed):
    """Reads for everybody that any of the séances needs."""

    def __init__(self, ground: Ground, seances: Collection[Standing]) -> None:
        super().__init__(ground, next(iter(seances)))
        self.busy, self.gone, self.stops = defaultdict(int), defaultdict(int), defaultdict(list)
        ways = {(each.ask.kind, each.ask.sites): arranged(each.ask.kind, each.ask.sites) for each in seances}
        hosts = {each.ask.host_id for each in seances}
        everybody = everything(self.board, list(ways.values())) | hosts
        self.travelling = [person for person in everybody if person in self.board.professionals]
        self.read_whereabouts(list(ways.values()), ALL_SEEN)
        self.read_taken(everybody)


class _Shared(_Placed):
    """One séance at some of its possible times, on a ground that was read before."""

    def __init__(self, ground: Ground, one: Standing, spans: Collection[Span]) -> None:
        super().__init__(ground, one)
        self.ground, self.spans = ground, spans
        self.busy, self.gone, self.stops = ground.busy, ground.gone, ground.stops

    def read_taken(self, resources: Collection[UUID]) -> None:
        """The ground was read."""

    def days(self, person: UUID) -> tuple[Day, ...]:
        """Only those on which the séance would be: the roads of the others cost."""
        info = self.board.professionals[person]
        dates = sorted({local_date(span.starts_at, info.zone) for span in self.spans})
        found = []
        for on_date in dates:
            low, high = self.ground.day_of(on_date, info.zone)
            stops = tuple(stop for stop in self.stops[person] if low <= stop.starts < high)
            lunch_from, lunch_until = (tick_at(on_date, at, info.zone) - self.origin for at in info.lunch)
            found.append(Day(low, high, lunch_from, lunch_until, stops, is_winter(on_date)))
        return tuple(found)
