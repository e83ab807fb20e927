from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from intervention.rendering import times
from intervention.rendering.i18n import speaking

NOON = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "french", "english"),
    [
        (time(10, 30), "10\u00a0h\u00a030", "10:30"),
        (time(9, 5), "9\u00a0h\u00a005", "9:05"),
        (time(14), "14\u00a0h", "14:00"),
        (time(0), "0\u00a0h", "0:00"),
    ],
)
def test_wall_times(at: time, french: str, english: str) -> None:
    assert times.wall_time(at) == french
    with speaking("en"):
        assert times.wall_time(at) == english


def test_an_instant_is_told_in_a_zone() -> None:
    assert times.time_of(NOON, "America/Toronto") == "12\u00a0h\u00a030"
    assert times.time_of(NOON, "America/Halifax") == "13\u00a0h\u00a030"


def test_a_day_is_told_with_its_weekday() -> None:
    on = date(2026, 11, 24)

    assert times.day(on) == "mardi 24 nov."
    assert times.short_day(on) == "mar. 24"
    assert times.long_day(on) == "mardi 24 novembre 2026"
    with speaking("en"):
        assert times.long_day(on) == "Tuesday, November 24, 2026"


def test_the_day_of_an_instant_is_the_zones_own() -> None:
    late = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)

    assert times.day_of(late, "America/Toronto") == "mardi 24 nov."


def test_zones_differ_by_season() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)

    assert not times.differs(NOON, "America/Halifax", "America/Blanc-Sablon")
    assert times.differs(summer, "America/Halifax", "America/Blanc-Sablon")


def test_a_zone_is_called_as_people_call_it() -> None:
    assert times.zone_name("America/Halifax") == "heure de l’Atlantique"
    assert times.zone_name("America/Iqaluit") == "heure locale (Iqaluit)"


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (45, "45\u00a0min"),
        (60, "1\u00a0h"),
        (80, "1\u00a0h\u00a020"),
        (timedelta(hours=2, minutes=5), "2\u00a0h\u00a005"),
    ],
)
def test_durations(length: timedelta | int, told: str) -> None:
    assert times.lasting(length) == told


def test_numbers() -> None:
    assert times.number(1234.5, 1) == "1\u00a0234,5"
    assert times.percent(0.12) == "12\u00a0%"
    with speaking("en"):
        assert times.number(1234.5, 1) == "1,234.5"
        assert times.percent(0.12) == "12%"


def test_first_of_a_month_is_an_ordinal_in_french() -> None:
    first = date(2026, 12, 1)

    assert times.short_day(first) == "mar. 1er"
    assert times.long_day(first) == "mardi 1er décembre 2026"
    assert times.month(first) == "décembre 2026"
    with speaking("en"):
        assert times.short_day(first) == "Tue 1"
