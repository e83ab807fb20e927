"""« Reprises »: put there from a séance's page, planned from the booking sheet, given up with a reason."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.domain.encounters import CancellationCause
from intervention.domain.series import MakeUpState
from intervention.records.series import MakeUp
from intervention.usecases.cancelling import CancelEncounter, cancel
from intervention.usecases.work import open_work
from tests import cast
from tests.web.client import Browser
from tests.web.day_world import booked


@pytest.fixture
def missed(world_browser: Browser, clock: FixedClock) -> UUID:
    """E-214's follow-up of Tuesday, cancelled by Mireille."""
    found = booked(world_browser.stage.database, clock, "2026-11-24 09:00")
    with open_work(world_browser.stage.database, clock) as work:
        ask = CancelEncounter(found.encounter_id, 1, CancellationCause.PUPIL_ABSENT)
        cancel(work, cast.mireille(work.session), ask)
    return found.encounter_id


def stored(browser: Browser) -> MakeUp:
    with browser.stage.database.session(read_only=True) as session:
        session.expire_on_commit = False
        return session.scalars(select(MakeUp)).one()


def test_put_there_from_its_page_and_planned_from_the_sheet(world_browser: Browser, missed: UUID) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    assert "Mettre parmi les reprises" in mireille.get(f"/seances/{missed}", names=True).text
    mireille.post(f"/seances/{missed}/reprise")
    page = mireille.follow(names=True)
    plan = next(address for words, address in page.links.items() if words.startswith("Planifier la reprise"))

    mireille.raw("GET", plan)
    sheet = mireille.follow(names=True)
    assert "sera la reprise" in sheet.text
    slot = sheet.find("button[@name='slot']").get("value", "")
    mireille.post("/seances", sheet.form("/seances") | {"slot": slot}, names=True)

    made = stored(world_browser)
    assert made.state is MakeUpState.PLANNED
    assert mireille.last is not None
    assert mireille.last.headers["Location"].endswith(str(made.replaced_by_id))
    assert "reprise" in mireille.get("/reprises?etat=planned", names=True).text
    assert "reprise planifiée" in mireille.get(f"/seances/{missed}", names=True).text


def test_given_up_with_a_reason_and_taken_back(world_browser: Browser, missed: UUID) -> None:
    omar = world_browser.enter(cast.OMAR)
    omar.post(f"/seances/{missed}/reprise")
    made = stored(world_browser)

    refused = omar.post(f"/reprises/{made.id}/renonciation", {"reason": ""}, status=422)
    assert "Ce champ est nécessaire." in refused.text
    omar.post(f"/reprises/{made.id}/renonciation", {"reason": "objectif atteint"})
    assert "ne sera pas reprise" in omar.follow().text
    assert "objectif atteint" in omar.get("/reprises?etat=waived").text

    omar.post(f"/seances/{missed}/reprise")
    assert stored(world_browser).state is MakeUpState.OWED


def test_it_is_not_for_a_facilitator(world_browser: Browser) -> None:
    world_browser.enter(cast.JOSEPH).get("/reprises", status=403)
