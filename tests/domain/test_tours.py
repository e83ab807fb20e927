"""The shortest tour, against every order tried one by one."""

from itertools import pairwise, permutations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervention.domain.ledger_facts import Amount, Tour
from intervention.domain.tours import MAX_STOPS, best_tour
from intervention.domain.travel import Place, Quality, Source, TravelTime, TravelTimes
from tests.domain.road_map import BASE, A, B, C, roads

somewhere = st.tuples(st.integers(-60, 60), st.integers(-60, 60))
times_apart = st.builds(TravelTime, st.integers(0, 90), st.integers(0, 90_000), st.just(Source.DECLARED))


@st.composite
def directed_roads(draw: st.DrawFn) -> tuple[TravelTimes, list[UUID]]:
    """Any times at all, one way unlike the other, that obey no inequality."""
    ids = [UUID(int=n) for n in range(draw(st.integers(2, 6)))]
    matrix = {(a, b): draw(times_apart) for a in ids for b in ids if a != b}
    return TravelTimes([Place(building, 48, -68) for building in ids], [matrix]), ids


def tried_one_by_one(times: TravelTimes, base: UUID, stops: list[UUID]) -> tuple[int, int]:
    closed = times.roads(winter=False)

    def length(order: tuple[UUID, ...]) -> tuple[int, int]:
        legs = list(pairwise([base, *order, base]))
        return sum(closed.metres(*leg) for leg in legs), sum(closed.minutes(*leg) for leg in legs)

    return min(length(order) for order in permutations(stops))


@settings(deadline=None)
@given(directed_roads())
def test_no_order_is_shorter(world: tuple[TravelTimes, list[UUID]]) -> None:
    times, (base, *stops) = world

    tour = best_tour(times, base, stops, winter=False)

    assert (tour.amount.metres, tour.amount.minutes) == tried_one_by_one(times, base, stops)
    assert sorted(tour.stops) == stops
    assert [(leg.start, leg.end) for leg in tour.legs] == list(pairwise([base, *tour.stops, base]))


@settings(deadline=None)
@given(directed_roads())
def test_one_stop_more_is_never_shorter(world: tuple[TravelTimes, list[UUID]]) -> None:
    times, (base, *stops) = world

    lengths = [best_tour(times, base, stops[:n], winter=False).amount.metres for n in range(len(stops) + 1)]

    assert lengths == sorted(lengths)


def test_stops_on_the_way_cost_nothing() -> None:
    times = roads({BASE: (0, 0), A: (10, 0), B: (30, 0), C: (30, 5)})

    assert best_tour(times, BASE, [C], winter=False).amount == Amount(70_000, 70)
    assert best_tour(times, BASE, [C, B, A], winter=False).amount == Amount(70_000, 70)


def test_base_and_repeats_are_no_stops() -> None:
    times = roads({BASE: (0, 0), A: (10, 0)})

    assert best_tour(times, BASE, [A, BASE, A], winter=False).stops == (A,)
    assert best_tour(times, BASE, [BASE], winter=False) == Tour(BASE)


def test_winter_shows_in_the_minutes_of_each_leg() -> None:
    times = roads({BASE: (0, 0), A: (10, 0)})

    tour = best_tour(times, BASE, [A], winter=True)

    assert [leg.time.minutes for leg in tour.legs] == [12, 12]
    assert tour.amount == Amount(20_000, 24)


def test_leg_says_the_way_it_takes_and_its_weakest_source() -> None:
    long_way = TravelTime(60, 62_000, Source.DECLARED)
    guess = TravelTime(20, 20_000, Source.ESTIMATED, quality=Quality.ESTIMATED)
    matrix = {(BASE, A): long_way, (A, BASE): long_way}
    matrix |= {(BASE, B): guess, (B, BASE): guess, (A, B): guess, (B, A): guess}
    times = TravelTimes([Place(BASE, 48, -68), Place(A, 48.3, -68), Place(B, 48.1, -68)], [matrix])

    (out, _) = best_tour(times, BASE, [A], winter=False).legs

    assert (out.time.metres, out.time.source, out.time.via) == (40_000, Source.ESTIMATED, (B,))


def test_no_road_is_refused() -> None:
    times = roads({BASE: (0, 0), A: (10, 0), B: (20, 0)}, without={B})

    with pytest.raises(ValueError, match="no_road"):
        best_tour(times, BASE, [A, B], winter=False)


def test_more_stops_than_a_day_holds_still_make_a_tour() -> None:
    line = {UUID(int=n): (n, 0) for n in range(MAX_STOPS + 3)}

    tour = best_tour(roads(line), BASE, list(line), winter=False)

    assert sorted(tour.stops) == sorted(line)[1:]
    assert tour.amount == Amount(2 * (MAX_STOPS + 2) * 1000, 2 * (MAX_STOPS + 2))
