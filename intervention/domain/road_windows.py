"""When a traveller may be at a building: gap by gap of her day, with the road in and the road out.

Definition (the brute force of the tests says the same the slow way). On a local day she leaves her base when her hours
begin and is back when they end; between two stops she drives just in time for the second. An encounter `[s, e)` at B
after stop P and before stop N needs the leg P→B in `[s - need, s)` and B→N in `[N.start - need, N.start)`, or the legs
from and to the base where there is no P or no N; a leg is free of `away` and inside her day.

Where the road fits, the day must have a lunch inside her lunch window: a free run of it, wherever she is then. When it
has none, she eats at the place of a séance and one leg of the day moves: the leg home leaves after lunch, or the leg to
a séance arrives in time for lunch before it. Lunch and moved leg are free of `away`, inside her hours, and between the
same two stops. A day that has no lunch as it stands, as on a morning's leave, has none to lose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from intervention.domain import masks
from intervention.domain.road_days import BASE, Between, RoadDay, Roads, Rows
from intervention.domain.slots import ShortRoad


class Gap(NamedTuple):
    """Starts `[low, high]` between two stops (or an end of the day), and the road that this choice adds, in ticks."""

    low: int
    high: int
    extra_road: int
    longest_leg: int
    touches_before: int | None  # the tick at which the stop before ends, at the same building
    is_already_there: bool


class RoadWindows(NamedTuple):
    """Allowed starts by rule, over the whole window. A start on top of a stop is allowed by none but `buildings`."""

    road: int
    connected: int
    lunch: int
    buildings: int


def road_windows(roads: Roads, days: Sequence[RoadDay], building: UUID, duration: int) -> RoadWindows:
    """Where an encounter of `duration` ticks at `building` fits in some of her days."""
    road = connected = lunch = buildings = 0
    place = roads.number(building)
    for day in days:
        if _may_visit(roads, day, place):
            buildings |= day.whole << day.starts
        fits, met, ate = _of_day(roads, day, place, duration)
        road |= fits << day.starts
        connected |= met << day.starts
        lunch |= ate << day.starts
    return RoadWindows(road, connected, lunch, buildings)


def reachable(roads: Roads, building: UUID, duration: int, wanted: int) -> int:
    """Of some starts, each on top of nothing else, those that her road, lunch and number of buildings allow."""
    place = roads.number(building)
    found = 0
    for day in roads.days_in(wanted):
        if _may_visit(roads, day, place):
            fits, _, ate = _of_day(roads, day, place, duration)
            found |= (fits & ate) << day.starts
    return found & wanted


def _may_visit(roads: Roads, day: RoadDay, place: int) -> bool:
    return place == BASE or place in day.visited or len(day.visited) < roads.traveller.max_buildings


def gap_at(roads: Roads, building: UUID, duration: int, start: int) -> Gap | None:
    """The time between two stops that a start is in; None outside her days, or on top of a stop."""
    place = roads.number(building)
    for day, between in _around(roads, duration, start):
        to, back = roads.rows(place, is_winter=day.is_winter)
        need_in, need_out = to[between.first] or 0, back[between.second] or 0
        same_before = between.first == place and not between.is_first
        same_after = between.second == place and not between.is_last
        low = day.starts + between.low
        return Gap(
            low,
            day.starts + between.high - duration,
            max(need_in + need_out - between.need, 0),
            max(need_in, need_out),
            low if same_before else None,
            (same_before or same_after) and place != BASE,
        )
    return None


def short_road(roads: Roads, building: UUID, duration: int, start: int) -> ShortRoad | None:
    """The leg that a start leaves too little time for; of two the one that more is missing for."""
    for day, between in _around(roads, duration, start):
        to, back = roads.rows(roads.number(building), is_winter=day.is_winter)
        need_in, need_out = to[between.first] or 0, back[between.second] or 0
        low = max(between.low, day.opens) if between.is_first else between.low
        high = min(between.high, day.closes) if between.is_last else between.high
        at = start - day.starts
        way_in = ShortRoad(roads.places[between.first], building, need_in, max(at - low, 0))
        way_out = ShortRoad(building, roads.places[between.second], need_out, max(high - at - duration, 0))
        return max(way_in, way_out, key=lambda leg: leg.missing)
    return None


def _around(roads: Roads, duration: int, start: int) -> Iterator[tuple[RoadDay, Between]]:
    """The day and the two stops that a start lies between, at most one."""
    for day in roads.day_of(start):
        at = start - day.starts
        for between in day.betweens:
            if between.low <= at and at + duration <= between.high:
                yield day, between


def _of_day(roads: Roads, day: RoadDay, place: int, duration: int) -> tuple[int, int, int]:
    """The road, the connected and the lunch of one day; ticks from its start. Kept: options ask the same again."""
    found = day.windows.get((place, duration))
    if found is None:
        if day.hours:
            found = _worked(day, roads.rows(place, is_winter=day.is_winter), duration)
        else:
            found = day.whole, day.whole, day.whole  # a day off is refused for being one, not for its road
        day.windows[place, duration] = found
    return found


def _worked(day: RoadDay, rows: Rows, duration: int) -> tuple[int, int, int]:
    fits, met, ate = 0, day.ground, day.ground
    to, back = rows
    for at, between in enumerate(day.betweens):
        need_in, need_out = to[between.first], back[between.second]
        if need_in is None or need_out is None:
            met &= ~masks.run(between.low, between.high)
            continue
        if between.high - between.low < need_in + duration + need_out:
            continue
        found = _road(day, between, need_in, need_out, duration)
        if found:
            fits |= found
            if day.keeps_lunch:
                ate &= ~found | _lunch(day, _Visit(at, need_in, need_out, duration), found)
    return fits, met, ate


def _road(day: RoadDay, between: Between, need_in: int, need_out: int, duration: int) -> int:
    """Starts whose legs fit."""
    low = (day.opens if between.is_first and need_in else between.low) + need_in
    end = day.closes if between.is_last and need_out else between.high
    count = end - need_out - duration + 1 - low
    if count <= 0:
        return 0
    found = ((1 << count) - 1) << low
    if day.away:
        if need_in:  # the leg in is free of other business; the encounter's own ticks are another rule's
            found &= masks.starts(day.free, need_in) << need_in
        if need_out and between.is_last:
            found &= masks.starts(day.free, need_out) >> duration
        elif masks.run(end - need_out, end) & day.away:
            return 0
    return found


class _Visit(NamedTuple):
    """An encounter in the `at`-th time between stops of a day: its roads and its duration, in ticks."""

    at: int
    need_in: int
    need_out: int
    duration: int


def _lunch(day: RoadDay, visit: _Visit, wanted: int) -> int:
    """Of the starts `wanted`, those of a day with a lunch."""
    between = day.betweens[visit.at]
    if not day.window >> between.low & ((1 << between.high - between.low) - 1) and day.lunch_runs(visit.at):
        return wanted  # the road there and back is away from her lunch
    found = wanted & _free_lunch(day, between, visit)
    if found == wanted or day.eats_elsewhere(visit.at):
        return wanted
    if visit.need_in:
        found |= wanted & _eating_before(day, between, visit.need_in)
    if visit.need_out:
        found |= wanted & _eating_after(day, between, visit.need_out, visit.duration)
    return found


def _free_lunch(day: RoadDay, between: Between, visit: _Visit) -> int:
    """Starts that leave a free run before the leg in, or after the leg out."""
    runs = day.lunch_runs(visit.at)
    trailing = 0
    if between.is_last:
        trailing = visit.need_out
    elif visit.need_out:
        runs &= ~masks.run(between.high - visit.need_out - day.lunch + 1, between.high)
    if not runs:
        return 0
    early = masks.run(0, masks.highest(runs) - visit.duration - trailing + 1)
    return early | -1 << masks.lowest(runs) + day.lunch + visit.need_in


def _eating_before(day: RoadDay, between: Between, need_in: int) -> int:
    """Starts of a séance that she arrives at in time for lunch."""
    meals = day.meals_on_arrival(need_in, day.earliest(between))
    return -1 << masks.lowest(meals) + day.lunch if meals else 0


def _eating_after(day: RoadDay, between: Between, need_out: int, duration: int) -> int:
    """Starts of a séance that she leaves for home after lunch, or for lunch at the next one."""
    if between.is_last:
        return masks.run(0, masks.highest(day.meals_before_home(need_out)) - duration + 1)
    meals = day.meals_on_arrival(need_out, between.low) & masks.run(0, between.high - day.lunch + 1)
    return masks.run(0, masks.highest(meals) - need_out - duration + 1)
