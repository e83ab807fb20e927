"""Painting ranges into a layer, and copying a year onto the next."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.calendar_edits import Stroke, WhyDropped, copied, overlaps, paint
from intervention.domain.calendar_layers import Frame, Mark, lay
from intervention.domain.days import DayType, Layer, Portion

FRAME = Frame(date(2026, 8, 24), date(2026, 8, 28), date(2027, 6, 22), date(2027, 6, 25))
THANKSGIVING = date(2026, 10, 12)
BOARD = UUID(int=1)
BREAK = Stroke(date(2027, 3, 1), date(2027, 3, 5), DayType.SPRING_BREAK, label="Relâche")


def painted(*strokes: Stroke) -> list[tuple[date, Portion, DayType]]:
    words = paint({}, Layer.ORGANIZATION, strokes, {THANKSGIVING})
    return sorted((on_date, portion, mark.day_type) for (on_date, portion), mark in words.items())


def test_a_range_is_split_around_weekends_and_holidays() -> None:
    found = painted(Stroke(date(2026, 10, 9), date(2026, 10, 14), DayType.PEDAGOGICAL))

    assert [on_date.day for on_date, _, _ in found] == [9, 13, 14]


def test_one_date_alone_is_meant_as_given() -> None:
    saturday = date(2026, 10, 17)

    assert painted(Stroke(saturday, saturday, DayType.CLASS)) == [(saturday, Portion.WHOLE, DayType.CLASS)]


def test_half_a_day_painted_over_a_whole_one_leaves_the_other_half() -> None:
    day = date(2026, 10, 13)
    whole, half = Stroke(day, day, DayType.PEDAGOGICAL), Stroke(day, day, DayType.CLASS, Portion.MORNING)

    assert painted(whole, half) == [
        (day, Portion.AFTERNOON, DayType.PEDAGOGICAL), (day, Portion.MORNING, DayType.CLASS)
    ]  # fmt: skip
    assert painted(half, whole) == [(day, Portion.WHOLE, DayType.PEDAGOGICAL)]


def test_what_is_taken_back_is_taken_back_on_weekends_too() -> None:
    saturday = date(2026, 10, 17)
    back = Stroke(date(2026, 10, 1), date(2026, 10, 31), None)

    assert painted(Stroke(saturday, saturday, DayType.CLASS), back) == []


def test_conditional_days_take_their_order_from_the_first() -> None:
    stroke = Stroke(date(2027, 6, 3), date(2027, 6, 7), DayType.CONDITIONAL, rank=2)
    words = paint({}, Layer.ORGANIZATION, [stroke], ())

    assert [(on_date.day, mark.rank) for (on_date, _), mark in sorted(words.items())] == [(3, 2), (4, 3), (7, 4)]


@pytest.mark.parametrize(
    ("stroke", "faults"),
    [
        (Stroke(date(2026, 7, 1), date(2026, 9, 1), DayType.PEDAGOGICAL), {"first": "outside_year"}),
        (Stroke(date(2026, 9, 2), date(2026, 9, 1), DayType.PEDAGOGICAL), {"last": "ends_before_start"}),
        (Stroke(date(2026, 9, 2), date(2028, 9, 1), DayType.PEDAGOGICAL), {"last": "outside_year"}),
        (Stroke(date(2026, 9, 2), date(2026, 9, 2), DayType.CLOSURE), {"day_type": "never_planned"}),
        (Stroke(date(2026, 9, 2), date(2026, 9, 2), DayType.CLASS, rank=1), {"rank": "only_conditional"}),
        (Stroke(date(2026, 9, 2), date(2026, 9, 2), DayType.CONDITIONAL, rank=0), {"rank": "out_of_range"}),
        (Stroke(date(2026, 9, 2), date(2026, 9, 2), DayType.CLASS, label="x" * 81), {"label": "too_long"}),
        (BREAK, {}),
    ],
)
def test_a_stroke_says_what_is_wrong_with_it(stroke: Stroke, faults: dict[str, str]) -> None:
    assert stroke.faults(FRAME) == faults


def test_strokes_that_say_two_things_of_one_half_day_overlap() -> None:
    first = Stroke(date(2026, 9, 1), date(2026, 9, 4), DayType.PEDAGOGICAL)
    inside = Stroke(date(2026, 9, 2), date(2026, 9, 2), DayType.HOLIDAY)
    morning = Stroke(date(2026, 9, 10), date(2026, 9, 10), DayType.EXAM, Portion.MORNING)
    afternoon = Stroke(date(2026, 9, 10), date(2026, 9, 10), DayType.PEDAGOGICAL, Portion.AFTERNOON)

    assert overlaps([first, morning, inside, afternoon]) == [(2, 0)]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 12), st.sampled_from(Portion)), max_size=8))
def test_a_date_never_has_a_whole_and_a_half_at_once(ranges: list[tuple[int, int, Portion]]) -> None:
    strokes = [
        Stroke(FRAME.staff_from + timedelta(n), FRAME.staff_from + timedelta(n + more), DayType.PEDAGOGICAL, portion)
        for n, more, portion in ranges
    ]
    words = paint({}, Layer.SCHOOL, strokes, ())

    for on_date, portion in words:
        if portion is Portion.WHOLE:
            assert {(on_date, Portion.MORNING), (on_date, Portion.AFTERNOON)}.isdisjoint(words)


def test_a_year_is_copied_on_the_same_weekdays_and_holidays_are_not() -> None:
    new = Frame(date(2027, 8, 23), date(2027, 8, 27), date(2028, 6, 22), date(2028, 6, 26))
    friday = Mark(Layer.BUILDING, date(2026, 10, 9), DayType.PEDAGOGICAL)
    on_holiday = Mark(Layer.ORGANIZATION, date(2026, 10, 13), DayType.PEDAGOGICAL)
    first = Mark(Layer.ORGANIZATION, FRAME.staff_from, DayType.STAFF_ONLY)
    legal = Mark(Layer.HOLIDAYS, THANKSGIVING, DayType.HOLIDAY)
    said = [(BOARD, "", mark) for mark in (friday, on_holiday, first, legal)]

    found = copied(said, FRAME, new, {date(2027, 10, 12)})

    assert [(each.was_on, each.mark.on_date, each.dropped) for each in found] == [
        (first.on_date, date(2027, 8, 23), None),
        (friday.on_date, date(2027, 10, 8), None),
        (on_holiday.on_date, date(2027, 10, 12), WhyDropped.LEGAL_HOLIDAY),
    ]
    assert all(each.was_on.isoweekday() == each.mark.on_date.isoweekday() for each in found)


def test_what_falls_outside_the_new_year_is_told() -> None:
    shorter = Frame(date(2027, 8, 26), date(2027, 8, 27), date(2028, 6, 20), date(2028, 6, 20))
    said = [(BOARD, "", Mark(Layer.ORGANIZATION, FRAME.staff_from, DayType.STAFF_ONLY))]

    assert [each.dropped for each in copied(said, FRAME, shorter, ())] == [WhyDropped.OUTSIDE_YEAR]


def test_painted_days_are_laid() -> None:
    words = paint({}, Layer.ORGANIZATION, [BREAK], ())

    days = {day.on_date: day for day in lay(FRAME, words.values())}

    assert days[date(2027, 3, 3)].label == "Relâche"
