"""The pages of reports: who reads which, on screen and as a file; refusals; the stranger."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

import pytest
from flask import Flask

from intervention.domain.clock import FixedClock
from intervention.domain.encounters import EncounterStatus
from intervention.queries.service_sums import forget_sums
from intervention.records.database import Database
from intervention.records.encounters import Encounter
from intervention.records.people import Person
from intervention.usecases.booking import book
from intervention.usecases.work import Work
from tests import cast
from tests.builders import a_board, a_building, a_professional, actor
from tests.usecases.booking_world import World, a_world, at, in_person, office, pupil_site, remote
from tests.web.client import Browser

SERVICE, TRAVEL = "/rapports/temps-de-service", "/rapports/deplacements"


@pytest.fixture(autouse=True)
def _no_sums_of_another_test() -> Iterator[None]:
    yield
    forget_sums()


@pytest.fixture
def world(web_database: Database, clock: FixedClock) -> World:
    """On Tuesday a visit to Anse-aux-Lièvres, on Wednesday Pointe-Bise by video; both given."""
    with web_database.session() as session:
        session.expire_on_commit = False
        world = a_world(session)
        work, mireille = Work(session, clock), actor(session, world.mireille)
        by_video = (office(world), pupil_site(world.maude, world.room_pointe, world.rose))
        book(work, mireille, in_person(world, at("2026-11-24 10:30")))
        book(work, mireille, replace(remote(world, at("2026-11-25 09:00")), sites=by_video))
        session.query(Encounter).update({Encounter.status: EncounterStatus.COMPLETED})
    return world


@pytest.fixture
def later(world: World, clock: FixedClock) -> None:
    clock.at = at("2026-11-27 08:00")


def lines(body: str, separator: str = ";") -> list[list[str]]:
    return list(csv.reader(StringIO(body.removeprefix("\ufeff")), delimiter=separator))


def test_a_professional_reads_her_own_time_whole(app: Flask, world: World) -> None:
    page = Browser(app).sign_in(world.mireille).get(SERVICE)

    assert "vos séances seulement" in page.text
    assert "masqué" not in page.text.replace("rien n’est masqué", "")
    assert "École Anse-aux-Lièvres" in page.text
    assert "1\u00a0h\u00a030" in page.text


def test_a_coordinator_reads_the_board_with_small_numbers_hidden(app: Flask, world: World) -> None:
    page = Browser(app).sign_in(world.omar).get(SERVICE)

    assert "tout le centre de services" in page.text
    row = next(row for row in page.all("tr") if "École Anse-aux-Lièvres" in "".join(row.itertext()))
    assert "masqué" in "".join(row.itertext())
    assert "1\u00a0h\u00a030" not in page.text
    assert "Mireille" not in page.text


def test_the_file_says_what_the_page_says_and_no_more(app: Flask, world: World) -> None:
    browser = Browser(app).sign_in(world.omar)
    response = browser.raw("GET", f"{SERVICE}?par=professional&format=csv")

    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="temps-de-service-2026-2027.csv"'
    body = response.get_data(as_text=True)
    assert body.startswith("\ufeff")
    head, mireille, total = lines(body)
    assert head[0] == "Professionnel·le"
    assert mireille == ["Mireille Essai", "2026-2027", *["masqué"] * 3, *["0"] * 6]
    assert total[2:5] == ["masqué"] * 3


def test_the_file_is_english_for_an_english_reader(app: Flask, world: World, web_database: Database) -> None:
    with web_database.session() as session:
        session.get_one(Person, world.mireille.id).locale = "en"
    response = Browser(app).sign_in(world.mireille).raw("GET", f"{SERVICE}?par=kind&format=csv")

    head, individual, _total = lines(response.get_data(as_text=True), ",")
    assert head[:3] == ["Kind of session", "Period", "Sessions given"]
    assert individual[:5] == ["Individual follow-up", "2026-2027", "2", "90", "2"]


def test_a_name_is_never_a_formula(app: Flask, world: World, web_database: Database) -> None:
    with web_database.session() as session:
        session.get_one(Person, world.mireille.id).given_name = "=HYPERLINK(1)"
    response = Browser(app).sign_in(world.omar).raw("GET", f"{SERVICE}?par=professional&format=csv")

    assert lines(response.get_data(as_text=True))[1][0] == "'=HYPERLINK(1) Essai"


@pytest.mark.parametrize(
    "query", ["par=secret", "annee=99999", "annee=x", "par=kind&annee=-1", "annee=2026&mois=2031-01&par="]
)
def test_an_unknown_choice_is_a_refusal_or_the_whole_year(app: Flask, world: World, query: str) -> None:
    status = 200 if "mois" in query else 422

    Browser(app).sign_in(world.omar).get(f"{SERVICE}?{query}", status=status)


def test_an_empty_year_says_what_to_do(app: Flask, world: World) -> None:
    page = Browser(app).sign_in(world.omar).get(f"{SERVICE}?annee=2020")

    assert "Aucune séance dans cette période" in page.text


@pytest.mark.usefixtures("later")
def test_a_professional_reads_why_the_figure_is_what_it_is(app: Flask, world: World) -> None:
    browser = Browser(app).sign_in(world.mireille)

    page = browser.get(f"{TRAVEL}?semaines=1")
    assert "il aurait fallu rouler" in page.text
    (why,) = [url for words, url in page.links.items() if words.startswith("Pourquoi ce chiffre")]
    assert why == f"{TRAVEL}/{world.mireille.id}/2026-W48"
    page = browser.get(why)
    assert "Parcourue" in page.text
    assert "Sans vidéo" in page.text
    assert "estimé" in page.text
    assert "Anse-aux-Lièvres" in page.text


@pytest.mark.usefixtures("later")
def test_a_coordinator_sees_everybody_and_each(app: Flask, world: World) -> None:
    browser = Browser(app).sign_in(world.omar)

    page = browser.get(TRAVEL)
    assert "Mireille Essai" in page.text
    assert page.links["Mireille Essai"].startswith(f"{TRAVEL}?professionnel={world.mireille.id}")
    browser.get(page.links["Mireille Essai"])
    page = browser.get(f"{TRAVEL}/{world.mireille.id}/2026-W48")
    assert "Mireille Essai" in page.text


def test_files_of_travel_name_nobody(app: Flask, world: World) -> None:
    browser = Browser(app).sign_in(world.mireille)

    week = browser.raw("GET", f"{TRAVEL}/{world.mireille.id}/2026-W48?format=csv")
    weeks = browser.raw("GET", f"{TRAVEL}?format=csv&semaines=4&jusqua=2026-W48")

    assert week.headers["Content-Disposition"] == 'attachment; filename="tournees-2026-W48.csv"'
    assert weeks.headers["Content-Disposition"] == 'attachment; filename="deplacements-2026-W45-2026-W48.csv"'
    assert len(lines(weeks.get_data(as_text=True))) == 5


@pytest.mark.parametrize("who", ["ANOUK", "LUC", "SYLVIE", "JOSEPH"])
def test_schools_read_no_report(world_browser: Browser, who: str) -> None:
    browser = world_browser.enter(getattr(cast, who))

    for path in ("/rapports", SERVICE, TRAVEL, f"{SERVICE}?format=csv", f"{TRAVEL}/{cast.MIREILLE}/2026-W47"):
        assert browser.raw("GET", path).status_code in {403, 404}, path
    assert "Rapports" not in browser.get("/moi").links


def test_a_privacy_officer_reads_sums_and_nobody_s_week(world_browser: Browser) -> None:
    browser = world_browser.enter(cast.PAULE)

    assert browser.get("/rapports").links["Rapports"] == "/rapports"
    browser.get(SERVICE)
    page = browser.get(TRAVEL)
    assert "Bellegrève" not in page.text
    assert "Bellegrève" not in browser.raw("GET", f"{TRAVEL}?format=csv").get_data(as_text=True)
    browser.get(f"{TRAVEL}/{cast.MIREILLE}/2026-W47", status=403)
    browser.get(f"{TRAVEL}?professionnel={cast.MIREILLE}", status=403)


def test_a_colleague_s_week_is_hers(app: Flask, world: World, web_database: Database) -> None:
    with web_database.session() as session:
        session.expire_on_commit = False
        solange = a_professional(session, session.merge(world.board), "Solange", session.merge(world.base))

    browser = Browser(app).sign_in(solange)

    browser.get(f"{TRAVEL}/{world.mireille.id}/2026-W48", status=403)
    browser.get(f"{TRAVEL}?professionnel={world.mireille.id}", status=403)


def test_another_board_s_week_is_unknown(app: Flask, world: World, web_database: Database) -> None:
    with web_database.session() as session:
        session.expire_on_commit = False
        board = a_board(session, "ailleurs")
        stranger = a_professional(session, board, "Ailleurs", a_building(session, board, "Lointaine"))

    browser = Browser(app).sign_in(stranger)

    browser.get(f"{TRAVEL}/{world.mireille.id}/2026-W48", status=404)
    browser.get(f"{TRAVEL}/{world.joseph.id}/2026-W48", status=404)
    browser.get(f"{TRAVEL}/{stranger.id}/2026-W54", status=404)
    browser.get(f"{TRAVEL}/{stranger.id}/semaine", status=404)
