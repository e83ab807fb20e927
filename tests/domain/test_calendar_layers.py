"""Each layer overrides those before it, half day by half day, and the answer says who decided."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import permutations, product

import pytest

from intervention.domain.calendar_layers import Frame, LaidDay, Mark, count, lay, relaid
from intervention.domain.days import DayType, Layer, Portion

FRAME = Frame(date(2026, 8, 24), date(2026, 8, 27), date(2027, 6, 23), date(2027, 6, 25))
MONDAY = date(2026, 9, 7)


def on(marks: list[Mark], on_date: date = MONDAY) -> LaidDay | None:
    return next((day for day in lay(FRAME, marks) if day.on_date == on_date), None)


def test_a_weekday_between_the_bounds_is_a_class_day_that_nobody_had_to_say() -> None:
    assert on([]) == LaidDay(MONDAY, DayType.CLASS, DayType.CLASS, Layer.YEAR)
    assert on([], date(2026, 8, 25)) == LaidDay(date(2026, 8, 25), DayType.STAFF_ONLY, DayType.STAFF_ONLY, Layer.YEAR)
    assert on([], date(2026, 9, 6)) is None
    assert on([], date(2027, 6, 28)) is None


def test_the_last_layer_speaks_whatever_the_order_they_come_in() -> None:
    marks = [
        Mark(Layer.HOLIDAYS, MONDAY, DayType.HOLIDAY, label="labour"),
        Mark(Layer.ORGANIZATION, MONDAY, DayType.PEDAGOGICAL, label="Rencontre générale"),
        Mark(Layer.SCHOOL, MONDAY, DayType.CLASS),
        Mark(Layer.BUILDING, MONDAY, DayType.EXAM, label="Épreuves"),
        Mark(Layer.LEVEL, MONDAY, DayType.CLASS),
        Mark(Layer.EVENT, MONDAY, DayType.CLOSURE, label="Tempête"),
    ]
    for several in range(1, len(marks) + 1):
        for order in permutations(marks[:several]):
            day = on(list(order))
            assert day is not None
            assert (day.day_type, day.layer, day.label) == (
                marks[several - 1].day_type, marks[several - 1].layer, marks[several - 1].label,
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_dates_laid_again_are_what_laying_all_of_them_gives(seed: int) -> None:
    rng = random.Random(seed)
    dates = [date(2026, 8, 20) + timedelta(days=rng.randrange(320)) for _ in range(40)]
    kinds = list(product(Layer, DayType, Portion))
    marks, more = (
        [Mark(layer, rng.choice(dates), day_type, portion) for layer, day_type, portion in rng.choices(kinds, k=30)]
        for _ in range(2)
    )

    assert relaid(FRAME, lay(FRAME, marks), marks, more) == lay(FRAME, [*marks, *more])


def test_the_graver_of_two_events_holds_whichever_was_said_last() -> None:
    events = [
        Mark(Layer.ORGANIZATION, MONDAY, DayType.CONDITIONAL, rank=1),
        Mark(Layer.EVENT, MONDAY, DayType.CLASS),
        Mark(Layer.EVENT, MONDAY, DayType.SUSPENSION),
        Mark(Layer.EVENT, MONDAY, DayType.CLOSURE, Portion.MORNING, "Tempête"),
    ]
    for order in permutations(events):
        day = on(list(order))
        assert day is not None
        assert (day.types, day.label) == ((DayType.CLOSURE, DayType.SUSPENSION), "Tempête")


@pytest.mark.parametrize(
    ("planned", "event"),
    [
        (DayType.HOLIDAY, DayType.CLOSURE),
        (DayType.PEDAGOGICAL, DayType.SUSPENSION),
        (DayType.PEDAGOGICAL, DayType.CLASS),
        (DayType.SPRING_BREAK, DayType.SUSPENSION),
    ],
)
def test_an_event_holds_only_where_it_changes_something(planned: DayType, event: DayType) -> None:
    day = on([Mark(Layer.SCHOOL, MONDAY, planned), Mark(Layer.EVENT, MONDAY, event)])
    assert day is not None
    assert (day.day_type, day.layer) == (planned, Layer.SCHOOL)


def test_a_half_day_leaves_the_other_half_to_the_layers_before() -> None:
    marks = [
        Mark(Layer.ORGANIZATION, MONDAY, DayType.PEDAGOGICAL, label="Journée pédagogique"),
        Mark(Layer.SCHOOL, MONDAY, DayType.CLASS, Portion.MORNING),
    ]
    day = on(marks)
    assert day is not None
    assert day.types == (DayType.CLASS, DayType.PEDAGOGICAL)
    assert day.is_class
    assert day.layer is Layer.SCHOOL


def test_a_holiday_on_a_weekend_makes_no_day_and_a_board_may_give_class_on_one() -> None:
    saturday = date(2026, 12, 26)
    assert on([Mark(Layer.HOLIDAYS, saturday, DayType.HOLIDAY)], saturday) is None
    day = on([Mark(Layer.ORGANIZATION, saturday, DayType.CLASS)], saturday)
    assert day is not None
    assert day.day_type is DayType.CLASS


def test_the_check_of_180_and_200_days_counts_halves() -> None:
    day = date(2026, 9, 8)
    base = count(lay(FRAME, []))
    half = count(lay(FRAME, [Mark(Layer.SCHOOL, day, DayType.PEDAGOGICAL, Portion.AFTERNOON)]))
    storm = count(lay(FRAME, [Mark(Layer.EVENT, day, DayType.CLOSURE)]))
    assert half.class_halves == base.class_halves - 1
    assert half.calendar_halves == base.calendar_halves
    assert storm.class_halves == base.class_halves - 2
    assert storm.calendar_halves == base.calendar_halves
    assert base.is_too_many
    assert base.is_enough


@pytest.mark.parametrize(
    ("frame", "faults"),
    [
        (FRAME, {}),
        (
            Frame(date(2026, 9, 1), date(2026, 8, 27), date(2027, 6, 23), date(2027, 6, 23)),
            {"staff_from": "after_pupils"},
        ),
        (
            Frame(date(2026, 8, 24), date(2026, 8, 27), date(2026, 8, 27), date(2026, 8, 27)),
            {"pupils_until": "ends_before_start"},
        ),
        (
            Frame(date(2026, 8, 24), date(2026, 8, 27), date(2027, 6, 23), date(2027, 6, 1)),
            {"staff_until": "before_pupils"},
        ),
        (
            Frame(date(2020, 8, 24), date(2026, 8, 27), date(2027, 6, 23), date(2027, 6, 23)),
            {"staff_until": "year_too_long"},
        ),
    ],
)
def test_a_year_says_what_is_wrong_with_its_bounds(frame: Frame, faults: dict[str, str]) -> None:
    assert frame.faults() == faults
