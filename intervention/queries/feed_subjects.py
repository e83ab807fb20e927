"""What a calendar subscription may be about: oneself, and the schools, buildings and rooms of one's charge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.errors import NotFound
from intervention.domain.feeds import FeedScope
from intervention.domain.people import Role
from intervention.domain.permissions import Actor, Subject
from intervention.records.people import Person
from intervention.records.schools import Building, Room, School, SchoolBuilding


@dataclass(frozen=True, slots=True)
class FeedSubject:
    """What a feed is about. `name` is empty for one's own encounters."""

    scope: FeedScope
    id: UUID
    name: str = ""


def subject_named(session: Session, actor: Actor, scope: FeedScope, subject_id: UUID) -> FeedSubject:
    """The subject with its name, whoever may subscribe to it. Raises NotFound out of the actor's board."""
    if scope is FeedScope.PERSON and subject_id == actor.person_id:
        return FeedSubject(scope, subject_id)
    name = _name(session, actor.organization_id, scope, subject_id)
    if name is None:
        raise NotFound
    return FeedSubject(scope, subject_id, name)


def permission_subject(session: Session, actor: Actor, subject: FeedSubject) -> Subject:
    """The subject as `domain.permissions` sees it."""
    if subject.scope is FeedScope.PERSON:
        return Subject(actor.organization_id, owner_id=subject.id)
    buildings = {
        FeedScope.SCHOOL: select(SchoolBuilding.building_id).where(SchoolBuilding.school_id == subject.id),
        FeedScope.BUILDING: select(Building.id).where(Building.id == subject.id),
        FeedScope.ROOM: select(Room.building_id).where(Room.id == subject.id),
    }[subject.scope]
    return Subject(actor.organization_id, buildings=frozenset(session.scalars(buildings)))


def subjects_for(session: Session, actor: Actor) -> tuple[FeedSubject, ...]:
    """All that the actor may subscribe to, oneself first, then schools, buildings and rooms by name.

    A school of one building stands for that building, so that the same feed is not offered twice.
    """
    everywhere = Role.ADMINISTRATOR in actor.roles
    mine = actor.buildings_as(Role.PRINCIPAL, Role.SECRETARY)
    places = _places(session, actor.organization_id, None if everywhere else mine) if everywhere or mine else ()
    return (FeedSubject(FeedScope.PERSON, actor.person_id), *places)


def _places(session: Session, organization_id: UUID, only: frozenset[UUID] | None) -> Iterator[FeedSubject]:
    links = session.execute(
        select(School.id, School.name, Building.id, Building.name)
        .join(SchoolBuilding, SchoolBuilding.school_id == School.id)
        .join(Building, Building.id == SchoolBuilding.building_id)
        .where(School.organization_id == organization_id)
        .order_by(School.name, Building.name)
    ).all()
    buildings_per_school = Counter(school for school, *_ in links)
    schools_per_building = Counter(building for _, _, building, _ in links)
    inside = [link for link in links if only is None or link[2] in only]
    schools = {school: name for school, name, _, _ in inside}
    apart = {
        building: name
        for school, _, building, name in inside
        if buildings_per_school[school] > 1 or schools_per_building[building] > 1
    }
    yield from (FeedSubject(FeedScope.SCHOOL, each, name) for each, name in schools.items())
    yield from (FeedSubject(FeedScope.BUILDING, each, name) for each, name in apart.items())
    rooms = (
        select(Room.id, Building.short_name, Room.name)
        .join(Building, Building.id == Room.building_id)
        .where(Room.organization_id == organization_id, Room.is_active)
        .order_by(Building.short_name, Room.name)
    )
    for room_id, building_name, room in session.execute(
        rooms if only is None else rooms.where(Room.building_id.in_(only))
    ):
        yield FeedSubject(FeedScope.ROOM, room_id, f"{building_name}, {room}")


def _name(session: Session, organization_id: UUID, scope: FeedScope, subject_id: UUID) -> str | None:
    if scope is FeedScope.ROOM:
        of_room = select(Building.short_name, Room.name).join(Building, Building.id == Room.building_id)
        row = session.execute(
            of_room.where(Room.id == subject_id, Room.organization_id == organization_id)
        ).one_or_none()
        return None if row is None else ", ".join(row)
    if scope is FeedScope.PERSON:
        person = session.get(Person, subject_id)
        return person.full_name if person is not None and person.organization_id == organization_id else None
    table = School if scope is FeedScope.SCHOOL else Building
    return session.scalar(select(table.name).where(table.id == subject_id, table.organization_id == organization_id))
