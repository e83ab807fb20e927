"""PostgreSQL itself keeps two boards apart: statements that forget the condition on purpose find nothing of the other."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.exc import ProgrammingError

from intervention.domain.clock import FixedClock
from intervention.domain.encounters import CancellationCause
from intervention.records.database import Database
from intervention.records.everything import metadata
from intervention.records.isolation import EVERY_BOARD, NO_BOARD, OF_NO_BOARD, beyond, open_tables, tell
from intervention.records.migrate import upgrade
from intervention.records.people import Pupil
from intervention.usecases.demo import build_demo
from tests import cast
from tests.databases import MONDAY
from tests.servers import drop_database, migrated_database, required, worker_name

TABLES = [table for table in metadata.sorted_tables if table.name not in OF_NO_BOARD]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demonstration's two boards, and a row of the first in every table that they leave empty."""
    name = f"isolation_{worker_name()}"
    database = Database(required(lambda: migrated_database(name, upgrade)))
    build_demo(database, FixedClock(MONDAY), weeks_past=1, weeks_future=1)
    with database.engine.begin() as connection:
        connection.execute(text("SELECT set_config('intervention.every_board', 'on', true)"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # foreign keys are not the matter here
        for table in TABLES:
            if not connection.execute(select(func.count()).select_from(table)).scalar_one():
                connection.execute(text(a_row_of(table)))
    yield database
    database.dispose()
    drop_database(name)


def a_row_of(table: Table) -> str:
    """Something of the first board in a table that the demonstration leaves empty."""
    parents = {"organization_id": cast.BOARD, "encounter_id": None, "person_id": cast.MIREILLE}
    raise NotImplementedError(table.name, parents)
