"""Places of a grid: what they stand for, the rows that hold them, and the conflicts that are worth telling."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

import pytest

from intervention.domain.days import DayType
from intervention.domain.errors import InvalidInput
from intervention.domain.recurrence import OnCycleDays, OnWeekdays, PlainDay, Recurrence, expand
from intervention.domain.series import Line, Moment
from intervention.domain.timetable import (
    Cell,
    Conflict,
    Possible,
    bin_of,
    conflicts_of,
    half_hours,
    starts_in,
    turn_of_cycle,
    turn_of_week,
)

FIRST, LAST = date(2026, 8, 31), date(2027, 6, 23)
OTHER = UUID(int=7)


def refused(on_date: date, *rules: str) -> Line:
    return Line(on_date, Moment(on_date, time(9)), rules=rules)


def test_a_cell_is_a_rule() -> None:
    assert Cell(3, time(8, 55)).rule(FIRST, LAST) == Recurrence(OnCycleDays((3,)), FIRST, LAST, at=time(8, 55))
    assert Cell(2, time(9), by_week=True).rule(FIRST, LAST) == Recurrence(OnWeekdays((2,)), FIRST, LAST, at=time(9))


@pytest.mark.parametrize("begins", [date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 8)])
def test_one_week_in_two_is_the_same_week_whatever_the_first_day(begins: date) -> None:
    """A draft that is looked at again tomorrow must not turn over."""
    until = begins + timedelta(days=59)
    days = {begins + timedelta(days=n): PlainDay(DayType.CLASS, DayType.CLASS, None, None) for n in range(60)}
    rules = [Cell(2, time(9), by_week=True, turn=turn).rule(begins, until) for turn in (1, 2)]
    first, second = ({each.on_date for each in expand(rule, days)} for rule in rules)
    tuesdays = {day for day in days if day.isoweekday() == 2}

    assert first | second == tuesdays
    assert not first & second
    assert {turn_of_week(day) for day in first} == {1}
    assert {turn_of_week(day) for day in second} == {2}


def test_one_cycle_in_two_is_told_by_the_cycle_s_own_number() -> None:
    days = {FIRST + timedelta(days=n): PlainDay(DayType.CLASS, DayType.CLASS, n % 5 + 1, n // 5 + 4) for n in range(20)}
    rules = {turn: Cell(3, time(9), turn=turn).rule(FIRST, FIRST + timedelta(days=19)) for turn in (0, 1, 2)}
    numbers = {turn: [days[each.on_date].cycle_number for each in expand(rule, days)] for turn, rule in rules.items()}

    assert numbers == {0: [4, 5, 6, 7], 1: [5, 7], 2: [4, 6]}
    assert [turn_of_cycle(number) for number in (4, 5)] == [2, 1]


def test_a_turn_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Cell(3, time(9), turn=3).require_sound(10)


def test_rows_are_the_half_hours_of_a_school_day_and_more_where_something_starts() -> None:
    assert half_hours([])[0] == time(8)
    assert half_hours([])[-1] == time(15, 30)
    assert half_hours([time(7, 50), time(16, 5)])[:: len(half_hours([time(7, 50), time(16, 5)])) - 1] == (
        time(7),
        time(16, 30),
    )
    assert (bin_of(time(8, 29)), bin_of(time(8, 30))) == (time(8), time(8, 30))


def test_a_row_tries_its_bells_before_its_quarters() -> None:
    assert starts_in(time(8), [time(8, 10), time(8, 40)]) == (time(8, 10), time(8), time(8, 15))
    assert starts_in(time(8), [time(8)]) == (time(8), time(8, 15))


def test_conflicts_are_told_by_rule_and_by_what_is_met_most_dates_first() -> None:
    days = [date(2026, 9, n) for n in (1, 8, 15, 22, 29)]
    lines = [
        refused(days[0], "closed_day"),
        refused(days[1], "lunch"),
        refused(days[2], "participant_busy", "lunch"),
        refused(days[3], "participant_busy"),
        Line(days[4], None),
    ]

    assert conflicts_of(lines, {days[2]: OTHER, days[3]: OTHER}) == (
        Conflict("participant_busy", (days[2], days[3]), None, OTHER),
        Conflict("lunch", (days[1],)),
    )


def test_a_cell_without_a_date_is_not_free() -> None:
    assert not Possible(Cell(1, time(9)), 0, 0).is_free
    assert Possible(Cell(1, time(9)), 5, 5).is_free
    assert not Possible(Cell(1, time(9)), 4, 5).is_free
