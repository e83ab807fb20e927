"""Calendar subscriptions: opened and closed. Their file is read at the address that only the first answer tells."""

from __future__ import annotations

from flask import url_for

from intervention.api import outputs as out
from intervention.api.inputs import OpenFeed
from intervention.api.operations import Answer, Call, Made
from intervention.domain.errors import InvalidInput
from intervention.domain.feeds import FeedScope
from intervention.queries.feeds import feed_for
from intervention.usecases.feeds import CreateFeed, create_feed, revoke_feed


def open_feed(call: Call) -> Made:
    body: OpenFeed = call.body
    subject = body.subject_id or (call.actor.person_id if body.scope is FeedScope.PERSON else None)
    if subject is None:
        raise InvalidInput({"subject_id": "required"})
    locale = body.locale or call.actor.locale
    made = create_feed(call.work, call.actor, CreateFeed(body.scope, subject, body.detail, body.label, locale))
    return Made(made.feed_id, made.token)


def show_feed(call: Call, made: Made) -> Answer:
    found = feed_for(call.work.session, call.actor, made.id)
    body: out.Feed = {
        "id": found.id,
        "scope": found.subject.scope,
        "subject_id": found.subject.id,
        "detail": found.detail,
        "label": found.label,
        "locale": found.locale,
        "url": f"{call.base_url}{url_for('feed_files.feed', token=made.secret)}" if made.secret else None,
    }
    return Answer(body)


def close_feed(call: Call) -> Answer:
    revoke_feed(call.work, call.actor, call.id)
    return Answer(status=204)
