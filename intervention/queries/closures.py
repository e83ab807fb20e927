"""Closures as the pages read them: what is declared, where one may declare, what a change did and could not undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.closures import Treatment
from intervention.domain.days import EVERY_LEVEL, CalendarAct, ClosureScope, DayType, Portion
from intervention.domain.errors import NotFound
from intervention.domain.people import Role
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.domain.privacy import EncounterFacts, view_for
from intervention.queries.facts import facts_where
from intervention.queries.school_calendars import Layers, layers_of, year_of
from intervention.queries.scope import visible_encounters
from intervention.records.calendars import CalendarChange, Closure, SchoolDay, Sector
from intervention.records.encounters import Encounter
from intervention.records.people import Person
from intervention.records.schools import Building, School

KEPT_FOR = timedelta(days=30)
UNDO_FOR = timedelta(hours=24)
LOCAL = (Role.PRINCIPAL, Role.SECRETARY)
MOST = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere the actor may close: a scope and what it names ("" is the whole board)."""

    scope: ClosureScope
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ClosureRow:
    id: UUID
    scope: ClosureScope
    place: str
    on_date: date
    portion: Portion
    day_type: DayType
    label: str
    by: str
    declared_at: datetime
    lifted_at: datetime | None
    change_id: UUID | None
    may_lift: bool


@dataclass(frozen=True, slots=True)
class Conditional:
    """A conditional day to come: `rank` 1 is F1, the first to become a class day."""

    on_date: date
    rank: int | None
    label: str
    buildings: int


@dataclass(frozen=True, slots=True)
class ChangePage:
    """What a change did. `refused`: what its undoing could not give back, and why."""

    id: UUID
    kind: CalendarAct
    done_at: datetime
    by: str
    closures: tuple[ClosureRow, ...]
    counts: Mapping[Treatment, int]
    entries: tuple[tuple[EncounterFacts, Treatment, str | None], ...]
    hidden: int
    is_undone: bool
    may_undo: bool
    moved: int = 0


def require_closer(actor: Actor) -> None:
    """Raises NotAllowed for somebody who closes nothing anywhere."""
    require(actor, Action.CLOSE_SCHOOLS, Subject(actor.organization_id, buildings=actor.buildings_as(*LOCAL)))


def places(session: Session, actor: Actor, around: date) -> list[Place]:
    """Everywhere the actor may close, the widest first."""
    require_closer(actor)
    layers = layers_of(session, year_of(session, actor.organization_id, around))
    names = names_of(session, actor.organization_id)
    return [
        Place(scope, target, names.get((scope, target), ""))
        for scope, target in sorted(names, key=lambda key: (list(ClosureScope).index(key[0]), names[key]))
        if _may(actor, layers.reached(scope, target))
    ]


def closures(session: Session, actor: Actor, now: datetime, today: date) -> list[ClosureRow]:
    """Those of the last month and to come that reach somewhere the actor looks after, the latest day first."""
    require_closer(actor)
    rows = session.execute(
        select(Closure, Person.given_name, Person.family_name)
        .join(Person, Person.id == Closure.declared_by_id)
        .where(Closure.organization_id == actor.organization_id, Closure.on_date >= today - KEPT_FOR)
        .order_by(Closure.on_date.desc(), Closure.declared_at.desc())
        .limit(MOST)
    ).all()
    if not rows:
        return []
    layers = layers_of(session, year_of(session, actor.organization_id, today))
    mine = None if actor.roles & {Role.COORDINATOR, Role.ADMINISTRATOR} else actor.buildings_as(*LOCAL)
    names, changes = names_of(session, actor.organization_id), _changes(session, actor, now)
    found = []
    for closure, given, family in rows:
        reached = layers.reached(closure.scope, closure.target_id)
        if mine is None or mine & reached:
            may = closure.lifted_at is None and closure.on_date >= today and _may(actor, reached)
            found.append(_row(closure, names, f"{given} {family}", changes.get(closure.id), may_lift=may))
    return found


