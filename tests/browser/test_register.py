"""What is kept by hand, in a real browser: a pupil added by keyboard alone, and what axe finds on each page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests import cast
from tests.browser.checks import policy_faults
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser

E_214, CAP = cast.pupil("E-214"), cast.building("cap")


def test_a_pupil_is_added_by_keyboard(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    heard = policy_faults(page)
    live.enter(page, cast.INES)
    page.goto(live.address + "/admin/eleves/nouveau")

    page.focus("#code")
    page.keyboard.type("Hautetour")
    page.keyboard.press("Enter")
    page.wait_for_selector(".faults")
    assert page.evaluate("document.activeElement.className") == "faults"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "given_name"  # the first of what is missing
    for name, text in (("code", "E-900"), ("given_name", "Alizée"), ("family_name", "Hautetour")):
        page.fill(f"#{name}", text)
    page.focus("#school")
    page.keyboard.press("ArrowDown")
    page.focus("main button.primary")
    page.keyboard.press("Enter")
    page.get_by_text("L’élève est ajouté.").wait_for()

    assert page.url == live.address + "/admin/eleves"
    assert heard == ["Failed to load resource: the server responded with a status of 422 (UNPROCESSABLE ENTITY)"]
    page.close()
