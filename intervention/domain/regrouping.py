"""The cheapest way to have driven a week's remote visits, her own visits staying on their days.

A plan is exact when its cost is proven the least; otherwise it could have been driven, its cost is an upper bound, and
`at_least` is what no plan can beat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from intervention.domain.regrouping_parts import NEVER, Parts
from intervention.domain.regrouping_prices import Prices
from intervention.domain.regrouping_problem import Problem, Spent, TooLong
from intervention.domain.regrouping_search import Search

_PASSES = 4


@dataclass(frozen=True, slots=True)
class Effort:
    """Steps that each search may take, about a microsecond one: tens of milliseconds for the hardest week."""

    parts: int = 20_000
    search: int = 20_000

    @property
    def less(self) -> Effort:
        """A quarter of it: what this finds the whole finds too."""
        return Effort(self.parts // 4, self.search // 4)


USUAL = Effort()


@dataclass(frozen=True, slots=True)
class Plan:
    """Sites visited each day beyond her own (bit masks); packed costs over the week, the plan's and the bound's."""

    visits: tuple[int, ...]
    added: int
    at_least: int = 0

    @property
    def is_exact(self) -> bool:
        return self.at_least >= self.added


class NoPlan(Exception):
    """The séances fit in no plan of the week, or none was found."""


def regroup(problem: Problem, effort: Effort = USUAL) -> Plan:
    """The cheapest plan found that holds every séance; séances that fit on their own days always have one."""
    if not problem.seances:
        return Plan((0,) * len(problem.line_up.days), 0)
    if not problem.has_room:
        raise NoPlan
    best = min(_found(problem, effort), key=lambda plan: plan.added, default=None)
    bound = problem.farthest
    if best is None or bound < best.added:
        best, bound = _proven(problem, best, effort)
    if best is None:
        raise NoPlan
    return Plan(best.visits, best.added, min(bound, best.added))


def has_plan(problem: Problem, effort: Effort = USUAL) -> bool:
    """Whether `regroup` would find one."""
    if not problem.seances:
        return True
    if not problem.has_room:
        return False
    return next(_found(problem, effort), None) is not None or _proven(problem, None, effort)[0] is not None


def _proven(problem: Problem, best: Plan | None, effort: Effort) -> tuple[Plan | None, int]:
    """The best plan the search finds from this one on, and a cost that no plan can beat."""
    try:
        prices = Prices(problem)
    except TooLong:
        return best, problem.farthest
    bound = max(problem.farthest, prices.rest(0, problem.counts))
    search = Search(problem, prices, best.added if best else NEVER, Spent(effort.search))
    if bound < search.below:
        search.run()
        bound = search.below if search.is_over else bound
    if search.best is not None:
        best = Plan(problem.line_up.by_day(search.best), search.below)
    return best, bound


def _found(problem: Problem, effort: Effort) -> Iterator[Plan]:
    """Plans found without a proof; among equals the days on which the séances were held stand."""
    for tried in (_as_held, _inserted, partial(_kept_whole, effort=effort)):
        plan = tried(problem)
        if plan is not None:
            yield plan


def _as_held(problem: Problem) -> Plan | None:
    days = problem.line_up.days
    visits, service = [0] * len(days), [0] * len(days)
    for seance in problem.seances:
        visits[seance.day] |= 1 << seance.site
        service[seance.day] += seance.minutes
    if any(minutes > day.room(mask) for day, mask, minutes in zip(days, visits, service, strict=True) if mask):
        return None
    return _plan(problem, visits)


def _kept_whole(problem: Problem, effort: Effort) -> Plan | None:
    """The best plan that keeps each site's séances in as few visits as an empty day would need."""
    parts = Parts(problem.line_up, tuple(_parcels(problem)), Spent(effort.parts))
    try:
        if parts.cost() >= NEVER:
            return None
        return _plan(problem, problem.line_up.by_day(parts.sites_by_slot()))
    except TooLong:
        return None


def _parcels(problem: Problem) -> Iterator[tuple[int, int]]:
    """Séances of each site packed, longest first, in visits no larger than the best day can hold."""
    for site, lengths in problem.lengths.items():
        room, visits = problem.largest_room(site), list[int]()
        for minutes in lengths:
            fitting = next((i for i, held in enumerate(visits) if held + minutes <= room), None)
            if fitting is None:
                visits.append(minutes)
            else:
                visits[fitting] += minutes
        yield from ((site, held) for held in visits)


def _inserted(problem: Problem) -> Plan | None:
    """A plan by cheapest insertion, the farthest visit first, then visits moved while that shortens the week."""
    parcels = list(_parcels(problem))
    where: list[int] = []
    for at, _ in enumerate(parcels):
        best = _cheapest_day(problem, parcels[: at + 1], where)
        if best is None:
            return None
        where.append(best)
    for _ in range(_PASSES):
        before = list(where)
        for at, parcel in enumerate(parcels):
            others, places = [*parcels[:at], *parcels[at + 1 :]], [*where[:at], *where[at + 1 :]]
            best = _cheapest_day(problem, [*others, parcel], places)
            where[at] = where[at] if best is None else best
        if where == before:
            break
    return _plan(problem, [_held(parcels, where, day)[0] for day in range(len(problem.line_up.days))])


def _cheapest_day(problem: Problem, parcels: Sequence[tuple[int, int]], where: Sequence[int]) -> int | None:
    """The day on which the last of `parcels` adds least to the others, already at `where`."""
    site, minutes = parcels[-1]
    choices = []
    for index, day in enumerate(problem.line_up.days):
        mask, service = _held(parcels[:-1], where, index)
        wider = mask | 1 << site
        if day.room(wider) >= service + minutes:
            choices.append((day.added(wider) - day.added(mask), index))
    return min(choices)[1] if choices else None


def _held(parcels: Sequence[tuple[int, int]], where: Sequence[int], day: int) -> tuple[int, int]:
    mask = service = 0
    for (site, minutes), at in zip(parcels, where, strict=True):
        if at == day:
            mask, service = mask | 1 << site, service + minutes
    return mask, service


def _plan(problem: Problem, visits: Sequence[int]) -> Plan:
    added = sum(day.added(mask) for day, mask in zip(problem.line_up.days, visits, strict=True) if mask)
    return Plan(tuple(visits), added)
