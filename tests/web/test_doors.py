"""The guest's side over HTTP: inert before the button, alike when closed, the provider only after admission."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.domain.doors import SeatState
from intervention.records.access_log import AccessLogEntry
from intervention.records.database import Database
from intervention.records.join_links import JoinLink, Seat, SeatDevice
from intervention.settings import Settings
from intervention.usecases import entering, lobby
from intervention.usecases.audit import verify_chain
from intervention.usecases.join_links import IssueLink, issue_link, revoke
from intervention.usecases.work import open_work
from tests.door_world import (
    KEYS,
    KNOWN,
    SECRET,
    Doors,
    a_link,
    a_video_account,
    doors_of,
    minutes_before,
    the_seat,
)
from tests.web.pages import Page

UNKNOWN = "s1_" + "Q" * 43
PROVIDER = "visio.csse.example"
NAMES = ("Wapikoni", "Vollant", "Quatorzemains", "Mireille", "orthophon", "E-101")


@pytest.fixture
def settings() -> Settings:
    return Settings.from_env({"SECRET_KEY": SECRET})


@dataclass
class Here:
    """The séance, on a database that commits, and what a test does to it between two requests."""

    database: Database
    clock: FixedClock
    doors: Doors
    token: str

    def does(self, act: Callable[..., object], *parts: object) -> object:
        with open_work(self.database, self.clock) as work:
            return act(work, *parts)

    def before(self, minutes: int) -> None:
        self.does(minutes_before, minutes)

    def seats(self) -> list[SeatState]:
        with self.database.session(read_only=True) as session:
            return list(session.scalars(select(Seat.state)))

    def admit(self) -> None:
        with open_work(self.database, self.clock) as work:
            mireille = self.doors.mireille
            lobby.attend(work, mireille, self.doors.encounter_id)
            lobby.admit(work, mireille, lobby.Admit(self.doors.encounter_id, the_seat(work).id, KNOWN))

    def open_room(self) -> None:
        self.does(entering.ask_as_staff, self.doors.mireille, KEYS, self.doors.encounter_id)


@dataclass
class Guest:
    """A browser before the guest's pages, which says where its requests come from as browsers do."""

    app: Flask
    address: str = "203.0.113.7"
    language: str = "fr-CA"
    headers: dict[str, str] = field(default_factory=lambda: {"Origin": "http://localhost"})

    def __post_init__(self) -> None:
        self.http = self.app.test_client()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.http.get(path, headers={"Accept-Language": self.language, **headers}, environ_base=self._from())

    def post(self, path: str, **fields: str) -> TestResponse:
        data = {"csrf": self.page_token(), **fields}
        sent = {"Accept-Language": self.language, **self.headers}
        return self.http.post(path, data=data, headers=sent, environ_base=self._from())

    def claim(self, token: str) -> TestResponse:
        return self.post("/r/place", lien=token)

    def page_token(self) -> str:
        return str(Page(self.get("/r")).find("input[@name='csrf']").get("value"))

    def _from(self) -> dict[str, str]:
        return {"REMOTE_ADDR": self.address}


@pytest.fixture
def here(web_database: Database, clock: FixedClock) -> Here:
    with open_work(web_database, clock) as work:
        work.session.expire_on_commit = False
        doors = doors_of(work)
        a_video_account(work, doors, secret="0123456789abcdef0123456789abcdef")
        token = a_link(work, doors)
        minutes_before(work, 5)
    return Here(web_database, clock, doors, token)


@pytest.fixture
def guest(app: Flask) -> Guest:
    return Guest(app)


def test_it_works(here: Here, guest: Guest) -> None:
    claimed = guest.claim(here.token)
    assert (claimed.status_code, claimed.headers["Location"]) == (303, "/r/attente")
    assert Page(guest.get("/r/attente")).heading == "La personne qui vous reçoit n’est pas encore là"
    here.does(lobby.attend, here.doors.mireille, here.doors.encounter_id)
    assert Page(guest.get("/r/attente")).heading == "Vous êtes dans la salle d’attente"
    here.admit()
    assert Page(guest.get("/r/attente")).heading == "On vous a reconnu·e"
    here.open_room()
    assert Page(guest.get("/r/attente")).heading == "Vous pouvez entrer"

    entered = guest.post("/r/entrer")

    place = urlsplit(entered.headers["Location"])
    assert (entered.status_code, place.scheme, place.netloc) == (303, "https", PROVIDER)
    assert re.fullmatch(r"/r[0-9a-f]{32}", place.path)
    assert list(parse_qs(place.query)) == ["jwt"]
    assert (entered.data, entered.headers["Cache-Control"], entered.headers["Referrer-Policy"]) == (
        b"", "no-store", "no-referrer",
    )  # fmt: skip


