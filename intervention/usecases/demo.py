"""Makes the fictitious board: what `intervention demo` and an empty `make run` show, and the cast of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.clock import Clock
from intervention.domain.errors import WrongState
from intervention.queries.roads import road_book
from intervention.records.database import Database
from intervention.records.people import Organization
from intervention.usecases.demo_world import board, incidents
from intervention.usecases.demo_world.calendar import YearDay, first_class_day, monday_of
from intervention.usecases.demo_world.encounters import Made, Story
from intervention.usecases.demo_world.neighbour import lay_neighbour
from intervention.usecases.demo_world.places import lay_board, lay_places, lay_school_year
from intervention.usecases.demo_world.planner import Planner
from intervention.usecases.demo_world.services import Services, lay_services
from intervention.usecases.demo_world.sheet import Sheet
from intervention.usecases.demo_world.staff import lay_classes, lay_staff
from intervention.usecases.demo_world.stage import Stage
from intervention.usecases.demo_world.timeline import Timeline
from intervention.usecases.demo_world.weeks import Weeks

SEED = 1867
STORM_WEEK = -2


@dataclass(frozen=True, slots=True)
class Laid:
    """The world without its séances, as the planning of the weeks needs it."""

    sheet: Sheet
    years: dict[str, list[YearDay]]
    services: Services


def build_demo(  # noqa: PLR0913 - what a demonstration may vary
    database: Database, clock: Clock, *, weeks_past: int = 4, weeks_future: int = 4, seed: int = SEED,
    password_hash: str | None = None,
) -> Made:  # fmt: skip
    """Lay the board and its neighbour in one transaction, then live its weeks; WrongState when it is already there.

    Weeks are counted from the Monday of the clock's present week (the next one at the week-end), which is the first
    of `weeks_future`. Everybody gets `password_hash`, or cannot sign in by e-mail.
    """
    now = clock.now()
    with database.session() as session:
        if is_there(session):
            raise WrongState(because="demo_exists")
        laid = lay_world(session, now.date(), seed=seed, password_hash=password_hash)
        return live(session, laid, now, range(-weeks_past, weeks_future), Random(seed))  # noqa: S311 - no secret


def live(session: Session, laid: Laid, now: datetime, weeks: range, rng: Random) -> Made:
    """Plan, book and live the weeks, 0 being the present one."""
    stage = Stage(laid.sheet)
    planner = Planner(laid.sheet, laid.services, Timeline(laid.years, stage.hours()), stage)
    buildings = [stage.building(place.key) for place in board.PLACES]
    planned = Weeks(planner, road_book(session, laid.sheet.organization_id, buildings))
    story = Story(session, stage, laid.sheet.organization_id, now, rng)
    for number in weeks:
        monday = monday_of(now.date()) + timedelta(weeks=number)
        story.book_week(monday, planned.plan(monday, number))
        if number == STORM_WEEK:
            incidents.storm(story, monday + timedelta(days=1))
        if number == 1:
            incidents.road_given_up(story, monday)
            incidents.rooms_lost(story, monday)
        story.live_week(monday)
    story.settle()
    return story.made


def is_there(session: Session) -> bool:
    return session.scalar(select(Organization.id).where(Organization.code == board.CODE)) is not None


def lay_world(session: Session, today: date, *, seed: int = SEED, password_hash: str | None = None) -> Laid:
    """Insert both boards without any séance; a pure function of `today` and `seed`."""
    rng = Random(seed)  # noqa: S311 - a fictitious world, no secret
    starts_on = first_class_day(today)
    sheet = Sheet(board.CODE)
    lay_board(sheet, board.NAME, board.SHORT_NAME)
    lay_places(sheet)
    years = lay_school_year(sheet, today)
    lay_staff(sheet, password_hash)
    families = lay_classes(sheet, rng, starts_on.year, password_hash)
    services = lay_services(sheet, rng, starts_on, families)
    sheet.write(session)
    lay_neighbour(today, password_hash).write(session)
    return Laid(sheet, years, services)
