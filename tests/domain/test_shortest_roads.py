"""Shortest ways worked out from one place at a time are those of every place at once."""

from __future__ import annotations

from itertools import pairwise, product
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.shortest_roads import NO_ROAD, ClosedRoads, packed

MOST = 9
Pairs = dict[tuple[UUID, UUID], tuple[int, int]]


@st.composite
def countries(draw: st.DrawFn) -> tuple[list[UUID], Pairs]:
    """Few places and small numbers: ties, ways round and places without a road come all the time."""
    ids = [UUID(int=n) for n in range(draw(st.integers(1, MOST)))]
    roads = st.tuples(st.integers(0, 12), st.integers(0, 6)) | st.none()
    given = {(a, b): draw(roads) for a, b in product(ids, repeat=2) if a != b}
    return ids, {pair: road for pair, road in given.items() if road is not None}


def at_once(ids: list[UUID], direct: Pairs) -> dict[tuple[UUID, UUID], int]:
    """Floyd (1962), as plain as can be."""
    cost = {(a, b): 0 if a == b else packed(*direct[a, b]) if (a, b) in direct else NO_ROAD for a in ids for b in ids}
    for middle, start, end in product(ids, repeat=3):
        if max(cost[start, middle], cost[middle, end]) < NO_ROAD:
            cost[start, end] = min(cost[start, end], cost[start, middle] + cost[middle, end])
    return cost


@given(countries())
def test_costs_are_those_of_the_whole_closure_and_paths_add_up_to_them(country: tuple[list[UUID], Pairs]) -> None:
    ids, direct = country
    closed, expected = ClosedRoads(ids, lambda a, b: direct.get((a, b))), at_once(ids, direct)

    for start, end in product(ids, repeat=2):
        assert closed.connects(start, end) == (expected[start, end] < NO_ROAD)
        if closed.connects(start, end):
            assert packed(closed.metres(start, end), closed.minutes(start, end)) == expected[start, end]
            path = closed.path(start, end)
            assert (path[0], path[-1]) == (start, end)
            assert sum(packed(*direct[leg]) for leg in pairwise(path)) == expected[start, end]


@given(countries())
def test_straight_way_is_kept_where_none_is_shorter(country: tuple[list[UUID], Pairs]) -> None:
    ids, direct = country
    closed, expected = ClosedRoads(ids, lambda a, b: direct.get((a, b))), at_once(ids, direct)

    for start, end in direct:
        if packed(*direct[start, end]) == expected[start, end]:
            assert closed.path(start, end) == (start, end)
