"""When things overlap: half-open spans of UTC time.

Knows instants only. Wall times, zones and school days live in `school_time`; arithmetic on aware local
datetimes is refused here because Python's ignores the hour that a zone adds or drops.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

TICK = timedelta(minutes=5)
TICK_SECONDS = 300


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`[starts_at, ends_at)` in UTC. Any aware datetime is accepted and normalised; a naive one raises ValueError."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is not UTC or self.ends_at.tzinfo is not UTC:
            for name in ("starts_at", "ends_at"):
                value = getattr(self, name)
                if value.tzinfo is None:
                    raise ValueError("naive_datetime")
                object.__setattr__(self, name, value.astimezone(UTC))
        if self.ends_at <= self.starts_at:
            raise ValueError("empty_span")

    @classmethod
    def lasting(cls, starts_at: datetime, duration: timedelta) -> Span:
        """The span that begins at `starts_at` and lasts `duration` of elapsed time."""
        utc = starts_at.astimezone(UTC)
        return cls(utc, utc + duration)

    @property
    def duration(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def minutes(self) -> int:
        return int(self.duration.total_seconds() // 60)

    def overlaps(self, other: Span) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def contains(self, other: Span) -> bool:
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def is_tick_aligned(self) -> bool:
        """Both ends on the 5-minute grid of UTC, the grain of every reservation."""
        return all(
            at.microsecond == 0 and int(at.timestamp()) % TICK_SECONDS == 0 for at in (self.starts_at, self.ends_at)
        )


def merged(spans: Iterable[Span]) -> list[Span]:
    """Sorted, disjoint, non-touching spans that cover the same instants."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.starts_at <= out[-1].ends_at:
            if span.ends_at > out[-1].ends_at:
                out[-1] = Span(out[-1].starts_at, span.ends_at)
        else:
            out.append(span)
    return out


def tick_of(at: datetime) -> int:
    """The number of whole 5-minute ticks between the epoch and `at` (floor)."""
    return int(at.timestamp()) // TICK_SECONDS


def instant_of(tick: int) -> datetime:
    """The instant at which `tick` begins."""
    return datetime.fromtimestamp(tick * TICK_SECONDS, UTC)
