"""What a storm or an edit of the calendar would do to the dates of series: nothing is written."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import select

from intervention.domain.calendar_layers import Layer
from intervention.domain.days import DayType
from intervention.domain.people import Role
from intervention.domain.recurrence import OnCycleDays, OnWeekdays, Recurrence
from intervention.domain.school_calendar import DatedDay
from intervention.domain.series import Decisions, Moment
from intervention.domain.series_reflow import Became, DateChange
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.series_reflow import Relaid, TouchedDate, touched
from intervention.records.calendars import SchoolDay
from intervention.records.encounters import Encounter
from intervention.usecases.series import create
from intervention.usecases.work import Work
from tests.builders import a_person, actor
from tests.usecases.booking_world import World, a_world
from tests.usecases.test_series import DATES, TUESDAYS, weekly

TODAY = date(2026, 11, 23)
STORM = date(2026, 12, 8)


def numbered(work: Work, world: World) -> dict[date, SchoolDay]:
    """Jour 1 to Jour 5 over the class days, from the 13th turn."""
    rows = work.session.scalars(
        select(SchoolDay).where(SchoolDay.building_id == world.anse.id).order_by(SchoolDay.on_date)
    ).all()
    for n, day in enumerate(rows):
        day.cycle_day, day.cycle_number = n % 5 + 1, n // 5 + 13
    work.session.flush()
    touch_catalogue(work.session, world.board.id)
    return {day.on_date: day for day in rows}


def dated(on_date: date, day_type: DayType, cycle_day: int | None, cycle_number: int | None) -> DatedDay:
    return DatedDay(on_date, day_type, None, cycle_day, cycle_number, cycle_day, Layer.EVENT, None, None)


def storm(rows: dict[date, SchoolDay], world: World) -> list[Relaid]:
    """8 December is closed, and every number after it slides by a class day."""
    held = [on_date for on_date in sorted(rows) if on_date >= STORM]
    changes = []
    for before, on_date in zip([None, *held], held, strict=False):
        old = rows[on_date]
        was = dated(on_date, DayType.CLASS, old.cycle_day, old.cycle_number)
        if before is None:
            now = dated(on_date, DayType.CLOSURE, None, None)
        else:
            now = dated(on_date, DayType.CLASS, rows[before].cycle_day, rows[before].cycle_number)
        changes.append(Relaid(world.anse.id, "", was, now))
    return changes


def booked(work: Work, series_id: object) -> dict[date, object]:
    rows = work.session.execute(select(Encounter.on_date, Encounter.id).where(Encounter.series_id == series_id))
    return {row.on_date: row.id for row in rows}


def test_a_cycle_day_follows_its_number_and_a_lost_last_one_vanishes(work: Work) -> None:
    world = a_world(work.session)
    rows = numbered(work, world)
    mireille = actor(work.session, world.mireille)
    rule = Recurrence(OnCycleDays((2,)), date(2026, 11, 24), date(2026, 12, 23), at=time(9, 0))
    planned = create(work, mireille, weekly(world, rule))
    ids = booked(work, planned.series_id)

    found = touched(work.session, mireille, storm(rows, world), TODAY)

    assert [(each.change, each.encounter_id) for each in found] == [
        (DateChange(Became.MOVES, before, Moment(after, time(9, 0))), ids[before])
        for before, after in (
            (date(2026, 12, 8), date(2026, 12, 9)),
            (date(2026, 12, 15), date(2026, 12, 16)),
            (date(2026, 12, 22), date(2026, 12, 23)),
        )
    ]


def test_a_weekly_date_stays_and_asks_for_a_decision(work: Work) -> None:
    world = a_world(work.session)
    rows = numbered(work, world)
    mireille = actor(work.session, world.mireille)
    planned = create(work, mireille, weekly(world))
    ids = booked(work, planned.series_id)

    found = touched(work.session, mireille, storm(rows, world), TODAY)

    assert found == [
        TouchedDate(planned.series_id, world.mireille.id, DateChange(Became.UNDECIDED, STORM, None), ids[STORM])
    ]


def test_a_number_of_seances_is_made_up_at_the_end(work: Work) -> None:
    world = a_world(work.session)
    rows = numbered(work, world)
    mireille = actor(work.session, world.mireille)
    rule = Recurrence(OnWeekdays((2,)), date(2026, 11, 24), date(2027, 1, 1), at=time(9, 0), count=4)
    create(work, mireille, weekly(world, rule))

    found = touched(work.session, mireille, storm(rows, world), TODAY)

    assert [each.change for each in found] == [
        DateChange(Became.UNDECIDED, STORM, None),
        DateChange(Became.APPEARS, None, Moment(date(2026, 12, 22), time(9, 0))),
    ]


def test_what_was_moved_alone_or_is_past_is_left_alone(work: Work) -> None:
    world = a_world(work.session)
    rows = numbered(work, world)
    mireille = actor(work.session, world.mireille)
    moved = Decisions(moved={STORM: Moment(date(2026, 12, 9), time(9, 0))})
    create(work, mireille, weekly(world, decisions=moved))

    assert touched(work.session, mireille, storm(rows, world), TODAY) == []
    assert touched(work.session, mireille, storm(rows, world), DATES[4]) == []


def test_another_building_or_an_actor_who_may_not_change_it_sees_nothing(work: Work) -> None:
    world = a_world(work.session)
    rows = numbered(work, world)
    mireille = actor(work.session, world.mireille)
    create(work, mireille, weekly(world, TUESDAYS))
    luc = a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse)
    elsewhere = [each._replace(building_id=world.pointe.id) for each in storm(rows, world)]

    assert touched(work.session, mireille, elsewhere, TODAY) == []
    assert touched(work.session, actor(work.session, luc), storm(rows, world), TODAY) == []
