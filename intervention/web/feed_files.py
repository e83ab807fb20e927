"""The file that calendar programs read: `/flux/<token>.ics`, opened by its token alone, and robots.txt beside it.

An unchanged feed is a 304 after a few small queries and no rendering. Nothing here redirects to a sign-in page: a
program would take that page for a calendar.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from intervention.domain.errors import FeedGone, NotFound
from intervention.domain.feeds import family_of, window_of
from intervention.queries.feed_contents import FeedAsk, fingerprint, items
from intervention.queries.feeds import Subscription, kept_body, subscription
from intervention.rendering.feeds import EDITION, calendar_of, entry_of
from intervention.rendering.i18n import speaking
from intervention.rendering.ics import write_feed
from intervention.usecases.feeds import FETCH_NOTED_EVERY, keep_body, note_fetch
from intervention.web.stage import open_work, reach, reading, stage

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

files = Blueprint("feed_files", __name__)


class Unchanged(Response):
    """A 304 that repeats Last-Modified, which Werkzeug drops: some clients keep the date of the last answer."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        modified = self.headers.get("Last-Modified")
        headers = super().get_wsgi_headers(environ)
        if modified:
            headers["Last-Modified"] = modified
        return headers


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT")  # some clients probe
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Encoding",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
GZIPPED = "-gz"


@files.get("/robots.txt")
def robots() -> Response:
    """Google obeys this file when it reads a feed: the feeds stay open to it, all else is nobody's to index."""
    return Response("User-agent: *\nAllow: /flux/\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@files.route("/flux/<token>.ics", methods=METHODS, provide_automatic_options=False)
def feed(token: str) -> Response:
    if request.method not in {"GET", "HEAD"}:
        return _refused(405, "Lecture seule. Read only.", Allow="GET, HEAD")
    now = stage().clock.now()
    try:
        found = subscription(reading(), token, now.date())
    except NotFound:
        return _refused(404, "Flux inconnu. Unknown feed.")
    except FeedGone:
        return _refused(410, "Ce flux est fermé. This feed has ended.")
    reach(found.actor.boards)
    ask = FeedAsk(found.actor, found.subject, found.detail, window_of(now, found.actor.zone), now)
    version = _version(found, ask)
    response = _unchanged(found, version) if _is_known(found, version) else _whole(found, ask, version)
    _note(found)
    return response


def _version(found: Subscription, ask: FeedAsk) -> str:
    """All that the bytes depend on: the rows, the words, the renderer, the zone rules, the language, our address."""
    parts = (str(found.feed_id), EDITION, found.locale, stage().settings.base_url, fingerprint(reading(), ask))
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _is_known(found: Subscription, version: str) -> bool:
    """Whether the client holds this version: If-None-Match decides alone when it is there (RFC 9110 §13.2.2)."""
    held = request.if_none_match
    if held:
        return held.star_tag or held.contains_weak(version) or held.contains_weak(version + GZIPPED)
    since = request.if_modified_since
    return since is not None and found.kept_version == version and found.built_at.replace(microsecond=0) <= since


def _unchanged(found: Subscription, version: str) -> Response:
    return _described(Unchanged(status=304), found, version)


def _whole(found: Subscription, ask: FeedAsk, version: str) -> Response:
    if found.kept_version == version:
        body, gzipped = kept_body(reading(), found.feed_id)
    else:
        body = _written(found, ask)
        gzipped = gzip.compress(body, 6, mtime=0)
        with open_work() as work:
            found = replace(found, built_at=keep_body(work, found.feed_id, version, body, gzipped))
    found = replace(found, kept_version=version)
    response = Response(gzipped if _wants_gzip() else body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="intervention.ics"'
    if _wants_gzip():
        response.headers["Content-Encoding"] = "gzip"
    return _described(response, found, version)


def _written(found: Subscription, ask: FeedAsk) -> bytes:
    with speaking(found.locale):
        entries = [entry_of(item, stage().settings.base_url) for item in items(reading(), ask)]
        return write_feed(calendar_of(found.subject.name, found.actor.zone, found.locale), entries)


def _described(response: Response, found: Subscription, version: str) -> Response:
    """The headers that a 200 and its 304 share. A strong tag names one encoding, hence its suffix."""
    response.headers.update(HEADERS)
    response.set_etag(version + GZIPPED if _wants_gzip() else version)
    if found.kept_version == version:
        response.last_modified = found.built_at
    return response


def _wants_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _note(found: Subscription) -> None:
    """Tell the owner which program reads the feed, without a write at every poll."""
    client = family_of(request.headers.get("User-Agent", ""))
    last = found.last_fetched_at or stage().clock.now() - timedelta(days=1)
    if client is not found.last_client or stage().clock.now() - last >= FETCH_NOTED_EVERY:
        with open_work() as work:
            note_fetch(work, found.feed_id, client)


def _refused(status: int, text: str, **headers: str) -> Response:
    response = Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")
    response.headers.update({**HEADERS, "Cache-Control": "no-store", **headers})
    return response
