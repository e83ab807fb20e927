"""The series sheet: every date of a rule judged at once, before anything is written.

One problem is loaded for the whole span, in the two statements of a search; each date is then a bit of it. Other
moments are looked for on the dates that fail, and there alone, by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from uuid import UUID

from intervention.domain.arrangement import Arrangement, arranged
from intervention.domain.composition import AskSite, BookEncounter, Composition, check
from intervention.domain.encounters import EncounterKind
from intervention.domain.errors import InvalidInput
from intervention.domain.people import Discipline
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.recurrence import Occurrence, PlainDay, Recurrence, expand, pinned
from intervention.domain.school_time import exact_instant, local_date
from intervention.domain.series import IN_THE_GAP, NO_SUCH_PERIOD, OTHER_DATE, Decisions, Line, Moment, wall_time
from intervention.domain.series_alternatives import alternatives, narrowed
from intervention.domain.slot_rules import RuleBook
from intervention.domain.slots import SOFT_RULES, Given, Problem
from intervention.domain.spans import Span, tick_of
from intervention.queries.booking_references import check_references
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.queries.series_calendar import Anchor, anchor_of, plain_days
from intervention.queries.series_clocks import collisions
from intervention.queries.slot_problem import SlotAsk, problem_of
from intervention.usecases.booking import MAX_AHEAD
from intervention.usecases.finding import sites_given
from intervention.usecases.work import Work

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PlanSeries:
    """A series as asked. Rooms and facilitators that the sites leave open are given date by date.

    `building_id` is the school whose calendar, bells and legal time the rule is read in; None: where the pupils are.
    """

    host_id: UUID
    kind: EncounterKind
    discipline: str
    minutes: int
    sites: tuple[AskSite, ...]
    rule: Recurrence
    decisions: Decisions = field(default_factory=Decisions)
    building_id: UUID | None = None
    objective: str | None = None
    need_group_id: UUID | None = None
    is_strict: bool = False
    accepting: frozenset[str] = frozenset()

    @property
    def composition(self) -> Composition:
        return Composition(self.kind, self.host_id, self.minutes, self.sites)

    def on(self, line: Line, zone: str) -> BookEncounter:
        """The ask that would book one date."""
        if line.span is None:
            raise InvalidInput({"dates": "not_a_choice"})
        return BookEncounter(
            host_id=self.host_id,
            kind=self.kind,
            discipline=self.discipline,
            starts_at=line.span.starts_at,
            minutes=self.minutes,
            zone=zone,
            sites=line.sites or self.sites,
            objective=self.objective,
            need_group_id=self.need_group_id,
            is_strict=self.is_strict,
            accepting=self.accepting,
        )


@dataclass(frozen=True, slots=True)
class SeriesSheet:
    """Every date in order. `rule` is pinned to the calendar that it was read on."""

    lines: tuple[Line, ...]
    rule: Recurrence
    anchor: Anchor
    way: Arrangement

    @property
    def held(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_held)

    @property
    def failing(self) -> tuple[Line, ...]:
        """Those that a person may want to settle: not held, though nobody left them out."""
        return tuple(line for line in self.lines if line.rules and not line.is_left_out)


def preview(work: Work, actor: Actor, ask: PlanSeries, *, ignoring: frozenset[UUID] = frozenset()) -> SeriesSheet:
    """Every date of the rule, judged on the calendars of all its sites. Writes nothing.

    `ignoring` are encounters that the series itself would move. Raises NotAllowed, NotFound (somebody out of scope),
    InvalidInput (the rule, the people, the places).
    """
    require(actor, Action.BOOK, Subject(actor.organization_id, owner_id=ask.host_id))
    require_composed(ask)
    board = catalogue(work.session, actor.organization_id)
    anchor = anchor_of(board, ask.host_id, ask.sites, ask.building_id)
    days = _checked_days(work, actor, ask, board, anchor)
    dates = expand(ask.rule, days)
    if not dates:
        raise InvalidInput({"last_on": "no_dates"})
    lines = moments(ask, dates, days, anchor.zone)
    way = arranged(ask.kind, ask.sites)
    if any(line.span for line in lines):
        lines = _Judge(work, ask, board, anchor, way, ignoring).judged(lines, days)
    return SeriesSheet(tuple(lines), pinned(ask.rule, days), anchor, way)


def require_composed(ask: PlanSeries) -> None:
    """Raise InvalidInput unless the people, the places and the rule could make a series at all."""
    faults = check(ask.composition) | ask.rule.faults()
    if ask.discipline not in set(Discipline):
        faults["discipline"] = "unknown"
    if faults:
        raise InvalidInput(faults)


def _checked_days(work: Work, actor: Actor, ask: PlanSeries, board: Catalogue, anchor: Anchor) -> dict[date, PlainDay]:
    if ask.rule.last_on > local_date(work.now() + MAX_AHEAD, anchor.zone):
        raise InvalidInput({"last_on": "too_far_ahead"})
    check_references(work.session, actor, board, ask.on(_any_line(work), anchor.zone))
    return plain_days(board, anchor, ask.rule.first_on, ask.rule.last_on)


def _any_line(work: Work) -> Line:
    """References do not depend on the date."""
    return Line(date.min, None, Span.lasting(work.now(), timedelta(minutes=5)))


def moments(ask: PlanSeries, dates: Sequence[Occurrence], days: Mapping[date, PlainDay], zone: str) -> list[Line]:
    """The dates with their spans, not judged yet; those that no clock shows are refused."""
    lines = []
    for each in dates:
        moment = ask.decisions.moved.get(each.on_date) or (Moment(each.on_date, each.at) if each.at else None)
        line = Line(
            each.on_date,
            moment,
            is_left_out=ask.decisions.leaves_out(each.on_date),
            is_moved=each.on_date in ask.decisions.moved,
            cycle_day=days[each.on_date].cycle_day,
        )
        lines.append(_timed(line, moment, ask.minutes, zone))
    return lines


def _timed(line: Line, moment: Moment | None, minutes: int, zone: str) -> Line:
    if moment is None:
        return line.refused(NO_SUCH_PERIOD)
    try:
        starts_at = exact_instant(moment.on_date, moment.at, zone)
    except InvalidInput:
        return line.refused(IN_THE_GAP)
    return replace(line, span=Span.lasting(starts_at, timedelta(minutes=minutes)))


class _Judge:
    """The whole span as one problem, and each date as a start of it."""

    def __init__(  # noqa: PLR0913, PLR0917 - what one sheet is about
        self,
        work: Work,
        ask: PlanSeries,
        board: Catalogue,
        anchor: Anchor,
        way: Arrangement,
        ignoring: frozenset[UUID],
    ) -> None:
        self.work, self.ask, self.board, self.anchor, self.way = work, ask, board, anchor, way
        self.ignoring = ignoring
        places = [board.buildings[site.building_id] for site in ask.sites if site.building_id]
        self.zones = tuple(dict.fromkeys(place.zone for place in places if place.zone is not None))
        self.accepted = {rule for rule in SOFT_RULES if rule.value in ask.accepting}

    def judged(self, lines: Sequence[Line], days: Mapping[date, PlainDay]) -> list[Line]:
        problem = self._problem(lines)
        wanted = 0
        for line in lines:
            wanted |= 1 << tick_of(line.span.starts_at) - problem.origin if line.span else 0
        book = RuleBook(narrowed(problem, wanted))
        found = _apart([self._judged(line, book) for line in lines])
        taken = [line.span for line in found if line.is_held and line.span]
        failing = [line for line in found if line.rules and not line.is_left_out]
        others = alternatives(problem, failing, taken, days, self.anchor.zone)
        met = collisions(self.work.session, self.ask.host_id, found, self.anchor.zone, self.ignoring)
        return [
            replace(line, alternatives=others.get(line.on_date, ()), collision=met.get(line.on_date)) for line in found
        ]

    def _problem(self, lines: Sequence[Line]) -> Problem:
        """A week more at each end: the other moments of a failing date are in its own week."""
        host = self.board.professionals[self.ask.host_id]
        dates = [local_date(line.span.starts_at, host.zone) for line in lines if line.span]
        dates += [line.on_date for line in lines]
        first_on = min(dates) - WEEK
        looked = SlotAsk(
            host_id=self.ask.host_id,
            kind=self.ask.kind,
            minutes=self.ask.minutes,
            people=tuple(self.ask.composition.participants()),
            first_on=first_on,
            days=(max(dates) + WEEK - first_on).days + 1,
            ignoring=self.ignoring,
        )
        return problem_of(self.work.session, self.board, looked, [self.way], self.work.now())[0]

    def _judged(self, line: Line, book: RuleBook) -> Line:
        if line.span is None:
            return line
        start = tick_of(line.span.starts_at) - book.problem.origin
        refusing = [key for key in book.option(0).refusing(start) if key[0] not in self.accepted]
        given = book.given(0, start) or tuple(Given() for _ in self.way.sites)
        return replace(
            line,
            rules=tuple(dict.fromkeys(rule.value for rule, _ in refusing)),
            subject_id=refusing[0][1] if refusing else None,
            elsewhere=_elsewhere(line.span, self.anchor.zone, self.zones),
            sites=sites_given(self.way, given),
        )


def _elsewhere(span: Span, own: str, zones: Sequence[str]) -> tuple[tuple[str, time], ...]:
    """What the clocks of the other zones say, where they say something else."""
    here = wall_time(span, own)
    walls = ((zone, wall_time(span, zone)) for zone in zones)
    return tuple((zone, wall) for zone, wall in walls if wall != here)


def _apart(lines: Sequence[Line]) -> list[Line]:
    """No two dates of a series at once: the later decision gives way."""
    found: list[Line] = []
    for line in lines:
        met = line.span is not None and any(
            each.is_held and each.span is not None and each.span.overlaps(line.span) for each in found
        )
        found.append(line.refused(OTHER_DATE) if met and line.is_held else line)
    return found
