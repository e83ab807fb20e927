"""What strangers, haste and bad data send: each form of every page, filled with what nobody types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from time import monotonic
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase

from intervention.domain.clock import FixedClock
from intervention.records.calendars import BusyTime, SchoolDay, SchoolYear
from intervention.records.people import Guest, NeedGroup, Person
from tests import cast
from tests.web.client import Browser
from tests.web.day_world import booked
from tests.web.pages import Page

CAP, E_214 = cast.building("cap"), cast.pupil("E-214")
HERS = f"/admin/personnes/{cast.MIREILLE}"
YEAR = f"/ecoles/calendriers/{cast.school_year()}"
NASTY = (
    "\0", "-1", "9" * 5000, "1e400", "0001-01-01", "9999-12-31", "2027-03-14", "02:30", "٣", "😀" * 3000,
    "a\r\nX-Evil: 1", str(cast.NEIGHBOUR_BUILDING), f"pupil:{cast.NEIGHBOUR_PUPIL}", "|",
)  # fmt: skip
PAGES = {
    cast.INES: (
        "/admin/personnes/nouvelle", HERS, f"{HERS}/modification", f"{HERS}/disponibilites", "/ecoles",
        f"/ecoles/immeubles/{CAP}",
        f"/ecoles/immeubles/{CAP}/modification", f"/ecoles/immeubles/{CAP}/locaux/nouveau",
        f"/ecoles/immeubles/{CAP}/cloches/primary", "/ecoles/immeubles/nouveau", "/ecoles/etablissements/nouveau",
        f"/ecoles/etablissements/{cast.school('cap-chardon')}", "/ecoles/materiel/trousses/nouveau", "/ecoles/routes",
        f"/ecoles/immeubles/{CAP}/classes/nouvelle", f"/ecoles/classes/{cast.class_group('cap/123')}",
        "/ecoles/secteurs/nouveau", "/admin/eleves", "/admin/eleves/nouveau", f"/admin/eleves/{E_214}",
        f"/admin/eleves/{E_214}/deplacement", "/ecoles/calendriers/nouvelle", f"{YEAR}?immeuble={CAP}",
        f"{YEAR}/reglages?immeuble={CAP}", f"{YEAR}/importation?immeuble={CAP}", "/fermetures/nouvelle",
        "/admin/video",
    ),
    cast.MIREILLE: (
        f"/seances/nouvelle?qui=pupil:{E_214}", f"/seances/serie?qui=pupil:{E_214}&repeter=week&jours=4&periode=2",
        "/moi/disponibilites", "/moi/disponibilites/absences/nouvelle", "/eleves/groupes/nouveau", "/flux", "/horaire",
        f"/personnes-invitees/nouvelle?eleve={E_214}",
    ),
}  # fmt: skip
EVERY_PAGE = [(who, path) for who, paths in PAGES.items() for path in paths]


def posts(page: Page) -> Iterator[tuple[str, dict[str, str]]]:
    """The forms of a page that change something, with their fields as they stand."""
    for action in dict.fromkeys(f.get("action", "") for f in page.all("form") if f.get("method") == "post"):
        if not action.startswith(("/deconnexion", "/langue", "/moi/o")):
            yield action, {name: value for name, value in page.form(action).items() if name != "csrf"}


@pytest.mark.parametrize(("who", "path"), EVERY_PAGE)
def test_no_form_breaks_on_what_nobody_types(world_app: Flask, who: UUID, path: str) -> None:
    browser = Browser(world_app).enter(who)
    token = browser.token()
    opened = Page(browser.raw("GET", path))
    assert opened.status == 200

    for action, fields in posts(opened):
        for value in NASTY:
            sent = {name: kept if name in {"key", "version"} else value for name, kept in fields.items()}
            began = monotonic()
            answer = browser.raw("POST", action, data={"csrf": token, **sent})
            assert (action, value[:20], answer.status_code < 500) == (action, value[:20], True)
            assert "X-Evil" not in answer.headers
            assert monotonic() - began < 10, "an answer takes as long as the input is odd"


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"given_name=%ff%fe", 400),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 1_100_000, 413),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a\r\n\r\nb\r\n--x--', 403),
        ("multipart/form-data", b"x", 403),
        ("application/json", b"{}", 403),
        ("text/plain", b"x", 403),
    ],
)
def test_a_body_that_is_no_form_is_a_page_that_says_so(
    world_browser: Browser, content_type: str, body: bytes, status: int
) -> None:
    ines = world_browser.enter(cast.INES)
    token = ines.token().encode()
    more = b"csrf=" + token + b"&" + body if content_type.endswith("urlencoded") else body

    answer = Page(ines.raw("POST", "/admin/personnes/nouvelle", data=more, content_type=content_type))

    assert answer.status == status
    assert answer.heading
    assert "\ufffd" not in answer.text


def count(browser: Browser, record: type[DeclarativeBase]) -> int:
    with browser.stage.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(record)) or 0


@pytest.mark.parametrize(
    ("who", "path", "fields", "record"),
    [
        (
            cast.INES, "/admin/personnes/nouvelle",
            {"given_name": "Louise", "family_name": "Gallant", "locale": "fr", "role": "professional"}, Person,
        ),
        (
            cast.MIREILLE, f"/personnes-invitees/nouvelle?eleve={E_214}",
            {"name": "Camille Essai", "relation": "parent", "locale": "fr"}, Guest,
        ),
        (cast.MIREILLE, "/eleves/groupes/nouveau", {"name": "Langage 9", "pupils": str(E_214)}, NeedGroup),
        (cast.MIREILLE, "/moi/disponibilites/absences/nouvelle", {"starts_on": "2026-12-01"}, BusyTime),
    ],
)  # fmt: skip
def test_a_form_pressed_twice_makes_one_thing(
    world_app: Flask, who: UUID, path: str, fields: dict[str, str], record: type[DeclarativeBase]
) -> None:
    browser = Browser(world_app).enter(who)
    key = browser.get(path, names=True).form(path)["key"]
    before = count(browser, record)

    ways = []
    for _ in range(2):
        browser.post(path, {**fields, "key": key})
        assert browser.last is not None
        ways.append(browser.last.headers["Location"])

    assert count(browser, record) == before + 1
    assert ways[0] == ways[1]
    again = browser.post(path, {**fields, "key": key, next(iter(fields)): "2026-12-02"}, status=422, names=True)
    assert "Ce formulaire a déjà servi" in again.text
    assert again.form(path)["key"] != key
    browser.post(path, {**fields, "key": browser.get(path, names=True).form(path)["key"]})
    assert count(browser, record) == before + 2


def test_an_hour_that_the_night_of_the_change_skips(world_app: Flask, clock: FixedClock) -> None:
    mireille = Browser(world_app).enter(cast.MIREILLE)
    path = "/moi/disponibilites/absences/nouvelle"
    encounter = booked(mireille.stage.database, clock, "2026-11-24 09:00").encounter_id
    move = f"/seances/{encounter}/deplacement"

    page = mireille.post(
        path, {"starts_on": "2027-03-14", "from_local": "02:30", "until_local": "02:45", "label": "gardé"}, status=422
    )
    assert "Cette heure n’existe pas ce jour-là" in page.text
    assert page.form(path)["label"] == "gardé"
    fields = {**mireille.get(move, names=True).form(move), "day": "2027-03-14", "time": "02:30"}
    page = mireille.post(move, fields, status=422, names=True)
    assert "Cette heure n’existe pas ce jour-là" in page.text
    assert page.form(move)["time"] == "02:30"


YEARS = (
    ({"cycle_length": "0"}, "Cette valeur est hors des limites permises."),
    ({"cycle_length": "400"}, "Cette valeur est hors des limites permises."),
    ({"pupils_until": "2026-06-23", "staff_until": "2026-06-30"}, "La fin vient après le début."),
    ({"staff_until": "2100-06-30"}, "Une année scolaire dure 400 jours au plus"),
    ({"pupils_from": "2027-02-30"}, "Entrez une date"),
)


@pytest.mark.parametrize(("wrong", "said"), YEARS)
@pytest.mark.parametrize("step", ["", "/application"])
def test_a_school_year_that_cannot_be(world_browser: Browser, wrong: dict[str, str], said: str, step: str) -> None:
    ines = world_browser.enter(cast.INES)
    path = "/ecoles/calendriers/nouvelle"
    good = {
        "label": "2027-2028", "staff_from": "2027-08-26", "pupils_from": "2027-08-30", "pupils_until": "2028-06-22",
        "staff_until": "2028-06-29", "cycle_length": "10", "reflow": "slide",
    }  # fmt: skip
    before = count(ines, SchoolYear), count(ines, SchoolDay)

    page = ines.post(path + step, {**good, **wrong}, status=422)

    assert said in page.text
    assert {name: page.form(path)[name] for name in wrong} == wrong
    assert (count(ines, SchoolYear), count(ines, SchoolDay)) == before


def importing(browser: Browser, name: str, content: bytes, status: int = 422) -> Page:
    path = f"{YEAR}/importation?immeuble={CAP}"
    voice = browser.get(path).form(f"{YEAR}/importation")["voice"]
    fields = {"voice": voice, "unless_said": "pedagogical", "immeuble": str(CAP), "file": (BytesIO(content), name)}
    return browser.post(f"{YEAR}/importation", fields, status=status)


def test_a_file_of_forty_thousand_wrong_dates_is_told_in_a_page_one_can_read(world_browser: Browser) -> None:
    ines = world_browser.enter(cast.INES)
    before = count(ines, SchoolDay)

    page = importing(ines, "dates.csv", b"date,type\n" + b"2026-13-03,pedagogical\n" * 40_000)

    assert "il y a 40000 points à corriger" in re.sub(r"(?<=\d)\s(?=\d)", "", page.text)
    assert len(page.all("ul[@class='stack tight']/li")) == 200
    assert "Et 39800 autres." in re.sub(r"(?<=\d)\s(?=\d)", "", page.text)
    assert len(page.html) < 100_000
    assert count(ines, SchoolDay) == before


def test_a_calendar_of_ten_megabytes_is_refused_before_it_is_read(world_browser: Browser) -> None:
    ines = world_browser.enter(cast.INES)
    event = b"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261203\r\nSUMMARY:Conge\r\nEND:VEVENT\r\n"
    content = b"BEGIN:VCALENDAR\r\n" + event * 150_000 + b"END:VCALENDAR\r\n"
    assert len(content) > 10_000_000

    assert "trop" in importing(ines, "annee.ics", content, status=413).text


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"repeter": "week", "au": "2100-12-31"}, "Une série s’étend sur dix-huit mois au plus."),
        ({"repeter": "count", "combien": "5000"}, "Une série compte au plus 400 dates"),
        ({"repeter": "cycle", "jour": "400", "tous": "99999"}, "Cette valeur est hors des limites permises."),
    ],
)
def test_a_series_of_thousands_of_dates(world_browser: Browser, rule: dict[str, str], said: str) -> None:
    asked = {"qui": f"pupil:{E_214}", "jours": "4", "du": "2026-11-26", "au": "2027-06-01", "heure": "09:00", **rule}
    address = "/seances/serie?" + "&".join(f"{name}={value}" for name, value in asked.items())

    page = world_browser.enter(cast.MIREILLE).get(address, status=422, names=True)

    assert said in page.text
