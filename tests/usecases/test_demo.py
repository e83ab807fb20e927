"""The demonstration's eight weeks, as `intervention demo` and a first `make run` make them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from intervention.domain.clock import FixedClock
from intervention.domain.days import DayType, Layer
from intervention.domain.encounters import (
    Attendance,
    CancellationCause,
    EncounterKind,
    EncounterStatus,
    Modality,
)
from intervention.records.calendars import SchoolDay
from intervention.records.database import Database
from intervention.records.encounters import (
    Cancellation,
    Consent,
    Encounter,
    EncounterSite,
    Participation,
)
from intervention.records.migrate import upgrade
from intervention.records.outbox import OutboxMessage
from intervention.records.people import Pupil
from intervention.records.reservations import Leg, Reservation
from intervention.records.schools import Room
from intervention.usecases.demo import build_demo
from intervention.usecases.demo_world.encounters import Made
from intervention.usecases.demo_world.growth import grow
from intervention.usecases.reservations import rebuild_bits
from tests import cast
from tests.databases import MONDAY
from tests.servers import drop_database, migrated_database, migrated_file, required, worker_name

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Made]]:
    """The whole demonstration, once, on SQLite: every test below only reads it."""
    database = Database(migrated_file(tmp_path_factory.mktemp("demo") / "demo.sqlite", upgrade))
    yield database, build_demo(database, FixedClock(MONDAY))
    database.dispose()


@pytest.fixture
def lived(demo: tuple[Database, Made]) -> Iterator[Session]:
    with demo[0].session(read_only=True) as session:
        yield session


def test_no_ask_is_refused_and_the_weeks_are_full(demo: tuple[Database, Made]) -> None:
    made = demo[1]
    assert made.refused == 0
    assert made.booked > 1000
    assert [len(ids) > 80 for ids in made.by_week.values()] == [True] * 8


def test_it_builds_on_postgresql_too() -> None:
    name = f"demo_{worker_name()}"
    database = Database(required(lambda: migrated_database(name, upgrade)))
    made = build_demo(database, FixedClock(MONDAY), weeks_past=1, weeks_future=1)
    database.dispose()
    drop_database(name)
    assert (made.refused, made.booked > 200) == (0, True)


def test_nothing_is_reserved_twice(lived: Session) -> None:
    one, other = aliased(Reservation), aliased(Reservation)
    clashes = lived.scalar(
        select(func.count())
        .select_from(one)
        .join(other, one.resource_id == other.resource_id)
        .where(one.id < other.id, one.starts_tick < other.ends_tick, other.starts_tick < one.ends_tick)
    )
    assert clashes == 0


def test_the_derived_bits_agree_with_the_reservations(demo: tuple[Database, Made]) -> None:
    with demo[0].session() as session:
        assert rebuild_bits(session) == 0


def test_every_kind_modality_cause_and_status_is_shown(lived: Session) -> None:
    assert set(lived.scalars(select(Encounter.kind))) == set(EncounterKind)
    assert set(lived.scalars(select(Encounter.modality))) == set(Modality)
    assert set(lived.scalars(select(Cancellation.cause))) == set(CancellationCause)
    assert set(lived.scalars(select(Encounter.status))) >= {
        EncounterStatus.PLANNED,
        EncounterStatus.COMPLETED,
        EncounterStatus.CANCELLED,
        EncounterStatus.HELD,
    }
    assert set(lived.scalars(select(Participation.attendance))) == {None, *Attendance}


def test_what_is_over_is_told_and_what_is_to_come_is_not(lived: Session) -> None:
    over = select(Encounter.status).where(Encounter.ends_at < MONDAY - timedelta(hours=30))
    assert set(lived.scalars(over)) == {EncounterStatus.COMPLETED, EncounterStatus.CANCELLED}
    to_come = select(Encounter.status).where(Encounter.starts_at > MONDAY)
    assert EncounterStatus.COMPLETED not in set(lived.scalars(to_come))


def test_every_professional_has_something_each_day_of_work_this_week(lived: Session) -> None:
    week = [MONDAY.date() + timedelta(days=n) for n in range(5)]
    rows = lived.execute(select(Encounter.host_id, Encounter.on_date).where(Encounter.on_date.in_(week)))
    days = Counter(host for host, _ in {(r.host_id, r.on_date) for r in rows})
    assert len(days) == 14
    assert min(days.values()) >= 2
    assert sum(n == 5 for n in days.values()) >= 8


def test_pupils_by_video_sit_behind_a_closed_door_with_a_facilitator_and_a_consent(lived: Session) -> None:
    rows = lived.execute(
        select(Encounter.starts_at, EncounterSite.facilitator_id, Room.is_closed, Participation.pupil_id,
               Encounter.discipline)
        .join(EncounterSite, EncounterSite.encounter_id == Encounter.id)
        .join(Participation, Participation.site_id == EncounterSite.id)
        .join(Room, Room.id == EncounterSite.room_id)
        .where(Participation.pupil_id.is_not(None), EncounterSite.has_host.is_(False))
    ).all()  # fmt: skip
    assert len(rows) > 300
    assert all(r.facilitator_id is not None and r.is_closed for r in rows)
    consents = {
        (c.pupil_id, c.discipline): c for c in lived.scalars(select(Consent)) if c.covers_remote and not c.withdrawn_on
    }
    assert all((r.pupil_id, r.discipline) in consents for r in rows)


def test_some_small_groups_gather_two_schools_and_some_the_host_in_one_of_them(lived: Session) -> None:
    rows = lived.execute(
        select(Encounter.id, Encounter.modality, Pupil.school_id)
        .join(Participation, Participation.encounter_id == Encounter.id)
        .join(Pupil, Pupil.id == Participation.pupil_id)
        .where(Encounter.kind == EncounterKind.SMALL_GROUP)
    ).all()
    schools: dict[object, set[object]] = {}
    for encounter_id, _, school_id in rows:
        schools.setdefault(encounter_id, set()).add(school_id)
    assert sum(len(s) == 2 for s in schools.values()) > 30
    assert {r.modality for r in rows} == {Modality.REMOTE, Modality.HYBRID}


def test_days_on_the_road_are_laid_with_their_legs(lived: Session) -> None:
    legs = lived.scalars(select(Leg)).all()
    assert len(legs) > 100
    tours = Counter((leg.person_id, leg.on_date) for leg in legs)
    assert set(tours.values()) == {2, 3}


def test_nobody_would_be_written_to_about_invented_facts(lived: Session) -> None:
    assert lived.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.done_at.is_(None))) == 0


@pytest.mark.parametrize("now", ["2026-11-21T15:00", "2026-11-26T19:40", "2027-07-14T14:00", "2027-03-03T14:00"])
def test_whatever_the_day_somebody_has_something_today_or_on_the_next_working_day(now: str, tmp_path: Path) -> None:
    database = Database(migrated_file(tmp_path / "demo.sqlite", upgrade))
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    made = build_demo(database, FixedClock(at), weeks_past=0, weeks_future=1)
    with database.session(read_only=True) as session:
        found = set(session.scalars(select(Encounter.on_date)))
        underway = session.scalar(select(func.count()).where(Encounter.status == EncounterStatus.IN_PROGRESS))
    database.dispose()
    assert made.refused == 0
    assert (at.date() if at.isoweekday() <= 5 else date(2026, 11, 23)) in found
    assert (underway or 0) > 0 or at.isoweekday() > 5


def test_it_grows_by_copies_that_never_overlap(demo: tuple[Database, Made], tmp_path: Path) -> None:
    source = str(demo[0].url.database)
    with sqlite3.connect(source) as one, sqlite3.connect(tmp_path / "grown.sqlite") as copy:
        one.backup(copy)
    database = Database(f"sqlite:///{tmp_path / 'grown.sqlite'}")
    wanted = 3 * demo[1].booked
    assert grow(database, FixedClock(MONDAY), encounters=wanted) == wanted
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Encounter)) == wanted
        assert rebuild_bits(session) == 0
        early = select(Encounter.status).where(Encounter.ends_at < MONDAY - timedelta(weeks=5))
        assert set(session.scalars(early)) == {EncounterStatus.COMPLETED, EncounterStatus.CANCELLED}
    database.dispose()


def test_a_storm_slides_the_cycle_of_its_building_and_keeps_what_was_printed(lived: Session) -> None:
    days = lived.scalars(
        select(SchoolDay)
        .where(SchoolDay.building_id == cast.building("cap"), SchoolDay.level == "")
        .order_by(SchoolDay.on_date)
    ).all()
    (closed,) = [n for n, day in enumerate(days) if day.layer is Layer.EVENT]
    assert (days[closed].day_type, days[closed].label, days[closed].cycle_day) == (DayType.CLOSURE, "Tempête", None)
    after = next(day for day in days[closed + 1 :] if day.day_type is DayType.CLASS)
    assert after.cycle_day == days[closed].printed_day
    assert after.printed_day == after.cycle_day % 10 + 1
