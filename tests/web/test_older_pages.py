"""Two people open one form: the second to save is told what changed, keeps what was filled, and may save knowing it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from intervention.records.schools import Kit, Room
from tests import cast
from tests.web.client import Browser
from tests.web.pages import Page, words

PEOPLE = f"/admin/personnes/{cast.MIREILLE}"
HOURS = f"{PEOPLE}/disponibilites"
CAP = f"/ecoles/immeubles/{cast.building('cap')}"
PUPIL = f"/admin/eleves/{cast.pupil('E-214')}"
GROUP = str(cast.class_group("cap/456"))
CLASS = f"/ecoles/classes/{GROUP}"
SCHOOL = f"/ecoles/etablissements/{cast.school('cap-chardon')}"


@dataclass(frozen=True)
class Case:
    """A form at `path`, shown at `at`; what the first changes, what the second typed, what she is told of."""

    path: str
    theirs: dict[str, str]
    mine: dict[str, str]
    field: str
    standing: str
    at: str = ""


FORMS = {
    "person": Case(
        f"{PEOPLE}/modification", {"phone": "418 555-0142"}, {"phone": "418 555-0100"}, "phone", "418 555-0142"
    ),
    "settings": Case(
        f"{PEOPLE}/professionnel", {"discipline": "psychology"}, {"lunch_minutes": "40"}, "discipline", "psychologie",
        PEOPLE,
    ),
    "hours": Case(
        HOURS, {"ends-now-1-0": "15 h"}, {"ends-now-2-0": "14\u00a0h"}, "starts-now-1-0", "15\u00a0h"
    ),
    "building": Case(
        f"{CAP}/modification", {"short_name": "Le Cap"}, {"phone": "418 555-0177"}, "short_name", "Le Cap"
    ),
    "bells": Case(f"{CAP}/cloches/primary?jour=exam", {"label-0": "Examen"}, {"label-0": "Dictée"}, "bells", ""),
    "school": Case(SCHOOL, {"name": "École du Cap"}, {"code": "901"}, "name", "École du Cap"),
    "class": Case(CLASS, {"level": "secondary"}, {"name": "4-5-6"}, "level", "secondaire"),
    "pupil": Case(PUPIL, {"grade": "6e année"}, {"code": "E-999"}, "grade", "6e année"),
    "place of a pupil": Case(
        f"{PUPIL}/deplacement", {"class_group": GROUP}, {}, "class_group", "456, Cap-Chardon"
    ),
}  # fmt: skip


@pytest.fixture
def ines(world_app: Flask) -> Browser:
    return Browser(world_app).enter(cast.INES)


@pytest.fixture
def colleague(world_app: Flask) -> Browser:
    """Another administrator's page; the same person from another desk does as well."""
    return Browser(world_app).enter(cast.INES)


def opened_by(browser: Browser, path: str, at: str = "") -> dict[str, str]:
    """The fields of a form as somebody opens it, but for its token and its other buttons."""
    form = browser.get(at or path, names=True).form(path)
    return {name: value for name, value in form.items() if name not in {"csrf", "like_monday"}}


def told(page: Page) -> dict[str, str]:
    """What the summary of the refusal links to, and in which words."""
    return {a.get("href", ""): words(a) for a in page.all("div[@class='faults']//li/a")}


@pytest.mark.parametrize("name", FORMS)
def test_the_second_is_told(ines: Browser, colleague: Browser, name: str) -> None:
    case = FORMS[name]
    path, at, mine, field = case.path, case.at, case.mine, case.field
    opened = opened_by(ines, path, at)

    colleague.post(path, {**opened_by(colleague, path, at), **case.theirs})
    page = ines.post(path, {**opened, **mine}, status=409, names=True)

    assert words(page.find("h2[@id='faults-title']")) == "Quelqu’un a changé cette page entre-temps"
    assert list(told(page)) == [f"#{field}"]
    assert "Quelqu’un l’a changé depuis" in told(page)[f"#{field}"]
    if case.standing:
        assert "Maintenant\u00a0: «\u00a0" in page.text
        assert case.standing in words(page.find(f"p[@id='{field}-fault']"))
    kept = page.form(path)
    assert {n: kept[n] for n in mine} == mine
    assert kept.get(field) == {**opened, **mine}.get(field)
    ines.post(path, {name: value for name, value in kept.items() if name not in {"csrf", "like_monday"}})
    assert {n: opened_by(ines, path, at)[n] for n in mine} == mine


