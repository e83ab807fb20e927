"""Small cells stay hidden from a reader who subtracts."""

from collections.abc import Hashable, Mapping
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervention.domain.circulation import UNBOUNDED, Arc, Circulation
from intervention.domain.suppression import TOTAL, Key, suppress, suppress_list
from tests.domain import attacker

Table = dict[Key, int]
counts = st.sampled_from([0, 0, 1, 2, 4, 5, 7, 12, 30])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    return {(f"école {i}", f"service {j}"): draw(counts) for i in range(rows) for j in range(columns)}


def with_sums(table: Table, groups: Mapping[Hashable, Hashable]) -> Table:
    """Every number of the page: cells, totals, and subtotals of the groups."""
    page = dict(table)
    for (row, column), value in table.items():
        sums = [(row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)]
        if row in groups:
            sums += [(groups[row], column), (groups[row], TOTAL)]
        for key in sums:
            page[key] = page.get(key, 0) + value
    return page


def equations(table: Table, groups: Mapping[Hashable, Hashable]) -> list[dict[Hashable, int]]:
    """Each total minus what it sums, as a reader would write them."""
    found: dict[Hashable, dict[Hashable, int]] = {}

    def adds(total: Key, part: Key, way: str) -> None:
        found.setdefault((total, way), {total: -1})[part] = 1

    for row, column in table:
        adds((row, TOTAL), (row, column), "row")
        adds((TOTAL, column), (row, column), "column")
        adds((TOTAL, TOTAL), (row, TOTAL), "rows")
        adds((TOTAL, TOTAL), (TOTAL, column), "columns")
        if row in groups:
            adds((groups[row], column), (row, column), "part")
            adds((groups[row], TOTAL), (row, TOTAL), "group rows")
            adds((groups[row], TOTAL), (groups[row], column), "group columns")
    return list(found.values())


def attacked(
    page: Table, hidden: set[Key], groups: Mapping[Hashable, Hashable], table: Table
) -> dict[Hashable, tuple[object, ...]]:
    published = {key: value for key, value in page.items() if key not in hidden}
    return attacker.bounds(published, sorted(hidden, key=str), equations(table, groups))


def assert_safe(table: Table, hidden: set[Key], groups: Mapping[Hashable, Hashable]) -> None:
    page = with_sums(table, groups)
    small = {key for key, value in page.items() if 0 < value < 5}

    assert small <= hidden
    assert all(page[key] > 0 for key in hidden)
    for key, (least, most) in attacked(page, hidden, groups, table).items():
        assert most is None or least < most, f"{key} is known"
        assert key not in small or most is None or most - least >= 5, f"{key} is nearly known"


@settings(deadline=None, max_examples=80)
@given(tables())
def test_no_small_cell_of_a_table_can_be_found_by_subtraction(table: Table) -> None:
    assert_safe(table, suppress(table), {})


@settings(deadline=None, max_examples=50)
@given(tables())
def test_nor_under_subtotals(table: Table) -> None:
    groups = {"école 0": "secteur nord", "école 1": "secteur nord", "école 2": "secteur sud"}

    assert_safe(table, suppress(table, groups=groups), groups)


@settings(deadline=None, max_examples=50)
@given(tables(), st.data())
def test_nor_read_from_the_minutes_printed_beside(table: Table, data: st.DataObject) -> None:
    minutes = {key: value * data.draw(st.sampled_from([15, 45, 60])) for key, value in table.items()}

    hidden = suppress(table, measures=[minutes])

    assert_safe(table, hidden, {})
    page, pupils = with_sums(minutes, {}), with_sums(table, {})
    for key, (_, most) in attacked(page, hidden, {}, minutes).items():
        assert pupils[key] >= 5 or most is None or most >= 2 * page[key]


@settings(deadline=None, max_examples=50)
@given(st.lists(counts, min_size=1, max_size=6))
def test_nor_in_a_list_with_its_total(values: list[int]) -> None:
    items = {f"école {i}": value for i, value in enumerate(values)}

    hidden = suppress_list(items)

    page = items | {TOTAL: sum(values)}
    small = {item for item, value in page.items() if 0 < value < 5}
    assert small <= hidden
    published = {item: value for item, value in page.items() if item not in hidden}
    sums = [{TOTAL: -1} | dict.fromkeys(items, 1)]
    for item, (least, most) in attacker.bounds(published, sorted(hidden, key=str), sums).items():
        assert most is None or least < most
        assert item not in small or most is None or most - least >= 5


