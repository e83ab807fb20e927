"""The caseload and a pupil's page: for who follows, teaches or runs the school, and written down."""

from __future__ import annotations

import re
from datetime import time, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.domain.encounters import (
    Axis,
    Confidentiality,
    EncounterKind,
    EncounterStatus,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.people import Discipline
from intervention.queries.pupil_page import A_LIST
from intervention.records.access_log import AccessLogEntry
from intervention.records.encounters import Encounter, EncounterSite, Participation
from tests import cast
from tests.databases import MONDAY
from tests.web.client import Browser
from tests.web.day_world import booked
from tests.web.pages import Page, words

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


def test_a_long_list_of_seances_is_turned_page_by_page(world_browser: Browser, world_app: Flask) -> None:
    past = _met(world_app, -1, A_LIST + 2)
    coming = _met(world_app, 1, A_LIST + 1)
    mireille = world_browser.enter(cast.MIREILLE)

    first, older, later, nonsense = (
        _seances(mireille.get(f"/eleves/{E_214}{turned}", names=True))
        for turned in ("", "?passees=2", "?a_venir=2", "?passees=x&a_venir=-1")
    )

    assert first == {*past[:A_LIST], *coming[:A_LIST]} == nonsense
    assert older == {*past[A_LIST:], *coming[:A_LIST]}
    assert later == {*past[:A_LIST], *coming[A_LIST:]}
    turning = set(mireille.get(f"/eleves/{E_214}?passees=2", names=True).links.values())
    assert {f"/eleves/{E_214}?a_venir=1&passees=1", f"/eleves/{E_214}?a_venir=2&passees=2"} <= turning


def _seances(page: Page) -> set[UUID]:
    return {
        UUID(path[len("/seances/") :]) for path in page.links.values() if re.fullmatch(r"/seances/[0-9a-f-]{36}", path)
    }


def _met(app: Flask, step: int, times: int) -> list[UUID]:
    """Séances with E-214 day by day away from today, the nearest first."""
    found = []
    with app.extensions["intervention.stage"].database.session() as session:
        for n in range(1, times + 1):
            starts_at = MONDAY + timedelta(days=step * n)
            encounter = Encounter(
                organization_id=cast.BOARD, kind=EncounterKind.INDIVIDUAL, axis=Axis.PUPIL_SERVICE,
                discipline=Discipline.SPEECH_THERAPY, modality=Modality.REMOTE, status=EncounterStatus.PLANNED,
                confidentiality=Confidentiality.RESTRICTED, host_id=cast.MIREILLE, created_by_id=cast.MIREILLE,
                starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45), on_date=starts_at.date(),
                starts_local=time(8), zone="America/Toronto", created_at=MONDAY, changed_at=MONDAY,
                sites=[EncounterSite(position=0, place=PlaceKind.BUILDING, building_id=cast.building("cap"))],
            )  # fmt: skip
            session.add(encounter)
            session.flush()
            encounter.participations = [
                Participation(site_id=encounter.sites[0].id, role=ParticipantRole.PUPIL, pupil_id=E_214)
            ]
            found.append(encounter.id)
    return found


def test_teacher_reads_when_a_pupil_leaves_class_and_nothing_more(world_browser: Browser, clock: FixedClock) -> None:
    booked(world_browser.stage.database, clock, "2026-11-24 09:00")
    anouk = world_browser.enter(cast.ANOUK)

    roll, pupil = anouk.get("/eleves", names=True), anouk.get(f"/eleves/{E_214}", names=True)

    assert "Dernière fois hors de la classe" in roll.text
    assert "mardi 24 nov., 9\u00a0h" in roll.text
    said = words(pupil.find("section[@aria-labelledby='pull-outs-title']"))
    assert "mardi 24 nov., 9\u00a0h – 9\u00a0h\u00a045 local 12" in said
    assert "Mireille" not in pupil.text
    assert not [url for url in pupil.links.values() if url.startswith("/seances/")]


def test_nobody_is_to_plan_for_a_pupil_whom_nobody_follows(world_browser: Browser) -> None:
    rows = world_browser.enter(cast.LUC).get("/eleves", names=True).all("tbody/tr")

    said = {words(row).split(" ")[0]: words(row) for row in rows}
    assert "à planifier" in said["E-214"]
    assert "à planifier" not in said["E-230"]


def test_followed_with_nothing_to_come_are_found_by_school(world_browser: Browser, clock: FixedClock) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    before = mireille.get("/eleves?sans_suite=1", names=True).text
    booked(world_browser.stage.database, clock, "2026-11-24 09:00")
    after = mireille.get("/eleves?sans_suite=1", names=True).text
    elsewhere = mireille.get(f"/eleves?immeuble={cast.building('dunes')}", names=True).text

    assert "E-214" in before
    assert "E-214" not in after
    assert "E-214" not in elsewhere
    assert "Personne ici" in mireille.get(f"/eleves?immeuble={cast.ETRANGERE}").text
    mireille.get("/eleves?immeuble=x&sans_suite=peut-être", names=True)
