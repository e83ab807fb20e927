"""Kits and vehicles: at a building or travelling, in service or not, and never taken from a séance to come."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import func, select

from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.ids import new_id
from intervention.domain.people import ResourceKind
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.spans import TICK_SECONDS
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.places import equipment_line
from intervention.records.people import Resource
from intervention.records.reservations import Reservation
from intervention.records.schools import Building, Kit, Vehicle
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.work import Work

MAX_NAME = 60
RECORDS: dict[ResourceKind, type[Kit | Vehicle]] = {ResourceKind.KIT: Kit, ResourceKind.VEHICLE: Vehicle}


@dataclass(frozen=True, slots=True)
class EquipmentFacts:
    """`building_id` None: a kit that travels, a vehicle that sleeps nowhere in particular."""

    name: str
    building_id: UUID | None = None
    is_active: bool = True


def add_equipment(work: Work, actor: Actor, kind: ResourceKind, facts: EquipmentFacts) -> UUID:
    """Raises NotAllowed, InvalidInput."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    record = RECORDS[kind]
    _check(work, actor, record, facts)
    resource = Resource(id=new_id(), organization_id=actor.organization_id, kind=kind)
    work.session.add(resource)
    work.session.flush()
    work.session.add(record(id=resource.id, organization_id=actor.organization_id, **asdict(facts)))
    _changed(work, actor, "added", kind, resource.id)
    return resource.id


def edit_equipment(  # noqa: PLR0913, PLR0917 - a thing of a kind, and what was seen of it
    work: Work, actor: Actor, kind: ResourceKind, equipment_id: UUID, facts: EquipmentFacts, known: str | None = None
) -> None:
    """It neither moves nor goes out of service while séances count on it.

    Raises NotFound, NotAllowed, Stale, InvalidInput.
    """
    record = RECORDS[kind]
    row = _row(work, kind, equipment_id)
    if row is None:
        raise NotFound
    require(actor, Action.EDIT_SCHOOLS, Subject(row.organization_id))
    require_seen(work, row, known, lambda: equipment_line(work.session, actor, kind, equipment_id).shown)
    _check(work, actor, record, facts, but=row)
    coming = _coming(work, row.id)
    if coming and row.is_active and not facts.is_active:
        raise InvalidInput({"is_active": "used_to_come"}, count=coming)
    if coming and row.building_id != facts.building_id:
        raise InvalidInput({"building": "used_to_come"}, count=coming)
    row.name, row.building_id, row.is_active = facts.name, facts.building_id, facts.is_active
    _changed(work, actor, "edited", kind, row.id)


def _row(work: Work, kind: ResourceKind, equipment_id: UUID) -> Kit | Vehicle | None:
    return work.session.get(Kit if kind is ResourceKind.KIT else Vehicle, equipment_id)  # type: ignore[return-value]


def _check(
    work: Work,
    actor: Actor,
    record: type[Kit | Vehicle],
    facts: EquipmentFacts,
    but: Kit | Vehicle | None = None,
) -> None:
    faults: dict[str, str] = {}
    if not facts.name.strip():
        faults["name"] = "required"
    elif len(facts.name) > MAX_NAME:
        faults["name"] = "too_long"
    taken = select(record.id).where(record.organization_id == actor.organization_id, record.name == facts.name)
    if work.session.scalar(taken) not in (None, but.id if but else None):
        faults["name"] = "equipment_name_taken"
    building = work.session.get(Building, facts.building_id) if facts.building_id else None
    if facts.building_id and (building is None or building.organization_id != actor.organization_id):
        faults["building"] = "unknown"
    if faults:
        raise InvalidInput(faults)


def _coming(work: Work, equipment_id: UUID) -> int:
    """Its reservations that are not over: an encounter holds one for each thing that it takes."""
    tick = int(work.now().timestamp()) // TICK_SECONDS
    counted = select(func.count()).select_from(Reservation)
    return (
        work.session.scalar(counted.where(Reservation.resource_id == equipment_id, Reservation.ends_tick > tick)) or 0
    )


def _changed(work: Work, actor: Actor, done: str, kind: ResourceKind, equipment_id: UUID) -> None:
    work.session.flush()
    touch_catalogue(work.session, actor.organization_id)
    verb = f"{kind.value}_{done}"
    audit.record(work, verb, kind.value, equipment_id, actor.organization_id, actor_id=actor.person_id)
