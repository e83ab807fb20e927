"""A law moved the clocks: an administrator keeps the hour, or the instant, through the guard."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import select, update

from intervention.domain.encounters import ActKind
from intervention.domain.errors import NotAllowed
from intervention.domain.people import Role
from intervention.records.encounters import Encounter
from intervention.records.reservations import Reservation
from intervention.usecases.booking import book
from intervention.usecases.moved_instants import Promise, moved_seances, settle
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, actor
from tests.usecases.booking_world import World, a_world, at, remote

HOUR = timedelta(hours=1)


def moved(work: Work, world: World) -> Encounter:
    """Planned at 9:00 by older rules, under which that was an hour sooner."""
    made = book(work, actor(work.session, world.mireille), remote(world, at("2026-11-27 09:00")))
    encounter = work.session.get_one(Encounter, made.encounter_id)
    encounter.starts_at, encounter.ends_at = encounter.starts_at - HOUR, encounter.ends_at - HOUR
    work.session.flush()
    back = {"starts_tick": Reservation.starts_tick - 12, "ends_tick": Reservation.ends_tick - 12}
    work.session.execute(update(Reservation).where(Reservation.encounter_id == encounter.id).values(back))
    rebuild_bits(work.session)
    return encounter


def starts(work: Work, encounter: Encounter) -> set[int]:
    return set(work.session.scalars(select(Reservation.starts_tick).where(Reservation.encounter_id == encounter.id)))


def test_the_hour_on_the_wall_is_kept_and_its_reservation_follows(work: Work) -> None:
    world = a_world(work.session)
    encounter = moved(work, world)
    ines = actor(work.session, a_person(work.session, world.board, "Inès", Role.ADMINISTRATOR))
    (before,) = starts(work, encounter)

    ((view, now_at),) = moved_seances(work, ines)
    done = settle(work, ines, Promise.WALL)

    assert (view.id, now_at) == (encounter.id, at("2026-11-27 09:00"))
    assert (done.settled, done.refused) == ((encounter.id,), ())
    assert (encounter.starts_at, encounter.starts_local) == (at("2026-11-27 09:00"), time(9, 0))
    assert starts(work, encounter) == {before + 12}
    assert rebuild_bits(work.session) == 0
    assert moved_seances(work, ines) == ()


def test_the_instant_is_kept_and_the_clock_says_another_hour(work: Work) -> None:
    world = a_world(work.session)
    encounter = moved(work, world)
    ines = actor(work.session, a_person(work.session, world.board, "Inès", Role.ADMINISTRATOR))
    before = starts(work, encounter)

    settle(work, ines, Promise.INSTANT)

    assert (encounter.starts_at, encounter.starts_local) == (at("2026-11-27 08:00"), time(8, 0))
    assert starts(work, encounter) == before
    assert encounter.acts[-1].kind is ActKind.MOVED
    assert moved_seances(work, ines) == ()


def test_one_whose_hour_is_taken_stays_and_is_told(work: Work) -> None:
    world = a_world(work.session)
    encounter = moved(work, world)
    book(work, actor(work.session, world.mireille), remote(world, at("2026-11-27 09:15")))
    ines = actor(work.session, a_person(work.session, world.board, "Inès", Role.ADMINISTRATOR))

    assert settle(work, ines, Promise.WALL).refused == (encounter.id,)
    assert encounter.starts_at == at("2026-11-27 08:00")


def test_it_is_an_administrators_of_that_board(work: Work) -> None:
    world = a_world(work.session)
    moved(work, world)
    elsewhere = a_person(work.session, a_board(work.session, "lande"), "Zoé", Role.ADMINISTRATOR)

    with pytest.raises(NotAllowed):
        settle(work, actor(work.session, world.omar), Promise.WALL)
    assert moved_seances(work, actor(work.session, elsewhere)) == ()
