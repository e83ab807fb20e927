"""Who works for two boards: a switch in the frame, her whole day in either, and nothing of one in the other's pages."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.records.database import Database
from intervention.settings import Settings
from intervention.usecases.booking import book
from tests.databases import MONDAY
from tests.usecases import two_boards
from tests.usecases.booking_world import at, in_person
from tests.usecases.two_boards import TwoBoards, acting, visit
from tests.web.client import Browser

EARLY = FixedClock(MONDAY)
AGENDA = "/agenda?semaine=2026-11-23"


@pytest.fixture
def worlds(fresh_database: Database) -> TwoBoards:
    return two_boards.committed(fresh_database)


@pytest.fixture
def app(settings: Settings, fresh_database: Database, worlds: TwoBoards) -> Flask:
    """On both engines: a page's transaction reaches its reader's boards only."""
    return create_app(settings, fresh_database, FixedClock(at("2026-11-24 07:30")))


@pytest.fixture
def both(fresh_database: Database, worlds: TwoBoards) -> tuple[UUID, UUID]:
    with acting(fresh_database, worlds.mireille, worlds.first.board.id) as (work, mireille):
        first = book(work, mireille, in_person(worlds.first, at("2026-11-24 09:25"))).encounter_id
    with acting(fresh_database, worlds.second.bruno.id, worlds.second.board.id) as (work, bruno):
        return first, book(work, bruno, visit(worlds, at("2026-11-24 13:15"))).encounter_id


def test_her_day_holds_both_and_leads_to_the_other_board(
    app: Flask, worlds: TwoBoards, both: tuple[UUID, UUID]
) -> None:
    browser = Browser(app).sign_in(worlds.first.mireille)
    page = browser.get("/aujourdhui")

    assert "Aller à VOISIN" in page.text
    assert "Ouvrir à VOISIN" in page.text
    assert "Baie-du-Large" in page.text
    assert not any(str(both[1]) in link.get("href", "") for link in page.all("a"))

    browser.post("/moi/organisation", {"board": str(worlds.second.board.id), "suite": f"/seances/{both[1]}"})

    there = browser.follow(names=True)
    assert "Baie-du-Large" in there.text
    assert "Aller à CAPS" in there.text
    browser.get(f"/seances/{both[0]}", status=404)


def test_her_agenda_names_the_other_board(app: Flask, worlds: TwoBoards, both: tuple[UUID, UUID]) -> None:
    page = Browser(app).sign_in(worlds.first.mireille).get(AGENDA)

    assert [board.text for board in page.all("p[@class='where']/b")] == ["VOISIN"]


def test_a_page_elsewhere_is_not_followed(app: Flask, worlds: TwoBoards) -> None:
    browser = Browser(app).sign_in(worlds.first.mireille)

    browser.post("/moi/organisation", {"board": str(worlds.second.board.id), "suite": "//example.org/"})

    assert browser.last is not None
    assert browser.last.headers["Location"] == "/"


@pytest.mark.parametrize(
    "of", ["/agenda/personnes/{}?semaine=2026-11-23", "/agenda/cote-a-cote?personne={}&jour=2026-11-24"]
)
def test_the_other_board_sees_a_taken_time(app: Flask, worlds: TwoBoards, both: tuple[UUID, UUID], of: str) -> None:
    page = Browser(app).sign_in(worlds.second.bruno).get(of.format(worlds.mireille))

    assert "Occupé" in page.text
    assert "Baie-du-Large" in page.text
    for secret in ("Anse-aux-Lièvres", "E-101", "Quatorzemains-E", "Joseph"):
        assert secret not in page.html


def test_her_feed_holds_both_and_names_the_other_board(app: Flask, worlds: TwoBoards, both: tuple[UUID, UUID]) -> None:
    browser = Browser(app).sign_in(worlds.first.mireille)
    page = browser.post("/flux", {"subject": f"person:{worlds.mireille}", "detail": "team", "label": ""}, status=201)
    address = page.find("input[@readonly]").get("value", "")

    feed = browser.raw("GET", "/flux/" + address.rpartition("/flux/")[2]).get_data(as_text=True)

    assert feed.count("BEGIN:VEVENT") == 2
    assert feed.replace("\r\n ", "").count("(VOISIN)") == 1
