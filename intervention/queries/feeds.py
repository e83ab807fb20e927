"""A person's calendar subscriptions, and the subscription behind a token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.errors import FeedGone, NotFound
from intervention.domain.feeds import ClientFamily, FeedDetail
from intervention.domain.permissions import Action, Actor, permits
from intervention.queries.accounts import hash_of
from intervention.queries.actors import actor_of
from intervention.queries.feed_subjects import FeedSubject, permission_subject, subject_named
from intervention.records.feeds import Feed, FeedBody


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A living subscription in its owner's list."""

    id: UUID
    subject: FeedSubject
    detail: FeedDetail
    label: str
    locale: str
    created_at: datetime
    last_fetched_at: datetime | None
    last_client: ClientFamily | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed as its token opens it, with its owner as they are now. `kept_version` is that of the kept body."""

    feed_id: UUID
    actor: Actor
    subject: FeedSubject
    detail: FeedDetail
    locale: str
    last_fetched_at: datetime | None
    last_client: ClientFamily | None
    kept_version: str
    built_at: datetime


def feeds_of(session: Session, actor: Actor) -> tuple[FeedLine, ...]:
    """The actor's own living subscriptions in this board, newest first. One whose subject is gone is left out."""
    feeds = session.scalars(
        select(Feed)
        .where(
            Feed.owner_id == actor.person_id,
            Feed.organization_id == actor.organization_id,
            Feed.revoked_at.is_(None),
        )
        .order_by(Feed.created_at.desc(), Feed.id)
    )
    return tuple(_line(session, actor, feed) for feed in feeds)


def feed_for(session: Session, actor: Actor, feed_id: UUID) -> FeedLine:
    """One of them. Raises NotFound for anybody else's, a revoked or an unknown one."""
    found = next((line for line in feeds_of(session, actor) if line.id == feed_id), None)
    if found is None:
        raise NotFound
    return found


def subscription(session: Session, token: str, today: date) -> Subscription:
    """The feed that a token opens.

    Raises NotFound for a token that never was, FeedGone for one that was revoked or whose owner lost the role.
    """
    row = session.execute(
        select(Feed, FeedBody.version, FeedBody.built_at)
        .join(FeedBody, FeedBody.feed_id == Feed.id)
        .where(Feed.token_hash == hash_of(token))
    ).one_or_none()
    if row is None:
        raise NotFound
    feed, version, built_at = row
    actor = None if feed.revoked_at else actor_of(session, feed.owner_id, feed.organization_id, today)
    if actor is None:
        raise FeedGone
    return Subscription(
        feed.id,
        actor,
        _living_subject(session, actor, feed),
        feed.detail,
        feed.locale,
        feed.last_fetched_at,
        _client(feed),
        version,
        built_at,
    )


def kept_body(session: Session, feed_id: UUID) -> tuple[bytes, bytes]:
    """The kept file, plain and gzipped."""
    row = session.execute(select(FeedBody.body, FeedBody.gzipped).where(FeedBody.feed_id == feed_id)).one()
    return row.body, row.gzipped


def _living_subject(session: Session, actor: Actor, feed: Feed) -> FeedSubject:
    """The subject, if the owner may still subscribe to it."""
    try:
        subject = subject_named(session, actor, feed.scope, feed.subject_id)
    except NotFound:
        raise FeedGone from None
    if not permits(actor, Action.MANAGE_FEED, permission_subject(session, actor, subject)):
        raise FeedGone
    return subject


def _line(session: Session, actor: Actor, feed: Feed) -> FeedLine:
    try:
        subject = subject_named(session, actor, feed.scope, feed.subject_id)
    except NotFound:
        subject = FeedSubject(feed.scope, feed.subject_id)
    return FeedLine(
        feed.id,
        subject,
        feed.detail,
        feed.label,
        feed.locale,
        feed.created_at,
        feed.last_fetched_at,
        _client(feed),
    )


def _client(feed: Feed) -> ClientFamily | None:
    return ClientFamily(feed.last_client) if feed.last_client else None
