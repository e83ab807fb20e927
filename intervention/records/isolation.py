"""Whose rows a transaction reaches, told to the database, where PostgreSQL's row-level security holds to it.

A transaction that was told nothing finds no row of any board. The edges tell it the boards of whoever acts
(`tell`); what is nobody's act (a worker, a sign-in, a token that opens a door, a copy) asks for `EVERY_BOARD` by
name. Inside a narrow transaction `beyond` looks further for a few lines, for what two boards that share a person must
know of each other: that she is taken, and where the road takes her from. SQLite has nothing like it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

# Owns nothing and may bypass nothing: what a transaction becomes, so that one DATABASE_URL is enough even where its
# own role is a superuser or owns the tables.
ROLE: Final = "intervention_app"
BOARDS: Final = "intervention.boards"
EVERYTHING: Final = "intervention.every_board"

# Counters of tries, the worker's pulse, the list of boards (their names are public) and the schema's version.
OF_NO_BOARD: Final = frozenset({"throttle", "worker_beat", "organization", "alembic_version"})
_SET_IS_A_RIGHT: Final = 160000  # from PostgreSQL 16 on, who belongs to a role may not always become it
_MAKE_ROLE: Final = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
    BEGIN
      CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server was quicker
    END;
  END IF;
  IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
    GRANT {ROLE} TO CURRENT_USER;
  END IF;
END $$
"""

Reach = frozenset[UUID] | None
EVERY_BOARD: Final[Reach] = None
NO_BOARD: Final[Reach] = frozenset()
_KEY: Final = "intervention.reach"


def begin(connection: Connection, reach: Reach, *, role: str | None = ROLE) -> None:
    """Tell a PostgreSQL transaction, just begun, whose rows it reaches: one statement, undone by its end."""
    settings = _settings(reach)
    if role is not None:
        settings["role"] = role
    calls = ", ".join(f"set_config(:name{n}, :value{n}, true)" for n in range(len(settings)))
    values = {f"name{n}": name for n, name in enumerate(settings)}
    values |= {f"value{n}": value for n, value in enumerate(settings.values())}
    connection.execute(text(f"SELECT {calls}"), values)


def admit_role(connection: Connection) -> None:
    """Make the role where the login may, and let it use the tables there are: again after each migration or restore.

    A login that may not create roles is held to the policies itself, unless it bypasses them: `doctor` says so.
    """
    may = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    if connection.execute(text(may)).scalar_one():
        connection.execute(text(_MAKE_ROLE))
    if role_of(connection) is not None:
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {ROLE}"))
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}"))
        connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}"))


def role_of(connection: Connection) -> str | None:
    """The role that transactions become, where the login may become it."""
    version = connection.execute(text("SHOW server_version_num")).scalar_one()
    right = "SET" if int(version) >= _SET_IS_A_RIGHT else "MEMBER"
    may = "SELECT 1 FROM pg_roles WHERE rolname = :role AND pg_has_role(current_user, oid, :right)"
    return ROLE if connection.execute(text(may), {"role": ROLE, "right": right}).first() else None


def open_tables(connection: Connection) -> list[str]:
    """Tables that hold rows of boards and on which no policy is forced."""
    rows = connection.execute(
        text(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity"
            " AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)) ORDER BY 1"
        )
    )
    return [name for (name,) in rows if name not in OF_NO_BOARD]


def may_bypass(connection: Connection) -> bool:
    """Whether the present role is above policies."""
    asked = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    return bool(connection.execute(text(asked)).scalar_one())


def remember(session: Session, reach: Reach) -> None:
    """What `begin` told the session's transaction, so that `tell` and `beyond` know where they start from."""
    session.info[_KEY] = reach


@contextmanager
def beyond(session: Session) -> Iterator[None]:
    """Every board's rows for the lines inside. What is read there must say nothing but times and places."""
    before = session.info.get(_KEY, EVERY_BOARD)
    if before is EVERY_BOARD:
        yield
        return
    session.flush()
    tell(session, EVERY_BOARD)
    try:
        yield
        session.flush()
    except SQLAlchemyError:
        raise  # the transaction is over: it answers nothing more, and its end undoes what it was told
    except BaseException:
        tell(session, before)
        raise
    tell(session, before)


def tell(session: Session, reach: Reach) -> None:
    """From here on, these boards: whoever acts is known now."""
    session.info[_KEY] = reach
    if session.get_bind().dialect.name == "postgresql":
        begin(session.connection(), reach, role=None)


def _settings(reach: Reach) -> dict[str, str]:
    if reach is None:
        return {BOARDS: "", EVERYTHING: "on"}
    return {BOARDS: ",".join(sorted(map(str, reach))), EVERYTHING: ""}
