"""Painting a calendar: what ranges of dates make of the words of one layer, and how a year follows from another.

Knows marks and frames; nothing of storage, permissions or what the change does to séances.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from intervention.domain.calendar_layers import Frame, Mark
from intervention.domain.days import EVERY_LEVEL, DayType, Layer, Portion

# A closure or a suspension is never planned: it is declared on its day.
PLANNED_TYPES = tuple(each for each in DayType if each not in {DayType.CLOSURE, DayType.SUSPENSION})
MAX_LABEL = 80
MAX_RANK = 20
MAX_STROKES = 400
_WEEKEND = 6
_HALVES = {Portion.MORNING: Portion.AFTERNOON, Portion.AFTERNOON: Portion.MORNING}

Words = Mapping[tuple[date, Portion], Mark]


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: a layer, the board, school or building it is about, and a level where the layer is a level's."""

    layer: Layer
    target_id: UUID
    level: str = EVERY_LEVEL


@dataclass(frozen=True, slots=True)
class Stroke:
    """A range painted at once, both dates included. `day_type` None takes back what the layer says there.

    `rank` orders conditional days: it is that of the first date, and each date after it takes the next.
    """

    first: date
    last: date
    day_type: DayType | None
    portion: Portion = Portion.WHOLE
    label: str | None = None
    rank: int | None = None

    def faults(self, frame: Frame) -> dict[str, str]:
        """A fault code per field."""
        found = {}
        if not frame.staff_from <= self.first <= frame.staff_until:
            found["first"] = "outside_year"
        if self.last < self.first:
            found["last"] = "ends_before_start"
        elif self.last > frame.staff_until:
            found["last"] = "outside_year"
        if self.day_type is not None and self.day_type not in PLANNED_TYPES:
            found["day_type"] = "never_planned"
        if len(self.label or "") > MAX_LABEL:
            found["label"] = "too_long"
        if self.rank is not None and self.day_type is not DayType.CONDITIONAL:
            found["rank"] = "only_conditional"
        elif self.rank is not None and not 1 <= self.rank <= MAX_RANK:
            found["rank"] = "out_of_range"
        return found

    def dates(self, holidays: Collection[date]) -> list[date]:
        """A range is split around weekends and holidays; one date alone is meant as it is given.

        What is taken back is taken back everywhere.
        """
        days = [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
        if self.day_type is None or len(days) == 1:
            return days
        return [day for day in days if day.isoweekday() < _WEEKEND and day not in holidays]


def paint(words: Words, layer: Layer, strokes: Iterable[Stroke], holidays: Collection[date]) -> Words:
    """The words of a layer after these strokes, in order. Half a day painted over a whole one leaves its other half."""
    found = dict(words)
    for stroke in strokes:
        for n, on_date in enumerate(stroke.dates(holidays)):
            _lift(found, on_date, stroke.portion)
            if stroke.day_type is not None:
                rank = None if stroke.rank is None else stroke.rank + n
                key = on_date, stroke.portion
                found[key] = Mark(layer, on_date, stroke.day_type, stroke.portion, stroke.label, rank)
    return found


def _lift(words: dict[tuple[date, Portion], Mark], on_date: date, portion: Portion) -> None:
    whole = words.pop((on_date, Portion.WHOLE), None)
    if portion is Portion.WHOLE:
        for half in _HALVES:
            words.pop((on_date, half), None)
        return
    words.pop((on_date, portion), None)
    if whole is not None:
        other = _HALVES[portion]
        words[on_date, other] = replace(whole, portion=other)


def overlaps(strokes: Sequence[Stroke]) -> list[tuple[int, int]]:
    """Pairs of places of strokes that say something of one same half day, the later first."""
    found = []
    in_order = sorted(range(len(strokes)), key=lambda n: (strokes[n].first, n))
    for place, n in enumerate(in_order):
        for m in in_order[place + 1 :]:
            if strokes[m].first > strokes[n].last:
                break
            if _HALVES.get(strokes[n].portion) is not strokes[m].portion:
                found.append((max(n, m), min(n, m)))
    return sorted(found)


class WhyDropped(StrEnum):
    """Why a word of last year is not said again."""

    OUTSIDE_YEAR = "outside_year"
    LEGAL_HOLIDAY = "legal_holiday"


@dataclass(frozen=True, slots=True)
class Copied:
    """A word of another year at its new date. `dropped` says why it is not said there."""

    target_id: UUID
    level: str
    was_on: date
    mark: Mark
    dropped: WhyDropped | None = None


def copied(said: Iterable[tuple[UUID, str, Mark]], old: Frame, new: Frame, holidays: Collection[date]) -> list[Copied]:
    """What the words of a year become in another: the same weekdays, whole weeks later. Holidays are not copied."""
    shift = timedelta(weeks=round((new.pupils_from - old.pupils_from).days / 7))
    found = []
    for target, level, mark in said:
        if mark.layer is Layer.HOLIDAYS:
            continue
        on_date = mark.on_date + shift
        dropped = None
        if not new.staff_from <= on_date <= new.staff_until:
            dropped = WhyDropped.OUTSIDE_YEAR
        elif on_date in holidays:
            dropped = WhyDropped.LEGAL_HOLIDAY
        found.append(Copied(target, level, mark.on_date, replace(mark, on_date=on_date), dropped))
    return sorted(found, key=lambda each: (each.mark.on_date, str(each.target_id), each.level, each.mark.portion))
