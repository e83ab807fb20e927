"""The trail: linear under two writers, refused to change by the database, broken by any other hand."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from intervention.domain.clock import FixedClock
from intervention.records.access_log import AccessLogEntry
from intervention.records.database import Database
from intervention.usecases.audit import GENESIS, record, verify_chain
from intervention.usecases.work import Work, open_work
from tests.databases import MONDAY


def three(work: Work) -> None:
    for verb in ("seat_claimed", "seat_admitted", "room_entered"):
        record(
            work,
            verb,
            "encounter",
            uuid4(),
            uuid4(),
            actor_id=uuid4(),
            facts={"seat_id": uuid4(), "n": 1, "at": MONDAY, "codes": frozenset({"b", "a"}), "none": None},
        )


def test_it_works(work: Work) -> None:
    three(work)

    chain = verify_chain(work.session)

    rows = work.session.query(AccessLogEntry).order_by(AccessLogEntry.seq).all()
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.previous_hash for row in rows] == [GENESIS, rows[0].hash, rows[1].hash]
    assert (chain.entries, chain.broken_at, chain.head) == (3, None, rows[-1].hash)
    assert rows[0].facts["codes"] == ["a", "b"]


def test_an_empty_trail_is_whole(work: Work) -> None:
    chain = verify_chain(work.session)

    assert (chain.entries, chain.head, chain.broken_at) == (0, GENESIS, None)


def test_what_is_stored_hashes_as_what_was_written(fresh_database: Database) -> None:
    elsewhere = FixedClock(datetime(2026, 11, 23, 7, 40, 1, 123456, timezone(timedelta(hours=-5))))
    with open_work(fresh_database, elsewhere) as work:
        three(work)

    with fresh_database.session(read_only=True) as session:
        assert verify_chain(session).broken_at is None
        assert session.get_one(AccessLogEntry, 1).at == datetime(2026, 11, 23, 12, 40, 1, 123456, UTC)


@pytest.mark.parametrize("statement", ["UPDATE access_log SET verb = 'x' WHERE seq = 2", "DELETE FROM access_log"])
def test_the_database_refuses_to_rewrite_it(fresh_database: Database, statement: str) -> None:
    with open_work(fresh_database, FixedClock(MONDAY)) as work:
        three(work)

    with pytest.raises(DatabaseError, match="append-only"), fresh_database.session() as session:
        session.execute(text(statement))

    with fresh_database.session(read_only=True) as session:
        assert verify_chain(session).entries == 3


def test_postgresql_refuses_to_empty_it(fresh_database: Database) -> None:
    if fresh_database.is_sqlite:  # which has no TRUNCATE
        return
    with open_work(fresh_database, FixedClock(MONDAY)) as work:
        three(work)

    with pytest.raises(DatabaseError, match="permission denied"), fresh_database.session() as session:
        session.execute(text("TRUNCATE access_log"))
    with pytest.raises(DatabaseError, match="append-only"), fresh_database.session() as session:
        session.execute(text("RESET ROLE; TRUNCATE access_log"))  # even who owns the table


@pytest.mark.parametrize(
    ("forgery", "seen_at"),
    [
        ("UPDATE access_log SET verb = 'seat_refused' WHERE seq = 2", 2),
        ("UPDATE access_log SET facts = '{}' WHERE seq = 1", 1),
        ("DELETE FROM access_log WHERE seq = 2", 3),
        ("DELETE FROM access_log WHERE seq = 1", 2),
    ],
)
def test_a_forger_with_the_triggers_off_is_seen(fresh_database: Database, forgery: str, seen_at: int) -> None:
    with open_work(fresh_database, FixedClock(MONDAY)) as work:
        three(work)
    with fresh_database.session() as session:
        if fresh_database.is_sqlite:
            session.execute(text("DROP TRIGGER access_log_no_update"))
            session.execute(text("DROP TRIGGER access_log_no_delete"))
        else:
            session.execute(text("RESET ROLE"))  # a forger who owns the tables; the product's own role may not even try
            session.execute(text("ALTER TABLE access_log DISABLE TRIGGER USER"))
        session.execute(text(forgery))

    with fresh_database.session(read_only=True) as session:
        assert verify_chain(session).broken_at == seen_at


def test_writers_at_once_make_one_chain(fresh_database: Database) -> None:
    writers, each = 6, 8
    ready = threading.Barrier(writers)
    failures: list[BaseException] = []

    def write() -> None:
        ready.wait()
        for _ in range(each):
            try:
                with open_work(fresh_database, FixedClock(MONDAY)) as work:
                    record(work, "seat_claimed", "encounter", uuid4(), None)
            except DatabaseError as failure:
                failures.append(failure)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with fresh_database.session(read_only=True) as session:
        chain = verify_chain(session)
    assert (chain.entries, chain.broken_at) == (writers * each, None)


def test_a_transaction_that_fails_leaves_no_line(fresh_database: Database) -> None:
    with suppress(RuntimeError), open_work(fresh_database, FixedClock(MONDAY)) as work:
        three(work)
        raise RuntimeError

    with fresh_database.session(read_only=True) as session:
        assert verify_chain(session).entries == 0
