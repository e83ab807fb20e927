"""The world that pages are measured in: the grown demonstration, with one of each thing that a page shows alone.

    python -m benchmarks.page_world FILE

A process of its own, so that the memory of the one that is asked is a server's.
"""

import sys
from datetime import date
from pathlib import Path

from benchmarks.grown import NOW, make
from intervention.domain.absences import AbsenceFacts
from intervention.domain.calendar_edits import Stroke, Voice
from intervention.domain.clock import FixedClock
from intervention.domain.days import DayType, Layer
from intervention.domain.feeds import FeedDetail, FeedScope
from intervention.records.database import Database
from intervention.usecases.absences import add_absence
from intervention.usecases.calendar_edits import PaintDays, apply_edit
from intervention.usecases.feeds import CreateFeed, create_feed
from intervention.usecases.work import open_work
from tests import cast
from tests.browser import shown_world

AWAY = AbsenceFacts(date(2026, 12, 14), date(2026, 12, 15))
NO_CLASS = Stroke(date(2027, 5, 28), date(2027, 5, 28), DayType.PEDAGOGICAL)


def complete(file: Path) -> None:
    """Mireille's series, timetable, absence and feed, and a change of the board's calendar."""
    database, clock = Database(f"sqlite:///{file}"), FixedClock(NOW)
    shown_world.make(database, clock)
    with open_work(database, clock) as work:
        mireille = cast.mireille(work.session)
        add_absence(work, mireille, cast.MIREILLE, AWAY)
        create_feed(work, mireille, CreateFeed(FeedScope.PERSON, cast.MIREILLE, FeedDetail.TEAM))
        edit = PaintDays(cast.school_year(), Voice(Layer.ORGANIZATION, cast.BOARD), (NO_CLASS,))
        apply_edit(work, cast.actor(work.session, cast.INES), edit)
    database.dispose()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
    complete(Path(sys.argv[1]))
