"""A professional's own small groups, and the pupils of her caseload who may be in one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.errors import NotFound
from intervention.domain.people import Discipline
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.seen import Facts
from intervention.queries.scope import is_followed_still
from intervention.records.people import FollowUp, NeedGroup, NeedGroupMember, Professional, Pupil
from intervention.records.schools import Building


@dataclass(frozen=True, slots=True)
class NeedGroupPage:
    id: UUID
    name: str
    discipline: Discipline
    members: tuple[UUID, ...]

    @property
    def shown(self) -> Facts:
        return {"name": self.name, "pupils": frozenset(self.members)}


@dataclass(frozen=True, slots=True)
class Followed:
    id: UUID
    code: str
    name: str
    building: str


def need_group(session: Session, actor: Actor, group_id: UUID) -> NeedGroupPage:
    """One of her own: another's does not exist for her. Raises NotFound, NotAllowed."""
    row = session.scalar(
        select(NeedGroup).where(
            NeedGroup.id == group_id, NeedGroup.organization_id == actor.organization_id,
            NeedGroup.person_id == actor.person_id,
        )
    )  # fmt: skip
    if row is None:
        raise NotFound
    _require(actor)
    members = select(NeedGroupMember.pupil_id).where(NeedGroupMember.need_group_id == row.id)
    return NeedGroupPage(row.id, row.name, row.discipline, tuple(session.scalars(members)))


def own_caseload(session: Session, actor: Actor) -> tuple[Followed, ...]:
    """Whom she follows still, by school and code. Raises NotAllowed."""
    _require(actor)
    rows = session.execute(
        select(Pupil.id, Pupil.code, Pupil.given_name, Pupil.family_name, Building.short_name)
        .join(FollowUp, FollowUp.pupil_id == Pupil.id)
        .join(Building, Building.id == Pupil.building_id)
        .where(FollowUp.person_id == actor.person_id, FollowUp.organization_id == actor.organization_id)
        .where(is_followed_still(actor), Pupil.archived_on.is_(None))
        .order_by(Building.short_name, Pupil.code)
        .distinct()
    )
    return tuple(Followed(r[0], r[1], f"{r[2]} {r[3]}", r[4]) for r in rows)


def own_disciplines(session: Session, actor: Actor) -> tuple[Discipline, ...]:
    _require(actor)
    her = session.get(Professional, actor.person_id)
    return (her.discipline, *(Discipline(d) for d in her.other_disciplines)) if her else ()


def _require(actor: Actor) -> None:
    require(actor, Action.KEEP_NEED_GROUP, Subject(actor.organization_id, owner_id=actor.person_id))
