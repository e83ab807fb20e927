"""A file of official data: examined on one page, applied from it."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from intervention.domain.school_data import MAX_FILE_BYTES
from intervention.records.schools import Building
from tests import cast
from tests.integrations.test_schools_open_data import ECOLE, LINE, a_csv, a_geojson
from tests.web.client import Browser
from tests.web.conftest import KEY
from tests.web.pages import Page

ASK, APPLY = "/ecoles/importation", "/ecoles/importation/application"


@pytest.fixture
def ines(world_browser: Browser) -> Browser:
    return world_browser.enter(cast.INES)


def send(browser: Browser, content: bytes, *, board: str = "999000", status: int = 200) -> Page:
    return browser.post(ASK, {"board": board, "file": (BytesIO(content), "ecoles.csv")}, status=status)


def bare(browser: Browser, size: int) -> int:
    """The status of an upload of this size that is nothing but its size."""
    kind = "multipart/form-data; boundary=x"
    return browser.raw("POST", ASK, data=b"x" * size, content_type=kind).status_code


def codes(browser: Browser) -> list[str]:
    with browser.stage.database.session(read_only=True) as session:
        found = select(Building.code).where(Building.organization_id == cast.BOARD, Building.code.like("999%"))
        return list(session.scalars(found))


def faults(page: Page) -> list[str]:
    return [a.get("href", "") for a in page.all("div[@role='alert']//a")]


def test_a_file_is_examined_then_applied(ines: Browser) -> None:
    first = ines.get(ASK)

    shown = send(ines, a_csv(LINE))
    before = codes(ines)
    ines.post(APPLY, shown.form(APPLY))
    told = ines.follow()

    assert first.form(ASK)["board"] == "caps-et-rivieres"
    assert shown.heading == "Ce que le fichier changerait"
    assert "immeuble 999101 Pavillon Érable (ligne 2)" in shown.text
    assert "Un immeuble attendra que vous confirmiez son heure légale." in shown.text
    assert (before, codes(ines)) == ([], ["999101"])
    assert "C’est appliqué. Ajouts\u00a0: 3. Changements\u00a0: 0." in told.text
    assert "Un immeuble attend son heure légale" in told.text


def test_the_same_file_again_has_nothing_to_apply(ines: Browser) -> None:
    shown = send(ines, a_geojson(ECOLE))
    ines.post(APPLY, shown.form(APPLY))
    ines.post(APPLY, shown.form(APPLY))
    assert "Ajouts\u00a0: 0. Changements\u00a0: 0." in ines.follow().text

    again = send(ines, a_geojson(ECOLE))

    assert "Rien à changer\u00a0: tout est déjà à jour." in again.text
    assert [form.get("action") for form in again.all("main//form")] == []


def test_a_bad_file_names_its_lines_and_offers_nothing_to_apply(ines: Browser) -> None:
    page = send(ines, a_csv(LINE, LINE.replace("50.22", "nord"), "cut"), status=422)

    assert page.heading == "Le fichier est à corriger"
    assert "il y a 2 points à corriger." in page.text
    assert "ligne 3 (lat)\u00a0: Ce ne sont pas des degrés décimaux." in page.text
    assert [form.get("action") for form in page.all("main//form")] == []


def test_a_very_bad_file_lists_the_first_lines_and_counts_the_rest(ines: Browser) -> None:
    page = send(ines, a_csv(*["cut,short"] * 250), status=422)

    assert len(page.all("main//ul/li")) == 200
    assert "Et 50 autres." in page.text


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"PK\x03\x04", b"{", b"[" * 5000, b"\x00" * 300, "café".encode("cp1252")]
)
def test_what_is_no_school_data_is_refused_in_words(ines: Browser, content: bytes) -> None:
    assert send(ines, content, status=422).heading == "Le fichier est à corriger"


def test_a_form_without_a_file_or_a_code_is_kept_as_filled(ines: Browser) -> None:
    without_file = ines.post(ASK, {"board": "999000"}, status=422)
    without_code = send(ines, a_csv(LINE), board="", status=422)
    with_long_code = send(ines, a_csv(LINE), board="9" * 33, status=422)

    assert (faults(without_file), without_file.form(ASK)["board"]) == (["#file"], "999000")
    assert (faults(without_code), faults(with_long_code)) == (["#board"], ["#board"])


def test_another_board_s_code_finds_no_line(ines: Browser) -> None:
    page = send(ines, a_csv(LINE), board="888000", status=422)

    assert "Aucune ligne n’est de ce centre de services" in page.text


def test_a_file_may_be_larger_than_a_form_but_not_than_its_own_limit(ines: Browser) -> None:
    more = [LINE.replace("999000", "888000", 1).replace("999101", f"8{n:05}") for n in range(2000)]

    page = send(ines, a_csv(LINE, *more))
    too_large = bare(ines, MAX_FILE_BYTES + 100_000)

    assert "Laissé de côté\u00a0: 2000 lignes d’autres centres de services." in page.text
    assert too_large == 413


def test_the_anonymous_keep_the_small_limit(world_app: Flask) -> None:
    assert bare(Browser(world_app), 500_000) == 413


def test_rows_that_were_not_examined_are_not_applied(ines: Browser) -> None:
    examined = send(ines, a_csv(LINE)).form(APPLY)["examined"]
    held = {"organization": str(cast.NEIGHBOUR), "board": "999000", "layout": "MEQ", "has_schools": True, "rows": []}
    forged = URLSafeTimedSerializer(KEY, salt="school-import").dumps(held)

    for text in ("", "x", examined[:-2], examined.swapcase(), forged):
        page = ines.post(APPLY, {"examined": text}, status=422)
        assert faults(page) == ["#file"]
    assert codes(ines) == []


@pytest.mark.parametrize("person", [cast.MIREILLE, cast.LUC, cast.OMAR, cast.PAULE])
def test_the_others_of_the_board_are_told_why_not(world_browser: Browser, ines: Browser, person: UUID) -> None:
    examined = send(ines, a_csv(LINE)).form(APPLY)
    other = world_browser.enter(person)

    assert "Seule l’administration modifie les écoles." in other.get(ASK, status=403).text
    send(other, a_csv(LINE), status=403)
    other.post(APPLY, {"examined": examined["examined"]}, status=403)
    assert codes(ines) == []


def test_the_page_speaks_english(ines: Browser) -> None:
    ines.post("/langue", {"language": "en", "suite": ASK})

    assert ines.follow().heading == "Import schools"
    assert send(ines, a_csv(LINE)).heading == "What the file would change"
