"""Databases, a clock and a unit of work. Every test of queries and use cases runs on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from intervention.domain.clock import FixedClock
from intervention.records.database import Database
from intervention.records.isolation import EVERY_BOARD, begin
from intervention.records.migrate import upgrade
from intervention.usecases.work import Work
from tests.servers import drop_database, migrated_database, migrated_file, required, worker_name

MONDAY = datetime(2026, 11, 23, 12, 40, tzinfo=UTC)  # 7 h 40 at Sept-Îles, the hour of storm mornings


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated, empty database shared by the tests of one worker; use it through `session`, which leaves no trace."""
    yield from _opened(request.param, f"shared_{worker_name()}", tmp_path_factory.mktemp("database"))


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database of the test's own, for what must really commit."""
    yield from _opened(request.param, f"fresh_{worker_name()}", tmp_path)


def _opened(engine: str, name: str, directory: Path) -> Iterator[Database]:
    if engine == "sqlite":
        url = migrated_file(directory / f"{name}.sqlite", upgrade)
    else:
        url = required(lambda: migrated_database(name, upgrade))
    database = Database(url)
    yield database
    database.dispose()
    if engine == "postgresql":
        drop_database(name)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session inside an outer transaction: code under test may use savepoints, and nothing is kept."""
    with database.engine.connect() as connection, connection.begin() as outer:
        if not database.is_sqlite:
            begin(connection, EVERY_BOARD, role=database.role)
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def work(session: Session, clock: FixedClock) -> Work:
    return Work(session, clock)
