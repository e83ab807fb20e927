"""A change of calendar as its page shows it: what it did, and the séances that it leaves to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from intervention.domain.days import CalendarAct
from intervention.domain.permissions import Action, Actor, permits, require
from intervention.domain.privacy import EncounterFacts
from intervention.records.calendars import CalendarChange, SchoolYear
from intervention.records.people import Person
from intervention.usecases.calendar_changes import UNDOABLE_FOR, can_be_undone, change_for, subject_of_change
from intervention.usecases.calendar_impact import readable
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class ChangeLine:
    id: UUID
    done_at: datetime
    by: str
    year_id: UUID | None
    year: str
    days: int
    lost: int
    is_undone: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`to_decide`: séances whose day lost its classes and that still stand where they were, in the reader's words."""

    line: ChangeLine
    to_decide: tuple[EncounterFacts, ...]


def change_page(work: Work, actor: Actor, change_id: UUID) -> ChangePage:
    """Raises NotFound, and NotAllowed for who may not edit that calendar."""
    change = change_for(work.session, actor, change_id)
    require(actor, Action.EDIT_CALENDARS, subject_of_change(change))
    return ChangePage(_line(work, change), _to_decide(work, actor, change))


def recent_changes(work: Work, actor: Actor) -> tuple[ChangeLine, ...]:
    """What was edited in the last day, the latest first, of the calendars that the actor may edit."""
    rows = work.session.scalars(
        select(CalendarChange)
        .where(
            CalendarChange.organization_id == actor.organization_id,
            CalendarChange.kind == CalendarAct.EDITED,
            CalendarChange.done_at >= work.now() - UNDOABLE_FOR,
        )
        .order_by(CalendarChange.done_at.desc(), CalendarChange.id.desc())
        .limit(20)
    )
    return tuple(_line(work, row) for row in rows if permits(actor, Action.EDIT_CALENDARS, subject_of_change(row)))


def _to_decide(work: Work, actor: Actor, change: CalendarChange) -> tuple[EncounterFacts, ...]:
    if change.undone_at is not None:
        return ()
    was = {UUID(each): datetime.fromisoformat(at) for each, at in change.summary["lost"].items()}
    found = readable(work.session, actor, was)
    return tuple(each for each in found if each.starts_at == was[each.id] and each.starts_at > work.now())


def _line(work: Work, change: CalendarChange) -> ChangeLine:
    year = work.session.get(SchoolYear, UUID(change.summary["year_id"]))
    return ChangeLine(
        id=change.id,
        done_at=change.done_at,
        by=work.session.get_one(Person, change.actor_id).full_name,
        year_id=year.id if year else None,
        year=year.label if year else "",
        days=change.summary["days"],
        lost=len(change.summary["lost"]),
        is_undone=change.undone_at is not None,
        may_undo=can_be_undone(change, work),
    )
