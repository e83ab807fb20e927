"""Which slot comes first, and why it says so. One table of weights, in points; fewer is better."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from intervention.domain.road_windows import Gap
from intervention.domain.slots import Problem, Reason

POINTS_A_DAY = 10  # waiting a day costs as much as…
POINTS_AN_HOUR_OF_ROAD = 12  # …fifty minutes on the road
POINTS_ALREADY_THERE = -15  # a visit that is made anyway
POINTS_NOT_AT_BELL = 2
POINTS_BACK_TO_BACK = 1  # no breath between two séances
POINTS_ONLY_VISIT = -8  # a school she goes to on no other day of the window: the far ones do not lose their visits
POINTS_BESIDE_BETTER = 10  # held the same way, it overlaps a better one: a choice is between moments that differ
LONG_LEG = 18  # ticks: an hour and a half on the road without a stop is worth a warning
_DAY_TICKS, _HOUR_TICKS = 288, 12


class Candidate(NamedTuple):
    """A start of an option and its points; the order of its fields is the order of the list."""

    score: int
    start: int
    option: int


class Ranking:
    """The points and the reasons of the starts of a problem. `gap_at` tells where in her day an option's start is."""

    def __init__(self, problem: Problem, gap_at: Callable[[int, int], Gap | None]) -> None:
        self.problem, self._find_gap = problem, gap_at
        self._gaps: dict[int, list[Gap]] = {}
        self._bells = [_bells(problem, index) for index in range(len(problem.options))]
        self._only_visits = [_is_only_visit(problem, index) for index in range(len(problem.options))]

    def ranked(self, starts: Mapping[int, Sequence[int]]) -> list[Candidate]:
        """The starts of each option (ascending) scored, the best first; equal ones by time, then by option."""
        order = sorted(each for option, found in starts.items() for each in self._scored(option, found))
        return sorted(self._apart(order))

    def _apart(self, order: Sequence[Candidate]) -> Iterator[Candidate]:
        """The same, those that overlap a better one of their option put off."""
        duration = self.problem.duration
        taken = {option: bytearray(self.problem.length) for option in {each.option for each in order}}
        for each in order:
            score, start, option = each
            ticks = taken[option]
            if 1 in ticks[start : start + duration]:
                yield Candidate(score + POINTS_BESIDE_BETTER, start, option)
            else:
                ticks[start : start + duration] = b"\1" * duration
                yield each

    def _scored(self, option: int, starts: Sequence[int]) -> Iterator[Candidate]:
        begun, bells = self.problem.not_before, self._bells[option]
        off_bell = POINTS_NOT_AT_BELL if bells else 0
        fair = POINTS_ONLY_VISIT if self._only_visits[option] else 0
        gaps = self._gaps[option] = []
        gap, points, until = None, 0, -1
        for start in starts:
            if start > until:
                gap = self._find_gap(option, start)
                points, until = _points(gap), gap.high if gap else start
                gaps += [gap] if gap else []
            score = fair + (start - begun) * POINTS_A_DAY // _DAY_TICKS
            if not bells >> start & 1:
                score += off_bell
            if gap is not None:
                score += points + (POINTS_BACK_TO_BACK if gap.touches_before == start else 0)
            yield Candidate(score, start, option)

    def reasons(self, each: Candidate) -> tuple[int, tuple[Reason, ...]]:
        """The road that a candidate adds, in ticks, and what speaks for and against it."""
        gap = _gap_of(self._gaps[each.option], each.start)
        found: list[Reason] = []
        extra = gap.extra_road if gap else 0
        if gap is not None and gap.is_already_there:
            found.append(Reason.ALREADY_THERE)
        if extra:
            found.append(Reason.EXTRA_ROAD)
        elif not found:
            found.append(Reason.NO_ROAD_NEEDED)
        if self._bells[each.option] >> each.start & 1:
            found.append(Reason.AT_BELL)
        if gap is not None and gap.touches_before == each.start:
            found.append(Reason.BACK_TO_BACK)
        if self._only_visits[each.option]:
            found.append(Reason.ONLY_VISIT)
        if gap is not None and gap.longest_leg > LONG_LEG:
            found.append(Reason.LONG_ROAD)
        return extra, tuple(found)


def soonest(order: Sequence[Candidate]) -> Candidate | None:
    """The first in time; of several at one time the best."""
    return min(order, key=lambda each: each.start, default=None)


def _points(gap: Gap | None) -> int:
    if gap is None:
        return 0
    there = POINTS_ALREADY_THERE if gap.is_already_there else 0
    return there + gap.extra_road * POINTS_AN_HOUR_OF_ROAD // _HOUR_TICKS


def _is_only_visit(problem: Problem, index: int) -> bool:
    """Whether the option takes the first traveller to a school that she visits otherwise, but on no day of these."""
    host, place = problem.travellers[0], problem.options[index].where[problem.travellers[0].resource_id]
    places = {stop.building_id for day in host.days for stop in day.stops} - {host.base}
    return place != host.base and place not in places and bool(places)


def _bells(problem: Problem, index: int) -> int:
    found = 0
    for site in problem.options[index].sites:
        found |= site.bells
    return found


def _gap_of(gaps: Sequence[Gap], start: int) -> Gap | None:
    """Gaps come in time order and do not overlap."""
    at = bisect_right(gaps, start, key=lambda gap: gap.low) - 1
    return gaps[at] if at >= 0 and start <= gaps[at].high else None
