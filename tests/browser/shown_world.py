"""What pictures and checks of every page show beside the demonstration, and what stands for its ids in addresses."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from intervention.domain.clock import Clock
from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import EncounterKind, ParticipantRole
from intervention.domain.people import Discipline
from intervention.domain.recurrence import OnWeekdays, Recurrence
from intervention.queries.catalogue import catalogue
from intervention.queries.series_calendar import ways_of
from intervention.records.database import Database
from intervention.records.timetables import TimetableLine
from intervention.usecases.series import create
from intervention.usecases.series_sheet import PlanSeries
from intervention.usecases.work import open_work
from tests import cast
from tests.web.timetable_pages import a_timetable


def make(database: Database, clock: Clock) -> dict[str, UUID]:
    """By the word between braces of a path: a series of Mireille's, her timetable with a conflict, its last line."""
    series = _series(database, clock)
    timetable = a_timetable(database, clock).id
    with database.session(read_only=True) as session:
        lines = session.scalars(select(TimetableLine.id).where(TimetableLine.timetable_id == timetable)).all()
    return {"series": series, "timetable": timetable, "line": lines[-1]}


def _series(database: Database, clock: Clock) -> UUID:
    """Weekly with E-214, as her sheet would plan it."""
    with open_work(database, clock) as work:
        actor = cast.actor(work.session, cast.MIREILLE)
        person = AskParticipant(ParticipantRole.PUPIL, pupil_id=cast.pupil("E-214"))
        board = catalogue(work.session, cast.BOARD)
        way = ways_of(board, actor, EncounterKind.INDIVIDUAL, cast.MIREILLE, [person], None)[0]
        rule = Recurrence(OnWeekdays((3,)), date(2026, 11, 25), date(2027, 1, 29), period=2)
        ask = PlanSeries(cast.MIREILLE, EncounterKind.INDIVIDUAL, Discipline.SPEECH_THERAPY, 45, way.sites, rule)
        return create(work, actor, ask).series_id
