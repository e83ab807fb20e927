"""A series of 40 dates and 5 resources planned into a million reservations, three of the dates being taken already.

The peer is the insert of the very rows that the series reserves, guard included, in one durable transaction: the least
that any design costs. Judging reads and writes nothing; booking judges again, then writes: 185 reservations, and some
330 rows of séances, sites, people, dates, acts and facts. With both cores shared by other work, judging took about as
long as the peer on either engine and booking six to eight times as long: the aims of 5 and 40 ms are not met.
"""

import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from benchmarks.booking import postgresql
from benchmarks.measure import Row, Timing, timed
from intervention.domain.clock import FixedClock
from intervention.domain.composition import AskParticipant
from intervention.domain.days import DayType
from intervention.domain.encounters import EncounterKind, ParticipantRole
from intervention.domain.ids import new_id
from intervention.domain.people import Discipline, ResourceKind, Role
from intervention.domain.permissions import Actor
from intervention.domain.recurrence import OnWeekdays, Recurrence
from intervention.domain.school_time import WEEK_TICKS
from intervention.domain.spans import Span, tick_of
from intervention.queries.catalogue import touch_catalogue
from intervention.records.calendars import SchoolDay
from intervention.records.database import Database
from intervention.records.encounters import Encounter, EncounterAct
from intervention.records.migrate import upgrade
from intervention.records.people import Organization
from intervention.records.reservations import Reservation, ReservationBits, ReservationKind
from intervention.records.series import Series
from intervention.usecases.reservations import Taking, lock_resources, release, reserve
from intervention.usecases.series import create
from intervention.usecases.series_sheet import PlanSeries, preview
from intervention.usecases.work import open_work
from tests.builders import WEEK, a_person, a_resource, actor
from tests.cluster import Missing
from tests.databases import MONDAY
from tests.usecases.booking_world import World, a_world, at, office, pupil_site

TITLE = "Series: 40 dates, 5 resources, into 1,000,000 reservations"
RUNS = 9
PRESENT, CROWD, LASTING = 1_000_000, 500, 9
COLUMNS = "id, organization_id, resource_id, starts_tick, ends_tick, kind"
TAKEN = ("2026-12-08 09:00", "2027-02-09 09:15", "2027-05-04 08:45")
FREE_SINCE = 7_500_000  # a tick far from all others, where the peer's rows go


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _of_engine("SQLite", f"sqlite:///{Path(folder) / 'bench.sqlite'}", "p50 <= 5 ms")
    try:
        with postgresql() as url:
            yield from _of_engine("PostgreSQL", url, "p50 <= 40 ms")
    except Missing as missing:
        yield Row("PostgreSQL", f"not measured: no {missing}")


def _of_engine(engine: str, url: str, aim: str) -> Iterator[Row]:
    upgrade(url)
    database = Database(url)
    with database.session() as session:
        ask, mireille = _prepared(session)
    _fill(database, ask)
    with open_work(database, FixedClock(MONDAY), read_only=True) as work:
        works = [line.works for line in preview(work, mireille, ask).lines]
    rows = 5 * works.count(True)
    peer = _peer(database, ask, works.count(True))
    what = f"{engine}: {len(works)} dates judged, {works.count(False)} refused with other moments"
    yield Row(what, _judging(database, mireille, ask), peer, f"insert of {rows} rows")
    yield Row(f"{engine}: judged and booked", _creating(database, mireille, ask), peer, f"insert of {rows} rows", aim)
    database.dispose()


def _prepared(session: Session) -> tuple[PlanSeries, Actor]:
    world = a_world(session)
    for building in (world.base, world.anse):
        for n in range(42, 400):
            on_date = WEEK + timedelta(days=n)
            if on_date.isoweekday() <= 5:
                session.add(
                    SchoolDay(
                        building_id=building.id, on_date=on_date, organization_id=world.board.id, day_type=DayType.CLASS
                    )
                )
    teacher = a_person(session, world.board, "Anouk", Role.TEACHER, building=world.anse)
    for text in TAKEN:
        organizations = lock_resources(session, [world.room_anse.id])
        span = Span.lasting(at(text), timedelta(minutes=45))
        reserve(session, [Taking(world.room_anse.id, span)], organizations=organizations, encounter_id=None)
    session.flush()
    touch_catalogue(session, world.board.id)
    return _ask(world, AskParticipant(ParticipantRole.TEACHER, person_id=teacher.id)), actor(session, world.mireille)


