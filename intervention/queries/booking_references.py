"""Checks that everything an ask names exists in the actor's board and belongs together."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from intervention.domain.composition import AskSite, BookEncounter
from intervention.domain.encounters import PlaceKind
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.permissions import Actor
from intervention.queries.scope import visible_pupils
from intervention.records.people import ClassGroup, Facilitator, Guest, Membership, NeedGroup, Pupil
from intervention.records.schools import Building, Kit, Room


def check_references(session: Session, actor: Actor, ask: BookEncounter) -> None:
    """Raises NotFound for an id out of scope, InvalidInput for things that do not belong together."""
    people = ask.composition.participants()
    _all_found(
        session, Membership.person_id, Membership.organization_id == actor.organization_id,
        {ask.host_id, *(p.person_id for p in people)},
    )  # fmt: skip
    _all_found(session, Pupil.id, visible_pupils(actor), {p.pupil_id for p in people})
    wanted: tuple[tuple[type[ClassGroup | Guest | NeedGroup], set[UUID | None]], ...] = (
        (ClassGroup, {p.class_group_id for p in people}),
        (Guest, {p.guest_id for p in people}),
        (NeedGroup, {ask.need_group_id}),
    )
    for record, ids in wanted:
        _all_found(session, record.id, record.organization_id == actor.organization_id, ids)
    if ask.zone not in known_zones():
        raise InvalidInput({"zone": "unknown"})
    check_places(session, actor, ask.sites)


@cache
def known_zones() -> frozenset[str]:
    """The names of the installed tz database; read once, for listing it walks a directory tree."""
    return frozenset(available_timezones())


def check_places(session: Session, actor: Actor, sites: tuple[AskSite, ...]) -> None:
    """Rooms, kits and facilitators are at their site's building; a building has legal time before it has encounters."""
    zones = dict(
        session.execute(
            select(Building.id, Building.zone).where(
                Building.id.in_([s.building_id for s in sites if s.building_id]),
                Building.organization_id == actor.organization_id,
            )
        ).all()
    )
    faults: dict[str, str] = {}
    for site in sites:
        if site.building_id is None:
            if site.place is not PlaceKind.OUTSIDE:
                faults["sites"] = "building_missing"
        elif site.building_id not in zones:
            raise NotFound
        elif zones[site.building_id] is None:
            faults["sites"] = "building_without_zone"
    if faults:
        raise InvalidInput(faults)
    for site in sites:
        _at_building(session, actor, site)


def _at_building(session: Session, actor: Actor, site: AskSite) -> None:
    ours = actor.organization_id
    room = select(Room.building_id).where(Room.organization_id == ours, Room.is_active, Room.id == site.room_id)
    kit = select(Kit.building_id).where(Kit.organization_id == ours, Kit.is_active, Kit.id == site.kit_id)
    facilitator = select(Facilitator.building_id).where(Facilitator.person_id == site.facilitator_id)
    checks = (
        ("room", site.room_id, room),
        ("kit", site.kit_id, kit),
        ("facilitator", site.facilitator_id, facilitator),
    )
    for field, wanted, statement in checks:
        if wanted is None:
            continue
        row = session.execute(statement).first()
        if row is None:
            raise NotFound
        if row[0] not in (site.building_id, None):
            raise InvalidInput({field: "not_at_this_building"})


def _all_found(session: Session, column: Any, condition: ColumnElement[bool], wanted: set[UUID | None]) -> None:
    ids = {w for w in wanted if w is not None}
    if ids and len(set(session.scalars(select(column).where(column.in_(ids), condition)))) != len(ids):
        raise NotFound
