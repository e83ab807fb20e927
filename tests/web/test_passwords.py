"""The page of an account link: inert to whoever reads it, one answer for every bad link, and a password chosen."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from intervention.domain.clock import FixedClock
from intervention.domain.people import Role
from intervention.records.accounts import AccountLink
from intervention.records.database import Database
from intervention.records.people import Person
from intervention.records.vault import Keyring
from intervention.usecases.account_links import IssuedLink, issue_link_as_operator
from intervention.usecases.work import open_work
from intervention.web.inert import MOST_OF_A_LINK
from tests.web.client import Browser
from tests.web.conftest import KEY, PersonAs
from tests.web.pages import Page

GOOD = "trois bernaches au large"
OURS = {"Origin": "http://localhost"}


@pytest.fixture
def teacher(person_as: PersonAs) -> Person:
    return person_as(Role.TEACHER)


@pytest.fixture
def link(web_database: Database, clock: FixedClock, teacher: Person) -> IssuedLink:
    with open_work(web_database, clock) as work:
        return issue_link_as_operator(work, Keyring(KEY), str(teacher.email))


def send(app: Flask, lien: str, headers: dict[str, str] = OURS, **fields: str) -> TestResponse:
    visitor = Browser(app)
    csrf = Page(visitor.raw("GET", "/mot-de-passe")).find("input[@name='csrf']").get("value", "")
    data = {"csrf": csrf, "lien": lien, "wanted": GOOD, "again": GOOD, **fields}
    return visitor.raw("POST", "/mot-de-passe", data=data, headers=headers)


def is_unused(database: Database) -> bool:
    with database.session(read_only=True) as session:
        return session.scalars(select(AccountLink.used_at)).all() == [None]


def test_it_works_and_ends_every_session(app: Flask, link: IssuedLink, teacher: Person) -> None:
    before = Browser(app).sign_in(teacher)

    sent = send(app, link.address("http://localhost"))

    assert (sent.status_code, sent.headers["Location"]) == (303, "/connexion")
    assert before.raw("GET", "/moi").status_code == 303
    newcomer = Browser(app)
    newcomer.post("/connexion", {"email": teacher.email, "password": GOOD})
    assert newcomer.get("/moi").heading == teacher.full_name


def test_reading_the_page_changes_nothing(app: Flask, link: IssuedLink, web_database: Database) -> None:
    visitors = (Browser(app), Browser(app, address="198.51.100.9"))
    pages = [each.raw("GET", "/mot-de-passe").get_data() for each in visitors]
    head = Browser(app).raw("HEAD", "/mot-de-passe")

    assert pages[0] == pages[1]
    assert head.status_code == 200
    assert is_unused(web_database)


@pytest.mark.parametrize(
    "change",
    [
        {"headers": {}},
        {"headers": {"Origin": "https://evil.example"}},
        {"headers": OURS | {"Sec-Fetch-Site": "cross-site"}},
        {"csrf": ""},
    ],
)
def test_only_the_page_s_own_form_is_heard(
    app: Flask, link: IssuedLink, web_database: Database, change: dict[str, str]
) -> None:
    sent = send(app, link.token, **change)

    assert sent.status_code == 404
    assert is_unused(web_database)


def test_unknown_used_and_empty_links_are_one_answer(app: Flask, link: IssuedLink) -> None:
    send(app, link.token)

    answers = [send(app, lien) for lien in (link.token, "p1_" + "x" * 43, "", "s1_" + "x" * 43)]

    assert {each.status_code for each in answers} == {404}
    assert len({each.get_data() for each in answers}) == 1
    assert "Ce lien n’ouvre rien en ce moment." in answers[0].get_data(as_text=True)


def test_a_bad_password_keeps_the_link(app: Flask, link: IssuedLink, web_database: Database) -> None:
    sent = send(app, link.token, wanted="court", again="court")
    page = Page(sent)

    assert sent.status_code == 422
    assert "Choisissez au moins 12 caractères." in page.text.replace("\u00a0", " ")
    assert page.form("/mot-de-passe")["lien"] == link.token
    assert page.form("/mot-de-passe")["wanted"] == ""
    assert sent.headers["Cache-Control"] == "no-store"
    assert is_unused(web_database)
    assert send(app, link.token).status_code == 303


def test_too_many_tries_wait(app: Flask) -> None:
    tries = [send(app, "p1_" + "x" * 43).status_code for _ in range(MOST_OF_A_LINK)]

    sent = send(app, "p1_" + "x" * 43)

    assert set(tries) == {404}
    assert (sent.status_code, int(sent.headers["Retry-After"]) > 0) == (429, True)
