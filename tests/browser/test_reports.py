"""Reports in a real browser: chosen by keyboard, right for axe in both languages and looks, and readable at 320 px."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from intervention.domain.composition import AskSite, BookEncounter
from intervention.domain.encounters import EncounterKind, EncounterStatus, PlaceKind
from intervention.domain.people import Discipline
from intervention.records.encounters import Encounter
from intervention.usecases.booking import book
from intervention.usecases.work import Work
from tests import cast
from tests.browser.checks import policy_faults
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _given(live: Live) -> None:
    """Mireille has tried the connection with Joseph."""
    starts = (live.clock.now() + timedelta(days=1)).replace(hour=15, minute=0)
    base, school = cast.building("maree"), cast.building("cap")
    with live.database.session() as session:
        rehearsal = BookEncounter(
            *(cast.MIREILLE, EncounterKind.REHEARSAL, Discipline.SPEECH_THERAPY, starts, 15),
            "America/Toronto",
            (AskSite(base, place=PlaceKind.HOME_BASE, has_host=True), AskSite(school, facilitator_id=cast.JOSEPH)),
        )
        book(Work(session, live.clock), cast.mireille(session), rehearsal)
        session.query(Encounter).update({Encounter.status: EncounterStatus.COMPLETED})


def test_a_breakdown_is_chosen_by_keyboard(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    heard = policy_faults(page)
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/rapports")
    page.get_by_role("link", name="Voir le temps de service").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/temps-de-service")
    page.focus("#par")
    page.keyboard.type("Genre")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/temps-de-service?par=kind*")

    assert "Séance d’essai technique" in page.inner_text("table")
    assert heard == []
    page.close()
