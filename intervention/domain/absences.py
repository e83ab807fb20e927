"""Time away: whole days from one date to another, or hours of one day. Wall times of the person's home building."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from intervention.domain.school_time import instant, is_planned
from intervention.domain.seen import Facts
from intervention.domain.spans import TICK_SECONDS, Span

MAX_LABEL = 80
MOST_DAYS = 400
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AbsenceFacts:
    """Whole days without hours. `label` is for her and her board's administrators; nobody else reads it."""

    starts_on: date
    ends_on: date
    from_local: time | None = None
    until_local: time | None = None
    label: str | None = None

    @property
    def shown(self) -> Facts:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def is_whole_days(self) -> bool:
        return self.from_local is None and self.until_local is None

    def faults(self) -> dict[str, str]:
        """Field → fault code."""
        faults = {}
        if not (is_planned(self.starts_on) and is_planned(self.ends_on)):
            faults["starts_on"] = "not_a_date"
        elif self.ends_on < self.starts_on:
            faults["ends_on"] = "ends_before_it_starts"
        elif self.ends_on - self.starts_on >= timedelta(days=MOST_DAYS):
            faults["ends_on"] = "absence_too_long"
        if self.label and len(self.label) > MAX_LABEL:
            faults["label"] = "too_long"
        return faults if self.is_whole_days else faults | self._hour_faults()

    def _hour_faults(self) -> dict[str, str]:
        if self.from_local is None or self.until_local is None:
            return {"from_local" if self.from_local is None else "until_local": "required"}
        if self.ends_on != self.starts_on:
            return {"ends_on": "hours_of_one_day"}
        if self.until_local <= self.from_local:
            return {"until_local": "ends_before_start"}
        faults = {"from_local": self.from_local, "until_local": self.until_local}
        return {name: "not_on_grid" for name, at in faults.items() if at.minute * 60 % TICK_SECONDS}

    def skipped(self, zone: str) -> dict[str, str]:
        """A fault for an hour that the spring change skips: it would silently mean another."""
        return {
            name: "time_skipped"
            for name, on, at in (
                ("from_local", self.starts_on, self.from_local), ("until_local", self.ends_on, self.until_local),
            )
            if at is not None and instant(on, at, zone).astimezone(ZoneInfo(zone)).time() != at
        }  # fmt: skip

    def span(self, zone: str) -> Span:
        """Once `faults` and `skipped` have found nothing."""
        starts_at = instant(self.starts_on, self.from_local or time.min, zone)
        ends_at = (
            instant(self.ends_on + _DAY, time.min, zone)
            if self.until_local is None
            else instant(self.ends_on, self.until_local, zone)
        )
        return Span(starts_at, ends_at)


def facts_of_span(starts_at: datetime, ends_at: datetime, zone: str, label: str | None) -> AbsenceFacts:
    """What a stored absence says on the walls of `zone`."""
    starts, ends = (at.astimezone(ZoneInfo(zone)) for at in (starts_at, ends_at))
    if starts.time() == ends.time() == time.min:
        return AbsenceFacts(starts.date(), ends.date() - _DAY, label=label)
    return AbsenceFacts(starts.date(), ends.date(), starts.time(), ends.time(), label)
