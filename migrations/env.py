"""Runs migrations on either engine: one head, an explicit URL, a lock so that two starters do not race."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import text

from intervention.records.base import Code, UtcDateTime
from intervention.records.database import Database
from intervention.records.everything import metadata
from intervention.records.isolation import EVERY_BOARD, begin


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Revisions import nothing of the application: our column types are written as what they store."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Code):
        return "sa.String(32)"
    return False


def run(url: str) -> None:
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_item=render_item,
                compare_type=True,
                render_as_batch=database.is_sqlite,
            )
            with context.begin_transaction():
                if not database.is_sqlite:
                    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(726201)"))
                    begin(connection, EVERY_BOARD, role=None)  # a table's owner is held to its policies too
                context.run_migrations()
    finally:
        database.dispose()


run(context.config.get_main_option("sqlalchemy.url") or "")
