"""The séances to come that somebody hosts, told to whoever must give them to another or call them off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from intervention.domain.doors import OPEN_STATUSES
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.facts import facts_where
from intervention.queries.people import person_of_board
from intervention.queries.scope import visible_encounters
from intervention.queries.working_hours import Clash, clash_of
from intervention.records.encounters import Encounter

MOST = 25


@dataclass(frozen=True, slots=True)
class Hosted:
    """The first of them in the reader's words; `more` are in the agenda, `hidden` those the reader does not open."""

    lines: tuple[Clash, ...]
    more: int
    hidden: int


def hosted_from(session: Session, person_id: UUID, now: datetime) -> int:
    """How many séances to come, or going on, the person hosts, in whatever board."""
    return _count(session, *_to_come(person_id, now))


def hosted_by(session: Session, actor: Actor, person_id: UUID, now: datetime, most: int = MOST) -> Hosted:
    """Raises NotFound, NotAllowed."""
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    person = person_of_board(session, actor, person_id, at_home=True)
    wanted = _to_come(person.id, now)
    shown = facts_where(session, visible_encounters(actor), *wanted, limit=most)
    visible = _count(session, visible_encounters(actor), *wanted)
    return Hosted(
        tuple(clash_of(actor, each) for each in shown),
        more=visible - len(shown),
        hidden=_count(session, *wanted) - visible,
    )


def _to_come(person_id: UUID, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Encounter.host_id == person_id, Encounter.ends_at > now, Encounter.status.in_(OPEN_STATUSES)


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Encounter).where(*conditions)) or 0
