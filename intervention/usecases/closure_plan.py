"""What a closure would do before anybody declares it: which days change, and what the rule proposes for each séance."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from intervention.domain.calendar_layers import Mark
from intervention.domain.closures import (
    CLOSING,
    Because,
    Remainder,
    Touched,
    Treatment,
    choices,
    propose,
    without_closed,
)
from intervention.domain.days import EVERY_LEVEL, ClosureScope, DayType, Layer, Portion
from intervention.domain.encounters import KIND_RULES
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.redating import Decided, Fate
from intervention.domain.school_time import local_date
from intervention.domain.slots import SOFT_RULES, Rule
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.queries.school_calendars import Layers, layers_of, year_of
from intervention.records.calendars import Closure, SchoolYear
from intervention.records.encounters import Encounter
from intervention.usecases.changing import as_ask
from intervention.usecases.closed_days import Days, closed_for, days_on, touched
from intervention.usecases.redating_plan import Redating, redating_of
from intervention.usecases.school_days import DayChange, proposed
from intervention.usecases.slot_rules import obstacle
from intervention.usecases.work import Work

MAX_DAYS = 14
MAX_LABEL = 80
# Set aside when the séance was booked, and not asked again; what a site must have is.
_ACCEPTED = frozenset(
    rule.value for rule in SOFT_RULES - {Rule.CLOSED_DAY, Rule.BUILDING_CLOSED, Rule.NO_ROOM, Rule.NO_FACILITATOR}
)


@dataclass(frozen=True, slots=True)
class DeclareClosure:
    """`day_type` CLOSURE or SUSPENSION, over a day or a range; `treatments` are those that a person chose, `decided`
    what was said of the séances whose day of the cycle goes elsewhere."""

    scope: ClosureScope
    target_id: UUID
    day_type: DayType
    first_on: date
    last_on: date | None = None
    portion: Portion = Portion.WHOLE
    label: str | None = None
    treatments: Mapping[UUID, Treatment] = field(default_factory=dict)
    decided: Decided = field(default_factory=Decided)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One séance, what is proposed for it and why, and what else could be done."""

    encounter: Encounter
    treatment: Treatment
    because: Because
    choices: tuple[Treatment, ...]
    remainder: Remainder | None


@dataclass(frozen=True, slots=True)
class Plan:
    """`dates` are those to declare: the days on which it is declared already are left out, and so are days off.

    `redating`: the séances that follow the cycle where it slides. One of a closed day that follows it is not treated.
    """

    year: SchoolYear
    layers: Layers
    reached: frozenset[UUID]
    dates: tuple[date, ...]
    repeated: tuple[date, ...]
    changes: tuple[DayChange, ...]
    proposals: tuple[Proposal, ...]
    redating: Redating


def plan_of(work: Work, actor: Actor, ask: DeclareClosure, *, lock: bool = False) -> Plan:
    """Raises NotAllowed, NotFound (a place out of scope), InvalidInput (fields)."""
    dates = _asked_dates(work, actor, ask)
    year = _year(work, actor, ask)
    layers = layers_of(work.session, year)
    reached = layers.reached(ask.scope, ask.target_id)
    require(actor, Action.CLOSE_SCHOOLS, Subject(actor.organization_id, buildings=reached))
    if not reached:
        raise NotFound
    repeated = _repeated(work, ask, dates)
    wanted = [on_date for on_date in dates if on_date not in repeated]
    marks = [(ask.scope, ask.target_id, _mark(ask, on_date)) for on_date in wanted]
    with_it = replace(layers, closures=(*layers.closures, *marks))
    changes = proposed(work.session, year, with_it, reached)
    days = days_on(work, actor, wanted)
    newly = _newly(changes, set(wanted), ask.day_type)
    after = days | {key: types for key, types in _after(changes).items() if key[1] in wanted}
    standing = _closed_dates(wanted, reached, after) if ask.day_type in CLOSING else _changed_dates(newly)
    if not standing and not repeated:
        raise InvalidInput({"first_on": "no_school"})
    found = touched(work, actor, wanted, reached, newly, lock=lock) if ask.day_type in CLOSING else []
    redating = _redating(work, actor, changes, ask, [each.id for each in found])
    follow = {line.encounter_id for line in redating.lines if ask.decided.accepts(line)}
    proposals = _proposals(work, actor, [each for each in found if each.id not in follow], after, follow)
    return Plan(year, layers, reached, standing, repeated, tuple(changes), proposals, redating)


def _redating(
    work: Work, actor: Actor, changes: Sequence[DayChange], ask: DeclareClosure, there: Collection[UUID]
) -> Redating:
    """Those of the closed days only where they can follow: the rule of closures settles the others, and what is held
    where nothing closes."""
    found = redating_of(work, actor, changes, ask.decided)
    lines = [
        line
        for line in found.lines
        if line.fate is Fate.MOVES or (line.fate is not Fate.NO_SCHOOL and line.encounter_id not in there)
    ]
    return replace(found, lines=tuple(lines))


