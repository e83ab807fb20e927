"""A diff too long for one page in a real browser: turned by a button, what was unticked kept, nothing for axe."""

from __future__ import annotations

from datetime import date, time

import pytest
from playwright.sync_api import Browser, expect

from tests import cast
from tests.browser.checks import context, faults_of
from tests.browser.conftest import Live
from tests.web.day_world import in_series

pytestmark = pytest.mark.browser

ASKED = f"ou=building:{cast.building('cap')}&du=2026-11-27&genre=closure&raison=Temp%C3%AAte"
HOURS = (time(9, 0), time(9, 45), time(10, 30), time(13, 30))


@pytest.fixture(autouse=True)
def _given(live: Live) -> None:
    for hour in HOURS:
        in_series(live.database, live.clock, date(2026, 11, 27), date(2027, 6, 4), hour=hour, days=(1, 3, 5, 7, 9))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_are_turned_and_what_was_unticked_is_kept(browser: Browser, live: Live, language: str) -> None:
    page = context(browser, width=390, language=language).new_page()
    live.enter(page, cast.OMAR)
    page.goto(f"{live.address}/fermetures/nouvelle?{ASKED}")
    tick = page.locator(".redating tbody input[name=suivre]").first
    own = tick.get_attribute("value")
    tick.uncheck()

    page.locator("button[name=feuille][value='2']").press("Enter")
    page.wait_for_url("**/fermetures#redating-title")
    expect(page.locator(f".redating tbody input[value='{own}']")).to_have_count(0)

    page.locator("button[name=feuille][value='1']").press("Enter")
    expect(page.locator(f".redating tbody input[value='{own}']")).not_to_be_checked()
    expect(page.locator(".redating tbody input[name=suivre]:not(:checked)")).to_have_count(1)
    assert faults_of(page) == []
