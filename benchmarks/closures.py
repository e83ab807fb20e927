"""A storm morning at a large board: 60 buildings, 20,000 séances of cycle-day series to come.

The board closes for a day and its cycles slide: the diff says where each séance would be (some six seconds of one
processor for the whole board). Then a sector whose cycles keep their numbers closes over some sixty séances: shown,
treated in one press, undone.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from benchmarks.measure import Row, shown, timed
from intervention.domain.clock import FixedClock
from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.cycle import Reflow
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
from intervention.domain.recurrence import OnCycleDays, Recurrence
from intervention.domain.redating import Fate
from intervention.domain.series import DateState
from intervention.domain.series_plan import sites_to_json
from intervention.domain.spans import tick_of
from intervention.records.calendars import SchoolDay, SchoolYear, Sector, SectorBuilding
from intervention.records.database import Database
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.migrate import upgrade
from intervention.records.reservations import Reservation, ReservationKind
from intervention.records.series import Series, SeriesDate
from intervention.usecases.closure_plan import DeclareClosure
from intervention.usecases.closures import declare, preview
from intervention.usecases.lifting import undo
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.school_days import lay_school_days
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_facilitator, a_person, a_professional, a_pupil, a_room, actor
from tests.databases import MONDAY

TITLE = "Closures: 60 buildings, 20,000 séances to come on a cycle that slides"
BUILDINGS, RUNS = 60, 2
SERIES_OF_A_HOST = 24
CYCLE = 10
STORM, UNTIL = date(2026, 11, 24), date(2027, 6, 22)
HOURS = (time(8, 30), time(9, 20), time(10, 30), time(13, 10))
TORONTO = ZoneInfo("America/Toronto")
CLOSED = 25  # buildings of the sector
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
    with database.session(read_only=True) as session:
        work = Work(session, FixedClock(MONDAY))
        for what, scope, target in (
            ("one school", ClosureScope.BUILDING, world.school),
            ("the whole board", ClosureScope.ORGANIZATION, world.board),
        ):
            ask = DeclareClosure(scope, target, DayType.CLOSURE, STORM, label="Tempête")
            with _counted(database) as count:  # and the board's catalogue is in memory, as on a storm morning
                seen = preview(work, world.omar, ask)
            told = (seen.sheet.counts or {}).get(Fate.MOVES, 0)
            took = timed(lambda ask=ask: preview(work, world.omar, ask), runs=RUNS)  # type: ignore[misc]
            yield Row(f"diff of {what}: {told} séances follow", took, aim=AIM_SECONDS)
            each = f"{count() / BUILDINGS:.2g}"
            yield Row(f"statements of {what}, by building of the board", each, aim=AIM_STATEMENTS)


def _storm(database: Database, world: World) -> Iterator[Row]:
    ask = DeclareClosure(ClosureScope.SECTOR, world.sector, DayType.CLOSURE, STORM, label="Tempête")
    clock = FixedClock(MONDAY)
    with database.session() as session:
        year = session.scalars(select(SchoolYear)).one()
        year.reflow = Reflow.KEEP
        lay_school_days(session, year)
    with database.session(read_only=True) as session:
        work = Work(session, clock)
        seen = preview(work, world.omar, ask)
        took = timed(lambda: preview(work, world.omar, ask), runs=RUNS)
    yield Row(f"a sector closed, {len(seen.lines)} séances to treat: shown", took)
    started = perf_counter()
    with database.session() as session:
        done = declare(Work(session, clock), world.omar, ask)
    yield Row(f"declared in one press: {sum(done.counts.values())} treated", shown(perf_counter() - started))
    if done.change_id is None:
        raise LookupError(ask)
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
    sector: UUID
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
    sector = Sector(organization_id=board.id, name="Est")
    session.add_all([year, sector])
    buildings = [
        a_building(session, board, f"École {n}", lat=50.2 + n / 200, lon=-66.4 + n / 100, school_weeks=0)
        for n in range(BUILDINGS + 1)
    ]
    session.flush()
    lay_school_days(session, year)
    base = buildings.pop()
    session.add_all(SectorBuilding(sector_id=sector.id, building_id=b.id) for b in buildings[:CLOSED])
    places = [
        Place(
            b.id, a_professional(session, board, f"Pro{n}", base).id, a_room(session, b).id,
            a_facilitator(session, board, f"A{n}", b).id,
            tuple(a_pupil(session, b, f"E-{n}-{k}").id for k in range(4)),
        )
        for n, b in enumerate(buildings)
    ]  # fmt: skip
    strand = {
        day.on_date: (day.cycle_day, day.cycle_number)
        for day in session.scalars(
            select(SchoolDay).where(SchoolDay.building_id == buildings[0].id, SchoolDay.on_date >= STORM)
        )
        if day.cycle_day is not None
    }
    for place in places:
        _series(session, board.id, place, base.id, strand)
    rebuild_bits(session)
    omar = actor(session, a_person(session, board, "Omar", Role.COORDINATOR))
    return World(omar, board.id, sector.id, buildings[0].id)


def _series(session: Session, board: UUID, place: Place, base: UUID, strand: dict[date, tuple[int, int]]) -> None:
    """Each of the first hours of each day of the cycle: a séance by video, with its reservations."""
    rows: dict[type, list[dict[str, object]]] = defaultdict(list)
    for n in range(SERIES_OF_A_HOST):
        number, hour, pupil = n % CYCLE + 1, HOURS[n // CYCLE], place.pupils[n % len(place.pupils)]
        sites = (
            AskSite(base, place=PlaceKind.HOME_BASE, has_host=True),
            AskSite(
                place.building, room_id=place.room, facilitator_id=place.facilitator,
                participants=(AskParticipant(ParticipantRole.PUPIL, pupil_id=pupil),),
            ),
        )  # fmt: skip
        phase = min(turn for _, turn in strand.values())
        rule = Recurrence(OnCycleDays((number,), phase=phase), STORM, UNTIL, at=hour)
        series = new_id()
        rows[Series].append(
            {
                "id": series, "organization_id": board, "host_id": place.host, "kind": EncounterKind.INDIVIDUAL,
                "discipline": Discipline.SPEECH_THERAPY, "confidentiality": Confidentiality.RESTRICTED,
                "building_id": place.building, "zone": TORONTO.key, "starts_local": hour, "minutes": 45,
                "first_on": STORM, "last_on": UNTIL, "rule": rule.to_json(),
                "plan": {"sites": sites_to_json(sites), "accepting": []}, "created_by_id": place.host,
                "created_at": MONDAY,
            }
        )  # fmt: skip
        for on_date, (cycle_day, _turn) in strand.items():
            if cycle_day == number:
                _encounter(rows, (board, place.host, series), datetime.combine(on_date, hour, TORONTO), sites)
    for record, values in rows.items():
        session.execute(insert(record), values)


def _encounter(
    rows: dict[type, list[dict[str, object]]],
    who: tuple[UUID, UUID, UUID],
    starts: datetime,
    sites: tuple[AskSite, ...],
) -> None:
    board, host, series = who
    encounter = new_id()
    rows[Encounter].append(
        {
            "id": encounter, "uid": uuid4(), "organization_id": board, "series_id": series,
            "kind": EncounterKind.INDIVIDUAL, "axis": Axis.PUPIL_SERVICE, "discipline": Discipline.SPEECH_THERAPY,
            "modality": Modality.REMOTE, "status": EncounterStatus.PLANNED,
            "confidentiality": Confidentiality.RESTRICTED, "host_id": host, "starts_at": starts,
            "ends_at": starts + timedelta(minutes=45), "on_date": starts.date(), "starts_local": starts.time(),
            "zone": TORONTO.key, "created_by_id": host, "created_at": MONDAY, "changed_at": MONDAY,
        }
    )  # fmt: skip
    rows[SeriesDate].append(
        {"series_id": series, "on_date": starts.date(), "state": DateState.BOOKED, "encounter_id": encounter}
    )
    for position, site in enumerate(sites):
        own = new_id()
        rows[EncounterSite].append(
            {
                "id": own, "encounter_id": encounter, "position": position, "place": site.place,
                "building_id": site.building_id, "room_id": site.room_id, "facilitator_id": site.facilitator_id,
                "has_host": site.has_host,
            }
        )  # fmt: skip
        role = ParticipantRole.HOST if site.has_host else ParticipantRole.PUPIL
        pupil = None if site.has_host else site.participants[0].pupil_id
        rows[Participation].append(
            {
                "id": new_id(), "encounter_id": encounter, "site_id": own, "role": role, "pupil_id": pupil,
                "person_id": host if site.has_host else None, "is_required": True,
            }
        )  # fmt: skip
    tick = tick_of(starts)
    for resource in {host}.union(*(site.resources() for site in sites)):
        rows[Reservation].append(
            {
                "id": new_id(), "organization_id": board, "resource_id": resource, "starts_tick": tick,
                "ends_tick": tick + 9, "kind": ReservationKind.ENCOUNTER, "encounter_id": encounter,
            }
        )  # fmt: skip
