"""Absences on the wall of a building: whole days and hours, over a change of hour too; what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from intervention.domain.absences import AbsenceFacts, facts_of_span

ZONE = "America/Toronto"
DAY = AbsenceFacts(date(2026, 11, 24), date(2026, 11, 24))
HOURS = replace(DAY, from_local=time(10), until_local=time(11, 30))


@pytest.mark.parametrize(
    ("facts", "lasting"),
    [
        (DAY, timedelta(hours=24)),
        (AbsenceFacts(date(2027, 3, 14), date(2027, 3, 14)), timedelta(hours=23)),
        (AbsenceFacts(date(2026, 10, 31), date(2026, 11, 2), label="congé"), timedelta(hours=73)),
        (HOURS, timedelta(minutes=90)),
    ],
)
def test_a_span_tells_its_days_again(facts: AbsenceFacts, lasting: timedelta) -> None:
    span = facts.span(ZONE)

    assert facts.faults() == {}
    assert facts.skipped(ZONE) == {}
    assert span.duration == lasting
    assert facts_of_span(span.starts_at, span.ends_at, ZONE, facts.label) == facts


@pytest.mark.parametrize(
    ("hours", "fields"),
    [
        ((time(2), time(3)), ["from_local"]),
        ((time(2, 30), time(2, 45)), ["from_local", "until_local"]),
        ((time(1, 30), time(2, 30)), ["until_local"]),
        ((time(1, 30), time(3)), []),
    ],
)
def test_an_hour_that_the_clocks_skip_is_a_fault(hours: tuple[time, time], fields: list[str]) -> None:
    """02:30 that night would silently be 03:30."""
    facts = AbsenceFacts(date(2027, 3, 14), date(2027, 3, 14), *hours)

    assert facts.skipped(ZONE) == dict.fromkeys(fields, "time_skipped")


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        (replace(DAY, ends_on=date(2026, 11, 23)), {"ends_on": "ends_before_it_starts"}),
        (replace(DAY, ends_on=date(2028, 11, 23)), {"ends_on": "absence_too_long"}),
        (replace(DAY, starts_on=date(1900, 1, 1)), {"starts_on": "not_a_date"}),
        (replace(DAY, label="x" * 81), {"label": "too_long"}),
        (replace(HOURS, until_local=None), {"until_local": "required"}),
        (replace(HOURS, ends_on=date(2026, 11, 25)), {"ends_on": "hours_of_one_day"}),
        (replace(HOURS, until_local=time(10)), {"until_local": "ends_before_start"}),
        (replace(HOURS, from_local=time(10, 2)), {"from_local": "not_on_grid"}),
    ],
)
def test_faults_are_named(facts: AbsenceFacts, faults: dict[str, str]) -> None:
    assert facts.faults() == faults
