"""What administrators decide of buildings: legal time, hours, road network, rooms and bells."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import time
from uuid import UUID

from sqlalchemy import delete, select

from intervention.domain.bells import Bell, bell_faults
from intervention.domain.days import BellDay
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.ids import new_id
from intervention.domain.legal_time import LEGAL_ZONES
from intervention.domain.people import Level, ResourceKind
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.school_data import postal_code_or_none
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.schools import building_page, room_line
from intervention.records.encounters import EncounterSite
from intervention.records.people import Resource
from intervention.records.schools import BellPeriod, Building, Room
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.to_come import count_at
from intervention.usecases.work import Work

MAX_CAPACITY = 1000


@dataclass(frozen=True, slots=True)
class EditBuilding:
    """Wall times in the building's zone. `road_component` None: the province's own road network."""

    building_id: UUID
    short_name: str
    address: str | None
    postal_code: str | None
    phone: str | None
    opens_local: time
    closes_local: time
    road_component: str | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class RoomFacts:
    name: str
    capacity: int
    is_closed: bool
    has_headset: bool
    equipment: str | None = None
    bandwidth_note: str | None = None
    phone: str | None = None
    is_active: bool = True


def confirm_zone(work: Work, actor: Actor, building_id: UUID, zone: str) -> None:
    """Give a building its legal time. Raises InvalidInput for no legal zone, or when séances to come use another."""
    building = _building(work, actor, building_id)
    if zone not in LEGAL_ZONES:
        raise InvalidInput({"zone": "not_a_choice"})
    if building.zone == zone:
        return
    if building.zone is not None and count_at(work, EncounterSite.building_id, building.id):
        # Their wall times were promised to people in the old zone; moving them all silently is nobody's wish.
        raise InvalidInput({"zone": "zone_in_use"})
    before, building.zone = building.zone, zone
    _changed(work, actor, "zone_confirmed", "building", building.id, zone=zone, before=before)


def confirm_zones(work: Work, actor: Actor, shown: dict[UUID, str]) -> int:
    """Confirm for each building the zone that the person was shown; gives how many changed."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    unconfirmed = [each for each in shown if _building(work, actor, each).zone is None]
    for building_id in unconfirmed:
        confirm_zone(work, actor, building_id, shown[building_id])
    return len(unconfirmed)


def withdraw_zone(work: Work, actor: Actor, building_id: UUID) -> None:
    """Take a confirmation back: nothing can be planned there until the next. Raises InvalidInput when something is."""
    building = _building(work, actor, building_id)
    if count_at(work, EncounterSite.building_id, building.id):
        raise InvalidInput({"zone": "zone_in_use"})
    before, building.zone = building.zone, None
    _changed(work, actor, "zone_withdrawn", "building", building.id, before=before)


def edit_building(work: Work, actor: Actor, ask: EditBuilding, known: str | None = None) -> None:
    """Raises NotFound, NotAllowed, Stale, InvalidInput."""
    building = _building(work, actor, ask.building_id)
    require_seen(work, building, known, lambda: building_page(work.session, actor, building.id).shown)
    faults = {}
    if not ask.short_name.strip():
        faults["short_name"] = "required"
    if ask.closes_local <= ask.opens_local:
        faults["closes_local"] = "ends_before_start"
    postal_code = postal_code_or_none(ask.postal_code) if ask.postal_code else None
    if ask.postal_code and postal_code is None:
        faults["postal_code"] = "bad_postal_code"
    if building.is_active and not ask.is_active and count_at(work, EncounterSite.building_id, building.id):
        faults["is_active"] = "place_in_use"
    if faults:
        raise InvalidInput(faults)
    _write(building, replace(ask, postal_code=postal_code))
    _changed(work, actor, "building_edited", "building", building.id)


def add_room(work: Work, actor: Actor, building_id: UUID, facts: RoomFacts) -> UUID:
    building = _building(work, actor, building_id)
    _check_room(work, building.id, facts)
    resource = Resource(id=new_id(), organization_id=building.organization_id, kind=ResourceKind.ROOM)
    work.session.add(resource)
    work.session.flush()
    room = Room(id=resource.id, organization_id=building.organization_id, building_id=building.id, **asdict(facts))
    work.session.add(room)
    _changed(work, actor, "room_added", "room", room.id, building_id=building.id)
    return room.id


def edit_room(work: Work, actor: Actor, room_id: UUID, facts: RoomFacts, known: str | None = None) -> None:
    """Raises NotFound, NotAllowed, Stale, InvalidInput."""
    room = work.session.get(Room, room_id)
    if room is None:
        raise NotFound
    _building(work, actor, room.building_id)
    require_seen(work, room, known, lambda: room_line(room).shown)
    _check_room(work, room.building_id, facts, but=room_id)
    if room.is_active and not facts.is_active and count_at(work, EncounterSite.room_id, room.id):
        raise InvalidInput({"is_active": "place_in_use"})
    _write(room, facts)
    _changed(work, actor, "room_edited", "room", room.id)


def set_bells(  # noqa: PLR0913, PLR0917 - a building, a level, a kind of day
    work: Work,
    actor: Actor,
    building_id: UUID,
    level: Level,
    bells: tuple[Bell, ...],
    day: BellDay | None = None,
    *,
    known: str | None = None,
) -> None:
    """Replace the bells of a level, those of usual days or of another kind of day.

    Raises NotFound, NotAllowed, Stale, InvalidInput naming each that overlaps or ends too soon.
    """
    building = _building(work, actor, building_id)
    require_seen(work, building, known, lambda: building_page(work.session, actor, building.id).bells_shown(level, day))
    if faults := bell_faults(bells):
        raise InvalidInput(faults)
    of_day = BellPeriod.day_type.is_(None) if day is None else BellPeriod.day_type == day
    at_level = (BellPeriod.building_id == building.id, BellPeriod.level == level)
    work.session.execute(delete(BellPeriod).where(*at_level, of_day))
    work.session.add_all(
        BellPeriod(
            organization_id=building.organization_id, building_id=building.id, level=level, day_type=day, **asdict(bell)
        )
        for bell in bells
    )  # fmt: skip
    _changed(work, actor, "bells_set", "building", building.id, level=level, day=day, bells=len(bells))


def _building(work: Work, actor: Actor, building_id: UUID) -> Building:
    """Loading is authorising: another board's building does not exist for the actor."""
    building = work.session.get(Building, building_id)
    if building is None:
        raise NotFound
    require(actor, Action.EDIT_SCHOOLS, Subject(building.organization_id, buildings=frozenset({building.id})))
    return building


def _check_room(work: Work, building_id: UUID, facts: RoomFacts, but: UUID | None = None) -> None:
    faults = {}
    if not facts.name.strip():
        faults["name"] = "required"
    if not 1 <= facts.capacity <= MAX_CAPACITY:
        faults["capacity"] = "out_of_range"
    taken = select(Room.id).where(Room.building_id == building_id, Room.name == facts.name)
    if work.session.scalar(taken) not in (None, but):
        faults["name"] = "name_taken"
    if faults:
        raise InvalidInput(faults)


def _write(row: Building | Room, values: EditBuilding | RoomFacts) -> None:
    for name, value in asdict(values).items():
        if name != "building_id":
            setattr(row, name, value)


def _changed(work: Work, actor: Actor, verb: str, kind: str, object_id: UUID, **facts: object) -> None:
    touch_catalogue(work.session, actor.organization_id)
    audit.record(work, verb, kind, object_id, actor.organization_id, actor_id=actor.person_id, facts=facts)
