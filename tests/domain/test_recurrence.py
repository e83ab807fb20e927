"""Rules of series: a slow, obvious oracle on random calendars, the examples of the trade, and what is refused."""

from datetime import date, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.days import DayType
from intervention.domain.errors import InvalidInput
from intervention.domain.recurrence import (
    Occurrence,
    OnCycleDays,
    OnWeekdays,
    PerMonth,
    PlainDay,
    Recurrence,
    expand,
    pinned,
)

FIRST = date(2026, 8, 31)  # a Monday
PERIODS = (time(8, 15), time(9, 20), time(10, 40))
TEN = time(10, 0)


def calendar(pattern: str, length: int, start: date = FIRST) -> dict[date, PlainDay]:
    """`c` class, `a` class in the afternoon only, `-` none, `e` exam; weekends are left out by the reader."""
    days, turn = {}, 0
    for n, each in enumerate(pattern):
        on_date = start + timedelta(days=n)
        if each in "ca":
            number, day = divmod(turn, length)
            morning = DayType.CLASS if each == "c" else DayType.PEDAGOGICAL
            days[on_date] = PlainDay(morning, DayType.CLASS, day + 1, number + 1, PERIODS)
            turn += 1
        elif each == "e":
            days[on_date] = PlainDay(DayType.EXAM, DayType.EXAM, 0, None, PERIODS[:1])
        else:
            days[on_date] = PlainDay(DayType.HOLIDAY, DayType.HOLIDAY, None, None)
    return days


SCHOOL = calendar("ccccc--" * 20, 5)


def obvious(rule: Recurrence, days: dict[date, PlainDay]) -> list[Occurrence]:
    """Look at each date alone, with everything written out."""
    every_date = sorted(d for d in days if rule.first_on <= d <= rule.last_on)
    pattern = rule.pattern
    if isinstance(pattern, OnCycleDays):
        named = [d for d in every_date if days[d].cycle_day in pattern.days and days[d].cycle_number]
        numbers = [days[d].cycle_number or 0 for d in named]
        begun = pattern.phase or (numbers[0] if numbers else 1)
        taken = {n for n in range(1, 500) if abs(n - begun) % pattern.every == 0}
        chosen = [d for d, n in zip(named, numbers, strict=True) if n in taken]
    elif isinstance(pattern, OnWeekdays):
        named = [d for d in every_date if d.isoweekday() in pattern.weekdays]
        weeks = []
        if named:
            week = named[0] - timedelta(days=named[0].isoweekday())
            while week <= rule.last_on:
                weeks.append(week)
                week += timedelta(weeks=pattern.every)
        chosen = [d for d in named if any(timedelta(0) < d - week <= timedelta(days=7) for week in weeks)]
    else:
        chosen = []
        for year, month in sorted({(d.year, d.month) for d in every_date}):
            able = [
                d
                for d in every_date
                if (d.year, d.month) == (year, month) and d.isoweekday() in pattern.weekdays and days[d].has_class
            ]
            parts = [Fraction(len(able) * (2 * k + 1), 2 * pattern.goal) for k in range(pattern.goal)]
            chosen += able if len(able) <= pattern.goal else [able[int(at)] for at in parts]
    found = []
    for d in chosen:
        at = rule.at
        if rule.period:
            at = days[d].periods[rule.period - 1] if rule.period <= len(days[d].periods) else None
        if rule.count is None or sum(o.has_class for o in found) < rule.count:
            found.append(Occurrence(d, at, days[d].has_class))
    return found


weekday_sets = st.lists(st.integers(1, 7), min_size=1, max_size=4, unique=True).map(tuple)
patterns = st.one_of(
    st.builds(
        OnCycleDays,
        st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True).map(tuple),
        st.integers(1, 4),
        st.one_of(st.none(), st.integers(1, 6)),
    ),
    st.builds(OnWeekdays, weekday_sets, st.integers(1, 4)),
    st.builds(PerMonth, st.integers(1, 9), weekday_sets),
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Recurrence, dict[date, PlainDay]]:
    days = calendar(draw(st.text("ccccca-e", min_size=1, max_size=120)), draw(st.integers(1, 12)))
    last = max(days)
    first_on = draw(st.dates(FIRST, last))
    by_period = draw(st.booleans())
    return (
        Recurrence(
            draw(patterns),
            first_on,
            draw(st.dates(first_on, last)),
            None if by_period else TEN,
            draw(st.integers(1, 4)) if by_period else None,
            draw(st.one_of(st.none(), st.integers(1, 12))),
        ),
        days,
    )


@given(worlds())
def test_expanding_equals_the_obvious_way(world: tuple[Recurrence, dict[date, PlainDay]]) -> None:
    rule, days = world

    assert list(expand(rule, days)) == obvious(rule, days)


