"""PostgreSQL itself keeps two boards apart: a statement that forgets the condition finds nothing of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    String,
    Table,
    Time,
    Uuid,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import ProgrammingError

from intervention.domain.ids import new_id
from intervention.records.base import Code, UtcDateTime
from intervention.records.database import Database
from intervention.records.everything import metadata
from intervention.records.isolation import (
    EVERY_BOARD,
    NO_BOARD,
    OF_NO_BOARD,
    ROLE,
    begin,
    beyond,
    may_bypass,
    open_tables,
    tell,
)
from intervention.records.migrate import upgrade
from intervention.records.people import Pupil
from tests.databases import MONDAY
from tests.servers import drop_database, migrated_database, required, worker_name

TABLES = [table for table in metadata.sorted_tables if table.name not in OF_NO_BOARD]
Row = dict[str, Any]
# What a check wants besides a value of the right type.
WANTED: dict[str, Row] = {
    "encounter": {"ends_at": MONDAY + timedelta(minutes=45)},
    "reservation": {"starts_tick": 10, "ends_tick": 20},
    "school_year": {"ends_on": date(2027, 6, 23), "staff_until": date(2027, 6, 23), "cycle_length": 10},
    "cycle_rotation": {"length": 9, "first_day": 1},
    "bell_period": {"ends_local": time(10)},
    "protected_time": {"ends_local": time(10), "weekday": 2},
    "availability": {"ends_local": time(10)},
    "busy_time": {"ends_at": MONDAY + timedelta(minutes=45)},
    "timetable_line": {"minutes": 45},
    "timetable_slot": {"weekday": 2},
}
ALONE = {"participation": "person_id", "timetable_line": "pupil_id"}  # the one of several keys that such a row has


class Laid:
    """One row of every table for each of two boards, keys within the board."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.boards: list[UUID] = []
        self.rows: list[dict[str, Row]] = []
        with database.session() as session:
            for n in range(2):
                rows: dict[str, Row] = {}
                for table in sorted(metadata.sorted_tables, key=lambda each: each.name != "organization"):
                    if table.name in OF_NO_BOARD and table.name != "organization":
                        continue
                    rows[table.name] = a_row(table, rows, n)
                    session.execute(insert(table).values(**rows[table.name]))
                self.rows.append(rows)
                self.boards.append(rows["organization"]["id"])


def a_row(table: Table, rows: dict[str, Row], n: int) -> Row:
    made = {column.name: a_value(column, rows, n) for column in table.columns if is_given(table, column)}
    return made | WANTED.get(table.name, {})


def is_given(table: Table, column: Column[Any]) -> bool:
    if column.name == "organization_id" or column.name == ALONE.get(table.name):
        return True
    return not column.nullable and (column.default is None or column.primary_key)


# The first type that a column's is one of gives its value; `n` tells the two boards' apart.
VALUES: list[tuple[type[Any], Callable[[Any, int], object]]] = [
    (Code, lambda kind, _: next(iter(kind.members))),
    (UtcDateTime, lambda *_: MONDAY),
    (Uuid, lambda *_: new_id()),
    (Boolean, lambda *_: False),
    (Integer, lambda _, n: n + 1),
    (String, lambda _, n: f"text{n}"),
    (Date, lambda *_: date(2026, 11, 23)),
    (Time, lambda *_: time(9)),
    (JSON, lambda *_: {}),
    (LargeBinary, lambda _, n: bytes([n])),
]


def a_value(column: Column[Any], rows: dict[str, Row], n: int) -> object:
    if column.name == "organization_id":
        return rows["organization"]["id"]
    for key in column.foreign_keys:
        return rows[key.column.table.name][key.column.name]
    return next(make(column.type, n) for kind, make in VALUES if isinstance(column.type, kind))


@pytest.fixture(scope="module")
def laid() -> Iterator[Laid]:
    name = f"isolation_{worker_name()}"
    database = Database(required(lambda: migrated_database(name, upgrade)))
    yield Laid(database)
    database.dispose()
    drop_database(name)


