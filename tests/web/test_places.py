"""Buildings, schools, kits, vehicles, roads and classes kept by hand: the pages, and who gets them."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from intervention.records.people import ClassGroup
from intervention.records.schools import Building, Kit, ProtectedTime, Road, School, Vehicle
from tests import cast
from tests.web.client import Browser
from tests.web.pages import Page

CAP, VENTS = cast.building("cap"), cast.building("vents")
HOME, NEW_BUILDING = f"/ecoles/immeubles/{CAP}", "/ecoles/immeubles/nouveau"
SCHOOLS, NEW_SCHOOL = "/ecoles/etablissements", "/ecoles/etablissements/nouveau"
SCHOOL = f"{SCHOOLS}/{cast.school('cap-chardon')}"
THINGS, ROADS = "/ecoles/materiel", "/ecoles/routes"
NEW_CLASS, CLASS = f"{HOME}/classes/nouvelle", f"/ecoles/classes/{cast.class_group('cap/123')}"
GETS = (NEW_BUILDING, SCHOOLS, NEW_SCHOOL, SCHOOL, THINGS, f"{THINGS}/trousses/nouveau", ROADS, NEW_CLASS, CLASS)


@pytest.fixture
def ines(world_browser: Browser) -> Browser:
    return world_browser.enter(cast.INES)


def read(browser: Browser, statement):
    with browser.stage.database.session(read_only=True) as session:
        session.expire_on_commit = False
        return session.scalars(statement).all()


def faults(page: Page) -> list[str]:
    return sorted(a.get("href", "") for a in page.all("div[@role='alert']//a"))


def test_a_building_is_added_then_its_zone_confirmed(ines: Browser) -> None:
    form = {
        **ines.get(NEW_BUILDING).form(NEW_BUILDING), "code": "900001", "name": "Pavillon Bleu",
        "municipality": "Grosse-Île", "lat": "47,62", "lon": "−61,52",
    }  # fmt: skip
    refused = ines.post(NEW_BUILDING, {**form, "code": "", "lat": "nord", "postal_code": "x"}, status=422)
    assert faults(refused) == ["#code", "#lat"]
    assert refused.form(NEW_BUILDING)["lon"] == "−61,52"

    ines.post(NEW_BUILDING, form)
    page = ines.follow()
    [building] = read(ines, select(Building).where(Building.code == "900001"))
    zone = f"/ecoles/immeubles/{building.id}/heure"
    assert page.form(zone)["zone"] == "America/Halifax"
    ines.post(zone, page.form(zone))
    assert read(ines, select(Building.zone).where(Building.code == "900001")) == ["America/Halifax"]


def test_a_school_is_added_and_edited(ines: Browser) -> None:
    fields = {"code": "900", "name": "École des Rives", "buildings": str(CAP), f"levels-{CAP}": "primary"}
    assert faults(ines.post(NEW_SCHOOL, {"code": "900", "name": "É"}, status=422)) == ["#buildings"]
    ines.post(NEW_SCHOOL, fields)
    assert "École des Rives" in ines.follow().links

    [school] = read(ines, select(School).where(School.code == "900"))
    path = f"{SCHOOLS}/{school.id}"
    assert ines.get(path).form(path)["buildings"] == str(CAP)
    ines.edit(path, {**fields, "name": "École du Cap", "is_active": "1"})
    assert "École du Cap" in ines.follow().links
    held = ines.post(SCHOOL, {**ines.get(SCHOOL).form(SCHOOL), "buildings": str(VENTS)}, status=422)
    assert faults(held) == ["#buildings"]


@pytest.mark.parametrize(("raw", "record"), [("trousses", Kit), ("vehicules", Vehicle)])
def test_equipment_is_added_and_taken_out_of_service(ines: Browser, raw: str, record) -> None:
    new = f"{THINGS}/{raw}/nouveau"
    assert faults(ines.post(new, {"name": " ", "building": "x"}, status=422)) == ["#building", "#name"]
    ines.post(new, {"name": "La neuve", "building": str(CAP)})
    assert "La neuve" in ines.follow().links

    [one] = read(ines, select(record).where(record.name == "La neuve"))
    path = f"{THINGS}/{raw}/{one.id}"
    assert ines.get(path).form(path)["building"] == str(CAP)
    ines.edit(path, {"name": "La neuve", "building": ""})
    assert read(ines, select(record.is_active).where(record.id == one.id)) == [False]
    ines.get(f"{THINGS}/bateaux/nouveau", status=404)
    ines.get(f"{THINGS}/{raw}/{CAP}", status=404)


def test_a_road_is_declared_corrected_and_withdrawn(ines: Browser) -> None:
    fields = {
        "from_building": str(CAP), "to_building": str(cast.building("brisant")), "minutes": "17", "km": "1",
        "source": "essai", "mode": "road", "both_ways": "1",
    }  # fmt: skip
    wrong = ines.post(ROADS, {**fields, "to_building": str(CAP), "minutes": "0"}, status=422)
    assert faults(wrong) == ["#minutes"]
    ines.post(ROADS, fields)
    assert "elle remplace l’estimation" in ines.follow().text

    [road] = read(ines, select(Road).where(Road.source == "essai", Road.from_building_id == CAP))
    form = ines.get(f"{ROADS}?route={road.id}").form(ROADS)
    assert (form["minutes"], form["km"], form["source"]) == ("17", "1", "essai")
    ines.post(f"{ROADS}/{road.id}/retrait")
    assert read(ines, select(Road.id).where(Road.id == road.id)) == []
    ines.get(f"{ROADS}?route=x")


def test_a_class_is_added_protected_and_removed(ines: Browser) -> None:
    school = str(cast.school("cap-chardon"))
    assert "Ajouter une classe" in ines.get(HOME).links
    fields = {"name": "Neuve", "level": "primary", "school": school}
    assert faults(ines.post(NEW_CLASS, {"name": "Neuve"}, status=422)) == ["#level", "#school"]
    ines.post(NEW_CLASS, fields)
    assert ines.follow().heading == "Classe Neuve"

    [group] = read(ines, select(ClassGroup).where(ClassGroup.name == "Neuve"))
    path = f"/ecoles/classes/{group.id}"
    slot = {"weekday": "2", "starts_local": "10 h 30", "ends_local": "11:30", "label": "Gymnase"}
    ines.post(f"{path}/temps-proteges", slot)
    assert "10 h 30 – 11 h 30".replace(" h ", "\u00a0h\u00a0") in ines.follow().text
    again = ines.post(f"{path}/temps-proteges", slot, status=422)
    assert faults(again) == ["#starts_local"]
    assert faults(ines.post(f"{path}/temps-proteges", {"weekday": "9"}, status=422)) == [
        "#ends_local", "#label", "#starts_local", "#weekday",
    ]  # fmt: skip
    [row] = read(ines, select(ProtectedTime).where(ProtectedTime.class_group_id == group.id))
    ines.post(f"{path}/temps-proteges/{row.id}/retrait")
    ines.post(f"{path}/temps-proteges", slot | {"weekday": "j3"})
    assert "Jour 3" in ines.follow().text
    assert faults(ines.post(f"{path}/temps-proteges", slot | {"weekday": "j11"}, status=422)) == ["#weekday"]
    ines.edit(path, {**fields, "name": "Neuve 2", "is_active": "1"})
    ines.post(f"{path}/retrait")
    assert ines.follow().response.request.path == HOME
    assert read(ines, select(ClassGroup.id).where(ClassGroup.id == group.id)) == []


def test_a_class_with_pupils_is_neither_removed_nor_closed(ines: Browser) -> None:
    assert faults(ines.post(f"{CLASS}/retrait", status=422)) == ["#class"]
    form = {name: value for name, value in ines.get(CLASS).form(CLASS).items() if name != "is_active"}

    page = ines.post(CLASS, form, status=422)

    assert faults(page) == ["#is_active"]
    assert "Élèves encore dans cette classe" in page.text


@pytest.mark.parametrize("person", [cast.MIREILLE, cast.LUC, cast.OMAR, cast.JOSEPH])
def test_the_others_of_the_board_are_told_why_not(world_browser: Browser, person: UUID) -> None:
    browser = world_browser.enter(person)

    for path in GETS:
        assert "Seule l’administration modifie les écoles." in browser.get(path, status=403).text
    for path in (f"{CLASS}/retrait", f"{CLASS}/temps-proteges"):
        browser.post(path, status=403)


def test_the_stranger_finds_nothing(world_app: Flask) -> None:
    with Browser(world_app).stage.database.session(read_only=True) as session:
        her = cast.administratrice_voisine(session)
        road = session.scalars(select(Road.id)).first()
        kit = session.scalars(select(Kit.id).where(Kit.organization_id == cast.BOARD)).first()
    stranger = Browser(world_app).enter(her.person_id, cast.NEIGHBOUR)

    for path in (SCHOOL, f"{THINGS}/trousses/{kit}", NEW_CLASS, CLASS):
        stranger.get(path, status=404)
        stranger.post(path, {"name": "x"}, status=404)
    for path in (f"{CLASS}/retrait", f"{CLASS}/temps-proteges", f"{ROADS}/{road}/retrait"):
        stranger.post(path, status=404)
    for path in (SCHOOLS, THINGS, ROADS):
        assert str(CAP) not in stranger.get(path).html
