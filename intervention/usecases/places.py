"""Buildings and schools that no official file told of, written down by an administrator."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import delete, func, select

from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.legal_time import propose_zone
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.places import NewBuilding, SchoolFacts, building_faults, school_faults
from intervention.domain.road_components import propose_component
from intervention.domain.school_data import postal_code_or_none
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.places import school_entry
from intervention.records.people import ClassGroup, Pupil
from intervention.records.schools import Building, School, SchoolBuilding
from intervention.usecases import audit
from intervention.usecases.imports import short_name
from intervention.usecases.seeing import require_seen
from intervention.usecases.work import Work


def add_building(work: Work, actor: Actor, facts: NewBuilding) -> UUID:
    """Its legal time is proposed by the law, and awaits confirmation. Raises NotAllowed, InvalidInput."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    faults = building_faults(facts)
    postal_code = postal_code_or_none(facts.postal_code) if facts.postal_code else None
    if facts.postal_code and postal_code is None:
        faults["postal_code"] = "bad_postal_code"
    if _is_taken(work, actor, Building, facts.code):
        faults["code"] = "code_taken"
    if faults:
        raise InvalidInput(faults)
    component = None
    if facts.lat is not None and facts.lon is not None:
        component = propose_component(facts.lat, facts.lon, facts.municipality)
    values = asdict(facts) | {
        "short_name": facts.short_name or short_name(facts.name),
        "postal_code": postal_code,
        "proposed_zone": propose_zone(facts.lat, facts.lon, municipality=facts.municipality).zone,
        "road_component": component,
    }
    building = Building(organization_id=actor.organization_id, **values)
    work.session.add(building)
    work.session.flush()
    _changed(work, actor, "building_added", "building", building.id)
    return building.id


def add_school(work: Work, actor: Actor, facts: SchoolFacts) -> UUID:
    """Raises NotAllowed, InvalidInput."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    _check_school(work, actor, facts)
    school = School(organization_id=actor.organization_id, code=facts.code, name=facts.name, is_active=True)
    work.session.add(school)
    work.session.flush()
    _place(work, school, facts)
    _changed(work, actor, "school_added", "school", school.id)
    return school.id


def edit_school(work: Work, actor: Actor, school_id: UUID, facts: SchoolFacts, known: str | None = None) -> None:
    """It leaves a building, or service, once none of its pupils and classes is there. Raises NotFound and its kin."""
    school = work.session.get(School, school_id)
    if school is None:
        raise NotFound
    require(actor, Action.EDIT_SCHOOLS, Subject(school.organization_id))
    require_seen(work, school, known, lambda: school_entry(work.session, actor, school.id).shown)
    _check_school(work, actor, facts, but=school)
    placed = select(SchoolBuilding.building_id).where(SchoolBuilding.school_id == school.id)
    left = set(work.session.scalars(placed)) - set(facts.placements)
    if school.is_active and not facts.is_active and (held := _held(work, school.id)):
        raise InvalidInput({"is_active": "school_in_use"}, count=held)
    if left and (held := _held(work, school.id, left)):
        raise InvalidInput({"buildings": "school_in_use"}, count=held)
    school.code, school.name, school.is_active = facts.code, facts.name, facts.is_active
    _place(work, school, facts)
    _changed(work, actor, "school_edited", "school", school.id)


def _check_school(work: Work, actor: Actor, facts: SchoolFacts, but: School | None = None) -> None:
    faults = school_faults(facts)
    if _is_taken(work, actor, School, facts.code, but=but.id if but else None):
        faults["code"] = "code_taken"
    ours = select(Building.id).where(
        Building.organization_id == actor.organization_id, Building.id.in_(list(facts.placements))
    )
    if len(work.session.scalars(ours).all()) != len(facts.placements):
        faults["buildings"] = "unknown"
    if faults:
        raise InvalidInput(faults)


def _is_taken(work: Work, actor: Actor, record: type[Building | School], code: str, but: UUID | None = None) -> bool:
    taken = select(record.id).where(record.organization_id == actor.organization_id, record.code == code)
    return work.session.scalar(taken) not in (None, but)


def _held(work: Work, school_id: UUID, buildings: Collection[UUID] | None = None) -> int:
    """Its pupils and classes in service, in those buildings or anywhere."""
    pupils = select(func.count()).select_from(Pupil).where(Pupil.school_id == school_id, Pupil.archived_on.is_(None))
    classes = select(func.count()).select_from(ClassGroup).where(ClassGroup.school_id == school_id)
    classes = classes.where(ClassGroup.is_active)
    if buildings is not None:
        pupils = pupils.where(Pupil.building_id.in_(buildings))
        classes = classes.where(ClassGroup.building_id.in_(buildings))
    return (work.session.scalar(pupils) or 0) + (work.session.scalar(classes) or 0)


def _place(work: Work, school: School, facts: SchoolFacts) -> None:
    work.session.execute(delete(SchoolBuilding).where(SchoolBuilding.school_id == school.id))
    work.session.add_all(
        SchoolBuilding(school_id=school.id, building_id=building_id, levels=",".join(levels))
        for building_id, levels in facts.placements.items()
    )
    work.session.flush()


def _changed(work: Work, actor: Actor, verb: str, kind: str, object_id: UUID) -> None:
    touch_catalogue(work.session, actor.organization_id)
    audit.record(work, verb, kind, object_id, actor.organization_id, actor_id=actor.person_id)
