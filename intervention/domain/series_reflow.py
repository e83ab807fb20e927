"""What a change of calendar does to the dates of a rule: two expansions compared, nothing more.

A date of the cycle follows its number: the Jour 3 of a turn is the same séance wherever that turn's Jour 3 now falls. A
weekly date stays where it is; when its day has lost its class somebody must decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from intervention.domain.recurrence import Days, Occurrence, OnCycleDays, Recurrence, expand
from intervention.domain.series import Moment


class Became(StrEnum):
    MOVES = "moves"
    VANISHES = "vanishes"  # its number is not there any more
    APPEARS = "appears"
    UNDECIDED = "undecided"  # its day has no class now


@dataclass(frozen=True, slots=True)
class DateChange:
    """`on_date` is the date before (None for one that appears), `moment` when it would be held after, if at all."""

    became: Became
    on_date: date | None
    moment: Moment | None


def compared(rule: Recurrence, before: Days, after: Days) -> list[DateChange]:
    """The dates that would not stay as they are, in order. `rule` is pinned."""
    compare = _by_number if isinstance(rule.pattern, OnCycleDays) else _by_date
    found = compare(rule, before, after)
    return sorted(found, key=lambda change: change.on_date or (change.moment.on_date if change.moment else date.max))


def _by_number(rule: Recurrence, before: Days, after: Days) -> list[DateChange]:
    was, now = _numbered(rule, before), _numbered(rule, after)
    found = []
    for number in was.keys() | now.keys():
        old, new = was.get(number), now.get(number)
        if old is None and new is not None:
            found.append(DateChange(Became.APPEARS, None, _moment(new)))
        elif old is not None and new is None:
            found.append(DateChange(Became.VANISHES, old.on_date, None))
        elif old is not None and new is not None and _moment(old) != _moment(new):
            found.append(DateChange(Became.MOVES, old.on_date, _moment(new)))
    return found


def _numbered(rule: Recurrence, days: Days) -> dict[tuple[int | None, int | None], Occurrence]:
    return {(days[each.on_date].cycle_number, days[each.on_date].cycle_day): each for each in expand(rule, days)}


def _by_date(rule: Recurrence, before: Days, after: Days) -> list[DateChange]:
    now = {each.on_date: each for each in expand(rule, after)}
    found = []
    was = expand(rule, before)
    for old in was:
        day = after.get(old.on_date)
        new = now.get(old.on_date)
        if old.has_class and (day is None or not day.has_class):
            found.append(DateChange(Became.UNDECIDED, old.on_date, None))
        elif new is not None and new.at is not None and new.at != old.at:
            found.append(DateChange(Became.MOVES, old.on_date, _moment(new)))
    if rule.count is not None:  # the séances that a lost day puts off to the end
        known = {each.on_date for each in was}
        added = [each for each in now.values() if each.has_class and each.on_date not in known]
        found += [DateChange(Became.APPEARS, None, _moment(each)) for each in added]
    return found


def _moment(each: Occurrence) -> Moment | None:
    return Moment(each.on_date, each.at) if each.at is not None else None
