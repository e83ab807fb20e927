"""Wall time of a building turned into instants and masks of 5-minute ticks.

A mask is an int whose bit k is tick `origin + k`. Wall times are resolved in the building's legal zone, date by date,
so that a week with a change of hour is what the clocks on the wall say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from intervention.domain.errors import InvalidInput
from intervention.domain.spans import tick_of

WEEK_TICKS = 2016
FIRST_YEAR, LAST_YEAR = 2000, 2100
WallSpan = tuple[time, time]


def instant(on_date: date, at: time, zone: str) -> datetime:
    """The UTC instant of a wall time; in a repeated hour the first one."""
    return datetime.combine(on_date, at, ZoneInfo(zone)).astimezone(UTC)


def exact_instant(on_date: date, at: time, zone: str) -> datetime:
    """As `instant`, but InvalidInput for a wall time that the spring change skips (`in_the_gap`)."""
    found = instant(on_date, at, zone)
    if found.astimezone(ZoneInfo(zone)).time() != at:
        raise InvalidInput({"starts_at": "in_the_gap"})
    return found


def is_planned(on: date) -> bool:
    """Arithmetic with zones overflows at the ends of the calendar, and nobody plans there."""
    return FIRST_YEAR <= on.year <= LAST_YEAR


def local_date(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=200_000)
def tick_at(on_date: date, at: time, zone: str) -> int:
    return tick_of(instant(on_date, at, zone))


def day_range(on_date: date, zone: str) -> tuple[int, int]:
    """The ticks of a local day, `[start, end)`: 276, 288 or 300 of them."""
    return tick_at(on_date, time.min, zone), tick_at(on_date + timedelta(days=1), time.min, zone)


def mask(ranges: Iterable[tuple[int, int]], origin: int, length: int) -> int:
    """The union of half-open tick ranges, cut to `[origin, origin + length)`."""
    found = 0
    for starts, ends in ranges:
        low, high = max(starts - origin, 0), min(ends - origin, length)
        if high > low:
            found |= ((1 << (high - low)) - 1) << low
    return found


def dates_between(origin: int, length: int, zone: str) -> list[date]:
    """Every local date that the window touches."""
    tick = timedelta(minutes=5)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    first = local_date(epoch + origin * tick, zone)
    last = local_date(epoch + (origin + length - 1) * tick, zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def wall_ranges(on_date: date, spans: Sequence[WallSpan], zone: str) -> list[tuple[int, int]]:
    return [(tick_at(on_date, starts, zone), tick_at(on_date, ends, zone)) for starts, ends in spans]
