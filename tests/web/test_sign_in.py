from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.domain.people import Role
from intervention.records.accounts import Throttle, WebSession
from intervention.records.database import Database
from intervention.records.people import Organization, Person
from intervention.settings import Settings
from intervention.usecases import passwords
from tests.web.client import Browser
from tests.web.conftest import PersonAs

GOOD = "une phrase de passe"
SIGN_IN = "/connexion"


@pytest.fixture
def mireille(person_as: PersonAs, web_database: Database) -> Person:
    person = person_as(Role.PROFESSIONAL)
    with web_database.session() as session:
        session.execute(update(Person).where(Person.id == person.id).values(password_hash=passwords.hashed(GOOD)))
    return person


def sign_in(browser: Browser, email: str | None, password: str = GOOD, status: int = 303, **more: str) -> None:
    return browser.post(SIGN_IN, {"email": email, "password": password, **more}, status=status)


def test_it_works(browser: Browser, mireille: Person) -> None:
    sign_in(browser, mireille.email)

    page = browser.get("/moi")
    assert page.heading == "Mireille Essai"


def test_the_email_may_be_typed_in_capitals(browser: Browser, mireille: Person) -> None:
    sign_in(browser, f"  {mireille.email.upper()} ")

    assert browser.get("/moi").heading == "Mireille Essai"


def test_the_page_asked_for_is_reached_after(browser: Browser, mireille: Person) -> None:
    sent = browser.raw("GET", "/moi")
    assert sent.headers["Location"] == "/connexion?suite=/moi"
    assert browser.get(sent.headers["Location"]).form(SIGN_IN)["suite"] == "/moi"

    page = sign_in(browser, mireille.email, suite="/moi")

    assert page.headers["Location"] == "/moi"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/a\r\nSet-Cookie: x"]
)
def test_an_address_elsewhere_is_not_followed(browser: Browser, mireille: Person, elsewhere: str) -> None:
    page = sign_in(browser, mireille.email, suite=elsewhere)

    assert page.headers["Location"] == "/"


@pytest.mark.parametrize("email", ["nobody@example.org", None])
def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(
    browser: Browser, mireille: Person, email: str | None
) -> None:
    wrong = sign_in(browser, mireille.email, "pas la bonne phrase", status=422)
    unknown = sign_in(browser, email or "autre@example.org", status=422)

    assert wrong.text.replace(wrong.nonce, "") == unknown.text.replace(unknown.nonce, "")
    assert "Courriel ou mot de passe incorrect." in wrong.text
    assert wrong.find("input[@id='password']").get("aria-invalid") == "true"


def test_the_form_is_kept_as_filled_but_for_the_password(browser: Browser, mireille: Person) -> None:
    page = sign_in(browser, mireille.email, "pas la bonne phrase", status=422)

    assert page.form(SIGN_IN)["email"] == mireille.email
    assert page.form(SIGN_IN)["password"] == ""


def test_a_disabled_person_does_not_enter(
    browser: Browser, mireille: Person, web_database: Database, clock: FixedClock
) -> None:
    with web_database.session() as session:
        session.execute(update(Person).where(Person.id == mireille.id).values(disabled_at=clock.now()))

    sign_in(browser, mireille.email, status=422)


def test_a_person_without_password_does_not_enter(browser: Browser, person_as: PersonAs) -> None:
    sign_in(browser, person_as(Role.TEACHER).email, "", status=422)
    sign_in(browser, person_as(Role.TEACHER).email, "None", status=422)


def test_an_outdated_hash_is_renewed(browser: Browser, mireille: Person, web_database: Database) -> None:
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    with web_database.session() as session:
        session.execute(update(Person).where(Person.id == mireille.id).values(password_hash=weak))

    sign_in(browser, mireille.email)

    with web_database.session(read_only=True) as session:
        stored = session.scalars(select(Person.password_hash).where(Person.id == mireille.id)).one()
    assert not passwords.is_outdated(stored)
    assert passwords.matches(stored, GOOD)


def test_too_many_tries_are_refused_even_with_the_right_password(browser: Browser, mireille: Person) -> None:
    for _ in range(8):
        sign_in(browser, mireille.email, "pas la bonne phrase", status=422)

    page = sign_in(browser, mireille.email, status=429)

    assert page.heading == "Trop d’essais en peu de temps"
    assert int(page.headers["Retry-After"]) <= 900


def test_tries_are_forgotten_after_the_window(browser: Browser, mireille: Person, clock: FixedClock) -> None:
    for _ in range(9):
        browser.post(SIGN_IN, {"email": mireille.email, "password": "non"}, status=422 if _ < 8 else 429)
    clock.at += timedelta(minutes=16)

    sign_in(browser, mireille.email)


def test_another_network_is_not_punished_for_the_first(app: Flask, mireille: Person) -> None:
    first, second = Browser(app, "203.0.113.7"), Browser(app, "198.51.100.9")
    for _ in range(9):
        first.post(SIGN_IN, {"email": mireille.email, "password": "non"}, status=422 if _ < 8 else 429)

    sign_in(second, mireille.email)


def test_good_tries_do_not_count(browser: Browser, mireille: Person) -> None:
    for _ in range(12):
        sign_in(browser, mireille.email)
        browser.post("/deconnexion")


