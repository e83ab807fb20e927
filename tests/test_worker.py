"""Facts and their effects: each effect in the database exactly once, whatever happens to a worker."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from intervention.domain.clock import FixedClock
from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import WrongState
from intervention.domain.events import EncounterBooked, EncounterCancelled
from intervention.domain.ids import new_id
from intervention.ports import Unavailable
from intervention.reactions.table import Noted, Table
from intervention.records.database import Database
from intervention.records.encounters import Encounter
from intervention.records.outbox import OutboxMessage, WorkerBeat
from intervention.records.people import Organization
from intervention.records.reservations import Reservation
from intervention.usecases import outbox
from intervention.usecases.booking import book
from intervention.usecases.work import Work, open_work
from intervention.worker import Supervised, Worker
from tests.builders import actor
from tests.databases import MONDAY
from tests.usecases.booking_world import a_world, at, remote
from tests.worker_effects import EFFECTS, leave_a_mark, marks

ROOT = Path(__file__).parents[1]
BOARD = UUID(int=7)


def note(database: Database, clock: FixedClock, *facts: EncounterBooked | EncounterCancelled) -> None:
    with open_work(database, clock) as work:
        for fact in facts:
            work.note(fact)


def booked() -> EncounterBooked:
    return EncounterBooked(BOARD, new_id())


def worker(database: Database, clock: FixedClock, table: Table) -> Worker:
    return Worker(database, clock, "test", table)


def messages(database: Database) -> list[OutboxMessage]:
    with database.session(read_only=True) as session:
        session.expire_on_commit = False
        found = list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
        session.expunge_all()
        return found


def test_fact_without_effect_is_closed_when_it_is_seen(fresh_database: Database, clock: FixedClock) -> None:
    note(fresh_database, clock, booked(), EncounterCancelled(BOARD, new_id()))

    assert worker(fresh_database, clock, {"EncounterBooked": (), "EncounterCancelled": ()}).step() == 0

    assert [each.done_at for each in messages(fresh_database)] == [MONDAY, MONDAY]


def test_effect_is_kept_with_the_closing_of_its_fact(fresh_database: Database, clock: FixedClock) -> None:
    fact = booked()
    note(fresh_database, clock, fact)

    assert worker(fresh_database, clock, EFFECTS).step() == 1
    assert worker(fresh_database, clock, EFFECTS).step() == 0

    assert marks(fresh_database) == [str(fact.encounter_id)]
    (message,) = messages(fresh_database)
    assert (message.done_at, message.attempts, message.lease_owner) == (MONDAY, 1, None)


def test_fact_newer_than_the_worker_is_left_alone(fresh_database: Database, clock: FixedClock) -> None:
    note(fresh_database, clock, booked())

    worker(fresh_database, clock, {"EncounterCancelled": ()}).step()

    (message,) = messages(fresh_database)
    assert (message.done_at, message.attempts) == (None, 0)


@pytest.mark.parametrize(
    ("failure", "code"), [(WrongState(because="gone"), "wrong_state"), (Unavailable("mail"), "Unavailable")]
)
def test_failed_effect_is_tried_again_later_and_leaves_nothing_behind(
    fresh_database: Database, clock: FixedClock, failure: Exception, code: str
) -> None:
    answers: list[Exception | None] = [failure, None]

    def shaky(work: Work, noted: Noted) -> None:
        leave_a_mark(work, noted)
        if (answer := answers.pop(0)) is not None:
            raise answer

    fact = booked()
    note(fresh_database, clock, fact)
    worked = worker(fresh_database, clock, {"EncounterBooked": (shaky,)})

    worked.step()
    (message,) = messages(fresh_database)
    assert marks(fresh_database) == []
    assert (message.done_at, message.failure, message.lease_owner) == (None, code, None)
    assert timedelta(seconds=30) <= message.due_at - MONDAY <= timedelta(seconds=38)

    assert worked.step() == 0
    clock.at += timedelta(minutes=1)
    assert worked.step() == 1
    assert marks(fresh_database) == [str(fact.encounter_id)]
    assert messages(fresh_database)[0].failure is None


def test_what_never_works_is_given_up_and_can_be_revived(fresh_database: Database, clock: FixedClock) -> None:
    def broken(work: Work, noted: Noted) -> None:
        raise WrongState

    note(fresh_database, clock, booked())
    tried = 0
    for _ in range(outbox.MOST_ATTEMPTS + 3):
        tried += worker(fresh_database, clock, {"EncounterBooked": (broken,)}).step()
        clock.at += timedelta(hours=2)

    assert tried == outbox.MOST_ATTEMPTS
    with open_work(fresh_database, clock) as work:
        assert outbox.state_of(work) == outbox.Queue(due=0, dead=1, oldest_due=None)
        assert outbox.revive_dead(work) == 1
    worker(fresh_database, clock, EFFECTS).step()
    assert len(marks(fresh_database)) == 1


def test_pauses_double_up_to_an_hour() -> None:
    pauses = [outbox.pause_after(attempt, UUID(int=0)).total_seconds() for attempt in range(1, 9)]

    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600]


def test_worker_killed_between_claim_and_effect_loses_and_doubles_nothing(
    fresh_database: Database, clock: FixedClock
) -> None:
    facts = [booked() for _ in range(12)]
    note(fresh_database, clock, *facts)
    url = fresh_database.url.render_as_string(hide_password=False)
    victim = subprocess.Popen(
        [sys.executable, "-m", "tests.worker_effects", url, "5"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert victim.stdout is not None
    told = [victim.stdout.readline().strip() for _ in range(6)]
    victim.kill()  # SIGKILL: five effects are kept, the sixth is written and not committed
    victim.communicate()
    assert told == ["done"] * 5 + ["in the middle"]
    assert len(marks(fresh_database)) == 5

    rescuer = worker(fresh_database, clock, EFFECTS)
    assert rescuer.step() == 0  # the dead one's lease still holds
    clock.at += outbox.LEASE
    while rescuer.step():
        pass

    assert sorted(marks(fresh_database)) == sorted(str(fact.encounter_id) for fact in facts)
    assert sorted(each.attempts for each in messages(fresh_database)) == [1] * 5 + [2] * 7


def test_worker_that_lost_its_lease_does_nothing(fresh_database: Database, clock: FixedClock) -> None:
    note(fresh_database, clock, booked())
    slow, quick = worker(fresh_database, clock, EFFECTS), worker(fresh_database, clock, EFFECTS)
    with open_work(fresh_database, clock) as work:
        (claimed,) = outbox.claim(work, slow.owner, EFFECTS)
        message_id = claimed.id
    clock.at += outbox.LEASE
    quick.step()

    with open_work(fresh_database, clock) as work:
        assert not outbox.close(work, message_id, slow.owner)
        outbox.put_back(work, message_id, slow.owner, "late")

    assert len(marks(fresh_database)) == 1
    assert messages(fresh_database)[0].failure is None


def test_many_workers_at_once_do_each_effect_once(fresh_database: Database, clock: FixedClock) -> None:
    facts = [booked() for _ in range(60)]
    note(fresh_database, clock, *facts)

    def drain() -> None:
        mine = worker(fresh_database, clock, EFFECTS)
        while mine.step():
            pass

    threads = [threading.Thread(target=drain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(marks(fresh_database)) == sorted(str(fact.encounter_id) for fact in facts)
    assert {each.attempts for each in messages(fresh_database)} == {1}


def test_embedded_worker_beats_and_starts_again_after_a_fault(fresh_database: Database, clock: FixedClock) -> None:
    falls = [ZeroDivisionError()]
    delivered = threading.Event()

    def falls_once(work: Work, noted: Noted) -> None:
        if falls:
            raise falls.pop()
        delivered.set()

    note(fresh_database, clock, booked(), booked())
    embedded = Supervised(worker(fresh_database, clock, {"EncounterBooked": (falls_once,)}), restart_seconds=0.01)
    embedded.start()
    while not delivered.wait(0.05):
        clock.at += outbox.LEASE
    embedded.stop()

    with fresh_database.session(read_only=True) as session:
        assert session.scalars(select(WorkerBeat.name)).all() == ["test"]


def test_tidying_lets_lapsed_proposals_go(fresh_database: Database, clock: FixedClock) -> None:
    with open_work(fresh_database, clock) as work:
        world = a_world(work.session)
        ask = replace(remote(world, at("2026-11-24 09:00")), hold_minutes=30)
        held = book(work, actor(work.session, world.mireille), ask).encounter_id
        kept = book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 13:00"))).encounter_id
    clock.at += timedelta(minutes=31)
    stop = threading.Event()
    stop.set()

    worker(fresh_database, clock, EFFECTS).run(stop)

    with fresh_database.session(read_only=True) as session:
        assert session.get_one(Encounter, held).status is EncounterStatus.CANCELLED
        assert set(session.scalars(select(Reservation.encounter_id))) == {kept}
        assert session.scalar(select(func.count()).select_from(Organization)) == 1


def test_done_facts_are_forgotten_after_a_week(fresh_database: Database, clock: FixedClock) -> None:
    note(fresh_database, clock, booked())
    worker(fresh_database, clock, EFFECTS).step()
    clock.at += timedelta(days=8)
    stop = threading.Event()
    stop.set()

    worker(fresh_database, clock, EFFECTS).run(stop)

    assert messages(fresh_database) == []
