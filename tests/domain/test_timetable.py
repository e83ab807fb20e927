"""Places of a grid: what they stand for, the rows that hold them, and the conflicts that are worth telling."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from intervention.domain.recurrence import OnCycleDays, OnWeekdays, Recurrence
from intervention.domain.series import Line, Moment
from intervention.domain.timetable import Cell, Conflict, Possible, bin_of, conflicts_of, half_hours, starts_in

FIRST, LAST = date(2026, 8, 31), date(2027, 6, 23)
OTHER = UUID(int=7)


def refused(on_date: date, *rules: str) -> Line:
    return Line(on_date, Moment(on_date, time(9)), rules=rules)


def test_a_cell_is_a_rule() -> None:
    assert Cell(3, time(8, 55)).rule(FIRST, LAST) == Recurrence(OnCycleDays((3,)), FIRST, LAST, at=time(8, 55))
    assert Cell(2, time(9), by_week=True).rule(FIRST, LAST) == Recurrence(OnWeekdays((2,)), FIRST, LAST, at=time(9))


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