def _mark(ask: DeclareClosure, on_date: date) -> Mark:
    return Mark(Layer.EVENT, on_date, ask.day_type, ask.portion, ask.label)


def _asked_dates(work: Work, actor: Actor, ask: DeclareClosure) -> list[date]:
    last = ask.last_on or ask.first_on
    faults = {}
    if ask.first_on < local_date(work.now(), actor.zone):
        faults["first_on"] = "in_the_past"
    if last < ask.first_on:
        faults["last_on"] = "ends_before_start"
    elif (last - ask.first_on).days >= MAX_DAYS:
        faults["last_on"] = "too_many_days"
    if ask.label is not None and len(ask.label) > MAX_LABEL:
        faults["label"] = "too_long"
    if faults:
        raise InvalidInput(faults)
    return [ask.first_on + timedelta(days=n) for n in range((last - ask.first_on).days + 1)]


def _year(work: Work, actor: Actor, ask: DeclareClosure) -> SchoolYear:
    year = year_of(work.session, actor.organization_id, ask.first_on)
    if not year.staff_from <= ask.first_on <= (ask.last_on or ask.first_on) <= year.staff_until:
        raise InvalidInput({"first_on": "outside_year"})
    return year


def _repeated(work: Work, ask: DeclareClosure, dates: Sequence[date]) -> tuple[date, ...]:
    """The days on which the very same thing is declared already."""
    said = work.session.scalars(
        select(Closure.on_date).where(
            Closure.scope == ask.scope,
            Closure.target_id == ask.target_id,
            Closure.on_date.in_(dates),
            Closure.day_type == ask.day_type,
            Closure.portion.in_({ask.portion, Portion.WHOLE}),
            Closure.lifted_at.is_(None),
        )
    )
    return tuple(sorted(set(said)))


def _closed_dates(dates: Iterable[date], reached: Iterable[UUID], after: Days) -> tuple[date, ...]:
    """The days on which school is closed there, by this or by what was said before: never a day off."""
    return tuple(d for d in dates if any(CLOSING & set(after.get((building, d), ())) for building in reached))


def _changed_dates(newly: Mapping[tuple[UUID, date], tuple[bool, bool]]) -> tuple[date, ...]:
    return tuple(sorted({on_date for (_, on_date), halves in newly.items() if any(halves)}))


def _after(changes: Iterable[DayChange]) -> Days:
    return {
        (each.building_id, each.after.on_date): (each.after.day_type, each.after.afternoon or each.after.day_type)
        for each in changes
        if each.after is not None and each.level == EVERY_LEVEL
    }


def _newly(
    changes: Iterable[DayChange], dates: set[date], day_type: DayType
) -> dict[tuple[UUID, date], tuple[bool, bool]]:
    """The halves of a building's day that this alone closes."""
    found = {}
    for each in changes:
        if each.level == EVERY_LEVEL and each.before and each.after and each.after.on_date in dates:
            was = each.before.day_type, each.before.afternoon or each.before.day_type
            becomes = each.after.day_type, each.after.afternoon or each.after.day_type
            morning, afternoon = (old is not new and new is day_type for old, new in zip(was, becomes, strict=True))
            found[each.building_id, each.after.on_date] = (morning, afternoon)
    return found


def _proposals(
    work: Work, actor: Actor, encounters: Sequence[Encounter], days: Days, gone: Collection[UUID]
) -> tuple[Proposal, ...]:
    """`gone` are those that will be held on another day: they are in nobody's way."""
    board = catalogue(work.session, actor.organization_id)
    hopeful = {each.id: _as_touched(board, each, days, work.now()) for each in encounters}
    kept = {each for each, touched in hopeful.items() if propose(touched)[0] is Treatment.KEEP}
    aside = frozenset(hopeful.keys() - kept) | frozenset(gone)
    found = []
    for each in encounters:
        touched = hopeful[each.id]
        if touched.remainder is not None and each.id not in kept:
            ask = replace(as_ask(each), sites=touched.remainder.sites, accepting=_ACCEPTED)
            against = obstacle(work, actor, ask, each.span, ignoring=each.id, aside=aside)
            touched = replace(touched, is_ready=against is None)
        treatment, because = propose(touched)
        found.append(Proposal(each, treatment, because, choices(touched), touched.remainder))
    return tuple(found)


def _as_touched(board: Catalogue, encounter: Encounter, days: Days, now: datetime) -> Touched:
    """As the rule sees it while the slot engine has not been asked: ready."""
    closed = closed_for(board, encounter, days)
    composition = as_ask(encounter).composition
    remainder = without_closed(composition, closed, board.professionals[encounter.host_id].home)
    is_hit = remainder is None or bool(remainder.leaving)
    begun = encounter.starts_at <= now
    return Touched(KIND_RULES[encounter.kind].axis, begun, is_hit, remainder if is_hit else None, is_ready=True)
