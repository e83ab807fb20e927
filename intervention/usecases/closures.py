"""Closes schools and opens them again: the days, every séance that it touches, and what is needed to undo it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from intervention.domain.closures import CLOSING, Because, Treatment
from intervention.domain.days import CalendarAct, DayType
from intervention.domain.errors import InvalidInput, NotFound, WrongState
from intervention.domain.events import SchoolsClosed, SchoolsReopened
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.domain.privacy import EncounterFacts, audience_of, view_of
from intervention.domain.school_time import local_date
from intervention.queries.closures import UNDO_FOR
from intervention.queries.encounters import subject_of
from intervention.queries.facts import facts_where
from intervention.queries.school_calendars import layers_of, year_of
from intervention.records.calendars import CalendarChange, Closure
from intervention.records.encounters import Encounter
from intervention.usecases.closure_plan import DeclareClosure, Proposal, days_on, plan_of
from intervention.usecases.giving_back import GivenBack, give_back
from intervention.usecases.school_days import DayChange, lay_school_days, write_days
from intervention.usecases.treating import Task, treat
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class Line:
    """One séance of the sheet, in the reader's words."""

    view: EncounterFacts
    treatment: Treatment
    because: Because
    choices: tuple[Treatment, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """`confidential` counts séances whose existence is not the reader's to know: the rule is applied to them."""

    dates: tuple[date, ...]
    repeated: tuple[date, ...]
    buildings: frozenset[UUID]
    changes: tuple[DayChange, ...]
    lines: tuple[Line, ...]
    confidential: int

    @property
    def counts(self) -> dict[Treatment, int]:
        found = Counter(line.treatment for line in self.lines)
        return {treatment: found[treatment] for treatment in Treatment}


@dataclass(frozen=True, slots=True)
class Declared:
    """`change_id` is None when it was said already, and nothing changed."""

    change_id: UUID | None
    closure_ids: tuple[UUID, ...]
    counts: Mapping[Treatment, int]


def preview(work: Work, actor: Actor, ask: DeclareClosure) -> Preview:
    """What `declare` would do, séance by séance. Writes nothing."""
    _require_day_type(ask)
    plan = plan_of(work, actor, ask)
    seen = [p for p in plan.proposals if _may_see(actor, p.encounter)]
    views = {
        facts.id: view_of(facts, audience_of(actor, facts))
        for facts in facts_where(work.session, Encounter.id.in_([p.encounter.id for p in seen]))
    }
    lines = tuple(Line(views[p.encounter.id], _chosen(actor, ask, p), p.because, p.choices) for p in seen)
    return Preview(plan.dates, plan.repeated, plan.reached, plan.changes, lines, len(plan.proposals) - len(lines))


def declare(work: Work, actor: Actor, ask: DeclareClosure) -> Declared:
    """Close, and treat every séance, in one write. Said twice, it changes nothing and says so.

    Raises what `plan_of` raises, and InvalidInput naming the séances that cannot be treated as chosen.
    """
    _require_day_type(ask)
    plan = plan_of(work, actor, ask, lock=True)
    if not plan.dates:
        return Declared(None, (), {})
    closures = {on_date: _closure(work, actor, ask, on_date) for on_date in plan.dates}
    work.session.flush()
    write_days(work.session, plan.year, plan.changes)
    tasks = [_task(actor, ask, proposal, closures) for proposal in plan.proposals]
    entries = treat(work, actor, tasks, ask.label or None)
    counts = Counter(Treatment(each["treatment"]) for each in entries)
    counts[Treatment.KEEP] = len(tasks) - len(entries)
    kind = CalendarAct.CLOSED if ask.day_type in CLOSING else CalendarAct.REOPENED
    change = _change(work, actor, kind, list(closures.values()), entries, counts)
    for closure in closures.values():
        work.note(SchoolsClosed(actor.organization_id, closure.id))
    return Declared(change.id, tuple(c.id for c in closures.values()), counts)


def lift(work: Work, actor: Actor, closure_id: UUID) -> GivenBack:
    """Take one closure back, whenever it was declared, until its day is over. Lifted already, it changes nothing."""
    closure = work.session.get(Closure, closure_id)
    if closure is None or closure.organization_id != actor.organization_id:
        raise NotFound
    _require_reach(work, actor, [closure])
    if closure.lifted_at is not None:
        return GivenBack((), {})
    return _take_back(work, actor, [closure])


def undo(work: Work, actor: Actor, change_id: UUID) -> GivenBack:
    """Undo the whole of a change, within a day of it."""
    change = work.session.get(CalendarChange, change_id)
    if change is None or change.organization_id != actor.organization_id:
        raise NotFound
    closures = list(
        work.session.scalars(select(Closure).where(Closure.id.in_([UUID(c) for c in change.before["closures"]])))
    )
    if not closures:
        raise NotFound
    _require_reach(work, actor, closures)
    if change.undone_at is not None or change.done_at + UNDO_FOR <= work.now():
        raise WrongState(status="undone" if change.undone_at else "too_late")
    change.undone_at, change.undone_by_id = work.now(), actor.person_id
    return _take_back(work, actor, [each for each in closures if each.lifted_at is None])


def _require_day_type(ask: DeclareClosure) -> None:
    if ask.day_type not in CLOSING | {DayType.CLASS}:
        raise InvalidInput({"day_type": "not_a_choice"})


def _may_see(actor: Actor, encounter: Encounter) -> bool:
    return bool(permits(actor, Action.SEE_ENCOUNTER, subject_of(encounter)))


def _chosen(actor: Actor, ask: DeclareClosure, proposal: Proposal) -> Treatment:
    """By hand where it was, for a séance that the actor sees; else by rule."""
    chosen = ask.treatments.get(proposal.encounter.id)
    if chosen is None or not _may_see(actor, proposal.encounter):
        return proposal.treatment
    if chosen not in proposal.choices:
        raise InvalidInput({str(proposal.encounter.id): "not_a_choice"})
    return chosen


def _task(actor: Actor, ask: DeclareClosure, proposal: Proposal, closures: Mapping[date, Closure]) -> Task:
    is_chosen = proposal.encounter.id in ask.treatments and _may_see(actor, proposal.encounter)
    return Task(
        proposal.encounter, _chosen(actor, ask, proposal), proposal.because, proposal.remainder,
        closures[proposal.encounter.on_date].id, is_chosen,
    )  # fmt: skip


def _closure(work: Work, actor: Actor, ask: DeclareClosure, on_date: date) -> Closure:
    made = Closure(
        organization_id=actor.organization_id, scope=ask.scope, target_id=ask.target_id, on_date=on_date,
        portion=ask.portion, day_type=ask.day_type, label=ask.label or None, declared_by_id=actor.person_id,
        declared_at=work.now(),
    )  # fmt: skip
    work.session.add(made)
    return made


def _change(  # noqa: PLR0913, PLR0917 - one row's worth
    work: Work,
    actor: Actor,
    kind: CalendarAct,
    closures: Sequence[Closure],
    entries: Sequence[dict[str, Any]],
    counts: Mapping[Treatment, int],
) -> CalendarChange:
    made = CalendarChange(
        organization_id=actor.organization_id,
        kind=kind,
        actor_id=actor.person_id,
        done_at=work.now(),
        before={"closures": [str(each.id) for each in closures], "entries": list(entries)},
        summary={treatment.value: n for treatment, n in counts.items() if n},
    )
    work.session.add(made)
    work.session.flush()
    return made


def _require_reach(work: Work, actor: Actor, closures: Sequence[Closure]) -> None:
    year = year_of(work.session, actor.organization_id, closures[0].on_date)
    layers = layers_of(work.session, year)
    reached = frozenset[UUID]().union(*(layers.reached(each.scope, each.target_id) for each in closures))
    require(actor, Action.CLOSE_SCHOOLS, Subject(actor.organization_id, buildings=reached))


def _take_back(work: Work, actor: Actor, closures: Sequence[Closure]) -> GivenBack:
    if not closures:
        return GivenBack((), {})
    if min(each.on_date for each in closures) < local_date(work.now(), actor.zone):
        raise WrongState(status="past")
    year = year_of(work.session, actor.organization_id, closures[0].on_date)
    layers = layers_of(work.session, year)
    reached = frozenset[UUID]().union(*(layers.reached(each.scope, each.target_id) for each in closures))
    for each in closures:
        each.lifted_at, each.lifted_by_id = work.now(), actor.person_id
        work.note(SchoolsReopened(actor.organization_id, each.id))
    work.session.flush()
    lay_school_days(work.session, year, reached)
    dates = {each.on_date for each in closures}
    changes = _changes_of(work, actor, dates)
    entries = [entry for change in changes for entry in change.before["entries"] if _is_open(entry)]
    wanted = _on(work, [entry for entry in entries if _is_at(entry, reached)], dates)
    given = give_back(work, actor, wanted, days_on(work, actor, sorted(dates)))
    _mark(changes, {str(each) for each in given.restored})
    _tell_refused(changes, {str(each.id) for each in closures}, given)
    return given


def _tell_refused(changes: Sequence[CalendarChange], closures: set[str], given: GivenBack) -> None:
    """Keep why some could not be given back, with the change that this undoes."""
    refused = {str(encounter): why.value for encounter, why in given.refused.items()}
    for change in changes:
        if closures & set(change.before["closures"]):
            change.summary = change.summary | {"refused": refused}


def _changes_of(work: Work, actor: Actor, dates: Iterable[date]) -> list[CalendarChange]:
    """The changes that treated séances of these dates, this one's and those that other closures made."""
    on_dates = {
        str(each)
        for each in work.session.scalars(
            select(Closure.id).where(Closure.organization_id == actor.organization_id, Closure.on_date.in_(dates))
        )
    }
    changes = work.session.scalars(
        select(CalendarChange)
        .where(CalendarChange.organization_id == actor.organization_id, CalendarChange.kind == CalendarAct.CLOSED)
        .order_by(CalendarChange.done_at)
    )
    return [each for each in changes if on_dates & set(each.before["closures"])]


def _is_at(entry: dict[str, Any], buildings: frozenset[UUID]) -> bool:
    return any(site["building_id"] in {str(each) for each in buildings} for site in entry["shape"]["sites"])


def _is_open(entry: dict[str, Any]) -> bool:
    return not entry.get("restored", False)


def _on(work: Work, entries: Sequence[dict[str, Any]], dates: Iterable[date]) -> list[dict[str, Any]]:
    """The last word of each séance of these dates: what was rearranged and then cancelled goes back one step."""
    ids = [UUID(each["encounter"]) for each in entries]
    there = set(work.session.scalars(select(Encounter.id).where(Encounter.id.in_(ids), Encounter.on_date.in_(dates))))
    return list({each["encounter"]: each for each in entries if UUID(each["encounter"]) in there}.values())


def _mark(changes: Sequence[CalendarChange], restored: set[str]) -> None:
    for change in changes:
        entries = [
            entry | {"restored": True} if entry["encounter"] in restored else entry
            for entry in change.before["entries"]
        ]
        change.before = change.before | {"entries": entries}  # a new value: the column does not see inside
