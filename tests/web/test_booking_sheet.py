"""The booking sheet: three answers to the first slots, one click to book, and every way it can go wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from intervention.records.encounters import Encounter
from tests import cast
from tests.web.client import Browser
from tests.web.pages import Page

SHEET = "/seances/nouvelle"
PUPIL = f"pupil:{cast.pupil('E-214')}"


def sheet(browser: Browser, **fields: str) -> Page:
    return browser.get(f"{SHEET}?{urlencode({'qui': PUPIL, **fields})}", names=True)


def slots_of(page: Page) -> list[str]:
    return [button.get("value", "") for button in page.tree.iter("button") if button.get("name") == "slot"]


def filled(page: Page, slot: str | None = None) -> dict[str, str]:
    """What pressing a slot sends."""
    sent: dict[str, str] = {}
    for each in page.tree.iter("input"):
        if each.get("type") == "hidden" and each.get("name") in {"key", "genre", "qui", "duree", "du", "semaines"}:
            sent[each.get("name", "")] = each.get("value", "")
    sent["qui"] = PUPIL
    sent["slot"] = slot or slots_of(page)[0]
    return sent


def count(app: Flask) -> int:
    with app.extensions["intervention.stage"].database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Encounter)) or 0


def test_it_opens_with_whom_she_follows(world_browser: Browser) -> None:
    page = world_browser.enter(cast.MIREILLE).get(SHEET, names=True)

    assert "E-214" in page.text
    assert "Choisissez qui" in page.text


def test_one_answer_gives_slots_and_one_click_books(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    page = sheet(mireille)
    assert len(slots_of(page)) > 10

    mireille.post("/seances", filled(page))

    booked = mireille.follow(names=True)
    assert booked.heading == "Suivi individuel · E-214"
    assert "La séance est planifiée." in booked.text
    assert count(world_app) == 1


def test_double_click_books_once(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    sent = filled(sheet(mireille))

    first = mireille.post("/seances", sent).headers["Location"]
    second = mireille.post("/seances", sent).headers["Location"]

    assert first == second
    assert count(world_app) == 1


def test_undo_right_after(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    mireille.post("/seances", filled(sheet(mireille)))
    page = mireille.follow(names=True)
    (undo,) = [form for form in page.tree.iter("form") if form.get("action", "").endswith("/retrait")]

    mireille.post(undo.get("action", ""))

    assert count(world_app) == 0


def test_slot_that_went_to_somebody_is_told_and_others_are_offered(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    page = sheet(mireille)
    mireille.post("/seances", filled(page))

    again = mireille.post("/seances", {**filled(page), "key": "another"}, status=409, names=True)

    assert "Ce moment ne convient pas" in again.text
    assert len(slots_of(again)) > 5
    assert count(world_app) == 1


def test_every_offered_slot_of_the_first_page_books(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    page = sheet(mireille)
    for n, slot in enumerate(slots_of(page)[:12]):
        mireille.post("/seances", {**filled(page, slot), "key": f"key-{n}"})
        undo = mireille.last.headers["Location"] + "/retrait" if mireille.last else ""
        mireille.post(undo)

    assert count(world_app) == 0


def test_modality_wish_is_kept(world_browser: Browser) -> None:
    page = sheet(world_browser.enter(cast.MIREILLE), modalite="in_person")

    cap = str(cast.building("cap"))
    assert slots_of(page)
    assert all(f"at={cap}" in slot for slot in slots_of(page))


def test_same_again_is_two_steps(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    mireille.post("/seances", filled(sheet(mireille)))
    path = mireille.last.headers["Location"] if mireille.last else ""

    mireille.get(f"{path}/encore", status=303)
    page = mireille.follow(names=True)

    assert len(slots_of(page)) > 3
    mireille.post("/seances", filled(page))
    assert count(world_app) == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"duree": "7"}, "Cette durée n’est pas prévue"),
        ({"du": "demain"}, "Entrez une date"),
        ({"du": "9999-12-31"}, "Entrez une date"),
        ({"du": "2026-01-05"}, "Ce moment est déjà passé"),
        ({"du": "2029-01-05"}, "trop loin dans le temps"),
        ({"semaines": "400"}, "hors des limites"),
    ],
)
def test_bad_answers_are_explained_and_kept(world_browser: Browser, fields: dict[str, str], words: str) -> None:
    page = world_browser.enter(cast.MIREILLE).get(
        f"{SHEET}?{urlencode({'qui': PUPIL, **fields})}", status=422, names=True
    )

    assert words in page.text


def test_slot_of_somebodys_making_is_refused(world_browser: Browser, world_app: Flask) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    page = sheet(mireille)
    at = cast.building("cap")
    never = (f"start=9999-12-31T23:55:00%2B00:00&at={at}", f"start=0001-01-01T00:00:00%2B14:00&at={at}")
    for slot in ("", "start=hier&at=ici", *never, f"start=2026-11-24T03:00:00%2B00:00&at={cast.building('cap')}"):
        status = 422 if "03:00" not in slot else 409
        mireille.post("/seances", {**filled(page), "slot": slot, "key": f"k{slot}"[:60]}, status=status, names=True)

    assert count(world_app) == 0


def test_coordinator_books_for_a_professional(world_browser: Browser, world_app: Flask) -> None:
    omar = world_browser.enter(cast.OMAR)
    page = omar.get(f"{SHEET}?{urlencode({'qui': PUPIL, 'personne': str(cast.MIREILLE)})}")

    omar.post("/seances", {**filled(page), "personne": str(cast.MIREILLE)})

    assert count(world_app) == 1


def test_principal_is_told_who_books(world_browser: Browser) -> None:
    page = world_browser.enter(cast.LUC).get(SHEET, status=403)

    assert "planifient dans cet agenda" in page.text


def test_stranger_from_another_board_finds_nobody(world_browser: Browser) -> None:
    stranger = world_browser.enter(cast.ETRANGERE, cast.NEIGHBOUR)

    stranger.get(f"{SHEET}?{urlencode({'qui': PUPIL})}", status=404)
    stranger.get(f"{SHEET}?{urlencode({'personne': str(cast.MIREILLE)})}", status=404)


def test_near_misses_book_as_they_say_and_her_own_seances_in_the_way_are_links(
    world_browser: Browser, world_app: Flask
) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    for n in range(12):
        page = sheet(mireille, semaines="1", du="2026-11-24", modalite="remote")
        today = refused(page)
        if today:
            break
        mireille.post("/seances", {**filled(page), "key": f"fill-{n}"})
    own = [link.get("href", "") for link in page.tree.iter("a") if link.get("href", "").count("/seances/") == 1]
    assert any(mireille.get(href).heading for href in own if "nouvelle" not in href)

    slots = [button.get("value", "") for button in today]
    for n, slot in enumerate(slots):
        mireille.post("/seances", {**filled(page, slot), "key": f"near-{n}"})
        mireille.post(mireille.last.headers["Location"] + "/retrait" if mireille.last else "")
    assert slots


def refused(page: Page) -> list[Any]:
    """The near misses of the page."""
    return [button for button in page.tree.iter("button") if "near-miss" in button.get("class", "")]
