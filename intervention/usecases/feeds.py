"""Calendar subscriptions: created, renewed and revoked by their owner; read by whoever holds the token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.feeds import ClientFamily, FeedDetail, FeedScope
from intervention.domain.ids import new_id, new_secret
from intervention.domain.permissions import Action, Actor, require
from intervention.queries.accounts import hash_of
from intervention.queries.feed_subjects import permission_subject, subject_named
from intervention.records.feeds import Feed, FeedBody
from intervention.usecases import audit
from intervention.usecases.work import Work

MAX_FEEDS = 50
MAX_LABEL = 80
RESTORED_WITHIN = timedelta(minutes=10)
FETCH_NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class CreateFeed:
    """`label` is the owner's own word for the device or program; no subscriber reads it."""

    scope: FeedScope
    subject_id: UUID
    detail: FeedDetail
    label: str = ""
    locale: str = "fr"


@dataclass(frozen=True, slots=True)
class NewFeed:
    """`token` is known here and nowhere else: only its hash is kept."""

    feed_id: UUID
    token: str

    def __repr__(self) -> str:
        return f"NewFeed({self.feed_id})"


def create_feed(work: Work, actor: Actor, ask: CreateFeed) -> NewFeed:
    """Open a subscription. Raises NotFound (another board's subject), NotAllowed, InvalidInput (label, too many)."""
    subject = subject_named(work.session, actor, ask.scope, ask.subject_id)
    require(actor, Action.MANAGE_FEED, permission_subject(work.session, actor, subject))
    if len(ask.label) > MAX_LABEL:
        raise InvalidInput({"label": "too_long"})
    if _count(work, actor) >= MAX_FEEDS:
        raise InvalidInput({"subject": "too_many"})
    token = new_secret()
    feed = Feed(
        id=new_id(),
        organization_id=actor.organization_id,
        owner_id=actor.person_id,
        scope=ask.scope,
        subject_id=ask.subject_id,
        detail=ask.detail,
        label=ask.label.strip(),
        locale=ask.locale,
        token_hash=hash_of(token),
        created_at=work.now(),
    )
    work.session.add(feed)
    work.session.flush()
    work.session.add(FeedBody(feed_id=feed.id, version="", body=b"", gzipped=b"", built_at=work.now()))
    _record(work, actor, "feed.opened", feed)
    return NewFeed(feed.id, token)


def revoke_feed(work: Work, actor: Actor, feed_id: UUID) -> None:
    """Close a subscription: its address answers 410 from now on, and the kept file is gone."""
    feed = _own(work, actor, feed_id)
    feed.revoked_at = work.now()
    work.session.execute(update(FeedBody).where(FeedBody.feed_id == feed.id).values(version="", body=b"", gzipped=b""))
    _record(work, actor, "feed.closed", feed)


def restore_feed(work: Work, actor: Actor, feed_id: UUID) -> None:
    """Undo a revocation, for as long as a slip of the hand may be noticed. Raises NotFound afterwards."""
    feed = work.session.scalars(
        select(Feed).where(
            Feed.id == feed_id,
            Feed.owner_id == actor.person_id,
            Feed.organization_id == actor.organization_id,
            Feed.revoked_at > work.now() - RESTORED_WITHIN,
        )
    ).one_or_none()
    if feed is None:
        raise NotFound
    feed.revoked_at = None
    _record(work, actor, "feed.reopened", feed)


def renew_feed(work: Work, actor: Actor, feed_id: UUID) -> NewFeed:
    """The same subscription under a new address; the old one is revoked."""
    old = _own(work, actor, feed_id)
    revoke_feed(work, actor, feed_id)
    return create_feed(work, actor, CreateFeed(old.scope, old.subject_id, old.detail, old.label, old.locale))


def keep_body(work: Work, feed_id: UUID, version: str, body: bytes, gzipped: bytes) -> datetime:
    """Keep the rendered file of a version; gives when it was built, which becomes Last-Modified.

    That grows by a second at least, since HTTP dates have no smaller part: two versions never share one.
    """
    kept = work.session.scalars(select(FeedBody).where(FeedBody.feed_id == feed_id).with_for_update()).one()
    kept.built_at = max(work.now(), kept.built_at + timedelta(seconds=1))
    kept.version, kept.body, kept.gzipped = version, body, gzipped
    work.session.flush()
    return kept.built_at


def note_fetch(work: Work, feed_id: UUID, client: ClientFamily) -> None:
    """Remember that a program of this family read the feed."""
    work.session.execute(
        update(Feed).where(Feed.id == feed_id).values(last_fetched_at=work.now(), last_client=client.value)
    )


def _own(work: Work, actor: Actor, feed_id: UUID) -> Feed:
    """A living feed of the actor's own, whatever roles remain: one may always close what one opened."""
    feed = work.session.scalars(
        select(Feed).where(
            Feed.id == feed_id,
            Feed.owner_id == actor.person_id,
            Feed.organization_id == actor.organization_id,
            Feed.revoked_at.is_(None),
        )
    ).one_or_none()
    if feed is None:
        raise NotFound
    return feed


def _count(work: Work, actor: Actor) -> int:
    living = select(func.count()).where(Feed.owner_id == actor.person_id, Feed.revoked_at.is_(None))
    return work.session.scalar(living.select_from(Feed)) or 0


def _record(work: Work, actor: Actor, verb: str, feed: Feed) -> None:
    """A feed is a communication to whoever runs the calendar program (A-2.1, s. 70.1): the trail knows of each."""
    facts = {"scope": feed.scope, "subject_id": feed.subject_id, "detail": feed.detail}
    audit.record(work, verb, "feed", feed.id, feed.organization_id, actor_id=actor.person_id, facts=facts)
