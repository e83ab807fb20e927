"""The first promise: no double booking, whatever the interleaving, on both engines, even when a writer is killed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from intervention.domain.clock import FixedClock
from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import SlotTaken
from intervention.domain.ids import new_id
from intervention.domain.spans import tick_of
from intervention.queries.actors import actor_of
from intervention.records.database import Database, is_overlap
from intervention.records.encounters import Encounter
from intervention.records.isolation import admit_role
from intervention.records.reservations import Reservation, ReservationKind
from intervention.usecases.booking import book
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.work import Work, open_work
from tests.builders import WEEK, actor
from tests.databases import MONDAY
from tests.usecases.booking_world import World, a_world, at, remote
from tests.usecases.writer import load

ROOT = Path(__file__).parents[2]
REMOTE_RESOURCES = 4  # professional, pupil, room, facilitator


def overlaps(database: Database, table: str = "reservation") -> int:
    with database.session(read_only=True) as session:
        return session.execute(
            text(
                f"SELECT count(*) FROM {table} a JOIN {table} b ON a.resource_id = b.resource_id AND a.id < b.id"
                " AND a.starts_tick < b.ends_tick AND b.starts_tick < a.ends_tick"
            )
        ).scalar_one()


def committed_world(database: Database) -> World:
    with database.session() as session:
        a_world(session)
    return load(database)


def together(count: int, act: Callable[[int], None]) -> None:
    """Run `act` in `count` threads that set off at once; the first error of any of them is raised."""
    barrier = threading.Barrier(count)
    errors: list[BaseException] = []

    def run(number: int) -> None:
        barrier.wait()
        try:
            act(number)
        except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_one_of_many_equal_asks_wins(fresh_database: Database) -> None:
    world = committed_world(fresh_database)
    won: list[UUID] = []

    def ask(_: int) -> None:
        try:
            with open_work(fresh_database, FixedClock(MONDAY)) as work:
                mireille = actor_of(work.session, world.mireille.id, world.board.id, WEEK)
                assert mireille is not None
                booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
            won.append(booked.encounter_id)
        except SlotTaken:
            pass

    together(8, ask)

    assert len(won) == 1
    with fresh_database.session(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Reservation)) == REMOTE_RESOURCES


def test_naive_check_then_insert_double_books_where_ours_does_not(fresh_database: Database) -> None:
    """The canary: the same threads and barrier catch the usual defect, so their silence about ours means something."""
    resource = new_id()
    with fresh_database.engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE naive (id TEXT PRIMARY KEY, resource_id TEXT, starts_tick INT, ends_tick INT)")
        )
        if not fresh_database.is_sqlite:
            admit_role(connection)
    checked = threading.Barrier(4)

    def naive(_: int) -> None:
        with fresh_database.session(read_only=True) as session:
            found = session.execute(text("SELECT count(*) FROM naive WHERE starts_tick < 20 AND ends_tick > 10"))
            is_free = found.scalar_one() == 0
        checked.wait()
        if is_free:
            with fresh_database.session() as session:
                session.execute(
                    text("INSERT INTO naive VALUES (:id, :resource, 10, 20)"),
                    {"id": str(new_id()), "resource": str(resource)},
                )

    together(4, naive)
    assert overlaps(fresh_database, "naive") > 0

    world = committed_world(fresh_database)
    refused = []

    def guarded(_: int) -> None:
        with fresh_database.session(read_only=True) as session:
            clash = session.scalar(select(func.count()).select_from(Reservation))
        checked.wait()
        assert clash == 0
        try:
            with fresh_database.session() as session:
                session.execute(insert(Reservation).values(**a_row(world, 10, 20)))
        except IntegrityError as error:
            refused.append(is_overlap(error))
        except OperationalError as error:  # inserts waiting for each other's check: PostgreSQL ends one
            refused.append(getattr(error.orig, "sqlstate", None) == "40P01")

    together(4, guarded)
    assert refused == [True] * 3
    assert overlaps(fresh_database) == 0


def a_row(world: World, starts: int, ends: int) -> dict[str, object]:
    return {
        "id": new_id(),
        "organization_id": world.board.id,
        "resource_id": world.leo.id,
        "starts_tick": starts,
        "ends_tick": ends,
        "kind": ReservationKind.ENCOUNTER,
    }


@pytest.mark.parametrize(("starts", "ends"), [(5, 15), (15, 25), (12, 18), (5, 25), (10, 20), (19, 20), (10, 11)])
def test_guard_refuses_every_way_to_overlap(fresh_database: Database, starts: int, ends: int) -> None:
    world = committed_world(fresh_database)
    with fresh_database.session() as session:
        session.execute(insert(Reservation).values(**a_row(world, 10, 20)))

    with pytest.raises(IntegrityError) as refused, fresh_database.session() as session:
        session.execute(insert(Reservation).values(**a_row(world, starts, ends)))

    assert is_overlap(refused.value)


@pytest.mark.parametrize(("starts", "ends"), [(0, 10), (20, 30)])
def test_guard_lets_neighbours_touch(fresh_database: Database, starts: int, ends: int) -> None:
    world = committed_world(fresh_database)
    with fresh_database.session() as session:
        session.execute(insert(Reservation).values(**a_row(world, 10, 20)))
        session.execute(insert(Reservation).values(**a_row(world, starts, ends)))

    assert overlaps(fresh_database) == 0


def test_guard_holds_when_a_row_is_moved_onto_another(fresh_database: Database) -> None:
    world = committed_world(fresh_database)
    with fresh_database.session() as session:
        session.execute(insert(Reservation).values(**a_row(world, 10, 20)))
        session.execute(insert(Reservation).values(**a_row(world, 30, 40)))

    with pytest.raises(IntegrityError), fresh_database.session() as session:
        session.execute(text("UPDATE reservation SET starts_tick = 15 WHERE starts_tick = 30"))


def test_parallel_processes_and_a_killed_one_leave_no_overlap_and_lose_nothing(fresh_database: Database) -> None:
    world = committed_world(fresh_database)
    url = fresh_database.url.render_as_string(hide_password=False)
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.usecases.writer", url, str(seed), "40"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(4)
    ]
    victim = writers[0]
    assert victim.stdout is not None
    seen = [victim.stdout.readline() for _ in range(8)]
    victim.kill()  # SIGKILL, in the middle of whatever it was writing
    answers = [seen + victim.communicate()[0].splitlines()] + [w.communicate()[0].splitlines() for w in writers[1:]]

    assert [w.returncode for w in writers[1:]] == [0, 0, 0]
    acknowledged = {
        UUID(a.split()[1]) for lines in answers for a in lines if a.startswith("booked") and len(a.split()[1]) == 32
    }
    with fresh_database.session(read_only=True) as session:
        kept = set(session.scalars(select(Encounter.id)))
        held = dict(
            session.execute(
                select(Reservation.encounter_id, func.count())
                .where(Reservation.encounter_id.is_not(None))
                .group_by(Reservation.encounter_id)
            ).all()
        )
    assert acknowledged <= kept
    assert len(acknowledged) > 3
    assert set(held) == kept  # nothing half-written: every encounter has its reservations
    assert overlaps(fresh_database) == 0
    with fresh_database.session() as session:
        assert rebuild_bits(session) == 0
    assert world.board.code == "caps"


def test_hold_keeps_its_slot_until_it_lapses(work: Work, clock: FixedClock) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    ask = remote(world, at("2026-11-24 09:00"))
    held = book(work, mireille, replace(ask, hold_minutes=60))

    with pytest.raises(SlotTaken):
        book(work, mireille, ask)

    clock.at += timedelta(minutes=61)
    kept = book(work, mireille, ask)

    assert work.session.get_one(Encounter, held.encounter_id).status is EncounterStatus.CANCELLED
    assert work.session.get_one(Encounter, kept.encounter_id).status is EncounterStatus.PLANNED
    assert (
        work.session.scalar(select(func.count()).where(Reservation.starts_tick == tick_of(at("2026-11-24 09:00"))))
        == REMOTE_RESOURCES
    )
