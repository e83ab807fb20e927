"""« Mes disponibilités » and the same page for who coordinates: hours, absences, their undoing; then who may not."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from intervention.domain.people import Role
from intervention.records.calendars import Availability, BusyTime
from tests import cast
from tests.web.client import Browser
from tests.web.conftest import PersonAs

MINE = "/moi/disponibilites"
THEIRS = f"/admin/personnes/{cast.MIREILLE}/disponibilites"
AWAY = {"starts_on": "2026-12-01", "ends_on": "2026-12-02", "label": "formation"}


@pytest.fixture
def mine(app: Flask, person_as: PersonAs) -> Browser:
    return Browser(app).sign_in(person_as(Role.PROFESSIONAL))


def stored(browser: Browser, record: type) -> list:
    with browser.stage.database.session(read_only=True) as session:
        session.expire_on_commit = False
        return list(session.scalars(select(record).order_by(record.id)))


def hours_of(browser: Browser, person_id: object) -> list[tuple[int, str, str]]:
    rows = [row for row in stored(browser, Availability) if row.person_id == person_id]
    return sorted(
        (row.weekday, row.starts_local.isoformat("minutes"), row.ends_local.isoformat("minutes")) for row in rows
    )


def undo_of(browser: Browser) -> str:
    page = browser.follow()
    return next(
        str(form.get("action"))
        for form in page.all("form")
        if "absences" in str(form.get("action")) and "Annuler" in "".join(form.itertext())
    )


def test_her_week_is_shown_changed_and_kept(mine: Browser, person_as: PersonAs) -> None:
    form = mine.get(MINE).form(MINE)
    assert (form["starts-now-1-0"], form["ends-now-5-0"]) == ("8\u00a0h", "16\u00a0h")

    del form["like_monday"]
    mine.post(
        MINE,
        form
        | {
            "ends-now-1-0": "11 h 30",
            "starts-now-1-2": "13:00",
            "ends-now-1-2": "15 h",
            "starts-now-2-0": "",
            "ends-now-2-0": "",
        },
    )

    assert "Les heures sont enregistrées." in mine.follow().text
    assert hours_of(mine, person_as(Role.PROFESSIONAL).id) == [
        (1, "08:00", "11:30"), (1, "13:00", "15:00"), *((day, "08:00", "16:00") for day in (3, 4, 5)),
    ]  # fmt: skip


def test_monday_is_copied_and_nothing_kept(mine: Browser, person_as: PersonAs) -> None:
    before = hours_of(mine, person_as(Role.PROFESSIONAL).id)

    page = mine.post(
        MINE,
        {
            "starts-now-1-0": "9 h",
            "ends-now-1-0": "15 h",
            "starts-now-6-0": "8 h",
            "ends-now-6-0": "9 h",
            "like_monday": "now",
        },
        status=200,
    )

    form = page.form(MINE)
    assert [form[f"starts-now-{day}-0"] for day in range(1, 8)] == ["9 h"] * 5 + ["8 h", ""]
    assert hours_of(mine, person_as(Role.PROFESSIONAL).id) == before


def test_overlaps_are_refused_and_the_form_kept(mine: Browser) -> None:
    page = mine.edit(
        MINE,
        {"starts-now-1-0": "8 h", "ends-now-1-0": "12 h", "starts-now-1-1": "11 h", "ends-now-1-1": "dix"},
        status=422,
    )

    assert "Lundi, plage 2, fin" in page.text
    page = mine.edit(
        MINE,
        {"starts-now-1-0": "8 h", "ends-now-1-0": "12 h", "starts-now-1-1": "11 h", "ends-now-1-1": "13 h"},
        status=422,
    )
    assert "Lundi, plage 2, début : Cette plage commence avant la fin d’une autre du même jour." in page.text.replace(
        "\u00a0", " "
    )
    assert page.form(MINE)["starts-now-1-1"] == "11 h"


def test_another_week_from_a_date(mine: Browser, person_as: PersonAs) -> None:
    mine.edit(
        MINE,
        {
            "starts-now-1-0": "8 h",
            "ends-now-1-0": "12 h",
            "later_from": "2027-01-04",
            "starts-later-2-0": "9 h",
            "ends-later-2-0": "10 h",
        },
    )

    form = mine.follow().form(MINE)
    assert (form["later_from"], form["starts-later-2-0"]) == ("2027-01-04", "9\u00a0h")
    page = mine.edit(MINE, {"later_from": "2020-01-04"}, status=422)
    assert "Cette date doit venir après aujourd’hui." in page.text


def test_an_absence_is_noted_changed_removed_and_each_undone(mine: Browser) -> None:
    mine.post(f"{MINE}/absences/nouvelle", AWAY)
    page = mine.follow()
    assert "formation" in page.text
    [row] = stored(mine, BusyTime)
    as_noted = (row.id, row.starts_at, row.ends_at, row.label)

    mine.edit(f"/absences/{row.id}", {"starts_on": "2026-12-01", "from_local": "10 h", "until_local": "11 h 30"})
    undo = undo_of(mine)
    assert not re.search("formation|2026", undo)
    mine.post(undo)
    mine.post(f"/absences/{row.id}/retrait")
    undo = undo_of(mine)
    assert stored(mine, BusyTime) == []
    mine.post(undo)
    mine.post(undo)

    [row] = stored(mine, BusyTime)
    assert (row.id, row.starts_at, row.ends_at, row.label) == as_noted
    assert mine.get(f"/absences/{row.id}").form(f"/absences/{row.id}")["label"] == "formation"


def test_a_refused_absence_keeps_what_was_typed(mine: Browser) -> None:
    page = mine.post(f"{MINE}/absences/nouvelle", AWAY | {"from_local": "10 h", "until_local": "11 h"}, status=422)

    assert "Des heures sont celles d’un seul jour" in page.text
    assert page.form(f"{MINE}/absences/nouvelle")["label"] == "formation"
    assert (
        "Ce moment est déjà passé."
        in mine.post(f"{MINE}/absences/nouvelle", {"starts_on": "2026-11-20"}, status=422).text
    )


def test_a_coordinator_keeps_hours_and_reads_no_reason(world_app: Flask) -> None:
    Browser(world_app).enter(cast.MIREILLE).post(f"{MINE}/absences/nouvelle", AWAY)
    omar, ines = Browser(world_app).enter(cast.OMAR), Browser(world_app).enter(cast.INES)

    page = omar.get(THEIRS)
    assert "formation" not in page.text
    assert "formation" in ines.get(THEIRS).text
    assert THEIRS in omar.get(f"/agenda/personnes/{cast.MIREILLE}").links.values()
    assert THEIRS in ines.get(f"/admin/personnes/{cast.MIREILLE}").links.values()
    [row] = [row for row in stored(omar, BusyTime) if row.label == "formation"]
    omar.edit(f"/absences/{row.id}", {"starts_on": "2026-12-03", "label": "lue"})
    assert [each.label for each in stored(omar, BusyTime) if each.id == row.id] == ["formation"]


def test_others_may_not_and_the_neighbour_finds_nobody(world_app: Flask) -> None:
    Browser(world_app).enter(cast.MIREILLE).post(f"{MINE}/absences/nouvelle", AWAY)
    [row] = [row for row in stored(Browser(world_app), BusyTime) if row.label == "formation"]

    for who, status in ((cast.LUC, 403), (cast.ANOUK, 403)):
        browser = Browser(world_app).enter(who)
        for path in (THEIRS, f"{THEIRS}/absences/nouvelle", f"/absences/{row.id}"):
            browser.get(path, status=status)
        browser.post(THEIRS, {"starts-now-1-0": "8 h", "ends-now-1-0": "9 h"}, status=status)
        browser.post(f"/absences/{row.id}/retrait", status=status)
        assert MINE not in browser.get("/moi").links.values()
    stranger = Browser(world_app).enter(cast.ETRANGERE, cast.NEIGHBOUR)
    for path in (THEIRS, f"{THEIRS}/absences/nouvelle", f"/absences/{row.id}"):
        stranger.get(path, status=404)
    assert MINE in Browser(world_app).enter(cast.JOSEPH).get("/moi").links.values()


def test_a_sealed_address_that_we_did_not_make_opens_nothing(mine: Browser) -> None:
    mine.post("/absences/retour/gAAAAABx", status=404)
