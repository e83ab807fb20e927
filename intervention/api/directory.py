"""Who I am, and the lists of people, places and groups; administrators keep buildings and rooms."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from intervention.api import list_outputs as out
from intervention.api.inputs import AddRoom, EditBuilding, EditRoom
from intervention.api.operations import Answer, Call, Made
from intervention.api.paging import Paged, cursor_of, listed
from intervention.api.scalars import Id
from intervention.domain.people import Role
from intervention.domain.seen import seen
from intervention.queries import directory
from intervention.queries.accounts import me as own_facts
from intervention.queries.caseload import NAMED_BY
from intervention.queries.schools import building_page, room_line
from intervention.records.people import Pupil
from intervention.records.schools import Building, Kit, Room
from intervention.usecases import schools
from intervention.usecases.schools import RoomFacts


class PeopleQuery(Paged):
    role: Role | None = None


class RoomsQuery(Paged):
    building: Id | None = None


def me(call: Call) -> Answer:
    actor = call.actor
    known = own_facts(call.work.session, actor)
    body: out.Me = {
        "id": actor.person_id,
        "name": known.name,
        "email": known.email,
        "locale": actor.locale,
        "zone": actor.zone,
        "organization": {"id": actor.organization_id, "name": known.board_name},
        "mandates": [
            {"role": m.role, "school_id": m.school_id, "building_ids": sorted(m.building_ids)} for m in actor.mandates
        ],
        "token": {"id": call.token.id, "label": call.token.label, "expires_at": call.token.expires_at},
    }
    return Answer(body)


def people(call: Call) -> Answer:
    query: PeopleQuery = call.query
    return _list(call, directory.people(call.work.session, call.actor, query.page, query.role), _person)


def list_schools(call: Call) -> Answer:
    return _list(call, directory.schools(call.work.session, call.actor, call.query.page), school_shape)


def buildings(call: Call) -> Answer:
    return _list(call, directory.buildings(call.work.session, call.actor, call.query.page), building_shape)


def rooms(call: Call) -> Answer:
    query: RoomsQuery = call.query
    return _list(call, directory.rooms(call.work.session, call.actor, query.page, query.building), _room)


def kits(call: Call) -> Answer:
    return _list(call, directory.kits(call.work.session, call.actor, call.query.page), kit_shape)


def pupils(call: Call) -> Answer:
    """Who only coordinates plans with the code, as on the page of pupils."""
    is_named = bool(call.actor.roles & NAMED_BY)
    rows = directory.pupils(call.work.session, call.actor, call.query.page)
    return _list(call, rows, partial(pupil_shape, is_named=is_named))


def groups(call: Call) -> Answer:
    return _list(call, directory.groups(call.work.session, call.actor, call.query.page), group_shape)


def edit_building(call: Call) -> Answer:
    body: EditBuilding = call.body
    found = directory.building(call.work.session, call.actor, call.id)
    named = body.model_fields_set
    if named - {"zone"}:
        kept = {name: getattr(found, name) for name in EditBuilding.model_fields if name != "zone"}
        sent = {name: getattr(body, name) for name in named if name != "zone"}
        ask = schools.EditBuilding(call.id, **{**kept, **sent})
        schools.edit_building(call.work, call.actor, ask, call.known)
    if "zone" in named:
        schools.confirm_zone(call.work, call.actor, call.id, body.zone)
    return show_building(call, Made(call.id))


def show_building(call: Call, made: Made) -> Answer:
    session, actor = call.work.session, call.actor
    page = building_page(session, actor, made.id)
    return Answer(building_shape(directory.building(session, actor, made.id)), version=seen(page.shown))


def add_room(call: Call) -> Made:
    body: AddRoom = call.body
    facts = RoomFacts(**{name: getattr(body, name) for name in AddRoom.model_fields if name != "building_id"})
    return Made(schools.add_room(call.work, call.actor, body.building_id, facts))


def show_room(call: Call, made: Made) -> Answer:
    found = directory.room(call.work.session, call.actor, made.id)
    return Answer(_room(found), version=seen(room_line(found).shown))


def edit_room(call: Call) -> Answer:
    body: EditRoom = call.body
    found = directory.room(call.work.session, call.actor, call.id)
    kept = RoomFacts(**{name: getattr(found, name) for name in EditRoom.model_fields})
    facts = replace(kept, **{name: getattr(body, name) for name in body.model_fields_set})
    schools.edit_room(call.work, call.actor, call.id, facts, call.known)
    return show_room(call, Made(call.id))


def _list(call: Call, rows: Any, shape: Any) -> Answer:
    return Answer(listed(rows, call.query.limit, shape, lambda row: cursor_of(row.id)))


def _person(row: directory.PersonLine) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "roles": list(row.roles),
        "discipline": row.discipline,
        "home_building_id": row.home_building_id,
    }


def school_shape(row: directory.SchoolLine) -> out.School:
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "building_ids": list(row.building_ids),
        "is_active": row.is_active,
    }


def building_shape(row: Building) -> out.Building:
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "short_name": row.short_name,
        "municipality": row.municipality,
        "zone": row.zone,
        "opens_local": f"{row.opens_local:%H:%M}",
        "closes_local": f"{row.closes_local:%H:%M}",
        "is_active": row.is_active,
    }


def _room(row: Room) -> out.Room:
    return {
        "id": row.id,
        "building_id": row.building_id,
        "name": row.name,
        "capacity": row.capacity,
        "is_closed": row.is_closed,
        "has_headset": row.has_headset,
        "equipment": row.equipment,
        "bandwidth_note": row.bandwidth_note,
        "phone": row.phone,
        "is_active": row.is_active,
    }


def kit_shape(row: Kit) -> out.Kit:
    return {"id": row.id, "building_id": row.building_id, "name": row.name, "is_active": row.is_active}


def pupil_shape(row: Pupil, *, is_named: bool) -> out.Pupil:
    return {
        "id": row.id,
        "code": row.code,
        "given_name": row.given_name if is_named else "",
        "family_name": row.family_name if is_named else "",
        "level": row.level,
        "building_id": row.building_id,
        "class_group_id": row.class_group_id,
    }


def group_shape(row: directory.GroupLine) -> dict[str, Any]:
    return {
        "id": row.id,
        "type": row.type,
        "name": row.name,
        "building_id": row.building_id,
        "level": row.level,
        "person_id": row.person_id,
        "discipline": row.discipline,
    }
