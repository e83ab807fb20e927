"""When a traveller may be at a building: gap by gap of her day, with the road in and the road out.

Definition (the brute force of the tests says the same the slow way). On a local day she leaves her base when her hours
begin and is back when they end; between two stops she drives just in time for the second. An encounter `[s, e)` at B
after stop P and before stop N needs the leg P→B in `[s - need, s)` and B→N in `[N.start - need, N.start)`, or the legs
from and to the base where there is no P or no N; a leg is free of `away` and inside her day.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from intervention.domain import masks
from intervention.domain.slots import Day, Stop, Traveller


@dataclass(frozen=True, slots=True)
class Gap:
    """Starts `[low, high]` between two stops (or an end of the day), and the road that this choice adds, in ticks."""

    low: int
    high: int
    extra_road: int
    touches_before: int | None  # the tick at which the stop before ends, at the same building
    is_already_there: bool


@dataclass(frozen=True, slots=True)
class RoadWindows:
    """Allowed starts by rule, over the whole window. A start on top of a stop is allowed by none but `buildings`."""

    road: int
    connected: int
    lunch: int
    buildings: int
    gaps: tuple[Gap, ...]


def road_windows(traveller: Traveller, building: UUID, duration: int) -> RoadWindows:
    """Where an encounter of `duration` ticks at `building` fits in each of her days."""
    road = connected = lunch = buildings = 0
    gaps: list[Gap] = []
    for day in traveller.days:
        whole = masks.run(day.starts, day.ends)
        hours = traveller.available & whole
        visited = {stop.building_id for stop in day.stops} - {traveller.base}
        if building == traveller.base or building in visited or len(visited) < traveller.max_buildings:
            buildings |= whole
        if not hours:
            connected |= whole  # a day off is refused for being one, not for its road
            road |= whole
            lunch |= whole
            continue
        opens, closes = masks.lowest(hours), masks.highest(hours) + 1
        for before, after in _pairs(day):
            fit = _Fit(traveller, day, building, duration, before, after, opens, closes)
            between = masks.run(before.ends if before else day.starts, (after.starts if after else day.ends))
            lunch |= fit.lunch() & between
            if fit.need_in is None or fit.need_out is None:
                continue
            connected |= between
            found = fit.road() & between
            road |= found
            if found:
                gaps.append(fit.gap())
    return RoadWindows(road, connected, lunch, buildings, tuple(gaps))


def _pairs(day: Day) -> list[tuple[Stop | None, Stop | None]]:
    ends: list[Stop | None] = [None, *day.stops, None]
    return list(pairwise(ends))


@dataclass(frozen=True, slots=True)
class _Fit:
    """An encounter between two neighbours of one day, whose hours are `[opens, closes)`."""

    traveller: Traveller
    day: Day
    building: UUID
    duration: int
    before: Stop | None
    after: Stop | None
    opens: int
    closes: int

    @property
    def need_in(self) -> int | None:
        start = self.before.building_id if self.before else self.traveller.base
        return self.traveller.need(self.day, start, self.building)

    @property
    def need_out(self) -> int | None:
        end = self.after.building_id if self.after else self.traveller.base
        return self.traveller.need(self.day, self.building, end)

    def road(self) -> int:
        """Starts whose legs fit. Only called when both roads exist."""
        need_in, need_out = self.need_in or 0, self.need_out or 0
        low = (self.before.ends if self.before else self.opens if need_in else 0) + need_in
        free = ~self.traveller.away
        if self.after is not None:
            leg = masks.run(self.after.starts - need_out, self.after.starts)
            if leg & self.traveller.away:
                return 0
            high = self.after.starts - need_out - self.duration
            trailing = 0
        else:
            high = (self.closes - need_out if need_out else self.day.ends) - self.duration
            trailing = need_out
        allowed = masks.run(low, high + 1)
        if need_in:  # the leg in is free of other business; the encounter's own ticks are another rule's
            allowed &= masks.starts(free & masks.run(0, self.day.ends), need_in) << need_in
        if trailing:
            allowed &= masks.starts(free & masks.run(0, self.day.ends), trailing) >> self.duration
        return allowed

    def lunch(self) -> int:
        """Starts that leave a free run for lunch, where her day has one."""
        day, wanted = self.day, self.traveller.lunch_ticks
        window = masks.run(max(day.lunch_from, self.opens), min(day.lunch_until, self.closes))
        whole = masks.run(day.starts, day.ends)
        if not wanted or window.bit_count() < wanted:
            return whole
        need_in, need_out = self.need_in or 0, self.need_out or 0
        free = window & ~self.traveller.away
        for stop in day.stops:
            free &= ~masks.run(stop.starts, stop.ends)
        free &= ~self._other_legs()
        if self.after is not None and need_out:
            free &= ~masks.run(self.after.starts - need_out, self.after.starts)
        runs = masks.starts(free, wanted)
        if not runs:
            return 0
        first, last = masks.lowest(runs), masks.highest(runs)
        trailing = need_out if self.after is None else 0
        early = masks.run(day.starts, last - self.duration - trailing + 1)
        late = masks.run(first + wanted + need_in, day.ends)
        return early | late

    def _other_legs(self) -> int:
        """The legs of the day that this encounter does not replace."""
        legs = 0
        for before, after in _pairs(self.day):
            if before is self.before and after is self.after:
                continue
            legs |= standing_leg(self.traveller, self.day, before, after)
        return legs

    def gap(self) -> Gap:
        need_in, need_out = self.need_in or 0, self.need_out or 0
        start = self.before.building_id if self.before else self.traveller.base
        end = self.after.building_id if self.after else self.traveller.base
        direct = self.traveller.need(self.day, start, end) or 0
        same_before = self.before is not None and self.before.building_id == self.building
        same_after = self.after is not None and self.after.building_id == self.building
        return Gap(
            self.before.ends if self.before else self.day.starts,
            (self.after.starts if self.after else self.day.ends) - self.duration,
            max(need_in + need_out - direct, 0),
            self.before.ends if self.before is not None and same_before else None,
            (same_before or same_after) and self.building != self.traveller.base,
        )


def standing_leg(traveller: Traveller, day: Day, before: Stop | None, after: Stop | None) -> int:
    """The ticks of the leg between two neighbours as the day stands; none in one place or without a road."""
    if before is None and after is None:
        return 0
    start = before.building_id if before else traveller.base
    end = after.building_id if after else traveller.base
    need = traveller.need(day, start, end) or 0
    if after is not None:
        return masks.run(after.starts - need, after.starts)
    return masks.run(before.ends, before.ends + need) if before is not None else 0
