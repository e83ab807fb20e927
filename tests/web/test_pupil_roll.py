"""The register of pupils, who follows them, their groups and guests: pages, and who gets them."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from intervention.records.access_log import AccessLogEntry
from intervention.records.people import FollowUp, Guest, NeedGroup, Pupil
from tests import cast
from tests.web.client import Browser
from tests.web.pages import Page

E_214 = cast.pupil("E-214")
ROLL, NEW = "/admin/eleves", "/admin/eleves/nouveau"
EDIT, MOVE, HERS = f"{ROLL}/{E_214}", f"{ROLL}/{E_214}/deplacement", f"/eleves/{E_214}"
CAP = f"{cast.school('cap-chardon')}|{cast.building('cap')}"
FIELDS = {"code": "E-900", "given_name": "Alizée", "family_name": "Hautetour", "level": "primary", "school": CAP}


@pytest.fixture
def ines(world_browser: Browser) -> Browser:
    return world_browser.enter(cast.INES)


def read(browser: Browser, statement):
    with browser.stage.database.session(read_only=True) as session:
        session.expire_on_commit = False
        return session.scalars(statement).all()


def faults(page: Page) -> list[str]:
    return [a.get("href", "") for a in page.all("div[@role='alert']//a")]


def test_the_register_is_searched_by_code_and_never_by_name(ines: Browser) -> None:
    page = ines.get(ROLL)
    assert page.heading == "Registre des élèves"
    assert len(page.all("tbody/tr")) == 50

    ines.post(f"{ROLL}/recherche", {"code": "e-21", "ecole": str(cast.school("cap-chardon"))})
    found = ines.follow()
    assert "E-214" in found.links
    assert all(words.startswith("E-21") for words in found.links if words.startswith("E-"))

    refused = ines.post(f"{ROLL}/recherche", {"code": "Hautetour"}, status=422)
    assert faults(refused) == ["#code"]
    for query in ("code=Hautetour", "apres=%25", "ecole=x", "classe=9", "archives=1", "code=" + "9" * 90):
        ines.get(f"{ROLL}?{query}")


def test_the_register_is_paged(ines: Browser) -> None:
    seen, page = set(), ines.get(ROLL)
    while True:
        codes = {words for words in page.links if words.startswith("E-")}
        assert not codes & seen
        seen |= codes
        if "Suivant" not in page.links:
            break
        page = ines.get(page.links["Suivant"])
    assert len(seen) == len(read(ines, select(Pupil.id).where(Pupil.organization_id == cast.BOARD)))


def test_a_pupil_is_added_and_opened(ines: Browser) -> None:
    ines.post(NEW, FIELDS)
    assert "L’élève est ajouté." in ines.follow().text

    [pupil] = read(ines, select(Pupil).where(Pupil.code == "E-900"))
    assert (pupil.family_name, pupil.building_id) == ("Hautetour", cast.building("cap"))
    page = ines.get(f"/eleves/{pupil.id}")
    assert page.heading == "E-900"


def test_a_faulty_form_comes_back_as_filled(ines: Browser) -> None:
    page = ines.post(NEW, {**FIELDS, "code": "E-214", "born_month": "2016-02"}, status=422)

    assert sorted(faults(page)) == ["#born_month", "#code"]
    assert (page.form(NEW)["family_name"], page.form(NEW)["school"]) == ("Hautetour", CAP)
    for wrong in ({}, {**FIELDS, "level": "x"}, {**FIELDS, "school": "x|y"}, {**FIELDS, "class_group": "x"}):
        ines.post(NEW, wrong, status=422)


def test_opening_the_record_is_written_down(ines: Browser) -> None:
    form = ines.get(EDIT).form(EDIT)
    assert form["code"] == "E-214"

    log = read(ines, select(AccessLogEntry).where(AccessLogEntry.verb == "pupil.opened"))
    assert [(e.actor_id, e.object_id) for e in log] == [(cast.INES, E_214)]
    ines.post(EDIT, {**form, "grade": "6e année"})
    assert "6e année" in ines.follow().text


def test_a_pupil_moves_leaves_and_comes_back(ines: Browser) -> None:
    there = f"{cast.school('cap-chardon')}|{cast.building('cap')}"
    assert ines.get(MOVE).form(MOVE)["school"] == there
    page = ines.edit(MOVE, {"school": there, "class_group": str(cast.class_group("cap/456"))})
    assert read(ines, select(Pupil.class_group_id).where(Pupil.id == E_214)) == [cast.class_group("cap/456")]
    page = ines.edit(MOVE, {"school": there, "class_group": str(cast.NEIGHBOUR)}, status=422)
    assert faults(page) == ["#class_group"]

    ines.post(f"{EDIT}/archivage")
    assert "Le départ de l’élève est noté." in ines.follow().text
    assert "Planifier" not in ines.get(HERS).links
    assert ines.get(EDIT).find("form[@action='" + f"{EDIT}/retour" + "']") is not None
    ines.post(f"{EDIT}/retour")
    assert read(ines, select(Pupil.archived_on).where(Pupil.id == E_214)) == [None]


def test_coordination_assigns_and_ends(world_browser: Browser) -> None:
    omar, path = world_browser.enter(cast.OMAR), f"{HERS}/suivi"
    hers = select(FollowUp.person_id).where(FollowUp.pupil_id == E_214)
    ours = FollowUp.organization_id == cast.BOARD
    karim = read(omar, select(FollowUp.person_id).where(ours, FollowUp.person_id.not_in(hers)).limit(1))[0]
    assert "Confier l’élève" in omar.get(HERS).links

    form = omar.get(path).form(path)
    refused = omar.post(path, {**form, "person": str(karim), "discipline": "education_consulting"}, status=422)
    assert faults(refused) == ["#discipline"]
    omar.post(path, {**form, "person": "", "discipline": "", "starts_on": "hier"}, status=422)
    discipline = read(omar, select(FollowUp.discipline).where(FollowUp.person_id == karim))[0]
    omar.post(path, {**form, "person": str(karim), "discipline": discipline.value})
    assert "L’élève est confié." in omar.follow().text

    [row] = read(omar, select(FollowUp).where(FollowUp.person_id == karim, FollowUp.pupil_id == E_214))
    omar.post(f"{HERS}/suivis/{row.id}/fin")
    assert "Ce suivi prend fin aujourd’hui." in omar.follow().text


def test_a_professional_forms_a_group(world_browser: Browser) -> None:
    mireille, path = world_browser.enter(cast.MIREILLE), "/eleves/groupes/nouveau"

    refused = mireille.post(path, {"name": "Langage 9"}, status=422, names=True)
    assert faults(refused) == ["#pupils"]
    mireille.post(path, {"name": "Langage 9", "pupils": str(E_214)})
    [group] = read(mireille, select(NeedGroup).where(NeedGroup.name == "Langage 9"))
    assert "Langage 9" in mireille.follow(names=True).links
    mine = f"/eleves/groupes/{group.id}"
    assert mireille.get(mine, names=True).heading == "Langage 9"
    mireille.edit(mine, {"name": "Langage 10", "pupils": str(E_214)})
    mireille.post(f"{mine}/retrait")
    assert read(mireille, select(NeedGroup).where(NeedGroup.name == "Langage 10")) == []


def test_guests_are_added_from_the_pupil_and_from_the_sheet(world_browser: Browser) -> None:
    mireille, new = world_browser.enter(cast.MIREILLE), f"/personnes-invitees/nouvelle?eleve={E_214}"
    assert new in mireille.get(HERS, names=True).links.values()

    form = mireille.get(new).form(new)
    refused = mireille.post(new, {**form, "name": "Alix Essai", "email": "x"}, status=422)
    assert faults(refused) == ["#email"]
    mireille.post(new, {**form, "name": "Alix Essai", "email": "alix@example.org"})
    assert "Alix Essai" in mireille.follow(names=True).text
    [alix] = read(mireille, select(Guest).where(Guest.name == "Alix Essai"))
    edit = f"/personnes-invitees/{alix.id}"
    mireille.post(edit, {**mireille.get(edit).form(edit), "phone": "418 555-0198"})

    sheet = mireille.get("/seances/nouvelle?genre=intervention_plan", names=True)
    assert "/personnes-invitees/nouvelle" in sheet.links.values()
    mireille.post("/personnes-invitees/nouvelle", {"name": "Ana Sol", "relation": "interpreter", "locale": "en"})
    after = mireille.follow(names=True)
    [ana] = read(mireille, select(Guest).where(Guest.name == "Ana Sol"))
    assert [each.get("value") for each in after.all("input[@checked]") if each.get("name") == "qui"] == [
        f"guest:{ana.id}"
    ]
    mireille.get("/personnes-invitees/nouvelle?eleve=x", status=404)


@pytest.mark.parametrize("person", [cast.MIREILLE, cast.LUC, cast.SYLVIE, cast.OMAR, cast.JOSEPH])
def test_the_others_of_the_board_are_told_why_not(world_browser: Browser, person: UUID) -> None:
    browser = world_browser.enter(person)

    for path in (ROLL, NEW, EDIT, MOVE):
        assert "Seule l’administration tient le registre des élèves." in browser.get(path, status=403).text
    for path in (f"{EDIT}/archivage", f"{EDIT}/retour"):
        browser.post(path, status=403)


def test_the_stranger_finds_nothing(world_app: Flask) -> None:
    with Browser(world_app).stage.database.session(read_only=True) as session:
        her = cast.administratrice_voisine(session)
        group = session.scalars(select(NeedGroup.id).where(NeedGroup.organization_id == cast.BOARD)).first()
    stranger = Browser(world_app).enter(her.person_id, cast.NEIGHBOUR)

    for path in (EDIT, MOVE, HERS, f"{HERS}/suivi", f"/personnes-invitees/{cast.PARENT}"):
        stranger.get(path, status=404)
    for path in (EDIT, MOVE, f"{EDIT}/archivage", f"{EDIT}/retour", f"{HERS}/suivi"):
        stranger.post(path, FIELDS, status=404)
    stranger.get(f"/personnes-invitees/nouvelle?eleve={E_214}", status=404)
    other = Browser(world_app).enter(cast.ETRANGERE, cast.NEIGHBOUR)
    other.get(f"/eleves/groupes/{group}", status=404)
    other.post(f"/eleves/groupes/{group}/retrait", status=404)
