"""When a series is held: a rule as values, read on the dated days of one school. Wall times, no zone.

`expand` gives every date that the rule names. A date without class is given too, marked so: whoever reads the list sees
that the Tuesday of the holiday was thought of. Where a number of séances is wanted, such a date does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from intervention.domain.cycle import LONGEST
from intervention.domain.days import PUPILS_PRESENT, DayType
from intervention.domain.errors import InvalidInput

MAX_DATES = 400
MAX_EVERY = 20
MAX_PERIOD = 24
MAX_SPAN = timedelta(days=550)
WEEK = range(1, 8)
SCHOOL_WEEK = (1, 2, 3, 4, 5)


class PlainDay(NamedTuple):
    """A dated day of the school whose calendar is read; `periods` are the starts of its class periods, in order."""

    morning: DayType
    afternoon: DayType
    cycle_day: int | None
    cycle_number: int | None
    periods: tuple[time, ...] = ()

    @property
    def has_class(self) -> bool:
        return not PUPILS_PRESENT.isdisjoint((self.morning, self.afternoon))


Days = Mapping[date, PlainDay]


class Occurrence(NamedTuple):
    """A date of a rule. `at` is None where the day has no such period."""

    on_date: date
    at: time | None
    has_class: bool


@dataclass(frozen=True, slots=True)
class OnCycleDays:
    """« Jour 3, tous les 2 cycles ». Cycles are told apart by their ordinal, which no closure shifts.

    `phase` is a cycle that is taken, so that losing the first date does not turn the others over; None until a calendar
    has been read (`pinned`).
    """

    days: tuple[int, ...]
    every: int = 1
    phase: int | None = None

    def faults(self) -> dict[str, str]:
        found = _every_fault(self.every)
        if not self.days:
            found["days"] = "required"
        elif not all(1 <= day <= LONGEST for day in self.days):
            found["days"] = "out_of_range"
        return found

    def dates(self, first_on: date, last_on: date, days: Days) -> Iterator[date]:
        phase, wanted, day_of = self.phase, self.days, days.get
        for on_date in _between(first_on, last_on):
            day = day_of(on_date)
            if day is None or day.cycle_day not in wanted or day.cycle_number is None:
                continue
            phase = day.cycle_number if phase is None else phase
            if (day.cycle_number - phase) % self.every == 0:
                yield on_date


@dataclass(frozen=True, slots=True)
class OnWeekdays:
    """« Chaque mardi », « une aux deux semaines »: 1 is Monday. Weeks count from that of the first date."""

    weekdays: tuple[int, ...]
    every: int = 1

    def faults(self) -> dict[str, str]:
        return _every_fault(self.every) | _weekdays_fault(self.weekdays)

    def dates(self, first_on: date, last_on: date, days: Days) -> Iterator[date]:
        base: date | None = None
        for on_date in _between(first_on, last_on):
            if on_date.isoweekday() in self.weekdays:
                base = base or _monday(on_date)
                if (_monday(on_date) - base).days // 7 % self.every == 0:
                    yield on_date


@dataclass(frozen=True, slots=True)
class PerMonth:
    """A goal of so many a month, spread over its class days that fall on `weekdays`."""

    goal: int
    weekdays: tuple[int, ...] = SCHOOL_WEEK

    def faults(self) -> dict[str, str]:
        found = _weekdays_fault(self.weekdays)
        if not 1 <= self.goal <= 31:
            found["goal"] = "out_of_range"
        return found

    def dates(self, first_on: date, last_on: date, days: Days) -> Iterator[date]:
        able = [
            on_date
            for on_date in _between(first_on, last_on)
            if on_date.isoweekday() in self.weekdays and on_date in days and days[on_date].has_class
        ]
        for _, month in groupby(able, key=lambda on_date: (on_date.year, on_date.month)):
            yield from spread(list(month), self.goal)


Pattern = OnCycleDays | OnWeekdays | PerMonth


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule: which dates, between which bounds, and at what wall time or in which period of the day (from 1)."""

    pattern: Pattern
    first_on: date
    last_on: date
    at: time | None = None
    period: int | None = None
    count: int | None = None  # how many séances; None: all that the bounds hold

    def faults(self) -> dict[str, str]:
        """A fault code per field."""
        found = self.pattern.faults()
        if self.last_on < self.first_on:
            found["last_on"] = "ends_before_start"
        elif self.last_on - self.first_on > MAX_SPAN:
            found["last_on"] = "span_too_long"
        if (self.at is None) == (self.period is None):
            found["at"] = "required"
        elif self.at is not None and (self.at.minute % 5 or self.at.second or self.at.microsecond):
            found["at"] = "not_on_the_grid"
        elif self.period is not None and not 1 <= self.period <= MAX_PERIOD:
            found["period"] = "out_of_range"
        if self.count is not None and self.count < 1:
            found["count"] = "out_of_range"
        elif self.count is not None and self.count > MAX_DATES:
            found["count"] = "too_many_dates"
        return found

    def to_json(self) -> dict[str, Any]:
        return {
            "pattern": _pattern_to_json(self.pattern),
            "first_on": self.first_on.isoformat(),
            "last_on": self.last_on.isoformat(),
            "at": self.at.isoformat("minutes") if self.at else None,
            "period": self.period,
            "count": self.count,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Recurrence:
        """What `to_json` gave."""
        return cls(
            _pattern_from_json(kept["pattern"]),
            date.fromisoformat(kept["first_on"]),
            date.fromisoformat(kept["last_on"]),
            time.fromisoformat(kept["at"]) if kept["at"] else None,
            kept["period"],
            kept["count"],
        )


def expand(rule: Recurrence, days: Days) -> tuple[Occurrence, ...]:
    """Every date of the rule, in order. Raises InvalidInput for a faulty rule and for more than MAX_DATES dates."""
    faults = rule.faults()
    if faults:
        raise InvalidInput(faults)
    found: list[Occurrence] = []
    held = 0
    for on_date in rule.pattern.dates(rule.first_on, rule.last_on, days):
        if held == rule.count:
            break
        day = days.get(on_date)
        has_class = day is not None and day.has_class
        found.append(Occurrence(on_date, time_on(rule, day), has_class))
        held += has_class
        if len(found) > MAX_DATES:
            raise InvalidInput({"last_on": "too_many_dates"})
    return tuple(found)


def pinned(rule: Recurrence, days: Days) -> Recurrence:
    """The rule with the cycle that it counts from, as this calendar has it."""
    pattern = rule.pattern
    if not isinstance(pattern, OnCycleDays) or pattern.phase is not None:
        return rule
    first = next(pattern.dates(rule.first_on, rule.last_on, days), None)
    return replace(rule, pattern=replace(pattern, phase=days[first].cycle_number)) if first else rule


def spread(able: Sequence[date], goal: int) -> list[date]:
    """`goal` of these dates, each in the middle of one of as many equal parts; all of them when they are no more."""
    if len(able) <= goal:
        return list(able)
    return [able[(2 * part + 1) * len(able) // (2 * goal)] for part in range(goal)]


def time_on(rule: Recurrence, day: PlainDay | None) -> time | None:
    """When the rule begins on a day; None where the day has no such period."""
    if rule.period is None:
        return rule.at
    return day.periods[rule.period - 1] if day is not None and rule.period <= len(day.periods) else None


@lru_cache(maxsize=256)
def _between(first_on: date, last_on: date) -> tuple[date, ...]:
    """Kept: the thousands of series of a board begin and end on a few dates."""
    return tuple(date.fromordinal(n) for n in range(first_on.toordinal(), last_on.toordinal() + 1))


def _monday(on_date: date) -> date:
    return on_date - timedelta(days=on_date.weekday())


def _every_fault(every: int) -> dict[str, str]:
    return {} if 1 <= every <= MAX_EVERY else {"every": "out_of_range"}


def _weekdays_fault(weekdays: Sequence[int]) -> dict[str, str]:
    if not weekdays:
        return {"weekdays": "required"}
    return {} if all(day in WEEK for day in weekdays) else {"weekdays": "out_of_range"}


def _pattern_to_json(pattern: Pattern) -> dict[str, Any]:
    match pattern:
        case OnCycleDays(days, every, phase):
            return {"by": "cycle", "days": list(days), "every": every, "phase": phase}
        case OnWeekdays(weekdays, every):
            return {"by": "week", "weekdays": list(weekdays), "every": every}
        case PerMonth(goal, weekdays):
            return {"by": "month", "goal": goal, "weekdays": list(weekdays)}


def _pattern_from_json(kept: Mapping[str, Any]) -> Pattern:
    match kept["by"]:
        case "cycle":
            return OnCycleDays(tuple(kept["days"]), kept["every"], kept["phase"])
        case "week":
            return OnWeekdays(tuple(kept["weekdays"]), kept["every"])
        case _:
            return PerMonth(kept["goal"], tuple(kept["weekdays"]))
