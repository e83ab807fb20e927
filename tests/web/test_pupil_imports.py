"""A file of pupils: examined on one page, applied with the same file."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from intervention.domain.csv_table import MAX_BYTES
from intervention.records.people import Pupil
from intervention.records.schools import Building, School
from tests import cast
from tests.usecases.test_pupil_imports import a_file
from tests.web.client import Browser
from tests.web.pages import Page

ASK, APPLY = "/admin/eleves/importation", "/admin/eleves/importation/application"


@pytest.fixture
def ines(world_browser: Browser) -> Browser:
    return world_browser.enter(cast.INES)


def a_line(browser: Browser, code: str) -> str:
    with browser.stage.database.session(read_only=True) as session:
        school = session.get_one(School, cast.school("cap-chardon")).code
        building = session.get_one(Building, cast.building("cap")).code
    return f"{code},Alizée,Hautetour,primaire,4e,,{school},{building},"


def send(browser: Browser, path: str, content: bytes, *, status: int = 200, **fields: str) -> Page:
    return browser.post(path, {"file": (BytesIO(content), "eleves.csv"), **fields}, status=status)


def codes(browser: Browser) -> list[str]:
    with browser.stage.database.session(read_only=True) as session:
        return list(session.scalars(select(Pupil.code).where(Pupil.code.startswith("N-"))))


def test_a_file_is_examined_then_applied(ines: Browser) -> None:
    content = a_file(a_line(ines, "N-900"))

    page = send(ines, ASK, content)
    assert "N-900" in page.text
    assert "Hautetour" not in page.html
    assert codes(ines) == []
    send(ines, APPLY, content, status=303, examined=page.form(APPLY)["examined"])

    assert "C’est appliqué." in ines.follow().text
    assert codes(ines) == ["N-900"]
    again = send(ines, ASK, content)
    assert "tout est déjà à jour" in again.text


def test_only_the_examined_file_is_applied(ines: Browser) -> None:
    page = send(ines, ASK, a_file(a_line(ines, "N-900")))

    for digest in (page.form(APPLY)["examined"], "", "é"):
        refused = send(ines, APPLY, a_file(a_line(ines, "N-901")), status=422, examined=digest)
        assert "Ce n’est pas le fichier examiné" in refused.text
    ines.post(APPLY, status=422)
    ines.post(ASK, status=422)
    assert codes(ines) == []


def test_a_bad_file_tells_its_lines(ines: Browser) -> None:
    page = send(ines, ASK, a_file("Hautetour,a,b,x,,,,,"), status=422)

    assert page.text.count("ligne 2") == 2
    assert send(ines, ASK, b"x" * (MAX_BYTES + 9), status=422).heading == "Importer les élèves"


@pytest.mark.parametrize("person", [cast.MIREILLE, cast.OMAR, cast.SYLVIE])
def test_the_others_are_told_why_not(world_browser: Browser, person) -> None:
    browser = world_browser.enter(person)
    browser.get(ASK, status=403)
    send(browser, ASK, a_file(a_line(browser, "N-900")), status=403)
    assert codes(browser) == []