def test_neither_email_nor_address_is_stored_to_count(
    browser: Browser, mireille: Person, web_database: Database
) -> None:
    sign_in(browser, mireille.email, "non", status=422)

    with web_database.session(read_only=True) as session:
        keys = list(session.scalars(select(Throttle.key)))
    assert [len(key) for key in keys] == [32, 32, 32]


def test_only_a_hash_of_the_token_is_stored(browser: Browser, mireille: Person, web_database: Database) -> None:
    sign_in(browser, mireille.email)

    token = browser.http.get_cookie("session").value
    with web_database.session(read_only=True) as session:
        stored = session.scalars(select(WebSession.token_hash)).one()
    assert stored == hashlib.sha256(token.encode()).digest()


def test_a_cookie_planted_before_is_not_used_after(browser: Browser, mireille: Person) -> None:
    browser.http.set_cookie("session", "planted")

    browser.http.delete_cookie("session")
    sign_in(browser, mireille.email)

    assert browser.http.get_cookie("session").value != "planted"


def test_signing_out_ends_the_session_on_the_server(browser: Browser, mireille: Person) -> None:
    sign_in(browser, mireille.email)
    token = browser.http.get_cookie("session").value

    page = browser.post("/deconnexion")

    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    browser.http.set_cookie("session", token)
    assert browser.raw("GET", "/moi").status_code == 303


def test_an_idle_session_ends(browser: Browser, mireille: Person, clock: FixedClock) -> None:
    sign_in(browser, mireille.email)
    clock.at += timedelta(minutes=119)
    browser.get("/moi")
    clock.at += timedelta(minutes=119)
    browser.get("/moi")

    clock.at += timedelta(minutes=121)

    assert browser.raw("GET", "/moi").status_code == 303


def test_a_session_ends_whatever_happens(browser: Browser, mireille: Person, clock: FixedClock) -> None:
    sign_in(browser, mireille.email)
    for _ in range(11):
        clock.at += timedelta(minutes=60)
        browser.get("/moi")

    clock.at += timedelta(minutes=61)

    assert browser.raw("GET", "/moi").status_code == 303


def test_the_cookie_is_bound_to_its_host_over_tls(web_database: Database, clock: FixedClock, mireille: Person) -> None:
    settings = Settings.from_env({"SECRET_KEY": "k" * 40, "BASE_URL": "https://localhost"})
    browser = Browser(create_app(settings, web_database, clock))
    page = browser.get(SIGN_IN)
    fields = {"csrf": page.form(SIGN_IN)["csrf"], "email": mireille.email, "password": GOOD}
    visitor = page.headers["Set-Cookie"].split(";")[0]

    sent = browser.raw("POST", SIGN_IN, data=fields, headers={"Cookie": visitor})

    cookies = [c for c in sent.headers.getlist("Set-Cookie") if c.startswith("__Host-session=")]
    assert len(cookies) == 1
    assert all(part in cookies[0] for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Domain" not in cookies[0]
    assert sent.headers["Strict-Transport-Security"].startswith("max-age=")


# The demonstration


@pytest.fixture
def demo_board(person_as: PersonAs, web_database: Database) -> Person:
    person = person_as(Role.COORDINATOR)
    with web_database.session() as session:
        session.execute(update(Organization).values(is_demo=True))
    return person


@pytest.fixture
def demo_browser(demo_board: Person, web_database: Database, clock: FixedClock) -> Browser:
    return Browser(create_app(Settings.from_env({"SECRET_KEY": "k" * 40, "DEMO": "1"}), web_database, clock))


def test_the_demonstration_offers_one_person_per_role(demo_browser: Browser, demo_board: Person) -> None:
    page = demo_browser.get(SIGN_IN)

    offered = page.all("button[@name='person']")
    assert len(offered) == len(Role)
    demo_browser.post("/connexion/demo", {"person": str(demo_board.id)})
    assert demo_browser.get("/moi").heading == "coordinator Essai"


def test_without_the_setting_there_is_no_demonstration(browser: Browser, demo_board: Person) -> None:
    assert browser.get(SIGN_IN).all("button[@name='person']") == []
    browser.post("/connexion/demo", {"person": str(demo_board.id)}, status=404)


def test_a_sender_from_elsewhere_gets_no_demonstration(demo_browser: Browser, demo_board: Person) -> None:
    demo_browser.address = "203.0.113.7"

    assert demo_browser.get(SIGN_IN).all("button[@name='person']") == []
    demo_browser.post("/connexion/demo", {"person": str(demo_board.id)}, status=404)


def test_a_tunnel_that_says_so_gets_no_demonstration(demo_browser: Browser, demo_board: Person) -> None:
    headers = {"X-Forwarded-For": "203.0.113.7"}

    demo_browser.post("/connexion/demo", {"person": str(demo_board.id)}, status=404, headers=headers)


def test_a_person_of_a_real_board_is_not_part_of_the_demonstration(
    demo_browser: Browser, demo_board: Person, web_database: Database
) -> None:
    with web_database.session() as session:
        session.execute(update(Organization).values(is_demo=False))

    demo_browser.post("/connexion/demo", {"person": str(demo_board.id)}, status=404)
    demo_browser.post("/connexion/demo", {"person": "nobody"}, status=422)
