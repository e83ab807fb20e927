"""The day and the week in a real browser: keyboard alone, drag, both languages, a narrow screen, paper."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from intervention.records.encounters import Encounter
from intervention.usecases.booking import Booked
from tests import cast
from tests.browser.checks import policy_faults
from tests.browser.conftest import Live
from tests.usecases.booking_world import at
from tests.web.day_world import booked

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def tuesday_and_wednesday(live: Live) -> list[Booked]:
    """By video today and on Tuesday at 9 h, a visit on Wednesday at 10 h 40."""
    return [
        booked(live.database, live.clock, "2026-11-23 09:00"),
        booked(live.database, live.clock, "2026-11-24 09:00"),
        booked(live.database, live.clock, "2026-11-25 10:40", is_visit=True),
    ]


def focused(page: Page) -> str:
    said: str = page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")
    return " ".join(said.split())


def starts_at(live: Live, encounter_id: UUID) -> object:
    with live.database.session(read_only=True) as session:
        return session.get_one(Encounter, encounter_id).starts_at


def test_week_is_walked_by_keyboard_alone(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA", viewport={"width": 1280, "height": 860})
    heard = policy_faults(page)
    live.enter(page, cast.MIREILLE)

    page.keyboard.press("t")
    page.wait_for_url("**/aujourdhui")
    page.goto(live.address + "/agenda")
    page.locator("a[data-version]").first.focus()
    assert "9 h – 9 h 45" in focused(page)
    page.keyboard.press("ArrowRight")
    assert "9 h – 9 h 45" in focused(page)
    page.keyboard.press("ArrowDown")
    assert focused(page).startswith("Nouvelle séance, mardi 24 nov. à ")
    page.keyboard.press("ArrowRight")
    assert "mercredi 25 nov." in focused(page) or "E-214" in focused(page)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("PageDown")
    page.wait_for_url("**/agenda?semaine=2026-11-30")
    page.go_back()
    page.locator("a[data-version]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/seances/*")

    assert page.locator("h1").inner_text() == "Suivi individuel · E-214"
    assert heard == []
    page.close()


def test_drag_moves_what_the_server_accepts(live: Live, browser: Browser, tuesday_and_wednesday: list[Booked]) -> None:
    page = browser.new_page(locale="fr-CA", viewport={"width": 1280, "height": 1200})
    heard = policy_faults(page)
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/agenda")

    drag(page, "2026-11-24", "2026-11-26", quarters=0)
    page.wait_for_selector(".notice.done")

    assert page.url.endswith("/agenda")
    assert starts_at(live, tuesday_and_wednesday[1].encounter_id) == at("2026-11-26 09:00")
    assert page.locator("td:nth-child(5) a[data-version]").count() == 1
    page.get_by_role("button", name="Annuler").click()
    page.wait_for_url("**/seances/*")
    assert starts_at(live, tuesday_and_wednesday[1].encounter_id) == at("2026-11-24 09:00")
    assert heard == []
    page.close()


def test_refused_drag_is_explained_and_moves_nothing(
    live: Live, browser: Browser, tuesday_and_wednesday: list[Booked]
) -> None:
    page = browser.new_page(locale="fr-CA", viewport={"width": 1280, "height": 1200})
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/agenda")

    drag(page, "2026-11-24", "2026-11-25", quarters=6)
    page.wait_for_url("**/deplacement")

    assert page.locator("h1").count() == 1
    assert page.locator("main .notice, main .faults, main .refusal").count() >= 1
    assert starts_at(live, tuesday_and_wednesday[1].encounter_id) == at("2026-11-24 09:00")
    page.close()


def test_escape_puts_a_lifted_block_back(live: Live, browser: Browser, tuesday_and_wednesday: list[Booked]) -> None:
    page = browser.new_page(locale="fr-CA", viewport={"width": 1280, "height": 1200})
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/agenda")

    block = page.locator("[data-day='2026-11-24'] a[data-version]").bounding_box()
    assert block is not None
    page.mouse.move(block["x"] + 40, block["y"] + 10)
    page.mouse.down()
    page.mouse.move(block["x"] + 240, block["y"] + 80, steps=5)
    assert page.locator(".ghost").count() == 1
    page.keyboard.press("Escape")
    page.mouse.up()

    assert page.locator(".ghost, .lifted").count() == 0
    assert page.url.endswith("/agenda")
    assert starts_at(live, tuesday_and_wednesday[1].encounter_id) == at("2026-11-24 09:00")
    page.close()


def drag(page: Page, from_day: str, to_day: str, *, quarters: int) -> None:
    block = page.locator(f"[data-day='{from_day}'] a[data-version]").bounding_box()
    line = page.locator(f".day-line[data-day='{to_day}']")
    box = line.bounding_box()
    assert block is not None
    assert box is not None
    quarter = box["height"] / int(line.get_attribute("data-rows") or 1) * 3
    page.mouse.move(block["x"] + 30, block["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, block["y"] + 8 + quarters * quarter, steps=6)
    page.mouse.up()


def test_attendance_is_stated_by_keyboard_alone(live: Live, browser: Browser) -> None:
    live.clock.at = at("2026-11-23 10:00")
    page = browser.new_page(locale="fr-CA")
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/aujourdhui")

    page.get_by_role("link", name="Préciser").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/presences")
    page.locator("input[type=radio]:checked").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/seances/*")

    assert "Présences notées" in page.inner_text("main")
    page.close()


def test_week_prints_on_one_landscape_page(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/agenda")

    paper = page.pdf(prefer_css_page_size=True)

    assert b"/Count 1" in paper
    assert b"/MediaBox [0 0 792 612]" in paper
    page.close()
