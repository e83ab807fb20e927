"""Where the dates of a series fall by its new days, and who is where: laws of values, no storage."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.days import DayType
from intervention.domain.recurrence import OnCycleDays, OnWeekdays, PlainDay, Recurrence, expand
from intervention.domain.series_change import NewTime, rule_after, shifted

FIRST = date(2026, 8, 31)
LENGTH = 280


@st.composite
def calendars(draw: st.DrawFn) -> dict[date, PlainDay]:
    """A school year whose class days are numbered 1 to n, holes where nobody comes."""
    cycle = draw(st.integers(2, 10))
    holes = draw(st.sets(st.integers(0, LENGTH), max_size=40))
    days, number = {}, 0
    for n in range(LENGTH):
        on_date = FIRST + timedelta(days=n)
        if on_date.isoweekday() > 5 or n in holes:
            days[on_date] = PlainDay(DayType.HOLIDAY, DayType.HOLIDAY, None, None)
        else:
            days[on_date] = PlainDay(DayType.CLASS, DayType.CLASS, number % cycle + 1, number // cycle + 1)
            number += 1
    return days


def sets_of(highest: int) -> st.SearchStrategy[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Two sets of as many days."""
    one = st.integers(1, highest)
    return st.integers(1, min(highest, 3)).flatmap(
        lambda size: st.tuples(
            st.sets(one, min_size=size, max_size=size).map(lambda s: tuple(sorted(s))),
            st.sets(one, min_size=size, max_size=size).map(lambda s: tuple(sorted(s))),
        )
    )


@given(sets_of(7), st.integers(0, LENGTH))
def test_a_weekday_moves_within_its_week_and_back(days: tuple[tuple[int, ...], tuple[int, ...]], n: int) -> None:
    before, after = (OnWeekdays(each) for each in days)
    on_date = FIRST + timedelta(days=n)
    if on_date.isoweekday() not in before.weekdays:
        return

    moved = shifted(before, after, on_date, {})

    assert moved is not None
    assert moved.isocalendar()[:2] == on_date.isocalendar()[:2]
    assert moved.isoweekday() in after.weekdays
    assert shifted(after, before, moved, {}) == on_date


@given(calendars(), sets_of(10))
def test_a_cycle_day_moves_within_its_turn_and_back(
    days: dict[date, PlainDay], numbers: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    before, after = (OnCycleDays(each, phase=1) for each in numbers)
    for each in expand(Recurrence(before, FIRST, max(days), period=1), days):
        moved = shifted(before, after, each.on_date, days)
        if moved is not None:
            assert days[moved].cycle_number == days[each.on_date].cycle_number
            assert days[moved].cycle_day in after.days
            assert shifted(after, before, moved, days) == each.on_date


@given(calendars(), sets_of(5))
def test_no_two_dates_fall_on_one(days: dict[date, PlainDay], numbers: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    for before, after in (
        (OnWeekdays(numbers[0]), OnWeekdays(numbers[1])),
        (OnCycleDays(numbers[0], phase=1), OnCycleDays(numbers[1], phase=1)),
    ):
        dates = [each.on_date for each in expand(Recurrence(before, FIRST, max(days), period=1), days)]
        moved = [to for to in (shifted(before, after, on_date, days) for on_date in dates) if to is not None]
        assert moved == sorted(set(moved))


def test_as_many_days_as_before_and_only_where_days_are_chosen() -> None:
    weekly = Recurrence(OnWeekdays((2,)), FIRST, FIRST + timedelta(days=60), period=1)

    assert rule_after(weekly, NewTime(days=(2, 4)))[1] == {"days": "as_many_as_before"}
    assert rule_after(weekly, NewTime(days=(4,), period=2))[1] == {}
