from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.errors import InvalidInput
from intervention.domain.school_time import (
    dates_between,
    day_range,
    exact_instant,
    instant,
    mask,
    tick_at,
    wall_ranges,
)
from intervention.domain.spans import tick_of

NATASHQUAN, KEGASKA, ILES = "America/Toronto", "America/Blanc-Sablon", "America/Halifax"


@pytest.mark.parametrize(
    ("on_date", "apart"),
    [(date(2026, 10, 29), True), (date(2026, 11, 5), False), (date(2027, 3, 18), True)],
)
def test_nine_at_natashquan_and_ten_at_kegaska_collide_in_winter(on_date: date, *, apart: bool) -> None:
    nine, ten = instant(on_date, time(9), NATASHQUAN), instant(on_date, time(10), KEGASKA)

    assert (nine != ten) is apart


def test_skipped_hour_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        exact_instant(date(2026, 3, 8), time(2, 30), "America/Toronto")

    assert refused.value.fields == {"starts_at": "in_the_gap"}


def test_skipped_hour_of_one_zone_exists_in_another() -> None:
    assert exact_instant(date(2026, 3, 8), time(2, 30), KEGASKA) == datetime(2026, 3, 8, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on_date", "ticks"), [(date(2026, 3, 8), 276), (date(2026, 11, 1), 300), (date(2026, 11, 24), 288)]
)
def test_day_has_as_many_ticks_as_its_clock_gives(on_date: date, ticks: int) -> None:
    starts, ends = day_range(on_date, ILES)

    assert ends - starts == ticks


def test_bells_follow_the_wall_across_the_change() -> None:
    friday, monday = date(2026, 10, 30), date(2026, 11, 2)

    assert tick_at(friday, time(9), ILES) == tick_of(datetime(2026, 10, 30, 12, tzinfo=UTC))
    assert tick_at(monday, time(9), ILES) == tick_of(datetime(2026, 11, 2, 13, tzinfo=UTC))


@given(
    st.lists(st.tuples(st.integers(-50, 150), st.integers(-50, 150)), max_size=6),
    st.integers(-20, 20),
    st.integers(1, 100),
)
def test_mask_is_the_union_of_its_ranges(ranges: list[tuple[int, int]], origin: int, length: int) -> None:
    found = mask(ranges, origin, length)

    for k in range(length):
        assert bool(found >> k & 1) == any(starts <= origin + k < ends for starts, ends in ranges)
    assert found >> length == 0


def test_window_touches_its_local_dates() -> None:
    origin = tick_of(datetime(2026, 11, 24, 3, tzinfo=UTC))  # still the 23rd at Toronto

    assert dates_between(origin, 288, NATASHQUAN) == [date(2026, 11, 23), date(2026, 11, 24)]


def test_wall_ranges_are_half_open() -> None:
    ((starts, ends),) = wall_ranges(date(2026, 11, 24), [(time(8, 10), time(10, 10))], NATASHQUAN)

    assert ends - starts == 24
