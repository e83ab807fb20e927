"""The legs of a day as they are laid: just in time and at once home, one of them moved where that gives a lunch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intervention.domain.road_days import RoadDay, Roads
from intervention.domain.slots import Day, Rule, Stop, Traveller
from tests.domain.slot_worlds import random_problem
from tests.domain.slots_oracle import Oracle, bits


@pytest.mark.parametrize("seed", range(120))
def test_day_is_laid_with_the_lunch_that_the_search_counts_on(seed: int) -> None:
    problem = replace(random_problem(seed), duration=2)
    who, option, oracle = problem.travellers[0], problem.options[0], Oracle(problem)
    at = option.where[who.resource_id]
    for start in range(0, problem.length - 1, 3):
        span = set(range(start, start + 2))
        refused = oracle.travel(who, option, start, span)
        day = next(day for day in who.days if day.starts <= start < day.ends)
        if refused & {Rule.PARTICIPANT_BUSY, Rule.NO_ROAD, Rule.TOO_SHORT_FOR_ROAD} or not who.lunch_ticks:
            continue
        if not eats(who, day, Roads(replace(who, days=(day,))).days[0]):
            continue  # no lunch to lose
        stops = tuple(sorted([*day.stops, Stop(start, start + 2, at)], key=lambda stop: stop.starts))

        laid = Roads(replace(who, days=(replace(day, stops=stops),))).days[0]

        assert eats(who, day, laid) is (Rule.LUNCH not in refused), (seed, start)


def eats(who: Traveller, day: Day, laid: RoadDay) -> bool:
    """Whether a lunch is free on the day, its legs driven as it lays them."""
    if not laid.hours or not laid.lunch:
        return True
    hours = sorted(bits(who.available, day.ends) & set(range(day.starts, day.ends)))
    free = set(range(max(day.lunch_from, hours[0]), min(day.lunch_until, hours[-1] + 1)))
    free -= bits(who.away, day.ends)
    moved = laid.moved_leg()
    for at, between in enumerate(laid.betweens):
        begins = between.low if between.is_last else between.high - between.need
        if moved and moved.at == at:
            begins = moved.starts
        driven = set(range(day.starts + begins, day.starts + begins + between.need))
        assert not moved or moved.at != at or not driven & bits(who.away, day.ends)
        free -= driven
        if not between.is_last:
            ends = laid.betweens[at + 1].low
            free -= set(range(day.starts + between.high, day.starts + ends))
    return any(set(range(tick, tick + laid.lunch)) <= free for tick in free)
