"""Makes the fictitious board: what `intervention demo` and an empty `make run` show, and the cast of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.clock import Clock
from intervention.domain.errors import WrongState
from intervention.records.database import Database
from intervention.records.people import Organization
from intervention.usecases.demo_world import board
from intervention.usecases.demo_world.calendar import YearDay, first_class_day
from intervention.usecases.demo_world.neighbour import lay_neighbour
from intervention.usecases.demo_world.places import lay_board, lay_places, lay_school_year
from intervention.usecases.demo_world.services import Services, lay_services
from intervention.usecases.demo_world.sheet import Sheet
from intervention.usecases.demo_world.staff import lay_classes, lay_staff

SEED = 1867


@dataclass(frozen=True, slots=True)
class Laid:
    """The world without its séances, as the planning of the weeks needs it."""

    sheet: Sheet
    years: dict[str, list[YearDay]]
    services: Services


def build_demo(  # noqa: PLR0913 - what a demonstration may vary
    database: Database, clock: Clock, *, weeks_past: int = 4, weeks_future: int = 4, seed: int = SEED,
    password_hash: str | None = None,
) -> None:  # fmt: skip
    """Lay the board and its neighbour in one transaction; WrongState when the board is already there.

    Weeks are counted from the Monday of the clock's present week (the next one at the week-end), which is the first
    of `weeks_future`. Everybody gets `password_hash`, or cannot sign in by e-mail.
    """
    with database.session() as session:
        if is_there(session):
            raise WrongState(because="demo_exists")
        lay_world(session, clock.now().date(), seed=seed, password_hash=password_hash)


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
