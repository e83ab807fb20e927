"""A week laid out on the road: which buildings are joined to the base of each day, and how much each day can hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from intervention.domain.ledger_facts import Amount, Counted, Tour
from intervention.domain.ledger_sorting import Sorting
from intervention.domain.ledger_week import Policy, Week
from intervention.domain.open_days import CLOSED, OpenDay, Shape
from intervention.domain.shortest_roads import ClosedRoads
from intervention.domain.tours import MAX_STOPS, TourBook, best_tour, bits, drawn
from intervention.domain.travel import TravelTimes, is_winter


@dataclass(frozen=True)
class WeekRoads:
    """The roads of a week, in the season of its Wednesday."""

    week: Week
    times: TravelTimes

    @cached_property
    def is_winter(self) -> bool:
        return is_winter(self.week.monday + timedelta(days=2))

    @cached_property
    def closed(self) -> ClosedRoads:
        return self.times.roads(winter=self.is_winter)

    def knows(self, building: UUID) -> bool:
        return building in self.closed.index

    def reaches(self, on: date, building: UUID) -> bool:
        """Whether roads lead from her base of that day to the building and back."""
        base = self.week.base_on(on)
        return self.knows(building) and self.closed.connects(base, building) and self.closed.connects(building, base)

    def round_trip(self, on: date, building: UUID) -> Amount:
        base = self.week.base_on(on)
        ways = ((base, building), (building, base))
        return Amount(sum(self.closed.metres(*way) for way in ways), sum(self.closed.minutes(*way) for way in ways))

    def tour(self, base: UUID, stops: Iterable[UUID]) -> Tour:
        return best_tour(self.times, base, tuple(stops), winter=self.is_winter)


@dataclass(frozen=True)
class Ground:
    """The days of a week in order, as the searches see them; bit k of a mask is `sites[k]`.

    `service` are the minutes done in person each day, `off_road` the buildings she was at and no road leads to.
    """

    roads: WeekRoads
    dates: tuple[date, ...]
    sites: tuple[UUID, ...]
    days: tuple[OpenDay, ...]
    service: tuple[int, ...]
    off_road: tuple[tuple[UUID, ...], ...]

    @cached_property
    def bit(self) -> dict[UUID, int]:
        return {site: k for k, site in enumerate(self.sites)}

    @cached_property
    def index(self) -> dict[date, int]:
        return {on: i for i, on in enumerate(self.dates)}

    def mask(self, items: Iterable[Counted]) -> int:
        return sum(1 << bit for bit in {self.bit[item.building_id] for item in items})

    def tour(self, day: int, extra: int) -> Tour:
        """The shortest tour of the day through her own visits and the sites of `extra`."""
        shape = self.days[day].shape
        stops = shape.fixed | extra
        base = shape.book.base
        if stops.bit_count() > MAX_STOPS:
            return self.roads.tour(base, (self.sites[k] for k in bits(stops)))
        return drawn(self.roads.times, base, shape.book.order(stops), winter=self.roads.is_winter)


def lay_out(roads: WeekRoads, sorting: Sorting, policy: Policy) -> Ground:
    """Every day she could have been on the road or was. Days of the same base and visits share what they compute."""
    week = roads.week
    dates = sorted({*week.workdays, *sorting.visited, *(item.on for item in sorting.counted)})
    away = [sorted(sorting.visited.get(on, set()) - {week.base_on(on)}) for on in dates]
    visits = [[b for b in found if roads.reaches(on, b)] for on, found in zip(dates, away, strict=True)]
    sites = tuple(sorted({item.building_id for item in sorting.counted}.union(*visits)))
    bit = {site: k for k, site in enumerate(sites)}
    books = {base: TourBook(roads.closed, base, sites) for base in {week.base_on(on) for on in dates}}
    shapes: dict[tuple[UUID, int], Shape] = {}
    days = []
    for on, found, reached in zip(dates, away, visits, strict=True):
        key = week.base_on(on), sum(1 << bit[building] for building in reached)
        shape = shapes.setdefault(key, Shape(books[key[0]], key[1]))
        left = policy.day_minutes - sorting.service.get(on, 0)
        is_open = len(found) == len(reached) <= MAX_STOPS
        days.append(OpenDay(shape, max(left, CLOSED) if is_open else CLOSED))
    off_road = tuple(tuple(b for b in found if b not in reached) for found, reached in zip(away, visits, strict=True))
    service = tuple(sorting.service.get(on, 0) for on in dates)
    return Ground(roads, tuple(dates), sites, tuple(days), service, off_road)
