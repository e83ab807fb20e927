"""Subscriptions: opened, read, renewed, closed and reopened; then each refusal, then the stranger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intervention.domain.errors import FeedGone, InvalidInput, NotAllowed, NotFound
from intervention.domain.feeds import ClientFamily, FeedDetail, FeedScope
from intervention.domain.people import Role
from intervention.domain.permissions import Action, permits
from intervention.queries.feed_subjects import permission_subject, subjects_for
from intervention.queries.feeds import feed_for, feeds_of, kept_body, subscription
from intervention.records.access_log import AccessLogEntry
from intervention.records.feeds import Feed, FeedBody
from intervention.records.people import Membership, Person
from intervention.usecases.feeds import (
    MAX_FEEDS,
    CreateFeed,
    NewFeed,
    create_feed,
    keep_body,
    note_fetch,
    renew_feed,
    restore_feed,
    revoke_feed,
)
from intervention.usecases.work import Work
from tests.builders import WEEK, a_board, a_building, a_person, actor, school_of
from tests.databases import MONDAY
from tests.usecases.booking_world import World, a_world


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def opened(work: Work, person: Person, **more: object) -> NewFeed:
    ask = CreateFeed(FeedScope.PERSON, person.id, FeedDetail.NEUTRAL, **more)  # type: ignore[arg-type]
    return create_feed(work, actor(work.session, person), ask)


def test_a_token_opens_the_feed_and_only_its_hash_is_kept(work: Work, world: World) -> None:
    made = opened(work, world.mireille, label="Téléphone", locale="en")

    found = subscription(work.session, made.token, WEEK)

    assert (found.feed_id, found.actor.person_id, found.subject.id) == (
        made.feed_id,
        world.mireille.id,
        world.mireille.id,
    )
    assert (found.detail, found.locale, found.kept_version) == (FeedDetail.NEUTRAL, "en", "")
    feed = work.session.get_one(Feed, made.feed_id)
    assert len(made.token) == 43
    assert made.token.encode() not in feed.token_hash
    assert made.token not in repr(made)
    assert [line.label for line in feeds_of(work.session, actor(work.session, world.mireille))] == ["Téléphone"]


def test_a_revoked_token_is_gone_at_once_with_its_kept_file_and_the_others_live(work: Work, world: World) -> None:
    first, second = opened(work, world.mireille), opened(work, world.mireille)
    keep_body(work, first.feed_id, "v1", b"body", b"zipped")

    revoke_feed(work, actor(work.session, world.mireille), first.feed_id)

    with pytest.raises(FeedGone):
        subscription(work.session, first.token, WEEK)
    assert subscription(work.session, second.token, WEEK).feed_id == second.feed_id
    assert kept_body(work.session, first.feed_id) == (b"", b"")


def test_a_revocation_is_undone_at_the_same_address_for_ten_minutes(work: Work, world: World) -> None:
    mireille = actor(work.session, world.mireille)
    made = opened(work, world.mireille)
    revoke_feed(work, mireille, made.feed_id)

    work.clock.at = MONDAY + timedelta(minutes=9)  # type: ignore[attr-defined]
    restore_feed(work, mireille, made.feed_id)

    assert subscription(work.session, made.token, WEEK).feed_id == made.feed_id
    revoke_feed(work, mireille, made.feed_id)
    work.clock.at = MONDAY + timedelta(minutes=20)  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        restore_feed(work, mireille, made.feed_id)


def test_renewing_keeps_the_subscription_under_another_token(work: Work, world: World) -> None:
    old = opened(work, world.mireille, label="Téléphone")

    new = renew_feed(work, actor(work.session, world.mireille), old.feed_id)

    with pytest.raises(FeedGone):
        subscription(work.session, old.token, WEEK)
    line = feed_for(work.session, actor(work.session, world.mireille), new.feed_id)
    assert (line.label, line.detail, new.token != old.token) == ("Téléphone", FeedDetail.NEUTRAL, True)


def test_the_trail_tells_each_opening_and_closing_and_no_token(work: Work, world: World) -> None:
    mireille = actor(work.session, world.mireille)
    made = opened(work, world.mireille, label="Téléphone")
    revoke_feed(work, mireille, made.feed_id)
    restore_feed(work, mireille, made.feed_id)
    new = renew_feed(work, mireille, made.feed_id)

    entries = work.session.scalars(select(AccessLogEntry).order_by(AccessLogEntry.seq)).all()

    assert [(e.verb, e.object_id) for e in entries] == [
        ("feed.opened", made.feed_id),
        ("feed.closed", made.feed_id),
        ("feed.reopened", made.feed_id),
        ("feed.closed", made.feed_id),
        ("feed.opened", new.feed_id),
    ]
    assert entries[0].facts == {"scope": "person", "subject_id": str(world.mireille.id), "detail": "neutral"}
    assert {e.actor_id for e in entries} == {world.mireille.id}


def test_two_versions_never_share_a_second(work: Work, world: World) -> None:
    made = opened(work, world.mireille)

    first = keep_body(work, made.feed_id, "v1", b"1", b"z1")
    second = keep_body(work, made.feed_id, "v2", b"2", b"z2")

    assert second - first >= timedelta(seconds=1)
    assert subscription(work.session, made.token, WEEK).kept_version == "v2"
    assert kept_body(work.session, made.feed_id) == (b"2", b"z2")


def test_the_owner_sees_what_program_read_it_and_when(work: Work, world: World) -> None:
    made = opened(work, world.mireille)

    note_fetch(work, made.feed_id, ClientFamily.OUTLOOK)
    work.session.expire_all()

    line = feed_for(work.session, actor(work.session, world.mireille), made.feed_id)
    assert (line.last_client, line.last_fetched_at) == (ClientFamily.OUTLOOK, MONDAY)


def test_the_feed_runs_as_its_owner_is_now(work: Work, world: World) -> None:
    """The role at the school ended: its feed is gone; one's own ends with the last role."""
    luc = a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse)
    school = school_of(work.session, world.anse).id
    ask = CreateFeed(FeedScope.SCHOOL, school, FeedDetail.NEUTRAL)
    of_school, own = create_feed(work, actor(work.session, luc), ask), opened(work, luc)
    role = work.session.scalars(select(Membership).where(Membership.person_id == luc.id)).one()

    role.role, role.school_id, role.building_id = Role.COORDINATOR, None, None
    work.session.flush()
    with pytest.raises(FeedGone):
        subscription(work.session, of_school.token, WEEK)
    assert subscription(work.session, own.token, WEEK).actor.roles == {Role.COORDINATOR}

    role.ends_on = WEEK - timedelta(days=1)
    work.session.flush()
    with pytest.raises(FeedGone):
        subscription(work.session, own.token, WEEK)


