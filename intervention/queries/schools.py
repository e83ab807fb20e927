"""The board's schools and buildings as its administrators see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import time
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intervention.domain.bells import Bell
from intervention.domain.days import BellDay
from intervention.domain.errors import NotFound
from intervention.domain.legal_time import ZoneProposal, propose_zone
from intervention.domain.people import Level
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.road_components import propose_component
from intervention.domain.seen import Facts
from intervention.records.people import Organization
from intervention.records.schools import BellPeriod, Building, Room, School, SchoolBuilding


@dataclass(frozen=True, slots=True)
class SchoolHere:
    """A school that teaches in a building; no level for an adult or vocational centre."""

    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class BuildingLine:
    """`zone` is None until somebody confirms `proposal`."""

    id: UUID
    code: str
    name: str
    municipality: str
    zone: str | None
    proposal: ZoneProposal
    is_active: bool
    schools: tuple[SchoolHere, ...]
    rooms: int
    closed_rooms: int
    bell_levels: tuple[Level, ...]

    @property
    def levels(self) -> tuple[Level, ...]:
        return tuple(level for level in Level if any(level in school.levels for school in self.schools))


@dataclass(frozen=True, slots=True)
class RoomLine:
    id: UUID
    name: str
    capacity: int
    is_closed: bool
    has_headset: bool
    equipment: str | None
    bandwidth_note: str | None
    phone: str | None
    is_active: bool

    @property
    def shown(self) -> Facts:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "id"}


@dataclass(frozen=True, slots=True)
class BuildingPage:
    """`networks`: the isolated road networks that the board knows, the one proposed for this place included."""

    line: BuildingLine
    subject: Subject
    short_name: str
    address: str | None
    postal_code: str | None
    phone: str | None
    lat: float | None
    lon: float | None
    opens: time
    closes: time
    source: str | None
    road_component: str | None
    proposed_component: str | None
    networks: tuple[str, ...]
    rooms: tuple[RoomLine, ...]
    bells: dict[Level, tuple[Bell, ...]]
    other_bells: dict[tuple[Level, BellDay], tuple[Bell, ...]]  # of the days that ring otherwise

    @property
    def shown(self) -> Facts:
        return {
            "short_name": self.short_name, "address": self.address, "postal_code": self.postal_code,
            "phone": self.phone, "opens_local": self.opens, "closes_local": self.closes,
            "road_component": self.road_component, "is_active": self.line.is_active,
        }  # fmt: skip

    def bells_shown(self, level: Level, day: BellDay | None) -> Facts:
        found = self.bells.get(level, ()) if day is None else self.other_bells.get((level, day), ())
        return {"bells": [(bell.kind, bell.label, bell.starts_local, bell.ends_local) for bell in found]}

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels taught here or that have bells here."""
        return tuple(level for level in Level if level in self.line.levels or level in self.bells)


def school_list(session: Session, actor: Actor) -> tuple[BuildingLine, ...]:
    """Every building of the board by municipality and name. Raises NotAllowed."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    found = session.scalars(
        select(Building)
        .where(Building.organization_id == actor.organization_id)
        .order_by(Building.municipality, Building.name, Building.code)
    ).all()
    return _lines(session, actor, found)


def official_code(session: Session, actor: Actor) -> str:
    """The code under which the board's file is likely to name it. Raises NotAllowed."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    return session.get_one(Organization, actor.organization_id).code


def building_page(session: Session, actor: Actor, building_id: UUID) -> BuildingPage:
    """Raises NotFound for another board's building, NotAllowed."""
    b = session.get(Building, building_id)
    if b is None:
        raise NotFound
    subject = Subject(b.organization_id, buildings=frozenset({b.id}))
    require(actor, Action.EDIT_SCHOOLS, subject)
    rung = bells_of(session, b.id)
    proposed = None if b.lat is None or b.lon is None else propose_component(b.lat, b.lon, b.municipality)
    return BuildingPage(
        line=_lines(session, actor, [b])[0],
        subject=subject,
        short_name=b.short_name,
        address=b.address,
        postal_code=b.postal_code,
        phone=b.phone,
        lat=b.lat,
        lon=b.lon,
        opens=b.opens_local,
        closes=b.closes_local,
        source=b.source,
        road_component=b.road_component,
        proposed_component=proposed,
        networks=_networks(session, actor, proposed),
        rooms=_rooms(session, b.id),
        bells={level: bells for (level, day), bells in rung.items() if day is None},
        other_bells={(level, day): bells for (level, day), bells in rung.items() if day is not None},
    )


