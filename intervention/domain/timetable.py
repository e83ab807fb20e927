"""The bulk timetable of a year: where its lines sit on a cycle, and what a place says before it is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from uuid import UUID

from intervention.domain.errors import InvalidInput
from intervention.domain.recurrence import SCHOOL_WEEK, OnCycleDays, OnWeekdays, Recurrence
from intervention.domain.series import Line, SkipReason

MAX_TIMES = 10
EVERY_OTHER = 2
MAX_LINES = 200
BIN_MINUTES = 30
QUARTER = 15
FIRST_HOUR, LAST_HOUR = 8, 16  # a grid is never shorter than a school day


class TimetableStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"  # at least once; what is not published yet stays a draft beside it


class NotCarried(StrEnum):
    """Why a line of last year is not in this year's timetable."""

    GONE = "gone"  # the pupil has left
    NOT_FOLLOWED = "not_followed"
    EMPTY_GROUP = "empty_group"  # too few of its pupils are followed still
    CLOSED_CLASS = "closed_class"
    LEFT_OUT = "left_out"  # nothing is against it


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A place of the grid: a day of the cycle or a weekday (1 is Monday), and a wall time of the line's own school.

    `turn`: 0 for every cycle or week; 1 or 2 for one in two, by the cycle's number or the week's (`turn_of_week`).
    """

    day: int
    at: time
    by_week: bool = False
    turn: int = 0

    def rule(self, first_on: date, last_on: date) -> Recurrence:
        """Every date that the place stands for between two dates."""
        every = EVERY_OTHER if self.turn else 1
        if not self.by_week:
            pattern = OnCycleDays((self.day,), every, phase=self.turn or None)
            return Recurrence(pattern, first_on, last_on, at=self.at)
        if self.turn:  # a rule by the week counts from that of its first date
            first = first_on + timedelta(days=(self.day - first_on.isoweekday()) % 7)
            first_on = first if turn_of_week(first) == self.turn else first + timedelta(days=7)
        return Recurrence(OnWeekdays((self.day,), every), first_on, last_on, at=self.at)

    def require_sound(self, cycle_length: int) -> None:
        """Raise InvalidInput for a day that the cycle or the school week does not have, or a time off the grid."""
        faults = {}
        if self.day not in (SCHOOL_WEEK if self.by_week else range(1, cycle_length + 1)):
            faults["day"] = "out_of_range"
        if not 0 <= self.turn <= EVERY_OTHER:
            faults["turn"] = "out_of_range"
        if self.at.minute % 5 or self.at.second or self.at.microsecond:
            faults["at"] = "not_on_the_grid"
        if faults:
            raise InvalidInput(faults)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A rule that refuses some dates of a place. `met` is the place of the same timetable in the way, if one is."""

    rule: str
    dates: tuple[date, ...]
    subject_id: UUID | None = None
    met: UUID | None = None


@dataclass(frozen=True, slots=True)
class Possible:
    """A half hour of the grid for one line: its best start, how many dates that would hold, and why no more."""

    cell: Cell
    held: int
    total: int
    rule: str | None = None

    @property
    def is_free(self) -> bool:
        return 0 < self.total == self.held


def conflicts_of(lines: Iterable[Line], met: dict[date, UUID]) -> tuple[Conflict, ...]:
    """What refuses the dates, most dates first. A day without class is no conflict, nor is one that has gone by."""
    found: dict[tuple[str, UUID | None], list[Line]] = {}
    for line in lines:
        if line.rules and line.reason not in {SkipReason.NO_CLASS, SkipReason.PAST}:
            found.setdefault((line.rules[0], met.get(line.on_date)), []).append(line)
    made = [
        Conflict(rule, tuple(line.on_date for line in several), several[0].subject_id, other)
        for (rule, other), several in found.items()
    ]
    return tuple(sorted(made, key=lambda each: (-len(each.dates), each.dates[0])))


def half_hours(times: Iterable[time]) -> tuple[time, ...]:
    """The rows of a grid that has room for all these starts."""
    hours = [FIRST_HOUR, LAST_HOUR - 1, *(at.hour for at in times)]
    return tuple(time(hour, minute) for hour in range(min(hours), max(hours) + 1) for minute in (0, BIN_MINUTES))


def turn_of_week(on_date: date) -> int:
    """1 or 2, from one Monday to the next, whatever the year begins with."""
    return 1 + (on_date.toordinal() - 1) // 7 % EVERY_OTHER  # the first day of all was a Monday


def turn_of_cycle(number: int) -> int:
    """1 for an odd cycle, 2 for an even one."""
    return 2 - number % EVERY_OTHER


def bin_of(at: time) -> time:
    """The row that a start is in."""
    return time(at.hour, at.minute // BIN_MINUTES * BIN_MINUTES)


def starts_in(row: time, bells: Iterable[time]) -> tuple[time, ...]:
    """The starts worth trying in a row: its bells first, then its quarters of an hour."""
    rung = [at for at in sorted(set(bells)) if bin_of(at) == row]
    quarters = [time(row.hour, row.minute + more) for more in (0, QUARTER)]
    return tuple(dict.fromkeys((*rung, *quarters)))
