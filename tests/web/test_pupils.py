"""The caseload and a pupil's page: for who follows, teaches or runs the school, and written down."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from intervention.records.access_log import AccessLogEntry
from tests import cast
from tests.web.client import Browser

E_214 = cast.pupil("E-214")


def log(app: Flask) -> list[tuple[str, object, object]]:
    with app.extensions["intervention.stage"].database.session(read_only=True) as session:
        return [
            (e.verb, e.actor_id, e.object_id)
            for e in session.scalars(select(AccessLogEntry).where(AccessLogEntry.verb == "pupil.opened"))
        ]


def test_professional_sees_whom_she_follows(world_browser: Browser) -> None:
    page = world_browser.enter(cast.MIREILLE).get("/eleves", names=True)

    assert "E-214" in page.text
    assert "Mes groupes" in page.text


def test_opening_a_page_is_written_down(world_browser: Browser, world_app: Flask) -> None:
    page = world_browser.enter(cast.MIREILLE).get(f"/eleves/{E_214}", names=True)

    assert page.heading.startswith("E-214 · ")
    assert log(world_app) == [("pupil.opened", cast.MIREILLE, E_214)]


def test_teacher_sees_her_class_and_coordinator_reads_codes(world_browser: Browser) -> None:
    assert "E-214" in world_browser.enter(cast.ANOUK).get("/eleves", names=True).text

    page = world_browser.enter(cast.OMAR).get(f"/eleves/{E_214}")
    assert page.heading == "E-214"


def test_facilitator_and_stranger_find_nothing(world_browser: Browser, world_app: Flask) -> None:
    world_browser.enter(cast.JOSEPH).get(f"/eleves/{E_214}", status=404)
    stranger = world_browser.enter(cast.ETRANGERE, cast.NEIGHBOUR)
    stranger.get(f"/eleves/{E_214}", status=404)
    assert "E-214" not in stranger.get("/eleves", names=True).text

    assert log(world_app) == []


def test_page_numbers_of_all_sorts(world_browser: Browser) -> None:
    omar = world_browser.enter(cast.OMAR)

    for page in ("2", "0", "-1", "x", "9999", "٣"):
        omar.get(f"/eleves?page={page}")
