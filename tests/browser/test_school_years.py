"""School years in a real browser: opened and filled by keyboard alone, painted by pointer, and what axe finds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from intervention.domain.days import DayType, Layer
from intervention.records.calendars import DayMark, SchoolYear
from tests import cast
from tests.browser.checks import axe_faults, context, overflows, policy_faults
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser

YEAR = f"/ecoles/calendriers/{cast.school_year()}"
CAP = f"immeuble={cast.building('cap')}"
PATHS = (
    "/ecoles/calendriers",
    "/ecoles/calendriers/nouvelle",
    "/ecoles/calendriers/a-decider",
    "/ecoles/calendriers/heure-legale",
    f"{YEAR}?{CAP}&jour=2026-10-12",
    f"{YEAR}/feuille?{CAP}",
    f"{YEAR}/importation?{CAP}",
    f"{YEAR}/reglages?{CAP}",
)


def paint(page: Page, first: str, steps: list[str], letter: str) -> None:
    """From the grid to the applied change, by keyboard: first day, last day, type, then twice Enter."""
    page.focus(f"#j-{first}")
    page.keyboard.press("Space")
    for key in steps:
        page.keyboard.press(key)
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.id") == "day_type"
    page.keyboard.type(letter)
    page.focus("[data-paint] button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Ce que ça change')")
    page.focus("main button.primary")
    page.keyboard.press("Enter")
    page.locator("#notices p", has_text="Le calendrier est à jour.").wait_for()


def test_a_year_is_opened_and_filled_by_keyboard_alone(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    heard = policy_faults(page)
    live.enter(page, cast.INES)
    page.goto(live.address + "/ecoles/calendriers/nouvelle")
    label = page.input_value("#label")
    page.focus("#like_id")
    page.keyboard.press("Home")
    page.focus("main button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:has-text('Jours fériés')")
    page.focus("main button.primary")
    page.keyboard.press("Enter")
    page.get_by_text(f"L’année {label} est ouverte.").wait_for()

    paint(page, "2027-10-08", [], "P ·")
    paint(page, "2028-02-28", ["ArrowRight"] * 4, "R ·")
    paint(page, "2027-12-20", ["ArrowDown", "ArrowRight", "ArrowRight"], "C ·")

    with live.database.session(read_only=True) as session:
        year = session.scalars(select(SchoolYear).where(SchoolYear.label == label)).one()
        marks = session.scalars(
            select(DayMark)
            .where(DayMark.school_year_id == year.id, DayMark.layer == Layer.ORGANIZATION)
            .order_by(DayMark.on_date)
        ).all()
        said = [(mark.on_date.isoformat()[5:], mark.day_type) for mark in marks]
    assert said[0] == ("10-08", DayType.PEDAGOGICAL)
    assert said[-5:] == [(f"02-{n}", DayType.SPRING_BREAK) for n in (28, 29)] + [
        (f"03-0{n}", DayType.SPRING_BREAK) for n in (1, 2, 3)
    ]
    assert [day for day, kind in said if kind is DayType.HOLIDAY] == [
        "12-20",
        "12-21",
        "12-22",
        "12-23",
        "12-27",
        "12-28",
        "12-29",
    ]
    assert heard == []
    page.close()


def test_a_range_is_marked_by_pointer(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    live.enter(page, cast.INES)
    page.goto(f"{live.address}{YEAR}?{CAP}")

    page.hover("#j-2026-12-01")
    page.mouse.down()
    page.hover("#j-2026-12-03")
    page.mouse.up()

    assert [page.input_value(f"#{name}") for name in ("first", "last")] == ["2026-12-01", "2026-12-03"]
    assert page.locator(".square.chosen").count() == 3
    assert page.evaluate("document.activeElement.id") == "day_type"
    page.close()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(live: Live, browser: Browser, scheme: str, language: str) -> None:
    visitor = context(browser, scheme=scheme, language=language)
    page = visitor.new_page()
    live.enter(page, cast.INES, language)

    for path in PATHS:
        page.goto(live.address + path)
        assert axe_faults(page) == [], path
    page.goto(f"{live.address}{YEAR}?{CAP}&jour=2026-12-04")
    page.select_option("#day_type", "pedagogical")
    page.locator("[data-paint] button.primary").click()
    page.wait_for_selector("#days-title")
    assert axe_faults(page) == []
    visitor.close()


def test_nothing_scrolls_sideways_at_320(live: Live, browser: Browser) -> None:
    visitor = context(browser, width=320)
    page = visitor.new_page()
    live.enter(page, cast.INES)

    wide = []
    for path in PATHS:
        page.goto(live.address + path)
        wide += [path] if overflows(page) else []
    visitor.close()
    assert wide == []


def test_the_year_prints_on_one_sheet(live: Live, browser: Browser) -> None:
    visitor = context(browser)
    page = visitor.new_page()
    live.enter(page, cast.INES)
    page.goto(f"{live.address}{YEAR}/feuille?{CAP}")

    pdf = page.pdf(prefer_css_page_size=True)

    visitor.close()
    assert pdf.count(b"/Type /Page\n") == 1
