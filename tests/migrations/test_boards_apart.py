"""The policies of PostgreSQL, which alembic does not compare: there after going up, gone after going down."""

from __future__ import annotations

from pathlib import Path

import pytest

from intervention.records.database import Database
from intervention.records.isolation import open_tables
from intervention.records.migrate import current, downgrade, head, upgrade
from tests.servers import create_database, drop_database, required, worker_name

BEFORE, APART = "2026_11_25_1630", "2026_11_25_1640"


def test_up_down_and_up_again_on_postgresql() -> None:
    name = f"apart_{worker_name()}"
    url = required(lambda: create_database(name))
    database = Database(url)
    upgrade(url)
    assert bare(database) == []

    downgrade(url, BEFORE)
    assert set(bare(database)) >= {"encounter", "pupil", "reservation"}

    upgrade(url)
    assert bare(database) == []
    assert current(database) == head()
    database.dispose()
    drop_database(name)


@pytest.mark.parametrize("revision", [BEFORE, "base"])
def test_down_and_up_again_on_sqlite(tmp_path: Path, revision: str) -> None:
    url = f"sqlite:///{tmp_path / 'apart.sqlite'}"
    upgrade(url, APART)

    downgrade(url, revision)
    upgrade(url)

    database = Database(url)
    assert current(database) == head()
    database.dispose()


def bare(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return open_tables(connection)
