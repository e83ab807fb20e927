"""`intervention backup` and `intervention restore`: copies of a database, and their proof by restoring."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from intervention.domain.clock import SystemClock
from intervention.domain.ids import new_id
from intervention.operating import tell
from intervention.records import migrate
from intervention.records.backup import BackupFault, Manifest, back_up, manifest_of, read_manifest, restore
from intervention.records.database import Database
from intervention.settings import Settings
from intervention.usecases.audit import verify_chain
from intervention.usecases.reservations import rebuild_bits


def shape_backup(parser: argparse.ArgumentParser) -> None:
    says = "where to write it (default: a dated file in INTERVENTION_HOME/backups)"
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help=says)


def shape_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a copy made by backup, its manifest beside it")
    says = "lay it in a scratch database, migrate and examine it there, and throw that away"
    parser.add_argument("--verify", action="store_true", help=says)


def backup(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when the copy is whole, 1 when there is none."""
    now = SystemClock().now()
    database = Database(settings.database_url)
    name = f"intervention-{now:%Y%m%dT%H%M%SZ}.{'sqlite' if database.is_sqlite else 'dump'}"
    file = arguments.file or settings.home / "backups" / name
    try:
        manifest = back_up(database, file, now)
    except (BackupFault, OSError, SQLAlchemyError) as fault:
        return _refused("No copy was made", fault)
    finally:
        database.dispose()
    tell(f"{file}  {manifest.size} bytes, {sum(manifest.rows.values())} rows, schema {manifest.revision}")
    tell(f"{manifest_of(file)}  sha256 {manifest.sha256}")
    tell("Keep SECRET_KEY apart from it: without the key, links and sealed addresses in the copy open nothing.")
    return 0


def restore_copy(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when the copy is in place, or verified; 1 otherwise, an existing database left as it was."""
    try:
        manifest = read_manifest(arguments.file)
        if arguments.verify:
            return _verify(manifest, arguments.file, settings)
        database = Database(settings.database_url)
        try:
            restore(manifest, arguments.file, database)
        finally:
            database.dispose()
    except (BackupFault, OSError, SQLAlchemyError) as fault:
        return _refused("Nothing was restored", fault)
    tell(f"Restored: {sum(manifest.rows.values())} rows, schema {manifest.revision}, made {manifest.made_at}.")
    if manifest.revision != migrate.head():
        tell("The schema is older than this program; run: intervention migrate")
    return 0


def _verify(manifest: Manifest, file: Path, settings: Settings) -> int:
    started = time.monotonic()
    with _scratch(manifest, settings) as database:
        restore(manifest, file, database)
        seconds = time.monotonic() - started
        migrate.upgrade(database.url.render_as_string(hide_password=False))
        with database.session() as session:
            chain, stray = verify_chain(session), rebuild_bits(session)
    tell(f"well  the sum of the file, {len(manifest.rows)} tables and {sum(manifest.rows.values())} rows")
    tell(f"well  restored in {seconds:.1f} s, then brought to schema {migrate.head()}")
    is_whole = chain.broken_at is None
    says = f"the trail of {chain.entries} entries" + ("" if is_whole else f" breaks at {chain.broken_at}")
    tell(f"{'well' if is_whole else 'MEND'}  {says}, head {chain.head.hex()[:16]}")
    tell(f"{'MEND' if stray else 'well'}  {stray} weeks of derived bits differ from their reservations")
    return 0 if is_whole and not stray else 1


@contextmanager
def _scratch(manifest: Manifest, settings: Settings) -> Iterator[Database]:
    """An empty database of the copy's engine: a temporary file, or a database beside the one of the settings."""
    if manifest.engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="intervention-verify-") as folder:
            database = Database(f"sqlite:///{Path(folder) / 'scratch.sqlite'}")
            yield database
            database.dispose()
        return
    here = Database(settings.database_url)
    if here.is_sqlite:
        here.dispose()
        raise BackupFault("DATABASE_URL must name a PostgreSQL database whose server can hold a scratch one")
    name = f"verify_{new_id().hex}"
    _on_server(here, f'CREATE DATABASE "{name}" TEMPLATE template0')
    database = Database(here.url.set(database=name).render_as_string(hide_password=False))
    try:
        yield database
    finally:
        database.dispose()
        _on_server(here, f'DROP DATABASE "{name}"')
        here.dispose()


def _on_server(database: Database, statement: str) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


def _refused(what: str, fault: Exception) -> int:
    said = str(fault) if isinstance(fault, (BackupFault, OSError)) else type(fault).__name__
    tell(f"{what}. {said}")
    return 1
