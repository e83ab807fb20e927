"""Feeds in a real browser: opened by keyboard alone, read by a calendar program, and pages that axe finds right."""

from __future__ import annotations

from datetime import timedelta
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page

from intervention.domain.composition import AskSite, BookEncounter
from intervention.domain.encounters import EncounterKind, PlaceKind
from intervention.domain.people import Discipline
from intervention.usecases.booking import book
from intervention.usecases.work import Work
from tests import cast
from tests.browser.checks import LOOKS, context, faults_of, policy_faults
from tests.browser.conftest import Live
from tests.rendering.ics_lint import lint
from tests.rendering.readings import read_with_icalendar

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def a_rehearsal(live: Live) -> None:
    """Mireille tries the connection with Joseph, tomorrow morning."""
    base, school = cast.building("maree"), cast.building("cap")
    sites = (
        AskSite(base, place=PlaceKind.HOME_BASE, has_host=True),
        AskSite(school, facilitator_id=cast.JOSEPH),
    )
    starts = (live.clock.now() + timedelta(days=1, hours=2)).replace(minute=0)
    ask = BookEncounter(
        *(cast.MIREILLE, EncounterKind.REHEARSAL, Discipline.SPEECH_THERAPY, starts, 15, "America/Toronto", sites)
    )
    with live.database.session() as session:
        book(Work(session, live.clock), cast.mireille(session), ask)


def titles(page: Page) -> list[str]:
    return page.locator(".entry-title").all_inner_texts()


def test_a_feed_is_opened_by_keyboard_and_read_by_a_program(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    heard = policy_faults(page)
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/flux")
    assert titles(page) == ["Rencontre – CC"]

    page.focus("#subject")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.locator(".entry-title", has_text="Séance d’essai technique – Cap-Chardon").wait_for()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.locator(".entry-title", has_text="Occupé").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Téléphone")
    page.keyboard.press("Enter")
    page.wait_for_selector("#address")
    address = page.input_value("#address")
    with urlopen(address) as answer:
        body = answer.read()

    assert page.url == live.address + "/flux"
    assert lint(body) == []
    assert [reading.summary for reading in read_with_icalendar(body)] == ["Rencontre – CC"]
    page.goto(live.address + "/flux")
    assert "Lu par un autre programme, lundi 23 nov. à 7\u00a0h\u00a040" in page.inner_text("main")
    assert heard == []
    page.close()


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_what_a_new_feed_shows_is_accessible(live: Live, browser: Browser, scheme: str, language: str) -> None:
    visitor = context(browser, scheme=scheme, language=language)
    page = visitor.new_page()
    live.enter(page, cast.SYLVIE, language)

    page.goto(live.address + "/flux")
    page.locator("button.primary").click()
    page.wait_for_selector("#address")
    for summary in page.locator("details summary").all():
        summary.click()
    assert faults_of(page) == []
    page.goto(live.address + "/flux")
    page.locator("main ul.list a").first.click()
    page.wait_for_url("**/flux/*-*")
    assert faults_of(page) == []
    visitor.close()
