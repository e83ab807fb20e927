"""A confidential link in real browsers: the whole way in, scanners, a second device, a revoked link, no script."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from intervention.domain.doors import SeatState
from intervention.records.join_links import JoinLink, Seat
from intervention.records.vault import Keyring
from intervention.usecases import accounts, entering, join_links, lobby
from intervention.usecases.accounts import OpenSession
from intervention.usecases.work import open_work
from tests import cast
from tests.browser.checks import LOOKS, axe_faults, context, overflows, policy_faults
from tests.browser.conftest import Live
from tests.browser.live import KEY
from tests.door_world import KNOWN, Doors, a_link, a_video_account, doors_of, minutes_before, the_seat

pytestmark = pytest.mark.browser

SECRET = "0123456789abcdef0123456789abcdef"
SOON = 9000  # milliseconds: two looks of a waiting page


@dataclass
class Provider:
    """A stand-in for the board's video server: it says where one is, and remembers who sent whom."""

    address: str = ""
    heard: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def provider() -> Iterator[Provider]:
    found = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.heard.append((self.path, self.headers.get("Referer")))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Visio</title><h1>Visio</h1>")

        def log_message(self, format: str, *parts: object) -> None:  # noqa: A002 - the library's own name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    found.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Here:
    live: Live
    doors: Doors
    token: str

    @property
    def link(self) -> str:
        return f"{self.live.address}/r#{self.token}"

    @property
    def room(self) -> str:
        return f"{self.live.address}/seances/{self.doors.encounter_id}/salle"

    def seats(self) -> list[SeatState]:
        with self.live.database.session(read_only=True) as session:
            return list(session.scalars(select(Seat.state)))

    def mireille(self, visitor: BrowserContext) -> Page:
        """Mireille's browser, signed in."""
        ask = OpenSession(self.doors.mireille.person_id, self.doors.mireille.organization_id, "Test", 12)
        with open_work(self.live.database, self.live.clock) as work:
            token = accounts.open_session(work, ask)
        visitor.add_cookies([{"name": "session", "value": token, "url": self.live.address}])
        return visitor.new_page()

    def admit(self) -> None:
        with open_work(self.live.database, self.live.clock) as work:
            lobby.attend(work, self.doors.mireille, self.doors.encounter_id)
            lobby.admit(work, self.doors.mireille, lobby.Admit(self.doors.encounter_id, the_seat(work).id, KNOWN))

    def open_room(self) -> None:
        with open_work(self.live.database, self.live.clock) as work:
            entering.ask_as_staff(work, self.doors.mireille, self.doors.keys, self.doors.encounter_id)


@pytest.fixture
def here(live: Live, provider: Provider) -> Here:
    with open_work(live.database, live.clock) as work:
        work.session.expire_on_commit = False
        doors = doors_of(work, Keyring(KEY))
        a_video_account(work, doors, secret=SECRET, address=provider.address)
        token = a_link(work, doors)
        minutes_before(work, 5)
    return Here(live, doors, token)


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A guest's own browser."""
    opened = browser.new_context(locale="fr-CA", timezone_id="America/Halifax")
    yield opened
    opened.close()


@pytest.fixture
def office(browser: Browser) -> Iterator[BrowserContext]:
    """The host's browser."""
    opened = browser.new_context(locale="fr-CA", timezone_id="America/Toronto")
    yield opened
    opened.close()


