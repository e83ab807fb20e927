"""Headers, form tokens, static files and errors: what the edge promises whatever the feature."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.domain.errors import NotAllowed, TooMany
from intervention.domain.people import Role
from intervention.records.database import Database
from intervention.settings import Settings
from intervention.web import assets, errors
from tests.web.client import Browser
from tests.web.conftest import PersonAs
from tests.web.pages import Page


@pytest.fixture
def signed_in(browser: Browser, person_as: PersonAs) -> Browser:
    return browser.sign_in(person_as(Role.PROFESSIONAL))


def test_pages_carry_the_strict_policy(signed_in: Browser) -> None:
    headers = signed_in.get("/moi").headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert re.fullmatch(r"'nonce-[\w-]{22}'", policy.pop("script-src"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "font-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "htmx",
    }
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_a_nonce_serves_once(signed_in: Browser) -> None:
    assert signed_in.get("/moi").nonce != signed_in.get("/moi").nonce


Breaking = Callable[[Exception, int], Page]


# Form tokens


def test_a_form_without_its_token_changes_nothing(signed_in: Browser) -> None:
    sent = signed_in.raw("POST", "/moi/apparence", data={"theme": "dark"})

    assert sent.status_code == 403
    assert signed_in.get("/moi").tree.get("data-theme") is None


def test_a_token_of_another_session_is_refused(app: Flask, signed_in: Browser, person_as: PersonAs) -> None:
    other = Browser(app).sign_in(person_as(Role.TEACHER))

    sent = signed_in.raw("POST", "/moi/apparence", data={"theme": "dark", "csrf": other.token()})

    assert sent.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_another_site_changes_nothing_even_with_the_token(signed_in: Browser, headers: dict[str, str]) -> None:
    page = signed_in.post("/moi/apparence", {"theme": "dark"}, status=403, headers=headers)

    assert page.heading == "Ce formulaire a expiré"


def test_our_own_pages_change_things(signed_in: Browser) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    signed_in.post("/moi/apparence", {"theme": "dark"}, headers=headers)

    assert signed_in.get("/moi").tree.get("data-theme") == "dark"


def test_the_anonymous_token_belongs_to_its_visitor(app: Flask, browser: Browser) -> None:
    token = browser.token()

    sent = Browser(app).raw("POST", "/langue", data={"language": "en", "csrf": token})

    assert sent.status_code == 403


# Static files


def test_static_files_are_kept_for_ever_under_their_hash(browser: Browser) -> None:
    page = browser.get("/connexion")
    address = page.find("link[@rel='stylesheet']").get("href")

    sent = browser.raw("GET", address)

    assert sent.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sent.mimetype == "text/css"
    assert sent.data.startswith(b"/* Order of strength.")


def test_static_files_come_compressed_to_who_can_read_them(browser: Browser) -> None:
    address = browser.get("/connexion").find("link[@rel='stylesheet']").get("href")
    plain = browser.raw("GET", address)

    packed = browser.raw("GET", address, headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert len(packed.data) < len(plain.data) / 3


def test_an_old_version_is_served_today_but_not_kept(browser: Browser) -> None:
    sent = browser.raw("GET", "/static/000000000000/site.css")

    assert sent.status_code == 200
    assert sent.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["../settings.py", "css/tokens.css", "nothing.js", "%2e%2e/app.py"])
def test_only_static_files_are_served(browser: Browser, name: str) -> None:
    assert browser.raw("GET", f"/static/0/{name}").status_code in {303, 404}


def test_the_version_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    before = assets.load(tmp_path).version
    (tmp_path / "a.js").write_text("2")

    assert assets.load(tmp_path).version != before


# Errors


@pytest.fixture
def breaking(app: Flask, person_as: PersonAs) -> Breaking:
    """The application with a page that raises what it is told."""
    told: list[Exception] = []

    def break_() -> str:
        raise told[0]

    app.add_url_rule("/casse", "breaking", break_)
    browser = Browser(app).sign_in(person_as(Role.PROFESSIONAL))
    return lambda error, status: (told.clear(), told.append(error), browser.get("/casse", status=status))[2]


def test_a_refusal_says_why(breaking: Breaking) -> None:
    page = breaking(NotAllowed(because="not_edit_schools"), 403)

    assert page.heading == "Cette action appartient à quelqu’un d’autre"
    assert "Seule l’administration modifie les écoles." in page.text


def test_too_many_says_how_long_to_wait(breaking: Breaking) -> None:
    page = breaking(TooMany(retry_after=300, minutes=5), 429)

    assert page.headers["Retry-After"] == "300"
    assert "Attendez 5\u00a0minutes" in page.text


def test_a_defect_gives_a_reference_and_no_detail(breaking: Breaking, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        page = breaking(ZeroDivisionError("Zéphirine Quatorzemains"), 500)

    reference = page.find("p[@class='reference figures']").text
    assert re.fullmatch(r"[0-9a-f]{8}", reference)
    assert f"reference {reference}" in caplog.text
    assert "ZeroDivision" not in page.html


def test_a_database_that_cannot_write_says_so(breaking: Breaking, caplog: pytest.LogCaptureFixture) -> None:
    page = breaking(OperationalError("INSERT secret", {"name": "Zéphirine"}, Exception("disk full")), 503)

    assert page.heading == "Le système ne peut pas enregistrer en ce moment"
    assert page.headers["Retry-After"] == "60"
    assert "Zéphirine" not in caplog.text


def test_every_status_of_a_refusal_has_its_words(app: Flask) -> None:
    with app.test_request_context():
        worded = [errors.refusal_of_status(status) for status in errors.CODE_OF_STATUS]

    assert all(each.title and each.advice for each in worded)


def test_the_proxy_is_believed_only_when_named(web_database: Database, clock: FixedClock) -> None:
    plain = Settings.from_env({"SECRET_KEY": "k" * 40, "BASE_URL": "https://localhost"})
    proxied = Settings.from_env({"SECRET_KEY": "k" * 40, "BASE_URL": "https://localhost", "TRUSTED_PROXIES": "1"})
    forwarded = {"X-Forwarded-For": "127.0.0.1"}

    refused = Browser(create_app(plain, web_database, clock), "203.0.113.7").raw("GET", "/metrics", headers=forwarded)
    believed = Browser(create_app(proxied, web_database, clock), "203.0.113.7").raw(
        "GET", "/metrics", headers=forwarded
    )

    assert (refused.status_code, believed.status_code) == (404, 200)


def test_a_defect_of_the_database_logs_no_value(
    breaking: Breaking, web_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(DBAPIError) as failure, web_database.session() as session:
        session.execute(text("SELECT :name FROM nowhere"), {"name": "Zéphirine"})

    breaking(failure.value, 503)

    assert "Zéphirine" not in caplog.text
    assert "Zéphirine" not in str(failure.value)
