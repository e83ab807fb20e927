"""The honest travel ledger: a professional's week as driven, and as it would have been driven without video.

The counterfactual is always the shortest plan, never a round trip per séance, and her own visits keep their days.
Nothing here knows a rate, a name or a pupil; amounts are metres and minutes of the same plan.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from intervention.domain.ledger_audit import digest
from intervention.domain.ledger_facts import Amount, Counted, Day, Leg, Reason, Search, WeekLedger
from intervention.domain.ledger_ground import Ground, WeekRoads, lay_out
from intervention.domain.ledger_sorting import Sorting, sort_rows
from intervention.domain.ledger_week import Policy, Week
from intervention.domain.open_days import LineUp
from intervention.domain.regrouping import USUAL, Effort, Plan, has_plan, regroup
from intervention.domain.regrouping_problem import Problem, Seance
from intervention.domain.shortest_roads import MINUTE_BITS
from intervention.domain.tours import MAX_STOPS
from intervention.domain.travel import Quality, TravelTimes

DEFAULT_POLICY = Policy()


def week_ledger(week: Week, times: TravelTimes, policy: Policy = DEFAULT_POLICY, effort: Effort = USUAL) -> WeekLedger:
    """The ledger of one week; ValueError `base_unknown` when a base has no place in `times`.

    Of two plans of as many metres the one of fewer minutes is read. Nights away are not planned: every tour comes
    home, and what fits no such plan is access, without kilometres.
    """
    rows = sorted(week.rows, key=lambda row: (row.on, row.encounter_id))
    week = replace(week, rows=tuple(rows), workdays=tuple(sorted(week.workdays)))
    if not {week.base, *week.bases.values()} <= times.places.keys():
        raise ValueError("base_unknown")
    roads = WeekRoads(week, times)
    sorting = sort_rows(week, policy, roads)
    ground = lay_out(roads, sorting, policy)
    _leave_out(sorting, [item for item in sorting.counted if not _fits_alone(ground, item)], Reason.FITS_NO_DAY)
    held = _by_day(ground, sorting.counted)
    plan = _counterfactual(ground, sorting, held, effort)
    days = tuple(_day(ground, i, items, plan.visits[i]) for i, items in enumerate(held))
    ledger = _summed(ground, policy, sorting, days, plan)
    return replace(ledger, content_hash=digest(week, policy, effort, ledger))


def _fits_alone(ground: Ground, item: Counted) -> bool:
    mask = ground.mask([item])
    return any(day.room(mask) >= item.service_minutes for day in ground.days)


def _by_day(ground: Ground, counted: Sequence[Counted]) -> list[list[Counted]]:
    return [[item for item in counted if item.on == on] for on in ground.dates]


def _is_feasible(ground: Ground, index: int, items: Sequence[Counted]) -> bool:
    """Whether the séances of a day could all have been in person that day; a day without any is as it was."""
    return not items or ground.days[index].room(ground.mask(items)) >= sum(item.service_minutes for item in items)


def _counterfactual(ground: Ground, sorting: Sorting, held: Sequence[Sequence[Counted]], effort: Effort) -> Plan:
    """The regrouped plan, séances that fit in none left out as access: the farthest of the infeasible days first.

    Those of the feasible days always have a plan, the days they were held on.
    """
    surplus = sorted(
        (item for i, items in enumerate(held) if not _is_feasible(ground, i, items) for item in items),
        key=lambda item: (-ground.roads.round_trip(item.on, item.building_id).metres, item.building_id, item.on),
    )

    def works_without(count: int) -> bool:
        left = [item for item in sorting.counted if item not in surplus[:count]]
        return has_plan(_problem(ground, left), effort.less if count else effort)

    if surplus and not works_without(0):
        fewest = bisect_left(range(1, len(surplus)), 1, key=works_without) + 1
        _leave_out(sorting, surplus[:fewest], Reason.FITS_NO_PLAN)
    return regroup(_problem(ground, sorting.counted), effort)


def _problem(ground: Ground, counted: Sequence[Counted]) -> Problem:
    return Problem(
        LineUp(ground.days),
        tuple(Seance(ground.bit[item.building_id], item.service_minutes, ground.index[item.on]) for item in counted),
    )


def _leave_out(sorting: Sorting, items: Sequence[Counted], reason: Reason) -> None:
    for item in items:
        sorting.counted.remove(item)
        sorting.leave_out(item, item.building_id, reason)


def _day(ground: Ground, index: int, items: Sequence[Counted], regrouped: int) -> Day:
    on, off_road = ground.dates[index], ground.off_road[index]
    return Day(
        on=on,
        actual=ground.tour(index, 0),
        as_planned=None if items and off_road else ground.tour(index, ground.mask(items)),
        regrouped=ground.tour(index, regrouped),
        is_feasible=_is_feasible(ground, index, items),
        service_minutes=ground.service[index],
        remote_minutes=sum(item.service_minutes for item in items),
        off_road=off_road,
        declared_metres=ground.roads.week.declared_metres.get(on),
    )


def _summed(ground: Ground, policy: Policy, sorting: Sorting, days: Sequence[Day], plan: Plan) -> WeekLedger:
    week, legs = ground.roads.week, _legs(days)
    planned = [(day.as_planned.amount, day.actual.amount) for day in days if day.is_feasible and day.as_planned]
    trips = [ground.roads.round_trip(item.on, item.building_id) for item in sorting.counted]
    is_shortest = plan.is_exact and all(len(day.actual.stops) <= MAX_STOPS for day in days)
    return WeekLedger(
        professional_id=week.professional_id,
        monday=week.monday,
        days=tuple(days),
        actual=sum((day.actual.amount for day in days), Amount()),
        by_day=sum((whole - driven for whole, driven in planned), Amount()),
        regrouped=sum((day.regrouped.amount - day.actual.amount for day in days), Amount()),
        round_trips=sum(trips, Amount()),
        search=Search.EXACT if is_shortest else Search.UPPER_BOUND,
        least_metres=plan.at_least >> MINUTE_BITS,
        counted=tuple(sorting.counted),
        access=tuple(sorting.access),
        not_counted=tuple(sorting.not_counted),
        estimated_legs=sum(leg.time.quality is Quality.ESTIMATED for leg in legs),
        legs=len(legs),
        day_minutes=policy.day_minutes,
        is_winter=ground.roads.is_winter,
        times_version=ground.roads.times.version,
    )


def _legs(days: Sequence[Day]) -> list[Leg]:
    """Every drive the published figures rest on."""
    tours = [tour for day in days for tour in (day.actual, day.regrouped, day.as_planned) if tour]
    return [leg for tour in tours for leg in tour.legs]
