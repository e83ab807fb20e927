"""Where each thing of an agenda stands on its column of 5-minute rows. Views in, places out: no words, no data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from intervention.domain.days import PUPILS_PRESENT, STAFF_PRESENT, BellKind
from intervention.domain.encounters import EncounterStatus
from intervention.domain.permissions import Actor
from intervention.domain.privacy import Audience, EncounterFacts
from intervention.domain.school_time import instant
from intervention.queries.agenda import AgendaDay, AgendaSubject, AgendaView, Away, Bell, Road

ROW_MINUTES = 5
ROWS_AN_HOUR = 60 // ROW_MINUTES
FIRST_HOUR, LAST_HOUR = 8, 16  # the page is never shorter than a school day
MOST_HOURS = 16  # what time-grid.css has rows for
MOST_LANES = 8
LEAST_FREE_ROWS = 6  # half an hour: less than that is a breath between two séances
MOVABLE = frozenset({EncounterStatus.HELD, EncounterStatus.PLANNED})


@dataclass(frozen=True, slots=True)
class Free:
    """A stretch where the reader could book, from `starts_local`."""

    on_date: date
    starts_local: time


@dataclass(frozen=True, slots=True)
class Placed:
    """Something on a column: from row `row` (1 is the first) over `rows`, in lane `lane` of those side by side."""

    kind: str  # encounter, road, away, free
    row: int
    rows: int
    what: EncounterFacts | Road | Away | Free
    lane: int = 1
    is_last_lane: bool = True
    is_past: bool = False
    shift: int | None = None  # minutes from the column's wall time to the séance's own; None when it may not be moved


@dataclass(frozen=True, slots=True)
class Rule:
    """A bell period as a faint band."""

    row: int
    rows: int
    bell: Bell


@dataclass(frozen=True, slots=True)
class Column:
    subject: AgendaSubject
    day: AgendaDay
    items: tuple[Placed, ...]
    rules: tuple[Rule, ...]
    lanes: int
    now_row: int | None
    is_today: bool
    is_shut: bool  # nobody works there that day
    is_pupil_free: bool  # staff only: a pedagogical day, or classes suspended

    @property
    def told(self) -> tuple[Placed, ...]:
        """What the list of the day says: everything but the empty places."""
        return tuple(item for item in self.items if item.kind != "free")


@dataclass(frozen=True, slots=True)
class Grid:
    first_hour: int
    hours: int
    columns: tuple[Column, ...]

    @property
    def rows(self) -> int:
        return self.hours * ROWS_AN_HOUR

    @property
    def marks(self) -> list[time]:
        return [time(self.first_hour + n) for n in range(self.hours)]

    @property
    def is_empty(self) -> bool:
        """No séance and no road."""
        return not any(column.day.entries or column.day.roads for column in self.columns)

    @property
    def zones(self) -> frozenset[str]:
        return frozenset(column.subject.zone for column in self.columns)


def lay_out(columns: Sequence[tuple[AgendaView, AgendaDay]], actor: Actor, now: datetime) -> Grid:
    """One column per day of a person or place, or per person of a day, all on the same hours."""
    first, last = _hours(columns)
    return Grid(first, last - first, tuple(_column(view, day, actor, now, (first, last)) for view, day in columns))


def week_days(view: AgendaView) -> list[AgendaDay]:
    """Monday to Friday, and a day of the week-end only when something is on it."""
    return [day for day in view.days if day.on_date.isoweekday() <= 5 or day.entries or day.roads]


def _hours(columns: Sequence[tuple[AgendaView, AgendaDay]]) -> tuple[int, int]:
    starts, ends = [time(FIRST_HOUR)], [time(LAST_HOUR)]
    for view, day in columns:
        zone = ZoneInfo(view.subject.zone)
        spans = [(e.starts_at, e.ends_at) for e in day.entries] + [(r.starts_at, r.ends_at) for r in day.roads]
        starts += [starts_at.astimezone(zone).time() for starts_at, _ in spans]
        ends += [ends_at.astimezone(zone).time() for _, ends_at in spans]
        starts += [bell.starts_local for bell in view.bells]
        ends += [bell.ends_local for bell in view.bells]
    first = min(starts).hour
    last = max(end.hour + (end.minute > 0) for end in ends)
    return first, min(max(last, first + 1), first + MOST_HOURS, 24)


def _column(view: AgendaView, day: AgendaDay, actor: Actor, now: datetime, hours: tuple[int, int]) -> Column:
    zone = ZoneInfo(view.subject.zone)
    ruler = _Ruler(day.on_date, zone, *hours)
    things: list[tuple[str, EncounterFacts | Road | Away]] = [
        *(("encounter", each) for each in day.entries),
        *(("road", each) for each in day.roads),
        *(("away", each) for each in day.away),
    ]
    placed = [
        Placed(
            kind, *ruler.span(each.starts_at, each.ends_at), each,
            is_past=each.ends_at <= now, shift=_shift(view, each, actor, now),
        )
        for kind, each in things
        if ruler.touches(each.starts_at, each.ends_at)
    ]  # fmt: skip
    lanes, items = _in_lanes(sorted(placed, key=lambda item: (item.row, -item.rows)))
    rules = tuple(Rule(*ruler.local(bell.starts_local, bell.ends_local), bell) for bell in view.bells)
    is_shut = bool(day.types) and STAFF_PRESENT.isdisjoint(day.types)
    is_today = now.astimezone(zone).date() == day.on_date
    if view.may_book and not is_shut:
        items += _free(view, day, items, ruler, now)
    is_pupil_free = bool(day.types) and PUPILS_PRESENT.isdisjoint(day.types) and not is_shut
    if is_shut or is_pupil_free:
        rules = ()
    return Column(
        subject=view.subject,
        day=day,
        items=tuple(sorted(items, key=lambda item: (item.row, item.lane))),
        rules=rules,
        lanes=lanes,
        now_row=ruler.row(now) if is_today and ruler.touches(now, now + timedelta(minutes=1)) else None,
        is_today=is_today,
        is_shut=is_shut,
        is_pupil_free=is_pupil_free,
    )


@dataclass(frozen=True, slots=True)
class _Ruler:
    """Rows of one local day between two hours of its wall clock."""

    on_date: date
    zone: ZoneInfo
    first: int
    last: int

    def row(self, at: datetime) -> int:
        wall = at.astimezone(self.zone)
        days = (wall.date() - self.on_date).days
        return self._row(days * 24 * 60 + wall.hour * 60 + wall.minute)

    def span(self, starts_at: datetime, ends_at: datetime) -> tuple[int, int]:
        row = self.row(starts_at)
        return row, max(self.row(ends_at) - row, 1)

    def local(self, starts: time, ends: time) -> tuple[int, int]:
        row = self._row(starts.hour * 60 + starts.minute)
        return row, max(self._row(ends.hour * 60 + ends.minute) - row, 1)

    def touches(self, starts_at: datetime, ends_at: datetime) -> bool:
        begin = datetime.combine(self.on_date, time(self.first), self.zone)
        end = datetime.combine(self.on_date + timedelta(days=self.last // 24), time(self.last % 24), self.zone)
        return starts_at < end and ends_at > begin

    def _row(self, minutes: int) -> int:
        least, most = 1, (self.last - self.first) * ROWS_AN_HOUR + 1
        return min(max((minutes - self.first * 60) // ROW_MINUTES + 1, least), most)


def _in_lanes(items: list[Placed]) -> tuple[int, list[Placed]]:
    """Things at the same time stand side by side; the last of each bunch takes the room that is left."""
    found: list[Placed] = []
    most = 1
    for bunch in _bunches(items):
        ends: list[int] = []
        lanes = []
        for item in bunch:
            free = next((n for n, end in enumerate(ends) if end <= item.row), None)
            if free is None:
                free = len(ends)
                ends.append(0)
            ends[free] = item.row + item.rows
            lanes.append(min(free + 1, MOST_LANES))
        count = max(lanes)
        most = max(most, count)
        found += [replace(i, lane=lane, is_last_lane=lane == count) for i, lane in zip(bunch, lanes, strict=True)]
    return most, found


def _bunches(items: list[Placed]) -> Iterator[list[Placed]]:
    bunch: list[Placed] = []
    end = 0
    for item in items:
        if bunch and item.row >= end:
            yield bunch
            bunch = []
        bunch.append(item)
        end = max(end, item.row + item.rows)
    if bunch:
        yield bunch


def _shift(view: AgendaView, each: EncounterFacts | Road | Away, actor: Actor, now: datetime) -> int | None:
    """Only what the reader may move is lifted by a drag; the server decides again when it is put down."""
    if not isinstance(each, EncounterFacts) or each.status not in MOVABLE or each.starts_at <= now:
        return None
    if each.audience not in {Audience.HOST, Audience.COORDINATION}:
        return None
    there = each.starts_at.astimezone(ZoneInfo(each.zone)).utcoffset()
    here = each.starts_at.astimezone(ZoneInfo(view.subject.zone)).utcoffset()
    return int(((there or timedelta()) - (here or timedelta())).total_seconds() // 60)


def _free(view: AgendaView, day: AgendaDay, taken: Iterable[Placed], ruler: _Ruler, now: datetime) -> list[Placed]:
    """Working hours less what is there, cut where bells ring: each piece long enough is a place to book."""
    busy = [(item.row, item.row + item.rows) for item in taken]
    cuts = [
        ruler.local(bell.starts_local, bell.ends_local)[0] for bell in view.bells if bell.kind is not BellKind.ARRIVAL
    ]
    breaks = [
        (row, row + rows)
        for row, rows in (
            ruler.local(b.starts_local, b.ends_local) for b in view.bells if b.kind in {BellKind.RECESS, BellKind.LUNCH}
        )
    ]
    found = []
    for starts, ends in day.hours:
        begin, length = ruler.local(starts, ends)
        for low, high in _pieces(begin, begin + length, [*busy, *breaks], cuts):
            minutes = ruler.first * 60 + (low - 1) * ROW_MINUTES
            local = time(minutes // 60, minutes % 60)
            if high - low >= LEAST_FREE_ROWS and instant(day.on_date, local, view.subject.zone) > now:
                found.append(Placed("free", low, high - low, Free(day.on_date, local)))
    return found


def _pieces(low: int, high: int, busy: list[tuple[int, int]], cuts: list[int]) -> list[tuple[int, int]]:
    edges = sorted({low, high, *(c for c in cuts if low < c < high), *(e for s in busy for e in s if low < e < high)})
    return [
        (a, b) for a, b in pairwise(edges) if not any(s < b and a < e for s, e in busy)
    ]  # fmt: skip
