"""The classes of a building and the weekly times that no séance takes from them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, func, select

from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.ids import new_id
from intervention.domain.people import Level, ResourceKind, Role
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.protected_times import ClassTime, class_time_faults
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.classes import class_page, class_times
from intervention.records.encounters import Participation
from intervention.records.people import ClassGroup, Membership, Pupil, Resource
from intervention.records.schools import Building, ProtectedTime, School, SchoolBuilding
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.to_come import count_with
from intervention.usecases.work import Work

MAX_NAME = 40


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """`teacher_id` is the homeroom teacher."""

    school_id: UUID
    name: str
    level: Level
    teacher_id: UUID | None = None
    is_active: bool = True


def add_class(work: Work, actor: Actor, building_id: UUID, facts: ClassFacts) -> UUID:
    """Raises NotFound, NotAllowed, InvalidInput."""
    building = work.session.get(Building, building_id)
    if building is None:
        raise NotFound
    _require(actor, building.organization_id, building.id)
    _check(work, building.organization_id, building.id, facts)
    resource = Resource(id=new_id(), organization_id=building.organization_id, kind=ResourceKind.CLASS_GROUP)
    work.session.add(resource)
    work.session.flush()
    group = ClassGroup(
        id=resource.id, organization_id=building.organization_id, building_id=building.id, **asdict(facts)
    )
    work.session.add(group)
    _changed(work, actor, "class_added", group.id)
    return group.id


def edit_class(work: Work, actor: Actor, class_id: UUID, facts: ClassFacts, known: str | None = None) -> None:
    """One goes out of service once it has neither pupils nor séances to come. Raises NotFound and its kin."""
    group = _class(work, actor, class_id)
    require_seen(work, group, known, lambda: class_page(work.session, actor, group.id, work.now()).shown)
    if group.is_active and not facts.is_active:
        _refuse_in_use(work, group)
    _check(work, group.organization_id, group.building_id, facts, but=group)
    for name, value in asdict(facts).items():
        setattr(group, name, value)
    _changed(work, actor, "class_edited", group.id)


def remove_class(work: Work, actor: Actor, class_id: UUID) -> None:
    """Raises InvalidInput for a class that ever had a pupil or a séance: it can only go out of service."""
    group = _class(work, actor, class_id)
    lived = _pupils(work, group) + (
        work.session.scalar(
            select(func.count()).select_from(Participation).where(Participation.class_group_id == group.id)
        )
        or 0
    )
    if lived:
        raise InvalidInput({"class": "class_has_lived"})
    work.session.execute(delete(ProtectedTime).where(ProtectedTime.class_group_id == group.id))
    work.session.delete(group)
    work.session.flush()
    work.session.delete(work.session.get_one(Resource, class_id))
    _changed(work, actor, "class_removed", class_id)


def add_protected_time(work: Work, actor: Actor, class_id: UUID, new: ClassTime) -> UUID:
    """Séances already planned stay where they are: `queries.classes` tells which sit in it. Raises InvalidInput."""
    group = _class(work, actor, class_id)
    if faults := class_time_faults(new, class_times(work.session, group.id).values()):
        raise InvalidInput(faults)
    row = ProtectedTime(organization_id=group.organization_id, class_group_id=group.id, **asdict(new))
    work.session.add(row)
    _changed(work, actor, "protected_time_added", group.id, weekday=new.weekday, cycle_day=new.cycle_day)
    return row.id


def remove_protected_time(work: Work, actor: Actor, class_id: UUID, time_id: UUID) -> None:
    group = _class(work, actor, class_id)
    row = work.session.get(ProtectedTime, time_id)
    if row is None or row.class_group_id != group.id:
        raise NotFound
    work.session.delete(row)
    _changed(work, actor, "protected_time_removed", group.id, weekday=row.weekday, cycle_day=row.cycle_day)


def _class(work: Work, actor: Actor, class_id: UUID) -> ClassGroup:
    """Loading is authorising: another board's class does not exist for the actor."""
    group = work.session.get(ClassGroup, class_id)
    if group is None:
        raise NotFound
    _require(actor, group.organization_id, group.building_id)
    return group


def _require(actor: Actor, organization_id: UUID, building_id: UUID) -> None:
    require(actor, Action.EDIT_SCHOOLS, Subject(organization_id, buildings=frozenset({building_id})))


def _check(
    work: Work, organization_id: UUID, building_id: UUID, facts: ClassFacts, but: ClassGroup | None = None
) -> None:
    """`but`: the class as it is; what it holds already need not be in service."""
    faults: dict[str, str] = {}
    if not facts.name.strip():
        faults["name"] = "required"
    elif len(facts.name) > MAX_NAME:
        faults["name"] = "too_long"
    taken = select(ClassGroup.id).where(ClassGroup.building_id == building_id, ClassGroup.name == facts.name)
    if work.session.scalar(taken) not in (None, but.id if but else None):
        faults["name"] = "class_name_taken"
    if but is not None and facts.school_id != but.school_id and _pupils(work, but):
        faults["school"] = "class_has_pupils"
    elif not (but and facts.school_id == but.school_id) and not _teaches(work, facts.school_id, building_id):
        faults["school"] = "unknown"
    is_kept = but is not None and but.teacher_id == facts.teacher_id
    if facts.teacher_id is not None and not is_kept and not _is_teacher(work, organization_id, facts.teacher_id):
        faults["teacher"] = "unknown"
    if faults:
        raise InvalidInput(faults)


def _refuse_in_use(work: Work, group: ClassGroup) -> None:
    if coming := count_with(work, Participation.class_group_id, group.id):
        raise InvalidInput({"is_active": "used_to_come"}, count=coming)
    if pupils := _pupils(work, group, Pupil.archived_on.is_(None)):
        raise InvalidInput({"is_active": "class_keeps_pupils"}, count=pupils)


def _pupils(work: Work, group: ClassGroup, *conditions: object) -> int:
    counted = select(func.count()).select_from(Pupil).where(Pupil.class_group_id == group.id, *conditions)  # type: ignore[arg-type]
    return work.session.scalar(counted) or 0


def _teaches(work: Work, school_id: UUID, building_id: UUID) -> bool:
    found = (
        select(School.id)
        .join(SchoolBuilding, SchoolBuilding.school_id == School.id)
        .where(School.id == school_id, SchoolBuilding.building_id == building_id, School.is_active)
    )
    return work.session.scalar(found) is not None


def _is_teacher(work: Work, organization_id: UUID, person_id: UUID) -> bool:
    found = select(Membership.id).where(
        Membership.organization_id == organization_id, Membership.person_id == person_id,
        Membership.role == Role.TEACHER,
    )  # fmt: skip
    return work.session.scalar(found.limit(1)) is not None


def _changed(work: Work, actor: Actor, verb: str, class_id: UUID, **facts: object) -> None:
    work.session.flush()
    touch_catalogue(work.session, actor.organization_id)
    audit.record(work, verb, "class_group", class_id, actor.organization_id, actor_id=actor.person_id, facts=facts)
