"""The page that changes a series: what would change, date by date, one button, and who joins or leaves."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from intervention.records.encounters import Encounter
from intervention.records.series import Series, SeriesDate
from tests import cast
from tests.web.client import Browser
from tests.web.pages import Page, words
from tests.web.test_series_sheet import SHEET, sent, sheet, ticked


def a_series(browser: Browser) -> str:
    """Planned by Mireille on Thursdays; gives its address."""
    mireille = browser.enter(cast.MIREILLE)
    page = sheet(mireille)
    mireille.post(SHEET, sent(page, ticked(page)[:5]))
    return mireille.follow(names=True).response.request.path


def changing(browser: Browser, series: str, status: int = 200, **fields: str) -> Page:
    return browser.get(f"{series}/changement?{urlencode(fields)}", names=True, status=status)


def pressed(page: Page) -> dict[str, object]:
    (button,) = [each for each in page.all("form") if each.get("data-tally") is not None]
    form: dict[str, object] = {}
    for each in button.iter("input"):
        name = each.get("name", "")
        if each.get("type") == "hidden":
            form[name] = each.get("value", "")
    form["tenir"] = ticked(page)
    form["sort"] = []
    return form


def held_on(app: Flask) -> list[date]:
    """The days on which the séances of series are to be held."""
    with app.extensions["intervention.stage"].database.session(read_only=True) as session:
        rows = session.scalars(
            select(Encounter.on_date).where(Encounter.series_id.in_(select(Series.id)), Encounter.status == "planned")
        )
        return sorted(rows)


def test_the_page_of_a_series_leads_to_it_and_it_says_what_to_do(world_browser: Browser) -> None:
    series = a_series(world_browser)
    shown = world_browser.get(series, names=True)
    assert [words(each) for each in shown.all(f"a[@href='{series}/changement']")] == ["Changer la série"]

    page = changing(world_browser, series)

    assert "Dites ce qui change" in page.text
    assert page.all("form[@data-tally]") == []


def test_every_date_is_shown_before_anything_is_written(world_browser: Browser, world_app: Flask) -> None:
    series = a_series(world_browser)
    before = held_on(world_app)

    page = changing(world_browser, series, jours="3", heure="13:15", periode="")

    assert len(page.all("tbody/tr")) >= 5
    assert "Deviendrait" in page.text
    assert held_on(world_app) == before


def test_one_press_changes_the_ticked_dates_and_twice_changes_them_once(
    world_browser: Browser, world_app: Flask
) -> None:
    series = a_series(world_browser)
    page = changing(world_browser, series, jours="3", periode="2")
    form = pressed(page)
    assert form["tenir"]

    first = world_browser.post(f"{series}/changement", form).headers["Location"]
    second = world_browser.post(f"{series}/changement", form).headers["Location"]

    assert first == second == series
    assert "La série a changé" in world_browser.follow(names=True).text
    moved = [on_date for on_date in held_on(world_app) if on_date.isoweekday() == 3]
    assert len(moved) == len(form["tenir"])  # type: ignore[arg-type]


def test_a_following_date_splits_the_series_and_both_parts_lead_to_each_other(world_browser: Browser) -> None:
    series = a_series(world_browser)
    options = [each.get("value", "") for each in changing(world_browser, series).all("select[@name='du']/option")]
    page = changing(world_browser, series, portee="following", du=options[2], duree="30")

    world_browser.post(f"{series}/changement", pressed(page))
    after = world_browser.follow(names=True)

    address = after.response.request.path
    assert address != series
    assert after.all(f"a[@href='{series}']")
    assert world_browser.get(series, names=True).all(f"a[@href='{address}']")


def test_the_second_editor_is_told_who_changed_what_and_the_next_press_is_knowing(
    world_browser: Browser, world_app: Flask
) -> None:
    series = a_series(world_browser)
    stale = pressed(changing(world_browser, series, duree="30"))
    world_browser.post(f"{series}/changement", pressed(changing(world_browser, series, jours="3")))
    before = held_on(world_app)

    told = world_browser.post(f"{series}/changement", stale, status=409, names=True)

    assert "Quelqu’un a changé cette série entre-temps" in told.text
    assert "série changée" in told.text
    assert held_on(world_app) == before
    world_browser.post(f"{series}/changement", pressed(told))
    assert "La série a changé" in world_browser.follow(names=True).text


@pytest.mark.parametrize("act", ["fin", "reprise"])
def test_an_older_page_of_a_series_is_told_what_changed_and_keeps_its_form(
    world_browser: Browser, world_app: Flask, act: str
) -> None:
    series = a_series(world_browser)
    date = str(held_on(world_app)[1])
    world_browser.post(f"{series}/changement", pressed(changing(world_browser, series, jours="3")))
    before = held_on(world_app)
    sent = {"fin": {"from_on": date, "cause": "pupil_absent"}, "reprise": {"date": date}}[act]

    told = world_browser.post(f"{series}/{act}", {"version": "1", **sent}, status=409, names=True)

    assert "Quelqu’un a changé cette série entre-temps" in told.text
    assert "série changée" in words(told.find("div[@class='notice warning']//li"))
    assert held_on(world_app) == before
    if act == "fin":
        form = told.form(f"{series}/fin")
        assert (form["from_on"], form["cause"], form["version"]) == (date, "pupil_absent", "2")
        assert told.find("details[@open='']") is not None
        world_browser.post(f"{series}/fin", form)
        assert len(held_on(world_app)) < len(before)
    assert world_browser.raw("GET", f"{series}/{act}").status_code == 303


def test_a_date_taken_meanwhile_refuses_all_and_is_named(world_browser: Browser, world_app: Flask) -> None:
    series = a_series(world_browser)
    form = pressed(changing(world_browser, series, jours="3", periode="2"))
    other = sheet(world_browser, jours="3", periode="2")
    world_browser.post(SHEET, sent(other, ticked(other)[:1]))
    before = held_on(world_app)

    refused = world_browser.post(f"{series}/changement", form, status=409, names=True)

    assert "ne convient pas" in refused.text
    assert held_on(world_app) == before


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"jours": "9"}, "hors des limites"),
        ({"periode": "", "heure": "10:02"}, "multiple de 5 minutes"),
        ({"duree": "47"}, "durée"),
        ({"portee": "following", "du": "hier"}, "Entrez une date"),
        ({"lieu": "building:x"}, "Choisissez une des réponses"),
    ],
)
def test_a_fault_is_said_beside_its_field(world_browser: Browser, fields: dict[str, str], fault: str) -> None:
    series = a_series(world_browser)

    page = changing(world_browser, series, status=422, **fields)

    assert fault in page.text


def test_somebody_joins_from_a_date_on_and_the_pages_say_their_consent(
    world_browser: Browser, world_app: Flask
) -> None:
    series = a_series(world_browser)
    page = changing(world_browser, series, quoi="personnes")
    teachers = [
        each.get("value", "")
        for each in page.all("select[@name='arrive']//option")
        if each.get("value", "").startswith("person:")
    ]

    page = changing(world_browser, series, quoi="personnes", arrive=teachers[0])
    form = pressed(page)
    assert form["tenir"]
    world_browser.post(f"{series}/changement", form)

    assert "personnes changées" in world_browser.follow(names=True).text


def test_a_pupil_too_many_is_a_fault_of_the_field(world_browser: Browser) -> None:
    series = a_series(world_browser)
    page = changing(world_browser, series, quoi="personnes")
    pupils = [
        each.get("value", "")
        for each in page.all("select[@name='arrive']//option")
        if each.get("value", "").startswith("pupil:")
    ]

    refused = changing(world_browser, series, status=422, quoi="personnes", arrive=pupils[0])

    assert refused.all("a[@href='#arrive']")


def test_who_may_not_change_it_does_not_see_it(world_browser: Browser, world_app: Flask) -> None:
    series = a_series(world_browser)

    world_browser.enter(cast.LUC).get(f"{series}/changement", status=403)
    world_browser.enter(cast.ETRANGERE, cast.NEIGHBOUR).get(f"{series}/changement", status=404)
    with world_app.extensions["intervention.stage"].database.session(read_only=True) as session:
        assert session.scalars(select(SeriesDate)).all()
