"""Service time by what, by month and by state, and which of its numbers may be read by somebody who was not there.

One table for each way of breaking the service down: a line is a state in a month, a column a school, a kind… A year is
the sum of its months and a total the sum of its columns, so what is hidden is chosen over the whole year at once:
no other period, and no other breakdown of the same total, gives a hidden number back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from intervention.domain.suppression import TOTAL, Key, suppress

FIRST_MONTH = 8  # a school year is counted from August


class Breakdown(StrEnum):
    """By what service is told."""

    SCHOOL = "school"
    PROFESSIONAL = "professional"
    DISCIPLINE = "discipline"
    KIND = "kind"
    AXIS = "axis"
    MODALITY = "modality"
    MONTH = "month"


class ServiceState(StrEnum):
    """`PLANNED`: to come, under way, or over and not yet confirmed by who gave it."""

    DELIVERED = "delivered"
    PLANNED = "planned"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Time:
    """Séances, minutes of the professionals, distinct pupils."""

    seances: int = 0
    minutes: int = 0
    pupils: int = 0


Line = tuple[ServiceState, date]


@dataclass
class Tally:
    """Sums of one breakdown. `seconds` of a column are shares, so that they add up to the total; séances are not."""

    seances: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    seconds: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    pupils: dict[Key, set[UUID]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def together(cls, tallies: Iterable[Tally]) -> Tally:
        """The tally of all that these counted; a pupil whom several saw counts once."""
        found = cls()
        for tally in tallies:
            for key, seances in tally.seances.items():
                found.seances[key] += seances
                found.seconds[key] += tally.seconds[key]
            for key, pupils in tally.pupils.items():
                found.pupils[key] = found.pupils[key] | pupils if key in found.pupils else pupils
        return found

    def add(self, line: Line, column: Hashable, seances: int, seconds: float) -> None:
        for key in ((line, column), (line[0], column)):
            self.seances[key] += seances
            self.seconds[key] += seconds

    def add_pupil(self, line: Line, column: Hashable, pupil: UUID) -> None:
        """A pupil seen; the total and the year count each once."""
        for key in ((line, column), (line[0], column)):
            self.pupils[key].add(pupil)
        if column is not TOTAL:
            self.add_pupil(line, TOTAL, pupil)

    def time(self, key: Key) -> Time:
        """Zero where nothing was counted."""
        pupils = self.pupils.get(key, ())
        return Time(self.seances.get(key, 0), round(self.seconds.get(key, 0) / 60), len(pupils))

    def hidden(self, minimum: int, also: Iterable[Key] = ()) -> set[Key]:
        """The keys not to show, those of `also` among them: (line, column), (state, column) and their totals.

        One table per state, months by columns: nothing published adds what was given to what was cancelled.
        """
        guarded = set(also)
        return {key for state in ServiceState for key in self._hidden_of(state, minimum, guarded)}

    def _hidden_of(self, state: ServiceState, minimum: int, also: AbstractSet[Key]) -> set[Key]:
        own = {key: _flat(key) for key in self.seances if _state(key) is state}
        cells = {key: flat for key, flat in own.items() if TOTAL not in flat}
        hidden = _suppressed(
            frozenset((flat, len(self.pupils.get(key, ()))) for key, flat in own.items()),
            minimum,
            frozenset((flat, self.seances[key]) for key, flat in cells.items()),
            frozenset((flat, round(self.seconds[key])) for key, flat in cells.items()),
            frozenset(own[key] for key in also if key in own),
        )
        return {key for key, flat in own.items() if flat in hidden}


Numbers = frozenset[tuple[Key, int]]


@lru_cache(maxsize=30)
def _suppressed(
    pupils: Numbers, minimum: int, seances: Numbers, seconds: Numbers, also: frozenset[Key]
) -> AbstractSet[Key]:
    """Chosen once for a table: a change touches the tables of one state, and a year has fifteen."""
    return suppress(dict(pupils), minimum, measures=[dict(seances), dict(seconds)], also=also)


def _state(key: Key) -> Hashable:
    return key[0][0] if isinstance(key[0], tuple) else key[0]


def _flat(key: Key) -> Key:
    """The key in the table of its state, where the year is the total of the months."""
    return (key[0][1] if isinstance(key[0], tuple) else TOTAL), key[1]


def hidden_together(tallies: Mapping[Hashable, Tally], minimum: int) -> dict[Hashable, set[Key]]:
    """What to hide in tables that share their totals: a total hidden in one is hidden, and guarded, in all."""
    totals: set[Key] = set()
    found: dict[Hashable, set[Key]] = {}
    while len(found) < len(tallies):
        name = next(name for name in tallies if name not in found)
        found[name] = tallies[name].hidden(minimum, {key for key in totals if key in tallies[name].seances})
        new = {key for key in found[name] if key[1] is TOTAL} - totals
        if new:
            totals |= new
            found = {
                kept: hidden for kept, hidden in found.items() if kept == name or not _concerns(tallies[kept], new)
            }
    return {name: hidden | totals for name, hidden in found.items()}


def _concerns(tally: Tally, totals: set[Key]) -> bool:
    return any(key in tally.seances for key in totals)


def school_year(on: date) -> int:
    """The year in which the school year of a day began."""
    return on.year if on.month >= FIRST_MONTH else on.year - 1


def months_of(year: int) -> list[date]:
    """First days of the months of a school year, August to July."""
    return [date(year + (month > 12), (month - 1) % 12 + 1, 1) for month in range(FIRST_MONTH, FIRST_MONTH + 12)]
