"""Engines for the two databases, and the one writer of SQLite."""

from __future__ import annotations

import fcntl
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from intervention.records.isolation import EVERY_BOARD, Reach, begin, remember, role_of
from intervention.records.reservations import OVERLAP_GUARD

# Two megabytes of pages for each connection, of which there are as many as threads: what is read often is in the
# system's own cache, and sixteen made a page of the product a twentieth quicker at most.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-2000")


class WriterLock:
    """One SQLite writer at a time, over threads and processes.

    The busy handler sleeps and retries without fairness; a queue at a lock keeps the slowest writer's wait short, and
    serialised commits and checkpoints stay clear of the WAL-reset defect of SQLite 3.7.0 to 3.51.2.
    """

    def __init__(self, path: Path | None) -> None:
        self._threads = threading.RLock()
        self._path = path
        self._file: BinaryIO | None = None
        self._depth = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._threads:
            if self._path is not None and self._depth == 0:
                if self._file is None:
                    self._file = self._path.open("ab")
                fcntl.flock(self._file, fcntl.LOCK_EX)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._file is not None and self._depth == 0:
                    fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class Database:
    """An engine, its dialect's habits, and sessions over it."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        self._reading = self.engine.execution_options(read_only=True) if self.is_sqlite else self.engine
        file = self.url.database if self.is_sqlite else None
        self._lock = WriterLock(Path(f"{file}.lock") if file and file != ":memory:" else None)

    @contextmanager
    def session(self, *, read_only: bool = False, reach: Reach = EVERY_BOARD) -> Iterator[Session]:
        """One transaction: committed on a clean exit, rolled back otherwise. `reach`: see `records.isolation`."""
        waits = nullcontext() if read_only or not self.is_sqlite else self._lock.held()
        with waits, Session(self._reading if read_only else self.engine) as session, session.begin():
            self.isolate(session, reach)
            yield session

    def isolate(self, session: Session, reach: Reach) -> None:
        """Tell a transaction just begun whose rows it reaches."""
        remember(session, reach)
        if not self.is_sqlite:
            begin(session.connection(), reach, role=self.role)

    @cached_property
    def role(self) -> str | None:
        """What transactions on PostgreSQL become; None where the migrations could not make the role."""
        with self.engine.connect() as connection:
            return role_of(connection)

    def dispose(self) -> None:
        self.engine.dispose()
        self._lock.close()


_RACES = frozenset({"23505", "40001", "40P01"})  # unique_violation, serialization_failure, deadlock_detected


def is_race(error: DBAPIError) -> bool:
    """Whether another writer of the same instant refused the write. SQLite has one writer: never there."""
    return getattr(error.orig, "sqlstate", None) in _RACES


def is_overlap(error: IntegrityError) -> bool:
    """Whether the reservation guard, and not some other constraint, refused the write."""
    return OVERLAP_GUARD in str(error.orig)


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 10})

    @event.listens_for(engine, "connect")
    def on_connect(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None  # the driver's own BEGIN is deferred and comes too late to serialise writers
        for pragma in _PRAGMAS:
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _says_more_than_the_error(record: logging.LogRecord) -> bool:
    """False for what psycopg adds to a refused batch of inserts: the refusal itself is raised, and is daily bread."""
    return not str(record.msg).startswith("error ignored terminating")


def _postgresql_engine(url: str) -> Engine:
    logging.getLogger("psycopg").addFilter(_says_more_than_the_error)
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=10)
