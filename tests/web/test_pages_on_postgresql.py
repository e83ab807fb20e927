"""A page reads the same on PostgreSQL, where its transaction reaches its reader's boards only, as on SQLite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.records.database import Database
from intervention.settings import Settings
from tests import cast
from tests.databases import MONDAY
from tests.servers import create_database, drop_database, worker_name
from tests.web.client import Browser, Page
from tests.web.day_world import booked

PAGES = (
    "/aujourdhui", "/agenda", "/eleves", "/rapports", "/rapports/temps-de-service", "/rapports/deplacements",
    "/flux", "/ecoles", "/moi", "/seances/nouvelle", "/admin/video", "/recherche",
    f"/agenda/personnes/{cast.MIREILLE}", f"/agenda/immeubles/{cast.building('cap')}",
    f"/agenda/locaux/{cast.room('cap', 'local 12')}", f"/eleves/{cast.pupil('E-214')}",
    f"/ecoles/immeubles/{cast.building('cap')}", f"/rapports/deplacements/{cast.MIREILLE}/2026-11-23",
    f"/agenda/cote-a-cote?personne={cast.MIREILLE}&jour=2026-11-24",
)  # fmt: skip
READERS = {"professional": cast.MIREILLE, "principal": cast.LUC, "coordinator": cast.OMAR, "administrator": cast.INES}


@pytest.fixture
def walled(world_template: str) -> Iterator[Database]:
    name = f"pages_{worker_name()}"
    database = Database(create_database(name, world_template))
    yield database
    database.dispose()
    drop_database(name)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_every_page_reads_the_same(reader: UUID, walled: Database, world_app: Flask, settings: Settings) -> None:
    clock = FixedClock(MONDAY)
    plain, held = Browser(world_app), Browser(create_app(settings, walled, clock))
    pages = list(PAGES)
    for browser in (plain, held):
        seance = booked(browser.stage.database, clock, "2026-11-24 10:30").encounter_id
        browser.enter(reader)
        pages.append(f"/seances/{seance}")

    for page in PAGES:
        assert read(held.raw("GET", page)) == read(plain.raw("GET", page)), page
    assert read(held.raw("GET", pages[-1])) == read(plain.raw("GET", pages[-2]))


def read(response: TestResponse) -> tuple[int, str]:
    """The words; an id that each database gave to its own séance is one word."""
    return response.status_code, re.sub(r"/seances/[0-9a-f-]{36}", "/seances/…", Page(response).text)
