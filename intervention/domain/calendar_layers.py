"""What each date of a school year is, once every layer has spoken: holidays, board, school, building, level, events.

Knows dates, types and layers; nothing of cycles, bells, zones or storage. A later layer overrides an earlier one, half
day by half day, and the answer remembers which layer decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from intervention.domain.days import PUPILS_PRESENT, STAFF_PRESENT, DayType, Layer, Portion

MAX_YEAR_DAYS = 400
CLASS_HALVES_LEAST = 360  # 180 days of educational services at least (I-13.3, r. 8, a. 16)
CALENDAR_HALVES_MOST = 400  # a calendar of 200 days at most (the same article)
_ORDER = {layer: n for n, layer in enumerate(Layer)}
_DAY = timedelta(days=1)
_WEEKEND = 6
# What nobody had planned holds where there is something for it to change, and the graver wins whenever it was said: a
# board's suspension opens no school that is closed, and gives no holiday back.
_REACHES = {
    DayType.CLASS: frozenset({DayType.CONDITIONAL}),
    DayType.SUSPENSION: PUPILS_PRESENT,
    DayType.CLOSURE: STAFF_PRESENT,
}
_GRAVITY = {day_type: n for n, day_type in enumerate(_REACHES, 1)}


@dataclass(frozen=True, slots=True)
class Frame:
    """The bounds of a school year, each day included. Pupils come between staff; outside, there is no school day."""

    staff_from: date
    pupils_from: date
    pupils_until: date
    staff_until: date

    def faults(self) -> dict[str, str]:
        """A fault code per field."""
        found = {}
        if self.pupils_from < self.staff_from:
            found["staff_from"] = "after_pupils"
        if self.pupils_until <= self.pupils_from:
            found["pupils_until"] = "ends_before_start"
        if self.staff_until < self.pupils_until:
            found["staff_until"] = "before_pupils"
        if (self.staff_until - self.staff_from).days > MAX_YEAR_DAYS:
            found["staff_until"] = "year_too_long"
        return found

    def dates(self) -> Iterator[date]:
        for n in range((self.staff_until - self.staff_from).days + 1):
            yield self.staff_from + n * _DAY

    def has_pupils(self, on_date: date) -> bool:
        return self.pupils_from <= on_date <= self.pupils_until


@dataclass(frozen=True, slots=True)
class Mark:
    """One layer's word on one date. `rank` orders conditional days: 1 for F1, the first to become a class day."""

    layer: Layer
    on_date: date
    day_type: DayType
    portion: Portion = Portion.WHOLE
    label: str | None = None
    rank: int | None = None


class LaidDay(NamedTuple):
    """What a date is. `afternoon` differs from `day_type` on a half day only."""

    on_date: date
    day_type: DayType
    afternoon: DayType
    layer: Layer
    label: str | None = None
    rank: int | None = None

    @property
    def types(self) -> tuple[DayType, DayType]:
        return self.day_type, self.afternoon

    @property
    def is_class(self) -> bool:
        """A day of the cycle: classes are given in one half of it at least."""
        return DayType.CLASS in self.types


def lay(frame: Frame, marks: Iterable[Mark]) -> list[LaidDay]:
    """Every date of the year that means something, in order.

    Weekends are left out unless a layer above the holidays gives class on one. Among marks of one layer on one date the
    one given last speaks.
    """
    return list(_resolved(frame, frame.dates(), marks))


def relaid(frame: Frame, laid: Iterable[LaidDay], marks: Iterable[Mark], more: Sequence[Mark]) -> list[LaidDay]:
    """`lay` of some marks and more, from the `laid` days of the former: the other dates stay what they are."""
    dates = sorted({mark.on_date for mark in more if frame.staff_from <= mark.on_date <= frame.staff_until})
    again = set(dates)
    days = [day for day in laid if day.on_date not in again]
    said = [mark for mark in (*marks, *more) if mark.on_date in again]
    return sorted([*days, *_resolved(frame, dates, said)], key=lambda day: day.on_date)


def _resolved(frame: Frame, dates: Iterable[date], marks: Iterable[Mark]) -> Iterator[LaidDay]:
    """What each of these dates is; most of a year have no mark."""
    spoken: dict[date, list[Mark]] = {}
    for mark in marks:
        spoken.setdefault(mark.on_date, []).append(mark)
    for on_date in dates:
        on_it = spoken.get(on_date)
        if on_it is not None:
            day = resolved(frame, on_date, on_it)
            if day is not None:
                yield day
        elif on_date.isoweekday() < _WEEKEND:
            usual = _usual(frame, on_date)
            yield LaidDay(on_date, usual, usual, Layer.YEAR)


def resolved(frame: Frame, on_date: date, marks: Iterable[Mark]) -> LaidDay | None:
    """One date of `lay`, from the marks on it."""
    if on_date.isoweekday() >= _WEEKEND:
        marks = [mark for mark in marks if mark.layer is not Layer.HOLIDAYS]
        if not any(mark.day_type in PUPILS_PRESENT for mark in marks):
            return None
    first, *others = words_on(frame, on_date, marks)
    morning = afternoon = first
    for mark in others:
        if mark.portion is not Portion.AFTERNOON and _changes(mark, morning):
            morning = mark
        if mark.portion is not Portion.MORNING and _changes(mark, afternoon):
            afternoon = mark
    decider = max(morning, afternoon, key=lambda mark: _ORDER[mark.layer])
    return LaidDay(on_date, morning.day_type, afternoon.day_type, decider.layer, decider.label, decider.rank)


def words_on(frame: Frame, on_date: date, marks: Iterable[Mark]) -> list[Mark]:
    """What each layer says of a date, the year's bounds first and the one that overrides all others last."""
    said = sorted((mark for mark in marks if mark.on_date == on_date), key=_precedence)
    return [Mark(Layer.YEAR, on_date, _usual(frame, on_date)), *said]


def _usual(frame: Frame, on_date: date) -> DayType:
    return DayType.CLASS if frame.has_pupils(on_date) else DayType.STAFF_ONLY


def _precedence(mark: Mark) -> tuple[int, int]:
    return _ORDER[mark.layer], _GRAVITY.get(mark.day_type, 0) if mark.layer is Layer.EVENT else 0


def _changes(mark: Mark, present: Mark) -> bool:
    reached = _REACHES.get(mark.day_type) if mark.layer is Layer.EVENT else None
    return reached is None or present.day_type in reached


@dataclass(frozen=True, slots=True)
class YearCount:
    """Half days of a calendar: of classes and exams, and of everything that counts in the 200 days."""

    class_halves: int
    calendar_halves: int

    @property
    def is_enough(self) -> bool:
        return self.class_halves >= CLASS_HALVES_LEAST

    @property
    def is_too_many(self) -> bool:
        return self.calendar_halves > CALENDAR_HALVES_MOST


COUNTED = PUPILS_PRESENT | {DayType.PEDAGOGICAL, DayType.CONDITIONAL, DayType.CLOSURE, DayType.SUSPENSION}


class Typed(Protocol):
    @property
    def types(self) -> tuple[DayType, DayType]: ...


def count(days: Iterable[Typed]) -> YearCount:
    """What the check of 180 and 200 days is made on. A closed day was in the calendar all the same."""
    halves = [half for day in days for half in day.types]
    return YearCount(sum(half in PUPILS_PRESENT for half in halves), sum(half in COUNTED for half in halves))