def test_a_form_without_what_was_seen_saves_nothing(ines: Browser) -> None:
    path = f"{PEOPLE}/modification"
    opened = opened_by(ines, path)

    page = ines.post(path, {**opened, "version": "", "phone": "418 555-0100"}, status=409)

    assert told(page) == {}
    assert page.form(path)["phone"] == "418 555-0100"
    assert opened_by(ines, path) == opened
    for garbage in ("0", "é" * 40, "f" * 40, "a" * 100_000):
        ines.post(path, {**opened, "version": garbage}, status=409)


def test_what_is_stored_is_one_link_away(ines: Browser, colleague: Browser) -> None:
    path = f"{CAP}/cloches/primary?jour=exam"
    opened = opened_by(ines, path)
    colleague.post(path, {**opened, "label-0": "Examen"})

    page = ines.post(path, opened, status=409)

    assert page.links["Repartir de ce qui est enregistré"] == path
    assert opened_by(ines, path)["label-0"] == "Examen"


def test_the_same_forms_saved_one_after_the_other_are_no_conflict(ines: Browser) -> None:
    path = f"{PEOPLE}/modification"

    for phone in ("418 555-0101", "418 555-0102"):
        ines.post(path, {**opened_by(ines, path), "phone": phone})

    assert opened_by(ines, path)["phone"] == "418 555-0102"


def test_rooms_and_kits(ines: Browser, colleague: Browser) -> None:
    with ines.stage.database.session(read_only=True) as session:
        room = session.scalars(select(Room.id).where(Room.building_id == cast.building("cap"))).first()
        kit = session.scalars(select(Kit.id).where(Kit.organization_id == cast.BOARD)).first()

    for path, field in ((f"{CAP}/locaux/{room}", "name"), (f"/ecoles/materiel/trousses/{kit}", "name")):
        opened = opened_by(ines, path)
        colleague.post(path, {**opened, field: "Nom nouveau"})
        page = ines.post(path, {**opened, field: "Autre nom"}, status=409)
        assert "Nom nouveau" in words(page.find(f"p[@id='{field}-fault']"))
        assert page.form(path)[field] == "Autre nom"


def test_who_keeps_their_own_things_is_told_too(world_app: Flask, ines: Browser) -> None:
    """Her hours, changed by the administration while she had them open."""
    mine, theirs = "/moi/disponibilites", HOURS
    mireille = Browser(world_app).enter(cast.MIREILLE)
    opened = opened_by(mireille, mine)
    ines.post(theirs, {**opened_by(ines, theirs), "ends-now-3-0": "11 h"})

    page = mireille.post(mine, {**opened, "ends-now-4-0": "12 h"}, status=409)

    assert list(told(page)) == ["#starts-now-3-0"]
    assert page.form(mine)["ends-now-4-0"] == "12 h"


def test_it_is_said_in_english(ines: Browser, colleague: Browser) -> None:
    ines.post("/langue", {"language": "en", "suite": "/ecoles"})
    path = f"{PEOPLE}/modification"
    opened = opened_by(ines, path)
    colleague.post(path, {**opened, "phone": ""} if opened["phone"] else {**opened, "phone": "418 555-0142"})

    page = ines.post(path, opened, status=409)

    assert words(page.find("h2[@id='faults-title']")) == "Somebody changed this page in the meantime"


def test_somebody_elses_session_reads_nothing_of_it(world_app: Flask) -> None:
    path = f"/admin/personnes/{UUID(int=7)}/modification"
    Browser(world_app).enter(cast.INES).post(path, {"version": ""}, status=404)
    Browser(world_app).enter(cast.LUC).post(f"{PEOPLE}/modification", {"version": ""}, status=403)
