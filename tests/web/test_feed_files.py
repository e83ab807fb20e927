"""What calendar programs get: the file, its headers, a true 304, and 410 once the owner closed it."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import Client, TestResponse

from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.domain.encounters import CancellationCause, EncounterKind
from intervention.domain.feeds import FeedDetail, FeedScope
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.queries.feeds import FeedLine, feed_for
from intervention.records.database import Database
from intervention.records.people import Membership, Person
from intervention.records.schools import Building
from intervention.settings import Settings
from intervention.usecases.booking import Booked, book
from intervention.usecases.cancelling import CancelEncounter, cancel
from intervention.usecases.feeds import CreateFeed, NewFeed, create_feed, revoke_feed
from intervention.usecases.work import Work
from tests.builders import a_class, a_person, actor, school_of
from tests.databases import MONDAY
from tests.rendering.ics_lint import lint, unfolded
from tests.rendering.readings import read_with_icalendar
from tests.usecases.booking_world import World, a_world, at, in_person, remote, two_schools


@pytest.fixture
def app(settings: Settings, fresh_database: Database, clock: FixedClock) -> Flask:
    return create_app(settings, fresh_database, clock)


class Scene:
    """A small world behind a running application, and a calendar program before it."""

    def __init__(self, app: Flask, database: Database, clock: FixedClock) -> None:
        self.database, self.clock = database, clock
        self.http = Client(app, TestResponse)
        with self.work() as work:
            work.session.expire_on_commit = False
            self.world = a_world(work.session)
            self.luc = a_person(work.session, self.world.board, "Luc", Role.PRINCIPAL, building=self.world.anse)
        self.feed = self.open()

    @contextmanager
    def work(self) -> Iterator[Work]:
        with self.database.session() as session:
            yield Work(session, self.clock)

    def open(self, detail: FeedDetail = FeedDetail.NEUTRAL, person: Person | None = None) -> NewFeed:
        person = person or self.world.mireille
        with self.work() as work:
            ask = CreateFeed(FeedScope.PERSON, person.id, detail)
            return create_feed(work, actor(work.session, person), ask)

    def book(self, ask: object) -> Booked:
        with self.work() as work:
            return book(work, actor(work.session, self.world.mireille), ask)  # type: ignore[arg-type]

    def mireille(self, session: Session) -> Actor:
        return actor(session, self.world.mireille)

    def get(self, feed: NewFeed | None = None, method: str = "GET", **headers: str) -> TestResponse:
        feed = feed or self.feed
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.open(f"/flux/{feed.token}.ics", method=method, headers=named)

    def line(self) -> FeedLine:
        with self.work() as work:
            return feed_for(work.session, self.mireille(work.session), self.feed.feed_id)


@pytest.fixture
def scene(app: Flask, fresh_database: Database, clock: FixedClock) -> Scene:
    return Scene(app, fresh_database, clock)


def test_it_works(scene: Scene) -> None:
    scene.book(in_person(scene.world, at("2026-11-24 10:30")))

    sent = scene.get()

    assert sent.status_code == 200
    assert sent.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert sent.headers["Cache-Control"] == "private, no-cache"
    assert sent.headers["Vary"] == "Accept-Encoding"
    assert sent.headers["Referrer-Policy"] == "no-referrer"
    assert sent.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Disposition"] == 'inline; filename="intervention.ics"'
    assert "Set-Cookie" not in sent.headers
    assert lint(sent.data) == []
    (reading,) = read_with_icalendar(sent.data)
    assert (reading.summary, reading.starts_at) == ("Rencontre – AL", at("2026-11-24 10:30"))


@pytest.mark.parametrize("detail", FeedDetail)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_five_minutes_later_the_same_bytes_and_a_304(scene: Scene, detail: FeedDetail, encoding: str) -> None:
    scene.book(remote(scene.world, at("2026-11-24 09:00")))
    feed = scene.open(detail)
    first = scene.get(feed, Accept_Encoding=encoding)
    scene.clock.at = MONDAY + timedelta(minutes=5)

    again = scene.get(feed, Accept_Encoding=encoding)
    unchanged = scene.get(feed, Accept_Encoding=encoding, If_None_Match=first.headers["ETag"])

    assert again.data == first.data
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    for name in ("ETag", "Last-Modified", "Cache-Control", "Vary"):
        assert unchanged.headers[name] == again.headers[name] == first.headers[name]


def test_gzip_has_its_own_tag_and_the_same_file_inside(scene: Scene) -> None:
    plain, zipped = scene.get(), scene.get(Accept_Encoding="br, gzip;q=0.8")

    assert gzip.decompress(zipped.data) == plain.data
    assert (plain.headers.get("Content-Encoding"), zipped.headers["Content-Encoding"]) == (None, "gzip")
    assert zipped.headers["ETag"] == f'{plain.headers["ETag"][:-1]}-gz"'
    assert scene.get(Accept_Encoding="gzip;q=0").headers.get("Content-Encoding") is None


@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', "*"])
def test_if_none_match_is_read_as_a_list_weakly_or_as_a_star(scene: Scene, shape: str) -> None:
    tag = scene.get().headers["ETag"]

    assert scene.get(If_None_Match=shape.format(tag)).status_code == 304
    assert scene.get(If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [(timedelta(), 304), (timedelta(days=1), 304), (timedelta(seconds=-1), 200), ("Mardi dernier", 200)],
)
def test_if_modified_since_compares_whole_seconds_and_ignores_nonsense(
    scene: Scene, since: timedelta | str, status: int
) -> None:
    modified = scene.get().last_modified
    assert modified is not None
    header = since if isinstance(since, str) else format_datetime(modified + since, usegmt=True)

    assert scene.get(If_Modified_Since=header).status_code == status
    assert scene.get(If_Modified_Since=header, If_None_Match='"other"').status_code == 200


def test_a_cancelled_encounter_is_gone_for_both_kinds_of_clients(scene: Scene) -> None:
    scene.book(remote(scene.world, at("2026-11-24 09:00")))
    scene.clock.at = MONDAY + timedelta(minutes=1)
    last = scene.book(remote(scene.world, at("2026-11-26 09:00")))
    held = scene.get()

    with scene.work() as work:
        ask = CancelEncounter(last.encounter_id, last.version, CancellationCause.OTHER)
        cancel(work, scene.mireille(work.session), ask)

    by_tag = scene.get(If_None_Match=held.headers["ETag"])
    by_date = scene.get(If_Modified_Since=held.headers["Last-Modified"])
    assert (by_tag.status_code, by_date.status_code) == (200, 200)
    assert [r.starts_at for r in read_with_icalendar(by_date.data)] == [at("2026-11-24 09:00")]
    assert by_date.last_modified > held.last_modified


def test_a_renamed_building_is_no_304(scene: Scene) -> None:
    scene.book(in_person(scene.world, at("2026-11-24 10:30")))
    held = scene.get()

    with scene.work() as work:
        work.session.get_one(Building, scene.world.anse.id).short_name = "Baie-Neuve"

    sent = scene.get(If_None_Match=held.headers["ETag"], If_Modified_Since=held.headers["Last-Modified"])
    assert sent.status_code == 200
    assert read_with_icalendar(sent.data)[0].location == "local 12, Baie-Neuve"


def test_head_is_the_same_without_the_file(scene: Scene) -> None:
    got, headed = scene.get(), scene.get(method="HEAD")

    assert (headed.status_code, headed.data) == (200, b"")
    assert headed.headers["Content-Length"] == str(len(got.data))
    assert dict(headed.headers) == dict(got.headers)
    assert scene.get(method="HEAD", If_None_Match=got.headers["ETag"]).status_code == 304


@pytest.mark.parametrize("method", ["OPTIONS", "PROPFIND", "PUT", "POST", "DELETE"])
def test_other_methods_are_refused_and_never_sent_to_sign_in(scene: Scene, method: str) -> None:
    sent = scene.get(method=method)

    assert (sent.status_code, sent.headers["Allow"]) == (405, "GET, HEAD")


def test_a_304_renders_nothing_and_writes_nothing(scene: Scene) -> None:
    for moment in ("09:00", "10:30", "13:00"):
        scene.book(remote(scene.world, at(f"2026-11-24 {moment}")))
    tag = scene.get().headers["ETag"]
    statements: list[str] = []
    event.listen(scene.database.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    assert scene.get(If_None_Match=tag).status_code == 304

    told = "BEGIN", "SELECT set_config"  # on PostgreSQL, whose rows the transaction reaches
    read = [statement for statement in statements if not statement.startswith(told)]
    assert [statement for statement in read if not statement.startswith("SELECT")] == []
    assert [statement for statement in read if "feed_body.body" in statement or "pupil" in statement] == []
    assert len(read) == 5  # the fifth names the boards of somebody who works for two


def test_the_owner_learns_which_program_reads_without_a_write_at_every_poll(scene: Scene) -> None:
    outlook = "Microsoft Office/16.0 (Microsoft Outlook 16.0)"
    scene.get(User_Agent=outlook)
    assert (scene.line().last_client, scene.line().last_fetched_at) == ("outlook", MONDAY)

    scene.clock.at = MONDAY + timedelta(minutes=9)
    scene.get(User_Agent=outlook)
    assert scene.line().last_fetched_at == MONDAY

    scene.get(User_Agent="Google-Calendar-Importer")
    assert (scene.line().last_client, scene.line().last_fetched_at) == ("google", scene.clock.at)

    scene.clock.at = MONDAY + timedelta(minutes=30)
    scene.get(User_Agent="Google-Calendar-Importer")
    assert scene.line().last_fetched_at == scene.clock.at


def test_a_closed_feed_is_410_and_the_others_live(scene: Scene) -> None:
    other, tag = scene.open(), scene.get().headers["ETag"]

    with scene.work() as work:
        revoke_feed(work, scene.mireille(work.session), scene.feed.feed_id)

    assert scene.get(If_None_Match=tag).status_code == 410
    assert scene.get(method="HEAD").status_code == 410
    assert scene.get(other).status_code == 200


def test_the_end_of_a_role_is_410(scene: Scene) -> None:
    with scene.work() as work:
        for role in work.session.query(Membership).filter_by(person_id=scene.world.mireille.id):
            role.ends_on = (MONDAY - timedelta(days=1)).date()

    assert scene.get().status_code == 410


@pytest.mark.parametrize("token", ["x", "A" * 43, "%F0%9F%98%80", "a" * 3000])
def test_an_unknown_token_is_404_and_echoes_nothing(scene: Scene, token: str) -> None:
    sent = scene.http.get(f"/flux/{token}.ics")

    assert sent.status_code == 404
    assert sent.data == b"Flux inconnu. Unknown feed.\n"


def test_robots_may_read_feeds_and_nothing_else(scene: Scene) -> None:
    assert scene.http.get("/robots.txt").text == "User-agent: *\nAllow: /flux/\nDisallow: /\n"


def test_no_log_holds_the_token(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    scene.get()
    scene.get(method="PROPFIND")

    assert scene.feed.token not in caplog.text


def test_english_feeds_speak_english(scene: Scene) -> None:
    scene.book(remote(scene.world, at("2026-11-24 09:00")))
    with scene.work() as work:
        ask = CreateFeed(FeedScope.PERSON, scene.world.mireille.id, FeedDetail.TEAM, locale="en")
        english = create_feed(work, scene.mireille(work.session), ask)

    body = scene.get(english, Accept_Language="fr").data

    assert "X-WR-CALNAME:Intervention – My meetings" in unfolded(body)
    assert "PRODID:-//Intervention//Intervention 1//EN" in unfolded(body)
    assert read_with_icalendar(body)[0].summary == "Individual follow-up – Anse-aux-Lièvres"


SECRETS = (
    "Quatorzemains",
    "Zéphirine",
    "E-101",
    "E-202",
    "orthophonie",
    "speech",
    "Objectif-secret",
    "Essai",
    "Classe-Secrète",
)


@pytest.mark.parametrize("detail", FeedDetail)
def test_no_feed_tells_a_pupil_a_service_or_a_purpose(scene: Scene, detail: FeedDetail) -> None:
    """Every kind that concerns pupils, for every subject and reader: names, codes, classes, services, adults."""
    world = scene.world
    with scene.work() as work:
        group_id = a_class(work.session, work.session.get_one(Building, world.anse.id), "Classe-Secrète").id
    asks = [
        remote(world, at("2026-11-27 09:00")),
        two_schools(world, at("2026-11-24 10:30")),
        replace(in_person(world, at("2026-11-25 10:30")), is_strict=True),
        whole_group(world, group_id),
    ]
    for ask in asks:
        scene.book(replace(ask, objective="Objectif-secret"))
    feeds = [scene.open(detail, person) for person in (world.mireille, world.joseph, scene.luc)]
    with scene.work() as work:
        luc, school = actor(work.session, scene.luc), school_of(work.session, world.anse).id
        for scope, subject in (
            (FeedScope.SCHOOL, school),
            (FeedScope.BUILDING, world.anse.id),
            (FeedScope.ROOM, world.room_anse.id),
        ):
            feeds.append(create_feed(work, luc, CreateFeed(scope, subject, detail)))

    bodies = [scene.get(feed).data for feed in feeds]

    assert [len(read_with_icalendar(body)) for body in bodies] == [4, 1, 0, 3, 3, 4 if detail == "busy" else 3]
    for body in bodies:
        assert lint(body) == []
        text = "\n".join(unfolded(body))
        assert [secret for secret in SECRETS if secret.lower() in text.lower()] == []


def whole_group(world: World, group_id: object) -> object:
    ask = in_person(world, at("2026-11-26 10:30"), minutes=60)
    (site,) = ask.sites
    participant = replace(site.participants[0], role="class_group", pupil_id=None, class_group_id=group_id)
    sites = (replace(site, participants=(participant,)),)
    return replace(ask, kind=EncounterKind.WHOLE_GROUP, sites=sites)
