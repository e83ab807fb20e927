"""A storm morning at a large board: 60 buildings, 20,000 séances of cycle-day series to come.

The board closes for a day and its cycles slide: the diff says where each séance would be. Then one school closes over
60 séances of its own that follow no cycle: shown, and treated in one press.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from benchmarks.measure import Row, timed
from intervention.domain.clock import FixedClock
from intervention.domain.days import ClosureScope, DayType
from intervention.domain.encounters import (
    Axis,
    Confidentiality,
    EncounterKind,
    EncounterStatus,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.ids import new_id
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Actor
from intervention.records.calendars import SchoolDay, SchoolYear, Sector, SectorBuilding
from intervention.records.database import Database
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.migrate import upgrade
from intervention.usecases.closure_plan import DeclareClosure
from intervention.usecases.closures import declare, preview
from intervention.usecases.school_days import lay_school_days
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_facilitator, a_person, a_professional, a_pupil, a_room, actor
from tests.databases import MONDAY

TITLE = "Closures: 60 buildings, 20,000 séances to come on a cycle that slides"
BUILDINGS, HOSTS, RUNS = 60, 60, 5
SERIES_OF_A_HOST = 24
CYCLE = 10
STORM, UNTIL = date(2026, 11, 24), date(2027, 6, 22)
HOURS = (time(8, 30), time(9, 20), time(10, 30), time(13, 10))
TORONTO = ZoneInfo("America/Toronto")
STORM_SEANCES = 60
AIM_SECONDS, AIM_STATEMENTS = "at most 3 s", "at most 5"


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        upgrade(url)
        database = Database(url)
        with database.session() as session:
            world = _world(session)
        yield from _diff(database, world)
        yield from _storm(database, world)
        database.dispose()


def _diff(database: Database, world: World) -> Iterator[Row]:
    ask = DeclareClosure(ClosureScope.ORGANIZATION, world.board, DayType.CLOSURE, STORM, label="Tempête")
    with database.session(read_only=True) as session:
        work = Work(session, FixedClock(MONDAY))
        preview(work, world.omar, ask)  # the board's catalogue is in memory on a storm morning
        with _counted(database) as count:
            seen = preview(work, world.omar, ask)
        told = seen.sheet.counts or {}
        took = timed(lambda: preview(work, world.omar, ask), runs=RUNS)
    yield Row(f"diff of the whole board: {told.get(Fate.MOVES, 0)} séances follow, {seen.sheet.total} told", took, aim=AIM_SECONDS)
    yield Row("statements per building", f"{count() / len(seen.buildings):.2g}", aim=AIM_STATEMENTS)


def _storm(database: Database, world: World) -> Iterator[Row]:
    ask = DeclareClosure(ClosureScope.BUILDING, world.school, DayType.CLOSURE, STORM, label="Tempête")
    clock = FixedClock(MONDAY)
    with database.session(read_only=True) as session:
        work = Work(session, clock)
        seen = preview(work, world.omar, ask)
        took = timed(lambda: preview(work, world.omar, ask), runs=RUNS)
    yield Row(f"one school, {len(seen.lines)} séances to treat, {seen.sheet.total} that follow: shown", took)
    started = perf_counter()
    with database.session() as session:
        done = declare(Work(session, clock), world.omar, ask)
    yield Row(f"declared in one press: {sum(done.counts.values())} treated, {done.moved} moved", shown(perf_counter() - started))
    assert done.change_id is not None
    started = perf_counter()
    with database.session() as session:
        given = undo(Work(session, clock), world.omar, done.change_id)
    yield Row(f"undone: {len(given.restored)} given back, {len(given.refused)} not", shown(perf_counter() - started))


@contextmanager
def _counted(database: Database) -> Iterator[Callable[[], int]]:
    heard: list[int] = []

    def hear(*_all: object) -> None:
        heard.append(1)

    event.listen(database.engine, "before_cursor_execute", hear)
    yield lambda: len(heard)
    event.remove(database.engine, "before_cursor_execute", hear)


@dataclass(frozen=True, slots=True)
class World:
    omar: Actor
    board: UUID
    school: UUID


@dataclass(frozen=True, slots=True)
class Place:
    building: UUID
    host: UUID
    room: UUID
    facilitator: UUID
    pupils: tuple[UUID, ...]


def _world(session: Session) -> World:
    board = a_board(session)
    year = SchoolYear(
        organization_id=board.id, label="2026-2027", starts_on=date(2026, 8, 27), ends_on=UNTIL,
        staff_from=date(2026, 8, 24), staff_until=date(2027, 6, 25), cycle_length=CYCLE,
    )  # fmt: skip
    session.add(year)
    buildings = [
        a_building(session, board, f"École {n}", lat=50.2 + n / 200, lon=-66.4 + n / 100, school_weeks=0)
        for n in range(BUILDINGS + 1)
    ]
    session.flush()
    lay_school_days(session, year)
    base = buildings.pop()
    places = [
        Place(
            b.id, a_professional(session, board, f"Pro{n}", base).id, a_room(session, b).id,
            a_facilitator(session, board, f"A{n}", b).id,
            tuple(a_pupil(session, b, f"E-{n}-{k}").id for k in range(4)),
        )
        for n, b in enumerate(buildings)
    ]  # fmt: skip
    strand = {
        on_date: cycle_day
        for on_date, cycle_day in session.query(SchoolDay.on_date, SchoolDay.cycle_day).filter(
            SchoolDay.building_id == buildings[0].id, SchoolDay.on_date >= STORM
        )
    }
    for place in places:
        _series(session, board.id, place, base.id, strand)
    _crowd(session, board.id, places[0], base.id)
    omar = actor(session, a_person(session, board, "Omar", Role.COORDINATOR))
    return World(omar, board.id, buildings[0].id)
