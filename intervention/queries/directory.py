"""Lists of a board's people, places and groups, a page at a time, within what the actor may see.

Every list is ordered by id, so that a page goes on after the last id of the one before, whatever came in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, false, literal, null, or_, select, true, type_coerce, union_all
from sqlalchemy.orm import Session

from intervention.domain.errors import NotFound
from intervention.domain.people import Role
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.queries.scope import visible_pupils
from intervention.records.people import ClassGroup, Membership, NeedGroup, Person, Professional, Pupil
from intervention.records.schools import Building, Kit, Room, School, SchoolBuilding

R = TypeVar("R")
_NO_DISCIPLINE = type_coerce(null(), NeedGroup.discipline.type)  # a union reads its columns as its first part says


@dataclass(frozen=True, slots=True)
class Page:
    """At most `limit` rows whose id is greater than `after`."""

    limit: int
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class PersonLine:
    id: UUID
    name: str
    roles: tuple[Role, ...]
    discipline: str | None
    home_building_id: UUID | None


@dataclass(frozen=True, slots=True)
class SchoolLine:
    id: UUID
    code: str
    name: str
    building_ids: tuple[UUID, ...]
    is_active: bool


@dataclass(frozen=True, slots=True)
class GroupLine:
    """`type` is `class_group` or `need_group`; `person_id` the class's teacher, or whose small group it is."""

    id: UUID
    type: str
    name: str
    building_id: UUID | None
    level: str | None
    person_id: UUID | None
    discipline: str | None


def visible_places(actor: Actor, building: Any) -> ColumnElement[bool]:
    """`Action.SEE_BUILDING` as a condition on a building's id."""
    if actor.roles & {Role.PROFESSIONAL, Role.COORDINATOR, Role.ADMINISTRATOR}:
        return true()
    own = actor.buildings_as(Role.PRINCIPAL, Role.SECRETARY, Role.TEACHER, Role.FACILITATOR)
    condition: ColumnElement[bool] = building.in_(own) if own else false()
    return condition


def people(session: Session, actor: Actor, page: Page, role: Role | None = None) -> tuple[PersonLine, ...]:
    """Colleagues of the board with the roles they hold there. Raises NotAllowed."""
    require(actor, Action.SEE_BUSY, Subject(actor.organization_id))
    here = select(Membership.person_id).where(Membership.organization_id == actor.organization_id)
    found = session.execute(
        select(Person, Professional.discipline, Professional.home_building_id)
        .outerjoin(Professional, Professional.person_id == Person.id)
        .where(Person.id.in_(here if role is None else here.where(Membership.role == role)))
        .where(Person.disabled_at.is_(None), *_after(Person.id, page))
        .order_by(Person.id)
        .limit(page.limit)
    ).all()
    roles: dict[UUID, set[Role]] = defaultdict(set)
    for person_id, held in session.execute(
        select(Membership.person_id, Membership.role).where(
            Membership.organization_id == actor.organization_id, Membership.person_id.in_([p.id for p, *_ in found])
        )
    ):
        roles[person_id].add(held)
    return tuple(
        PersonLine(person.id, person.full_name, tuple(sorted(roles[person.id])), discipline, home)
        for person, discipline, home in found
    )


def schools(session: Session, actor: Actor, page: Page, *only: ColumnElement[bool]) -> tuple[SchoolLine, ...]:
    """Schools with a building that the actor may see."""
    seen = (
        select(SchoolBuilding.school_id, SchoolBuilding.building_id)
        .where(visible_places(actor, SchoolBuilding.building_id))
        .subquery()
    )
    asked = select(School).where(School.organization_id == actor.organization_id)
    if Role.ADMINISTRATOR not in actor.roles:
        asked = asked.where(School.id.in_(select(seen.c.school_id)))  # who keeps them sees those without a building too
    rows = session.scalars(asked.where(*only, *_after(School.id, page)).order_by(School.id).limit(page.limit)).all()
    buildings: dict[UUID, list[UUID]] = defaultdict(list)
    for school_id, building_id in session.execute(
        select(seen.c.school_id, seen.c.building_id)
        .where(seen.c.school_id.in_([row.id for row in rows]))
        .order_by(seen.c.building_id)
    ):
        buildings[school_id].append(building_id)
    return tuple(SchoolLine(row.id, row.code, row.name, tuple(buildings[row.id]), row.is_active) for row in rows)


