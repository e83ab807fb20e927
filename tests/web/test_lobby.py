"""The host's side over HTTP: who waits, admission, contests, links, pasted addresses, and who is not the host."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.domain.doors import SeatState
from intervention.domain.people import Role
from intervention.records.database import Database
from intervention.records.join_links import JoinLink, Seat, VideoRoom
from intervention.settings import Settings
from intervention.usecases import video_accounts
from intervention.usecases.work import open_work
from tests.builders import a_board, a_person, actor
from tests.door_world import KEYS, SECRET, a_link, a_video_account, claimed, doors_of, minutes_before
from tests.web.client import Browser
from tests.web.pages import Page
from tests.web.test_doors import PROVIDER, Guest, Here


@pytest.fixture
def settings() -> Settings:
    return Settings.from_env({"SECRET_KEY": SECRET})


@pytest.fixture
def here(web_database: Database, clock: FixedClock) -> Here:
    with open_work(web_database, clock) as work:
        work.session.expire_on_commit = False
        doors = doors_of(work)
        a_video_account(work, doors)
        token = a_link(work, doors)
        minutes_before(work, 5)
    return Here(web_database, clock, doors, token)


@pytest.fixture
def mireille(app: Flask, here: Here) -> Browser:
    return Browser(app).enter(here.doors.mireille.person_id, here.doors.mireille.organization_id)


@pytest.fixture
def room(here: Here) -> str:
    return f"/seances/{here.doors.encounter_id}/salle"


def seat_of(here: Here) -> UUID:
    with here.database.session(read_only=True) as session:
        return session.scalars(select(Seat.id)).one()


KNOWN = {"known_by": "sight", "in_the_room": ["nobody"]}


def test_it_works(here: Here, app: Flask, mireille: Browser, room: str) -> None:
    guest = Guest(app)
    guest.claim(here.token)

    page = mireille.get(room)
    assert page.heading == "Salle"
    assert "Wapikoni Vollant" in page.text
    mireille.post(f"{room}/{seat_of(here)}/admettre", KNOWN)
    entered = mireille.raw("POST", f"{room}/entrer", data={"csrf": mireille.token()})

    assert entered.headers["Location"].startswith(f"https://{PROVIDER}/r")
    assert entered.data == b""
    assert Page(guest.get("/r/attente")).heading == "Vous pouvez entrer"
    after = mireille.get(room)
    assert "admis·e" in after.text
    assert "Je la ou le reconnais · Personne d’autre" in after.text
    assert PROVIDER not in after.html


def test_the_page_says_when_the_room_opens(here: Here, mireille: Browser, room: str) -> None:
    here.before(30)

    page = mireille.get(room)

    assert "La salle ouvre à 10\u00a0h\u00a020, dix minutes avant la séance." in page.text
    assert not page.all(f"form[@action='{room}/entrer']")


def test_an_attestation_half_made_keeps_what_was_filled(here: Here, mireille: Browser, room: str) -> None:
    here.does(claimed, here.token)
    mireille.get(room)

    page = mireille.post(f"{room}/{seat_of(here)}/admettre", {"known_by": "phone"}, status=422)

    assert "Ce champ est nécessaire." in page.text
    assert page.find("input[@value='phone']").get("checked") is not None
    assert here.seats() == [SeatState.WAITING]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"known_by": "telepathy", "in_the_room": ["nobody"]},
        {"known_by": "sight", "in_the_room": ["a crowd"]},
        {"known_by": "sight", "in_the_room": ["nobody", "parent"]},
    ],
)
def test_a_bad_attestation_admits_nobody(here: Here, mireille: Browser, room: str, fields: dict[str, object]) -> None:
    here.does(claimed, here.token)
    mireille.get(room)

    mireille.post(f"{room}/{seat_of(here)}/admettre", fields, status=422)

    assert here.seats() == [SeatState.WAITING]


def test_a_host_whose_page_is_long_closed_admits_nobody(here: Here, mireille: Browser, room: str) -> None:
    here.does(claimed, here.token)
    mireille.get(room)
    here.before(1)

    page = mireille.post(f"{room}/{seat_of(here)}/admettre", KNOWN, status=409)

    assert "Revenez à la page de la salle" in page.text
    assert here.seats() == [SeatState.WAITING]


def test_a_refusal_has_its_undo(here: Here, mireille: Browser, room: str) -> None:
    here.does(claimed, here.token)
    seat = seat_of(here)

    mireille.post(f"{room}/{seat}/refuser")
    page = mireille.follow()
    assert here.seats() == [SeatState.REFUSED]
    assert page.find(f"form[@action='{room}/{seat}/rappeler']") is not None
    mireille.post(f"{room}/{seat}/rappeler")

    assert here.seats() == [SeatState.WAITING]


def test_a_contest_is_shown_with_its_devices_and_settled(here: Here, app: Flask, mireille: Browser, room: str) -> None:
    first, second = Guest(app), Guest(app)
    first.claim(here.token)
    second.claim(here.token)
    page = mireille.get(room)
    assert "Un 2ᵉ appareil utilise ce lien" in page.text
    choices = [each.get("value", "") for each in page.all("input[@name='choice']")]
    assert (choices[0], choices[-1], len(choices)) == ("keep", "rotate", 3)

    mireille.post(f"{room}/{seat_of(here)}/trancher", {"choice": choices[1]})

    assert first.get("/r/attente").status_code == 404
    assert Page(second.get("/r/attente")).heading == "Vous êtes dans la salle d’attente"


def test_rotating_shows_the_new_link_once(here: Here, app: Flask, mireille: Browser, room: str) -> None:
    for _ in range(2):
        Guest(app).claim(here.token)

    page = mireille.post(f"{room}/{seat_of(here)}/trancher", {"choice": "rotate"}, status=200)

    address = page.find("input[@id='link']").get("value", "")
    assert Guest(app).claim(here.token).status_code == 404
    assert Guest(app).claim(address).status_code == 303
    assert address.split("#")[1] not in mireille.get(room).html


@pytest.mark.parametrize("choice", ["", "x", "0190-nope"])
def test_a_settlement_of_nothing_is_refused(here: Here, mireille: Browser, room: str, choice: str) -> None:
    for _ in range(2):
        here.does(claimed, here.token)

    mireille.post(f"{room}/{seat_of(here)}/trancher", {"choice": choice}, status=422)

    assert here.seats() == [SeatState.CONTESTED]


def test_the_page_answers_304_until_somebody_comes(here: Here, mireille: Browser, room: str) -> None:
    version = mireille.get(room).headers["ETag"]

    assert mireille.raw("GET", room, headers={"If-None-Match": version}).status_code == 304
    here.does(claimed, here.token)

    assert mireille.raw("GET", room, headers={"If-None-Match": version}).status_code == 200


def test_ending_closes_every_door_and_opening_again_undoes_it(
    here: Here, app: Flask, mireille: Browser, room: str
) -> None:
    guest = Guest(app)
    guest.claim(here.token)
    mireille.raw("POST", f"{room}/entrer", data={"csrf": mireille.token()})

    mireille.post(f"{room}/terminer")
    assert guest.get("/r/attente").status_code == 404
    mireille.raw("POST", f"{room}/entrer", data={"csrf": mireille.token()})

    assert Page(guest.get("/r/attente")).heading == "Vous êtes dans la salle d’attente"


def test_a_link_is_given_shown_once_and_revoked_from_the_room(
    here: Here, app: Flask, mireille: Browser, room: str
) -> None:
    issue = f"/seances/{here.doors.encounter_id}/liens"

    page = mireille.post(issue, {"participation": here.doors.interpreter_id}, status=200)

    address = page.find("input[@id='link']").get("value", "")
    assert (page.heading, address.split("#")[0]) == ("Lien de Shanice Bellefleur", "http://localhost/r")
    assert "ne pas transférer" in page.text
    guest = Guest(app)
    assert guest.claim(address).status_code == 303
    with here.database.session(read_only=True) as session:
        link = session.scalars(select(JoinLink.id).where(JoinLink.opened_at.is_not(None))).one()
    mireille.post(f"{issue}/{link}/revoquer")
    assert guest.get("/r/attente").status_code == 404
    assert "révoqué le mardi 24 nov. à 10\u00a0h\u00a025" in mireille.get(room).text


def test_a_second_link_for_one_person_is_refused_in_words(here: Here, mireille: Browser) -> None:
    page = mireille.post(
        f"/seances/{here.doors.encounter_id}/liens", {"participation": here.doors.parent_id}, status=409
    )

    assert "Cette personne a déjà un lien." in page.text


def test_a_renewed_link_comes_back_to_the_page_it_was_asked_from(here: Here, mireille: Browser) -> None:
    encounter = f"/seances/{here.doors.encounter_id}"
    with here.database.session(read_only=True) as session:
        link = session.scalars(select(JoinLink.id)).one()

    ours = mireille.post(f"{encounter}/liens/{link}/renouveler", {"suite": encounter}, status=200)
    assert ours.links["Retour"] == encounter
    with here.database.session(read_only=True) as session:
        link = session.scalars(select(JoinLink.id).where(JoinLink.revoked_at.is_(None))).one()
    elsewhere = mireille.post(f"{encounter}/liens/{link}/renouveler", {"suite": "https://evil.example"}, status=200)

    assert elsewhere.links["Retour"] == f"{encounter}/salle"


def test_the_seances_page_holds_the_panel(here: Here, mireille: Browser) -> None:
    page = mireille.get(f"/seances/{here.doors.encounter_id}", names=True)

    assert "Liens confidentiels" in page.text
    assert "remis le lundi 23 nov., pas encore ouvert" in page.text
    assert page.links["Ouvrir la salle"] == f"/seances/{here.doors.encounter_id}/salle"


def allow_shared_links(here: Here) -> None:
    with open_work(here.database, here.clock) as work:
        admin = actor(work.session, a_person(work.session, here.doors.world.board, "Aline", Role.ADMINISTRATOR))
        ask = video_accounts.AddVideoAccount("fixed_link", "Liens partagés", (), {})
        video_accounts.add(work, admin, KEYS, ask)


def test_a_pasted_address_is_used_badged_and_shown_nowhere(
    here: Here, app: Flask, mireille: Browser, room: str
) -> None:
    allow_shared_links(here)
    guest = Guest(app)
    guest.claim(here.token)

    mireille.post(f"{room}/adresse", {"pasted_address": "https://reunion.example/j/42?pwd=abc"})
    page = mireille.follow()

    assert "lien partagé\u00a0: révocation impossible" in page.text
    assert "reunion" not in page.html
    mireille.post(f"{room}/{seat_of(here)}/admettre", KNOWN)
    entered = mireille.raw("POST", f"{room}/entrer", data={"csrf": mireille.token()})
    assert entered.headers["Location"] == "https://reunion.example/j/42?pwd=abc"
    assert guest.post("/r/entrer").headers["Location"] == "https://reunion.example/j/42?pwd=abc"


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "Ce champ est nécessaire."),
        ("http://reunion.example", "L’adresse doit commencer par https://."),
        ("javascript:alert(1)", "Entrez une adresse complète"),
        ("x" * 2001, "Ce texte est trop long."),
    ],
)
def test_a_bad_address_is_refused_and_not_repeated(
    here: Here, mireille: Browser, room: str, pasted: str, said: str
) -> None:
    allow_shared_links(here)

    page = mireille.post(f"{room}/adresse", {"pasted_address": pasted}, status=422)

    assert said in page.text
    assert not pasted or pasted not in page.html
    with here.database.session(read_only=True) as session:
        assert session.scalars(select(VideoRoom)).all() == []


def test_without_permission_there_is_no_place_to_paste(here: Here, mireille: Browser, room: str) -> None:
    assert not mireille.get(room).all(f"form[@action='{room}/adresse']")
    mireille.post(f"{room}/adresse", {"pasted_address": "https://reunion.example"}, status=409)


def test_a_facilitator_enters_without_seeing_who_waits(here: Here, app: Flask, room: str, mireille: Browser) -> None:
    here.does(claimed, here.token)
    joseph = Browser(app).enter(here.doors.world.joseph.id, here.doors.world.board.id)
    page = joseph.get(room)
    assert "La personne responsable n’a pas encore ouvert la salle." in page.text
    assert "Wapikoni" not in page.html
    mireille.raw("POST", f"{room}/entrer", data={"csrf": mireille.token()})

    assert "La salle est ouverte." in joseph.get(room).text
    entered = joseph.raw("POST", f"{room}/entrer", data={"csrf": joseph.token()})

    assert entered.headers["Location"].startswith(f"https://{PROVIDER}/r")


def test_only_the_host_decides_at_her_door(here: Here, app: Flask, room: str) -> None:
    here.does(claimed, here.token)
    joseph = Browser(app).enter(here.doors.world.joseph.id, here.doors.world.board.id)
    for act, fields in (("admettre", KNOWN), ("refuser", {}), ("trancher", {"choice": "keep"})):
        joseph.post(f"{room}/{seat_of(here)}/{act}", fields, status=403)
    joseph.post(f"{room}/terminer", status=403)
    joseph.post(f"/seances/{here.doors.encounter_id}/liens", {"participation": here.doors.interpreter_id}, status=403)

    assert here.seats() == [SeatState.WAITING]


def test_a_stranger_from_another_board_finds_no_room(here: Here, app: Flask, room: str) -> None:
    here.does(claimed, here.token)
    with open_work(here.database, here.clock) as work:
        other = a_board(work.session, "autre")
        stranger = a_person(work.session, other, "Éloi", Role.PROFESSIONAL)
        ids = stranger.id, other.id
    browser = Browser(app).enter(*ids)

    browser.get(room, status=404)
    browser.post(f"{room}/entrer", status=404)
    browser.post(f"{room}/{seat_of(here)}/admettre", KNOWN, status=404)
    browser.post(f"/seances/{here.doors.encounter_id}/liens", {"participation": here.doors.parent_id}, status=404)
