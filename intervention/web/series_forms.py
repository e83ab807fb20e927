"""Reads the forms of a series: how often, from when to when, and which dates a person accepts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from enum import StrEnum

from intervention.domain.errors import InvalidInput
from intervention.domain.recurrence import SCHOOL_WEEK, OnCycleDays, OnWeekdays, Pattern, PerMonth, Recurrence
from intervention.domain.series import Decisions, Line, Moment
from intervention.web.parse import Form, wall_time_or_none

RULE_FIELDS = ("repeter", "jour", "jours", "tous", "combien", "periode", "heure", "du", "au")
FIELD_OF = {
    "days": "jour",
    "weekdays": "jours",
    "every": "tous",
    "goal": "combien",
    "count": "combien",
    "first_on": "du",
    "last_on": "au",
    "at": "heure",
    "period": "periode",
    "people": "qui",
    "minutes": "duree",
    "modality": "modalite",
}


class Repeat(StrEnum):
    """The choice « Répéter » of a booking sheet."""

    ONCE = "once"
    CYCLE = "cycle"
    WEEK = "week"
    COUNT = "count"
    MONTH = "month"


def rule_of(form: Form) -> Recurrence:
    """The rule that the form asks for; a fault per field."""
    repeat = form.choice("repeter", Repeat, default=Repeat.WEEK)
    period = form.whole("periode", least=1, most=24) if form.value("periode") else None
    return Recurrence(
        _pattern(form, repeat),
        form.day("du"),
        form.day("au"),
        at=None if period else form.wall_time("heure"),
        period=period,
        count=form.whole("combien", least=1, most=5000) if repeat is Repeat.COUNT else None,
    )


def _pattern(form: Form, repeat: Repeat) -> Pattern:
    if repeat is Repeat.MONTH:
        return PerMonth(form.whole("combien", least=1, most=31), numbers(form, "jours") or SCHOOL_WEEK)
    every = form.whole("tous", least=1, most=20)
    if repeat is Repeat.CYCLE:
        return OnCycleDays(numbers(form, "jour"), every)
    return OnWeekdays(numbers(form, "jours"), every)


def numbers(form: Form, name: str) -> tuple[int, ...]:
    """The numbers ticked, in order."""
    return tuple(sorted({int(each) for each in form.values(name) if each.isdecimal() and len(each) < 3}))


def decisions_of(form: Form) -> Decisions:
    """The ticked dates, and the other moments chosen for those that fail."""
    accepted = set()
    moved = {}
    for each in form.values("tenir"):
        accepted.add(date_of(each))
    for each in filter(None, form.values("ailleurs")):
        on_date, _, moment = each.partition(">")
        moved[date_of(on_date)] = moment_of(moment)
    return Decisions(frozenset(accepted | moved.keys()), moved)


def moment_of(raw: str) -> Moment:
    """`2026-11-26T10:30`, a wall time of the series' zone."""
    on_date, _, at = raw.partition("T")
    found = wall_time_or_none(at)
    if found is None:
        raise InvalidInput({"tenir": "not_a_choice"})
    return Moment(date_of(on_date), found)


def moment_value(moment: Moment) -> str:
    return datetime.combine(moment.on_date, moment.at).isoformat(timespec="minutes")


def date_of(raw: str) -> date:
    """A date of the sheet. Raises InvalidInput."""
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise InvalidInput({"tenir": "not_a_choice"}) from None


def clock_changes(lines: Iterable[Line]) -> list[tuple[date, str, time, time]]:
    """From which date on another zone's clocks say something else than before: (date, zone, own time, time there)."""
    found = []
    before: dict[str, int] = {}
    for line in lines:
        if line.span is None or line.moment is None:
            continue
        now = {zone: _minutes(wall) - _minutes(line.moment.at) for zone, wall in line.elsewhere}
        for zone in before.keys() | now.keys():
            if before and now.get(zone, 0) != before.get(zone, 0):
                there = dict(line.elsewhere).get(zone, line.moment.at)
                found.append((line.on_date, zone, line.moment.at, there))
        before = {**dict.fromkeys(before, 0), **now} or {"": 0}
    return sorted(found)


def _minutes(at: time) -> int:
    return 60 * at.hour + at.minute
