"""Which slot comes first, and why it says so. One table of weights, in points; fewer is better."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from intervention.domain.road_windows import Gap
from intervention.domain.slots import Problem, Reason

POINTS_A_DAY = 10  # waiting a day costs as much as…
POINTS_AN_HOUR_OF_ROAD = 12  # …fifty minutes on the road
POINTS_ALREADY_THERE = -15  # a visit that is made anyway
POINTS_NOT_AT_BELL = 2
POINTS_BACK_TO_BACK = 1  # no breath between two séances
_DAY_TICKS, _HOUR_TICKS = 288, 12


@dataclass(frozen=True, slots=True)
class Candidate:
    start: int
    option: int
    extra_road: int = 0
    score: int = 0
    reasons: tuple[Reason, ...] = ()


def ranked(problem: Problem, candidates: Sequence[Candidate], gaps: Sequence[Sequence[Gap]]) -> list[Candidate]:
    """The same candidates scored, the best first; equal ones by time, then as the options were given.

    `gaps` are each option's, from its road windows.
    """
    bells = [_bells(problem, index) for index in range(len(problem.options))]
    scored = [_scored(problem, each, gaps[each.option], bells[each.option]) for each in candidates]
    scored.sort(key=lambda each: (each.score, each.start, each.option))
    if scored:
        soonest = min(scored, key=lambda each: each.start)
        at = scored.index(soonest)
        scored[at] = replace(soonest, reasons=(Reason.SOONEST, *soonest.reasons))
    return scored


def _bells(problem: Problem, index: int) -> int:
    found = 0
    for site in problem.options[index].sites:
        found |= site.bells
    return found


def _scored(problem: Problem, each: Candidate, gaps: Sequence[Gap], bells: int) -> Candidate:
    gap = _gap_at(gaps, each.start)
    points = (each.start - problem.not_before) * POINTS_A_DAY // _DAY_TICKS
    reasons: list[Reason] = []
    extra = gap.extra_road if gap else 0
    if gap is not None and gap.is_already_there:
        points += POINTS_ALREADY_THERE
        reasons.append(Reason.ALREADY_THERE)
    if extra:
        points += extra * POINTS_AN_HOUR_OF_ROAD // _HOUR_TICKS
        reasons.append(Reason.EXTRA_ROAD)
    elif not reasons:
        reasons.append(Reason.NO_ROAD_NEEDED)
    if bells >> each.start & 1:
        reasons.append(Reason.AT_BELL)
    elif bells:
        points += POINTS_NOT_AT_BELL
    if gap is not None and gap.touches_before == each.start:
        points += POINTS_BACK_TO_BACK
        reasons.append(Reason.BACK_TO_BACK)
    return Candidate(each.start, each.option, extra, points, tuple(reasons))


def _gap_at(gaps: Sequence[Gap], start: int) -> Gap | None:
    """Gaps come in time order and do not overlap."""
    at = bisect_right(gaps, start, key=lambda gap: gap.low) - 1
    return gaps[at] if at >= 0 and start <= gaps[at].high else None
