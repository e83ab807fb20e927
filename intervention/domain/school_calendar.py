"""The dated days of one building, or of one level of it, from everything its layers say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from intervention.domain.calendar_layers import Frame, LaidDay, Mark, lay, relaid
from intervention.domain.cycle import Numbered, Rotation, number, shown
from intervention.domain.days import DayType, Layer


@dataclass(frozen=True, slots=True)
class Strand:
    """What one building (or level) is told: the marks of a calendar, what happened since, and how its days turn."""

    frame: Frame
    rotation: Rotation
    marks: tuple[Mark, ...] = ()
    events: tuple[Mark, ...] = ()


class DatedDay(NamedTuple):
    """A row of the only truth on school days. `afternoon` is None where the whole day is the same."""

    on_date: date
    day_type: DayType
    afternoon: DayType | None
    cycle_day: int | None
    cycle_number: int | None
    printed_day: int | None
    layer: Layer
    label: str | None
    rank: int | None

    @property
    def types(self) -> tuple[DayType, DayType]:
        """Of the morning and of the afternoon."""
        return self.day_type, self.afternoon or self.day_type


def days_of(strand: Strand) -> list[DatedDay]:
    """Every dated day, in order."""
    planned = lay(strand.frame, strand.marks)
    actual = relaid(strand.frame, planned, strand.marks, strand.events) if strand.events else planned
    numbers = number(planned, actual, strand.rotation)
    return [_dated(day, numbers[day.on_date]) for day in actual]


def _dated(day: LaidDay, numbered: Numbered) -> DatedDay:
    return DatedDay(
        on_date=day.on_date,
        day_type=day.day_type,
        afternoon=day.afternoon if day.afternoon is not day.day_type else None,
        cycle_day=shown(day, numbered),
        cycle_number=numbered.turn.number if numbered.turn else None,
        printed_day=numbered.printed.day if numbered.printed else None,
        layer=day.layer,
        label=day.label,
        rank=day.rank,
    )


def is_same(one: DatedDay | None, other: DatedDay | None) -> bool:
    """Whether people would live the same day: the turn and the printed number are for the audit."""
    return one is not None and other is not None and _lived(one) == _lived(other)


def _lived(day: DatedDay) -> tuple[object, ...]:
    return day.day_type, day.afternoon, day.cycle_day