def test_the_page_of_a_link_is_the_same_bytes_for_everyone(here: Here, app: Flask, guest: Guest) -> None:
    first = guest.get("/r")
    guest.claim(here.token)
    after_claiming = guest.get("/r")
    stranger = Guest(app, address="198.51.100.9").get("/r")

    assert first.status_code == 200
    assert first.data == after_claiming.data == stranger.data
    assert dict(first.headers) == dict(after_claiming.headers) == dict(stranger.headers)
    assert "Set-Cookie" not in first.headers


def test_the_page_of_a_link_trusts_nobody(guest: Guest) -> None:
    page = guest.get("/r")

    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "form-action 'self';" in policy
    assert "nonce" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_scanner_changes_nothing(here: Here, guest: Guest, method: str) -> None:
    for path in ("/r", "/r/attente", "/r/place", "/r/entrer", "/r/quitter"):
        for _ in range(20):
            guest.http.open(path, method=method, headers={"User-Agent": "scanner"})

    assert here.seats() == []
    with here.database.session(read_only=True) as session:
        assert session.scalars(select(JoinLink.opened_at)).all() == [None]


@pytest.mark.parametrize(
    "sender",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_post_from_elsewhere_changes_nothing(here: Here, guest: Guest, sender: dict[str, str]) -> None:
    guest.headers = sender

    sent = guest.claim(here.token)

    assert sent.status_code == 404
    assert here.seats() == []


@pytest.mark.parametrize("token", ["", "x", "A" * 24])
def test_a_post_without_the_pages_own_token_changes_nothing(here: Here, guest: Guest, token: str) -> None:
    sent = guest.post("/r/place", lien=here.token, csrf=token)

    assert sent.status_code == 404
    assert here.seats() == []


def test_a_page_read_yesterday_still_works_and_an_older_one_does_not(here: Here, guest: Guest) -> None:
    here.before(5 + 24 * 60)
    yesterdays = guest.page_token()
    here.before(5 + 48 * 60)
    older = guest.page_token()
    here.before(5)

    assert guest.post("/r/place", lien=here.token, csrf=older).status_code == 404
    assert guest.post("/r/place", lien=here.token, csrf=yesterdays).status_code == 303


def test_a_browser_that_sends_no_origin_but_says_same_origin_is_believed(here: Here, guest: Guest) -> None:
    guest.headers = {"Sec-Fetch-Site": "same-origin"}

    assert guest.claim(here.token).status_code == 303


def test_every_closed_door_answers_alike(here: Here, app: Flask) -> None:
    with open_work(here.database, here.clock) as work:
        issued = issue_link(
            work, here.doors.mireille, KEYS, IssueLink(here.doors.encounter_id, here.doors.interpreter_id)
        )
        revoke(work, here.doors.mireille, issued.link_id)

    def answer(token: str, minutes: int = 5) -> tuple[int, bytes, dict[str, str]]:
        here.before(minutes)
        sent = Guest(app).claim(token)
        return sent.status_code, sent.data, dict(sent.headers)

    closed = {
        "unknown": answer(UNKNOWN),
        "revoked": answer(issued.token),
        "too early": answer(here.token, 12),
        "too late": answer(here.token, -70),
        "malformed": answer("bonjour"),
        "empty": answer(""),
    }

    assert closed["unknown"][0] == 404
    assert {name for name, each in closed.items() if each != closed["unknown"]} == set()
    assert "Set-Cookie" not in closed["unknown"][2]
    assert here.seats() == []


def test_a_lobby_without_a_seat_and_with_a_dead_one_answer_alike(here: Here, app: Flask, guest: Guest) -> None:
    guest.claim(here.token)
    with open_work(here.database, here.clock) as work:
        revoke(work, here.doors.mireille, the_seat(work).join_link_id)

    dead, never = guest.get("/r/attente"), Guest(app).get("/r/attente")

    assert (dead.status_code, dead.data, dict(dead.headers)) == (never.status_code, never.data, dict(never.headers))
    assert dead.status_code == 404


def test_a_closed_door_says_no_name_no_service_and_repeats_nothing(guest: Guest) -> None:
    sent = guest.claim("s1_<script>" + "Z" * 40)

    html = sent.get_data(as_text=True)
    assert "ZZZZ" not in html
    assert not [name for name in NAMES if name in html]


def test_the_seat_cookie_is_ours_alone(here: Here, guest: Guest) -> None:
    cookie = guest.claim(here.token).headers["Set-Cookie"]

    assert cookie.startswith("seat=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie
    assert "Max-Age=3900" in cookie  # five minutes before, forty-five of séance, fifteen of grace


def test_over_tls_the_seat_cookie_is_bound_to_the_host(here: Here) -> None:
    settings = Settings.from_env({"SECRET_KEY": SECRET, "BASE_URL": "https://intervention.example.ca"})
    guest = Guest(create_app(settings, here.database, here.clock))
    guest.headers = {"Origin": "https://intervention.example.ca"}
    base = {"base_url": "https://intervention.example.ca"}
    token = Page(guest.http.get("/r", **base)).find("input[@name='csrf']").get("value")

    sent = guest.http.post("/r/place", data={"csrf": token, "lien": here.token}, headers=guest.headers, **base)

    cookie = sent.headers["Set-Cookie"]
    assert cookie.startswith("__Host-seat=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_a_second_device_contests_and_neither_enters(here: Here, app: Flask, guest: Guest) -> None:
    guest.claim(here.token)
    second = Guest(app)
    second.claim(here.token)

    assert here.seats() == [SeatState.CONTESTED]
    for device in (guest, second):
        assert Page(device.get("/r/attente")).heading == "Un instant, on vérifie votre lien"
        assert device.post("/r/entrer").headers["Location"] == "/r/attente"


def test_the_same_device_again_keeps_its_cookie(here: Here, guest: Guest) -> None:
    first = guest.claim(here.token).headers["Set-Cookie"].split(";")[0]

    again = guest.claim(here.token).headers["Set-Cookie"].split(";")[0]

    assert again == first
    assert here.seats() == [SeatState.WAITING]


def test_a_whole_pasted_address_works_without_script(here: Here, guest: Guest) -> None:
    assert guest.claim(f"  http://localhost/r#{here.token}\n").status_code == 303


def test_nobody_enters_without_being_admitted(here: Here, guest: Guest, app: Flask) -> None:
    guest.claim(here.token)
    here.open_room()

    waiting, nobody = guest.post("/r/entrer"), Guest(app).post("/r/entrer")

    assert (waiting.status_code, waiting.headers["Location"]) == (303, "/r/attente")
    assert nobody.status_code == 404


def test_a_guest_may_leave_and_come_back(here: Here, guest: Guest) -> None:
    guest.claim(here.token)

    guest.post("/r/quitter")

    assert Page(guest.get("/r/attente")).heading == "Vous êtes sorti·e"
    guest.claim(here.token)
    assert here.seats() == [SeatState.WAITING]


def test_the_lobby_answers_304_until_something_changes(here: Here, guest: Guest) -> None:
    guest.claim(here.token)
    version = guest.get("/r/attente").headers["ETag"]

    assert guest.get("/r/attente", **{"If-None-Match": version}).status_code == 304
    here.does(lobby.attend, here.doors.mireille, here.doors.encounter_id)
    changed = guest.get("/r/attente", **{"If-None-Match": version})

    assert changed.status_code == 200
    assert changed.headers["ETag"] != version


def test_waiting_is_seen_every_ten_seconds_at_most(here: Here, guest: Guest) -> None:
    guest.claim(here.token)

    def seen_at() -> object:
        with here.database.session(read_only=True) as session:
            return session.scalars(select(SeatDevice.last_seen_at)).one()

    first = seen_at()
    here.clock.at = here.clock.at.replace(second=9)
    guest.get("/r/attente")
    assert seen_at() == first
    here.clock.at = here.clock.at.replace(second=10)
    guest.get("/r/attente")
    assert seen_at() == here.clock.now()


def test_the_lobby_speaks_the_language_of_who_was_invited(here: Here, guest: Guest) -> None:
    with open_work(here.database, here.clock) as work:
        token = a_link(work, here.doors, here.doors.interpreter_id)

    guest.claim(token)

    page = Page(guest.get("/r/attente"))
    assert (page.tree.get("lang"), page.heading) == ("en-CA", "The person who is to see you is not here yet")
    assert Page(guest.get("/r/attente?langue=fr")).tree.get("lang") == "fr-CA"


def test_before_a_seat_the_page_speaks_the_browsers_language(app: Flask) -> None:
    english = Guest(app, language="en-CA").get("/r")

    assert english.headers["Vary"] == "Accept-Language"
    assert "I am ready" in english.get_data(as_text=True)


def test_the_lobby_tells_the_time_and_names_its_zone(here: Here, guest: Guest) -> None:
    guest.claim(here.token)

    assert "Il est 10\u00a0h\u00a025, heure de l’Est." in Page(guest.get("/r/attente")).text


def test_too_many_tries_from_one_network_meet_a_neutral_page(here: Here, app: Flask) -> None:
    for n in range(60):
        assert Guest(app, address=f"203.0.113.{n}").claim(f"s1_{n:043}").status_code == 404

    refused = Guest(app, address="203.0.113.250").claim(here.token)

    assert (refused.status_code, here.seats()) == (429, [])
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert Guest(app, address="198.51.100.1").claim(here.token).status_code == 303


def test_one_link_is_tried_a_few_times_from_everywhere_known_or_not(here: Here, app: Flask) -> None:
    for n in range(30):
        Guest(app, address=f"198.51.{n}.1").claim(UNKNOWN)
        Guest(app, address=f"203.0.{n}.1").claim(here.token)

    unknown = Guest(app, address="192.0.2.1").claim(UNKNOWN)
    known = Guest(app, address="192.0.2.1").claim(here.token)

    assert (unknown.status_code, known.status_code) == (429, 429)
    assert unknown.data == known.data


def test_a_whole_journey_leaves_no_secret_in_logs_pages_or_rows(
    here: Here, guest: Guest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cookie = guest.claim(here.token).headers["Set-Cookie"].split("=")[1].split(";")[0]
    here.admit()
    here.open_room()
    pages = [guest.get(path).get_data(as_text=True) for path in ("/r", "/r/attente")]
    address = guest.post("/r/entrer").headers["Location"]
    room, pass_ = urlsplit(address).path[1:], parse_qs(urlsplit(address).query)["jwt"][0]
    logging.getLogger("waitress").warning("GET /r#%s cookie seat=%s to %s", here.token, cookie, address)

    secrets = [here.token, here.token[3:], cookie, pass_]
    assert not [each for each in secrets if each in caplog.text]
    assert "cookie seat=[…]" in caplog.text
    assert not [each for each in (*secrets, room, PROVIDER, *NAMES) for page in pages if each in page]
    assert not [each for each in (*secrets, room) if each.encode() in stored(here.database)]


def stored(database: Database) -> bytes:
    """Everything the database's files hold."""
    file = Path(str(database.url.database))
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


def test_a_whole_journey_is_in_the_trail(here: Here, guest: Guest) -> None:
    guest.claim(here.token)
    here.admit()
    here.open_room()
    guest.post("/r/entrer")
    guest.post("/r/quitter")

    with here.database.session(read_only=True) as session:
        entries = session.scalars(select(AccessLogEntry).order_by(AccessLogEntry.seq)).all()
        verbs = [entry.verb for entry in entries]
        assert verify_chain(session).broken_at is None
        assert not [name for entry in entries for name in NAMES if name in str(entry.facts)]
    assert verbs == [
        "video_account_added", "link_issued", "seat_claimed", "seat_admitted", "room_opened", "room_entered",
        "seat_left",
    ]  # fmt: skip


def test_a_post_of_the_lobby_from_elsewhere_changes_nothing(here: Here, guest: Guest) -> None:
    guest.claim(here.token)
    here.admit()
    here.open_room()
    guest.headers = {"Origin": "https://evil.example"}

    assert guest.post("/r/entrer").status_code == 404
    assert guest.post("/r/quitter").status_code == 404
    assert here.seats() == [SeatState.ADMITTED]


def test_only_the_lobby_of_somebody_admitted_lets_a_form_leave(here: Here, guest: Guest) -> None:
    guest.claim(here.token)
    assert "form-action 'self';" in guest.get("/r/attente").headers["Content-Security-Policy"]
    here.admit()
    here.open_room()

    policy = guest.get("/r/attente").headers["Content-Security-Policy"]

    assert "form-action 'self' https: " in policy
    assert PROVIDER not in policy
