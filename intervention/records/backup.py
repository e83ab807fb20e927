"""Copies of a whole database: one file and a manifest that says what must be found in it again.

SQLite by its own online copy, PostgreSQL by `pg_dump` and `pg_restore`, which must be on PATH and no older than the
server. A copy holds everything, pupils' names too: it is made readable to its owner alone, and is the operator's to
encrypt and to let expire.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, func, inspect, select, table

from intervention.records.database import Database
from intervention.records.isolation import EVERY_BOARD, EVERYTHING, admit_role, begin
from intervention.records.migrate import revision_of

FORMAT = 1
_REVISION = "alembic_version"
_DUMP = ("--no-owner", "--no-acl", "--enable-row-security")
_TOLD_IN_QUERY = ("host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")


class BackupFault(Exception):
    """A copy that could not be made or is not what its manifest says; the message is a sentence for an operator."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`rows` counts each table; `sha256` is the file's, in hexadecimal."""

    format: int
    engine: str
    made_at: str
    file: str
    size: int
    sha256: str
    revision: str
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Inventory:
    rows: dict[str, int]
    revision: str


def manifest_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def back_up(database: Database, file: Path, now: datetime) -> Manifest:
    """Copy the database while it serves. Raises BackupFault; an unfinished copy never has the file's name."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    inventory = (_copy_sqlite if database.is_sqlite else _copy_postgresql)(database, unfinished)
    manifest = Manifest(
        FORMAT, _engine(database), now.isoformat(timespec="seconds"), file.name, unfinished.stat().st_size,
        _digest(unfinished), inventory.revision, inventory.rows,
    )  # fmt: skip
    unfinished.replace(file)
    manifest_of(file).write_text(json.dumps(asdict(manifest), indent=2, sort_keys=True) + "\n")
    return manifest


def read_manifest(file: Path) -> Manifest:
    """The manifest beside `file`, the file's sum checked against it. Raises BackupFault."""
    try:
        manifest = Manifest(**json.loads(manifest_of(file).read_text()))
    except (OSError, ValueError, TypeError) as fault:
        raise BackupFault(f"{manifest_of(file)} cannot be read as a manifest") from fault
    if not file.is_file() or _digest(file) != manifest.sha256:
        raise BackupFault(f"{file} is not the file that its manifest describes")
    return manifest


def restore(manifest: Manifest, file: Path, database: Database) -> None:
    """Lay the copy in an empty database and compare every count. Raises BackupFault."""
    if manifest.engine != _engine(database):
        raise BackupFault(f"The copy is of {manifest.engine}, the database here is {_engine(database)}")
    if database.is_sqlite:
        target = Path(str(database.url.database))
        if target.exists():
            raise BackupFault(f"{target} exists; restore never writes over a database")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(0o600)
        shutil.copyfile(file, target)
    else:
        _into_postgresql(file, database)
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            begin(connection, EVERY_BOARD, role=None)
        found = _inventory(connection)
    if found != Inventory(manifest.rows, manifest.revision):
        raise BackupFault("What was restored is not what the manifest counts: " + _difference(manifest, found))


def _copy_sqlite(database: Database, target: Path) -> Inventory:
    with closing(sqlite3.connect(target)) as copy:
        with closing(sqlite3.connect(f"file:{database.url.database}?mode=ro", uri=True)) as source:
            source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing left in a log beside it
        faults = [row[0] for row in copy.execute("PRAGMA integrity_check")]
    if faults != ["ok"]:
        raise BackupFault(f"SQLite finds {len(faults)} faults in the copy; the first: {faults[0]}")
    plain = create_engine(f"sqlite:///{target}")
    with plain.connect() as connection:
        inventory = _inventory(connection)
    plain.dispose()
    return inventory


def _copy_postgresql(database: Database, target: Path) -> Inventory:
    """The dump and the counts see one and the same snapshot, so that bookings may go on meanwhile."""
    engine = database.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        begin(connection, EVERY_BOARD, role=None)
        snapshot = str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())
        inventory = _inventory(connection)
        _run(database.url, "pg_dump", "--format=custom", f"--snapshot={snapshot}", *_DUMP, f"--file={target}")
    return inventory


def _into_postgresql(file: Path, database: Database) -> None:
    with database.engine.connect() as connection:
        if inspect(connection).get_table_names():
            raise BackupFault("The database has tables already; restore never writes over a database")
    name = str(database.url.database)
    # Rights name roles that this server may not have: they are given again below.
    _run(
        database.url,
        "pg_restore",
        "--no-owner",
        "--no-acl",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={name}",
        file,
    )
    with database.engine.begin() as connection:
        admit_role(connection)


def _run(url: URL, program: str, *arguments: str | Path) -> None:
    """A PostgreSQL program told the server by its environment: a password on a command line is everybody's to read."""
    found = shutil.which(program)
    if found is None:
        raise BackupFault(f"{program} is not on PATH (Debian and Ubuntu: postgresql-client)")
    told: dict[str, object] = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
    }
    told |= {f"PG{name.upper()}": value for name, value in url.query.items() if name in _TOLD_IN_QUERY}
    told["PGOPTIONS"] = f"-c {EVERYTHING}=on"  # an owner is held to the policies that it copies past
    told |= {"PGDATABASE": url.database, "PATH": str(Path(found).parent), "LC_ALL": "C"}
    done = subprocess.run(  # noqa: S603 - a program found on PATH, its arguments our own
        [found, *map(str, arguments)],
        env={name: str(value) for name, value in told.items() if value is not None},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise BackupFault(f"{program} failed: {said[0]}")


def _inventory(connection: Connection) -> Inventory:
    """Counts of the tables that are there, whatever the schema's age: a copy is wanted before a migration too."""
    tables = sorted(set(inspect(connection).get_table_names()) - {_REVISION})
    revision = revision_of(connection)
    if revision is None:
        raise BackupFault("There is no schema in this database; run: intervention migrate")
    rows = {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in tables}
    return Inventory(rows, revision)


def _difference(manifest: Manifest, found: Inventory) -> str:
    names = sorted({*manifest.rows, *found.rows})
    wrong = [name for name in names if manifest.rows.get(name) != found.rows.get(name)]
    return ", ".join(wrong) or "the schema's revision"


def _engine(database: Database) -> str:
    return "sqlite" if database.is_sqlite else "postgresql"


def _digest(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
