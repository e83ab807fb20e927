"""Two writers of one instant, whose rows no check of ours sees: the second is told, and nothing of it is kept."""

from __future__ import annotations

import threading
from time import monotonic, sleep

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from intervention.domain.clock import FixedClock
from intervention.domain.errors import Raced
from intervention.records.database import Database
from intervention.records.people import Organization
from intervention.usecases.work import open_work
from tests.databases import MONDAY

CLOCK = FixedClock(MONDAY)


def found(database: Database, *codes: str) -> None:
    """Boards of these codes, one statement each."""
    with open_work(database, CLOCK) as work:
        for code in codes:
            work.session.add(Organization(code=code, name=f"Board {code}", short_name=code))
            work.session.flush()


def waiting(database: Database) -> bool:
    with database.session(read_only=True) as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def codes(database: Database) -> list[str]:
    with database.session(read_only=True) as session:
        return list(session.scalars(select(Organization.code).order_by(Organization.code)))


def test_the_second_of_two_writers_is_told(fresh_database: Database) -> None:
    refused: list[BaseException] = []

    def second() -> None:
        try:
            found(fresh_database, "800000", "700000")
        except (Raced, IntegrityError) as error:
            refused.append(error)

    if fresh_database.is_sqlite:  # its writers take turns, so that a row that is there already is a defect of ours
        found(fresh_database, "700000")
        second()
        assert [type(error) for error in refused] == [IntegrityError]
    else:
        with open_work(fresh_database, CLOCK) as first:
            first.session.add(Organization(code="700000", name="First", short_name="F"))
            first.session.flush()
            other = threading.Thread(target=second)
            other.start()
            until = monotonic() + 20
            while not waiting(fresh_database) and monotonic() < until:
                sleep(0.01)
        other.join(20)
        assert [type(error) for error in refused] == [Raced]

    assert codes(fresh_database) == ["700000"]


def test_two_writers_who_wait_for_each_other_do_not_wait_for_ever(fresh_database: Database) -> None:
    ready, errors = threading.Barrier(2), list[BaseException]()

    def write(mine: str, theirs: str) -> None:
        try:
            with open_work(fresh_database, CLOCK) as work:
                work.session.add(Organization(code=mine, name=mine, short_name=mine))
                work.session.flush()
                if not fresh_database.is_sqlite:
                    ready.wait(10)
                    work.session.add(Organization(code=theirs, name=theirs, short_name=theirs))
                    work.session.flush()
        except Raced as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=each) for each in (("1", "2"), ("2", "1"))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)

    assert (len(errors), codes(fresh_database)) == (0 if fresh_database.is_sqlite else 1, ["1", "2"])