def _lines(session: Session, actor: Actor, buildings: Sequence[Building]) -> tuple[BuildingLine, ...]:
    """Three more statements, whatever the number of buildings."""
    ids = [b.id for b in buildings] if len(buildings) == 1 else None
    schools, rooms, bells = _schools(session, actor, ids), _room_counts(session, actor), _bell_levels(session, actor)
    return tuple(
        BuildingLine(
            id=b.id,
            code=b.code,
            name=b.name,
            municipality=b.municipality,
            zone=b.zone,
            proposal=propose_zone(
                b.lat, b.lon, municipality=b.municipality, municipality_code=b.municipality_code or ""
            ),
            is_active=b.is_active,
            schools=tuple(schools[b.id]),
            rooms=rooms[b.id][0],
            closed_rooms=rooms[b.id][1],
            bell_levels=tuple(level for level in Level if level in bells[b.id]),
        )
        for b in buildings
    )


def _schools(session: Session, actor: Actor, ids: list[UUID] | None) -> dict[UUID, list[SchoolHere]]:
    asked = (
        select(SchoolBuilding.building_id, SchoolBuilding.levels, School.name)
        .join(School, School.id == SchoolBuilding.school_id)
        .where(School.organization_id == actor.organization_id)
        .order_by(School.name)
    )
    if ids is not None:
        asked = asked.where(SchoolBuilding.building_id.in_(ids))
    found: dict[UUID, list[SchoolHere]] = defaultdict(list)
    for row in session.execute(asked):
        taught = row.levels.split(",")
        found[row.building_id].append(SchoolHere(row.name, tuple(level for level in Level if level in taught)))
    return found


def _room_counts(session: Session, actor: Actor) -> dict[UUID, tuple[int, int]]:
    """(rooms in use, those with a door that closes) by building."""
    rows = session.execute(
        select(Room.building_id, Room.is_closed, func.count())
        .where(Room.organization_id == actor.organization_id, Room.is_active)
        .group_by(Room.building_id, Room.is_closed)
    )
    found: dict[UUID, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for building_id, is_closed, count in rows:
        rooms, closed = found[building_id]
        found[building_id] = (rooms + count, closed + (count if is_closed else 0))
    return found


def _bell_levels(session: Session, actor: Actor) -> dict[UUID, set[Level]]:
    found: dict[UUID, set[Level]] = defaultdict(set)
    asked = select(BellPeriod.building_id, BellPeriod.level).where(BellPeriod.organization_id == actor.organization_id)
    for building_id, level in session.execute(asked.distinct()):
        found[building_id].add(level)
    return found


def _rooms(session: Session, building_id: UUID) -> tuple[RoomLine, ...]:
    rows = session.scalars(
        select(Room).where(Room.building_id == building_id).order_by(Room.is_active.desc(), Room.name)
    )
    return tuple(room_line(row) for row in rows)


def room_line(r: Room) -> RoomLine:
    return RoomLine(
        r.id, r.name, r.capacity, r.is_closed, r.has_headset, r.equipment, r.bandwidth_note, r.phone, r.is_active
    )


def bells_of(session: Session, building_id: UUID) -> dict[tuple[Level, BellDay | None], tuple[Bell, ...]]:
    """The bells of a building, by level and kind of day; None for the usual day."""
    found: dict[tuple[Level, BellDay | None], list[Bell]] = defaultdict(list)
    asked = select(BellPeriod).where(BellPeriod.building_id == building_id).order_by(BellPeriod.starts_local)
    for bell in session.scalars(asked):
        found[bell.level, bell.day_type].append(Bell(bell.kind, bell.label, bell.starts_local, bell.ends_local))
    return {key: tuple(bells) for key, bells in found.items()}


def _networks(session: Session, actor: Actor, proposed: str | None) -> tuple[str, ...]:
    known = session.scalars(
        select(Building.road_component).where(Building.organization_id == actor.organization_id).distinct()
    )
    return tuple(sorted({name for name in (*known, proposed) if name}))
