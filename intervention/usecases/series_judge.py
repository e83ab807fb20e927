"""Judges the dates of a series as starts of one problem over their whole span, by the rules of every search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

from intervention.domain.arrangement import Arrangement
from intervention.domain.composition import Composition
from intervention.domain.errors import InvalidInput
from intervention.domain.recurrence import PlainDay
from intervention.domain.school_time import exact_instant, local_date
from intervention.domain.series import IN_THE_GAP, NO_SUCH_PERIOD, OTHER_DATE, Alternative, Line, Moment, wall_time
from intervention.domain.series_alternatives import alternatives, narrowed
from intervention.domain.slot_rules import RuleBook
from intervention.domain.slots import SOFT_RULES, Given, Problem
from intervention.domain.spans import Span, tick_of
from intervention.queries.catalogue import Catalogue
from intervention.queries.series_clocks import collisions
from intervention.queries.slot_problem import SlotAsk, problem_of
from intervention.usecases.finding import sites_given
from intervention.usecases.work import Work

WEEK = timedelta(days=7)
Tries = Mapping[date, Sequence[int]]  # by date of the series: the ways to hold it, the one to prefer first
FIRST_WAY = (0,)


def timed(line: Line, moment: Moment | None, minutes: int, zone: str) -> Line:
    """The line at its moment; refused where the day has no such moment."""
    if moment is None:
        return line.refused(NO_SUCH_PERIOD)
    try:
        starts_at = exact_instant(moment.on_date, moment.at, zone)
    except InvalidInput:
        return line.refused(IN_THE_GAP)
    return replace(line, span=Span.lasting(starts_at, timedelta(minutes=minutes)))


class Judge:
    """The whole span as one problem, loaded once, whose options are the ways to hold its dates.

    Every way has the same length. `ignoring` are encounters that would no longer be where they are.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what one sheet is about
        self,
        work: Work,
        ask: Composition,
        board: Catalogue,
        zone: str,
        ways: Sequence[Arrangement],
        accepting: frozenset[str],
        ignoring: frozenset[UUID],
        tries: Tries | None = None,
    ) -> None:
        self.work, self.ask, self.board, self.zone, self.ways = work, ask, board, zone, ways
        self.ignoring, self.tries = ignoring, tries or {}
        built = [board.buildings[site.building_id] for way in ways for site in way.sites if site.building_id]
        self.zones = tuple(dict.fromkeys(place.zone for place in built if place.zone is not None))
        self.accepted = {rule for rule in SOFT_RULES if rule.value in accepting}
        self._problem: Problem | None = None

    def judged(self, lines: Sequence[Line]) -> list[Line]:
        """Each with the rules that refuse it, or the rooms and facilitators that it would get."""
        problem = self._loaded(lines)
        wanted = 0
        for line in lines:
            wanted |= 1 << tick_of(line.span.starts_at) - problem.origin if line.span else 0
        book = RuleBook(narrowed(problem, wanted))
        return [self._judged(line, book) for line in lines]

    def settled(self, lines: Sequence[Line], days: Mapping[date, PlainDay]) -> list[Line]:
        """Judged lines with other moments for those that fail, and the change of hour that is to blame."""
        problem = self._loaded(lines)
        taken = [line.span for line in lines if line.is_held and line.span]
        failing = [line for line in lines if line.rules and not line.is_left_out]
        others: dict[date, tuple[Alternative, ...]] = {}
        for option in dict.fromkeys(self._tries(line)[-1] for line in failing):
            here = [line for line in failing if self._tries(line)[-1] == option]
            others |= alternatives(problem, here, taken, days, self.zone, option)
        met = collisions(self.work.session, self.ask.host_id, lines, self.zone, self.ignoring)
        return [
            replace(line, alternatives=others.get(line.on_date, ()), collision=met.get(line.on_date)) for line in lines
        ]

    def _tries(self, line: Line) -> Sequence[int]:
        return self.tries.get(line.on_date, FIRST_WAY)

    def _loaded(self, lines: Sequence[Line]) -> Problem:
        """A week more at each end: the other moments of a failing date are in its own week."""
        if self._problem is not None:
            return self._problem
        host = self.board.professionals[self.ask.host_id]
        dates = [local_date(line.span.starts_at, host.zone) for line in lines if line.span]
        dates += [line.day for line in lines]
        first_on = min(dates) - WEEK
        looked = SlotAsk(
            host_id=self.ask.host_id,
            kind=self.ask.kind,
            minutes=self.ask.minutes,
            people=tuple(self.ask.participants()),
            first_on=first_on,
            days=(max(dates) + WEEK - first_on).days + 1,
            ignoring=self.ignoring,
        )
        self._problem = problem_of(self.work.session, self.board, looked, self.ways, self.work.now())[0]
        return self._problem

    def _judged(self, line: Line, book: RuleBook) -> Line:
        """By the first way that works, else refused as by the last one."""
        if line.span is None:
            return line
        start = tick_of(line.span.starts_at) - book.problem.origin
        for option in self._tries(line):
            refusing = [key for key in book.option(option).refusing(start) if key[0] not in self.accepted]
            if not refusing:
                break
        way = self.ways[option]
        given = book.given(option, start) or tuple(Given() for _ in way.sites)
        return replace(
            line,
            rules=tuple(dict.fromkeys(rule.value for rule, _ in refusing)),
            subject_id=refusing[0][1] if refusing else None,
            elsewhere=_elsewhere(line.span, self.zone, self.zones),
            sites=sites_given(way, given),
        )


def _elsewhere(span: Span, own: str, zones: Sequence[str]) -> tuple[tuple[str, time], ...]:
    """What the clocks of the other zones say, where they say something else."""
    here = wall_time(span, own)
    walls = ((zone, wall_time(span, zone)) for zone in zones)
    return tuple((zone, wall) for zone, wall in walls if wall != here)


def apart(lines: Sequence[Line]) -> list[Line]:
    """No two dates of a series at once: the later decision gives way."""
    found: list[Line] = []
    for line in lines:
        met = line.span is not None and any(
            each.is_held and each.span is not None and each.span.overlaps(line.span) for each in found
        )
        found.append(line.refused(OTHER_DATE) if met and line.is_held else line)
    return found
