"""What administrators choose from and keep beside buildings: schools, kits, vehicles, declared roads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from intervention.domain.errors import NotFound
from intervention.domain.people import Level, ResourceKind
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.road_estimate import Band, disagrees, estimate
from intervention.domain.seen import Facts
from intervention.domain.travel import QUALITY_OF, Place, Source, TravelMode, TravelTime
from intervention.records.schools import Building, Kit, Road, School, SchoolBuilding, Vehicle


@dataclass(frozen=True, slots=True)
class SchoolEntry:
    """`placements`: building id → levels taught there."""

    id: UUID
    code: str
    name: str
    is_active: bool
    placements: dict[UUID, tuple[Level, ...]]

    @property
    def shown(self) -> Facts:
        return {"code": self.code, "name": self.name, "is_active": self.is_active, "buildings": self.placements}


@dataclass(frozen=True, slots=True)
class EquipmentLine:
    """`building` is empty for what travels."""

    kind: ResourceKind
    id: UUID
    name: str
    building_id: UUID | None
    building: str
    is_active: bool

    @property
    def shown(self) -> Facts:
        return {"name": self.name, "building": self.building_id, "is_active": self.is_active}


@dataclass(frozen=True, slots=True)
class RoadLine:
    """A declared way. `estimated` is None where none can be made; `is_odd`: the two differ by more than half."""

    id: UUID
    from_id: UUID
    to_id: UUID
    start: str
    end: str
    declared: TravelTime
    estimated: TravelTime | None
    is_odd: bool
    source: str


def building_choices(session: Session, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """The board's buildings in service, as a list to choose from. Raises NotAllowed."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    rows = session.execute(
        select(Building.id, Building.name, Building.municipality)
        .where(Building.organization_id == actor.organization_id, Building.is_active)
        .order_by(Building.municipality, Building.name)
    )
    return tuple((row.id, f"{row.name}, {row.municipality}") for row in rows)


def school_entries(session: Session, actor: Actor) -> tuple[SchoolEntry, ...]:
    """Every school of the board, those in service first. Raises NotAllowed."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    placements: dict[UUID, dict[UUID, tuple[Level, ...]]] = defaultdict(dict)
    for row in session.scalars(
        select(SchoolBuilding)
        .join(School, School.id == SchoolBuilding.school_id)
        .where(School.organization_id == actor.organization_id)
    ):
        taught = row.levels.split(",")
        placements[row.school_id][row.building_id] = tuple(level for level in Level if level in taught)
    rows = session.scalars(
        select(School)
        .where(School.organization_id == actor.organization_id)
        .order_by(School.is_active.desc(), School.name)
    )
    return tuple(SchoolEntry(s.id, s.code, s.name, s.is_active, placements[s.id]) for s in rows)


def school_entry(session: Session, actor: Actor, school_id: UUID) -> SchoolEntry:
    """Raises NotFound, NotAllowed."""
    found = next((each for each in school_entries(session, actor) if each.id == school_id), None)
    if found is None:
        raise NotFound
    return found


def equipment(session: Session, actor: Actor) -> tuple[EquipmentLine, ...]:
    """Kits, then vehicles, those in service first. Raises NotAllowed."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    found = []
    for kind, record in ((ResourceKind.KIT, Kit), (ResourceKind.VEHICLE, Vehicle)):
        rows = session.execute(
            select(record.id, record.name, record.building_id, Building.short_name, record.is_active)
            .outerjoin(Building, Building.id == record.building_id)
            .where(record.organization_id == actor.organization_id)
            .order_by(record.is_active.desc(), record.name)
        )
        found += [EquipmentLine(kind, row[0], row[1], row[2], row[3] or "", row[4]) for row in rows]
    return tuple(found)


def equipment_line(session: Session, actor: Actor, kind: ResourceKind, equipment_id: UUID) -> EquipmentLine:
    """Raises NotFound, NotAllowed."""
    found = next((e for e in equipment(session, actor) if (e.kind, e.id) == (kind, equipment_id)), None)
    if found is None:
        raise NotFound
    return found


def declared_roads(session: Session, actor: Actor) -> tuple[RoadLine, ...]:
    """Every declared way with the estimate that it stands for. Raises NotAllowed."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    start, end = aliased(Building), aliased(Building)
    rows = session.execute(
        select(Road, start, end)
        .join(start, start.id == Road.from_building_id)
        .join(end, end.id == Road.to_building_id)
        .where(Road.organization_id == actor.organization_id)
        .order_by(start.short_name, end.short_name)
    )
    return tuple(_road_line(road, a, b) for road, a, b in rows)


def _road_line(road: Road, start: Building, end: Building) -> RoadLine:
    source = Source(road.quality)
    declared = TravelTime(road.minutes, road.metres, source, TravelMode(road.mode), QUALITY_OF[source])
    a, b = _place(start), _place(end)
    estimated = estimate(a, b, Band.CENTRAL) if a and b else None
    return RoadLine(
        road.id, start.id, end.id, start.short_name, end.short_name, declared, estimated,
        disagrees(declared, estimated), road.source,
    )  # fmt: skip


def _place(building: Building) -> Place | None:
    if building.lat is None or building.lon is None:
        return None
    return Place(building.id, building.lat, building.lon, building.road_component, building.municipality)
