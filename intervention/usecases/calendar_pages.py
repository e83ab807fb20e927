"""A change of calendar as its page shows it: what it did, and the séances that it leaves to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from intervention.domain.closures import NotGivenBack
from intervention.domain.days import CalendarAct
from intervention.domain.permissions import Action, Actor, permits, require
from intervention.domain.privacy import EncounterFacts
from intervention.domain.redating import Fate
from intervention.records.calendars import CalendarChange, SchoolYear
from intervention.records.people import Person
from intervention.usecases.calendar_changes import UNDOABLE_FOR, can_be_undone, change_for, subject_of_change
from intervention.usecases.calendar_impact import readable
from intervention.usecases.redating_sheet import waiting
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class ChangeLine:
    id: UUID
    done_at: datetime
    by: str
    year_id: UUID | None
    year: str
    days: int
    moved: int
    called_off: int
    to_decide: int
    is_undone: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`to_decide`: séances that nobody has settled yet, `refused` those that an undoing left, in the reader's words."""

    line: ChangeLine
    to_decide: tuple[tuple[EncounterFacts, Fate], ...]
    refused: tuple[tuple[EncounterFacts, NotGivenBack], ...]


def change_page(work: Work, actor: Actor, change_id: UUID) -> ChangePage:
    """Raises NotFound, and NotAllowed for who may not edit that calendar."""
    change = change_for(work.session, actor, change_id)
    require(actor, Action.EDIT_CALENDARS, subject_of_change(change))
    why = {UUID(each): NotGivenBack(code) for each, code in change.summary.get("refused", {}).items()}
    refused = tuple((view, why[view.id]) for view in readable(work.session, actor, why))
    return ChangePage(_line(work, change), waiting(work, actor, [change]), refused)


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


def _line(work: Work, change: CalendarChange) -> ChangeLine:
    year = work.session.get(SchoolYear, UUID(change.summary["year_id"]))
    return ChangeLine(
        id=change.id,
        done_at=change.done_at,
        by=work.session.get_one(Person, change.actor_id).full_name,
        year_id=year.id if year else None,
        year=year.label if year else "",
        days=change.summary["days"],
        moved=change.summary.get("moved", 0),
        called_off=change.summary.get("called_off", 0),
        to_decide=len(change.summary.get("to_decide", ())),
        is_undone=change.undone_at is not None,
        may_undo=can_be_undone(change, work),
    )
