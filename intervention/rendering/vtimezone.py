"""Time zones as calendars of others read them: VTIMEZONE blocks written from the pinned zone database.

Knows RFC 5545 §3.6.5 and what Exchange reads of it (MS-OXCICAL 2.1.3.1.1.19): an observance is a date, or one yearly
rule with a single BYDAY or BYMONTHDAY. RDATE lists, which libraries write, are one hour off in summer there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

FIRST_YEAR = 2007  # the North American rule of today began then: its own first onset is what calendars expect to see
IN_USE_FROM = datetime(2026, 1, 1, tzinfo=UTC)  # no feed reaches further back, so rules that ended before are left out
LAST_YEAR = 2040  # a rule that still holds then is written without an end
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEK = timedelta(days=7)
STEP = 4 * WEEK  # no zone changes twice within it


@lru_cache(maxsize=64)
def vtimezone(zone: ZoneInfo) -> bytes:
    """The VTIMEZONE block of `zone`, CRLF-ended, right for every instant from 2026 to 2040."""
    onsets = list(_onsets(zone))
    in_force = max((onset.at_utc for onset in onsets if onset.at_utc <= IN_USE_FROM), default=None)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone.key}", *(_fixed(zone) if in_force is None else ())]
    for run in _runs(onsets):
        if in_force is None or run.last.at_utc >= in_force:
            lines += run.lines()
    lines += ["END:VTIMEZONE", ""]
    return "\r\n".join(lines).encode("ascii")


@dataclass(frozen=True, slots=True)
class _Regime:
    """What a zone's clocks show over some time."""

    offset: timedelta
    is_daylight: bool
    name: str

    @classmethod
    def at(cls, zone: ZoneInfo, at_utc: datetime) -> _Regime:
        local = at_utc.astimezone(zone)
        return cls(local.utcoffset() or timedelta(), bool(local.dst()), local.tzname() or "")


@dataclass(frozen=True, slots=True)
class _Onset:
    """The instant at which a zone's clocks pass from one regime to another."""

    at_utc: datetime
    before: _Regime
    after: _Regime

    @property
    def local(self) -> datetime:
        """The wall time as the clocks of the regime that ends show it (RFC 5545 §3.6.5)."""
        return (self.at_utc + self.before.offset).replace(tzinfo=None)

    @property
    def kin(self) -> tuple[object, ...]:
        """Onsets that one yearly rule may join are alike in all this."""
        return self.before, self.after, self.local.month, self.local.time()

    @property
    def rules(self) -> list[str]:
        """Every single-valued rule that names this day of its month."""
        day, weekday = self.local.day, WEEKDAYS[self.local.weekday()]
        is_last_week = (self.local + WEEK).month != self.local.month
        last = [f"BYDAY=-1{weekday}"] if is_last_week else []
        return [f"BYDAY={(day + 6) // 7}{weekday}", *last, f"BYMONTHDAY={day}"]


@dataclass(slots=True)
class _Run:
    """Onsets of consecutive years that one rule names: an observance."""

    first: _Onset
    last: _Onset
    rules: list[str]

    def takes(self, onset: _Onset) -> bool:
        """Whether `onset` continues this run, which it then does."""
        shared = [rule for rule in self.rules if rule in onset.rules]
        if onset.kin != self.last.kin or onset.local.year != self.last.local.year + 1 or not shared:
            return False
        self.last, self.rules = onset, shared
        return True

    def lines(self) -> Iterator[str]:
        onset = self.first
        yield from _observance(onset.local, onset.before.offset, onset.after, self._recurrence())

    def _recurrence(self) -> str:
        if self.first is self.last:
            return ""
        # Readers exist that compare UNTIL as a wall time: half a year past the last onset is right for them too.
        until = "" if self.last.local.year == LAST_YEAR else f";UNTIL={self.last.at_utc + 26 * WEEK:%Y%m%dT%H%M%SZ}"
        return f"FREQ=YEARLY;BYMONTH={self.first.local.month};{self.rules[0]}{until}"


def _runs(onsets: list[_Onset]) -> list[_Run]:
    runs: list[_Run] = []
    for onset in onsets:
        if not any(run.takes(onset) for run in runs):
            runs.append(_Run(onset, onset, onset.rules))
    return runs


def _onsets(zone: ZoneInfo) -> Iterator[_Onset]:
    at, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    regime = _Regime.at(zone, at)
    while at < end:
        after = _Regime.at(zone, at + STEP)
        if after != regime:
            yield _Onset(_first_second(zone, at, at + STEP, after), regime, after)
        at, regime = at + STEP, after


def _first_second(zone: ZoneInfo, low: datetime, high: datetime, regime: _Regime) -> datetime:
    """The first instant of `regime`, known to begin after `low` and to hold at `high`."""
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _Regime.at(zone, middle) == regime:
            high = middle
        else:
            low = middle
    return high


def _fixed(zone: ZoneInfo) -> Iterator[str]:
    """The regime in force before any onset written: all there is for a zone that does not change its clocks."""
    regime = _Regime.at(zone, IN_USE_FROM)
    return _observance(datetime(1970, 1, 1), regime.offset, regime, "")  # noqa: DTZ001 - a wall time


def _observance(local: datetime, offset_from: timedelta, regime: _Regime, recurrence: str) -> Iterator[str]:
    kind = "DAYLIGHT" if regime.is_daylight else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{local:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(offset_from)}"
    yield f"TZOFFSETTO:{_offset(regime.offset)}"
    yield f"TZNAME:{regime.name}"
    if recurrence:
        yield f"RRULE:{recurrence}"
    yield f"END:{kind}"


def _offset(offset: timedelta) -> str:
    sign, seconds = ("-", -offset) if offset < timedelta() else ("+", offset)
    hours, rest = divmod(int(seconds.total_seconds()), 3600)
    return f"{sign}{hours:02}{rest // 60:02}"
