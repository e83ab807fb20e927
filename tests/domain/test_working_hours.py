"""Weeks of openings: what they say on a day, what is refused, and that rewriting them leaves the past alone."""

from __future__ import annotations

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.working_hours import (
    FIRST_HOURS,
    DatedOpening,
    Hours,
    Opening,
    hours_faults,
    hours_on,
    rewritten,
)

TODAY = date(2026, 11, 23)
EARLY, LATE = Opening(1, time(8), time(12)), Opening(1, time(13), time(16))
days = st.dates(date(2026, 11, 1), date(2026, 12, 15))
openings = st.sampled_from([EARLY, LATE, Opening(2, time(9), time(10)), Opening(6, time(8), time(9))])
rows = st.lists(
    st.builds(DatedOpening, openings, st.none() | days, st.none() | days), max_size=6
)  # a row may even end before it begins: it then never holds
hours = st.builds(
    lambda week, later: Hours(tuple(sorted(week)), *later),
    st.sets(openings),
    st.just((None, ()))
    | st.tuples(st.dates(date(2026, 11, 24), date(2026, 12, 20)), st.sets(openings).map(lambda s: tuple(sorted(s)))),
)


def test_the_week_in_force_and_the_one_that_follows() -> None:
    stored = [
        DatedOpening(LATE, None, date(2026, 8, 31)),
        DatedOpening(EARLY, date(2026, 9, 1), date(2026, 12, 31)),
        DatedOpening(LATE, date(2027, 1, 1)),
    ]

    assert hours_on(stored, TODAY) == Hours((EARLY,), date(2027, 1, 1), (LATE,))
    assert hours_on(stored, date(2027, 1, 1)) == Hours((LATE,))
    assert hours_on(stored, date(2026, 8, 31)) == Hours((LATE,), date(2026, 9, 1), (EARLY,))


def test_a_week_that_only_ends_is_followed_by_none() -> None:
    assert hours_on([DatedOpening(EARLY, None, TODAY)], TODAY) == Hours((EARLY,), date(2026, 11, 24), ())


@given(rows, hours)
def test_what_is_rewritten_reads_back_and_leaves_the_past(stored: list[DatedOpening], wanted: Hours) -> None:
    after = rewritten(stored, wanted, TODAY)

    read = hours_on(after, TODAY)
    assert read.week == wanted.week
    if wanted.later_from is not None and (wanted.week or wanted.later):
        assert (read.later_from, read.later) == (wanted.later_from, wanted.later)
    begun = [
        row.valid_from for row in stored if row.valid_from and row.valid_from <= TODAY <= (row.valid_until or TODAY)
    ]
    begun += [row.valid_until for row in stored if row.valid_until and row.valid_until < TODAY]
    for day in (date(2026, 11, n) for n in range(1, 23)):
        if begun and day < max(begun):
            assert hours_on(after, day).week == hours_on(stored, day).week


def test_an_ordinary_week_is_right() -> None:
    assert hours_faults(FIRST_HOURS, TODAY) == {}
    assert hours_faults(Hours((EARLY, Opening(1, time(12), time(13)), LATE)), TODAY) == {}


def test_faults_are_named_where_they_are() -> None:
    week = (
        Opening(1, time(13), time(16)), Opening(1, time(9), time(13, 5)),
        Opening(3, time(9), time(9)),
        Opening(5, time(9, 2), time(12)),
    )  # fmt: skip

    assert hours_faults(Hours(week, date(2026, 12, 1), (LATE, LATE)), TODAY) == {
        "starts-now-1-0": "opening_overlaps",
        "ends-now-3-0": "ends_before_start",
        "starts-now-5-0": "not_on_grid",
        "starts-later-1-1": "opening_overlaps",
    }
    assert hours_faults(Hours((), TODAY, (EARLY,)), TODAY) == {"later_from": "not_to_come"}
    assert hours_faults(Hours((), None, (EARLY,)), TODAY) == {"later_from": "required"}
    assert hours_faults(Hours((EARLY,) * 4), TODAY)["starts-now-1-3"] == "too_many"
