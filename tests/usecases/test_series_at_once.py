"""Two editors of a series, and one of a date of it, at the same moment: one series edit is done, the other is told."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.domain.series_change import NewTime
from intervention.records.database import Database
from intervention.records.series import Series, SeriesAct
from intervention.usecases.changing import ChangeEncounter, change
from intervention.usecases.series import create
from intervention.usecases.series_change import change_series
from intervention.usecases.series_change_ask import ChangeSeries
from intervention.usecases.work import open_work
from tests.builders import actor
from tests.databases import MONDAY
from tests.usecases.booking_world import a_world, at
from tests.usecases.test_seats_at_once import at_once
from tests.usecases.test_series import weekly
from tests.usecases.test_series_changed_at_random import require_sound


def test_of_two_edits_at_once_one_is_told(fresh_database: Database) -> None:
    clock = FixedClock(MONDAY)
    with open_work(fresh_database, clock) as work:
        world = a_world(work.session)
        mireille, omar = actor(work.session, world.mireille), actor(work.session, world.omar)
        planned = create(work, mireille, weekly(world))
    ask = ChangeSeries(planned.series_id, 1, time=NewTime(days=(4,)))
    other = ChangeSeries(planned.series_id, 1, time=NewTime(at=time(10, 25)))
    alone = ChangeEncounter(planned.encounters[3], 1, starts_at=at("2026-12-16 09:00"))

    refused = at_once(
        fresh_database,
        clock,
        [
            lambda work: change_series(work, mireille, ask),
            lambda work: change_series(work, omar, other),
            lambda work: change(work, mireille, alone),
        ],
    )

    assert refused.count("stale") in {1, 2}  # the date alone comes first and stays, or comes after and is told
    assert set(refused) == {"stale"}
    with open_work(fresh_database, clock) as work:
        assert work.session.scalars(select(Series.version)).all() == [2]
        assert len(work.session.scalars(select(SeriesAct)).all()) == 2
        require_sound(work)