def key_of(table: Table, row: Row) -> tuple[object, ...]:
    return tuple(row[column.name] for column in table.primary_key)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_statement_that_forgets_the_board_finds_nothing_of_the_other(laid: Laid, table: Table) -> None:
    ours, theirs = (key_of(table, rows[table.name]) for rows in laid.rows)
    everything = select(*table.primary_key.columns)

    with laid.database.session(reach=frozenset({laid.boards[0]})) as session:
        found = {tuple(row) for row in session.execute(everything)}
    with laid.database.session(reach=NO_BOARD) as session:
        told_nothing = session.execute(everything).all()
    with laid.database.session(reach=EVERY_BOARD) as session:
        whole = {tuple(row) for row in session.execute(everything)}

    assert found == {ours}
    assert told_nothing == []
    assert whole == {ours, theirs}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_nothing_of_the_other_board_is_changed_or_taken_away(laid: Laid, table: Table) -> None:
    theirs = laid.rows[1][table.name]
    key = [column == theirs[column.name] for column in table.primary_key]
    same = {column.name: theirs[column.name] for column in list(table.primary_key)[:1]}

    with laid.database.session(reach=frozenset({laid.boards[0]})) as session:
        changed = session.execute(update(table).where(*key).values(**same)).rowcount
        gone = session.execute(delete(table).where(*key)).rowcount

    assert (changed, gone) == (0, 0)


@pytest.mark.parametrize(
    "table", [each for each in TABLES if "organization_id" in each.c], ids=lambda table: table.name
)
def test_a_row_is_not_written_for_the_other_board(laid: Laid, table: Table) -> None:
    theirs = laid.rows[1][table.name]

    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        laid.database.session(reach=frozenset({laid.boards[0]})) as session,
    ):
        session.execute(insert(table).values(**theirs))


def test_every_table_of_boards_has_a_policy(laid: Laid) -> None:
    with laid.database.engine.connect() as connection:
        assert open_tables(connection) == []


def test_the_policies_hold_though_the_login_is_above_them(laid: Laid) -> None:
    with laid.database.engine.connect() as connection:
        assert may_bypass(connection)
    with laid.database.session() as session:
        assert session.scalar(text("SELECT current_user")) == ROLE
        assert not may_bypass(session.connection())


def test_an_owner_without_the_role_is_held_to_them_too(laid: Laid) -> None:
    """Where a login may make no role, FORCE alone keeps the boards apart."""
    with laid.database.engine.connect() as connection, connection.begin() as outer:
        connection.execute(text("CREATE ROLE plain_owner NOLOGIN"))
        connection.execute(text("GRANT CREATE, USAGE ON SCHEMA public TO plain_owner"))
        connection.execute(text("GRANT SELECT ON membership TO plain_owner"))
        connection.execute(text("ALTER TABLE pupil OWNER TO plain_owner"))
        connection.execute(text("SET LOCAL ROLE plain_owner"))
        assert connection.execute(select(func.count()).select_from(Pupil)).scalar_one() == 0
        outer.rollback()


def test_what_a_transaction_was_told_ends_with_it(laid: Laid) -> None:
    """A pool hands the same connection to the next request: one that is told nothing must find nothing."""
    pupils = select(func.count()).select_from(Pupil)
    with laid.database.engine.connect() as connection:
        with connection.begin():
            begin(connection, EVERY_BOARD)
            assert connection.execute(pupils).scalar_one() == 2
        with connection.begin():
            connection.execute(text(f"SET LOCAL ROLE {ROLE}"))
            assert connection.execute(pupils).scalar_one() == 0


def test_looking_beyond_is_for_the_lines_inside(laid: Laid) -> None:
    pupils = select(func.count()).select_from(Pupil)
    with laid.database.session(reach=NO_BOARD) as session:
        with beyond(session), beyond(session):
            assert session.scalar(pupils) == 2
        assert session.scalar(pupils) == 0
        with pytest.raises(LookupError), beyond(session):
            raise LookupError
        assert session.scalar(pupils) == 0
        tell(session, frozenset(laid.boards[:1]))
        assert session.scalar(pupils) == 1
