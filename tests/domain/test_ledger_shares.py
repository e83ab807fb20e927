"""The split of a saving over its séances."""

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.ledger import week_ledger
from intervention.domain.ledger_facts import Amount
from intervention.domain.ledger_shares import apportion, shares
from intervention.domain.ledger_week import Row
from tests.domain.road_map import BASE, A, B, C, roads
from tests.domain.test_ledger import MAP, MON, TUE, remote, visit, week


def metres(*rows: Row) -> list[tuple[UUID, int]]:
    ledger = week_ledger(week(*rows), MAP)
    return [(item.building_id, amount.metres) for item, amount in shares(ledger, MAP)]


def test_a_school_further_on_the_same_road_bears_its_own_stretch_and_shares_the_rest() -> None:
    assert metres(remote(MON, A), remote(MON, B)) == [(A, 40_000), (B, 80_000)]


def test_seances_of_one_school_share_equally() -> None:
    assert metres(remote(MON, A), remote(MON, A, n=1), remote(MON, C)) == [(A, 40_000), (A, 40_000), (C, 100_000)]


def test_a_school_on_a_road_already_driven_bears_nothing() -> None:
    assert metres(visit(MON, A), remote(MON, B), remote(TUE, C)) == [(B, 40_000), (C, 100_000)]


def test_split_is_of_the_regrouped_figure() -> None:
    assert metres(remote(MON, A), remote(TUE, A)) == [(A, 40_000), (A, 40_000)]


def test_day_of_many_schools_is_split_by_their_own_roads() -> None:
    line = {BASE: (0, 0)} | {UUID(int=n): (n, 0) for n in range(1, 11)}
    times = roads(line)
    ledger = week_ledger(week(*(remote(MON, building, minutes=5) for building in line if building != BASE)), times)

    split = shares(ledger, times)

    assert ledger.headline == Amount(20_000, 20)
    by_hand = [364, 727, 1091, 1455, 1818, 2182, 2545, 2909, 3273, 3636]
    assert [amount.metres for _, amount in split] == by_hand


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (10, [0, 0], [5, 5]),
        (7, [1, 2, 4], [1, 2, 4]),
        (-10, [1, 1, 1], [-4, -3, -3]),
        (0, [1, 2], [0, 0]),
        (0, [], []),
    ],
)
def test_apportion(total: int, weights: list[int], parts: list[int]) -> None:
    assert apportion(total, [Fraction(weight) for weight in weights]) == parts


@given(st.integers(-(10**9), 10**9), st.lists(st.fractions(min_value=0, max_value=1000), min_size=1, max_size=9))
def test_parts_add_up_and_none_is_a_unit_away(total: int, weights: list[Fraction]) -> None:
    parts = apportion(total, weights)

    assert sum(parts) == total
    scale = sum(weights)
    assert not scale or all(abs(part - total * w / scale) < 1 for part, w in zip(parts, weights, strict=True))
