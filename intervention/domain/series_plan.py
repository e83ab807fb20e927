"""The sites of a series as JSON: ids and codes only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.encounters import ParticipantRole, PlaceKind


def sites_to_json(sites: Iterable[AskSite]) -> list[dict[str, Any]]:
    return [_site(site) for site in sites]


def sites_from_json(kept: Iterable[Mapping[str, Any]]) -> tuple[AskSite, ...]:
    """What `sites_to_json` gave."""
    return tuple(_site_again(each) for each in kept)


def _site(site: AskSite) -> dict[str, Any]:
    found = {each.name: _plain(getattr(site, each.name)) for each in fields(site)}
    found["participants"] = [
        {each.name: _plain(getattr(who, each.name)) for each in fields(who)} for who in site.participants
    ]
    return found


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def _site_again(kept: Mapping[str, Any]) -> AskSite:
    return AskSite(
        building_id=_id(kept["building_id"]),
        place=PlaceKind(kept["place"]),
        room_id=_id(kept["room_id"]),
        kit_id=_id(kept["kit_id"]),
        facilitator_id=_id(kept["facilitator_id"]),
        has_host=kept["has_host"],
        participants=tuple(
            AskParticipant(
                ParticipantRole(who["role"]),
                _id(who["person_id"]),
                _id(who["pupil_id"]),
                _id(who["class_group_id"]),
                _id(who["guest_id"]),
                who["is_required"],
            )
            for who in kept["participants"]
        ),
    )


def _id(kept: str | None) -> UUID | None:
    return UUID(kept) if kept else None