def change_page(session: Session, actor: Actor, change_id: UUID, now: datetime) -> ChangePage:
    """Raises NotFound for a change of others, NotAllowed for somebody who closes nothing there."""
    require_closer(actor)
    change = session.get(CalendarChange, change_id)
    if change is None or change.organization_id != actor.organization_id:
        raise NotFound
    ids = [UUID(each) for each in change.before.get("closures", ())]
    rows = session.scalars(select(Closure).where(Closure.id.in_(ids)).order_by(Closure.on_date)).all()
    if not rows:
        raise NotFound
    layers = layers_of(session, year_of(session, actor.organization_id, rows[0].on_date))
    reached = _reached(layers, rows)
    if not (_may(actor, reached) or actor.buildings_as(*LOCAL) & reached):
        raise NotFound
    by = session.get_one(Person, change.actor_id).full_name
    names = names_of(session, actor.organization_id)
    entries, hidden = _entries(session, actor, change)
    may_undo = change.undone_at is None and change.done_at + UNDO_FOR > now and _may(actor, reached)
    return ChangePage(
        change.id, change.kind, change.done_at, by,
        tuple(_row(each, names, by, change.id, may_lift=False) for each in rows),
        {Treatment(code): n for code, n in change.summary.items() if code in set(Treatment)},
        entries, hidden, all(each.lifted_at for each in rows), may_undo,
        change.summary.get("moved", 0),
    )  # fmt: skip


def conditional_days(session: Session, actor: Actor, today: date) -> list[Conditional]:
    """Conditional days to come, in the order in which they are to be used."""
    require_closer(actor)
    rows = session.execute(
        select(SchoolDay.on_date, SchoolDay.rank, SchoolDay.label, SchoolDay.building_id).where(
            SchoolDay.organization_id == actor.organization_id,
            SchoolDay.level == EVERY_LEVEL,
            SchoolDay.on_date >= today,
            SchoolDay.day_type == DayType.CONDITIONAL,
        )
    ).all()
    found: dict[date, Conditional] = {}
    for on_date, rank, label, _building in rows:
        had = found.get(on_date)
        found[on_date] = Conditional(on_date, rank, label or "", 1 + (had.buildings if had else 0))
    return sorted(found.values(), key=lambda each: (each.rank or 99, each.on_date))


def _may(actor: Actor, reached: frozenset[UUID]) -> bool:
    subject = Subject(actor.organization_id, buildings=reached)
    return bool(reached) and bool(permits(actor, Action.CLOSE_SCHOOLS, subject))


def _reached(layers: Layers, rows: Iterable[Closure]) -> frozenset[UUID]:
    return frozenset[UUID]().union(*(layers.reached(each.scope, each.target_id) for each in rows))


def names_of(session: Session, ours: UUID) -> dict[tuple[ClosureScope, UUID], str]:
    """What a closure is declared of, by scope and id; the board itself has no name here."""
    found = {(ClosureScope.ORGANIZATION, ours): ""}
    for scope, record, name in (
        (ClosureScope.SECTOR, Sector, Sector.name),
        (ClosureScope.SCHOOL, School, School.name),
        (ClosureScope.BUILDING, Building, Building.short_name),
    ):
        for target, said in session.execute(select(record.id, name).where(record.organization_id == ours)):
            found[scope, target] = said
    return found


def _row(
    row: Closure,
    names: Mapping[tuple[ClosureScope, UUID], str],
    by: str,
    change_id: UUID | None,
    *,
    may_lift: bool,
) -> ClosureRow:
    return ClosureRow(
        row.id, row.scope, names.get((row.scope, row.target_id), ""), row.on_date, row.portion, row.day_type,
        row.label or "", by, row.declared_at, row.lifted_at, change_id, may_lift,
    )  # fmt: skip


def _changes(session: Session, actor: Actor, now: datetime) -> dict[UUID, UUID]:
    """The change that made each closure."""
    rows = session.execute(
        select(CalendarChange.id, CalendarChange.before).where(
            CalendarChange.organization_id == actor.organization_id,
            CalendarChange.kind.in_((CalendarAct.CLOSED, CalendarAct.REOPENED)),
            CalendarChange.done_at >= now - 4 * KEPT_FOR,
        )
    )
    return {UUID(closure): change for change, before in rows for closure in before.get("closures", ())}


def _entries(
    session: Session, actor: Actor, change: CalendarChange
) -> tuple[tuple[tuple[EncounterFacts, Treatment, str | None], ...], int]:
    told = {UUID(each["encounter"]): Treatment(each["treatment"]) for each in change.before.get("entries", ())}
    refused = change.summary.get("refused", {})
    views = [
        view_for(actor, facts)
        for facts in facts_where(session, Encounter.id.in_(list(told)), visible_encounters(actor))
    ]
    return tuple((view, told[view.id], refused.get(str(view.id))) for view in views), len(told) - len(views)
