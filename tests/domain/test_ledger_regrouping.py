"""The regrouped plan, against every way of placing each séance tried one by one."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervention.domain.open_days import CLOSED, LineUp, OpenDay, Shape
from intervention.domain.regrouping import Effort, NoPlan, has_plan, regroup
from intervention.domain.regrouping_problem import Problem, Seance
from intervention.domain.tours import TourBook
from tests.domain.road_map import BASE, A, B, C, D, roads

SITES = (A, B, C, D)
where = st.tuples(st.integers(-90, 90), st.integers(-90, 90))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    grid = {building: draw(where) for building in (BASE, *SITES)}
    book = TourBook(roads(grid).roads(winter=False), BASE, SITES)
    ordinary = Shape(book, 0)
    days = []
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            days.append(OpenDay(ordinary, 480))
        else:
            left = draw(st.sampled_from([CLOSED, 120, 300, 480]))
            days.append(OpenDay(Shape(book, draw(st.integers(0, 15))), left))
    seance = st.builds(Seance, st.integers(0, 3), st.sampled_from([30, 60, 75, 150]), st.integers(0, len(days) - 1))
    return Problem(LineUp(tuple(days)), tuple(draw(st.lists(seance, max_size=6))))


def tried_one_by_one(problem: Problem) -> int | None:
    """The least packed cost of all placings that fit, None when none does."""
    days, found = problem.line_up.days, []
    for placing in product(range(len(days)), repeat=len(problem.seances)):
        cost = 0
        for index, day in enumerate(days):
            held = [s for s, at in zip(problem.seances, placing, strict=True) if at == index]
            mask = sum(1 << site for site in {seance.site for seance in held})
            if held and day.room(mask) < sum(seance.minutes for seance in held):
                break
            cost += day.added(mask) if held else 0
        else:
            found.append(cost)
    return min(found, default=None)


def holds(problem: Problem, visits: tuple[int, ...]) -> bool:
    """Whether the séances fit the visits of a plan, each at its site."""
    days = problem.line_up.days
    for placing in product(range(len(days)), repeat=len(problem.seances)):
        room = [day.room(mask) if mask else 0 for day, mask in zip(days, visits, strict=True)]
        for seance, at in zip(problem.seances, placing, strict=True):
            room[at] -= seance.minutes if visits[at] >> seance.site & 1 else 10_000
        if all(left >= 0 for left in room):
            return True
    return False


@settings(deadline=None, max_examples=150)
@given(problems())
def test_no_placing_is_cheaper(problem: Problem) -> None:
    cheapest = tried_one_by_one(problem)

    assert has_plan(problem) is (cheapest is not None)
    if cheapest is None:
        with pytest.raises(NoPlan):
            regroup(problem)
    else:
        plan = regroup(problem)
        assert (plan.added, plan.at_least) == (cheapest, cheapest)
        assert holds(problem, plan.visits)


@settings(deadline=None, max_examples=80)
@given(problems(), st.integers(0, 30), st.integers(0, 30))
def test_search_cut_short_still_brackets_the_cheapest(problem: Problem, search: int, parts: int) -> None:
    cheapest = tried_one_by_one(problem)

    effort = Effort(parts=parts, search=search)
    if has_plan(problem, effort):
        plan = regroup(problem, effort)
        assert cheapest is not None
        assert plan.at_least <= cheapest <= plan.added
        assert holds(problem, plan.visits)