@given(tables(), st.randoms())
def test_order_of_the_table_changes_nothing(table: Table, random: Random) -> None:
    keys = list(table)
    random.shuffle(keys)

    assert suppress({key: table[key] for key in keys}) == suppress(table)


def test_nothing_is_hidden_without_a_small_cell() -> None:
    assert suppress({("a", "x"): 5, ("a", "y"): 0, ("b", "x"): 40, ("b", "y"): 9}) == set()


def test_one_small_cell_takes_three_others_with_it() -> None:
    table = {
        ("a", "x"): 3,
        ("a", "y"): 10,
        ("a", "z"): 50,
        ("b", "x"): 8,
        ("b", "y"): 12,
        ("b", "z"): 60,
        ("c", "x"): 70,
        ("c", "y"): 80,
        ("c", "z"): 90,
    }

    assert suppress(table) == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}


def test_small_cell_alone_in_its_row_takes_the_totals() -> None:
    table = {("a", "x"): 3, ("b", "x"): 20, ("b", "y"): 30}

    assert suppress(table) == {("a", "x"), ("a", TOTAL), ("b", "x"), ("b", TOTAL)}


def test_pupils_counted_once_may_make_a_total_small() -> None:
    same_four = {("a", "x"): 6, ("a", "y"): 6, ("b", "x"): 9, ("b", "y"): 9}

    assert suppress(same_four) == set()
    assert ("a", TOTAL) in suppress(same_four | {("a", TOTAL): 4})


def test_board_may_ask_for_more() -> None:
    table = {("a", "x"): 7, ("a", "y"): 30, ("b", "x"): 30, ("b", "y"): 30}

    assert suppress(table) == set()
    assert suppress(table, threshold=10) == set(table)


@pytest.mark.parametrize(
    ("items", "hidden"),
    [
        ({"a": 3, "b": 9, "c": 20}, {"a", "b"}),
        ({"a": 3, "b": 20}, {"a", "b"}),
        ({"a": 2}, {"a", TOTAL}),
        ({"a": 3, "b": 0}, {"a", TOTAL}),
        ({"a": 3, "b": 2}, {"a", "b", TOTAL}),  # with 5 published, 3 would be known to be 5 at most
        ({"a": 6, "b": 0}, set()),
        ({}, set()),
    ],
)
def test_list(items: dict[Hashable, int], hidden: set[Hashable]) -> None:
    assert suppress_list(items) == hidden


def test_list_hides_what_its_minutes_would_tell() -> None:
    pupils = {"a": 3, "b": 6, "c": 30}

    assert suppress_list(pupils) == {"a", "b"}
    assert suppress_list(pupils, measures=[{"a": 900, "b": 30, "c": 2_000}]) == {"a", "c"}


def test_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative_count"):
        suppress_list({"a": -1})


def test_group_may_not_be_named_as_a_row() -> None:
    with pytest.raises(ValueError, match="group_named_as_row"):
        suppress({("a", "x"): 1, ("b", "x"): 1}, groups={"a": "b"})


def test_bounds_are_those_a_reader_finds() -> None:
    arcs = [Arc("sum", "out", "in"), Arc("a", "in", "out"), Arc("b", "in", "out"), Arc("c", "in", "out")]
    values = {"sum": 30, "a": 3, "b": 7, "c": 20}

    assert Circulation(arcs, values).bounds("a", {"a", "b"}) == (0, 10)
    assert Circulation(arcs, values).bounds("a", {"a"}) == (3, 3)
    assert Circulation(arcs, values).bounds("a", {"a", "sum"}) == (0, UNBOUNDED)
    assert Circulation(arcs, values, known={"b"}).bounds("a", {"a", "b"}) == (3, 3)


def test_circulation_says_when_there_is_no_way_round() -> None:
    with pytest.raises(ValueError, match="no_way_round"):
        Circulation([Arc("a", "in", "out")], {"a": 3}).widened("a", (), 1, lambda _: 1)
