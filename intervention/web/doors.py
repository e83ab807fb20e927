"""The guest's side of a confidential link. Before the button is pressed, every reader gets the same inert page.

Closed doors are one answer: status, headers and body are the same for a token that is unknown, revoked, foreign, of
another hour or cancelled, and for a request that did not come from the page itself.
"""

from __future__ import annotations

import re
from hashlib import sha256

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.doors import GuestStage
from intervention.domain.errors import DoorClosed, ProviderUnavailable, TooMany, WrongState
from intervention.queries.lobby import GuestView, guest_view
from intervention.rendering import i18n
from intervention.usecases import entering, seats
from intervention.web import cookies, headers, inert, passing
from intervention.web.stage import open_work, reading, stage
from intervention.web.visitors import client_family

pages = Blueprint("doors", __name__)

COOKIE = "seat"
_TOKEN = re.compile(r"s1_[A-Za-z0-9_-]{43}")


pages.before_request(inert.listen)
pages.after_request(inert.shut)


@pages.get("/r")
def knock() -> Response:
    return make_response(render_template("doors/knock.html", page_token=inert.page_token()))


@pages.post("/r/place")
def claim() -> Response:
    """Exchange the token for a seat. The count is kept apart, so that a refused try stays counted."""
    inert.require_own_page()
    token = _token_of(request.form.get("lien", ""))
    inert.count_try("door", token)
    ask = seats.ClaimSeat(token, cookies.read(COOKIE) or None, client_family())
    with open_work() as work:
        seat = seats.claim_seat(work, stage().keys, ask)
    response = redirect(url_for("doors.wait"), 303)
    life = max(60, int((seat.closes_at - stage().clock.now()).total_seconds()))
    cookies.write(response, COOKIE, seat.cookie, max_age=life, strict=True)
    return response


@pages.get("/r/attente")
def wait() -> Response:
    view = _my_view()
    if view is None:
        raise DoorClosed
    i18n.speak(request.args.get("langue") or view.locale)
    version = sha256(f"{view.stage}|{i18n.locale()}".encode()).hexdigest()[:16]
    if request.if_none_match.contains(version):
        response = Response(status=304)
    else:
        response = make_response(
            render_template(
                "doors/wait.html", view=view, version=version, now=stage().clock.now(), page_token=inert.page_token()
            )
        )
    response.set_etag(version)
    if view.stage is GuestStage.READY:
        headers.let_forms_leave()
    return response


@pages.post("/r/entrer")
def enter() -> Response:
    """The one answer that holds the provider's address: a redirect, not kept anywhere."""
    inert.require_own_page()
    with open_work() as work:
        passage = entering.ask_as_guest(work, stage().keys, cookies.read(COOKIE))
    return passing.through(passage)


@pages.post("/r/quitter")
def leave() -> Response:
    inert.require_own_page()
    with open_work() as work:
        seats.leave(work, stage().keys, cookies.read(COOKIE))
    return redirect(url_for("doors.wait"), 303)


@pages.get("/r/place")
@pages.get("/r/quitter")
def back_to_the_door() -> Response:
    """A form's address reloaded or typed: its page again."""
    return redirect(url_for("doors.knock"), 303)


@pages.get("/r/entrer")
def back_to_the_lobby() -> Response:
    return redirect(url_for("doors.wait"), 303)


@pages.errorhandler(DoorClosed)
def closed(_refusal: DoorClosed) -> Response:
    return _shut_page("closed", 404)


@pages.errorhandler(TooMany)
def busy(refusal: TooMany) -> Response:
    response = _shut_page("busy", 429)
    response.headers["Retry-After"] = str(refusal.facts["retry_after"])
    return response


@pages.errorhandler(ProviderUnavailable)
def unavailable(_refusal: ProviderUnavailable) -> Response:
    return _shut_page("unavailable", 503)


@pages.errorhandler(WrongState)
def not_yet(refusal: WrongState) -> Response:
    """Not admitted any more: the lobby says so. A room that nobody can enter is the host's to mend."""
    if "video" in str(refusal.facts.get("because")):
        return _shut_page("unavailable", 503)
    return redirect(url_for("doors.wait"), 303)


def _shut_page(why: str, status: int) -> Response:
    return make_response(render_template("doors/closed.html", why=why, page_token=inert.page_token()), status)


def _token_of(pasted: str) -> str:
    """The token of a pasted link or code; anything else is looked up as it is, and found nowhere."""
    found = _TOKEN.search(pasted[:2000])
    return found[0] if found else pasted[:200]


def _my_view() -> GuestView | None:
    """Where this device stands; being seen is written at most every few seconds."""
    cookie = cookies.read(COOKIE)
    now = stage().clock.now()
    view = guest_view(reading(), stage().keys.mac(seats.COOKIE, cookie), now)
    if view is not None and now - view.last_seen_at >= seats.SEEN_EVERY:
        with open_work() as work:
            seats.beat(work, stage().keys, cookie)
    return view
