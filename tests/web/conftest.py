"""The application on a database of its own, and a browser before it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.domain.people import Role
from intervention.records.database import Database
from intervention.records.migrate import upgrade
from intervention.records.people import Person
from intervention.settings import Settings
from tests.builders import a_board, a_building, a_person, a_professional
from tests.servers import migrated_file
from tests.web.client import Browser

PersonAs = Callable[[Role], Person]
KEY = "a key of tests, long enough to be refused nowhere"


@pytest.fixture
def settings() -> Settings:
    return Settings.from_env({"SECRET_KEY": KEY})


@pytest.fixture
def web_database(tmp_path: Path) -> Iterator[Database]:
    database = Database(migrated_file(tmp_path / "web.sqlite", upgrade))
    yield database
    database.dispose()


@pytest.fixture
def app(settings: Settings, web_database: Database, clock: FixedClock) -> Flask:
    return create_app(settings, web_database, clock)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def world_app(settings: Settings, world_file: Path, tmp_path: Path, clock: FixedClock) -> Iterator[Flask]:
    """The application on the cast's world: `Browser(world_app).enter(cast.LUC)`."""
    path = tmp_path / "world.sqlite"
    shutil.copyfile(world_file, path)
    database = Database(f"sqlite:///{path}")
    yield create_app(settings, database, clock)
    database.dispose()


@pytest.fixture
def world_browser(world_app: Flask) -> Browser:
    return Browser(world_app)


@pytest.fixture
def person_as(web_database: Database) -> PersonAs:
    """A person of one board in each role asked for, made on first asking; detached."""
    made: dict[Role, Person] = {}

    def make(role: Role) -> Person:
        if not made:
            with web_database.session() as session:
                session.expire_on_commit = False
                board = a_board(session)
                building = a_building(session, board, "Rivière")
                made[Role.PROFESSIONAL] = a_professional(session, board, "Mireille", building)
                for each in Role:
                    if each is not Role.PROFESSIONAL:
                        is_local = each in {Role.TEACHER, Role.PRINCIPAL, Role.SECRETARY, Role.FACILITATOR}
                        made[each] = a_person(session, board, each.value, each, building=building if is_local else None)
        return made[role]

    return make
