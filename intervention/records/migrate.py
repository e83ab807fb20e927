"""Brings a database to the head revision; used by the command, the server's start and the tests.

Alembic is loaded where something is to migrate: a server whose database is at the head, as nearly always, is 11 MB
lighter without it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, inspect, text

from intervention.records.database import Database
from intervention.records.isolation import admit_role

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parents[2] / "migrations"
_REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_DOWN = re.compile(r'^down_revision = "(\w+)"$', re.MULTILINE)


def config_for(url: str) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    return config


def upgrade(url: str, revision: str = "head") -> None:
    if revision == "head" and _is_at_head(url):
        return
    from alembic import command  # noqa: PLC0415 - see above

    command.upgrade(config_for(url), revision)
    database = Database(url)
    try:
        if not database.is_sqlite:
            with database.engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(726201)"))
                admit_role(connection)
    finally:
        database.dispose()


def downgrade(url: str, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - see above

    command.downgrade(config_for(url), revision)


@cache
def head() -> str:
    """The revision that none comes after. Raises ValueError unless there is exactly one, as Alembic does."""
    files = [file.read_text() for file in (MIGRATIONS / "versions").glob("*.py")]
    newest: str
    (newest,) = {r for file in files for r in _REVISION.findall(file)} - {
        r for file in files for r in _DOWN.findall(file)
    }
    return newest


def current(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """None for a database that nothing was laid in."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _is_at_head(url: str) -> bool:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return bool(revision_of(connection) == head())
    finally:
        engine.dispose()
