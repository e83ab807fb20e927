from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask

from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.domain.people import Role
from intervention.records.database import Database
from intervention.records.outbox import WorkerBeat
from intervention.settings import Settings
from tests.web.client import Browser
from tests.web.conftest import PersonAs


def test_the_process_says_it_is_up(browser: Browser) -> None:
    assert browser.raw("GET", "/healthz").json == {"status": "ok"}


def test_readiness_tells_the_database_the_schema_and_the_worker(
    browser: Browser, web_database: Database, clock: FixedClock
) -> None:
    with web_database.session() as session:
        session.add(WorkerBeat(name="main", beat_at=clock.now()))
    clock.at += timedelta(seconds=42)

    sent = browser.raw("GET", "/readyz")

    assert sent.status_code == 200
    assert sent.json == {"status": "ok", "database": "ok", "migrations": "ok", "worker_age_seconds": 42}


def test_a_schema_left_behind_is_not_ready(settings: Settings, clock: FixedClock, tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")

    sent = Browser(create_app(settings, empty, clock)).raw("GET", "/readyz")

    empty.dispose()
    assert sent.status_code == 503
    assert sent.json["status"] == "not ready"


def test_an_unreachable_database_is_not_ready(settings: Settings, clock: FixedClock, tmp_path: Path) -> None:
    nowhere = Database(f"sqlite:///{tmp_path / 'none' / 'x.sqlite'}")

    sent = Browser(create_app(settings, nowhere, clock)).raw("GET", "/readyz")

    assert sent.status_code == 503
    assert sent.json["database"] == "unreachable"


def test_metrics_count_routes_by_template_never_by_path(browser: Browser, person_as: PersonAs) -> None:
    browser.sign_in(person_as(Role.PROFESSIONAL))
    browser.get("/moi")
    browser.post("/moi/sessions/01900000-0000-7000-8000-000000000001/fermer", status=404)

    text = browser.raw("GET", "/metrics").get_data(as_text=True)

    assert 'intervention_request_seconds_count{method="GET",route="/moi",status="200"} 1.0' in text
    assert 'route="/moi/sessions/<uuid:session_id>/fermer",status="404"' in text
    assert "01900000" not in text


def test_metrics_are_not_for_everybody(app: Flask) -> None:
    assert Browser(app, "203.0.113.7").raw("GET", "/metrics").status_code == 404


def test_metrics_open_to_their_token(web_database: Database, clock: FixedClock) -> None:
    settings = Settings.from_env({"SECRET_KEY": "k" * 40, "METRICS_TOKEN": "m" * 20})
    browser = Browser(create_app(settings, web_database, clock))

    assert browser.raw("GET", "/metrics").status_code == 404
    assert browser.raw("GET", "/metrics", headers={"Authorization": "Bearer " + "m" * 20}).status_code == 200
