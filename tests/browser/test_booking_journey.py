"""Booking in a real browser: by keyboard alone, without losing the focus; axe and 320 px in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from intervention.records.encounters import Encounter
from tests import cast
from tests.browser.checks import LOOKS, context, faults_of
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser

SHEET = f"/seances/nouvelle?qui=pupil:{cast.pupil('E-214')}"
SERIES = f"/seances/serie?qui=pupil:{cast.pupil('E-214')}&repeter=week&jours=4&periode=2&du=2026-11-26&au=2027-01-29"


def booked(live: Live) -> int:
    with live.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Encounter)) or 0


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Tab until the focus is on what `selector` names."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_by_keyboard_alone_and_the_focus_stays(browser: Browser, live: Live) -> None:
    page = browser.new_context(locale="fr-CA").new_page()
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/seances/nouvelle")

    tab_to(page, "input[name=qui]")
    page.keyboard.press("Space")
    expect(page.locator(".slot-card").first).to_be_visible()
    assert page.evaluate("document.activeElement.name") == "qui"

    tab_to(page, ".slot-card")
    page.keyboard.press("Enter")
    page.wait_for_url("**/seances/*-*-*")
    expect(page.locator(".notice p")).to_have_text("La séance est planifiée.")
    assert booked(live) == 1

    tab_to(page, "form[action$='/retrait'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/seances/nouvelle")
    assert booked(live) == 0
    page.context.close()


def test_back_button_shows_what_is_free_now(browser: Browser, live: Live) -> None:
    page = browser.new_context(locale="fr-CA").new_page()
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + SHEET)
    taken = page.locator(".slot-card").first.get_attribute("value")
    page.locator(".slot-card").first.click()
    page.wait_for_url("**/seances/*-*-*")

    page.go_back()

    expect(page.locator(".slot-card").first).to_be_visible()
    assert taken not in [each.get_attribute("value") for each in page.locator("button[name=slot]").all()]
    page.context.close()


def test_back_button_finds_the_slots_of_the_pupil_who_was_picked(browser: Browser, live: Live) -> None:
    page = browser.new_context(locale="fr-CA").new_page()
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/seances/nouvelle")
    page.locator("input[name=qui]").first.check()
    page.locator(".slot-card").first.click()
    page.wait_for_url("**/seances/*-*-*")

    page.go_back()

    expect(page.locator("input[name=qui]").first).to_be_checked()
    expect(page.locator(".slot-card").first).to_be_visible()
    page.context.close()


def test_without_script_the_sheet_works(browser: Browser, live: Live) -> None:
    page = browser.new_context(locale="fr-CA", java_script_enabled=False).new_page()
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/seances/nouvelle")

    page.locator("input[name=qui]").first.check()
    page.get_by_role("button", name="Voir les créneaux").click()
    page.locator(".slot-card").first.click()

    expect(page.locator(".notice p")).to_have_text("La séance est planifiée.")
    page.context.close()


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_what_follows_a_booking_is_accessible(browser: Browser, live: Live, language: str, scheme: str) -> None:
    with context(browser, scheme=scheme) as opened:
        page = opened.new_page()
        live.enter(page, cast.MIREILLE, language)
        page.goto(live.address + SHEET)
        page.locator(".slot-card").first.click()
        page.wait_for_url("**/seances/*-*-*")
        assert faults_of(page) == []
        page.goto(page.url + "/deplacement")
        assert faults_of(page) == []
