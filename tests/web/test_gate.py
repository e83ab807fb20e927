"""Every endpoint, as nobody and as each role: who gets what is one table, and nobody ever gets a 500."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule

from intervention.app import FEATURES
from intervention.domain.people import Role
from intervention.web import gate, nav
from tests.web.client import Browser
from tests.web.conftest import PersonAs
from tests.web.pages import Page

NOWHERE = UUID("01900000-0000-7000-8000-000000000000")
SAMPLES = {"version": "0", "name": "mark.svg"}


def addresses(app: Flask, method: str) -> list[tuple[str, str]]:
    """(endpoint, address with ids of nothing) for every rule that answers to the method."""
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    with app.test_request_context():
        return [(rule.endpoint, _address(app, rule)) for rule in rules]


def _address(app: Flask, rule: Rule) -> str:
    values = {name: _sample(rule, name) for name in rule.arguments}
    adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, values)


def _sample(rule: Rule, name: str) -> object:
    kind = type(rule._converters[name]).__name__  # noqa: SLF001 - werkzeug tells it nowhere else
    return {"UUIDConverter": NOWHERE, "IntegerConverter": 1}.get(kind, SAMPLES.get(name, "x"))


def test_the_anonymous_reach_only_what_is_listed(app: Flask, browser: Browser) -> None:
    for endpoint, address in addresses(app, "GET"):
        sent = browser.raw("GET", address)
        if not gate.is_public(endpoint):
            assert (endpoint, sent.status_code) == (endpoint, 303)
            assert sent.headers["Location"].startswith("/connexion")


def test_the_anonymous_post_nothing_that_is_not_listed(app: Flask, browser: Browser) -> None:
    for endpoint, address in addresses(app, "POST"):
        if not gate.is_public(endpoint):
            sent = browser.raw("POST", address, data={"csrf": browser.token()})
            assert (endpoint, sent.status_code, sent.headers.get("Location")) == (endpoint, 303, "/connexion")


def test_every_listed_endpoint_exists(app: Flask) -> None:
    assert app.view_functions.keys() >= gate.PUBLIC_ENDPOINTS


@pytest.mark.parametrize("role", list(Role))
def test_no_page_breaks_for_anybody(app: Flask, person_as: PersonAs, role: Role) -> None:
    browser = Browser(app).sign_in(person_as(role))
    for endpoint, address in addresses(app, "GET"):
        status = browser.raw("GET", address).status_code
        assert (endpoint, status < 500) == (endpoint, True)
        if not gate.is_public(endpoint) and 200 <= status < 300:
            browser.get(address)


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.TEACHER, Role.ADMINISTRATOR])
def test_an_empty_form_breaks_nothing(app: Flask, person_as: PersonAs, role: Role) -> None:
    browser = Browser(app).sign_in(person_as(role))
    for endpoint, address in addresses(app, "POST"):
        if endpoint != "account.sign_out":
            sent = browser.raw("POST", address, data={"csrf": browser.token()})
            assert (endpoint, sent.status_code < 500) == (endpoint, True)


@pytest.mark.parametrize("role", list(Role))
def test_every_entry_of_the_rail_opens(app: Flask, person_as: PersonAs, role: Role) -> None:
    browser = Browser(app).sign_in(person_as(role))
    page = browser.get("/moi")

    for each in page.all("nav[@class='rail']//a"):
        lit = browser.get(each.get("href")).all("nav[@class='rail']//a[@aria-current='page']")
        assert [link.get("href") for link in lit] == [each.get("href")]


def test_every_feature_is_on_the_rail_or_says_why_not() -> None:
    reached_otherwise = {
        "account",  # at the right of the top bar
        "search",  # in the top bar
        "encounters",  # from the agenda, the day and the forms
        "attendance",  # from the day, and from a séance that is over
        "booking",  # from the agenda and the day, by a button and by `n`
        "series",  # from the sheet of a new séance, and from a séance that is of one
        "series_changes",  # from the page of a series
        "timetables",  # from the agenda of whoever may book
        "feed_files",  # read by calendar programs
        "demonstration",  # the stand-in of a video server
        "doors",  # the guest's side of a link
        "lobby",  # from a séance, when its hour comes
        "school_imports",  # from the schools
        "places",  # from the schools
        "classes",  # from a building
        "declared_roads",  # from the schools
        "follow_ups",  # from a pupil's page
        "need_groups",  # from the pupils
        "guests",  # from a pupil's page and from the sheet of a new séance
        "pupil_imports",  # from the register of pupils
        "staff_imports",  # from the people
        "calendar_edits",  # from a school year
        "moved_instants",  # from the school years
        "sectors",  # from the schools
        "join_links",  # acts of a séance’s page
        "passwords",  # opened by a link that was handed over
        "travel",  # from the reports
        "working_hours",  # from one's own page, a person's page and an agenda
    }

    names = {feature.pages.name for feature in FEATURES if not feature.nav}

    assert names <= reached_otherwise


def test_home_is_the_first_entry_of_the_rail(app: Flask, browser: Browser, person_as: PersonAs) -> None:
    browser.sign_in(person_as(Role.PROFESSIONAL))

    sent = browser.raw("GET", "/")

    with app.test_request_context():
        first = nav.entries()[0].endpoint if nav.entries() else "account.me"
    assert sent.status_code == 303
    assert app.url_map.bind("localhost").match(sent.headers["Location"])[0] == first


@pytest.mark.parametrize("address", ["/moi/%ff", "/recherche?q=%ff%fe", "/moi?%00=1", "/recherche?q=a%00b"])
def test_broken_text_in_an_address_is_refused_in_words(browser: Browser, person_as: PersonAs, address: str) -> None:
    browser.sign_in(person_as(Role.PROFESSIONAL))

    page = browser.get(address, status=400)

    assert page.heading == "Cette demande n’a pas pu être lue"


def test_broken_text_in_a_form_is_refused_in_words(browser: Browser, person_as: PersonAs) -> None:
    browser.sign_in(person_as(Role.PROFESSIONAL))
    body = f"csrf={browser.token()}&q=".encode() + b"\xff\xfe"

    sent = browser.raw("POST", "/recherche", data=body, content_type="application/x-www-form-urlencoded")

    assert sent.status_code == 400


def test_a_form_of_a_megabyte_is_refused_in_words(browser: Browser, person_as: PersonAs) -> None:
    browser.sign_in(person_as(Role.PROFESSIONAL))

    body = f"csrf={browser.token()}&q=" + "a" * 1_000_000
    sent = browser.raw("POST", "/recherche", data=body, content_type="application/x-www-form-urlencoded")

    page = Page(sent)
    assert sent.status_code == 413
    assert page.heading == "Ce formulaire est trop gros"


def test_ten_thousand_fields_break_nothing(browser: Browser, person_as: PersonAs) -> None:
    browser.sign_in(person_as(Role.PROFESSIONAL))
    body = f"csrf={browser.token()}" + "&q=a" * 10_000

    sent = browser.raw("POST", "/recherche", data=body, content_type="application/x-www-form-urlencoded")

    assert sent.status_code == 200


def test_an_unknown_page_is_refused_in_the_readers_language(app: Flask, person_as: PersonAs) -> None:
    english = Browser(app, language="en-CA")

    page = english.get("/connexion")
    assert page.tree.get("lang") == "en-CA"

    signed_in = Browser(app).sign_in(person_as(Role.PROFESSIONAL))
    assert signed_in.get("/nulle-part", status=404).heading == "Cette page n’existe pas, ou n’est pas pour vous"


def test_a_wrong_method_says_so(browser: Browser, person_as: PersonAs) -> None:
    browser.sign_in(person_as(Role.PROFESSIONAL))

    assert browser.get("/deconnexion", status=405).headers["Allow"]


def test_a_foreign_host_is_refused(browser: Browser) -> None:
    assert browser.raw("GET", "/connexion", base_url="http://evil.example").status_code == 400
