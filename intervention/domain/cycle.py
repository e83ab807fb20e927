"""Numbers the class days of a school year: « Jour 1 » to « Jour n », then again.

A rotation is one numbering of one building, or of some of its levels. What was printed in June is kept beside what
happened since, for whoever must explain why Thursday is Jour 4.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from intervention.domain.calendar_layers import LaidDay
from intervention.domain.days import DayType

LONGEST = 20
OUTSIDE = 0  # « Jour 0 » of an exam: school is open, the cycle does not turn


class Reflow(StrEnum):
    """What an unplanned closure does to the numbers after it."""

    SLIDE = "slide"  # tomorrow takes the number that was missed
    KEEP = "keep"  # the printed calendar stands; the missed number is lost until a conditional day makes up for it


@dataclass(frozen=True, slots=True)
class Rotation:
    length: int
    reflow: Reflow = Reflow.SLIDE
    first: int = 1

    def faults(self) -> dict[str, str]:
        """A fault code per field."""
        found = {}
        if not 1 <= self.length <= LONGEST:
            found["length"] = "out_of_range"
        if not 1 <= self.first <= max(self.length, 1):
            found["first"] = "out_of_range"
        return found


@dataclass(frozen=True, slots=True)
class Turn:
    """The place of a class day: which number, in which turn of the cycle (from 1)."""

    day: int
    number: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """`printed` is what the calendar said before anything unplanned; each is None on a day without classes."""

    turn: Turn | None
    printed: Turn | None


def number(planned: Sequence[LaidDay], actual: Sequence[LaidDay], rotation: Rotation) -> dict[date, Numbered]:
    """The numbers of every date of either calendar: `planned` without events, `actual` with them."""
    printed = [day.on_date for day in planned if day.is_class]
    held = [day.on_date for day in actual if day.is_class]
    was = {on_date: turn_at(n, rotation) for n, on_date in enumerate(printed)}
    if rotation.reflow is Reflow.SLIDE:
        turns = {on_date: turn_at(n, rotation) for n, on_date in enumerate(held)}
    else:
        turns = _kept(printed, held, rotation)
    dates = sorted({day.on_date for day in (*planned, *actual)})
    return {on_date: Numbered(turns.get(on_date), was.get(on_date)) for on_date in dates}


def turn_at(place: int, rotation: Rotation) -> Turn:
    """The turn of the class day that `place` others precede."""
    number, day = divmod(rotation.first - 1 + place, rotation.length)
    return Turn(day + 1, number + 1)


def shown(day: LaidDay, numbered: Numbered) -> int | None:
    """The number that a page shows for this day: None where no number is said at all."""
    if numbered.turn is not None:
        return numbered.turn.day
    return OUTSIDE if DayType.EXAM in day.types else None


def _kept(printed: Sequence[date], held: Sequence[date], rotation: Rotation) -> dict[date, Turn]:
    """Printed numbers stand. A day of class that was not planned takes the oldest number lost before it.

    Where nothing was lost before, it is one more day of the cycle, and those after it are numbered anew.
    """
    place_of = {on_date: n for n, on_date in enumerate(printed)}
    days = set(held)
    found: dict[date, Turn] = {}
    lost: deque[Turn] = deque()
    place = added = 0
    for on_date in sorted(days | place_of.keys()):
        turn = turn_at(place + added, rotation)
        if on_date in place_of:
            place += 1
        if on_date not in days:
            lost.append(turn)
        elif on_date in place_of:
            found[on_date] = turn
        elif lost:
            found[on_date] = lost.popleft()
        else:
            found[on_date] = turn
            added += 1
    return found
