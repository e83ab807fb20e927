"""What was seen of an object, and what changed since."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.people import Level
from intervention.domain.seen import changed, seen

A, B = UUID(int=1), UUID(int=2)
FACTS = {"name": "Le phare", "phone": None, "opens": time(7, 30), "is_active": True, "levels": {B: ("primary",), A: ()}}


def test_nothing_changed() -> None:
    assert changed(FACTS, seen(dict(reversed(FACTS.items())))) == ()


def test_each_changed_fact_is_named() -> None:
    known = seen(FACTS)

    assert changed(FACTS | {"phone": "418 555-0100", "is_active": False}, known) == ("is_active", "phone")
    assert changed(FACTS | {"levels": {A: ("primary",), B: ()}}, known) == ("levels",)


def test_the_order_of_a_set_or_of_placements_is_no_change() -> None:
    assert seen({"pupils": frozenset({A, B})}) == seen({"pupils": {B, A}})
    assert seen({"buildings": {A: (), B: ()}}) == seen({"buildings": {B: (), A: ()}})
    assert seen({"level": Level.PRIMARY}) == seen({"level": "primary"})


def test_what_no_page_of_ours_gave_names_nothing_and_is_never_what_is_seen() -> None:
    for known in ("", "0", "z" * 40, seen({"name": "Le phare"})):
        assert known != seen(FACTS)
    assert changed(FACTS, "") == changed(FACTS, seen({"name": "Le phare"})) == ()


@given(
    st.dictionaries(st.text(max_size=5), st.text(max_size=5)), st.dictionaries(st.text(max_size=5), st.text(max_size=5))
)
def test_two_readings_are_equal_exactly_when_the_facts_are(one: dict[str, str], other: dict[str, str]) -> None:
    assert (seen(one) == seen(other)) == (one == other)
    if one.keys() == other.keys():
        assert set(changed(other, seen(one))) == {name for name in one if one[name] != other[name]}
