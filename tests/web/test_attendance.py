"""Who was there: in one click, person by person, corrected, refused."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.domain.encounters import Attendance, CancellationCause, EncounterStatus, ParticipantRole
from intervention.records.encounters import Encounter, Participation
from intervention.usecases.booking import Booked
from intervention.usecases.cancelling import CancelEncounter, cancel
from intervention.usecases.work import open_work
from tests import cast
from tests.web.client import Browser
from tests.web.day_world import booked

LATER = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


@pytest.fixture
def given(world_browser: Browser, clock: FixedClock) -> Booked:
    """Mireille has just seen E-214, Tuesday at 9 h."""
    found = booked(world_browser.stage.database, clock, "2026-11-24 09:00")
    clock.at = LATER
    return found


def stored(browser: Browser, encounter_id: UUID) -> tuple[EncounterStatus, int, dict[ParticipantRole, str | None]]:
    with browser.stage.database.session(read_only=True) as session:
        encounter = session.get_one(Encounter, encounter_id)
        rows = session.scalars(select(Participation).where(Participation.encounter_id == encounter_id))
        return encounter.status, encounter.version, {p.role: p.attendance for p in rows}


def field_of(browser: Browser, encounter_id: UUID) -> str:
    with browser.stage.database.session(read_only=True) as session:
        found = session.scalar(
            select(Participation.id).where(
                Participation.encounter_id == encounter_id, Participation.role == ParticipantRole.PUPIL
            )
        )
        return f"p-{found}"


def test_everybody_present_is_one_click(world_browser: Browser, given: Booked) -> None:
    mireille = world_browser.enter(cast.MIREILLE)

    mireille.post(f"/seances/{given.encounter_id}/presences", {"version": 1, "suite": "/aujourdhui"})

    assert mireille.last is not None
    assert mireille.last.headers["Location"] == "/aujourdhui"
    assert "Présences notées" in mireille.follow().text
    status, version, attendance = stored(world_browser, given.encounter_id)
    assert (status, version) == (EncounterStatus.COMPLETED, 2)
    assert set(attendance.values()) == {Attendance.PRESENT}


def test_absence_is_stated_then_corrected(world_browser: Browser, given: Booked) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    path, field = f"/seances/{given.encounter_id}/presences", field_of(world_browser, given.encounter_id)
    assert mireille.get(path, names=True).form(path)[field] == "present"

    mireille.post(path, {"version": 1, field: "excused"})
    assert stored(world_browser, given.encounter_id)[2][ParticipantRole.PUPIL] is Attendance.EXCUSED

    page = mireille.get(path, names=True)
    assert page.form(path)[field] == "excused"
    assert "Corriger les présences" in page.text
    mireille.post(path, {"version": 2, field: "present"})
    assert stored(world_browser, given.encounter_id)[2][ParticipantRole.PUPIL] is Attendance.PRESENT


def test_host_reads_names_there(world_browser: Browser, given: Booked) -> None:
    page = world_browser.enter(cast.MIREILLE).get(f"/seances/{given.encounter_id}/presences", names=True)

    assert "E-214 · " in page.text


def test_unknown_answer_keeps_the_form(world_browser: Browser, given: Booked) -> None:
    path, field = f"/seances/{given.encounter_id}/presences", field_of(world_browser, given.encounter_id)

    page = world_browser.enter(cast.MIREILLE).post(path, {"version": 1, field: "peut-être"}, status=422, names=True)

    assert page.find("div[@class='faults']") is not None
    assert stored(world_browser, given.encounter_id)[0] is EncounterStatus.PLANNED


def test_older_page_is_told(world_browser: Browser, given: Booked) -> None:
    page = world_browser.enter(cast.MIREILLE).post(
        f"/seances/{given.encounter_id}/presences", {"version": 0}, status=409, names=True
    )

    assert "a changé entre-temps" in page.text
    assert page.find("input[@name='version']").get("value") == "1"


def test_double_click_states_once(world_browser: Browser, given: Booked) -> None:
    mireille, path = world_browser.enter(cast.MIREILLE), f"/seances/{given.encounter_id}/presences"
    mireille.post(path, {"version": 1})

    mireille.post(path, {"version": 1}, status=409, names=True)

    assert stored(world_browser, given.encounter_id)[1] == 2


def test_not_before_it_begins(world_browser: Browser, clock: FixedClock) -> None:
    coming = booked(world_browser.stage.database, clock, "2026-11-24 09:00")
    mireille, path = world_browser.enter(cast.MIREILLE), f"/seances/{coming.encounter_id}/presences"

    assert "pas encore commencée" in mireille.get(path, names=True).text
    mireille.post(path, {"version": 1}, status=422, names=True)


def test_cancelled_has_no_attendance(world_browser: Browser, clock: FixedClock) -> None:
    found = booked(world_browser.stage.database, clock, "2026-11-24 09:00")
    with open_work(world_browser.stage.database, clock) as work:
        cancel(work, cast.mireille(work.session), CancelEncounter(found.encounter_id, 1, CancellationCause.OTHER, None))
    clock.at = LATER

    page = world_browser.enter(cast.MIREILLE).get(f"/seances/{found.encounter_id}/presences", names=True)

    assert "est annulée" in page.text


@pytest.mark.parametrize("who", [cast.LUC, cast.SYLVIE, cast.JOSEPH, cast.OMAR])
def test_nobody_else_states_it(world_browser: Browser, given: Booked, who: UUID) -> None:
    reader, path = world_browser.enter(who), f"/seances/{given.encounter_id}/presences"

    reader.get(path, status=403)
    reader.post(path, {"version": 1}, status=403)


def test_stranger_from_another_board_finds_nothing(world_browser: Browser, given: Booked) -> None:
    stranger, path = world_browser.enter(cast.ETRANGERE, cast.NEIGHBOUR), f"/seances/{given.encounter_id}/presences"

    stranger.get(path, status=404)
    stranger.post(path, {"version": 1}, status=404)
