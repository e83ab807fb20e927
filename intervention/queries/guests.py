"""Parents, interpreters and partners whom the reader may invite, and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.errors import NotFound
from intervention.domain.people import GuestRelation
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.domain.seen import Facts
from intervention.queries.scope import visible_guests, visible_pupils
from intervention.records.people import Guest, Pupil


@dataclass(frozen=True, slots=True)
class GuestLine:
    """`pupil_code` is empty for who comes for several."""

    id: UUID
    name: str
    relation: GuestRelation
    email: str | None
    phone: str | None
    locale: str
    pupil_id: UUID | None
    pupil_code: str

    @property
    def shown(self) -> Facts:
        return {name: getattr(self, name) for name in ("name", "relation", "email", "phone", "locale")}


def guests_of(session: Session, actor: Actor, pupil_id: UUID) -> tuple[GuestLine, ...]:
    """Nobody, for who may open the pupil's page and yet invites no one."""
    return _lines(session, actor, Guest.pupil_id == pupil_id) if may_invite_for(session, actor, pupil_id) else ()


def may_invite_for(session: Session, actor: Actor, pupil_id: UUID) -> bool:
    building_id = session.scalar(select(Pupil.building_id).where(Pupil.id == pupil_id, visible_pupils(actor)))
    subject = Subject(actor.organization_id, buildings=frozenset({building_id} if building_id else ()))
    return building_id is not None and bool(permits(actor, Action.EDIT_GUESTS, subject))


def guest(session: Session, actor: Actor, guest_id: UUID) -> GuestLine:
    """Raises NotFound for one whom the actor may not know, NotAllowed."""
    found = next(iter(_lines(session, actor, Guest.id == guest_id)), None)
    if found is None:
        raise NotFound
    _require(session, actor, found.pupil_id)
    return found


def pupil_to_invite_for(session: Session, actor: Actor, pupil_id: UUID | None) -> str:
    """The code of a pupil for whom the actor may add somebody; empty for none. Raises NotFound, NotAllowed."""
    return _require(session, actor, pupil_id)


def _require(session: Session, actor: Actor, pupil_id: UUID | None) -> str:
    if pupil_id is None:
        require(actor, Action.EDIT_GUESTS, Subject(actor.organization_id))
        return ""
    row = session.execute(
        select(Pupil.code, Pupil.building_id).where(Pupil.id == pupil_id, visible_pupils(actor))
    ).one_or_none()
    if row is None:
        raise NotFound
    require(actor, Action.EDIT_GUESTS, Subject(actor.organization_id, buildings=frozenset({row.building_id})))
    return str(row.code)


def _lines(session: Session, actor: Actor, condition: object) -> tuple[GuestLine, ...]:
    rows = session.execute(
        select(Guest, Pupil.code)
        .outerjoin(Pupil, Pupil.id == Guest.pupil_id)
        .where(visible_guests(actor), condition)  # type: ignore[arg-type]
        .order_by(Guest.relation, Guest.name)
    )
    return tuple(
        GuestLine(g.id, g.name, g.relation, g.email, g.phone, g.locale, g.pupil_id, code or "") for g, code in rows
    )
