"""Numbers of class days: laws for random closures, and years worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.calendar_layers import Frame, Mark, lay
from intervention.domain.cycle import OUTSIDE, Reflow, Rotation, number, shown
from intervention.domain.days import DayType, Layer, Portion
from intervention.domain.school_calendar import Strand, days_of

FRAME = Frame(date(2026, 8, 24), date(2026, 8, 27), date(2026, 12, 18), date(2026, 12, 18))
WEEKDAYS = [d for d in FRAME.dates() if d.isoweekday() <= 5 and FRAME.has_pupils(d)]

rotations = st.builds(Rotation, st.integers(1, 20), st.sampled_from(Reflow), st.just(1))
planned_marks = st.lists(
    st.builds(
        Mark, st.sampled_from([Layer.ORGANIZATION, Layer.BUILDING]), st.sampled_from(WEEKDAYS),
        st.sampled_from([DayType.PEDAGOGICAL, DayType.HOLIDAY, DayType.CONDITIONAL, DayType.EXAM]),
        st.sampled_from(Portion),
    ),
    max_size=12,
)  # fmt: skip
closures = st.lists(
    st.builds(
        Mark, st.just(Layer.EVENT), st.sampled_from(WEEKDAYS),
        st.sampled_from([DayType.CLOSURE, DayType.SUSPENSION, DayType.CLASS]), st.sampled_from(Portion),
    ),
    max_size=8,
)  # fmt: skip


@given(rotations, planned_marks, closures)
def test_every_class_day_has_exactly_one_number_and_no_other_day_has_one(
    rotation: Rotation, marks: list[Mark], events: list[Mark]
) -> None:
    planned, actual = lay(FRAME, marks), lay(FRAME, [*marks, *events])
    numbers = number(planned, actual, rotation)
    for day in actual:
        assert (numbers[day.on_date].turn is not None) is day.is_class
        if day.is_class:
            assert 1 <= numbers[day.on_date].turn.day <= rotation.length


@given(rotations, planned_marks, closures)
def test_sliding_leaves_no_gap_and_no_repeat(rotation: Rotation, marks: list[Mark], events: list[Mark]) -> None:
    rotation = Rotation(rotation.length, Reflow.SLIDE)
    planned, actual = lay(FRAME, marks), lay(FRAME, [*marks, *events])
    numbers = number(planned, actual, rotation)
    seen = [numbers[day.on_date].turn.day for day in actual if day.is_class]
    assert seen == [n % rotation.length + 1 for n in range(len(seen))]


@given(rotations, planned_marks, closures)
def test_keeping_changes_no_printed_number_where_something_was_lost_for_each_day_won(
    rotation: Rotation, marks: list[Mark], events: list[Mark]
) -> None:
    rotation = Rotation(rotation.length, Reflow.KEEP)
    planned = lay(FRAME, marks)
    only_closed = [mark for mark in events if mark.day_type is not DayType.CLASS]
    actual = lay(FRAME, [*marks, *only_closed])
    numbers = number(planned, actual, rotation)
    for day in actual:
        if day.is_class:
            assert numbers[day.on_date].turn == numbers[day.on_date].printed


@given(rotations, planned_marks, closures)
def test_what_was_printed_does_not_depend_on_what_happened(
    rotation: Rotation, marks: list[Mark], events: list[Mark]
) -> None:
    without = {d.on_date: d.printed_day for d in days_of(Strand(FRAME, rotation, tuple(marks)))}
    with_events = {d.on_date: d.printed_day for d in days_of(Strand(FRAME, rotation, tuple(marks), tuple(events)))}
    assert with_events == {on_date: without.get(on_date) for on_date in with_events}


# --- Years worked out by hand: the last day of August to 18 September 2026

AUTUMN = Frame(date(2026, 8, 31), date(2026, 8, 31), date(2026, 9, 18), date(2026, 9, 18))
LABOUR_DAY = Mark(Layer.HOLIDAYS, date(2026, 9, 7), DayType.HOLIDAY)
CONDITIONAL = Mark(Layer.ORGANIZATION, date(2026, 9, 11), DayType.CONDITIONAL, rank=1)
STORM = Mark(Layer.EVENT, date(2026, 9, 2), DayType.CLOSURE, label="Tempête")
REOPENED = Mark(Layer.EVENT, date(2026, 9, 11), DayType.CLASS)


def autumn(length: int, reflow: Reflow, *events: Mark) -> str:
    """The numbers of 31 August to 18 September, weekdays in order, « . » where no number is said."""
    days = days_of(Strand(AUTUMN, Rotation(length, reflow), (LABOUR_DAY, CONDITIONAL), events))
    return " ".join("." if day.cycle_day is None else str(day.cycle_day) for day in days)


def test_a_cycle_of_five_days_with_a_storm_and_a_conditional_day() -> None:
    assert autumn(5, Reflow.SLIDE) == "1 2 3 4 5 . 1 2 3 . 4 5 1 2 3"
    assert autumn(5, Reflow.SLIDE, STORM) == "1 2 . 3 4 . 5 1 2 . 3 4 5 1 2"
    assert autumn(5, Reflow.SLIDE, STORM, REOPENED) == "1 2 . 3 4 . 5 1 2 3 4 5 1 2 3"
    assert autumn(5, Reflow.KEEP, STORM) == "1 2 . 4 5 . 1 2 3 . 4 5 1 2 3"
    assert autumn(5, Reflow.KEEP, STORM, REOPENED) == "1 2 . 4 5 . 1 2 3 3 4 5 1 2 3"
    assert autumn(5, Reflow.KEEP, REOPENED) == "1 2 3 4 5 . 1 2 3 4 5 1 2 3 4"


def test_a_cycle_of_nine_days_with_a_storm_and_a_conditional_day() -> None:
    assert autumn(9, Reflow.SLIDE) == "1 2 3 4 5 . 6 7 8 . 9 1 2 3 4"
    assert autumn(9, Reflow.SLIDE, STORM, REOPENED) == "1 2 . 3 4 . 5 6 7 8 9 1 2 3 4"
    assert autumn(9, Reflow.KEEP, STORM, REOPENED) == "1 2 . 4 5 . 6 7 8 3 9 1 2 3 4"


def test_a_cycle_of_ten_days_whose_closed_afternoon_loses_nothing() -> None:
    afternoon = Mark(Layer.EVENT, date(2026, 9, 2), DayType.CLOSURE, Portion.AFTERNOON)
    assert autumn(10, Reflow.SLIDE, afternoon) == "1 2 3 4 5 . 6 7 8 . 9 10 1 2 3"
    assert autumn(10, Reflow.KEEP, STORM) == "1 2 . 4 5 . 6 7 8 . 9 10 1 2 3"


def test_an_exam_is_day_zero_and_the_cycle_waits() -> None:
    exam = Mark(Layer.BUILDING, date(2026, 9, 2), DayType.EXAM)
    days = days_of(Strand(AUTUMN, Rotation(5), (LABOUR_DAY, CONDITIONAL, exam)))
    assert [day.cycle_day for day in days[:5]] == [1, 2, OUTSIDE, 3, 4]


def test_a_whole_year_with_a_spring_break_numbers_both_sides_of_it() -> None:
    frame = Frame(date(2027, 2, 22), date(2027, 2, 22), date(2027, 3, 12), date(2027, 3, 12))
    off = [Mark(Layer.ORGANIZATION, date(2027, 3, 1) + timedelta(n), DayType.SPRING_BREAK) for n in range(5)]
    days = days_of(Strand(frame, Rotation(9), tuple(off)))
    assert [day.cycle_day for day in days] == [1, 2, 3, 4, 5, None, None, None, None, None, 6, 7, 8, 9, 1]


def test_a_rotation_says_what_is_wrong_with_it() -> None:
    assert Rotation(0).faults() == {"length": "out_of_range"}
    assert Rotation(400).faults() == {"length": "out_of_range"}
    assert Rotation(5, first=6).faults() == {"first": "out_of_range"}
    assert Rotation(20).faults() == {}


def test_a_day_without_a_number_shows_none() -> None:
    (day,) = [d for d in lay(AUTUMN, [LABOUR_DAY]) if d.on_date == LABOUR_DAY.on_date]
    numbers = number([day], [day], Rotation(5))
    assert shown(day, numbers[day.on_date]) is None
