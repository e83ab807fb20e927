"""A series in a real browser, by keyboard alone: planned on a day of the cycle, then its later dates moved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from intervention.records.series import Series, SeriesDate
from tests import cast
from tests.browser.checks import axe_faults, context, overflows
from tests.browser.conftest import Live
from tests.browser.test_booking_journey import tab_to

pytestmark = pytest.mark.browser

PUPIL = f"input[value='pupil:{cast.pupil('E-214')}']"


def tick(page: Page, name: str, value: int) -> None:
    """Press Space on a box, and wait for the dates that it brings."""
    box = f"input[name={name}][value='{value}']"
    tab_to(page, box)
    with page.expect_response(lambda answer: "?" in answer.url):
        page.keyboard.press("Space")
    assert page.evaluate("s => document.activeElement.matches(s)", box)  # what is shown takes no focus away


def kept(live: Live) -> list[tuple[int, int]]:
    """How many dates each series has and its version, in the order they were made."""
    with live.database.session(read_only=True) as session:
        found = []
        for series in session.scalars(select(Series).order_by(Series.created_at, Series.id)):
            rows = session.scalars(select(SeriesDate.on_date).where(SeriesDate.series_id == series.id)).all()
            found.append((len(rows), series.version))
        return found


def planned_on_jour_3(page: Page) -> None:
    """From the sheet of a new séance to the page of its series."""
    tab_to(page, PUPIL)
    page.keyboard.press("Space")
    tab_to(page, "details:has(input[name=repeter]) > summary")
    page.keyboard.press("Enter")
    tab_to(page, "input[name=repeter]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "button[formaction='/seances/serie']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/seances/serie?*")
    tick(page, "jour", 3)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    with page.expect_response(lambda answer: "jour=3" in answer.url):
        page.keyboard.press("Space")  # no more on Jour 1
    tab_to(page, "#periode")
    with page.expect_response(lambda answer: "periode=2" in answer.url):
        page.keyboard.press("ArrowDown")
    assert axe_faults(page) == []
    tab_to(page, ".series-act button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/seances/series/*")


def following_on_jour_4(page: Page, count: int) -> None:
    """From the page of a series, the second date and those after it; `count` is how many they are."""
    tab_to(page, "a[href$='/changement']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/changement")
    tab_to(page, "input[name=portee]")
    with page.expect_response(lambda answer: "portee=following" in answer.url):
        page.keyboard.press("ArrowUp")
    tab_to(page, "#du")
    page.keyboard.press("ArrowDown")
    tick(page, "jours", 4)
    page.keyboard.press("Shift+Tab")
    with page.expect_response(lambda answer: "jours=4" in answer.url and "jours=3" not in answer.url):
        page.keyboard.press("Space")
    expect(page.locator(".series-changes tbody tr")).to_have_count(count)
    assert axe_faults(page) == []
    tab_to(page, ".series-act button")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/changement"))


def test_planned_on_jour_3_then_the_following_moved_to_jour_4(browser: Browser, live: Live) -> None:
    with context(browser) as opened:
        page = opened.new_page()
        live.enter(page, cast.MIREILLE)
        page.goto(live.address + "/seances/nouvelle")
        planned_on_jour_3(page)
        ((count, version),) = kept(live)
        assert version == 1

        following_on_jour_4(page, count - 1)
        expect(page.locator(".notice p").first).to_contain_text("La série a changé")
        assert kept(live) == [(1, 2), (count - 1, 1)]

        assert axe_faults(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        for address in (
            page.url,
            f"{page.url}/changement?heure=10:00&periode=",
            f"{page.url}/changement?quoi=personnes",
        ):
            page.goto(address)
            assert not overflows(page), address
            assert axe_faults(page) == [], address
