"""Two boards in one database, and Mireille who works for both: based in the first, she has pupils in the second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from intervention.domain.clock import FixedClock
from intervention.domain.composition import BookEncounter
from intervention.domain.encounters import EncounterKind
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Actor
from intervention.queries.actors import actor_of
from intervention.queries.catalogue import touch_catalogue
from intervention.records.database import Database
from intervention.records.people import FollowUp, Membership, Organization, Person, Pupil
from intervention.records.schools import Building, Room
from intervention.usecases.work import Work, open_work
from tests.builders import WEEK, a_board, a_building, a_facilitator, a_person, a_pupil, a_room
from tests.databases import MONDAY
from tests.usecases.booking_world import World, a_world, pupil_site


@dataclass(frozen=True)
class Second:
    """The neighbour's: a school a quarter of an hour past Anse-aux-Lièvres, its pupil, and who coordinates there."""

    board: Organization
    baie: Building
    room: Room
    noe: Pupil
    bruno: Person


@dataclass(frozen=True)
class TwoBoards:
    first: World
    second: Second

    @property
    def mireille(self) -> UUID:
        return self.first.mireille.id


def lay(session: Session) -> TwoBoards:
    first = a_world(session)
    board = a_board(session, "voisin")
    baie = a_building(session, board, "Baie-du-Large", lat=50.26, lon=-65.95)
    noe = a_pupil(session, baie, "V-1")
    session.add(
        Membership(organization_id=board.id, person_id=first.mireille.id, role=Role.PROFESSIONAL),
    )
    session.add(
        FollowUp(
            organization_id=board.id, person_id=first.mireille.id, pupil_id=noe.id,
            discipline=Discipline.SPEECH_THERAPY,
        )
    )  # fmt: skip
    second = Second(
        board, baie, a_room(session, baie, "local 3"), noe, a_person(session, board, "Bruno", Role.COORDINATOR)
    )
    a_facilitator(session, board, "Berthe", baie)
    touch_catalogue(session, board.id)
    return TwoBoards(first, second)


def committed(database: Database) -> TwoBoards:
    with database.session() as session:
        session.expire_on_commit = False
        worlds = lay(session)
        session.flush()
        for record in list(session):
            session.refresh(record)
        session.expunge_all()
        return worlds


@contextmanager
def acting(database: Database, person: UUID, board: UUID, *, read_only: bool = False) -> Iterator[tuple[Work, Actor]]:
    """A transaction as the pages open it: it reaches the boards of whoever acts, and no other."""
    with database.session(read_only=True) as session:
        actor = actor_of(session, person, board, WEEK)
    assert actor is not None
    with open_work(database, FixedClock(MONDAY), read_only=read_only, reach=actor.boards) as work:
        yield work, actor


def visit(worlds: TwoBoards, starts_at: datetime, minutes: int = 45) -> BookEncounter:
    """Mireille at Baie-du-Large with Noé, for the second board."""
    site = pupil_site(worlds.second.noe, worlds.second.room, None, has_host=True)
    return BookEncounter(
        worlds.mireille,
        EncounterKind.INDIVIDUAL,
        Discipline.SPEECH_THERAPY,
        starts_at,
        minutes,
        "America/Toronto",
        (site,),
    )
