"""The schools' pages in a real browser: a zone confirmed and bells mended by keyboard alone, and what axe finds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from intervention.records.schools import Building
from tests import cast
from tests.browser.checks import LOOKS, context, faults_of, policy_faults
from tests.browser.conftest import Live
from tests.integrations.test_schools_open_data import LINE, a_csv

pytestmark = pytest.mark.browser

CAP = f"/ecoles/immeubles/{cast.building('cap')}"


@pytest.fixture(autouse=True)
def two_zones_to_confirm(live: Live) -> None:
    with live.database.session() as session:
        wanted = (cast.building("cap"), cast.building("brumes"))
        session.execute(update(Building).where(Building.id.in_(wanted)).values(zone=None))


def test_a_zone_is_confirmed_and_bells_are_mended_by_keyboard(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    heard = policy_faults(page)
    live.enter(page, cast.INES)
    page.goto(live.address + "/ecoles")
    assert page.locator("input[name=zones]:checked").count() == 2

    page.focus("input[name=zones]:checked")
    page.keyboard.press("Space")
    page.focus("main button.primary")
    page.keyboard.press("Enter")
    page.get_by_text("Heures légales confirmées\u00a0: 1.").wait_for()
    page.goto(f"{live.address}{CAP}/cloches/primary")
    page.fill("#starts-1", "08:05")
    page.keyboard.press("Enter")
    page.wait_for_selector(".faults")
    assert page.evaluate("document.activeElement.className") == "faults"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "starts-1"
    page.fill("#starts-1", page.input_value("#ends-0"))
    page.keyboard.press("Enter")
    page.get_by_text("Les cloches sont à jour.").wait_for()

    assert page.url == live.address + CAP
    assert heard == ["Failed to load resource: the server responded with a status of 422 (UNPROCESSABLE ENTITY)"]
    page.close()


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_what_needs_a_hand_is_accessible(live: Live, browser: Browser, scheme: str, language: str) -> None:
    visitor = context(browser, scheme=scheme, language=language)
    page = visitor.new_page()
    live.enter(page, cast.INES, language)

    for path in ("/ecoles", CAP):
        page.goto(live.address + path)
        assert faults_of(page) == [], path
    examine(page, live, a_csv(LINE))
    assert faults_of(page) == []
    examine(page, live, a_csv(LINE, "cut,short"))
    assert faults_of(page) == []
    visitor.close()


def examine(page: Page, live: Live, content: bytes) -> None:
    page.goto(live.address + "/ecoles/importation")
    page.set_input_files("#file", {"name": "ecoles.csv", "mimeType": "text/csv", "buffer": content})
    page.fill("#board", "999000")
    page.locator("main button.primary").click()
    page.wait_for_load_state()


def test_a_file_is_chosen_once_then_applied(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    heard = policy_faults(page)
    live.enter(page, cast.INES)

    examine(page, live, a_csv(LINE))
    page.get_by_role("button", name="Appliquer ces changements").click()
    page.get_by_text("C’est appliqué. Ajouts\u00a0: 3.").wait_for()

    assert page.locator("main .strong", has_text="Pavillon Érable").count() == 1
    assert heard == []
    page.close()
