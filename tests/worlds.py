"""The light world: the demonstration without its séances, on both engines; `tests.cast` names who is in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from intervention.domain.clock import FixedClock
from intervention.queries import catalogue
from intervention.records.database import Database
from intervention.records.isolation import EVERY_BOARD, begin
from intervention.records.migrate import upgrade
from intervention.rendering.i18n import speak
from intervention.usecases.demo import build_demo
from tests.databases import MONDAY
from tests.servers import create_database, drop_database, migrated_database, migrated_file, required, worker_name


def _seeded(url: str) -> str:
    database = Database(url)
    build_demo(database, FixedClock(MONDAY), weeks_past=0, weeks_future=0)
    database.dispose()
    return url


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The light world as a SQLite file that is only copied."""
    path = tmp_path_factory.mktemp("world") / "world.sqlite"
    _seeded(migrated_file(path, upgrade))
    return path


@pytest.fixture(scope="session")
def world_template() -> Iterator[str]:
    """The same as a PostgreSQL database that is only copied; gives its name."""
    name = f"world_template_{worker_name()}"
    _seeded(required(lambda: migrated_database(name, upgrade)))
    yield name
    drop_database(name)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def world_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The light world shared by the tests of one worker; use it through `demo_session`, which leaves no trace."""
    yield from _copied(request, f"world_{worker_name()}", tmp_path_factory.mktemp("world"))


@pytest.fixture(autouse=True)
def no_catalogue_of_another_test() -> None:
    """The board of the cast has the same id and version in every test: the next must not remember what one changed."""
    catalogue._kept.clear()  # noqa: SLF001 - nothing in the product forgets: a version never comes back there


@pytest.fixture(autouse=True)
def french_until_somebody_speaks() -> None:
    """A request answered in English leaves its language to the thread: the next test must not inherit it."""
    speak("fr")


@pytest.fixture
def demo_session(world_database: Database) -> Iterator[Session]:
    """A session on the light world inside an outer transaction: nothing is kept."""
    with world_database.engine.connect() as connection, connection.begin() as outer:
        if not world_database.is_sqlite:
            begin(connection, EVERY_BOARD, role=world_database.role)
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The light world as a database of the test's own, for what must really commit."""
    yield from _copied(request, f"own_world_{worker_name()}", tmp_path)


def _copied(request: pytest.FixtureRequest, name: str, directory: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        path = directory / f"{name}.sqlite"
        shutil.copyfile(request.getfixturevalue("world_file"), path)
        url = f"sqlite:///{path}"
    else:
        url = create_database(name, request.getfixturevalue("world_template"))
    database = Database(url)
    yield database
    database.dispose()
    if request.param == "postgresql":
        drop_database(name)
