"""Closes schools: the days, every séance that it touches, and what is needed to undo it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from intervention.domain.closures import CLOSING, Because, Treatment
from intervention.domain.days import CalendarAct, DayType
from intervention.domain.encounters import CancellationCause
from intervention.domain.errors import InvalidInput
from intervention.domain.events import SchoolsClosed
from intervention.domain.permissions import Action, Actor, permits
from intervention.domain.privacy import EncounterFacts, view_for
from intervention.queries.encounters import subject_of
from intervention.queries.facts import facts_where
from intervention.records.calendars import CalendarChange, Closure
from intervention.records.encounters import Encounter
from intervention.usecases.closure_plan import DeclareClosure, Proposal, plan_of
from intervention.usecases.redating import accept, days_digest, note_people, seances_of
from intervention.usecases.redating_sheet import RedatingSheet, sheet_of
from intervention.usecases.school_days import DayChange, write_days
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
    sheet: RedatingSheet

    @property
    def counts(self) -> dict[Treatment, int]:
        found = Counter(line.treatment for line in self.lines)
        return {treatment: found[treatment] for treatment in Treatment}


@dataclass(frozen=True, slots=True)
class Declared:
    """`change_id` is None when it was said already, and nothing changed. `moved` séances follow their cycle."""

    change_id: UUID | None
    closure_ids: tuple[UUID, ...]
    counts: Mapping[Treatment, int]
    moved: int = 0


def preview(work: Work, actor: Actor, ask: DeclareClosure, page: int = 1) -> Preview:
    """What `declare` would do, séance by séance, those that follow their cycle by pages. Writes nothing."""
    _require_day_type(ask)
    plan = plan_of(work, actor, ask)
    seen = [p for p in plan.proposals if _may_see(actor, p.encounter)]
    views = {
        facts.id: view_for(actor, facts)
        for facts in facts_where(work.session, Encounter.id.in_([p.encounter.id for p in seen]))
    }
    lines = tuple(Line(views[p.encounter.id], _chosen(actor, ask, p), p.because, p.choices) for p in seen)
    sheet = sheet_of(work, actor, plan.redating, ask.decided, page)
    hidden = len(plan.proposals) - len(lines)
    return Preview(plan.dates, plan.repeated, plan.reached, plan.changes, lines, hidden, sheet)


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
    redated = accept(work, actor, plan.redating, ask.decided, CancellationCause.CLOSURE)
    redated["days"] = days_digest(plan.changes)
    tasks = [_task(actor, ask, proposal, closures) for proposal in plan.proposals]
    entries = treat(work, actor, tasks, ask.label or None)
    counts = Counter(Treatment(each["treatment"]) for each in entries)
    counts[Treatment.KEEP] = len(tasks) - len(entries)
    kind = CalendarAct.CLOSED if ask.day_type in CLOSING else CalendarAct.REOPENED
    before = {"closures": [str(each.id) for each in closures.values()], "entries": entries, "redating": redated}
    change = _change(work, actor, kind, before, counts)
    note_people(work, actor.organization_id, change.id, seances_of(redated) + seances_of({"entries": entries}))
    for closure in closures.values():
        work.note(SchoolsClosed(actor.organization_id, closure.id))
    return Declared(change.id, tuple(c.id for c in closures.values()), counts, len(redated["moved"]))


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


def _change(
    work: Work, actor: Actor, kind: CalendarAct, before: dict[str, Any], counts: Mapping[Treatment, int]
) -> CalendarChange:
    redated = before["redating"]
    made = CalendarChange(
        organization_id=actor.organization_id,
        kind=kind,
        actor_id=actor.person_id,
        done_at=work.now(),
        before=before,
        summary={treatment.value: n for treatment, n in counts.items() if n}
        | {"moved": len(redated["moved"]), "to_decide": redated["to_decide"]},
    )
    work.session.add(made)
    work.session.flush()
    return made
