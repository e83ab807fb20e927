"""Tokens: made, used, over, revoked, guessed. And what is answered to requests that are no requests."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from intervention.domain.clock import FixedClock
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.people import Role
from intervention.queries.api_tokens import bearer, tokens_of
from intervention.records.access_log import AccessLogEntry
from intervention.records.accounts import ApiToken
from intervention.records.people import Membership, Person
from intervention.usecases.api_tokens import CreateToken, create_token_as_operator, revoke_token
from intervention.usecases.work import Work
from intervention.web.stage import Stage
from tests import cast
from tests.api.conftest import ROOT, Program, booked
from tests.builders import WEEK, actor
from tests.databases import MONDAY
from tests.usecases.booking_world import World, a_world
from tests.web.client import Browser


@pytest.fixture
def world(work: Work) -> World:
    return a_world(work.session)


def test_a_token_is_known_by_its_hash_and_acts_as_the_person_is_now(work: Work, world: World) -> None:
    made = create_token_as_operator(work, f" {str(world.mireille.email).upper()} ", CreateToken(" bilan ", 30))

    found = bearer(work.session, made.token, MONDAY)

    assert made.token.startswith("it1_")
    assert len(made.token) == 47
    assert made.token not in repr(made)
    assert found is not None
    assert (found.actor.person_id, found.token.label) == (world.mireille.id, "bilan")
    assert found.token.expires_at == MONDAY + timedelta(days=30)
    row = work.session.get_one(ApiToken, made.token_id)
    assert made.token.encode() not in row.token_hash
    entry = work.session.scalars(select(AccessLogEntry)).one()
    assert (entry.verb, entry.object_id) == ("api_token.created", made.token_id)


def test_it_opens_nothing_once_over_revoked_or_without_a_role(work: Work, world: World) -> None:
    mireille = actor(work.session, world.mireille)
    token, other = (create_token_as_operator(work, str(world.mireille.email), CreateToken(days=1)) for _ in range(2))

    assert bearer(work.session, token.token, MONDAY + timedelta(days=1)) is None
    revoke_token(work, mireille, token.token_id)
    assert bearer(work.session, token.token, MONDAY) is None
    assert [line.id for line in tokens_of(work.session, mireille, MONDAY)] == [other.token_id]
    work.session.execute(
        update(Membership).where(Membership.person_id == world.mireille.id).values(ends_on=WEEK - timedelta(days=1))
    )
    assert bearer(work.session, other.token, MONDAY) is None


def test_nobody_revokes_another_persons_token(work: Work, world: World) -> None:
    made = create_token_as_operator(work, str(world.mireille.email), CreateToken())

    with pytest.raises(NotFound):
        revoke_token(work, actor(work.session, world.omar), made.token_id)


def test_tokens_that_cannot_be_made(work: Work, world: World) -> None:
    with pytest.raises(NotFound):
        create_token_as_operator(work, "personne@example.org", CreateToken())
    with pytest.raises(InvalidInput) as refused:
        create_token_as_operator(work, str(world.mireille.email), CreateToken("a" * 81, 0))
    assert refused.value.fields == {"label": "too_long", "days": "out_of_range"}


def test_without_a_token_that_stands_nothing_is_told(api: Flask) -> None:
    for header in (None, "Basic aW5lczppbmVz", "Bearer", "Bearer x", "Bearer it1_" + "A" * 43, "Bearer it1_é"):
        headers = {} if header is None else {"Authorization": header.encode().decode("latin-1")}
        answer = api.test_client().get(ROOT + "/me", headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "token_refused")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_cookie_opens_nothing_here(api: Flask) -> None:
    browser = Browser(api).enter(cast.MIREILLE)

    assert browser.raw("GET", ROOT + "/me").status_code == 401


def test_guessing_is_throttled_and_the_good_token_still_opens(api: Flask, mireille: Program) -> None:
    wrong = Program(api, "it1_" + "B" * 43)
    for _ in range(60):
        wrong.refused("GET", "/me", 401, "token_refused")

    answer = wrong.ask("GET", "/me", 429)

    assert answer.json["code"] == "too_many_attempts"
    assert int(answer.headers["Retry-After"]) > 0
    mireille.get("/me")


def test_its_use_is_noted_without_a_write_at_each_request(api: Flask, mireille: Program) -> None:
    stage: Stage = api.extensions["intervention.stage"]
    assert isinstance(stage.clock, FixedClock)
    noted = []
    for minutes in (0, 5, 20):
        stage.clock.at += timedelta(minutes=minutes)
        mireille.get("/me")
        with stage.database.session(read_only=True) as session:
            noted.append(session.scalars(select(ApiToken.last_used_at)).one())

    assert noted == [MONDAY, MONDAY, MONDAY + timedelta(minutes=25)]


def test_refusals_speak_the_persons_language(api: Flask, mireille: Program) -> None:
    nowhere = f"/encounters/{cast.PARENT}"
    assert mireille.refused("GET", nowhere, 404, "not_found")["detail"].startswith("Cette page")
    stage: Stage = api.extensions["intervention.stage"]
    with stage.database.session() as session:
        session.get_one(Person, cast.MIREILLE).locale = "en"

    assert mireille.refused("GET", nowhere, 404, "not_found")["detail"].startswith("This page")


def test_unknown_paths_and_wrong_methods_are_problems(api: Flask, mireille: Program) -> None:
    client = api.test_client()
    for path in (
        "/",
        "/nulle-part",
        "/encounters/pas-un-id",
        "/encounters/",
        "/referrals",
        "/me/",
        "/%ff",
        "/a%0Ab",
        "/a%0A",
    ):
        answer = client.get(ROOT + path)
        assert (path, answer.mimetype) == (path, "application/problem+json")
        assert answer.status_code in {400, 404}
    for method in ("PUT", "TRACE", "OPTIONS", "QUERY"):
        answer = mireille.ask(method, "/me", 405)
        assert answer.headers["Allow"] == "GET, HEAD"
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert mireille.ask("HEAD", "/me").data == b""


def test_bodies_that_are_no_json_are_refused(mireille: Program) -> None:
    for data, status, code in (
        (b"{", 400, "not_json"),
        (b"", 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"),
        (b'{"a":"\\ud800"}', 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b"null", 422, "invalid_input"),
        (b"[]", 422, "invalid_input"),
        (b"1" * 300_000, 413, "too_large"),
    ):
        mireille.refused("POST", "/slots/search", status, code, data=data, content_type="application/json")
    mireille.refused("POST", "/slots/search", 415, "unsupported_media_type", data=b"{}", content_type="text/plain")
    mireille.refused("GET", "/me", 422, "invalid_input", query_string={"x": "1"})


def test_answers_are_kept_by_no_cache(mireille: Program) -> None:
    assert mireille.ask("GET", "/me").headers["Cache-Control"] == "no-store"


def test_a_person_who_left_books_nothing_more(api: Flask, mireille: Program) -> None:
    booked(mireille)
    stage: Stage = api.extensions["intervention.stage"]
    with stage.database.session() as session:
        session.execute(
            update(Membership)
            .where(Membership.person_id == cast.MIREILLE, Membership.role == Role.PROFESSIONAL)
            .values(ends_on=cast.TODAY - timedelta(days=1))
        )

    mireille.refused("GET", "/encounters", 401, "token_refused")
