"""« Aujourd'hui » for each of those who live in it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from intervention.domain.clock import FixedClock
from intervention.domain.days import DayType
from intervention.domain.encounters import CancellationCause
from intervention.records.calendars import SchoolDay
from intervention.records.people import Professional
from intervention.usecases.cancelling import CancelEncounter, cancel
from intervention.usecases.make_ups import put_in_pool
from intervention.usecases.work import open_work
from tests import cast
from tests.web.client import Browser
from tests.web.day_world import booked
from tests.web.pages import words

ALL = [cast.MIREILLE, cast.LUC, cast.ANOUK, cast.SYLVIE, cast.JOSEPH, cast.OMAR, cast.INES, cast.PAULE]


@pytest.fixture
def tuesday(world_browser: Browser, clock: FixedClock) -> Browser:
    """Tuesday, 8 h 52: by video at 9 h, then a visit at 13 h 30."""
    booked(world_browser.stage.database, clock, "2026-11-24 09:00")
    booked(world_browser.stage.database, clock, "2026-11-24 13:30", is_visit=True)
    clock.at = datetime(2026, 11, 24, 13, 52, tzinfo=UTC)
    return world_browser


def test_now_is_large_with_its_room_and_the_road_after(tuesday: Browser) -> None:
    page = tuesday.enter(cast.MIREILLE).get("/aujourdhui")

    focus = page.find("article")
    said = "".join(focus.itertext())
    assert "9\u00a0h – 9\u00a0h\u00a045" in " ".join(said.split(" "))
    assert "dans 8\u00a0min" in said
    assert "E-214" in said
    assert "Joseph" in said
    assert page.links["Ouvrir la salle"].endswith("/salle")
    assert "partir à 12\u00a0h" in page.text
    assert "13\u00a0h\u00a030 – 14\u00a0h\u00a015" in page.text


def test_past_is_folded_and_waits_for_attendance(tuesday: Browser, clock: FixedClock) -> None:
    clock.at = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

    page = tuesday.enter(cast.MIREILLE).get("/aujourdhui")

    assert "1 séance passée" in page.text
    assert "Tout le monde était là" in page.text
    assert page.find("aside") is not None


def test_end_of_the_day_shows_the_next_one(tuesday: Browser, clock: FixedClock) -> None:
    booked(tuesday.stage.database, clock, "2026-11-25 09:15")
    clock.at = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)

    page = tuesday.enter(cast.MIREILLE).get("/aujourdhui")

    assert "La journée est terminée." in page.text
    assert "Ensuite\u00a0: mercredi 25 nov." in page.text
    assert "9\u00a0h\u00a015 – 10\u00a0h" in page.text


def test_facilitator_reads_whom_to_fetch_and_no_reason(tuesday: Browser) -> None:
    page = tuesday.enter(cast.JOSEPH).get("/aujourdhui")

    assert "Aller chercher " in page.text
    assert "local 12" in page.text
    assert "E-214" not in page.text
    assert "suivi individuel" not in page.text
    assert "Aller à la salle" in page.links


def test_principal_reads_the_building_by_room(tuesday: Browser) -> None:
    page = tuesday.enter(cast.LUC).get("/aujourdhui")

    assert "Local 12" in [("".join(each.itertext())) for each in page.all("h3")]
    assert page.text.count("E-214") == 2
    assert "Mireille" in page.text
    assert "Rien n’est prévu pour vous" not in page.text


def test_coordinator_reads_the_board(tuesday: Browser, clock: FixedClock) -> None:
    clock.at = datetime(2026, 11, 24, 14, 10, tzinfo=UTC)

    page = tuesday.enter(cast.OMAR).get("/aujourdhui")

    assert "2 séances" in page.text
    assert "1 à distance" in page.text
    assert "1 en présence" in page.text
    assert "Sur la route" in page.text
    assert "Mireille" in page.text
    assert page.text.count("E-214") == 1  # the one under way


def test_confidential_mandate_is_not_counted_for_coordination(world_browser: Browser, clock: FixedClock) -> None:
    booked(world_browser.stage.database, clock, "2026-11-24 09:00", is_strict=True)
    clock.at = datetime(2026, 11, 24, 14, 10, tzinfo=UTC)

    page = world_browser.enter(cast.OMAR).get("/aujourdhui")

    assert "0 séance" in page.text
    assert "Aucune séance en cours." in page.text


def test_cancelled_today_is_said_with_its_cause(tuesday: Browser, clock: FixedClock) -> None:
    coming = booked(tuesday.stage.database, clock, "2026-11-24 10:40")
    with open_work(tuesday.stage.database, clock) as work:
        ask = CancelEncounter(coming.encounter_id, 1, CancellationCause.PUPIL_ABSENT, None)
        cancel(work, cast.mireille(work.session), ask)

    for who in (cast.MIREILLE, cast.LUC, cast.OMAR):
        page = tuesday.enter(who).get("/aujourdhui")
        assert "Annulées aujourd’hui" in page.text
        assert "élève absent·e" in page.text


def test_weekend_says_the_next_school_day(tuesday: Browser, clock: FixedClock) -> None:
    clock.at = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)

    page = tuesday.enter(cast.MIREILLE).get("/aujourdhui")

    assert "Pas d’école aujourd’hui" in page.text
    assert "Ensuite\u00a0: lundi 30 nov." in page.text


def test_closed_school_elsewhere_is_named(tuesday: Browser) -> None:
    with tuesday.stage.database.session() as session:
        day = session.get_one(SchoolDay, (cast.building("cap"), "", cast.TODAY.replace(day=24)))
        day.day_type, day.label = DayType.CLOSURE, "Tempête"

    for who in (cast.MIREILLE, cast.OMAR):
        assert "1 école fermée aujourd’hui\u00a0: Cap-Chardon (Tempête)." in tuesday.enter(who).get("/aujourdhui").text
    assert "Pas d’école aujourd’hui\u00a0: Tempête." in tuesday.enter(cast.LUC).get("/aujourdhui").text


def test_halves_of_a_day_are_told_apart(tuesday: Browser, clock: FixedClock) -> None:
    with tuesday.stage.database.session() as session:
        home = session.get_one(Professional, cast.MIREILLE).home_building_id
        today, tomorrow = (session.get_one(SchoolDay, (home, "", cast.TODAY.replace(day=n))) for n in (24, 25))
        today.day_type, today.afternoon, today.label = DayType.HOLIDAY, DayType.CLOSURE, None
        tomorrow.afternoon = DayType.SUSPENSION

    page = tuesday.enter(cast.MIREILLE).get("/aujourdhui")
    assert "Pas d’école aujourd’hui\u00a0: congé le matin, école fermée l’après-midi." in page.text

    clock.at = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    coming = tuesday.enter(cast.MIREILLE).get("/aujourdhui").text.partition("Ensuite")[2]
    assert "Jour " in coming.partition("matin")[0]
    assert "jour de classe le matin, cours suspendus l’après-midi" in coming


def test_storm_is_named(tuesday: Browser) -> None:
    with tuesday.stage.database.session() as session:
        home = session.get_one(Professional, cast.MIREILLE).home_building_id
        day = session.get_one(SchoolDay, (home, "", cast.TODAY.replace(day=24)))
        day.day_type, day.label = DayType.CLOSURE, "Tempête"

    page = tuesday.enter(cast.MIREILLE).get("/aujourdhui")

    assert "Pas d’école aujourd’hui\u00a0: Tempête." in page.text
    assert "E-214" in page.text  # what still stands is not hidden by the storm


@pytest.mark.parametrize("who", ALL)
def test_everybody_begins_there_in_both_languages(tuesday: Browser, who: UUID) -> None:
    reader = tuesday.enter(who)
    reader.language = "en-CA"

    assert reader.get("/aujourdhui").heading in {"Today", "Aujourd’hui"}


def test_stranger_from_another_board_reads_nothing_of_ours(tuesday: Browser) -> None:
    page = tuesday.enter(cast.ETRANGERE, cast.NEIGHBOUR).get("/aujourdhui")

    assert "E-214" not in page.text
    assert "Mireille" not in page.text


def test_teacher_reads_who_leaves_her_class_and_neither_why_nor_with_whom(tuesday: Browser) -> None:
    page = tuesday.enter(cast.ANOUK).get("/aujourdhui", names=True)

    said = words(page.find("section[@aria-labelledby='pull-outs-title']"))
    assert "9\u00a0h – 9\u00a0h\u00a045" in said
    assert "E-214" in said
    assert "local 12" in said
    assert "Mireille" not in page.text
    assert "individuel" not in page.text
    assert not [url for url in page.links.values() if url.startswith("/seances/")]


def test_confidential_mandate_is_not_told_to_the_teacher(world_browser: Browser, clock: FixedClock) -> None:
    booked(world_browser.stage.database, clock, "2026-11-24 09:00", is_strict=True)
    clock.at = datetime(2026, 11, 24, 13, 52, tzinfo=UTC)

    assert "E-214" not in world_browser.enter(cast.ANOUK).get("/aujourdhui", names=True).text


def test_teacher_of_another_class_reads_nothing_of_it(tuesday: Browser) -> None:
    assert "E-214" not in tuesday.enter(cast.person("cap/456")).get("/aujourdhui", names=True).text


def test_evening_shows_the_class_and_the_school_what_comes(tuesday: Browser, clock: FixedClock) -> None:
    booked(tuesday.stage.database, clock, "2026-11-25 09:15")
    clock.at = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)

    for who in (cast.ANOUK, cast.LUC):
        assert "9\u00a0h\u00a015 – 10\u00a0h" in tuesday.enter(who).get("/aujourdhui", names=True).text


def test_what_waits_to_be_made_up_is_counted_for_who_decides(tuesday: Browser, clock: FixedClock) -> None:
    database = tuesday.stage.database
    missed = booked(database, clock, "2026-11-24 10:30")
    with open_work(database, clock) as work:
        mireille = cast.actor(work.session, cast.MIREILLE)
        cancel(work, mireille, CancelEncounter(missed.encounter_id, 1, CancellationCause.CLOSURE, None))
        put_in_pool(work, mireille, missed.encounter_id)

    for who, is_told in ((cast.MIREILLE, True), (cast.OMAR, True), (cast.LUC, False), (cast.person("karim"), False)):
        assert ("Une séance à reprendre ou non" in tuesday.enter(who).get("/aujourdhui").text) is is_told


def test_role_without_seances_is_told_so(tuesday: Browser) -> None:
    assert "Rien à l’horaire" in tuesday.enter(cast.PAULE).get("/aujourdhui").text
