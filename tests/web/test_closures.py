"""The sheet of a closed day: seen first, declared in one press, undone from its page; refused to whose it is not."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.domain.days import DayType
from intervention.domain.encounters import EncounterStatus
from intervention.records.calendars import Closure, SchoolDay
from intervention.records.encounters import Encounter
from tests import cast
from tests.web.client import Browser
from tests.web.day_world import booked

CAP = cast.building("cap")
QUERY = f"ou=building:{CAP}&du=2026-11-24&genre=closure&raison=Temp%C3%AAte"
FIELDS = {"ou": f"building:{CAP}", "du": "2026-11-24", "genre": "closure", "raison": "Tempête"}


@pytest.fixture
def seance(world_browser: Browser, clock: FixedClock) -> UUID:
    """Mireille is to see E-214 of the Cap-Chardon, Tuesday at 9 h."""
    return booked(world_browser.stage.database, clock, "2026-11-24 09:00").encounter_id


def stored(browser: Browser, seance: UUID) -> tuple[EncounterStatus, int, DayType]:
    with browser.stage.database.session(read_only=True) as session:
        found = session.get_one(Encounter, seance)
        closed = len(session.scalars(select(Closure).where(Closure.lifted_at.is_(None))).all())
        return found.status, closed, session.get_one(SchoolDay, (CAP, "", found.on_date)).day_type


def test_the_sheet_shows_what_the_rule_proposes_and_changes_nothing(world_browser: Browser, seance: UUID) -> None:
    page = world_browser.enter(cast.OMAR).get(f"/fermetures/nouvelle?{QUERY}")

    assert "1 séance touchée" in page.text
    assert page.form("/fermetures")[f"t-{seance}"] == "make_up"
    assert "les élèves ne sont pas là" in page.text
    assert stored(world_browser, seance) == (EncounterStatus.PLANNED, 0, DayType.CLASS)


def test_declared_in_one_press_and_undone_from_its_page(world_browser: Browser, seance: UUID) -> None:
    omar = world_browser.enter(cast.OMAR)
    form = omar.get(f"/fermetures/nouvelle?{QUERY}").form("/fermetures")

    omar.post("/fermetures", form)
    page = omar.follow()

    assert "C’est déclaré. Séances touchées : 1." in page.text.replace("\u00a0", " ")
    assert stored(world_browser, seance) == (EncounterStatus.CANCELLED, 1, DayType.CLOSURE)
    undo = next(each.get("action", "") for each in page.all("form[@action]") if "changements" in each.get("action", ""))
    omar.post(undo)
    assert "Séances rendues" in omar.follow().text
    assert stored(world_browser, seance) == (EncounterStatus.PLANNED, 0, DayType.CLASS)


def test_a_treatment_is_changed_by_hand(world_browser: Browser, seance: UUID) -> None:
    world_browser.enter(cast.OMAR).post("/fermetures", {**FIELDS, f"t-{seance}": "keep"})

    assert stored(world_browser, seance) == (EncounterStatus.PLANNED, 1, DayType.CLOSURE)


def test_a_treatment_that_does_not_exist_is_shown_again(world_browser: Browser, seance: UUID) -> None:
    page = world_browser.enter(cast.OMAR).post("/fermetures", {**FIELDS, f"t-{seance}": "remote"}, status=422)

    assert "Choisissez une des réponses proposées." in page.text
    assert page.form("/fermetures")[f"t-{seance}"] == "make_up"
    assert stored(world_browser, seance) == (EncounterStatus.PLANNED, 0, DayType.CLASS)


def test_the_same_twice_is_told(world_browser: Browser, seance: UUID) -> None:
    omar = world_browser.enter(cast.OMAR)
    omar.post("/fermetures", FIELDS)
    omar.post("/fermetures", FIELDS)

    assert "C’était déjà déclaré" in omar.follow().text
    assert stored(world_browser, seance)[1] == 1


def test_a_closure_is_lifted_from_the_list(world_browser: Browser, seance: UUID) -> None:
    sylvie = world_browser.enter(cast.SYLVIE)
    sylvie.post("/fermetures", FIELDS)
    page = sylvie.get("/fermetures")
    lifting = next(
        each.get("action", "") for each in page.all("form[@action]") if each.get("action", "").endswith("levee")
    )

    sylvie.post(lifting)

    assert "levée" in sylvie.follow().text
    assert stored(world_browser, seance) == (EncounterStatus.PLANNED, 0, DayType.CLASS)


def test_a_principal_is_offered_her_school_alone(world_browser: Browser) -> None:
    page = world_browser.enter(cast.LUC).get("/fermetures/nouvelle")

    offered = [option.get("value", "") for option in page.all("select[@id='ou']/option") if option.get("value")]
    assert all(each.startswith(("school:", "building:")) for each in offered)
    assert f"building:{CAP}" in offered
    assert f"building:{cast.building('dunes')}" not in offered


def test_what_is_wrong_is_told_by_its_field(world_browser: Browser) -> None:
    omar = world_browser.enter(cast.OMAR)
    past = omar.get(f"/fermetures/nouvelle?{QUERY.replace('2026-11-24', '2026-11-20')}", status=422)
    sunday = omar.get(f"/fermetures/nouvelle?{QUERY.replace('2026-11-24', '2026-11-29')}", status=422)
    broken = omar.get("/fermetures/nouvelle?ou=building:x&du=demain", status=422)

    assert "Ce moment est déjà passé." in past.text
    assert "l’école n’y est pas prévue" in sunday.text
    assert "Entrez une date" in broken.text


def test_a_conditional_day_becomes_a_class_day(world_browser: Browser) -> None:
    omar = world_browser.enter(cast.OMAR)
    page = omar.get("/fermetures/journee-conditionnelle")
    form = page.form("/fermetures")

    omar.post("/fermetures", form)

    assert "La journée est devenue un jour de classe." in omar.follow().text
    with world_browser.stage.database.session(read_only=True) as session:
        assert session.scalars(select(Closure)).one().day_type is DayType.CLASS


@pytest.mark.parametrize("path", ["/fermetures", "/fermetures/nouvelle", "/fermetures/journee-conditionnelle"])
def test_it_is_not_for_a_professional(world_browser: Browser, path: str) -> None:
    assert "déclarent une fermeture" in world_browser.enter(cast.MIREILLE).get(path, status=403).text
