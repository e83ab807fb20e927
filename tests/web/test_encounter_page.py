"""The page of one séance and its acts, as each person meets them."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from intervention.domain.clock import FixedClock
from intervention.domain.composition import AskParticipant, AskSite, BookEncounter
from intervention.domain.encounters import EncounterKind, ParticipantRole, PlaceKind
from intervention.domain.people import Discipline
from intervention.domain.slots import SOFT_RULES
from intervention.records.encounters import Encounter
from intervention.records.people import Professional, Pupil
from intervention.records.schools import Room
from intervention.usecases.booking import Booked, book
from intervention.usecases.work import open_work
from tests import cast
from tests.usecases.booking_world import at
from tests.web.client import Browser

SOFT = frozenset(rule.value for rule in SOFT_RULES)
ACCEPTING = {"accepting": sorted(SOFT)}


@pytest.fixture
def booked(world_browser: Browser, clock: FixedClock) -> Booked:
    """Mireille with E-214 by video from her base, Tuesday at 9 h."""
    return book_one(world_browser, clock, "2026-11-24 09:00")


def book_one(browser: Browser, clock: FixedClock, moment: str, *, is_strict: bool = False) -> Booked:
    with open_work(browser.stage.database, clock) as work:
        session = work.session
        home = session.get_one(Professional, cast.MIREILLE).home_building_id
        pupil = session.get_one(Pupil, cast.pupil("E-214"))
        room = (
            session.query(Room)
            .filter(Room.building_id == pupil.building_id, Room.is_closed)
            .order_by(Room.name)
            .first()
        )
        assert room is not None
        sites = (
            AskSite(home, place=PlaceKind.HOME_BASE, has_host=True),
            AskSite(
                pupil.building_id,
                room_id=room.id,
                facilitator_id=cast.JOSEPH,
                participants=(AskParticipant(ParticipantRole.PUPIL, pupil_id=pupil.id),),
            ),
        )
        ask = BookEncounter(
            cast.MIREILLE, EncounterKind.INDIVIDUAL, Discipline.SPEECH_THERAPY, at(moment), 45, "America/Toronto",
            sites, is_strict=is_strict, accepting=SOFT,
        )  # fmt: skip
        return book(work, cast.actor(session, cast.MIREILLE), ask)


def stored(app: Flask, encounter_id: UUID) -> Encounter:
    with app.extensions["intervention.stage"].database.session(read_only=True) as session:
        found = session.get_one(Encounter, encounter_id)
        session.expunge(found)
        return found


def test_host_reads_everything(world_browser: Browser, booked: Booked) -> None:
    page = world_browser.enter(cast.MIREILLE).get(f"/seances/{booked.encounter_id}", names=True)

    assert page.heading == "Suivi individuel · E-214"
    assert "Joseph" in page.text
    assert "Ce que chacun lit" in page.text


def test_facilitator_reads_whom_to_fetch(world_browser: Browser, booked: Booked) -> None:
    page = world_browser.enter(cast.JOSEPH).get(f"/seances/{booked.encounter_id}")

    assert "E-214" not in page.text
    assert "orthophonie" not in page.text
    assert "Annuler la séance" not in page.text


def test_principal_reads_the_code_and_may_cancel(world_browser: Browser, booked: Booked) -> None:
    page = world_browser.enter(cast.LUC).get(f"/seances/{booked.encounter_id}")

    assert page.heading == "Suivi individuel · E-214"
    assert "Annuler la séance" in page.text
    assert "Déplacer" not in page.text


def test_confidential_mandate_does_not_exist_for_the_principal(world_browser: Browser, clock: FixedClock) -> None:
    hidden = book_one(world_browser, clock, "2026-11-24 09:00", is_strict=True)

    world_browser.enter(cast.LUC).get(f"/seances/{hidden.encounter_id}", status=404)


def test_move_and_its_undo(world_browser: Browser, world_app: Flask, booked: Booked) -> None:
    mireille = world_browser.enter(cast.MIREILLE)

    mireille.post(
        f"/seances/{booked.encounter_id}/deplacement",
        {"version": 1, "day": "2026-11-25", "time": "10 h 30", **ACCEPTING},
    )

    assert stored(world_app, booked.encounter_id).starts_at == at("2026-11-25 10:30")
    page = mireille.follow(names=True)
    assert "La séance est déplacée." in page.text

    mireille.post(f"/seances/{booked.encounter_id}/retour/20261124/540")
    assert stored(world_app, booked.encounter_id).starts_at == at("2026-11-24 09:00")


def test_drag_sends_one_wall_time(world_browser: Browser, world_app: Flask, booked: Booked) -> None:
    world_browser.enter(cast.MIREILLE).post(
        f"/seances/{booked.encounter_id}/deplacement", {"version": 1, "starts_at": "2026-11-26T13:15", **ACCEPTING}
    )

    assert stored(world_app, booked.encounter_id).starts_at == at("2026-11-26 13:15")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day": "2026-11-20", "time": "10:00"}, "déjà passé"),
        ({"day": "2027-03-14", "time": "2:30"}, "n’existe pas ce jour-là"),
        ({"day": "bientôt", "time": "10:00"}, "Entrez une date"),
        ({"day": "2026-11-25", "time": "10:03"}, "multiple de 5\u00a0minutes"),
        ({"day": "2026-11-25", "time": "10:00", "reason": "x" * 201}, "trop long"),
    ],
)
def test_bad_move_is_explained_and_the_form_kept(
    world_browser: Browser, booked: Booked, fields: dict[str, str], words: str
) -> None:
    page = world_browser.enter(cast.MIREILLE).post(
        f"/seances/{booked.encounter_id}/deplacement", {"version": 1, **fields}, status=422, names=True
    )

    assert words in page.text
    assert page.find("input[@name='day']").get("value") == fields["day"]


def test_taken_slot_names_what_is_taken(world_browser: Browser, clock: FixedClock, booked: Booked) -> None:
    other = book_one(world_browser, clock, "2026-11-24 10:30")

    page = world_browser.enter(cast.MIREILLE).post(
        f"/seances/{other.encounter_id}/deplacement",
        {"version": 1, "day": "2026-11-24", "time": "9:15", **ACCEPTING},
        status=409,
        names=True,
    )

    assert "Ce moment vient d’être pris" in page.text
    assert "E-214" in page.text


def test_second_tab_is_told_that_it_changed(world_browser: Browser, booked: Booked) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    mireille.post(
        f"/seances/{booked.encounter_id}/deplacement", {"version": 1, "day": "2026-11-25", "time": "10:30", **ACCEPTING}
    )

    page = mireille.post(
        f"/seances/{booked.encounter_id}/annulation", {"version": 1, "cause": "other"}, status=409, names=True
    )

    assert "Quelqu’un a changé cette page entre-temps" in page.text


def test_second_editor_is_told_what_changed_and_may_still_do_it(
    world_browser: Browser, world_app: Flask, booked: Booked
) -> None:
    move = f"/seances/{booked.encounter_id}/deplacement"
    omar = Browser(world_app).enter(cast.OMAR)
    omar.post(move, {"day": "2026-11-25", "time": "09:00", "version": "1", "reason": "Tempête", **ACCEPTING})
    mireille = world_browser.enter(cast.MIREILLE)
    hers = {"day": "2026-11-26", "time": "09:00", "version": "1", **ACCEPTING}

    told = mireille.post(move, hers, status=409, names=True)

    assert "Omar Belhorizon" in told.text
    assert "Tempête" in told.text
    assert "Si cela convient toujours, recommencez." in told.text
    assert told.find("main//input[@name='day']").get("value") == "2026-11-26"
    version = told.find("main//input[@name='version']").get("value", "")
    mireille.post(move, {**hers, "version": version})
    assert stored(world_app, booked.encounter_id).starts_at == at("2026-11-26 09:00")


def test_cancel_and_undo(world_browser: Browser, world_app: Flask, booked: Booked) -> None:
    mireille = world_browser.enter(cast.MIREILLE)

    mireille.post(f"/seances/{booked.encounter_id}/annulation", {"version": 1, "cause": "closure", "note": "tempête"})
    page = mireille.follow(names=True)
    assert "école fermée ou cours suspendus" in page.text

    mireille.post(f"/seances/{booked.encounter_id}/retablissement")
    assert stored(world_app, booked.encounter_id).status == "planned"


def test_cancel_without_a_cause_is_refused(world_browser: Browser, booked: Booked) -> None:
    page = world_browser.enter(cast.MIREILLE).post(
        f"/seances/{booked.encounter_id}/annulation", {"version": 1}, status=422, names=True
    )

    assert "Ce champ est nécessaire" in page.text


def test_modality_of_one_occurrence(world_browser: Browser, world_app: Flask, booked: Booked) -> None:
    cap = cast.building("cap")

    world_browser.enter(cast.MIREILLE).post(
        f"/seances/{booked.encounter_id}/modalite",
        {"version": 1, "place": f"building:{cap}", "reason": "bilan", **ACCEPTING},
    )

    assert stored(world_app, booked.encounter_id).modality == "in_person"


def test_double_click_moves_once(world_browser: Browser, world_app: Flask, booked: Booked) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    fields = {"version": 1, "day": "2026-11-25", "time": "10:30", **ACCEPTING}
    mireille.post(f"/seances/{booked.encounter_id}/deplacement", fields)

    mireille.post(f"/seances/{booked.encounter_id}/deplacement", fields, status=409, names=True)

    assert stored(world_app, booked.encounter_id).version == 2


def test_stranger_from_another_board_finds_nothing(world_browser: Browser, booked: Booked) -> None:
    stranger = world_browser.enter(cast.ETRANGERE, cast.NEIGHBOUR)

    stranger.get(f"/seances/{booked.encounter_id}", status=404)
    stranger.get(f"/seances/{booked.encounter_id}/deplacement", status=404)
    stranger.post(f"/seances/{booked.encounter_id}/annulation", {"version": 1, "cause": "other"}, status=404)
    stranger.post(f"/seances/{booked.encounter_id}/retablissement", status=404)


def test_rule_that_may_be_set_aside_says_so_and_is(world_browser: Browser, world_app: Flask, booked: Booked) -> None:
    mireille = world_browser.enter(cast.MIREILLE)
    path = f"/seances/{booked.encounter_id}/deplacement"

    page = mireille.post(path, {"version": 1, "day": "2026-11-25", "time": "16:30"}, status=409, names=True)
    assert "En dehors des périodes de classe" in page.text
    assert "Le faire quand même" in page.text

    mireille.post(path, {"version": 1, "day": "2026-11-25", "time": "16:30", **ACCEPTING})
    assert stored(world_app, booked.encounter_id).starts_at == at("2026-11-25 16:30")