def test_a_disabled_person_has_no_feed(work: Work, world: World) -> None:
    made = opened(work, world.mireille)
    world.mireille.disabled_at = MONDAY
    work.session.flush()

    with pytest.raises(FeedGone):
        subscription(work.session, made.token, WEEK)


@pytest.mark.parametrize("role", list(Role))
def test_every_subject_offered_may_be_subscribed_to_and_no_other(work: Work, world: World, role: Role) -> None:
    is_local = role in {Role.TEACHER, Role.PRINCIPAL, Role.SECRETARY, Role.FACILITATOR}
    person = a_person(work.session, world.board, "Quelqu’un", role, building=world.anse if is_local else None)
    reader = actor(work.session, person)

    offered = subjects_for(work.session, reader)

    assert all(permits(reader, Action.MANAGE_FEED, permission_subject(work.session, reader, s)) for s in offered)
    places = {(s.scope, s.name) for s in offered[1:]}
    if role is Role.ADMINISTRATOR:
        assert len(places) == 3 + 2
    elif role in {Role.PRINCIPAL, Role.SECRETARY}:
        assert places == {
            (FeedScope.SCHOOL, "École Anse-aux-Lièvres"),
            (FeedScope.ROOM, "Anse-aux-Lièvres, local 12"),
        }
    else:
        assert places == set()


def test_a_teacher_cannot_subscribe_to_the_school(work: Work, world: World) -> None:
    anouk = a_person(work.session, world.board, "Anouk", Role.TEACHER, building=world.anse)
    ask = CreateFeed(FeedScope.BUILDING, world.anse.id, FeedDetail.BUSY)

    with pytest.raises(NotAllowed):
        create_feed(work, actor(work.session, anouk), ask)
    assert work.session.scalar(select(func.count()).select_from(Feed)) == 0


def test_nobody_subscribes_to_a_colleague(work: Work, world: World) -> None:
    ask = CreateFeed(FeedScope.PERSON, world.omar.id, FeedDetail.BUSY)

    with pytest.raises(NotAllowed):
        create_feed(work, actor(work.session, world.mireille), ask)


def test_a_long_label_and_a_fifty_first_feed_are_refused(work: Work, world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        opened(work, world.mireille, label="x" * 81)
    assert refused.value.fields == {"label": "too_long"}

    for _ in range(MAX_FEEDS):
        opened(work, world.mireille)
    with pytest.raises(InvalidInput) as refused:
        opened(work, world.mireille)
    assert refused.value.fields == {"subject": "too_many"}


@pytest.mark.parametrize("act", [revoke_feed, renew_feed, restore_feed, lambda w, a, f: feed_for(w.session, a, f)])
def test_the_feed_of_somebody_else_does_not_exist(work: Work, world: World, act: object) -> None:
    made = opened(work, world.mireille)

    with pytest.raises(NotFound):
        act(work, actor(work.session, world.omar), made.feed_id)  # type: ignore[operator]
    assert subscription(work.session, made.token, WEEK).feed_id == made.feed_id


@pytest.mark.parametrize("scope", list(FeedScope))
def test_the_stranger_finds_no_subject_of_this_board(work: Work, world: World, scope: FeedScope) -> None:
    other = a_board(work.session, "voisine")
    stranger = a_person(work.session, other, "Étrangère", Role.ADMINISTRATOR)
    a_building(work.session, other, "Lande")
    subject = {
        FeedScope.PERSON: world.mireille.id,
        FeedScope.SCHOOL: school_of(work.session, world.anse).id,
        FeedScope.BUILDING: world.anse.id,
        FeedScope.ROOM: world.room_anse.id,
    }[scope]

    with pytest.raises(NotFound):
        create_feed(work, actor(work.session, stranger), CreateFeed(scope, subject, FeedDetail.BUSY))
    assert {s.name for s in subjects_for(work.session, actor(work.session, stranger))} == {"", "École Lande"}


def test_every_feed_has_room_for_its_body(work: Work, world: World) -> None:
    made = opened(work, world.mireille)

    assert work.session.get_one(FeedBody, made.feed_id).built_at == MONDAY
