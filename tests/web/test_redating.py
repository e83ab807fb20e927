"""The séances that a change of calendar touches, on its pages: shown, ticked or not, moved, undone, left to decide."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.domain.days import DayType
from intervention.domain.encounters import EncounterStatus
from intervention.records.calendars import SchoolDay, SchoolYear
from intervention.records.encounters import Encounter
from tests import cast
from tests.web.client import Browser
from tests.web.day_world import booked, in_series
from tests.web.pages import Page

CAP = cast.building("cap")
FIRST, LAST = date(2026, 11, 27), date(2027, 1, 29)
STORM = {"ou": f"building:{CAP}", "du": FIRST.isoformat(), "genre": "closure", "raison": "Tempête"}


@pytest.fixture
def seances(world_browser: Browser, clock: FixedClock) -> list[UUID]:
    return in_series(world_browser.stage.database, clock, FIRST, LAST)


@pytest.fixture
def ines(world_browser: Browser, seances: list[UUID]) -> Browser:
    return world_browser.enter(cast.INES)


@pytest.fixture
def year(world_browser: Browser) -> str:
    with world_browser.stage.database.session(read_only=True) as session:
        found = session.scalars(select(SchoolYear.id).where(SchoolYear.organization_id == cast.BOARD)).one()
    return f"/ecoles/calendriers/{found}"


def dates(browser: Browser, seances: list[UUID]) -> list[date]:
    with browser.stage.database.session(read_only=True) as session:
        return [session.get_one(Encounter, each).on_date for each in seances]


def previewed(browser: Browser, year: str) -> Page:
    fields = {"immeuble": str(CAP), "ordre": "", "first": FIRST.isoformat(), "last": FIRST.isoformat()}
    more = {"day_type": "pedagogical", "portion": "whole", "voice": f"building|{CAP}|"}
    return browser.post(f"{year}/apercu", fields | more, status=200)


def ticked(page: Page) -> list[str]:
    return [each.get("value", "") for each in page.all("input[@name='suivre']") if each.get("checked") is not None]


def hidden(page: Page, action: str) -> dict[str, object]:
    (form,) = [each for each in page.all("form[@action]") if each.get("action") == action]
    return {each.get("name", ""): each.get("value", "") for each in form.iter("input") if each.get("type") == "hidden"}


def test_ticked_seances_move_with_the_calendar_and_come_back(ines: Browser, year: str, seances: list[UUID]) -> None:
    before = dates(ines, seances)
    page = previewed(ines, year)
    action = f"{year}/application"

    assert sorted(ticked(page)) == sorted(map(str, seances))
    assert "suit son jour de cycle" in page.text
    ines.post(action, hidden(page, action) | {"suivre": ticked(page)})

    after = dates(ines, seances)
    assert all(new > old for new, old in zip(after, before, strict=True))
    page = ines.get("/ecoles/calendriers")
    undo = next(each.get("action", "") for each in page.all("form[@action]") if "changements" in each.get("action", ""))
    ines.post(undo)
    assert dates(ines, seances) == before


def test_an_unticked_seance_stays_and_waits_where_it_is_found(ines: Browser, year: str, seances: list[UUID]) -> None:
    before = dates(ines, seances)
    page = previewed(ines, year)
    action = f"{year}/application"

    ines.post(action, hidden(page, action) | {"suivre": [str(each) for each in seances[1:]]})

    assert dates(ines, seances)[0] == before[0]
    assert dates(ines, seances)[1] > before[1]
    assert "ne peut pas suivre" not in ines.follow().text
    assert f"/seances/{seances[0]}" in ines.get("/ecoles/calendriers/a-decider").links.values()
    assert "Une séance attend une décision" in ines.get("/ecoles/calendriers").text
    mireille = ines.enter(cast.MIREILLE).get("/ecoles/calendriers/a-decider")
    assert f"/seances/{seances[0]}" in mireille.links.values()


def test_what_stands_in_the_way_is_named_and_nothing_ticks_it(
    ines: Browser, year: str, seances: list[UUID], clock: FixedClock
) -> None:
    with ines.stage.database.session(read_only=True) as session:
        there = (SchoolDay.building_id == CAP) & (SchoolDay.level == "") & (SchoolDay.on_date > FIRST)
        statement = (
            select(SchoolDay.on_date).where(there, SchoolDay.day_type == DayType.CLASS).order_by(SchoolDay.on_date)
        )
        landing = session.scalars(statement.limit(1)).one()
    met = booked(ines.stage.database, clock, f"{landing} 09:00").encounter_id

    page = previewed(ines, year)

    assert str(seances[0]) not in [each.get("value") for each in page.all("input[@name='suivre']")]
    assert f"/seances/{met}" in page.links.values()
    assert "1 ne peut pas suivre" in page.text


def test_a_storm_on_a_cycle_that_slides_says_which_dates_move(ines: Browser, seances: list[UUID]) -> None:
    omar = ines.enter(cast.OMAR)
    before = dates(omar, seances)
    page = omar.get("/fermetures/nouvelle?" + "&".join(f"{name}={value}" for name, value in STORM.items()))

    assert sorted(ticked(page)) == sorted(map(str, seances))
    omar.post("/fermetures", hidden(page, "/fermetures") | {"suivre": ticked(page)})

    page = omar.follow()
    assert "séances suivent leur jour de cycle" in page.text
    assert dates(omar, seances)[0] > before[0]
    undo = next(each.get("action", "") for each in page.all("form[@action]") if "changements" in each.get("action", ""))
    omar.post(undo)
    assert dates(omar, seances) == before


def test_what_waits_is_told_to_its_school_and_not_to_a_neighbour(ines: Browser, year: str, seances: list[UUID]) -> None:
    page = previewed(ines, year)
    action = f"{year}/application"
    ines.post(action, hidden(page, action))

    waiting = ines.enter(cast.LUC).get("/ecoles/calendriers/a-decider")

    told = {each.get("href", "") for each in waiting.all("a")}
    assert {each for each in told if each.startswith("/seances/0")} == {f"/seances/{each}" for each in seances}
    assert "Rien à décider" in ines.enter(cast.ANOUK).get("/ecoles/calendriers/a-decider").text


def test_every_page_of_lines_is_seen_and_decided(world_browser: Browser, year: str, clock: FixedClock) -> None:
    """What is unticked on one page stays so while others are looked at, and when all is applied. Where a séance stays,
    no other lands: that day of the cycle has none at that hour."""
    ines = world_browser.enter(cast.INES)
    seances = [
        own
        for hour in (time(9, 0), time(9, 45), time(10, 30), time(13, 30))
        for own in in_series(ines.stage.database, clock, FIRST, date(2027, 6, 4), hour=hour, days=(1, 3, 5, 7, 9))
    ]
    before, action = dates(ines, seances), f"{year}/application"

    first = previewed(ines, year)
    assert "Page 1 de 2" in first.text
    one = ticked(first)
    second = ines.post(action, hidden(first, action) | {"suivre": one[1:], "feuille": "2"}, status=200)
    two = ticked(second)
    assert (len(one), len(one) + len(two)) == (200, len(seances))
    again = ines.post(action, hidden(second, action) | {"suivre": two[1:], "feuille": "1"}, status=200)
    assert ticked(again) == one[1:]
    ines.post(action, hidden(again, action) | {"suivre": ticked(again)})

    after = zip(map(str, seances), before, dates(ines, seances), strict=True)
    with ines.stage.database.session(read_only=True) as session:
        planned = select(Encounter.id).where(Encounter.status == EncounterStatus.PLANNED)
        still = set(map(str, session.scalars(planned)))  # the last of a series has no day any more
    assert {own for own, old, new in after if old == new} & still == {one[0], two[0]}
