"""Copies of a database, restored and compared, on both engines; the commands as an operator runs them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from intervention.domain.clock import FixedClock
from intervention.records.backup import BackupFault, back_up, manifest_of, read_manifest, restore
from intervention.records.database import Database, is_overlap
from intervention.records.encounters import Encounter
from intervention.records.migrate import head
from intervention.records.reservations import Reservation
from intervention.usecases import audit
from intervention.usecases.booking import book
from intervention.usecases.work import open_work
from tests.builders import actor
from tests.databases import MONDAY
from tests.servers import create_database, drop_database, worker_name
from tests.test_operating import run
from tests.usecases.booking_world import a_world, at, remote


@pytest.fixture
def booked_database(fresh_database: Database) -> Database:
    with open_work(fresh_database, FixedClock(MONDAY)) as work:
        world = a_world(work.session)
        book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 09:00")))
    return fresh_database


@pytest.fixture
def empty(booked_database: Database, tmp_path: Path) -> Iterator[Database]:
    """A database of the same engine with nothing in it, not even a schema."""
    if booked_database.is_sqlite:
        other = Database(f"sqlite:///{tmp_path / 'empty' / 'restored.sqlite'}")
        yield other
        other.dispose()
        return
    name = f"restored_{worker_name()}"
    other = Database(create_database(name))
    yield other
    other.dispose()
    drop_database(name)


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def contents(database: Database) -> list[tuple[object, ...]]:
    with database.session(read_only=True) as session:
        return [
            *sorted(
                tuple(row) for row in session.execute(select(Encounter.id, Encounter.starts_at, Encounter.version))
            ),
            *sorted(tuple(row) for row in session.execute(select(Reservation.id, Reservation.starts_tick))),
        ]


def test_restored_copy_is_the_database_it_was_made_of(
    booked_database: Database, empty: Database, tmp_path: Path
) -> None:
    file = tmp_path / "copies" / "one"

    made = back_up(booked_database, file, MONDAY)
    restore(read_manifest(file), file, empty)

    assert (made.revision, made.rows["encounter"], made.rows["reservation"]) == (head(), 1, 4)
    assert contents(empty) == contents(booked_database)
    assert [path.name for path in sorted(file.parent.iterdir())] == ["one", "one.json"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_restored_database_still_refuses_an_overlap(booked_database: Database, empty: Database, tmp_path: Path) -> None:
    file = tmp_path / "one"
    back_up(booked_database, file, MONDAY)
    restore(read_manifest(file), file, empty)

    with pytest.raises(IntegrityError) as refused, empty.session() as session:
        session.execute(
            update(Reservation).values(resource_id=session.scalars(select(Reservation.resource_id)).first())
        )

    assert is_overlap(refused.value)


def test_copy_made_while_others_book_is_of_one_instant(booked_database: Database, tmp_path: Path) -> None:
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            with booked_database.session() as session:
                session.execute(text("UPDATE organization SET version = version + 1"))

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        manifests = [back_up(booked_database, tmp_path / str(n), MONDAY) for n in range(3)]
    finally:
        stop.set()
        writer.join()

    assert [each.rows["reservation"] for each in manifests] == [4, 4, 4]


def test_restore_never_writes_over_a_database(booked_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "one"
    manifest = back_up(booked_database, file, MONDAY)
    before = contents(booked_database)

    with pytest.raises(BackupFault, match="never writes over"):
        restore(manifest, file, booked_database)

    assert contents(booked_database) == before


def test_changed_file_is_refused(booked_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "one"
    back_up(booked_database, file, MONDAY)
    with file.open("ab") as data:
        data.write(b"x")

    with pytest.raises(BackupFault, match="is not the file"):
        read_manifest(file)


def test_copy_that_holds_less_than_its_manifest_is_refused(
    booked_database: Database, empty: Database, tmp_path: Path
) -> None:
    file = tmp_path / "one"
    back_up(booked_database, file, MONDAY)
    told = json.loads(manifest_of(file).read_text())
    told["rows"]["encounter"] = 2
    manifest_of(file).write_text(json.dumps(told))

    with pytest.raises(BackupFault, match="encounter"):
        restore(read_manifest(file), file, empty)


def test_commands_copy_prove_and_restore(booked_database: Database, empty: Database, tmp_path: Path) -> None:
    file, here, there = tmp_path / "one", url_of(booked_database), url_of(empty)

    made = run(tmp_path / "home", "backup", str(file), DATABASE_URL=here)
    proved = run(tmp_path / "home", "restore", "--verify", str(file), DATABASE_URL=here)
    restored = run(tmp_path / "home", "restore", str(file), DATABASE_URL=there)
    again = run(tmp_path / "home", "restore", str(file), DATABASE_URL=there)

    assert (made.returncode, proved.returncode, restored.returncode, again.returncode) == (0, 0, 0, 1)
    assert made.stdout.startswith(str(file))
    assert [line[:4] for line in proved.stdout.splitlines()] == ["well"] * 4
    assert contents(empty) == contents(booked_database)
    assert "never writes over" in again.stdout


def test_backup_goes_to_a_dated_file_by_default(tmp_path: Path) -> None:
    run(tmp_path, "migrate")

    assert run(tmp_path, "backup").returncode == 0

    names = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert [name.split("-")[0] + Path(name).suffix for name in names] == ["intervention.sqlite", "intervention.json"]


def test_verification_finds_a_trail_that_somebody_changed(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    database = Database(f"sqlite:///{tmp_path / 'intervention.db'}")
    with open_work(database, FixedClock(MONDAY)) as work:
        for verb in ("opened", "closed"):
            audit.record(work, verb, "encounter", None, None)
    with database.session() as session:
        session.execute(text("DROP TRIGGER access_log_no_update"))
        session.execute(text("UPDATE access_log SET verb = 'never' WHERE seq = 1"))
    database.dispose()
    run(tmp_path, "backup", str(tmp_path / "one"))

    proved = run(tmp_path, "restore", "--verify", str(tmp_path / "one"))

    assert proved.returncode == 1
    assert "MEND  the trail of 1 entries breaks at 1" in proved.stdout