def _ask(world: World, teacher: AskParticipant) -> PlanSeries:
    site = pupil_site(world.leo, world.room_anse, world.joseph)
    rule = Recurrence(OnWeekdays((2,)), date(2026, 11, 24), date(2027, 8, 24), at=time(9, 0))
    return PlanSeries(
        world.mireille.id, EncounterKind.INDIVIDUAL, Discipline.SPEECH_THERAPY, 45,
        (office(world), replace(site, participants=(*site.participants, teacher))), rule,
    )  # fmt: skip


def _fill(database: Database, ask: PlanSeries) -> None:
    """Reservations of five hundred other rooms: three quarters of every hour of two thousand hours, with their bits."""
    starts = [tick_of(MONDAY) + 12 * n for n in range(PRESENT // CROWD)]
    with database.session() as session:
        board_id = next(iter(lock_resources(session, ask.composition.resources()).values()))
        board = session.get_one(Organization, board_id)
        crowd = [a_resource(session, board, ResourceKind.ROOM) for _ in range(CROWD)]
        session.flush()
        _fill_bits(session, crowd, starts)
    taken = ((room.hex, start) for start in starts for room in crowd)
    rows = (
        (f"{n:032x}", board_id.hex, room, start, start + LASTING, ReservationKind.ENCOUNTER.value)
        for n, (room, start) in enumerate(taken, 1)
    )
    with database.engine.begin() as connection:  # as the owner of the tables: a copy passes no policy
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.executemany(f"INSERT INTO reservation ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)
        elif isinstance(driver, psycopg.Connection):
            with driver.cursor().copy(f"COPY reservation ({COLUMNS}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def _fill_bits(session: Session, crowd: Sequence[UUID], starts: Sequence[int]) -> None:
    """All the rooms are taken at the same times."""
    weeks: dict[int, int] = defaultdict(int)
    for tick in (start + n for start in starts for n in range(LASTING)):
        weeks[tick // WEEK_TICKS] |= 1 << tick % WEEK_TICKS
    kept = {week: bits.to_bytes(WEEK_TICKS // 8, "little") for week, bits in weeks.items()}
    session.execute(
        insert(ReservationBits),
        [{"resource_id": room, "week": week, "bits": bits} for room in crowd for week, bits in kept.items()],
    )


def _peer(database: Database, ask: PlanSeries, dates: int) -> Timing:
    """As many rows for the same resources, by one statement, in a stretch of time where nothing is."""
    with database.session() as session:
        organizations = lock_resources(session, ask.composition.resources())
    weeks = iter(range(FREE_SINCE, FREE_SINCE * 2, 2016))

    def take() -> None:
        starts = [next(weeks) for _ in range(dates)]
        rows = [
            {
                "id": new_id(), "organization_id": board, "resource_id": resource, "starts_tick": start,
                "ends_tick": start + 9, "kind": ReservationKind.ENCOUNTER,
            }
            for resource, board in organizations.items()
            for start in starts
        ]  # fmt: skip
        with database.session() as session:
            session.execute(insert(Reservation), rows)

    return timed(take, runs=RUNS, before=take)


def _judging(database: Database, mireille: Actor, ask: PlanSeries) -> Timing:
    def judge() -> None:
        with open_work(database, FixedClock(MONDAY), read_only=True) as work:
            preview(work, mireille, ask)

    return timed(judge, runs=RUNS, before=judge)


def _creating(database: Database, mireille: Actor, ask: PlanSeries) -> Timing:
    def plan() -> None:
        with open_work(database, FixedClock(MONDAY)) as work:
            create(work, mireille, ask)

    def forget() -> None:
        with database.session() as session:
            planned = session.scalars(select(Encounter.id).where(Encounter.series_id.is_not(None))).all()
            for encounter_id in planned:
                release(session, encounter_id)
            session.execute(delete(EncounterAct).where(EncounterAct.encounter_id.in_(planned)))
            session.execute(delete(Encounter).where(Encounter.id.in_(planned)))
            session.execute(delete(Series))

    plan()
    return timed(plan, runs=RUNS, before=forget)
