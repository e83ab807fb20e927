"""A traveller's days made ready for the search: small masks that begin with the day, places as small numbers.

Built once for a problem; every building, arrangement and duration then asks the same days.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple
from uuid import UUID

from intervention.domain import masks
from intervention.domain.slots import Day, Traveller

BASE = 0  # the place number of a traveller's own base


Rows = tuple[list[int | None], list[int | None]]


class Between(NamedTuple):
    """The time between two stops of a day, or an end of the day and a stop; ticks count from the day's start."""

    low: int  # where the first stop ends
    high: int  # where the second one begins
    first: int  # the place of the first stop, or the base
    second: int
    need: int  # how long the road between the two is; 0 without one
    leg: int  # its ticks as the day stands
    is_first: bool
    is_last: bool


class Moved(NamedTuple):
    """The `at`-th leg of a day and the tick at which it now starts."""

    at: int
    starts: int


class RoadDay:
    """One day. `hours` False: she does not work on it, and nothing is asked of its road.

    `lunch` is 0 when none is asked of the day; `meals` are the starts at which a lunch is inside its window and free of
    `away`, `window` the ticks that stops leave too.
    """

    __slots__ = (
        "_movable", "_runs", "away", "betweens", "closes", "ends", "free", "ground", "hours", "is_winter",
        "keeps_lunch", "lunch", "meals", "opens", "starts", "visited", "whole", "window", "windows",
    )  # fmt: skip

    def __init__(self, roads: Roads, day: Day) -> None:
        traveller = roads.traveller
        self.starts, self.ends, self.is_winter = day.starts, day.ends, day.is_winter
        length = day.ends - day.starts
        self.whole = (1 << length) - 1
        hours = traveller.available >> day.starts & self.whole
        self.hours = bool(hours)
        self.opens, self.closes = masks.lowest(hours), masks.highest(hours) + 1
        self.away = traveller.away >> day.starts & self.whole
        self.free = self.whole & ~self.away
        taken = 0
        for stop in day.stops:
            taken |= masks.run(stop.starts - day.starts, stop.ends - day.starts)
        self.ground = self.whole & ~taken
        self.betweens = _betweens(roads, day, length)
        self.visited = {between.first for between in self.betweens} - {BASE}
        lunch_from, lunch_until = day.lunch_from - day.starts, day.lunch_until - day.starts
        window = masks.run(max(lunch_from, self.opens), min(lunch_until, self.closes))
        self.lunch = traveller.lunch_ticks if window.bit_count() >= traveller.lunch_ticks else 0
        self.window = window & self.free & self.ground
        self.meals = masks.starts(window & self.free, self.lunch) if self.lunch else 0
        self.windows: dict[tuple[int, int], tuple[int, int, int]] = {}  # by place and duration: `road_windows`
        self._runs: list[int] | None = None
        self._movable: list[bool] | None = None
        self.keeps_lunch = bool(self.lunch) and (self._has_free_lunch() or self.moved_leg() is not None)

    def _has_free_lunch(self) -> bool:
        free = self.window
        for between in self.betweens:
            free &= ~between.leg
        return masks.starts(free, self.lunch) != 0

    def lunch_runs(self, at: int) -> int:
        """Where a free lunch could begin if the `at`-th leg of the day were not driven."""
        if self._runs is None:
            self._runs = self._without_each_leg()
        return self._runs[at]

    def eats_elsewhere(self, at: int) -> bool:
        """Whether a leg other than the `at`-th can be moved for a lunch at the place of a séance."""
        if self._movable is None:
            self._movable = [self._meal(between) >= 0 for between in self.betweens]
        return any(self._movable[:at]) or any(self._movable[at + 1 :])

    def moved_leg(self) -> Moved | None:
        """The leg of the day as it stands that lunch moves; none when there is time for it anyway, or never.

        Leaving later for home goes before arriving earlier at a séance.
        """
        if not self.lunch or self._has_free_lunch():
            return None
        last = len(self.betweens) - 1
        for at in (last, *range(last)):
            if (meal := self._meal(self.betweens[at])) >= 0:
                return Moved(at, meal + self.lunch if at == last else meal - self.betweens[at].need)
        return None

    def meals_before_home(self, need: int) -> int:
        """Where a lunch begins after which she still comes home in her hours."""
        return self.meals & masks.starts(self.free & masks.run(0, self.closes), need) >> self.lunch

    def meals_on_arrival(self, need: int, earliest: int) -> int:
        """Where a lunch begins when she arrives for it, having left at `earliest` or later."""
        return self.meals & (masks.starts(self.free, need) & -1 << earliest) << need

    def earliest(self, between: Between) -> int:
        """When she may leave for the second of two stops."""
        return self.opens if between.is_first else between.low

    def _meal(self, between: Between) -> int:
        """Lunch at the place of a séance: before the leg home, or after a leg that arrives for it; -1 when neither."""
        if not between.need:
            return -1
        if between.is_last:
            after = self.meals_before_home(between.need) & -1 << between.low
            return masks.lowest(after)
        before = self.meals_on_arrival(between.need, self.earliest(between))
        return masks.highest(before & masks.run(0, between.high - self.lunch + 1))

    def _without_each_leg(self) -> list[int]:
        found = []
        for at in range(len(self.betweens)):
            free = self.window
            for other, between in enumerate(self.betweens):
                if other != at and between.leg:
                    free &= ~between.leg
            found.append(masks.starts(free, self.lunch))
        return found


