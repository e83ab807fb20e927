"""Judges a whole timetable: every date of every place on the calendars of its schools, by the rules of a booking.

Places are judged in the order they were made, each beside those before it: the later one is told whom it meets, as it
would be when all are published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from intervention.domain.arrangement import Arrangement, arrangements
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.permissions import Actor
from intervention.domain.recurrence import PlainDay, expand, pinned
from intervention.domain.school_time import local_date
from intervention.domain.series import Line
from intervention.domain.series_alternatives import narrowed
from intervention.domain.slot_rules import RuleBook
from intervention.domain.slots import Given, Rule
from intervention.domain.spans import Span, tick_of
from intervention.domain.timetable import Cell, Conflict, conflicts_of
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.queries.series_calendar import Anchor, anchor_of, plain_days
from intervention.queries.slot_problem import locate
from intervention.queries.timetable_problem import Year
from intervention.queries.timetables import LineShown, Place, lines_of
from intervention.records.calendars import SchoolYear
from intervention.records.timetables import Timetable
from intervention.usecases.finding import sites_given
from intervention.usecases.series_sheet import PlanSeries, moments, require_composed
from intervention.usecases.work import Work

Bounds = tuple[date, date]
ROADS = frozenset({Rule.TOO_SHORT_FOR_ROAD, Rule.MAX_BUILDINGS, Rule.LUNCH})


@dataclass(frozen=True, slots=True)
class Way:
    """How a line would be held, and whose calendar its places are read on."""

    ask: PlanSeries  # of the whole year; its rule is that of no place yet
    arrangement: Arrangement
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Judged:
    """A place with every date that it stands for. `fault` says why it could never be held, in place of dates."""

    place: Place
    line_id: UUID
    ask: PlanSeries | None = None
    anchor: Anchor | None = None
    dates: tuple[Line, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    fault: str | None = None

    @property
    def held(self) -> tuple[Line, ...]:
        return tuple(line for line in self.dates if line.is_held)

    @property
    def skipped(self) -> tuple[Line, ...]:
        return tuple(line for line in self.dates if not line.is_held)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines, and what became of each place that is not published yet."""

    lines: tuple[LineShown, ...]
    judged: Mapping[UUID, Judged]
    bounds: Bounds | None  # None: the year is over

    def met_by(self, place_id: UUID) -> tuple[Judged, ...]:
        """The places that this one is in the way of."""
        return tuple(j for j in self.judged.values() if any(c.met == place_id for c in j.conflicts))


def judge(work: Work, actor: Actor, timetable: Timetable) -> Sheet:
    """Whoever calls has loaded the timetable, and so may book for its professional. Writes nothing."""
    grid = Grid(work, actor, timetable)
    return grid.judged()


def bounds_of(work: Work, year: SchoolYear, zone: str) -> Bounds | None:
    """From the year's first day, or from tomorrow once it has begun, to its last."""
    first_on = max(year.starts_on, local_date(work.now(), zone) + timedelta(days=1))
    return (first_on, year.ends_on) if first_on <= year.ends_on else None


