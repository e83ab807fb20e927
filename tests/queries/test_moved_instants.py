"""Séances whose instant a change of a zone's rules moves, with a change that no law has made."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from intervention.queries.moved_instants import moved_instants
from intervention.usecases.booking import book
from intervention.usecases.work import Work
from tests.builders import actor
from tests.usecases.booking_world import a_world, at, remote


def summer_for_ever(zone: str) -> tzinfo:
    """Québec keeps summer time: what was to be 9 h in winter is one hour sooner."""
    return timezone(timedelta(hours=-4)) if zone == "America/Toronto" else ZoneInfo(zone)


def test_a_made_up_law_moves_the_instants_of_winter(work: Work) -> None:
    world = a_world(work.session)
    made = book(work, actor(work.session, world.mireille), remote(world, at("2026-11-27 09:00"))).encounter_id

    assert moved_instants(work.session, work.now()) == []
    (moved,) = moved_instants(work.session, work.now(), summer_for_ever)

    assert moved.encounter_id == made
    assert (moved.planned_at, moved.now_at) == (
        datetime(2026, 11, 27, 14, tzinfo=UTC), datetime(2026, 11, 27, 13, tzinfo=UTC)
    )  # fmt: skip
    assert moved_instants(work.session, moved.planned_at, summer_for_ever) == []
