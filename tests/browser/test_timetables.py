"""A caseload laid onto the grid in a real browser: by keyboard alone, by drag, in both languages, narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from intervention.records.series import Series
from intervention.records.timetables import TimetableSlot
from tests import cast
from tests.browser.checks import axe_faults, context, overflows, policy_faults
from tests.browser.conftest import Live
from tests.web.timetable_pages import a_timetable

pytestmark = pytest.mark.browser


def count(live: Live, record: type) -> int:
    with live.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(record)) or 0


def placed(page: Page, number: int) -> None:
    page.wait_for_function("n => document.querySelectorAll('.timetable-grid .place').length === n", arg=number)


def take(page: Page, nth: int) -> str:
    """The nth line, by Enter on its link; gives its name. The focus is then on the best cell."""
    line = page.locator("a[data-line]:not([data-slot])").nth(nth)
    name = line.locator(".strong").inner_text()
    line.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("name => document.querySelector('#hand-title')?.textContent.includes(name)", arg=name)
    page.wait_for_function("document.activeElement?.matches('.timetable-hand .cell-button')")
    return name


def test_three_lines_are_placed_a_conflict_mended_and_all_published_by_keyboard_alone(
    live: Live, browser: Browser
) -> None:
    visit = context(browser)
    page = visit.new_page()
    heard = policy_faults(page)
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/horaire")
    page.get_by_role("button", name="Préparer la grille").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".timetable-grid")

    take(page, 0)
    page.keyboard.press("Enter")
    placed(page, 1)
    page.wait_for_function("document.activeElement?.dataset.slot")  # the focus comes just after the grid does
    take(page, 1)
    page.keyboard.press("Enter")
    placed(page, 2)
    cell = page.locator("td:has(.place)").first.get_attribute("data-cell") or ""
    at = page.locator(".timetable-grid .place .strong").first.inner_text().replace("\u00a0", " ")

    # The third on top of the first: a day and an hour that are typed.
    take(page, 2)
    page.locator("#jour").focus()
    for _ in range(int(cell[1:].partition("-")[0]) - 1):
        page.keyboard.press("ArrowDown")
    hour, minute = (*at.removesuffix(" h").split(" h "), "00")[:2]
    page.locator("#heure").fill(f"{int(hour):02}:{minute}")
    page.locator("#heure").press("Enter")
    placed(page, 3)
    assert "1 conflit" in page.locator("p[role=status]").first.inner_text()
    trouble = page.locator(".timetable-troubles li")
    assert "En cause" in trouble.inner_text()
    assert axe_faults(page) == []

    # Mended: another cell, by the arrows of the grid.
    trouble.get_by_role("link").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement?.matches('.timetable-hand .cell-button')")
    page.locator("td .cell-button.free").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('td[data-cell]') !== null")
    page.locator("td .cell-button.free").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.timetable-troubles li').length === 0")
    assert "aucun conflit" in page.locator("p[role=status]").first.inner_text()

    page.get_by_role("link", name="Voir et publier").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/publication")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Publier 3 séries").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/horaire?**")

    assert page.locator(".place.published").count() == 3
    assert count(live, TimetableSlot) == 3
    assert [each for each in heard if "Content Security" in each or "TypeError" in each] == []
    visit.close()


def test_a_line_is_dragged_onto_a_half_hour(live: Live, browser: Browser) -> None:
    a_timetable(live.database, live.clock, placed=1)
    page = browser.new_page(locale="fr-CA", viewport={"width": 1280, "height": 1200})
    heard = policy_faults(page)
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + "/horaire")

    for what, cell in (
        (page.locator("a[data-line]:not([data-slot])").nth(1), "j2-13:00"),
        (page.locator("a[data-slot]").first, "j3-13:00"),
    ):
        before = page.locator(f"td[data-cell='{cell}'] .place").count()
        box, goal = what.bounding_box(), page.locator(f"td[data-cell='{cell}']").bounding_box()
        assert box is not None
        assert goal is not None
        page.mouse.move(box["x"] + 20, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(goal["x"] + 20, goal["y"] + 8, steps=6)
        page.mouse.up()
        page.wait_for_function(
            "([cell, n]) => document.querySelectorAll(`td[data-cell='${cell}'] .place`).length === n + 1",
            arg=[cell, before],
        )

    assert (count(live, TimetableSlot), count(live, Series)) == (2, 0)
    assert heard == []
    page.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_have_no_fault_that_axe_finds_and_reflow(live: Live, browser: Browser, language: str) -> None:
    kept = a_timetable(live.database, live.clock)
    visit = context(browser, language=language, width=320, scheme="dark" if language == "en" else "light")
    page = visit.new_page()
    live.enter(page, cast.MIREILLE, language)
    found = []
    page.goto(f"{live.address}/horaire")
    line = page.locator("a[data-line]").first.get_attribute("data-line")
    for path in ("/horaire", "/horaire?par=semaine", f"/horaire?ligne={line}", f"/horaire/{kept.id}/publication"):
        page.goto(live.address + path)
        found += [f"{path}: {fault}" for fault in axe_faults(page)]
        found += [f"{path} scrolls sideways"] if overflows(page) else []
    visit.close()

    assert found == []
