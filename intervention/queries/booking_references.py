"""Checks that everything an ask names exists in the actor's board and belongs together."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.composition import AskSite, BookEncounter
from intervention.domain.encounters import PlaceKind
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.permissions import Actor
from intervention.queries.catalogue import BuildingInfo, Catalogue
from intervention.queries.slot_problem import locate
from intervention.records.people import NeedGroup


def check_references(session: Session, actor: Actor, board: Catalogue, ask: BookEncounter) -> None:
    """Raises NotFound for an id out of scope, InvalidInput for things that do not belong together."""
    if ask.host_id not in board.members:
        raise NotFound
    for participant in ask.composition.participants():
        locate(board, actor, participant)
    if ask.need_group_id is not None:
        ours = select(NeedGroup.id).where(
            NeedGroup.id == ask.need_group_id, NeedGroup.organization_id == actor.organization_id
        )
        if session.scalar(ours) is None:
            raise NotFound
    if ask.zone not in known_zones():
        raise InvalidInput({"zone": "unknown"})
    check_places(board, ask.sites)


@cache
def known_zones() -> frozenset[str]:
    """The names of the installed tz database; read once, for listing it walks a directory tree."""
    return frozenset(available_timezones())


def check_places(board: Catalogue, sites: tuple[AskSite, ...]) -> None:
    """Rooms, kits and facilitators are at their site's building; a building has legal time before it has encounters."""
    faults: dict[str, str] = {}
    for site in sites:
        if site.building_id is None:
            if site.place is not PlaceKind.OUTSIDE:
                faults["sites"] = "building_missing"
        elif site.building_id not in board.buildings:
            raise NotFound
        elif site.building_id in board.shared.bases and site.has_host and site.place is not PlaceKind.HOME_BASE:
            raise NotFound  # another board's: an office there is hers, its rooms are nobody's here
        elif board.buildings[site.building_id].zone is None:
            faults["sites"] = "building_without_zone"
    if faults:
        raise InvalidInput(faults)
    for site in sites:
        _at_building(board, site, "room", site.room_id, lambda at: [room.id for room in at.rooms])
        _at_building(board, site, "facilitator", site.facilitator_id, lambda at: at.facilitators)
        if site.kit_id not in board.travelling_kits:
            _at_building(board, site, "kit", site.kit_id, lambda at: at.kits)


def _at_building(
    board: Catalogue, site: AskSite, field: str, wanted: UUID | None, of: Callable[[BuildingInfo], Collection[UUID]]
) -> None:
    """Where it is another building's, the form says so; where the board has no such thing, nothing is said."""
    here = board.buildings.get(site.building_id) if site.building_id else None
    if wanted is None or (here is not None and wanted in of(here)):
        return
    if any(wanted in of(building) for building in board.buildings.values()):
        raise InvalidInput({field: "not_at_this_building"})
    raise NotFound
