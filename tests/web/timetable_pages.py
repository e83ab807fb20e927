"""Mireille's timetable in the cast's world, with a few places, for the pages that show one."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.domain.timetable import Cell
from intervention.records.database import Database
from intervention.records.timetables import Timetable, TimetableLine
from intervention.usecases.timetables import make, place
from intervention.usecases.work import open_work
from tests import cast

START = time(8, 30)


def a_timetable(database: Database, clock: FixedClock, *, placed: int = 4) -> Timetable:
    """Its first lines on the same half hour of Jours 1, 2, … and the last of them on top of the one before."""
    with open_work(database, clock) as work:
        work.session.expire_on_commit = False
        mireille = cast.mireille(work.session)
        kept = work.session.get_one(Timetable, make(work, mireille, cast.MIREILLE, cast.school_year()))
        lines = work.session.scalars(select(TimetableLine).where(TimetableLine.timetable_id == kept.id)).all()
        for n, line in enumerate(lines[:placed]):
            day = min(n + 1, placed - 1) if placed > 1 else 1
            place(work, mireille, kept.id, kept.version, line.id, Cell(day, START))
        return kept
