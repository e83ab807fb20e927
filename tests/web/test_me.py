from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, update

from intervention.domain.people import Role
from intervention.records.database import Database
from intervention.records.people import Membership, Person
from intervention.usecases import passwords
from tests.builders import a_board
from tests.web.client import Browser
from tests.web.conftest import PersonAs

OLD, NEW = "une phrase de passe", "trois castors sous la neige"


@pytest.fixture
def mireille(person_as: PersonAs, web_database: Database) -> Person:
    person = person_as(Role.PROFESSIONAL)
    with web_database.session() as session:
        session.execute(update(Person).where(Person.id == person.id).values(password_hash=passwords.hashed(OLD)))
    return person


@pytest.fixture
def signed_in(browser: Browser, mireille: Person) -> Browser:
    return browser.sign_in(mireille)


def test_the_page_says_who_i_am(signed_in: Browser) -> None:
    page = signed_in.get("/moi")

    assert page.heading == "Mireille Essai"
    assert "professionnel·le · Centre de services caps" in page.text


def test_the_language_follows_the_person(app: Flask, signed_in: Browser, mireille: Person) -> None:
    signed_in.post("/langue", {"language": "en", "suite": "/moi"})

    elsewhere = Browser(app).sign_in(mireille)
    assert elsewhere.get("/moi").tree.get("lang") == "en-CA"


def test_the_language_of_the_anonymous_is_this_browsers(app: Flask, browser: Browser) -> None:
    browser.post("/langue", {"language": "en", "suite": "/connexion"})

    assert browser.get("/connexion").heading == "Sign in"
    assert Browser(app).get("/connexion").heading == "Ouvrir une session"


def test_an_unknown_language_is_refused(signed_in: Browser) -> None:
    signed_in.post("/langue", {"language": "klingon"}, status=422)


def test_the_theme_follows_the_person(app: Flask, signed_in: Browser, mireille: Person) -> None:
    signed_in.post("/moi/apparence", {"theme": "dark"})

    assert Browser(app).sign_in(mireille).get("/moi").tree.get("data-theme") == "dark"
    signed_in.post("/moi/apparence", {"theme": "mauve"}, status=422)


def test_what_was_done_is_said_once(signed_in: Browser) -> None:
    signed_in.post("/moi/apparence", {"theme": "dark"})

    assert "C’est noté." in signed_in.follow().text
    assert "C’est noté." not in signed_in.get("/moi").text


def test_a_forged_notice_says_nothing(signed_in: Browser) -> None:
    signed_in.http.set_cookie("notice", "forged")

    assert signed_in.get("/moi").all("div[@class='notice done']") == []


def test_a_session_elsewhere_can_be_closed(app: Flask, signed_in: Browser, mireille: Person) -> None:
    other = Browser(app).sign_in(mireille)
    page = signed_in.get("/moi")
    address = next(f.get("action") for f in page.all("form") if f.get("action", "").startswith("/moi/sessions/0"))

    signed_in.post(address)

    assert other.raw("GET", "/moi").status_code == 303
    assert "Cette session est fermée." in signed_in.follow().text


def test_all_other_sessions_can_be_closed(app: Flask, signed_in: Browser, mireille: Person) -> None:
    others = [Browser(app).sign_in(mireille) for _ in range(3)]

    signed_in.post("/moi/sessions/fermer")

    assert [each.raw("GET", "/moi").status_code for each in others] == [303, 303, 303]
    signed_in.get("/moi")


def test_a_session_of_somebody_else_does_not_exist(
    app: Flask, signed_in: Browser, mireille: Person, person_as: PersonAs
) -> None:
    stranger = Browser(app).sign_in(person_as(Role.ADMINISTRATOR))
    Browser(app).sign_in(mireille)
    page = signed_in.get("/moi")
    address = next(f.get("action") for f in page.all("form") if f.get("action", "").startswith("/moi/sessions/0"))

    stranger.post(address, status=404)


