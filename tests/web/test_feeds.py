"""The page of feeds: open one, see what it tells, close it, change its address; refusals; the stranger."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from intervention.domain.clock import FixedClock
from intervention.domain.people import Role
from intervention.records.database import Database
from intervention.records.people import Person
from intervention.usecases.booking import book
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, actor
from tests.rendering.readings import read_with_icalendar
from tests.usecases.booking_world import World, a_world, at, in_person, remote
from tests.web.client import Browser
from tests.web.pages import Page, words

PersonAs = Callable[[Role], Person]


@pytest.fixture
def world(web_database: Database, clock: FixedClock) -> World:
    with web_database.session() as session:
        session.expire_on_commit = False
        world = a_world(session)
        mireille = actor(session, world.mireille)
        book(Work(session, clock), mireille, in_person(world, at("2026-11-24 10:30")))
        book(Work(session, clock), mireille, remote(world, at("2026-11-25 09:00")))
    return world


@pytest.fixture
def mireille(app: Flask, world: World) -> Browser:
    return Browser(app).sign_in(world.mireille)


def opened(browser: Browser, **fields: str) -> Page:
    form = browser.get("/flux").form("/flux")
    return browser.post("/flux", {**form, **fields}, status=201)


def address(page: Page) -> str:
    return page.find("input[@id='address']").get("value", "")


def previewed(page: Page) -> list[list[str]]:
    """Title, time, place and note of each entry shown; what is not told is not there."""
    return [[words(line) for line in entry] for entry in page.all("ul[@class='plain entries']/li")]


def test_it_works(mireille: Browser) -> None:
    page = opened(mireille, label="Téléphone")

    assert page.heading == "Votre flux est ouvert"
    found = re.fullmatch(r"http://127\.0\.0\.1:8000(/flux/[\w-]{43}\.ics)", address(page))
    assert found is not None
    assert page.links["Ouvrir dans mon calendrier"] == address(page).replace("http://", "webcal://")
    sent = mireille.raw("GET", found[1])
    assert [r.summary for r in read_with_icalendar(sent.data)] == ["Rencontre – AL", "Rencontre – AL"]


def test_the_address_is_shown_once(mireille: Browser) -> None:
    token = address(opened(mireille)).rsplit("/", 1)[1]

    page = mireille.get("/flux")

    assert token not in page.html
    link = next(a for name, a in page.links.items() if name == "Mes rencontres" and a.startswith("/flux/"))
    assert token not in mireille.get(link).html


@pytest.mark.parametrize("detail", ["busy", "neutral", "team"])
def test_the_preview_is_what_the_file_says(mireille: Browser, detail: str) -> None:
    preview = previewed(mireille.post("/flux/apercu", {"detail": detail}, status=200))

    made = opened(mireille, detail=detail)
    file = mireille.raw("GET", address(made).removeprefix("http://127.0.0.1:8000"))
    read = [[e.summary, e.location, e.description.replace("\n", " ")] for e in read_with_icalendar(file.data)]
    assert [[title, *told] for title, _when, *told in preview] == [[text for text in entry if text] for entry in read]
    assert [when for _title, when, *_told in preview] == [
        "mardi 24 nov., 10\u00a0h\u00a030 – 11\u00a0h\u00a015",
        "mercredi 25 nov., 9\u00a0h – 9\u00a0h\u00a045",
    ]
    assert previewed(mireille.get(made.links["Voir ce flux"])) == preview


def test_the_form_remembers_what_was_previewed(mireille: Browser) -> None:
    page = mireille.post("/flux/apercu", {"detail": "team", "label": "Bureau"}, status=200)

    assert page.form("/flux")["detail"] == "team"
    assert page.form("/flux")["label"] == "Bureau"
    assert "Vos flux ouverts" not in page.text


def test_the_list_says_who_read_it_last(mireille: Browser) -> None:
    path = address(opened(mireille, label="Bureau")).removeprefix("http://127.0.0.1:8000")
    assert "Aucun programme ne l’a encore lu" in mireille.get("/flux").text

    mireille.raw("GET", path, headers={"User-Agent": "Microsoft Office/16.0"})

    assert "Lu par Outlook, lundi 23 nov. à 7\u00a0h\u00a040" in mireille.get("/flux").text


def test_closing_a_feed_is_at_once_and_can_be_undone(mireille: Browser) -> None:
    made = opened(mireille)
    path, page = address(made).removeprefix("http://127.0.0.1:8000"), made.links["Voir ce flux"]

    mireille.post(f"{page}/fermeture")
    said = mireille.follow()

    assert "Ce flux est fermé\u00a0: son adresse ne répond plus." in said.text
    assert mireille.raw("GET", path).status_code == 410
    mireille.get(page, status=404)
    mireille.post(said.find("div[@id='notices']//form").get("action", ""))
    assert "Ce flux est rouvert à la même adresse." in mireille.follow().text
    assert mireille.raw("GET", path).status_code == 200


def test_changing_the_address_closes_the_old_one(mireille: Browser) -> None:
    made = opened(mireille)
    old = address(made).removeprefix("http://127.0.0.1:8000")

    renewed = mireille.post(f"{made.links['Voir ce flux']}/renouvellement", status=201)

    assert address(renewed) != address(made)
    assert mireille.raw("GET", old).status_code == 410
    assert mireille.raw("GET", address(renewed).removeprefix("http://127.0.0.1:8000")).status_code == 200


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "person:0"}, "subject"),
        ({"detail": "everything"}, "detail"),
        ({"label": "x" * 81}, "label"),
    ],
)
def test_a_wrong_form_is_kept_as_filled(mireille: Browser, fields: dict[str, str], fault: str) -> None:
    form = mireille.get("/flux").form("/flux")

    page = mireille.post("/flux", {**form, "label": "Bureau", **fields}, status=422)

    assert [a.get("href") for a in page.all("div[@role='alert']//a")] == [f"#{fault}"]
    assert page.form("/flux")["label"] == fields.get("label", "Bureau")
    assert "Vos flux ouverts" not in page.text


def test_a_colleague_or_a_school_out_of_reach_cannot_be_chosen(mireille: Browser, world: World) -> None:
    for subject in (f"person:{world.omar.id}", f"building:{world.anse.id}", f"room:{world.room_anse.id}"):
        mireille.post("/flux", {"subject": subject, "detail": "busy"}, status=422)


def test_a_secretary_is_offered_the_school_and_its_rooms(browser: Browser, person_as: PersonAs) -> None:
    page = browser.sign_in(person_as(Role.SECRETARY)).get("/flux")

    groups = {
        group.get("label"): [words(option) for option in group] for group in page.all("select[@id='subject']/optgroup")
    }
    assert groups == {"École": ["École Rivière"]}
    assert page.form("/flux")["subject"].startswith("school:")


def test_the_stranger_finds_no_feed_of_this_board(app: Flask, mireille: Browser, web_database: Database) -> None:
    page = opened(mireille).links["Voir ce flux"]
    with web_database.session() as session:
        session.expire_on_commit = False
        stranger = a_person(session, a_board(session, "voisine"), "Étrangère", Role.ADMINISTRATOR)
    other = Browser(app).sign_in(stranger)

    other.get(page, status=404)
    for act in ("fermeture", "reouverture", "renouvellement"):
        other.post(f"{page}/{act}", status=404)
    assert mireille.get(page).heading == "Mes rencontres"


def test_the_pages_speak_english(mireille: Browser) -> None:
    mireille.post("/langue", {"language": "en", "suite": "/flux"})

    assert mireille.follow().heading == "Calendar feeds"
    assert opened(mireille).heading == "Your feed is open"
