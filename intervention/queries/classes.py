"""A building's classes as administrators keep them, their protected times, and the séances that sit in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import NotFound
from intervention.domain.people import Level, Role
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.protected_times import ClassTime, time_in_the_way
from intervention.domain.seen import Facts
from intervention.queries.catalogue import catalogue
from intervention.queries.scope import visible_encounters
from intervention.records.calendars import SchoolDay
from intervention.records.encounters import Encounter, Participation
from intervention.records.people import ClassGroup, Membership, Person, Pupil
from intervention.records.schools import Building, ProtectedTime, School, SchoolBuilding


@dataclass(frozen=True, slots=True)
class ClassLine:
    """`pupils`: those who are in it now."""

    id: UUID
    name: str
    level: Level
    teacher: str
    pupils: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A séance to come that takes from a protected time."""

    id: UUID
    starts_at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class ClassPage:
    line: ClassLine
    subject: Subject
    building_id: UUID
    building: str
    municipality: str
    zone: str
    school_id: UUID
    school: str
    teacher_id: UUID | None
    times: dict[UUID, ClassTime]
    cycle_length: int  # of the days that its building has been given; 0 without any
    in_the_way: tuple[InTheWay, ...]

    @property
    def shown(self) -> Facts:
        line = self.line
        return {
            "name": line.name, "level": line.level, "school": self.school_id, "teacher": self.teacher_id,
            "is_active": line.is_active,
        }  # fmt: skip


def class_list(session: Session, actor: Actor, building_id: UUID) -> tuple[ClassLine, ...]:
    """Those in service first. Raises NotFound, NotAllowed."""
    _building(session, actor, building_id)
    return _lines(session, ClassGroup.building_id == building_id)


def class_page(session: Session, actor: Actor, class_id: UUID, now: datetime) -> ClassPage:
    """Raises NotFound for another board's class, NotAllowed."""
    group = session.get(ClassGroup, class_id)
    if group is None:
        raise NotFound
    building = _building(session, actor, group.building_id)
    times = class_times(session, group.id)
    zone = building.zone or actor.zone
    return ClassPage(
        line=_lines(session, ClassGroup.id == class_id)[0],
        subject=Subject(group.organization_id, buildings=frozenset({building.id})),
        building_id=building.id,
        building=building.name,
        municipality=building.municipality,
        zone=zone,
        school_id=group.school_id,
        school=session.get_one(School, group.school_id).name,
        teacher_id=group.teacher_id,
        times=times,
        cycle_length=_cycle_length(session, group),
        in_the_way=_in_the_way(session, actor, group, times, zone=zone, now=now),
    )


def class_times(session: Session, class_id: UUID) -> dict[UUID, ClassTime]:
    """A class's protected times by id: those of weekdays, then those of days of the cycle."""
    asked = select(ProtectedTime).where(ProtectedTime.class_group_id == class_id)
    return {
        row.id: ClassTime(row.weekday, row.starts_local, row.ends_local, row.label, row.cycle_day)
        for row in session.scalars(
            asked.order_by(
                ProtectedTime.weekday.is_(None),
                ProtectedTime.weekday,
                ProtectedTime.cycle_day,
                ProtectedTime.starts_local,
            )
        )
    }


def _cycle_length(session: Session, group: ClassGroup) -> int:
    """The highest number among the days laid for its level, or for its building."""
    longest = select(func.max(SchoolDay.cycle_day)).where(SchoolDay.building_id == group.building_id)
    own = session.scalar(longest.where(SchoolDay.level == group.level))
    return own or session.scalar(longest) or 0


def schools_here(session: Session, actor: Actor, building_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """The schools in service that teach in a building. Raises NotFound, NotAllowed."""
    _building(session, actor, building_id)
    rows = session.execute(
        select(School.id, School.name)
        .join(SchoolBuilding, SchoolBuilding.school_id == School.id)
        .where(SchoolBuilding.building_id == building_id, School.is_active)
        .order_by(School.name)
    )
    return tuple((row.id, row.name) for row in rows)


def teachers(session: Session, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """The board's teachers by name. Raises NotAllowed."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    teaching = select(Membership.person_id).where(
        Membership.organization_id == actor.organization_id, Membership.role == Role.TEACHER
    )
    rows = session.scalars(
        select(Person)
        .where(Person.id.in_(teaching), Person.disabled_at.is_(None))
        .order_by(Person.family_name, Person.given_name)
    )
    return tuple((person.id, person.full_name) for person in rows)


def _building(session: Session, actor: Actor, building_id: UUID) -> Building:
    building = session.get(Building, building_id)
    if building is None:
        raise NotFound
    require(actor, Action.EDIT_SCHOOLS, Subject(building.organization_id, buildings=frozenset({building.id})))
    return building


def _lines(session: Session, condition: object) -> tuple[ClassLine, ...]:
    count = (
        select(func.count())
        .select_from(Pupil)
        .where(Pupil.class_group_id == ClassGroup.id, Pupil.archived_on.is_(None))
        .correlate(ClassGroup)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ClassGroup, Person, count)
        .outerjoin(Person, Person.id == ClassGroup.teacher_id)
        .where(condition)  # type: ignore[arg-type]
        .order_by(ClassGroup.is_active.desc(), ClassGroup.name)
    )
    return tuple(
        ClassLine(group.id, group.name, group.level, teacher.full_name if teacher else "", pupils, group.is_active)
        for group, teacher, pupils in rows
    )


def _in_the_way(  # noqa: PLR0913 - one question about one class
    session: Session, actor: Actor, group: ClassGroup, times: dict[UUID, ClassTime], *, zone: str, now: datetime
) -> tuple[InTheWay, ...]:
    """Only those that the actor may see: a confidential séance stays unknown here too."""
    if not times:
        return ()
    hers = select(Pupil.id).where(Pupil.class_group_id == group.id)
    board = catalogue(session, group.organization_id)
    rows = session.execute(
        select(Encounter.id, Encounter.starts_at, Encounter.ends_at)
        .where(visible_encounters(actor), Encounter.ends_at > now)
        .where(Encounter.status.in_([EncounterStatus.HELD, EncounterStatus.PLANNED]))
        .where(
            Encounter.id.in_(
                select(Participation.encounter_id).where(
                    or_(Participation.class_group_id == group.id, Participation.pupil_id.in_(hers))
                )
            )
        )
        .order_by(Encounter.starts_at)
    )

    def cycle_day_on(on_date: date) -> int | None:
        return board.day(group.building_id, on_date, group.level).cycle_day

    found = [(row, time_in_the_way(row.starts_at, row.ends_at, zone, times.values(), cycle_day_on)) for row in rows]
    return tuple(InTheWay(row.id, row.starts_at, met.label) for row, met in found if met is not None)
