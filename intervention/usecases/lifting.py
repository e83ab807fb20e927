"""Takes closures back: the days as their other layers say, and each séance as it was, where it still can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from intervention.domain.days import CalendarAct
from intervention.domain.errors import NotFound, WrongState
from intervention.domain.events import SchoolsReopened
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.school_time import local_date
from intervention.queries.closures import UNDO_FOR
from intervention.queries.school_calendars import layers_of, year_of
from intervention.records.calendars import CalendarChange, Closure
from intervention.records.encounters import Encounter
from intervention.usecases.closed_days import days_on
from intervention.usecases.giving_back import GivenBack, give_back
from intervention.usecases.redating import note_people
from intervention.usecases.redating_undo import follow_back
from intervention.usecases.school_days import proposed, write_days
from intervention.usecases.work import Work

_DECLARED = (CalendarAct.CLOSED, CalendarAct.REOPENED)


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
    dates = {each.on_date for each in closures}
    changes = _changes_of(work, actor, dates)
    days = proposed(work.session, year, layers_of(work.session, year), reached)
    followed = follow_back(work, actor, changes, days, lambda: write_days(work.session, year, days))
    entries = [entry for change in changes for entry in change.before["entries"] if _is_open(entry)]
    wanted = _on(work, [entry for entry in entries if _is_at(entry, reached)], dates)
    given = give_back(work, actor, wanted, days_on(work, actor, sorted(dates)))
    _mark(changes, {str(each) for each in given.restored})
    given = GivenBack((*followed.restored, *given.restored), {**followed.refused, **given.refused})
    mine = [each for each in changes if {str(closure.id) for closure in closures} & set(each.before["closures"])]
    if mine:
        note_people(work, actor.organization_id, mine[-1].id, given.restored)
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
        .where(CalendarChange.organization_id == actor.organization_id, CalendarChange.kind.in_(_DECLARED))
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
