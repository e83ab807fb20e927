"""The series sheet: every date of a rule judged at once, before anything is written.

One problem is loaded for the whole span (`series_judge`), in the two statements of a search; each date is then a bit of
it. Other moments are looked for on the dates that fail, and there alone, by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from intervention.domain.arrangement import Arrangement, arranged
from intervention.domain.composition import AskSite, BookEncounter, Composition, check
from intervention.domain.encounters import EncounterKind
from intervention.domain.errors import InvalidInput
from intervention.domain.people import Discipline
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.recurrence import Occurrence, PlainDay, Recurrence, expand, pinned
from intervention.domain.school_time import local_date
from intervention.domain.series import Decisions, Line, Moment
from intervention.domain.spans import Span
from intervention.queries.booking_references import check_references
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.queries.series_calendar import Anchor, anchor_of, plain_days
from intervention.usecases.booking import MAX_AHEAD
from intervention.usecases.series_judge import Judge, apart, timed
from intervention.usecases.work import Work


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
        judge = Judge(work, ask.composition, board, anchor.zone, [way], ask.accepting, ignoring)
        lines = judge.settled(apart(judge.judged(lines)), days)
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
        lines.append(timed(line, moment, ask.minutes, zone))
    return lines
