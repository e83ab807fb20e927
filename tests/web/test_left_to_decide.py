"""Who is told what waits for a decision after a change of calendar or of legal time, and who may settle it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from intervention.domain.clock import FixedClock
from intervention.domain.people import Role
from intervention.records.calendars import CalendarChange
from intervention.records.encounters import Encounter
from intervention.records.people import Membership
from intervention.records.reservations import Reservation
from intervention.usecases.reservations import rebuild_bits
from tests import cast
from tests.web.client import Browser
from tests.web.day_world import booked, in_series
from tests.web.test_redating import STORM, hidden

TO_DECIDE, LEGAL_TIME = "/ecoles/calendriers/a-decider", "/ecoles/calendriers/heure-legale"
HOUR = timedelta(hours=1)


@pytest.fixture
def moved(world_browser: Browser, clock: FixedClock) -> UUID:
    """Planned at 10:30 by older rules, under which that was an hour sooner."""
    database = world_browser.stage.database
    own = booked(database, clock, "2026-11-27 10:30").encounter_id
    with database.session() as session:
        encounter = session.get_one(Encounter, own)
        encounter.starts_at, encounter.ends_at = encounter.starts_at - HOUR, encounter.ends_at - HOUR
        back = {"starts_tick": Reservation.starts_tick - 12, "ends_tick": Reservation.ends_tick - 12}
        session.execute(update(Reservation).where(Reservation.encounter_id == own).values(back))
        rebuild_bits(session)
    return own


@pytest.fixture
def waiting(world_browser: Browser, clock: FixedClock) -> list[UUID]:
    """A school closed, and nobody accepted that its séances follow."""
    seances = in_series(world_browser.stage.database, clock, date(2026, 11, 27), date(2026, 12, 18))
    omar = world_browser.enter(cast.OMAR)
    page = omar.get("/fermetures/nouvelle?" + "&".join(f"{name}={value}" for name, value in STORM.items()))
    omar.post("/fermetures", hidden(page, "/fermetures") | {"suivre": []})
    return seances


def next_door(browser: Browser, *more: Role) -> Browser:
    """Somebody of the neighbouring board, who administers it where asked."""
    with browser.stage.database.session() as session:
        session.add_all(Membership(person_id=cast.ETRANGERE, organization_id=cast.NEIGHBOUR, role=r) for r in more)
    return browser.enter(cast.ETRANGERE, cast.NEIGHBOUR)


def starts(browser: Browser, encounter: UUID) -> datetime:
    with browser.stage.database.session(read_only=True) as session:
        return session.get_one(Encounter, encounter).starts_at


@pytest.mark.parametrize("who", [cast.MIREILLE, cast.OMAR, cast.LUC, cast.ANOUK, cast.JOSEPH])
def test_legal_time_is_for_administrators(world_browser: Browser, moved: UUID, who: UUID) -> None:
    before = starts(world_browser, moved)
    browser = world_browser.enter(who)

    browser.get(LEGAL_TIME, status=403)
    browser.post(LEGAL_TIME, {"garder": "wall"}, status=403)

    assert starts(world_browser, moved) == before


def test_an_administrator_settles_those_of_the_board(world_browser: Browser, moved: UUID) -> None:
    before = starts(world_browser, moved)
    ines = world_browser.enter(cast.INES)

    assert f"/seances/{moved}" in ines.get(LEGAL_TIME).links.values()
    ines.post(LEGAL_TIME, {"garder": "wall"})

    assert starts(world_browser, moved) == before + HOUR


def test_the_neighbours_administrator_settles_nothing_of_ours(world_browser: Browser, moved: UUID) -> None:
    before = starts(world_browser, moved)
    stranger = next_door(world_browser, Role.ADMINISTRATOR)

    assert f"/seances/{moved}" not in stranger.get(LEGAL_TIME).links.values()
    stranger.post(LEGAL_TIME, {"garder": "wall"})
    stranger.get(f"/seances/{moved}", status=404)

    assert starts(world_browser, moved) == before


def test_a_stranger_is_told_nothing_of_what_waits(world_browser: Browser, waiting: list[UUID]) -> None:
    assert f"/seances/{waiting[-1]}" in world_browser.enter(cast.OMAR).get(TO_DECIDE).links.values()
    with world_browser.stage.database.session(read_only=True) as session:
        change = session.scalars(select(CalendarChange.id)).one()

    for role in (None, Role.ADMINISTRATOR, Role.COORDINATOR):
        stranger = next_door(world_browser, *([role] if role else []))
        assert "Rien à décider" in stranger.get(TO_DECIDE).text
        stranger.get(f"/ecoles/calendriers/changements/{change}", status=404)
        stranger.post(f"/ecoles/calendriers/changements/{change}/annulation", status=404)
    stranger.get(f"/fermetures/changements/{change}", status=404)


def test_the_list_is_read_only(world_browser: Browser) -> None:
    """What is decided is decided on each séance's own page."""
    world_browser.enter(cast.INES).post(TO_DECIDE, status=405)
