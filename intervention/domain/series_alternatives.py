"""Other moments for the dates of a series that fail: looked for on their own weeks, by the rules that refused them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from intervention.domain import masks
from intervention.domain.recurrence import PlainDay
from intervention.domain.school_time import day_range, exact_instant
from intervention.domain.series import Alternative, Likeness, Line, Moment
from intervention.domain.slot_rules import RuleBook
from intervention.domain.slots import Problem
from intervention.domain.spans import Span, instant_of, tick_of

NOON = time(12)  # what the moments of a day without that period are near
A_KIND = 2  # of each likeness
WEEK_DAYS = 5


def narrowed(problem: Problem, wanted: int) -> Problem:
    """The same problem for whoever only asks about the days of the wanted ticks: the roads of the others cost."""
    travellers = tuple(
        replace(who, days=tuple(day for day in who.days if wanted >> day.starts & masks.run(0, day.ends - day.starts)))
        for who in problem.travellers
    )
    return replace(problem, travellers=travellers)


def alternatives(  # noqa: PLR0913, PLR0917 - dates, what is taken around them, and how they would be held
    problem: Problem,
    failing: Sequence[Line],
    taken: Sequence[Span],
    days: Mapping[date, PlainDay],
    zone: str,
    option: int = 0,
) -> dict[date, tuple[Alternative, ...]]:
    """A few for each failing date, the likest first; none that another date of the series has `taken`."""
    if not failing:
        return {}
    weeks = 0
    for line in failing:
        for on_date in _week(line.day):
            low, high = day_range(on_date, zone)
            weeks |= masks.run(low - problem.origin, high - problem.origin)
    book = RuleBook(narrowed(problem, weeks))
    free = book.option(option).allowed & weeks & ~_met(taken, problem)
    starts = free & book.round_starts(option)
    return {line.on_date: tuple(_of(line, starts, free, problem.origin, days, zone)) for line in failing}


def _of(  # noqa: PLR0913, PLR0917 - a date and what is free around it
    line: Line, round_starts: int, free: int, origin: int, days: Mapping[date, PlainDay], zone: str
) -> Iterator[Alternative]:
    wanted = line.moment.at if line.moment else NOON
    day = days.get(line.day)
    periods = set(day.periods) if day is not None else set()
    same_day = _nearest(_moments(line.day, round_starts, origin, zone), wanted)
    other_periods = [moment for moment in same_day if moment.at in periods]
    for moment in other_periods[:A_KIND]:
        yield Alternative(moment, Likeness.OTHER_PERIOD if line.cycle_day else Likeness.SAME_DAY)
    for moment in [moment for moment in same_day if moment.at not in periods][:A_KIND]:
        yield Alternative(moment, Likeness.SAME_DAY)
    yield from _in_the_week(line, wanted, starts=(free, round_starts), origin=origin, zone=zone)


def _in_the_week(line: Line, wanted: time, *, starts: tuple[int, int], origin: int, zone: str) -> Iterator[Alternative]:
    """On other days: the same hour where it is free, else the nearest one."""
    free, round_starts = starts
    found = 0
    for on_date in _others_of_week(line.day):
        moment = Moment(on_date, wanted)
        if not _is_free(moment, free, origin, zone):
            nearest = _nearest(_moments(on_date, round_starts, origin, zone), wanted)[:1]
            if not nearest:
                continue
            moment = nearest[0]
        if found < A_KIND and moment != line.moment:
            found += 1
            yield Alternative(moment, Likeness.SAME_WEEK)


def _moments(on_date: date, starts: int, origin: int, zone: str) -> list[Moment]:
    low, high = day_range(on_date, zone)
    of_day = starts >> max(low - origin, 0) & masks.run(0, high - low)
    walls = (_wall(origin + max(low - origin, 0) + tick, zone) for tick in masks.listed(of_day))
    return [Moment(wall.date(), wall.time()) for wall in walls]


def _wall(tick: int, zone: str) -> datetime:
    return instant_of(tick).astimezone(ZoneInfo(zone))


def _nearest(moments: Sequence[Moment], wanted: time) -> list[Moment]:
    return sorted(moments, key=lambda moment: (abs(_minutes(moment.at) - _minutes(wanted)), moment.at))


def _minutes(at: time) -> int:
    return 60 * at.hour + at.minute


def _week(on_date: date) -> list[date]:
    monday = on_date - timedelta(days=on_date.weekday())
    return [monday + timedelta(days=n) for n in range(WEEK_DAYS)]


def _others_of_week(on_date: date) -> list[date]:
    """The days after it first: what is put off is seldom brought forward."""
    return sorted(
        (day for day in _week(on_date) if day != on_date), key=lambda day: (day < on_date, abs(day - on_date))
    )


def _is_free(moment: Moment, free: int, origin: int, zone: str) -> bool:
    start = tick_of(exact_instant(moment.on_date, moment.at, zone)) - origin
    return start >= 0 and bool(free >> start & 1)


def _met(taken: Sequence[Span], problem: Problem) -> int:
    """The starts that would meet one of these spans."""
    found = 0
    for span in taken:
        low, high = tick_of(span.starts_at) - problem.origin, tick_of(span.ends_at) - problem.origin
        found |= masks.run(low - problem.duration + 1, high)
    return found
