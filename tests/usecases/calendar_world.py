"""A booking world with a school year opened over its three buildings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from intervention.domain.calendar_edits import Stroke, Voice
from intervention.domain.calendar_layers import Frame
from intervention.domain.cycle import Rotation
from intervention.domain.days import DayType, Layer, Portion
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.records.calendars import CycleRotation, DayMark, SchoolDay, SchoolYear
from intervention.usecases.calendar_edits import PaintDays
from intervention.usecases.school_years import CreateYear, create_year
from intervention.usecases.work import Work
from tests.builders import a_person, actor, school_of
from tests.usecases.booking_world import World, a_world

FRAME = Frame(date(2026, 8, 24), date(2026, 8, 28), date(2027, 6, 22), date(2027, 6, 25))
USUAL = Rotation(10)


@dataclass(frozen=True)
class Office:
    """Inès administers; Luc is the principal of the school of Anse-aux-Lièvres."""

    world: World
    ines: Actor
    luc: Actor
    year_id: UUID

    @property
    def board(self) -> Voice:
        return Voice(Layer.ORGANIZATION, self.world.board.id)

    @property
    def anse(self) -> Voice:
        return Voice(Layer.BUILDING, self.world.anse.id)


def an_office(work: Work) -> Office:
    world = a_world(work.session)
    ines = actor(work.session, a_person(work.session, world.board, "Inès", Role.ADMINISTRATOR))
    luc = actor(work.session, a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse))
    return Office(world, ines, luc, create_year(work, ines, CreateYear("2026-2027", FRAME, USUAL)))


def school_voice(work: Work, office: Office) -> Voice:
    return Voice(Layer.SCHOOL, school_of(work.session, office.world.anse).id)


def painting(  # noqa: PLR0917 - a stroke
    office: Office, voice: Voice, first: str, last: str = "", day_type: DayType | None = DayType.PEDAGOGICAL,
    portion: Portion = Portion.WHOLE, label: str | None = None,
) -> PaintDays:  # fmt: skip
    ends = date.fromisoformat(last or first)
    return PaintDays(
        office.year_id, voice, (Stroke(date.fromisoformat(first), ends, day_type, portion, label),)
    )  # fmt: skip


def day_of(work: Work, building_id: UUID, on_date: str, level: str = "") -> SchoolDay | None:
    work.session.expire_all()
    return work.session.get(SchoolDay, (building_id, level, date.fromisoformat(on_date)))


def rows(work: Work) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the calendar's tables, whole."""
    work.session.flush()
    return {
        record.__tablename__: sorted(
            (tuple(row) for row in work.session.execute(select(*record.__table__.columns))), key=repr
        )
        for record in (SchoolYear, DayMark, CycleRotation, SchoolDay)
    }
