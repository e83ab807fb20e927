"""People whom a board shares with others, and what it must know of them elsewhere: where their roads begin and end.

A board shares whoever holds a role in it and in another, or has their home in another. Read across boards; nothing
here says what anybody does there.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session

from intervention.records.isolation import beyond
from intervention.records.people import Membership, Person, Professional
from intervention.records.schools import Building


@dataclass(frozen=True, slots=True)
class Shared:
    """`boards` are the others; `bases` the buildings of theirs where somebody of this board has her office."""

    people: frozenset[UUID] = frozenset()
    boards: frozenset[UUID] = frozenset()
    bases: frozenset[UUID] = frozenset()
    buildings: frozenset[UUID] = frozenset()  # every one of the other boards


def shared_with_others(session: Session, organization_id: UUID) -> Shared:
    """One statement for a board that shares nobody."""
    with beyond(session):
        ties = session.execute(_ties(organization_id)).all()
        if not ties:
            return Shared()
        people, boards = frozenset(tie[0] for tie in ties), frozenset(tie[1] for tie in ties)
        bases = session.scalars(
            select(Professional.home_building_id)
            .join(Building, Building.id == Professional.home_building_id)
            .where(Professional.person_id.in_(people), Building.organization_id.in_(boards))
        )
        buildings = session.scalars(select(Building.id).where(Building.organization_id.in_(boards)))
        return Shared(people, boards, frozenset(bases), frozenset(buildings))


def boards_sharing(session: Session, organization_id: UUID) -> frozenset[UUID]:
    """The other boards that share somebody with this one."""
    with beyond(session):
        return frozenset(board for _, board in session.execute(_ties(organization_id)))


def _ties(organization_id: UUID) -> Select[UUID, UUID]:
    """Whom this board shares, with which other board."""
    here = select(Membership.person_id).where(Membership.organization_id == organization_id)
    at_home = select(Person.id).where(Person.organization_id == organization_id)
    roles_elsewhere = select(Membership.person_id, Membership.organization_id).where(
        Membership.organization_id != organization_id,
        Membership.person_id.in_(here) | Membership.person_id.in_(at_home),
    )
    home_elsewhere = select(Person.id, Person.organization_id).where(
        Person.organization_id != organization_id, Person.id.in_(here)
    )
    both = union(roles_elsewhere, home_elsewhere).subquery()
    return select(both.c[0], both.c[1])
