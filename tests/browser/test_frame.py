"""The frame and the parts in a real browser: by keyboard, by axe, on a narrow screen, under the strict policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from intervention.records.people import Person
from intervention.usecases import passwords
from tests import cast
from tests.browser import specimen
from tests.browser.checks import axe_faults, context, policy_faults
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser
PHRASE = "une phrase de passe"


def test_signing_in_by_keyboard_alone(live: Live, browser: Browser) -> None:
    with live.database.session() as session:
        mireille = session.get_one(Person, cast.MIREILLE)
        mireille.password_hash = passwords.hashed(PHRASE)
        email = mireille.email or ""
    page = browser.new_page(locale="fr-CA")
    page.goto(live.address + "/moi")

    def focused() -> str:
        return str(page.evaluate("document.activeElement.textContent || document.activeElement.name").strip())

    page.keyboard.press("Tab")
    assert focused() == "Aller au contenu"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type("pas la bonne")
    page.keyboard.press("Enter")
    page.wait_for_selector(".faults")
    assert page.evaluate("document.activeElement.className") == "faults"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "password"
    page.keyboard.type(PHRASE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/moi")

    assert page.locator("h1").inner_text() == "Mireille Bellegrève"
    page.close()


def test_the_policy_refuses_nothing_of_ours(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    heard = policy_faults(page)
    page.goto(live.address + "/connexion")
    live.enter(page, cast.MIREILLE)
    for path in ("/moi", "/aide/clavier", "/recherche"):
        page.goto(live.address + path)

    assert heard == []
    page.close()


def test_htmx_swaps_a_nonced_element_and_no_other(live: Live, browser: Browser) -> None:
    specimen.install(live.app)
    page = browser.new_page(locale="fr-CA")
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/specimen/echange")

    page.get_by_role("button", name="Avec").click()
    page.wait_for_selector("#cible >> text=Échangé")
    page.get_by_role("button", name="Sans").click()
    page.wait_for_timeout(300)

    assert page.locator("#autre").inner_text() == "Intact"
    page.close()


def test_on_a_phone_the_sections_beyond_four_open_from_one_button(live: Live, browser: Browser) -> None:
    visitor = context(browser, width=390)
    page = visitor.new_page()
    live.enter(page, cast.INES)
    page.goto(live.address + "/ecoles/calendriers")
    more, calendars = page.get_by_role("button", name="Plus"), page.get_by_role("link", name="Calendriers", exact=True)
    assert (page.locator(".rail a:visible").count(), calendars.is_visible()) == (4, False)

    more.press("Enter")
    assert (calendars.is_visible(), calendars.get_attribute("aria-current"), axe_faults(page)) == (True, "page", [])
    page.keyboard.press("Escape")

    assert (calendars.is_visible(), page.evaluate("document.activeElement.innerText")) == (False, "Plus")
    visitor.close()


@pytest.fixture
def specimen_page(live: Live, browser: Browser) -> Page:
    specimen.install(live.app)
    page = browser.new_page(locale="fr-CA")
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/specimen")
    return page


def test_question_mark_opens_the_keyboard_page(specimen_page: Page) -> None:
    specimen_page.locator("main").focus()
    specimen_page.keyboard.press("?")
    specimen_page.wait_for_url("**/aide/clavier")

    assert specimen_page.locator("h1").inner_text() == "Touches du clavier"


def test_letters_typed_in_a_field_stay_there(specimen_page: Page) -> None:
    specimen_page.locator("#email").fill("")
    specimen_page.locator("#email").press_sequentially("t?/")

    assert specimen_page.locator("#email").input_value() == "t?/"
    assert specimen_page.url.endswith("/specimen")


def test_letters_do_nothing_when_turned_off(live: Live, specimen_page: Page) -> None:
    specimen_page.goto(live.address + "/aide/clavier")
    specimen_page.get_by_role("button", name="Désactiver les lettres").click()
    specimen_page.wait_for_load_state()
    specimen_page.goto(live.address + "/moi")
    specimen_page.locator("main").focus()
    specimen_page.keyboard.press("t")
    specimen_page.wait_for_timeout(200)

    assert specimen_page.url.endswith("/moi")


def test_arrows_walk_the_grid(specimen_page: Page) -> None:
    specimen_page.get_by_role("link", name="Sous-groupe Langage 2").last.focus()
    specimen_page.keyboard.press("ArrowDown")

    assert specimen_page.evaluate("document.activeElement.textContent") == "Suivi E-214"
