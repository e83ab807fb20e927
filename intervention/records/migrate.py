"""Brings a database to the head revision; used by the command, the server's start and the tests."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from intervention.records.database import Database
from intervention.records.isolation import admit_role

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def config_for(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    return config


def upgrade(url: str, revision: str = "head") -> None:
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
    command.downgrade(config_for(url), revision)


def head() -> str | None:
    return ScriptDirectory.from_config(config_for("")).get_current_head()


def current(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
