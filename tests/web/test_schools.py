"""The pages of the schools, for administrators."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from intervention.domain.people import Level
from intervention.records.database import Database
from intervention.records.people import Person
from intervention.records.schools import BellPeriod, Building, Room
from tests import cast
from tests.web.client import Browser
from tests.web.pages import Page, words

CAP, BRUMES = cast.building("cap"), cast.building("brumes")
HOME = f"/ecoles/immeubles/{CAP}"
ZONE, WITHDRAWAL, EDIT = f"{HOME}/heure", f"{HOME}/heure/retrait", f"{HOME}/modification"
NEW_ROOM, BELLS = f"{HOME}/locaux/nouveau", f"{HOME}/cloches/primary"


@pytest.fixture
def ines(world_browser: Browser) -> Browser:
    return world_browser.enter(cast.INES)


def database(browser: Browser) -> Database:
    return browser.stage.database


def unconfirm(browser: Browser, *ids: UUID) -> None:
    with database(browser).session() as session:
        session.execute(update(Building).where(Building.id.in_(ids)).values(zone=None))


def zone_of(browser: Browser, building_id: UUID) -> str | None:
    with database(browser).session(read_only=True) as session:
        return session.scalar(select(Building.zone).where(Building.id == building_id))


def faults(page: Page) -> list[str]:
    return [a.get("href", "") for a in page.all("div[@role='alert']//a")]


def test_the_list_shows_every_building(ines: Browser) -> None:
    page = ines.get("/ecoles")

    assert page.heading == "Écoles"
    rows = page.all("tbody/tr")
    assert len(rows) == 12
    assert HOME in page.links.values()
    assert page.find("nav//a[@aria-current='page']").get("href") == "/ecoles"


def test_zones_are_confirmed_together_as_they_were_shown(ines: Browser) -> None:
    unconfirm(ines, CAP, BRUMES)
    page = ines.get("/ecoles")
    ticked = [box.get("value", "") for box in page.all("input[@name='zones']") if box.get("checked") is not None]

    ines.post("/ecoles/heures", {"zones": ticked})

    assert "2 immeubles attendent leur heure légale" in page.text
    assert "Heures légales confirmées\u00a0: 2." in ines.follow().text
    assert (zone_of(ines, CAP), zone_of(ines, BRUMES)) == tuple(
        dict(value.split("|") for value in ticked)[str(each)] for each in (CAP, BRUMES)
    )


@pytest.mark.parametrize("zones", [[], ["x"], [f"{CAP}|Europe/Paris"], ["|America/Toronto"]])
def test_a_confirmation_of_nothing_is_refused(ines: Browser, zones: list[str]) -> None:
    unconfirm(ines, CAP)

    page = ines.post("/ecoles/heures", {"zones": zones}, status=422)

    assert faults(page) == ["#zones"]
    assert zone_of(ines, CAP) is None


def test_a_zone_is_confirmed_and_taken_back(ines: Browser) -> None:
    unconfirm(ines, CAP)
    page = ines.get(HOME)
    proposed = page.form(ZONE)["zone"]

    ines.post(ZONE, {"zone": proposed})
    told = ines.follow()

    assert "Rien ne se planifie dans cet immeuble" in page.text
    assert (zone_of(ines, CAP), "confirmée" in told.text) == (proposed, True)
    ines.post(told.find("div[@id='notices']//form").get("action", ""))
    assert "n’est plus confirmée" in ines.follow().text
    assert zone_of(ines, CAP) is None


def test_an_unknown_zone_is_refused(ines: Browser) -> None:
    page = ines.post(ZONE, {"zone": "Europe/Paris"}, status=422)

    assert faults(page) == ["#zone"]


def test_a_building_is_edited(ines: Browser) -> None:
    form = ines.get(EDIT).form(EDIT)

    ines.post(EDIT, {**form, "short_name": "Le Cap", "opens_local": "7:15", "phone": "418 555-0177"})

    page = ines.follow()
    assert "L’immeuble est à jour." in page.text
    assert "418 555-0177" in page.text
    assert "7\u00a0h\u00a015" in page.text


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"short_name": ""}, "short_name"),
        ({"short_name": "x" * 41}, "short_name"),
        ({"opens_local": "25:00"}, "opens_local"),
        ({"closes_local": "05:00"}, "closes_local"),
        ({"postal_code": "12345"}, "postal_code"),
        ({"phone": "4" * 41}, "phone"),
        ({"road_component": "r" * 41}, "road_component"),
    ],
)
def test_a_wrong_form_is_kept_as_filled(ines: Browser, fields: dict[str, str], fault: str) -> None:
    form = ines.get(EDIT).form(EDIT)

    page = ines.post(EDIT, {**form, "address": "Kept, as typed", **fields}, status=422)

    assert faults(page) == [f"#{fault}"]
    assert page.form(EDIT)["address"] == "Kept, as typed"
    assert ines.get(EDIT).form(EDIT) == form


def test_a_room_is_added_then_put_out_of_service(ines: Browser) -> None:
    form = ines.get(NEW_ROOM).form(NEW_ROOM)
    ines.post(NEW_ROOM, {**form, "name": "Serre", "capacity": "2", "has_headset": "1"})
    page = ines.follow()
    address = page.links["Serre"]

    edited = ines.get(address).form(address)
    ines.post(address, {**{k: v for k, v in edited.items() if k != "is_active"}, "equipment": "rideau"})

    assert "Le local est ajouté." in page.text
    assert (edited["capacity"], edited["is_closed"], edited["has_headset"]) == ("2", "1", "1")
    with database(ines).session(read_only=True) as session:
        found = session.execute(
            select(Room.is_active, Room.equipment, Room.building_id).where(Room.name == "Serre")
        ).one()
    assert tuple(found) == (False, "rideau", CAP)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [({"name": ""}, "name"), ({"capacity": "0"}, "capacity"), ({"capacity": "beaucoup"}, "capacity")],
)
def test_a_wrong_room_is_kept_as_filled(ines: Browser, fields: dict[str, str], fault: str) -> None:
    page = ines.post(NEW_ROOM, {"name": "Serre", "capacity": "2", "equipment": "rideau", **fields}, status=422)

    assert faults(page) == [f"#{fault}"]
    assert page.form(NEW_ROOM)["equipment"] == "rideau"


def test_bells_are_changed_and_a_row_taken_away(ines: Browser) -> None:
    form = ines.get(BELLS).form(BELLS)
    count = sum(name.startswith("starts-") and bool(value) for name, value in form.items())

    blank = {"starts-1": "", "ends-1": "", "label-1": ""}
    more = {
        f"starts-{count}": "15:30",
        f"ends-{count}": "15:45",
        f"kind-{count}": "recess",
        f"label-{count}": "Autobus",
    }
    ines.post(BELLS, {**form, **blank, **more})

    assert "Les cloches sont à jour." in ines.follow().text
    with database(ines).session(read_only=True) as session:
        labels = session.scalars(
            select(BellPeriod.label)
            .where(BellPeriod.building_id == CAP, BellPeriod.level == Level.PRIMARY)
            .order_by(BellPeriod.starts_local)
        ).all()
    assert (len(labels), labels[-1], form["label-1"] in labels) == (count, "Autobus", False)


def test_overlapping_bells_are_refused_and_kept_as_filled(ines: Browser) -> None:
    form = ines.get(BELLS).form(BELLS)

    page = ines.post(BELLS, {**form, "starts-1": "08:05", "label-2": "Kept"}, status=422)

    assert faults(page) == ["#starts-1"]
    assert (page.form(BELLS)["starts-1"], page.form(BELLS)["label-2"]) == ("08:05", "Kept")
    assert ines.get(BELLS).form(BELLS) == form


def test_bells_that_are_no_bells_are_refused(ines: Browser) -> None:
    page = ines.post(BELLS, {"starts-0": "8", "ends-0": "", "label-0": "", "kind-0": "gong"}, status=422)

    assert sorted(faults(page)) == ["#ends-0", "#kind-0", "#label-0", "#starts-0"]
    ines.post(BELLS, {f"starts-{n}": "08:00" for n in range(400)}, status=422)
    ines.get(f"{HOME}/cloches/nursery", status=404)


def test_bells_begin_with_those_of_another_level(ines: Browser) -> None:
    like = ines.get(f"{HOME}/cloches/secondary?comme=primary").form(f"{HOME}/cloches/secondary")
    own = ines.get(BELLS).form(BELLS)

    apart = {"csrf", "version"}
    assert {k: v for k, v in like.items() if k not in apart} == {k: v for k, v in own.items() if k not in apart}
    ines.get(f"{HOME}/cloches/secondary?comme=nursery", status=404)


@pytest.mark.parametrize("person", [cast.MIREILLE, cast.LUC, cast.SYLVIE, cast.OMAR, cast.JOSEPH])
def test_the_others_of_the_board_are_told_why_not(world_browser: Browser, person: UUID) -> None:
    browser = world_browser.enter(person)

    for path in ("/ecoles", HOME, EDIT, NEW_ROOM, BELLS):
        page = browser.get(path, status=403)
        assert "Seule l’administration modifie les écoles." in page.text
    for path in ("/ecoles/heures", ZONE, WITHDRAWAL):
        browser.post(path, {"zone": "America/Halifax", "zones": f"{CAP}|America/Halifax"}, status=403)
    assert "/ecoles" not in browser.get("/recherche").links.values()


def test_the_stranger_finds_nothing(world_app: Flask, ines: Browser) -> None:
    neighbour = cast.administratrice_voisine
    with database(ines).session(read_only=True) as session:
        her = neighbour(session)
        room = session.scalars(select(Room.id).where(Room.building_id == CAP)).first()
        assert session.get(Person, her.person_id) is not None
    stranger = Browser(world_app).enter(her.person_id, cast.NEIGHBOUR)

    for path in (HOME, EDIT, NEW_ROOM, BELLS, f"{HOME}/locaux/{room}"):
        stranger.get(path, status=404)
    for path in (ZONE, WITHDRAWAL, EDIT, NEW_ROOM, BELLS, f"{HOME}/locaux/{room}"):
        stranger.post(path, {"zone": "America/Halifax"}, status=404)
    stranger.post("/ecoles/heures", {"zones": f"{CAP}|America/Halifax"}, status=404)
    own = stranger.get("/ecoles")
    assert HOME not in own.links.values()
    stranger.get(f"/ecoles/immeubles/{cast.NEIGHBOUR_BUILDING}/locaux/{room}", status=404)


def test_the_pages_speak_english(ines: Browser) -> None:
    ines.post("/langue", {"language": "en", "suite": "/ecoles"})

    assert ines.follow().heading == "Schools"
    assert [words(h) for h in ines.get(HOME).all("main//h2")] == ["Legal time", "Rooms", "Classes", "Bells"]
    assert ines.get(BELLS).heading == "Bells: elementary"


def test_exam_days_ring_bells_of_their_own_and_the_usual_ones_stay(ines: Browser) -> None:
    usual = ines.get(BELLS).form(BELLS)
    exams = f"{BELLS}?jour=exam"
    began = ines.get(exams).form(exams)
    seen = {began.pop("version"), usual["version"]}
    assert (began, len(seen)) == ({n: v for n, v in usual.items() if n != "version"}, 2)

    ines.edit(exams, {"kind-0": "period", "label-0": "Examen", "starts-0": "8 h 30", "ends-0": "11 h 30"})
    ines.edit(exams, {**began, "starts-1": "8:00"}, status=422)

    assert ines.get(exams).form(exams)["label-0"] == "Examen"
    assert ines.get(BELLS).form(BELLS) == usual
    ines.get(f"{BELLS}?jour=storm", status=404)


def test_the_bells_of_two_buildings_stand_side_by_side(ines: Browser) -> None:
    page = ines.get(f"{BELLS}?avec={cast.building('ruisseau')}")

    heads = [words(each) for each in page.all("aside//thead//th")]
    assert heads == ["Cloche", "Cap-Chardon", "Ruisseau-Blanc"]
    assert len(page.all("aside//tbody/tr")) > 3
