"""Who follows a pupil, as far as the reader may know, and who could."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from intervention.domain.errors import NotFound
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.queries.scope import visible_pupils
from intervention.records.people import FollowUp, Membership, Person, Professional, Pupil


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    id: UUID
    person: str
    discipline: Discipline
    starts_on: date | None
    ends_on: date | None
    is_confidential: bool
    can_end: bool


@dataclass(frozen=True, slots=True)
class Follower:
    """A professional who could follow somebody, with her disciplines."""

    id: UUID
    name: str
    disciplines: tuple[Discipline, ...]


def follow_ups(session: Session, actor: Actor, pupil_id: UUID, today: date) -> tuple[FollowUpLine, ...]:
    """Those that have not ended. A confidential mandate is told to whom it was given to. Raises NotFound."""
    if session.scalar(select(Pupil.id).where(Pupil.id == pupil_id, visible_pupils(actor))) is None:
        raise NotFound
    rows = session.execute(
        select(FollowUp, Person)
        .join(Person, Person.id == FollowUp.person_id)
        .where(FollowUp.pupil_id == pupil_id, or_(FollowUp.ends_on.is_(None), FollowUp.ends_on >= today))
        .where(or_(FollowUp.is_confidential.is_(False), FollowUp.person_id == actor.person_id))
        .order_by(FollowUp.discipline, Person.family_name)
    )
    return tuple(
        FollowUpLine(
            row.id, person.full_name, row.discipline, row.starts_on, row.ends_on, row.is_confidential,
            bool(permits(actor, Action.END_FOLLOW_UP, Subject(row.organization_id, owner_id=row.person_id))),
        )
        for row, person in rows
    )  # fmt: skip


def followers(session: Session, actor: Actor) -> tuple[Follower, ...]:
    """The professionals of the board by name. Raises NotAllowed."""
    require(actor, Action.ASSIGN_PUPILS, Subject(actor.organization_id))
    here = exists().where(
        Membership.person_id == Person.id, Membership.organization_id == actor.organization_id,
        Membership.role == Role.PROFESSIONAL,
    )  # fmt: skip
    rows = session.execute(
        select(Person, Professional)
        .join(Professional, Professional.person_id == Person.id)
        .where(here, Person.disabled_at.is_(None))
        .order_by(Person.family_name, Person.given_name)
    )
    return tuple(
        Follower(p.id, p.full_name, (her.discipline, *(Discipline(d) for d in her.other_disciplines)))
        for p, her in rows
    )
