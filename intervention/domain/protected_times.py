"""The weekly times of a class that no séance may take, and which séances sit in one all the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

WEEKDAYS = range(1, 6)
MAX_LABEL = 60


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """Half-open, in the building's wall time; weekday 1 is Monday."""

    weekday: int
    starts_local: time
    ends_local: time
    label: str

    def meets(self, weekday: int, starts: time, ends: time) -> bool:
        return weekday == self.weekday and starts < self.ends_local and self.starts_local < ends


def weekly_time_faults(new: WeeklyTime, others: Iterable[WeeklyTime]) -> dict[str, str]:
    """A fault code per field; `others` are the class's own."""
    faults: dict[str, str] = {}
    if new.weekday not in WEEKDAYS:
        faults["weekday"] = "not_a_choice"
    if not new.label.strip():
        faults["label"] = "required"
    elif len(new.label) > MAX_LABEL:
        faults["label"] = "too_long"
    if new.ends_local <= new.starts_local:
        faults["ends_local"] = "ends_before_start"
    elif any(each.meets(new.weekday, new.starts_local, new.ends_local) for each in others):
        faults["starts_local"] = "protected_overlaps"
    return faults


def time_in_the_way(
    starts_at: datetime, ends_at: datetime, zone: str, times: Iterable[WeeklyTime]
) -> WeeklyTime | None:
    """The first protected time that a séance takes from, by the clock of the building's `zone`."""
    starts, ends = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    last = ends.time() if ends.date() == starts.date() else time.max
    return next((each for each in times if each.meets(starts.isoweekday(), starts.time(), last)), None)