def go_in(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Je suis prêt·e").click()
    page.wait_for_url("**/r/attente")


def test_a_mother_comes_in_by_keyboard_and_mireille_receives_her(
    here: Here, provider: Provider, visitor: BrowserContext, office: BrowserContext
) -> None:
    mother, host = visitor.new_page(), here.mireille(office)
    heard = policy_faults(mother) + policy_faults(host)
    pages: list[str] = []

    mother.goto(here.link)
    assert mother.url == f"{here.live.address}/r"  # the token has left the address bar
    pages.append(mother.content())
    for _ in range(3):  # skip link, language, the button
        mother.keyboard.press("Tab")
    assert mother.evaluate("document.activeElement.textContent") == "Je suis prêt·e"
    mother.keyboard.press("Enter")
    mother.wait_for_url("**/r/attente")
    expect(mother.locator("h1")).to_have_text("La personne qui vous reçoit n’est pas encore là")
    expect(mother.locator("[data-clock]")).to_contain_text("Atlantique")  # her own zone, not the host's
    pages.append(mother.content())

    host.goto(here.room)
    expect(mother.locator("h1")).to_have_text("Vous êtes dans la salle d’attente", timeout=SOON)
    card = host.locator("section.card", has_text="Wapikoni Vollant")
    card.get_by_label("Mot convenu d’avance").check()
    card.get_by_label("Personne d’autre").check()
    card.get_by_role("button", name="Admettre").click()
    expect(mother.locator("h1")).to_have_text("On vous a reconnu·e", timeout=SOON)
    pages.append(mother.content())
    with office.expect_page() as opened:
        host.get_by_role("button", name="Ouvrir la salle").click()
    opened.value.wait_for_load_state()
    assert opened.value.title() == "Visio"
    expect(mother.locator("h1")).to_have_text("Vous pouvez entrer", timeout=SOON)
    pages.append(mother.content())
    assert mother.evaluate("document.activeElement.textContent") == "Entrer dans la salle"
    mother.keyboard.press("Enter")
    mother.wait_for_url(f"{provider.address}/**")

    (host_path, host_referer), (mother_path, mother_referer) = [
        each for each in provider.heard if each[0] != "/favicon.ico"
    ]
    assert re.fullmatch(r"/r[0-9a-f]{32}", urlsplit(mother_path).path)
    assert urlsplit(host_path).path == urlsplit(mother_path).path
    assert urlsplit(host_path).query != urlsplit(mother_path).query
    assert (host_referer, mother_referer) == (None, None)
    assert heard == []
    port = str(urlsplit(provider.address).port)
    assert not [word for word in (here.token[3:], port, "Wapikoni", "Mireille") for page in pages if word in page]


def test_scanners_leave_the_seat_unborn(here: Here, browser: Browser) -> None:
    for _ in range(20):
        requests.head(here.link, timeout=5)
        requests.get(here.link, timeout=5)
        requests.post(f"{here.live.address}/r/place", data={"lien": here.token}, timeout=5)
        scanner = browser.new_context()
        page = scanner.new_page()
        page.goto(here.link)
        page.wait_for_load_state("networkidle")
        scanner.close()

    assert here.seats() == []
    with here.live.database.session(read_only=True) as session:
        assert session.scalars(select(JoinLink.opened_at)).all() == [None]


def test_a_second_device_waits_for_the_hosts_choice(
    here: Here, browser: Browser, visitor: BrowserContext, office: BrowserContext
) -> None:
    first, host = visitor.new_page(), here.mireille(office)
    other = browser.new_context(locale="fr-CA")
    second = other.new_page()
    go_in(first, here.link)
    host.goto(here.room)

    go_in(second, here.link)

    expect(second.locator("h1")).to_have_text("Un instant, on vérifie votre lien")
    expect(first.locator("h1")).to_have_text("Un instant, on vérifie votre lien", timeout=SOON)
    card = host.locator("section.card", has_text="Wapikoni Vollant")
    expect(card).to_contain_text("Un 2ᵉ appareil utilise ce lien", timeout=SOON)
    card.locator("input[name=choice]").nth(1).check()
    card.get_by_role("button", name="Trancher").click()
    expect(second.locator("h1")).to_have_text("Vous êtes dans la salle d’attente", timeout=SOON)
    expect(first.locator("main")).to_contain_text("Ce lien n’ouvre rien en ce moment.", timeout=SOON)
    other.close()


def test_a_revoked_link_is_dead_where_it_was_open(here: Here, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    go_in(page, here.link)

    with open_work(here.live.database, here.live.clock) as work:
        join_links.revoke(work, here.doors.mireille, the_seat(work).join_link_id)

    expect(page.locator("main")).to_contain_text("Ce lien n’ouvre rien en ce moment.", timeout=SOON)
    page.goto(here.link)
    page.get_by_role("button", name="Je suis prêt·e").click()
    expect(page.locator("main")).to_contain_text("Ce lien n’ouvre rien en ce moment.")


def test_outside_its_hour_a_link_shows_the_readers_time_and_nothing_else(here: Here, visitor: BrowserContext) -> None:
    with open_work(here.live.database, here.live.clock) as work:
        minutes_before(work, 30)
    page = visitor.new_page()
    page.goto(here.link)
    page.get_by_role("button", name="Je suis prêt·e").click()
    page.wait_for_url("**/r/place")

    expect(page.locator("[data-clock]")).to_contain_text("Chez vous, il est")
    expect(page.locator("[data-clock]")).to_contain_text("Atlantique")
    assert here.seats() == []


def test_without_script_the_link_is_pasted(here: Here, browser: Browser, provider: Provider) -> None:
    bare = browser.new_context(locale="fr-CA", java_script_enabled=False)
    page = bare.new_page()
    page.goto(here.link)
    page.get_by_label("Votre lien").fill(here.link)
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/r/attente")
    here.admit()
    here.open_room()

    page.get_by_role("link", name="Actualiser").click()
    page.get_by_role("button", name="Entrer dans la salle").click()

    page.wait_for_url(f"{provider.address}/**")
    assert page.title() == "Visio"
    bare.close()


def test_the_other_language_keeps_the_link(here: Here, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto(here.link)

    page.get_by_role("link", name="English").click()

    page.get_by_role("button", name="I am ready").click()
    page.wait_for_url("**/r/attente")
    assert here.seats() == [SeatState.WAITING]


def test_a_form_begun_is_not_swept_away(here: Here, visitor: BrowserContext, office: BrowserContext) -> None:
    host = here.mireille(office)
    go_in(visitor.new_page(), here.link)
    host.goto(here.room)
    host.get_by_label("Mot convenu d’avance").check()

    with open_work(here.live.database, here.live.clock) as work:
        a_link(work, here.doors, here.doors.interpreter_id)

    expect(host.get_by_role("link", name="Quelque chose a changé")).to_be_visible(timeout=SOON)
    expect(host.get_by_label("Mot convenu d’avance")).to_be_checked()


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_every_page_of_a_guest_is_accessible(here: Here, browser: Browser, language: str, scheme: str) -> None:
    opened = context(browser, width=320, language=language, scheme=scheme)
    page = opened.new_page()
    faults: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found = axe_faults(page) + (["scrolls sideways"] if overflows(page) else [])
        if found:
            faults[name] = found

    def wait_page(name: str) -> None:
        page.goto(f"{here.live.address}/r/attente?langue={language}")
        look(name)

    page.goto(f"{here.live.address}/r")
    look("no link")
    page.goto(f"{here.live.address}/r/attente")
    look("closed")
    page.goto(here.link)
    page.reload()
    page.goto("about:blank")
    page.goto(here.link)
    look("link")
    page.locator("[data-go]").click()
    page.wait_for_url("**/r/attente")
    wait_page("host absent")
    with open_work(here.live.database, here.live.clock) as work:
        lobby.attend(work, here.doors.mireille, here.doors.encounter_id)
    wait_page("waiting")
    here.admit()
    wait_page("admitted")
    here.open_room()
    wait_page("ready")
    with open_work(here.live.database, here.live.clock) as work:
        lobby.refuse(work, here.doors.mireille, here.doors.encounter_id, the_seat(work).id)
    wait_page("refused")

    assert faults == {}
    opened.close()


@pytest.mark.parametrize(("width", "language"), [(1280, "fr"), (320, "fr"), (320, "en")])
def test_every_page_of_the_host_is_accessible(here: Here, browser: Browser, width: int, language: str) -> None:
    opened = context(browser, width=width, language=language)
    host = here.mireille(opened)
    if language == "en":
        with open_work(here.live.database, here.live.clock) as work:
            accounts.set_language(work, here.doors.mireille, "en")
    faults: dict[str, list[str]] = {}

    def look(name: str) -> None:
        page = opened.new_page()  # a room loads itself again when somebody comes: that would end a visit to it
        page.goto(here.room)
        found = axe_faults(page) + (["scrolls sideways"] if overflows(page) else [])
        if found:
            faults[name] = found
        page.close()

    look("nobody yet")
    guest = browser.new_context()
    first = guest.new_page()
    go_in_any(first, here.link)
    look("one waits")
    second = browser.new_context()
    go_in_any(second.new_page(), here.link)
    look("contested")
    host.goto(here.room)
    host.locator("input[name=choice]").first.check()
    with host.expect_navigation():  # or the form's own answer would end the visit that follows
        host.locator("form[action$='trancher'] button").click()
    here.admit()
    look("admitted")
    host.locator("form[action$='/liens'] button").click()
    host.wait_for_selector("#link")
    issued = axe_faults(host)

    assert (faults, issued) == ({}, [])
    for each in (guest, second, opened):
        each.close()


def go_in_any(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("[data-go]").click()
    page.wait_for_url("**/r/attente")


@pytest.mark.parametrize(("width", "language"), [(1280, "fr"), (320, "en")])
def test_the_page_of_video_accounts_is_accessible(live: Live, browser: Browser, width: int, language: str) -> None:
    opened = context(browser, width=width, language=language)
    page = opened.new_page()
    live.enter(page, cast.INES, language)
    page.goto(f"{live.address}/admin/video")
    faults = axe_faults(page)
    page.get_by_label("Nom du compte" if language == "fr" else "Account name").fill("x")
    page.locator("form[action^='/admin/video/'] button.primary").click()
    page.wait_for_selector(".faults")

    assert (faults, axe_faults(page), overflows(page)) == ([], [], False)
    opened.close()


def test_the_copy_button_copies_the_whole_link(here: Here, office: BrowserContext) -> None:
    office.grant_permissions(["clipboard-read", "clipboard-write"])
    host = here.mireille(office)
    host.goto(here.room)
    host.locator("form[action$='/liens'] button").click()
    host.get_by_role("button", name="Copier le lien").click()
    expect(host.get_by_role("button", name="Copié")).to_be_visible()

    copied = host.evaluate("navigator.clipboard.readText()")

    assert re.fullmatch(re.escape(here.live.address) + r"/r#s1_[A-Za-z0-9_-]{43}", copied)
