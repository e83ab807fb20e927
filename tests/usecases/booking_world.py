"""A small world for booking: a base, two schools an hour apart, a professional, pupils with rooms and facilitators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intervention.domain.composition import AskParticipant, AskSite, BookEncounter
from intervention.domain.encounters import EncounterKind, ParticipantRole, PlaceKind
from intervention.domain.people import Discipline, Role
from intervention.records.people import FollowUp, Organization, Person, Pupil
from intervention.records.schools import Building, Room
from tests.builders import a_board, a_building, a_facilitator, a_person, a_professional, a_pupil, a_room

TORONTO = ZoneInfo("America/Toronto")


@dataclass
class World:
    board: Organization
    base: Building
    anse: Building
    pointe: Building
    mireille: Person
    omar: Person
    joseph: Person
    rose: Person
    room_anse: Room
    room_pointe: Room
    leo: Pupil
    maude: Pupil


def a_world(session: Session) -> World:
    board = a_board(session)
    base = a_building(session, board, "Havre-Clair", lat=50.20, lon=-66.40)
    anse = a_building(session, board, "Anse-aux-Lièvres", lat=50.25, lon=-66.00)
    pointe = a_building(session, board, "Pointe-Bise", lat=50.28, lon=-65.50)
    mireille = a_professional(session, board, "Mireille", base)
    leo, maude = a_pupil(session, anse, "E-101"), a_pupil(session, pointe, "E-202")
    for pupil in (leo, maude):
        session.add(
            FollowUp(
                organization_id=board.id,
                person_id=mireille.id,
                pupil_id=pupil.id,
                discipline=Discipline.SPEECH_THERAPY,
            )
        )
    return World(
        board=board,
        base=base,
        anse=anse,
        pointe=pointe,
        mireille=mireille,
        omar=a_person(session, board, "Omar", Role.COORDINATOR),
        joseph=a_facilitator(session, board, "Joseph", anse),
        rose=a_facilitator(session, board, "Rose", pointe),
        room_anse=a_room(session, anse),
        room_pointe=a_room(session, pointe),
        leo=leo,
        maude=maude,
    )


def at(text: str) -> datetime:
    """`at("2026-11-24 09:00")`: that wall time at Havre-Clair."""
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO)


def office(world: World) -> AskSite:
    return AskSite(world.base.id, place=PlaceKind.HOME_BASE, has_host=True)


def pupil_site(pupil: Pupil, room: Room, facilitator: Person | None, *, has_host: bool = False) -> AskSite:
    return AskSite(
        pupil.building_id,
        room_id=room.id,
        facilitator_id=facilitator.id if facilitator else None,
        has_host=has_host,
        participants=(AskParticipant(ParticipantRole.PUPIL, pupil_id=pupil.id),),
    )


def remote(world: World, starts_at: datetime, minutes: int = 45) -> BookEncounter:
    """Léo, at Anse-aux-Lièvres with Joseph; Mireille in her office."""
    return _ask(
        world,
        EncounterKind.INDIVIDUAL,
        starts_at,
        minutes,
        (office(world), pupil_site(world.leo, world.room_anse, world.joseph)),
    )


def in_person(world: World, starts_at: datetime, *, pupil: Pupil | None = None, minutes: int = 45) -> BookEncounter:
    """Mireille goes to the pupil's school."""
    pupil = pupil or world.leo
    room = world.room_anse if pupil is world.leo else world.room_pointe
    return _ask(world, EncounterKind.INDIVIDUAL, starts_at, minutes, (pupil_site(pupil, room, None, has_host=True),))


def two_schools(world: World, starts_at: datetime) -> BookEncounter:
    """Mireille at Anse-aux-Lièvres with Léo, Maude by video from Pointe-Bise: a hybrid small group."""
    sites = (
        pupil_site(world.leo, world.room_anse, None, has_host=True),
        pupil_site(world.maude, world.room_pointe, world.rose),
    )
    return _ask(world, EncounterKind.SMALL_GROUP, starts_at, 45, sites)


def _ask(
    world: World, kind: EncounterKind, starts_at: datetime, minutes: int, sites: tuple[AskSite, ...]
) -> BookEncounter:
    host: UUID = world.mireille.id
    return BookEncounter(host, kind, Discipline.SPEECH_THERAPY, starts_at, minutes, "America/Toronto", sites)
