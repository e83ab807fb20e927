"""The booking world with a school year and a cycle of five days, the same at its three buildings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import select

from intervention.domain.permissions import Actor
from intervention.domain.timetable import Cell
from intervention.queries.catalogue import touch_catalogue
from intervention.records.calendars import SchoolDay, SchoolYear
from intervention.records.people import Organization, Person
from intervention.records.timetables import Timetable, TimetableLine
from intervention.usecases import timetables
from intervention.usecases.timetable_sheet import Sheet, judge
from intervention.usecases.work import Work
from tests.builders import actor
from tests.usecases.booking_world import World, a_world

CYCLE = 5
LAST = date(2026, 12, 31)


@dataclass
class Planned:
    """Mireille's timetable of the year, of a line for Léo and one for Maude, nothing placed yet."""

    world: World
    year: SchoolYear
    mireille: Actor
    timetable: Timetable
    leo: TimetableLine
    maude: TimetableLine

    def judged(self, work: Work) -> Sheet:
        return judge(work, self.mireille, self.timetable)

    def place(
        self, work: Work, line: TimetableLine, day: int, at: str, *, by_week: bool = False, turn: int = 0
    ) -> UUID:
        cell = Cell(day, time.fromisoformat(at), by_week, turn)
        return timetables.place(work, self.mireille, self.timetable.id, self.timetable.version, line.id, cell)


def a_year(work: Work, board: Organization, label: str, starts_on: date, ends_on: date) -> SchoolYear:
    year = SchoolYear(
        organization_id=board.id, label=label, starts_on=starts_on, ends_on=ends_on, staff_from=starts_on,
        staff_until=ends_on, cycle_length=CYCLE,
    )  # fmt: skip
    work.session.add(year)
    work.session.flush()
    return year


def numbered(work: Work, board: Organization) -> None:
    """Jour 1 to 5 over the class days of every building."""
    turns: dict[UUID, int] = {}
    for day in work.session.scalars(
        select(SchoolDay).where(SchoolDay.organization_id == board.id).order_by(SchoolDay.on_date)
    ):
        n = turns[day.building_id] = turns.get(day.building_id, -1) + 1
        day.cycle_day, day.cycle_number = n % CYCLE + 1, n // CYCLE + 1
    work.session.flush()
    touch_catalogue(work.session, board.id)


def planned(work: Work) -> Planned:
    world = a_world(work.session)
    numbered(work, world.board)
    year = a_year(work, world.board, "2026-2027", date(2026, 8, 31), LAST)
    mireille = actor(work.session, world.mireille)
    timetable = work.session.get_one(Timetable, timetables.make(work, mireille, world.mireille.id, year.id))
    lines = {line.pupil_id: line for line in work.session.scalars(select(TimetableLine))}
    return Planned(world, year, mireille, timetable, lines[world.leo.id], lines[world.maude.id])


def acting(work: Work, person: Person) -> Actor:
    return actor(work.session, person)
