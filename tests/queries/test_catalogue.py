"""The catalogue is what the tables say, follows the clocks of each building, and is never older than its version."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from intervention.domain.days import BellDay, BellKind, DayType
from intervention.domain.people import Level
from intervention.domain.spans import tick_of
from intervention.queries.catalogue import WEEK_TICKS, catalogue, touch_catalogue
from intervention.records.calendars import SchoolDay
from intervention.records.people import Organization
from intervention.records.schools import BellPeriod, ProtectedTime
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_class, a_room
from tests.usecases.booking_world import a_world

WEEK = tick_of(datetime(2026, 11, 23, tzinfo=UTC)) // WEEK_TICKS


def wall_ticks(mask: int, day: int) -> list[str]:
    """The UTC times of the runs of a mask on a date of November 2026."""
    origin = WEEK * WEEK_TICKS
    first = tick_of(datetime(2026, 11, day, tzinfo=UTC)) - origin
    runs, was_on = [], False
    for k in range(first, first + 289):
        is_on = bool(mask >> k & 1)
        if is_on != was_on:
            at = datetime.fromtimestamp((origin + k) * 300, UTC)
            runs.append(f"{at:%H:%M}")
            was_on = is_on
    return runs


def test_class_periods_are_read_in_the_buildings_zone(work: Work) -> None:
    board = a_board(work.session)
    iles = a_building(work.session, board, "Havre-aux-Îles", zone="America/Halifax")

    found = catalogue(work.session, board.id).class_mask(iles.id, Level.PRIMARY, WEEK, 2)

    assert wall_ticks(found, 24) == ["12:10", "14:10", "14:25", "15:40", "17:00", "19:20"]


def test_closed_day_has_no_class_and_no_opening(work: Work) -> None:
    board = a_board(work.session)
    anse = a_building(work.session, board, "Anse")
    work.session.get_one(SchoolDay, (anse.id, "", date(2026, 11, 24))).day_type = DayType.CLOSURE
    work.session.get_one(SchoolDay, (anse.id, "", date(2026, 11, 25))).day_type = DayType.PEDAGOGICAL
    work.session.flush()

    made = catalogue(work.session, board.id)

    assert wall_ticks(made.class_mask(anse.id, Level.PRIMARY, WEEK, 2), 24) == []
    assert wall_ticks(made.open_mask(anse.id, WEEK, 2), 24) == []
    assert wall_ticks(made.class_mask(anse.id, Level.PRIMARY, WEEK, 2), 25) == []
    assert wall_ticks(made.open_mask(anse.id, WEEK, 2), 25) == ["12:30", "22:00"]


def test_protected_time_of_a_class_is_on_its_weekday(work: Work) -> None:
    board = a_board(work.session)
    anse = a_building(work.session, board, "Anse")
    group = a_class(work.session, anse)
    work.session.add(
        ProtectedTime(
            organization_id=board.id, class_group_id=group.id, weekday=2,
            starts_local=time(9), ends_local=time(9, 50), label="Éducation physique",
        )
    )  # fmt: skip
    work.session.flush()

    found = catalogue(work.session, board.id).protected_mask(group.id, WEEK, 2)

    assert wall_ticks(found, 24) == ["14:00", "14:50"]
    assert wall_ticks(found, 25) == []


def test_same_version_is_kept_and_a_new_one_is_read(work: Work) -> None:
    world = a_world(work.session)
    first = catalogue(work.session, world.board.id)
    assert catalogue(work.session, world.board.id) is first

    a_room(work.session, world.anse, "local 14")
    again = catalogue(work.session, world.board.id)

    assert again is not first
    assert {room.name for room in again.buildings[world.anse.id].rooms} == {"local 12", "local 14"}


def test_roads_are_longer_in_winter(work: Work) -> None:
    world = a_world(work.session)

    needs = catalogue(work.session, world.board.id).needs

    pair = (world.base.id, world.anse.id)
    winter, summer = needs[True][pair], needs[False][pair]
    assert winter is not None
    assert summer is not None
    assert winter > summer


def test_half_days_and_exams_ring_their_own_bells(work: Work) -> None:
    board = a_board(work.session)
    anse = a_building(work.session, board, "Anse")
    for day, starts, ends in ((BellDay.HALF, time(8, 30), time(11)), (BellDay.EXAM, time(9), time(12))):
        work.session.add(
            BellPeriod(
                organization_id=board.id, building_id=anse.id, level=Level.PRIMARY, day_type=day,
                kind=BellKind.PERIOD, label=day.value, starts_local=starts, ends_local=ends,
            )
        )  # fmt: skip
    half = work.session.get_one(SchoolDay, (anse.id, "", date(2026, 11, 24)))
    half.afternoon = DayType.PEDAGOGICAL
    work.session.get_one(SchoolDay, (anse.id, "", date(2026, 11, 25))).day_type = DayType.EXAM
    touch(work, board)

    found = catalogue(work.session, board.id).class_mask(anse.id, Level.PRIMARY, WEEK, 1)

    assert wall_ticks(found, 24) == ["13:30", "16:00"]
    assert wall_ticks(found, 25) == ["14:00", "17:00"]
    assert len(wall_ticks(found, 23)) == 6


def test_a_protected_time_of_a_cycle_day_follows_the_cycle(work: Work) -> None:
    """Jour 3 is protected wherever it falls; a date outside the cycle protects nothing of it."""
    board = a_board(work.session)
    anse = a_building(work.session, board, "Anse")
    group = a_class(work.session, anse)
    work.session.add(
        ProtectedTime(
            organization_id=board.id, class_group_id=group.id, cycle_day=3, starts_local=time(9), ends_local=time(10),
            label="anglais",
        )
    )  # fmt: skip
    for day, number in ((23, 2), (24, 3), (25, 0), (26, 3)):
        work.session.get_one(SchoolDay, (anse.id, "", date(2026, 11, day))).cycle_day = number
    touch(work, board)

    found = catalogue(work.session, board.id).protected_mask(group.id, WEEK, 2)

    assert [day for day in range(23, 28) if wall_ticks(found, day)] == [24, 26]
    assert wall_ticks(found, 24) == ["14:00", "15:00"]


def touch(work: Work, board: Organization) -> None:
    work.session.flush()
    touch_catalogue(work.session, board.id)