def buildings(session: Session, actor: Actor, page: Page) -> Sequence[Building]:
    return session.scalars(_of_board(actor, Building, page, visible_places(actor, Building.id))).all()


def rooms(session: Session, actor: Actor, page: Page, building_id: UUID | None = None) -> Sequence[Room]:
    wanted = true() if building_id is None else Room.building_id == building_id
    return session.scalars(_of_board(actor, Room, page, visible_places(actor, Room.building_id), wanted)).all()


def kits(session: Session, actor: Actor, page: Page) -> Sequence[Kit]:
    """Those of the buildings that the actor may see; one that travels is everybody's to know."""
    return session.scalars(
        _of_board(actor, Kit, page, or_(Kit.building_id.is_(None), visible_places(actor, Kit.building_id)))
    ).all()


def pupils(session: Session, actor: Actor, page: Page) -> Sequence[Pupil]:
    """Those whose page the actor may open."""
    return session.scalars(
        select(Pupil)
        .where(visible_pupils(actor), Pupil.archived_on.is_(None), *_after(Pupil.id, page))
        .order_by(Pupil.id)
        .limit(page.limit)
    ).all()


def groups(session: Session, actor: Actor, page: Page, only: UUID | None = None) -> tuple[GroupLine, ...]:
    """Classes of the buildings that the actor may see, and the small groups that are theirs to book."""
    board_wide = true() if permits(actor, Action.SEE_AGENDA, Subject(actor.organization_id)) else false()
    ours = actor.organization_id
    classes = select(
        ClassGroup.id.label("id"), literal("class_group").label("type"), ClassGroup.name, ClassGroup.building_id,
        ClassGroup.level, ClassGroup.teacher_id, _NO_DISCIPLINE.label("discipline"),
    ).where(ClassGroup.organization_id == ours, visible_places(actor, ClassGroup.building_id))  # fmt: skip
    classes = classes.where(ClassGroup.is_active if only is None else ClassGroup.id == only)
    needs = select(
        NeedGroup.id, literal("need_group"), NeedGroup.name, null(), null(), NeedGroup.person_id, NeedGroup.discipline
    ).where(NeedGroup.organization_id == ours, or_(NeedGroup.person_id == actor.person_id, board_wide))
    both = union_all(classes, needs).subquery()
    asked = select(both).where(true() if only is None else both.c.id == only, *_after(both.c.id, page))
    rows = session.execute(asked.order_by(both.c.id).limit(page.limit))
    return tuple(GroupLine(*row) for row in rows)


def building(session: Session, actor: Actor, building_id: UUID) -> Building:
    """Raises NotFound for a building of another board, or that is not the actor's to see."""
    mine = (Building.organization_id == actor.organization_id, visible_places(actor, Building.id))
    return _found(session.scalar(select(Building).where(Building.id == building_id, *mine)))


def room(session: Session, actor: Actor, room_id: UUID) -> Room:
    mine = (Room.organization_id == actor.organization_id, visible_places(actor, Room.building_id))
    return _found(session.scalar(select(Room).where(Room.id == room_id, *mine)))


def school(session: Session, actor: Actor, school_id: UUID) -> SchoolLine:
    return _found(next(iter(schools(session, actor, Page(1), School.id == school_id)), None))


def kit(session: Session, actor: Actor, kit_id: UUID) -> Kit:
    mine = or_(Kit.building_id.is_(None), visible_places(actor, Kit.building_id))
    return _found(
        session.scalar(select(Kit).where(Kit.id == kit_id, Kit.organization_id == actor.organization_id, mine))
    )


def pupil(session: Session, actor: Actor, pupil_id: UUID) -> Pupil:
    """One who left too: her séances are still told."""
    return _found(session.scalar(select(Pupil).where(Pupil.id == pupil_id, visible_pupils(actor))))


def group(session: Session, actor: Actor, class_id: UUID) -> GroupLine:
    """A class, in service or not."""
    return _found(next(iter(groups(session, actor, Page(1), only=class_id)), None))


def _found(row: R | None) -> R:
    if row is None:
        raise NotFound
    return row


def _of_board(actor: Actor, record: Any, page: Page, *conditions: ColumnElement[bool]) -> Any:
    return (
        select(record)
        .where(record.organization_id == actor.organization_id, *conditions, *_after(record.id, page))
        .order_by(record.id)
        .limit(page.limit)
    )


def _after(column: Any, page: Page) -> tuple[ColumnElement[bool], ...]:
    return () if page.after is None else (column > page.after,)
