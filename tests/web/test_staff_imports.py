"""A file of people: examined on one page, applied with the same file."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from intervention.domain.csv_table import MAX_BYTES
from intervention.records.people import Person
from tests import cast
from tests.usecases.test_staff_imports import a_file
from tests.web.client import Browser
from tests.web.pages import Page

ASK, APPLY = "/admin/personnes/importation", "/admin/personnes/importation/application"
LINE = "solene@caps.example,Solène,Hauterive,coordination,,,,,,"


@pytest.fixture
def ines(world_browser: Browser) -> Browser:
    return world_browser.enter(cast.INES)


def send(browser: Browser, path: str, content: bytes, *, status: int = 200, **fields: str) -> Page:
    return browser.post(path, {"file": (BytesIO(content), "personnes.csv"), **fields}, status=status)


def is_there(browser: Browser) -> bool:
    with browser.stage.database.session(read_only=True) as session:
        return session.scalar(select(Person.id).where(Person.email == "solene@caps.example")) is not None


def test_a_file_is_examined_then_applied(ines: Browser) -> None:
    assert ines.get("/admin/personnes").links["Importer un fichier"] == ASK
    assert "home_building_code" in ines.get(ASK).text

    page = send(ines, ASK, a_file(LINE))
    assert "solene@caps.example · coordination" in page.text
    assert not is_there(ines)
    send(ines, APPLY, a_file(LINE), status=303, examined=page.form(APPLY)["examined"])

    assert "Personnes ajoutées\u00a0: 1." in ines.follow().text
    assert is_there(ines)
    assert "tout est déjà à jour" in send(ines, ASK, a_file(LINE)).text


def test_only_the_examined_file_is_applied(ines: Browser) -> None:
    page = send(ines, ASK, a_file(LINE.replace("coordination", "administration")))

    for digest in (page.form(APPLY)["examined"], "", "é"):
        assert "Ce n’est pas le fichier examiné" in send(ines, APPLY, a_file(LINE), status=422, examined=digest).text
    assert not is_there(ines)


def test_a_bad_file_says_why_and_a_missing_one_too(ines: Browser) -> None:
    assert "ligne 2 (role)" in send(ines, ASK, a_file(LINE.replace("coordination", "concierge")), status=422).text
    assert "trop gros" in send(ines, ASK, b"x" * (MAX_BYTES + 1), status=422).text
    ines.post(ASK, {}, status=422)


@pytest.mark.parametrize("who", [cast.MIREILLE, cast.LUC, cast.OMAR, cast.PAULE])
def test_page_is_the_administrator_s(world_browser: Browser, who: object) -> None:
    other = world_browser.enter(who)

    other.get(ASK, status=403)
    send(other, ASK, a_file(LINE), status=403)
    send(other, APPLY, a_file(LINE), status=403)
    assert not is_there(other)
