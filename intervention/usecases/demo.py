"""Makes the fictitious board: what `intervention demo` and an empty `make run` show, and the cast of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.clock import Clock
from intervention.domain.errors import WrongState
from intervention.domain.ids import new_secret
from intervention.queries.roads import road_book
from intervention.records.calendars import SchoolYear
from intervention.records.database import Database
from intervention.records.people import Organization
from intervention.records.vault import Keyring
from intervention.usecases.demo_world import board, incidents
from intervention.usecases.demo_world.calendar import YearDay, first_class_day, label_of, monday_of
from intervention.usecases.demo_world.encounters import Made, Story
from intervention.usecases.demo_world.neighbour import lay_neighbour
from intervention.usecases.demo_world.places import lay_board, lay_places
from intervention.usecases.demo_world.planner import Planner
from intervention.usecases.demo_world.school_years import lay_school_year
from intervention.usecases.demo_world.services import Services, lay_services
from intervention.usecases.demo_world.sheet import Sheet
from intervention.usecases.demo_world.staff import lay_classes, lay_staff
from intervention.usecases.demo_world.stage import Stage
from intervention.usecases.demo_world.timeline import Timeline
from intervention.usecases.demo_world.video import lay_video
from intervention.usecases.demo_world.weeks import Weeks
from intervention.usecases.passwords import hashed
from intervention.usecases.school_days import lay_school_days

SEED = 1867
STORM_WEEK = -2
ADMINISTRATOR = "ines"
LEADING = ("mireille", "luc", "cap/123", "sylvie", "joseph", "omar", "ines", "paule")


@dataclass(frozen=True, slots=True)
class Laid:
    """The world without its séances, as the planning of the weeks needs it."""

    sheet: Sheet
    years: dict[str, list[YearDay]]
    services: Services


def run_demo(database: Database, clock: Clock, keys: Keyring, weeks: int = 4) -> str:
    """Make the demonstration, `weeks` past and `weeks` to come; WrongState when it is there. Gives the one password.

    It is random, told once and kept as a hash: a fictitious board on a real server opens to nobody who guesses.
    """
    password = new_secret(12)
    build_demo(database, clock, weeks_past=weeks, weeks_future=weeks, password_hash=hashed(password), keys=keys)
    return password


def build_demo(  # noqa: PLR0913 - what a demonstration may vary
    database: Database, clock: Clock, *, weeks_past: int = 4, weeks_future: int = 4, seed: int = SEED,
    password_hash: str | None = None, keys: Keyring | None = None,
) -> Made:  # fmt: skip
    """Lay the board and its neighbour in one transaction, then live its weeks; WrongState when it is already there.

    Weeks are counted from the Monday of the clock's present week (the next one at the week-end), which is the first
    of `weeks_future`. Without `password_hash` nobody signs in by e-mail; without `keys` there is no video account.
    """
    now = clock.now()
    with database.session() as session:
        if is_there(session):
            raise WrongState(because="demo_exists")
        laid = lay_world(session, now.date(), seed=seed, password_hash=password_hash)
        stage = Stage(laid.sheet)
        story = Story(session, stage, laid.sheet.organization_id, now, Random(seed))  # noqa: S311 - no secret
        if keys is not None:
            lay_video(story.work, story.actor(stage.person(ADMINISTRATOR)), keys)
        live(story, laid, range(-weeks_past, weeks_future))
        return story.made


def live(story: Story, laid: Laid, weeks: range) -> None:
    """Plan, book and live the weeks, 0 being the present one."""
    planner = Planner(laid.sheet, laid.services, Timeline(laid.years, story.stage.hours()), story.stage)
    buildings = [story.stage.building(place.key) for place in board.PLACES]
    planned = Weeks(planner, road_book(story.session, {laid.sheet.organization_id}, buildings))
    for number in weeks:
        monday = monday_of(story.now.date()) + timedelta(weeks=number)
        story.book_week(monday, planned.plan(monday, number))
        if number == STORM_WEEK:
            incidents.storm(story, monday + timedelta(days=1))
        if number == 1:
            incidents.road_given_up(story, monday)
            incidents.rooms_lost(story, monday)
        story.live_week(monday)
    story.settle()


def is_there(session: Session) -> bool:
    return session.scalar(select(Organization.id).where(Organization.code == board.CODE)) is not None


def lay_world(session: Session, today: date, *, seed: int = SEED, password_hash: str | None = None) -> Laid:
    """Insert both boards without any séance; a pure function of `today` and `seed`."""
    rng = Random(seed)  # noqa: S311 - a fictitious world, no secret
    starts_on = first_class_day(today)
    sheet = Sheet(board.CODE)
    lay_board(sheet, board.NAME, board.SHORT_NAME, LEADING)
    lay_places(sheet)
    years = lay_school_year(sheet, today)
    lay_staff(sheet, password_hash)
    families = lay_classes(sheet, rng, starts_on.year, password_hash)
    services = lay_services(sheet, rng, starts_on, families)
    sheet.write(session)
    lay_neighbour(today, password_hash).write(session)
    for year in session.scalars(select(SchoolYear).where(SchoolYear.label == label_of(today))):
        lay_school_days(session, year)
    return Laid(sheet, years, services)
