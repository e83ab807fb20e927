"""Pages that do nothing until their button is pressed: the same bytes for everyone, whoever reads or scans them.

A secret in the fragment of their address reaches no server before the form is sent, and only their own form is heard.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from urllib.parse import urlsplit

from flask import g, request
from werkzeug.wrappers import Response

from intervention.domain.errors import DoorClosed
from intervention.rendering import i18n
from intervention.usecases import throttling
from intervention.usecases.throttling import Limit
from intervention.web import headers
from intervention.web.stage import open_work, stage

MOST_OF_A_NETWORK, MOST_OF_A_LINK, MOST_OF_ALL = 60, 30, 3000  # tries in a window of 15 minutes
PAGE_LIFE = timedelta(days=1)  # a page waits open in a tab from the mail's arrival to the hour


def listen() -> None:
    """Only what this browser says of itself: no cookie is read before a seat exists."""
    wanted = request.args.get("langue")
    i18n.speak(wanted or request.accept_languages.best_match(i18n.LOCALES, default="fr"))


def shut(response: Response) -> Response:
    """No nonce (the page is the same for everyone), nothing from elsewhere, nothing kept, nothing indexed."""
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            f"form-action {g.get('form_action', headers.SELF)}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Vary"] = "Accept-Language"
    return response


def page_token() -> str:
    """The same for everyone for a day: it proves that the page was read, and identifies nobody."""
    return _token_of_day(0)


def require_own_page() -> None:
    """Refuse a POST that did not come from our page in a browser: scanners and other sites send no such Origin."""
    given = request.form.get("csrf", "").encode()
    is_ours = any(hmac.compare_digest(given, _token_of_day(age).encode()) for age in (0, 1))
    origin = request.headers.get("Origin")
    if origin is not None:
        is_ours = is_ours and urlsplit(origin).netloc == request.host
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        is_ours = False
    if not is_ours or (origin is None and "Sec-Fetch-Site" not in request.headers):
        raise DoorClosed


def _token_of_day(age: int) -> str:
    day = int(stage().clock.now().timestamp() // PAGE_LIFE.total_seconds()) - age
    return urlsafe_b64encode(stage().keys.mac("door-page", str(day))[:18]).decode()


def count_try(door: str, token: str) -> None:
    """One more try of this kind of link. Counted in a work of its own, so that a refused try stays counted."""
    secret = stage().settings.secret_key.reveal()
    network = throttling.network_of(request.remote_addr)
    limits = [
        Limit(throttling.key_of(secret, door, "network", network), MOST_OF_A_NETWORK),
        Limit(throttling.key_of(secret, door, "link", token), MOST_OF_A_LINK),
        Limit(throttling.key_of(secret, door), MOST_OF_ALL),
    ]
    with open_work() as work:
        delay = throttling.count_try(work, limits)
    if delay is not None:
        raise throttling.refused(delay)
