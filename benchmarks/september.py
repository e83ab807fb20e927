"""September: a timetable of 60 places published over 36 weeks, judged on three schools' calendars, roads and all.

The peer is the insert of the very rows that it reserves, guard included, in one durable transaction.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from benchmarks.measure import Row, Timing, timed
from intervention.domain.clock import FixedClock
from intervention.domain.days import DayType
from intervention.domain.encounters import Modality
from intervention.domain.ids import new_id
from intervention.domain.people import Discipline
from intervention.domain.permissions import Actor
from intervention.domain.timetable import Cell
from intervention.queries.catalogue import touch_catalogue
from intervention.records.calendars import SchoolDay, SchoolYear
from intervention.records.database import Database
from intervention.records.encounters import Encounter, EncounterAct
from intervention.records.migrate import upgrade
from intervention.records.people import FollowUp, Pupil
from intervention.records.reservations import Leg, Reservation, ReservationBits
from intervention.records.series import Series, SeriesDate
from intervention.records.timetables import Timetable, TimetableLine, TimetableSlot
from intervention.usecases.timetable_cells import columns_of, take_in_hand
from intervention.usecases.timetable_publishing import Published, publish
from intervention.usecases.timetable_sheet import Grid
from intervention.usecases.timetables import make, slot_at
from intervention.usecases.work import Work, open_work
from tests.builders import a_facilitator, a_pupil, a_room, actor
from tests.usecases.booking_world import World, a_world

TITLE = "September: 60 series over 36 weeks"
RUNS = 5
CYCLE = 5
FIRST, LAST = date(2027, 8, 30), date(2028, 5, 5)
CLOCK = FixedClock(datetime(2027, 8, 20, 12, 0, tzinfo=UTC))
MINUTES = 20
MORNING = ("08:10", "08:30", "08:50", "09:10", "09:30", "09:50", "10:25", "10:45", "11:05")
AFTERNOON = ("13:00", "13:20", "13:40", "14:00", "14:20")
VISITS = (*MORNING[4:], *AFTERNOON)  # Jour 1 is spent at a school an hour away
PLACES = [(1, at) for at in VISITS] + [(day, at) for day in (2, 3, 4, 5) for at in (*MORNING, *AFTERNOON)]


@dataclass(frozen=True)
class Prepared:
    database: Database
    mireille: Actor
    timetable_id: UUID


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        upgrade(url)
        database = Database(url)
        with database.session() as session:
            mireille, timetable_id = _prepared(session)
        here = Prepared(database, mireille, timetable_id)
        done = _publish(here)
        rows = _reserved(here)
        yield Row(
            f"SQLite: {done.series} series published, {done.encounters} séances",
            _publishing(here),
            _peer(here, rows),
            f"insert of {len(rows)} rows",
            "<= 5 s",
        )
        yield Row("the whole grid judged", _timed_reading(here, lambda grid: grid.judged()))
        yield Row("judged, and every half hour for a line in hand", _in_hand(here))
        database.dispose()


def _publish(here: Prepared) -> Published:
    with open_work(here.database, CLOCK) as work:
        version = work.session.get_one(Timetable, here.timetable_id).version
        return publish(work, here.mireille, here.timetable_id, version)


def _publishing(here: Prepared) -> Timing:
    return timed(lambda: _publish(here), runs=RUNS, before=lambda: _forget(here))


def _timed_reading(here: Prepared, read: Callable[[Grid], object]) -> Timing:
    _forget(here)

    def judge() -> None:
        with open_work(here.database, CLOCK, read_only=True) as work:
            read(Grid(work, here.mireille, work.session.get_one(Timetable, here.timetable_id)))

    return timed(judge, runs=RUNS, before=judge)


def _in_hand(here: Prepared) -> Timing:
    with here.database.session(read_only=True) as session:
        line_id = session.scalars(select(TimetableLine.id).order_by(TimetableLine.id.desc())).first()

    def choose() -> None:
        with open_work(here.database, CLOCK, read_only=True) as work:
            timetable = work.session.get_one(Timetable, here.timetable_id)
            columns = columns_of(CYCLE, by_week=False)
            take_in_hand(work, here.mireille, timetable, line_id or new_id(), by_week=False, columns=columns)

    return timed(choose, runs=RUNS, before=choose)


def _prepared(session: Session) -> tuple[Actor, UUID]:
    world = a_world(session)
    _year_of_days(session, world)
    year = SchoolYear(
        organization_id=world.board.id, label="2027-2028", starts_on=FIRST, ends_on=LAST, staff_from=FIRST,
        staff_until=LAST, cycle_length=CYCLE,
    )  # fmt: skip
    session.add(year)
    for n in range(2):
        a_room(session, world.anse, f"local {n}")
        a_facilitator(session, world.board, f"Aide{n}", world.anse)
    for n in range(58):
        pupil = a_pupil(session, world.pointe if n % 4 == 0 and n >= len(VISITS) else world.anse, f"B-{n:03}")
        session.add(
            FollowUp(
                organization_id=world.board.id, person_id=world.mireille.id, pupil_id=pupil.id,
                discipline=Discipline.SPEECH_THERAPY,
            )
        )  # fmt: skip
    session.flush()
    touch_catalogue(session, world.board.id)
    mireille = actor(session, world.mireille)
    timetable_id = make(Work(session, CLOCK), mireille, world.mireille.id, year.id)
    _placed(session)
    return mireille, timetable_id


def _year_of_days(session: Session, world: World) -> None:
    """Class days and a cycle of five for 36 weeks."""
    for building in (world.base, world.anse, world.pointe):
        n = 0
        for offset in range((LAST - FIRST).days + 1):
            on_date = FIRST + timedelta(days=offset)
            if on_date.isoweekday() <= 5:
                session.add(
                    SchoolDay(
                        building_id=building.id, on_date=on_date, organization_id=world.board.id,
                        day_type=DayType.CLASS, cycle_day=n % CYCLE + 1, cycle_number=n // CYCLE + 1,
                    )
                )  # fmt: skip
                n += 1


def _placed(session: Session) -> None:
    """Sixty places of twenty minutes over five days; one day of visits, four by video."""
    lines = session.scalars(select(TimetableLine).join(Pupil, Pupil.id == TimetableLine.pupil_id).order_by(Pupil.code))
    for line, (day, at) in zip(lines, PLACES, strict=False):
        line.minutes = MINUTES
        line.modality = Modality.IN_PERSON if day == 1 else None
        session.add(slot_at(line.id, Cell(day, time.fromisoformat(at))))
    session.flush()


def _forget(here: Prepared) -> None:
    with here.database.session() as session:
        session.execute(update(TimetableSlot).values(series_id=None))
        for record in (Reservation, ReservationBits, Leg, SeriesDate, EncounterAct, Encounter, Series):
            session.execute(delete(record))


def _reserved(here: Prepared) -> list[dict[str, object]]:
    table = Reservation.__table__
    with here.database.session(read_only=True) as session:
        return [dict(row) for row in session.execute(select(table).where(table.c.leg_id.is_(None))).mappings()]


def _peer(here: Prepared, rows: list[dict[str, object]]) -> Timing:
    alone = [row | {"encounter_id": None} for row in rows]

    def take() -> None:
        with here.database.session() as session:
            session.execute(insert(Reservation.__table__), alone)  # type: ignore[arg-type]

    return timed(take, runs=RUNS, before=lambda: _forget(here))