class Grid:
    """A timetable on its year. `ways` has those of the lines that could be held at all, `faults` the others."""

    def __init__(self, work: Work, actor: Actor, timetable: Timetable) -> None:
        self.work, self.actor, self.timetable = work, actor, timetable
        self.board: Catalogue = catalogue(work.session, timetable.organization_id)
        host = self.board.professionals.get(timetable.person_id)
        if host is None:
            raise NotFound
        self.host = host
        self.lines = lines_of(work.session, actor, self.board, timetable)
        year = work.session.get_one(SchoolYear, timetable.school_year_id)
        self.bounds = bounds_of(work, year, host.zone)
        self.ways: dict[UUID, Way] = {}
        self.faults: dict[UUID, str] = {}
        for line in self.lines:
            self._compose(line)
        self._days: dict[Anchor, dict[date, PlainDay]] = {}
        self._year: Year | None = None
        self._held: dict[date, list[tuple[Span, UUID]]] = defaultdict(list)

    @property
    def year(self) -> Year:
        """Read when first asked for."""
        if self._year is None:
            if self.bounds is None:
                raise InvalidInput({"year": "year_is_over"})
            ways = [way.arrangement for way in self.ways.values()]
            self._year = Year(
                self.work.session, self.board, self.timetable.person_id, ways, self.bounds, self.work.now()
            )
        return self._year

    def days(self, anchor: Anchor) -> dict[date, PlainDay]:
        if self.bounds is None:
            return {}
        if anchor not in self._days:
            self._days[anchor] = plain_days(self.board, anchor, *self.bounds)
        return self._days[anchor]

    def judged(self, *, without: Collection[UUID] = ()) -> Sheet:
        """Every place but those `without`, which then are in nobody's way."""
        waiting = [
            (place, line)
            for line in self.lines
            for place in line.places
            if place.series_id is None and place.id not in without
        ]
        waiting.sort(key=lambda each: each[0].id)
        found = {place.id: self.judged_place(place, line) for place, line in waiting} if self.bounds else {}
        return Sheet(self.lines, found, self.bounds)

    def judged_place(self, place: Place, line: LineShown) -> Judged:
        """One place beside all those judged before it, which from here on is in the way of the others."""
        way = self.ways.get(line.id)
        if way is None or self.bounds is None:
            return Judged(place, line.id, fault=self.faults.get(line.id, "year_is_over"))
        days = self.days(way.anchor)
        ask = replace(way.ask, rule=pinned(place.cell.rule(*self.bounds), days))
        dates = self._dates(ask, way, days)
        met = {each.on_date: other for each in dates if (other := self._met(each)) is not None}
        for each in dates:
            if each.is_held and each.span is not None:
                self.year.take(each.span, each.sites)
                self._held[each.on_date].append((each.span, place.id))
        fault = None if dates else "no_dates"
        return Judged(place, line.id, ask, way.anchor, dates, conflicts_of(dates, met), fault)

    def _compose(self, line: LineShown) -> None:
        try:
            self.ways[line.id] = self._way(line)
        except NotFound:
            self.faults[line.id] = "not_followed"
        except InvalidInput as refusal:
            self.faults[line.id] = next(iter(refusal.fields.values()))

    def _way(self, line: LineShown) -> Way:
        for who in line.people:
            if not line.is_hidden:
                locate(self.board, self.actor, who.participant)
        found = arrangements(line.kind, line.people, self.host.home, wanted=line.modality, at_building=line.building_id)
        if not found:
            raise InvalidInput({"modality": "no_such_way"})
        rule = Cell(1, self.host.lunch[0]).rule(*(self.bounds or (date.min, date.min)))
        ask = PlanSeries(
            self.timetable.person_id,
            line.kind,
            line.discipline.value,
            line.minutes,
            found[0].sites,
            rule,
            need_group_id=line.need_group_id,
            is_strict=line.is_confidential,
        )
        require_composed(ask)
        return Way(ask, found[0], anchor_of(self.board, self.timetable.person_id, found[0].sites))

    def _dates(self, ask: PlanSeries, way: Way, days: Mapping[date, PlainDay]) -> tuple[Line, ...]:
        lines = moments(ask, expand(ask.rule, days), days, way.anchor.zone)
        wanted = 0
        for line in lines:
            if line.span is not None:
                wanted |= 1 << tick_of(line.span.starts_at) - self.year.origin
        if not wanted:
            return tuple(lines)
        book = RuleBook(narrowed(self.year.problem(way.arrangement, ask.minutes), wanted))
        return tuple(self._judged_date(line, book, way) for line in lines)

    def _judged_date(self, line: Line, book: RuleBook, way: Way) -> Line:
        if line.span is None:
            return line
        start = tick_of(line.span.starts_at) - self.year.origin
        refusing = book.option(0).refusing(start)
        given = () if refusing else book.given(0, start)
        return replace(
            line,
            rules=tuple(dict.fromkeys(rule.value for rule, _ in refusing)),
            subject_id=refusing[0][1] if refusing else None,
            sites=sites_given(way.arrangement, given or tuple(Given() for _ in way.arrangement.sites)),
        )

    def _met(self, line: Line) -> UUID | None:
        """Which place of the timetable a refused date meets: one that overlaps it, or the nearest for a road."""
        if not line.rules or line.span is None:
            return None
        here = self._held.get(line.on_date, [])
        span = line.span
        for other, place in here:
            if other.overlaps(span):
                return place
        if line.rules[0] not in ROADS or not here:
            return None
        return min(here, key=lambda each: _apart(each[0], span))[1]


def _apart(one: Span, other: Span) -> timedelta:
    return max(one.starts_at - other.ends_at, other.starts_at - one.ends_at)