def change(browser: Browser, current: str = OLD, wanted: str = NEW, again: str = NEW, status: int = 303) -> None:
    return browser.post("/moi/mot-de-passe", {"current": current, "wanted": wanted, "again": again}, status=status)


def test_the_password_changes_and_the_others_are_signed_out(app: Flask, signed_in: Browser, mireille: Person) -> None:
    other = Browser(app).sign_in(mireille)

    change(signed_in)

    assert signed_in.follow().heading == "Mireille Essai"
    assert other.raw("GET", "/moi").status_code == 303
    fresh = Browser(app)
    fresh.post("/connexion", {"email": mireille.email, "password": OLD}, status=422)
    fresh.post("/connexion", {"email": mireille.email, "password": NEW})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "autre chose"}, "Ce n’est pas votre mot de passe actuel."),
        ({"wanted": "court", "again": "court"}, "Choisissez au moins 12\u00a0caractères."),
        ({"wanted": "a" * 201, "again": "a" * 201}, "Choisissez au plus 200\u00a0caractères."),
        ({"wanted": "motdepasse123", "again": "motdepasse123"}, "Ce mot de passe est trop connu."),
        ({"wanted": "ababababababab", "again": "ababababababab"}, "Ce mot de passe est trop connu."),
        ({"again": "trois castors sous la pluie"}, "Les deux ne sont pas pareils."),
    ],
)
def test_a_bad_password_is_refused_in_words(signed_in: Browser, fields: dict[str, str], said: str) -> None:
    page = change(signed_in, **fields, status=422)

    assert said in page.text
    assert NEW not in page.html


def test_single_letters_can_be_turned_off(signed_in: Browser) -> None:
    signed_in.post("/aide/clavier", {"keys": "off"})

    page = signed_in.get("/aide/clavier")
    assert page.find("a[@data-keys-off]").get("data-key") is None
    assert "Activer les lettres" in page.text


def test_a_search_is_never_in_an_address(signed_in: Browser) -> None:
    page = signed_in.get("/recherche")

    assert page.find("form[@action='/recherche']").get("method") == "post"
    assert signed_in.post("/recherche", {"q": "xyz"}, status=200).heading == "Recherche"


# Two boards


@pytest.fixture
def second_board(mireille: Person, web_database: Database) -> UUID:
    with web_database.session() as session:
        board = a_board(session, "voisin")
        session.add(Membership(organization_id=board.id, person_id=mireille.id, role=Role.PROFESSIONAL))
        return board.id


def test_one_board_at_a_time(signed_in: Browser, second_board: UUID) -> None:
    assert "Y aller" in signed_in.get("/moi").text

    signed_in.post("/moi/organisation", {"board": str(second_board)})

    assert "Centre de services voisin" in signed_in.get("/moi").text


def test_a_board_without_a_role_does_not_exist(signed_in: Browser, web_database: Database) -> None:
    with web_database.session() as session:
        stranger = a_board(session, "ailleurs").id

    signed_in.post("/moi/organisation", {"board": str(stranger)}, status=404)


def test_who_only_works_for_another_board_enters_there(
    app: Flask, mireille: Person, second_board: UUID, web_database: Database
) -> None:
    with web_database.session() as session:
        session.execute(
            delete(Membership).where(
                Membership.person_id == mireille.id, Membership.organization_id == mireille.organization_id
            )
        )
    browser = Browser(app)

    browser.post("/connexion", {"email": mireille.email, "password": OLD})

    assert "voisin" in browser.get("/moi").text


def test_who_has_no_role_anywhere_does_not_enter(app: Flask, mireille: Person, web_database: Database) -> None:
    with web_database.session() as session:
        session.execute(delete(Membership).where(Membership.person_id == mireille.id))

    Browser(app).post("/connexion", {"email": mireille.email, "password": OLD}, status=422)