class Roads:
    """A traveller's days, and her needs on the road by place number."""

    def __init__(self, traveller: Traveller) -> None:
        self.traveller = traveller
        self.places = [traveller.base]
        self._numbers = {traveller.base: BASE}
        self._needs: dict[tuple[bool, int, int], int | None] = {}
        self._rows: dict[tuple[int, bool], Rows] = {}
        self.taken = traveller.away
        for day in traveller.days:
            for stop in day.stops:
                self.taken |= masks.run(stop.starts, stop.ends)
        self.days = tuple(RoadDay(self, day) for day in traveller.days)

    def rows(self, place: int, *, is_winter: bool) -> Rows:
        """Ticks from each place of her days to one, and from it to each."""
        found = self._rows.get((place, is_winter))
        if found is None:
            known = range(len(self.places))
            found = self._rows[place, is_winter] = (
                [self.need(start, place, is_winter=is_winter) for start in known],
                [self.need(place, end, is_winter=is_winter) for end in known],
            )
        return found

    def day_of(self, tick: int) -> tuple[RoadDay, ...]:
        """The day that a tick is in; none outside the days of the search."""
        at = bisect_right(self.days, tick, key=lambda day: day.starts) - 1
        return self.days[at : at + 1] if at >= 0 and tick < self.days[at].ends else ()

    def days_in(self, ticks: int) -> tuple[RoadDay, ...]:
        """The days that have one of these ticks."""
        return tuple(day for day in self.days if ticks >> day.starts & day.whole)

    def number(self, building: UUID) -> int:
        found = self._numbers.get(building)
        if found is None:
            found = self._numbers[building] = len(self.places)
            self.places.append(building)
        return found

    def need(self, start: int, end: int, *, is_winter: bool) -> int | None:
        """Ticks from a place to another; 0 in the same one, None without a road."""
        if start == end:
            return 0
        key = (is_winter, start, end)
        if key not in self._needs:
            self._needs[key] = self.traveller.needs[is_winter].get((self.places[start], self.places[end]))
        return self._needs[key]


def _betweens(roads: Roads, day: Day, length: int) -> tuple[Between, ...]:
    found: list[Between] = []
    low, first = 0, BASE
    for stop in day.stops:
        high, second = stop.starts - day.starts, roads.number(stop.building_id)
        need = roads.need(first, second, is_winter=day.is_winter) or 0
        leg = masks.run(high - need, high)
        found.append(Between(low, high, first, second, need, leg, not found, False))  # noqa: FBT003 - a thousand of them
        low, first = stop.ends - day.starts, second
    need = roads.need(first, BASE, is_winter=day.is_winter) or 0
    leg = masks.run(low, low + need)
    found.append(Between(low, length, first, BASE, need, leg, is_first=not found, is_last=True))
    return tuple(found)
