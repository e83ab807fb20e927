"""The door of every page: closed to the anonymous unless listed, and the one place that says who acts.

The actor is a snapshot taken once per request from the server-side session; nothing else reads the session cookie.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from urllib.parse import unquote_to_bytes
from uuid import UUID

from flask import Flask, g, redirect, request, url_for
from werkzeug.exceptions import BadRequest, SecurityError
from werkzeug.wrappers import Response

from intervention.domain.calendar_files import MAX_BYTES as MAX_CALENDAR_BYTES
from intervention.domain.csv_table import MAX_BYTES
from intervention.domain.permissions import Action, Actor, Subject, Verdict, permits
from intervention.domain.school_data import MAX_FILE_BYTES
from intervention.queries.accounts import Board, SignedIn, signed_in
from intervention.records.isolation import EVERY_BOARD
from intervention.usecases import accounts
from intervention.web import cookies, csrf
from intervention.web.stage import open_work, reach, reading, stage

# What the anonymous may reach; a test walks the URL map and fails on any other endpoint that answers them.
PUBLIC_ENDPOINTS = frozenset(
    {
        "account.sign_in",
        "account.sign_in_post",
        "account.sign_in_demo",
        "assets.file",
        "demonstration.room",
        "health.healthz",
        "health.metrics",
        "health.readyz",
        "locale.choose",
    }
)
# Endpoints with a credential of their own (bearer token, door token): no session, no form token.
SELF_GUARDED_BLUEPRINTS = frozenset({"api", "doors", "feed_files", "passwords"})
# Forms with a file; the limit is raised for whoever is signed in, never for the anonymous.
LARGER_FORMS = {
    "school_imports.examine": MAX_FILE_BYTES + 64 * 1024,
    "pupil_imports.examine": MAX_BYTES + 64 * 1024,
    "pupil_imports.apply": MAX_BYTES + 64 * 1024,
    "staff_imports.examine": MAX_BYTES + 64 * 1024,
    "staff_imports.apply": MAX_BYTES + 64 * 1024,
    "calendar_edits.examine_import": MAX_CALENDAR_BYTES + 64 * 1024,
}
TOUCH_EVERY = timedelta(minutes=5)


def install(app: Flask) -> None:
    app.before_request(_admit)
    app.jinja_env.globals["can"] = can
    app.jinja_env.globals["other_board_of"] = other_board_of


def current_actor() -> Actor:
    """Who acts. Only pages behind the gate may ask."""
    return cast("SignedIn", g.signed_in).actor


def actor_or_none() -> Actor | None:
    found = cast("SignedIn | None", g.get("signed_in"))
    return found.actor if found else None


def current_sign_in() -> SignedIn:
    return cast("SignedIn", g.signed_in)


def sign_in_or_none() -> SignedIn | None:
    return cast("SignedIn | None", g.get("signed_in"))


def can(action: Action | str, subject: Subject) -> Verdict:
    """For templates: whether to show an act, and `because` to say why not."""
    return permits(current_actor(), Action(action), subject)


def other_board_of(organization_id: UUID) -> Board | None:
    """For templates: the board of something of one's own, where it is not the present one."""
    return next((each for each in current_sign_in().other_boards if each.id == organization_id), None)


def is_public(endpoint: str | None) -> bool:
    return endpoint in PUBLIC_ENDPOINTS or (endpoint or "").partition(".")[0] in SELF_GUARDED_BLUEPRINTS


def _admit() -> Response | None:
    g.signed_in = None
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception
    if request.endpoint == "assets.file" or request.blueprint in SELF_GUARDED_BLUEPRINTS:
        # A token opens a feed or a door, or says who calls: which board it is for is known after.
        reach(EVERY_BOARD)
        _refuse_broken_text()
        return None
    g.signed_in = _from_cookie()
    if g.signed_in is not None and request.endpoint in LARGER_FORMS:
        request.max_content_length = LARGER_FORMS[request.endpoint]
    _refuse_broken_text()
    if g.signed_in is None and not is_public(request.endpoint):
        return redirect(url_for("account.sign_in", suite=_way_back()), 303)
    csrf.check()
    return None


def _from_cookie() -> SignedIn | None:
    reach(EVERY_BOARD)  # to find who it is by a cookie, or to let somebody sign in
    token = cookies.read("session")
    if not token:
        return None
    idle = timedelta(minutes=stage().settings.session_idle_minutes)
    now = stage().clock.now()
    found = signed_in(reading(), token, now, idle)
    if found is not None and now - found.last_seen_at > TOUCH_EVERY:
        with open_work() as work:
            accounts.touch(work, found.session_id)
    if found is not None and not is_public(request.endpoint):  # signing in may be as somebody else
        reach(found.actor.boards)
    return found


def _way_back() -> str | None:
    """A page asked for before signing in is reached after; a form is not sent again."""
    if request.method != "GET" or request.endpoint is None or request.path == "/":
        return None
    return request.full_path.rstrip("?")


def _refuse_broken_text() -> None:
    """Text that is not UTF-8, and NUL, which ends a text in more than one library, are not input.

    Werkzeug keeps broken bytes as `%FF` or U+FFFD, so they would be stored as if somebody had typed them.
    """
    if not _is_text(request.query_string) or "\ufffd" in request.path or "\0" in request.path:
        raise BadRequest
    if request.method != "POST" or request.blueprint in SELF_GUARDED_BLUEPRINTS:
        return
    if request.mimetype == "application/x-www-form-urlencoded" and not _is_text(request.get_data()):
        raise BadRequest
    if any("\ufffd" in value or "\0" in value for values in request.form.listvalues() for value in values):
        raise BadRequest


def _is_text(quoted: bytes) -> bool:
    plain = unquote_to_bytes(quoted)
    try:
        plain.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in plain
