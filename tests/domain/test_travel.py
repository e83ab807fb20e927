"""Travel times between buildings: sources, composition, seasons and buffers."""

from datetime import date
from uuid import UUID

import pytest

from intervention.domain.travel import (
    SAME_PLACE,
    Place,
    Quality,
    Source,
    TravelMode,
    TravelTime,
    TravelTimes,
    buffer_ticks,
    in_season,
    is_long_road,
    is_winter,
)

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
PLACES = [Place(A, 49.0, -68.0), Place(B, 49.1, -68.0), Place(C, 49.2, -68.0)]


def declared(minutes: int, metres: int, mode: TravelMode = TravelMode.ROAD) -> TravelTime:
    return TravelTime(minutes, metres, Source.DECLARED, mode)


def guessed(minutes: int, metres: int) -> TravelTime:
    return TravelTime(minutes, metres, Source.ESTIMATED, quality=Quality.ESTIMATED)


def test_negative_travel_is_refused() -> None:
    with pytest.raises(ValueError, match="negative_travel"):
        TravelTime(-1, 0, Source.DECLARED)


def test_first_source_that_knows_a_pair_answers_for_it_alone() -> None:
    times = TravelTimes(
        PLACES, [{(A, B): declared(20, 15_000)}, {(A, B): guessed(30, 9_000), (B, A): guessed(31, 9_000)}]
    )

    assert times.between(A, B) == declared(20, 15_000)
    assert times.between(B, A) == guessed(31, 9_000)
    assert times.between(A, A) == SAME_PLACE


def test_no_road_is_said_even_when_a_weaker_source_guesses_one() -> None:
    times = TravelTimes(PLACES[:2], [{(A, B): None}, {(A, B): guessed(30, 9_000)}])

    assert times.between(A, B) is None


def test_way_round_is_composed_and_as_sure_as_its_weakest_leg() -> None:
    ferry = declared(140, 5_000, TravelMode.FERRY)
    times = TravelTimes(PLACES, [{(A, B): ferry}, {(A, C): None, (B, C): guessed(25, 14_000)}])

    assert times.between(A, C) == TravelTime(
        165, 19_000, Source.ESTIMATED, TravelMode.FERRY, Quality.ESTIMATED, via=(B,)
    )


def test_declared_pair_keeps_its_value_for_a_person_while_tours_take_the_shorter_way_round() -> None:
    times = TravelTimes(
        PLACES, [{(A, C): declared(60, 62_000)}, {(A, B): guessed(25, 20_000), (B, C): guessed(25, 25_000)}]
    )

    assert times.between(A, C) == declared(60, 62_000)
    assert times.roads(winter=False).metres(A, C) == 45_000
    assert times.roads(winter=False).path(A, C) == (A, B, C)
    assert times.undercut() == [(A, C)]


def test_way_over_a_missing_road_has_no_provenance() -> None:
    with pytest.raises(ValueError, match="no_road"):
        TravelTimes(PLACES[:2], [{(A, B): None}]).provenance((A, B))


def test_tours_never_fly() -> None:
    times = TravelTimes(PLACES[:2], [{(A, B): declared(50, 0, TravelMode.AIR)}])

    assert times.between(A, B) == declared(50, 0, TravelMode.AIR)
    assert not times.roads(winter=False).connects(A, B)
    assert times.undercut() == []


def test_direction_may_matter() -> None:
    times = TravelTimes(PLACES[:2], [{(A, B): declared(20, 15_000), (B, A): declared(22, 16_000)}])

    assert (times.roads(winter=False).metres(A, B), times.roads(winter=False).metres(B, A)) == (15_000, 16_000)


def test_winter_lengthens_minutes_and_not_metres() -> None:
    times = TravelTimes(PLACES[:2], [{(A, B): declared(61, 50_000)}])

    assert (times.roads(winter=True).minutes(A, B), times.roads(winter=True).metres(A, B)) == (71, 50_000)
    assert times.roads(winter=False).minutes(A, B) == 61


def test_version_changes_with_any_value() -> None:
    one = TravelTimes(PLACES[:2], [{(A, B): declared(20, 15_000)}])
    same = TravelTimes(reversed(PLACES[:2]), [{(A, B): declared(20, 15_000)}])
    other = TravelTimes(PLACES[:2], [{(A, B): declared(21, 15_000)}])

    assert one.version == same.version
    assert one.version != other.version


@pytest.mark.parametrize(
    ("on", "winter"),
    [
        (date(2026, 11, 14), False),
        (date(2026, 11, 15), True),
        (date(2027, 1, 1), True),
        (date(2027, 4, 15), True),
        (date(2027, 4, 16), False),
        (date(2027, 7, 1), False),
    ],
)
def test_winter_is_from_15_november_to_15_april(on: date, winter: bool) -> None:
    assert is_winter(on) is winter


@pytest.mark.parametrize(
    ("time", "month", "ticks"),
    [
        (SAME_PLACE, 1, 1),  # another room: 5 minutes whatever the season
        (declared(60, 50_000), 6, 16),  # 60 + 10 + 6 = 76 -> 80
        (declared(60, 50_000), 1, 17),  # 69 + 10 + 6 = 85 -> 85, no round-up beyond
        (guessed(60, 50_000), 1, 20),  # 81 + 10 + 6 = 97 -> 100: an estimate in winter is taken at its ninth tenth
        (declared(200, 250_000), 6, 45),  # margin stops at 15: 200 + 10 + 15 = 225
        (declared(0, 0), 6, 2),  # a car moved across the yard: 10 minutes to park and be received
    ],
)
def test_buffer_is_the_road_in_its_season_parking_and_a_margin(time: TravelTime, month: int, ticks: int) -> None:
    assert buffer_ticks(time, month) == ticks


def test_no_road_has_no_buffer() -> None:
    assert buffer_ticks(None, 6) is None


def test_long_road_is_more_than_ninety_minutes() -> None:
    assert not is_long_road(declared(90, 1))
    assert is_long_road(declared(91, 1))


def test_season_rounds_up() -> None:
    assert in_season(1, 115) == 2
    assert in_season(0, 115) == 0
