"""The times of a class that no séance may take, by weekday or day of the cycle, and which séances sit in one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from intervention.domain.cycle import LONGEST

WEEKDAYS = range(1, 6)
CYCLE_DAYS = range(1, LONGEST + 1)
MAX_LABEL = 60


@dataclass(frozen=True, slots=True)
class ClassTime:
    """Half-open, in the building's wall time, on a weekday (1 is Monday) or on a day of the cycle: one of the two."""

    weekday: int | None
    starts_local: time
    ends_local: time
    label: str
    cycle_day: int | None = None

    def is_on(self, weekday: int | None, cycle_day: int | None) -> bool:
        return weekday == self.weekday if self.weekday is not None else cycle_day == self.cycle_day

    def meets(self, starts: time, ends: time) -> bool:
        return starts < self.ends_local and self.starts_local < ends


def class_time_faults(new: ClassTime, others: Iterable[ClassTime]) -> dict[str, str]:
    """A fault code per field; `others` are the class's own. A Jour 3 may be a Tuesday: the two are not compared."""
    faults: dict[str, str] = {}
    on_a_weekday = new.weekday in WEEKDAYS and new.cycle_day is None
    if not on_a_weekday and not (new.weekday is None and new.cycle_day in CYCLE_DAYS):
        faults["weekday"] = "not_a_choice"
    if not new.label.strip():
        faults["label"] = "required"
    elif len(new.label) > MAX_LABEL:
        faults["label"] = "too_long"
    if new.ends_local <= new.starts_local:
        faults["ends_local"] = "ends_before_start"
    elif any(
        each.is_on(new.weekday, new.cycle_day) and each.meets(new.starts_local, new.ends_local) for each in others
    ):
        faults["starts_local"] = "protected_overlaps"
    return faults


def time_in_the_way(
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    times: Iterable[ClassTime],
    cycle_day_on: Callable[[date], int | None],
) -> ClassTime | None:
    """The first protected time that a séance takes from, by the clock of the building's `zone` and its cycle."""
    starts, ends = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    last = ends.time() if ends.date() == starts.date() else time.max
    cycle_day = cycle_day_on(starts.date())
    return next(
        (each for each in times if each.is_on(starts.isoweekday(), cycle_day) and each.meets(starts.time(), last)), None
    )
