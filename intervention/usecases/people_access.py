"""Letting somebody in, and no longer: everything that acts for a person ends with their account."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from intervention.domain.errors import WrongState
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.hosted import hosted_from
from intervention.queries.people import lasting_administrators, person_of_board
from intervention.records.accounts import ApiToken, WebSession
from intervention.records.feeds import Feed, FeedBody
from intervention.records.people import Person
from intervention.usecases import audit
from intervention.usecases.account_links import revoke_links
from intervention.usecases.work import Work

UNDONE_WITHIN = timedelta(minutes=10)  # a slip of the hand: what ended with the account comes back with it


def disable_person(work: Work, actor: Actor, person_id: UUID) -> None:
    """End the account: sessions, API tokens, feeds and links with it.

    Raises NotFound, NotAllowed, WrongState: oneself, the last administrator, or somebody who hosts séances to come
    (`count` says how many: they are given to somebody else, or cancelled, before).
    """
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    person = person_of_board(work.session, actor, person_id, at_home=True)
    if person.id == actor.person_id:
        raise WrongState(because="oneself")
    if person.disabled_at is not None:
        return
    _require_nothing_left(work, actor, person)
    now = person.disabled_at = work.now()
    work.session.execute(delete(WebSession).where(WebSession.person_id == person.id))
    tokens = (ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    work.session.execute(update(ApiToken).where(*tokens).values(revoked_at=now))
    feeds = (Feed.owner_id == person.id, Feed.revoked_at.is_(None))
    work.session.execute(update(Feed).where(*feeds).values(revoked_at=now))
    kept = FeedBody.feed_id.in_(select(Feed.id).where(Feed.owner_id == person.id))
    work.session.execute(update(FeedBody).where(kept).values(version="", body=b"", gzipped=b""))
    revoke_links(work, person.id)
    _done(work, actor, "person_disabled", person)


def enable_person(work: Work, actor: Actor, person_id: UUID) -> None:
    """Open the account again. Tokens and feeds come back only when it was disabled a moment ago."""
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    person = person_of_board(work.session, actor, person_id, at_home=True)
    if person.disabled_at is None:
        return
    since, person.disabled_at = person.disabled_at, None
    if work.now() - since <= UNDONE_WITHIN:
        tokens = (ApiToken.person_id == person.id, ApiToken.revoked_at == since)
        work.session.execute(update(ApiToken).where(*tokens).values(revoked_at=None))
        feeds = (Feed.owner_id == person.id, Feed.revoked_at == since)
        work.session.execute(update(Feed).where(*feeds).values(revoked_at=None))
    _done(work, actor, "person_enabled", person)


def _require_nothing_left(work: Work, actor: Actor, person: Person) -> None:
    administrators = lasting_administrators(work.session, actor.organization_id, work.now().date())
    if {each.person_id for each in administrators} == {person.id}:
        raise WrongState(because="last_administrator")
    count = hosted_from(work.session, person.id, work.now())
    if count:
        raise WrongState(because="hosts_encounters", count=count)


def _done(work: Work, actor: Actor, verb: str, person: Person) -> None:
    work.session.flush()
    touch_catalogue(work.session, person.organization_id)
    audit.record(work, verb, "person", person.id, person.organization_id, actor_id=actor.person_id)
