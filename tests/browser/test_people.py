"""The pages of people and of passwords in a real browser: somebody let in by keyboard, and what axe finds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests import cast
from tests.browser.checks import axe_faults, context, policy_faults
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser

PEOPLE = "/admin/personnes"
GOOD = "trois bernaches au large"


def test_a_link_is_handed_over_and_a_password_chosen_by_keyboard(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    heard = policy_faults(page)
    live.enter(page, cast.INES)
    page.goto(f"{live.address}{PEOPLE}/{cast.MIREILLE}")
    page.focus("main form button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#link")
    link = page.input_value("#link")

    visitor = context(browser)
    theirs = visitor.new_page()
    theirs.goto(link)
    assert "#" not in theirs.url
    assert not theirs.locator("#lien").is_visible()
    theirs.focus("#wanted")
    theirs.keyboard.type("court")
    theirs.keyboard.press("Enter")
    theirs.wait_for_selector(".faults")
    assert axe_faults(theirs) == []
    theirs.focus("#wanted")
    theirs.keyboard.type(GOOD)
    theirs.keyboard.press("Tab")
    theirs.keyboard.type(GOOD)
    theirs.keyboard.press("Enter")
    theirs.get_by_text("C’est fait. Ouvrez une session avec ce mot de passe.").wait_for()

    assert theirs.url == f"{live.address}/connexion"
    assert heard == []
    visitor.close()
    page.close()