@given(worlds())
def test_a_rule_survives_json_and_pinning(world: tuple[Recurrence, dict[date, PlainDay]]) -> None:
    rule, days = world
    fixed = pinned(rule, days)

    assert Recurrence.from_json(fixed.to_json()) == fixed
    assert expand(fixed, days) == expand(rule, days)


def test_day_3_period_2_every_two_cycles() -> None:
    rule = Recurrence(OnCycleDays((3,), every=2), FIRST, date(2026, 10, 2), period=2)

    assert [(o.on_date, o.at) for o in expand(rule, SCHOOL)] == [
        (date(2026, 9, 2), time(9, 20)),
        (date(2026, 9, 16), time(9, 20)),
        (date(2026, 9, 30), time(9, 20)),
    ]


def test_a_storm_on_the_first_date_does_not_turn_the_other_cycles_over() -> None:
    rule = pinned(Recurrence(OnCycleDays((3,), every=2), FIRST, date(2026, 10, 2), at=TEN), SCHOOL)
    stormy = SCHOOL | {date(2026, 9, 2): PlainDay(DayType.CLOSURE, DayType.CLOSURE, None, None)}

    assert [o.on_date for o in expand(rule, stormy)] == [date(2026, 9, 16), date(2026, 9, 30)]


def test_every_tuesday_lists_the_one_without_class() -> None:
    closed = SCHOOL | {date(2026, 9, 8): PlainDay(DayType.HOLIDAY, DayType.HOLIDAY, None, None)}
    rule = Recurrence(OnWeekdays((2,)), FIRST, date(2026, 9, 15), at=TEN)

    assert expand(rule, closed) == (
        Occurrence(date(2026, 9, 1), TEN, has_class=True),
        Occurrence(date(2026, 9, 8), TEN, has_class=False),
        Occurrence(date(2026, 9, 15), TEN, has_class=True),
    )


def test_six_sessions_every_other_week_are_six_with_class() -> None:
    closed = SCHOOL | {date(2026, 9, 15): PlainDay(DayType.HOLIDAY, DayType.HOLIDAY, None, None)}
    rule = Recurrence(OnWeekdays((2,), every=2), date(2026, 9, 1), date(2027, 1, 1), at=TEN, count=6)

    found = expand(rule, closed)

    assert [o.has_class for o in found] == [True, False, True, True, True, True, True]
    assert found[-1].on_date == date(2026, 11, 24)


def test_so_many_a_month_are_spread() -> None:
    rule = Recurrence(PerMonth(2, (1, 3)), date(2026, 9, 1), date(2026, 10, 31), at=TEN)

    assert [o.on_date for o in expand(rule, SCHOOL)] == [
        date(2026, 9, 9), date(2026, 9, 23), date(2026, 10, 12), date(2026, 10, 26),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "faults"),
    [
        (Recurrence(OnWeekdays((2,)), FIRST, FIRST - timedelta(days=1), TEN), {"last_on": "ends_before_start"}),
        (Recurrence(OnWeekdays((2,)), FIRST, FIRST + timedelta(days=9999), TEN), {"last_on": "span_too_long"}),
        (
            Recurrence(OnWeekdays((), every=0), FIRST, FIRST),
            {"weekdays": "required", "every": "out_of_range", "at": "required"},
        ),
        (
            Recurrence(OnWeekdays((8,)), FIRST, FIRST, time(10, 2)),
            {"weekdays": "out_of_range", "at": "not_on_the_grid"},
        ),
        (Recurrence(OnCycleDays((0,)), FIRST, FIRST, TEN), {"days": "out_of_range"}),
        (Recurrence(OnCycleDays((21,)), FIRST, FIRST, period=0), {"days": "out_of_range", "period": "out_of_range"}),
        (Recurrence(PerMonth(0), FIRST, FIRST, TEN), {"goal": "out_of_range"}),
        (Recurrence(OnWeekdays((2,)), FIRST, FIRST, TEN, count=5000), {"count": "too_many_dates"}),
        (Recurrence(OnWeekdays((2,)), FIRST, FIRST, TEN, period=2), {"at": "required"}),
    ],
)
def test_bad_rules_name_every_field(rule: Recurrence, faults: dict[str, str]) -> None:
    assert rule.faults() == faults
    with pytest.raises(InvalidInput) as refused:
        expand(rule, SCHOOL)
    assert refused.value.fields == faults


def test_more_dates_than_a_series_may_have_are_refused() -> None:
    rule = Recurrence(OnWeekdays((1, 2, 3, 4, 5, 6, 7)), FIRST, FIRST + timedelta(days=450), TEN)

    with pytest.raises(InvalidInput) as refused:
        expand(rule, SCHOOL)

    assert refused.value.fields == {"last_on": "too_many_dates"}
