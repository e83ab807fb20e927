"""The pages of people and of passwords in a real browser: somebody let in by keyboard, and what axe finds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests import cast
from tests.browser.checks import axe_faults, context, overflows, policy_faults
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser

PEOPLE = "/admin/personnes"
PATHS = (
    PEOPLE,
    f"{PEOPLE}/nouvelle",
    f"{PEOPLE}/{cast.MIREILLE}",
    f"{PEOPLE}/{cast.MIREILLE}/modification",
    f"{PEOPLE}/{cast.MIREILLE}/disponibilites",
    f"{PEOPLE}/{cast.MIREILLE}/disponibilites/absences/nouvelle",
)
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


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(live: Live, browser: Browser, scheme: str, language: str) -> None:
    visitor = context(browser, scheme=scheme, language=language)
    page = visitor.new_page()
    page.goto(f"{live.address}/mot-de-passe")
    assert axe_faults(page) == []
    live.enter(page, cast.INES, language)

    for path in PATHS:
        page.goto(live.address + path)
        assert axe_faults(page) == [], path
    visitor.close()


def test_nothing_scrolls_sideways_at_320(live: Live, browser: Browser) -> None:
    visitor = context(browser, width=320)
    page = visitor.new_page()
    live.enter(page, cast.INES)

    wide = []
    for path in (*PATHS, "/mot-de-passe"):
        page.goto(live.address + path)
        wide += [path] if overflows(page) else []
    visitor.close()
    assert wide == []
