"""Whose agendas the actor may turn to: professionals of the board, buildings, and the rooms of the present building."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.queries.agenda import AgendaOf, AgendaSubject
from intervention.records.people import Membership, Person, Professional
from intervention.records.schools import Building, Room

KEEPS = frozenset({Role.PRINCIPAL, Role.SECRETARY})


@dataclass(frozen=True, slots=True)
class Listed:
    of: AgendaOf
    id: UUID
    name: str
    is_present: bool = False
    discipline: Discipline | None = None


@dataclass(frozen=True, slots=True)
class Others:
    people: tuple[Listed, ...]
    buildings: tuple[Listed, ...]
    rooms: tuple[Listed, ...]


def side_by_side(session: Session, actor: Actor) -> tuple[Listed, ...]:
    """The professionals whose agendas coordination lays side by side. Raises NotAllowed for anybody else."""
    require(actor, Action.SEE_AGENDA, Subject(actor.organization_id))
    return _professionals(session, actor, None)


def kept_building(session: Session, actor: Actor) -> UUID | None:
    """The building, the first by name, of somebody whose only roles are to run a school or keep its office."""
    if not actor.roles <= KEEPS:
        return None
    return session.scalar(
        select(Building.id)
        .where(Building.id.in_(actor.buildings_as(*KEEPS)), Building.is_active)
        .order_by(Building.name)
        .limit(1)
    )


def others(session: Session, actor: Actor, present: AgendaSubject) -> Others:
    """Three statements; `is_present` marks the one on the page."""
    return Others(
        _professionals(session, actor, present.id), _buildings(session, actor, present), _rooms(session, actor, present)
    )


def _professionals(session: Session, actor: Actor, present_id: UUID | None) -> tuple[Listed, ...]:
    if not permits(actor, Action.SEE_BUSY, Subject(actor.organization_id)):
        return ()
    rows = session.execute(
        select(Person.id, Person.given_name, Person.family_name, Professional.discipline)
        .join(Professional, Professional.person_id == Person.id)
        .where(
            Person.disabled_at.is_(None),
            Person.id.in_(select(Membership.person_id).where(Membership.organization_id == actor.organization_id)),
        )
        .order_by(Person.family_name, Person.given_name)
    )
    return tuple(
        Listed(AgendaOf.PERSON, person_id, f"{given} {family}", person_id == present_id, discipline)
        for person_id, given, family, discipline in rows
    )


def _buildings(session: Session, actor: Actor, present: AgendaSubject) -> tuple[Listed, ...]:
    rows = session.execute(
        select(Building.id, Building.name)
        .where(Building.organization_id == actor.organization_id, Building.is_active)
        .order_by(Building.name)
    )
    return tuple(
        Listed(AgendaOf.BUILDING, building_id, name, building_id == present.id)
        for building_id, name in rows
        if permits(actor, Action.SEE_BUILDING, Subject(actor.organization_id, buildings=frozenset({building_id})))
    )


def _rooms(session: Session, actor: Actor, present: AgendaSubject) -> tuple[Listed, ...]:
    """The rooms of the building that the page shows; a person's page shows none."""
    if present.of is AgendaOf.PERSON:
        return ()
    rows = session.execute(
        select(Room.id, Room.name)
        .where(Room.building_id == present.building_id, Room.organization_id == actor.organization_id, Room.is_active)
        .order_by(Room.name)
    )
    return tuple(Listed(AgendaOf.ROOM, room_id, name, room_id == present.id) for room_id, name in rows)
