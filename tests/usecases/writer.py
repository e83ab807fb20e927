"""A booking process of its own, for the tests of concurrency: `python -m tests.usecases.writer URL SEED TRIES`.

Prints `booked ENCOUNTER` after each commit (an acknowledgement), `refused` otherwise.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from datetime import timedelta

from intervention.domain.clock import FixedClock
from intervention.domain.composition import BookEncounter
from intervention.domain.errors import SlotRefused, SlotTaken
from intervention.domain.slots import SOFT_RULES
from intervention.queries.actors import actor_of
from intervention.records.database import Database
from intervention.records.people import Organization, Person, Pupil
from intervention.records.schools import Building, Room
from intervention.usecases.booking import book
from intervention.usecases.work import open_work
from tests.builders import WEEK
from tests.databases import MONDAY
from tests.usecases.booking_world import World, at, in_person, remote


def load(database: Database) -> World:
    """The committed world, detached."""
    with database.session(read_only=True) as session:
        session.expire_on_commit = False
        people = {p.given_name: p for p in session.query(Person)}
        buildings = {b.name: b for b in session.query(Building)}
        rooms = {r.building_id: r for r in session.query(Room)}
        pupils = {p.code: p for p in session.query(Pupil)}
        anse, pointe = buildings["Anse-aux-Lièvres"], buildings["Pointe-Bise"]
        world = World(
            board=session.query(Organization).one(),
            base=buildings["Havre-Clair"],
            anse=anse,
            pointe=pointe,
            mireille=people["Mireille"],
            omar=people["Omar"],
            joseph=people["Joseph"],
            rose=people["Rose"],
            room_anse=rooms[anse.id],
            room_pointe=rooms[pointe.id],
            leo=pupils["E-101"],
            maude=pupils["E-202"],
        )
        session.expunge_all()
        return world


def random_ask(world: World, rng: random.Random) -> BookEncounter:
    """Three days of quarter-hours: few enough to collide all the time; half of them go by road."""
    starts_at = at(f"2026-11-{rng.randint(24, 26)} 08:00") + timedelta(minutes=15 * rng.randrange(28))
    minutes = rng.choice([15, 30, 45])
    ask = (
        remote(world, starts_at, minutes)
        if rng.random() < 0.5
        else in_person(world, starts_at, pupil=rng.choice([world.leo, world.maude]), minutes=minutes)
    )
    return replace(ask, accepting=frozenset(rule.value for rule in SOFT_RULES))


def main(url: str, seed: int, tries: int) -> None:
    database = Database(url)
    world = load(database)
    rng = random.Random(seed)
    for _ in range(tries):
        try:
            with open_work(database, FixedClock(MONDAY)) as work:
                mireille = actor_of(work.session, world.mireille.id, world.board.id, WEEK)
                assert mireille is not None
                booked = book(work, mireille, random_ask(world, rng))
        except (SlotTaken, SlotRefused):
            sys.stdout.write("refused\n")
        else:
            sys.stdout.write(f"booked {booked.encounter_id.hex}\n")
        sys.stdout.flush()
    database.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
