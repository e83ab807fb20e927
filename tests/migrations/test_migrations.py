"""Every revision goes up and down on both engines, with rows in it, and builds what the models say.

`alembic check` compares columns, keys and indexes; checks, exclusions and triggers it does not see, so they are looked
up in the catalogue of each engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text

from intervention.records.database import Database
from intervention.records.everything import metadata
from intervention.records.migrate import config_for, downgrade, head, upgrade
from tests.servers import create_database, drop_database, required, worker_name

FIRST = "2026_11_22_0400"
BEFORE_LAYERS = "2026_11_22_0610"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    name = f"migrations_{worker_name()}"
    yield required(lambda: create_database(name))
    drop_database(name)


def test_each_revision_goes_down_and_up_again_to_the_same_tables(url: str) -> None:
    upgrade(url)
    revisions = [script.revision for script in ScriptDirectory.from_config(config_for(url)).walk_revisions()]
    assert (revisions[0], revisions[-1]) == (head(), FIRST)

    built = {revisions[0]: catalogue(url)}
    for below in revisions[1:]:
        downgrade(url, below)
        built[below] = catalogue(url)
    downgrade(url, "base")
    assert catalogue(url).keys() <= {"alembic_version"}

    for revision in reversed(revisions):
        upgrade(url, revision)
        assert catalogue(url) == built[revision], revision


def test_the_database_has_every_constraint_that_the_models_declare(url: str) -> None:
    upgrade(url)
    database = Database(url)
    seen = inspect(database.engine)
    for table in metadata.sorted_tables:
        checks = {check["name"] for check in seen.get_check_constraints(table.name)}
        wanted = {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
        assert checks == wanted, table.name
    guards = _guards(database)
    database.dispose()
    assert {"ex__reservation__overlap"} <= guards or {
        "reservation_overlap_insert",
        "reservation_overlap_update",
    } <= guards, guards
    assert any(name.startswith("access_log_no_") for name in guards)


def test_dated_days_become_the_layer_of_their_building(url: str) -> None:
    upgrade(url, BEFORE_LAYERS)
    database = Database(url)
    board, building, year = (uuid4() for _ in range(3))
    with database.session() as session:
        _a_board(session.connection(), board, building, year)
    upgrade(url)

    with database.session(read_only=True) as session:
        marks = session.execute(text("SELECT layer, level, on_date, day_type, label, portion FROM day_mark")).all()
        lengths = session.execute(text("SELECT length, reflow, first_day FROM cycle_rotation")).all()
        days = session.execute(text("SELECT day_type, level, cycle_day FROM school_day ORDER BY on_date")).all()
        bounds = session.execute(text("SELECT staff_from, staff_until, reflow FROM school_year")).one()
    assert [(m.layer, m.level, str(m.on_date), m.day_type, m.label, m.portion) for m in marks] == [
        ("building", "", "2026-11-24", "pedagogical", "Journée pédagogique", "whole")
    ]
    assert [tuple(row) for row in lengths] == [(5, "slide", 1)]
    assert [tuple(row) for row in days] == [("class", "", 5), ("pedagogical", "", None), ("class", "", 1)]
    assert [str(bounds.staff_from), str(bounds.staff_until), bounds.reflow] == ["2026-08-27", "2027-06-23", "slide"]

    downgrade(url, BEFORE_LAYERS)
    with database.session(read_only=True) as session:
        kept = session.execute(text("SELECT day_type, cycle_day FROM school_day ORDER BY on_date")).all()
    database.dispose()
    assert [tuple(row) for row in kept] == [("class", 5), ("pedagogical", None), ("class", 1)]


def _a_board(connection, board: UUID, building: UUID, year: UUID) -> None:
    """Three dated days of one building, in a board whose usual cycle is longer."""

    def key(value: UUID) -> str:
        return value.hex if connection.dialect.name == "sqlite" else str(value)

    def insert(table: str, **values: object) -> None:
        names = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)

    insert(
        "organization", id=key(board), code="X", name="X", short_name="X", zone="America/Toronto", locale="fr",
        is_demo=False, version=1, small_cell_minimum=5, day_limit_minutes=480, settings="{}",
    )  # fmt: skip
    insert(
        "building", id=key(building), organization_id=key(board), code="1", name="B", short_name="B",
        municipality="B", opens_local="07:30:00.000000", closes_local="17:00:00.000000", is_active=True,
    )  # fmt: skip
    insert(
        "school_year", id=key(year), organization_id=key(board), label="2026-2027", starts_on="2026-08-27",
        ends_on="2027-06-23", cycle_length=10,
    )  # fmt: skip
    days = ((23, "class", 5, None), (24, "pedagogical", None, "Journée pédagogique"), (25, "class", 1, None))
    for day, day_type, cycle_day, label in days:
        insert(
            "school_day", building_id=key(building), on_date=date(2026, 11, day).isoformat(),
            organization_id=key(board), day_type=day_type, cycle_day=cycle_day, label=label,
        )  # fmt: skip


def catalogue(url: str) -> dict[str, object]:
    """What each table is made of, as the engine tells it, in an order of its own."""
    database = Database(url)
    seen = inspect(database.engine)
    found = {
        table: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table)),
            sorted(seen.get_pk_constraint(table)["constrained_columns"]),
            sorted((k["name"] or "", k["referred_table"]) for k in seen.get_foreign_keys(table)),
            sorted(str(u["name"]) for u in seen.get_unique_constraints(table)),
            sorted(str(c["name"]) for c in seen.get_check_constraints(table)),
            sorted((str(i["name"]), *map(str, i["column_names"])) for i in seen.get_indexes(table)),
        )
        for table in seen.get_table_names()
    }
    database.dispose()
    return found


def _guards(database: Database) -> set[str]:
    """Names of exclusions and triggers."""
    with database.session(read_only=True) as session:
        if database.is_sqlite:
            return set(session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        exclusions = session.scalars(text("SELECT conname FROM pg_constraint WHERE contype = 'x'")).all()
        triggers = session.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")).all()
        return {*exclusions, *triggers}
