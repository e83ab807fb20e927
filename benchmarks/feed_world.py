"""Séances by the thousand for the benches of reading, written without the rules of booking."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from intervention.domain.encounters import (
    Axis,
    Confidentiality,
    EncounterKind,
    EncounterStatus,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.ids import new_id
from intervention.domain.people import Discipline
from intervention.records.encounters import Encounter, EncounterSite, Participation
from tests.usecases.booking_world import World

BATCH = 500


def fill(session: Session, world: World, host_ids: list[UUID], each: int, first: datetime) -> None:
    """`each` séances for every host: an hour apart, at her base with a pupil by video from Anse-aux-Lièvres."""
    for host_id in host_ids:
        for start in range(0, each, BATCH):
            _write(
                session, world, host_id, [first + timedelta(hours=n) for n in range(start, min(start + BATCH, each))]
            )


def _write(session: Session, world: World, host_id: UUID, starts: list[datetime]) -> None:
    encounters = [_encounter(world, host_id, at) for at in starts]
    sites = [site for each in encounters for site in _sites(world, each["id"])]
    people = [
        {
            "id": new_id(),
            "encounter_id": site["encounter_id"],
            "site_id": site["id"],
            "is_required": True,
            **_who(world, site, host_id),
        }
        for site in sites
    ]
    session.execute(insert(Encounter), encounters)
    session.execute(insert(EncounterSite), sites)
    session.execute(insert(Participation), people)


def _who(world: World, site: dict[str, Any], host_id: UUID) -> dict[str, Any]:
    if site["has_host"]:
        return {"role": ParticipantRole.HOST, "person_id": host_id, "pupil_id": None}
    return {"role": ParticipantRole.PUPIL, "person_id": None, "pupil_id": world.leo.id}


def _encounter(world: World, host_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "uid": uuid4(),
        "organization_id": world.board.id,
        "kind": EncounterKind.INDIVIDUAL,
        "axis": Axis.PUPIL_SERVICE,
        "discipline": Discipline.SPEECH_THERAPY,
        "modality": Modality.REMOTE,
        "status": EncounterStatus.PLANNED,
        "confidentiality": Confidentiality.RESTRICTED,
        "host_id": host_id,
        "starts_at": at,
        "ends_at": at + timedelta(minutes=45),
        "on_date": at.date(),
        "starts_local": at.time(),
        "zone": "America/Toronto",
        "version": 1,
        "revision": 0,
        "created_by_id": host_id,
        "created_at": at,
        "changed_at": at,
    }


def _sites(world: World, encounter_id: UUID) -> list[dict[str, Any]]:
    shared = {"encounter_id": encounter_id, "kit_id": None}
    return [
        {
            **shared, "id": new_id(), "position": 0, "place": PlaceKind.HOME_BASE, "building_id": world.base.id,
            "room_id": None, "facilitator_id": None, "has_host": True,
        },
        {
            **shared, "id": new_id(), "position": 1, "place": PlaceKind.BUILDING, "building_id": world.anse.id,
            "room_id": world.room_anse.id, "facilitator_id": None, "has_host": False,
        },
    ]  # fmt: skip
