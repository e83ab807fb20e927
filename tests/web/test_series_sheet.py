"""The series sheet in the browser's words: every date, what is ticked, one button, and every way it can go wrong."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from intervention.records.encounters import Encounter
from intervention.records.series import Series
from tests import cast
from tests.web.client import Browser
from tests.web.pages import Page, words

SHEET = "/seances/serie"
PUPIL = f"pupil:{cast.pupil('E-214')}"
WEEKLY = {"repeter": "week", "jours": "4", "periode": "2", "du": "2026-11-26", "au": "2027-01-29"}


def sheet(browser: Browser, status: int = 200, **fields: str) -> Page:
    return browser.get(f"{SHEET}?{urlencode({'qui': PUPIL, **WEEKLY, **fields})}", names=True, status=status)


def sent(page: Page, dates: list[str] | None = None) -> dict[str, object]:
    """What pressing the button sends, with these dates ticked (all that work without)."""
    (button,) = [each for each in page.all("form") if each.get("data-tally") is not None]
    form: dict[str, object] = {
        each.get("name", ""): each.get("value", "") for each in button.iter("input") if each.get("type") == "hidden"
    }
    form["tenir"] = dates if dates is not None else ticked(page)
    form["ailleurs"] = []
    return form


def ticked(page: Page) -> list[str]:
    return [each.get("value", "") for each in page.all("input[@name='tenir']")]


def count(app: Flask, record: type = Encounter) -> int:
    with app.extensions["intervention.stage"].database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(record)) or 0


def test_the_booking_sheet_leads_to_it(world_browser: Browser) -> None:
    page = world_browser.enter(cast.MIREILLE).get(f"/seances/nouvelle?{urlencode({'qui': PUPIL})}", names=True)

    assert [each.get("value") for each in page.all("input[@name='repeter']")] == [
        "once", "cycle", "week", "count", "month",
    ]  # fmt: skip
    assert [words(each) for each in page.all("button[@formaction='/seances/serie']")] == ["Voir toutes les dates"]


def test_once_goes_back_to_the_booking_sheet(world_browser: Browser) -> None:
    page = world_browser.enter(cast.MIREILLE).raw("GET", f"{SHEET}?{urlencode({'qui': PUPIL, 'repeter': 'once'})}")

    assert page.status_code == 303
    assert page.headers["Location"].startswith("/seances/nouvelle?")


def test_every_date_is_listed_and_nothing_written(world_browser: Browser, world_app: Flask) -> None:
    page = sheet(world_browser.enter(cast.MIREILLE))

    assert len(page.all("tbody/tr")) == 10
    assert len(ticked(page)) + len(page.all("tr[@class='failing']")) == 10
    assert "Pas de classe ce jour-là." in page.text
    assert count(world_app, Series) == 0


def test_one_press_books_the_ticked_dates_and_shows_the_series(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    page = sheet(mireille)
    before = count(world_app)

    mireille.post(SHEET, sent(page, ticked(page)[:3]))

    shown = mireille.follow(names=True)
    assert "La série est planifiée : 3 séances." in shown.text
    assert count(world_app) == before + 3
    assert sum(each.get("action", "").endswith("/reprise") for each in shown.all("form")) == 7


def test_pressed_twice_it_plans_once(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    form = sent(sheet(mireille))

    first = mireille.post(SHEET, form).headers["Location"]
    second = mireille.post(SHEET, form).headers["Location"]

    assert first == second
    assert count(world_app, Series) == 1


def test_another_moment_is_taken_for_a_date_that_fails(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    page = sheet(mireille, periode="", heure="12:30")
    form = sent(page, [])
    options = [each.get("value", "") for each in page.all("select[@name='ailleurs']/option") if each.get("value")]
    assert options
    form["ailleurs"] = options[:1]

    mireille.post(SHEET, form)

    assert "déplacée" in mireille.follow(names=True).text


def test_a_date_taken_meanwhile_refuses_all_and_is_named(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    page = sheet(mireille)
    mireille.post(SHEET, sent(page, ticked(page)[:1]))
    before = count(world_app)
    form = sent(page)
    form["key"] = "another"

    refused = mireille.post(SHEET, form, status=409, names=True)

    assert "ne convient pas : rien n’a été enregistré." in refused.text
    assert count(world_app) == before


def test_a_date_left_aside_is_taken_back(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    page = sheet(mireille)
    mireille.post(SHEET, sent(page, ticked(page)[1:]))
    shown = mireille.follow(names=True)
    form = next(each for each in shown.all("form") if each.get("action", "").endswith("/reprise"))
    fields = {each.get("name", ""): each.get("value", "") for each in form.iter("input")}
    before = count(world_app)

    mireille.post(form.get("action", ""), fields)

    assert "La date est reprise." in mireille.follow(names=True).text
    assert count(world_app) == before + 1


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"au": "2026-01-01"}, "La fin vient après le début."),
        ({"au": "2036-01-01"}, "Une série s’étend sur dix-huit mois au plus."),
        ({"repeter": "count", "combien": "5000"}, "Une série compte au plus 400 dates"),
        ({"periode": "", "heure": "10:02"}, "multiple de 5 minutes"),
        ({"du": "hier"}, "Entrez une date"),
        ({"repeter": "cycle", "jour": "40"}, "hors des limites"),
    ],
)
def test_a_faulty_rule_is_said_beside_its_field(world_browser: Browser, fields: dict[str, str], fault: str) -> None:
    page = sheet(world_browser.enter(cast.MIREILLE), status=422, **fields)

    assert fault in page.text


def test_who_books_for_nobody_is_told_so(world_browser: Browser) -> None:
    sheet(world_browser.enter(cast.LUC), status=403)


def test_a_series_of_another_board_is_not_there(world_browser: Browser) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    mireille.post(SHEET, sent(sheet(mireille)))
    address = mireille.follow(names=True).response.request.path

    world_browser.enter(cast.ETRANGERE, cast.NEIGHBOUR).get(address, status=404)
