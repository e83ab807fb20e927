"""Forms answer only to their own pages: the browser must say the request is ours, and the form must hold its token.

A signed-in form's token belongs to its session; an anonymous one (sign-in, language) to a random strict cookie.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from markupsafe import Markup, escape

from intervention.domain.errors import DomainError
from intervention.domain.ids import new_secret
from intervention.web import cookies
from intervention.web.stage import stage

FIELD = "csrf"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class FormExpired(DomainError):
    """The form's token is missing, old or another session's."""

    code = "form_expired"


def install(app: Flask) -> None:
    app.jinja_env.globals["csrf_field"] = csrf_field
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.after_request(_keep_visitor)


def check() -> None:
    """Refuse an unsafe request that another site sent, or whose token is not this visitor's."""
    if request.method in SAFE:
        return
    if not comes_from_us() or not hmac.compare_digest(request.form.get(FIELD, "").encode(), csrf_token().encode()):
        raise FormExpired


def comes_from_us() -> bool:
    """What the browser itself says of the sender. Both headers are out of a page's reach."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def csrf_token() -> str:
    if g.signed_in is not None:
        return str(g.signed_in.csrf_secret)
    visitor = g.get("visitor") or cookies.read("visitor")
    if not visitor:
        visitor = g.visitor = new_secret(16)
    key = stage().settings.secret_key.reveal().encode()
    return hmac.new(key, b"form:" + visitor.encode(), hashlib.sha256).hexdigest()


def csrf_field() -> Markup:
    """The hidden field that every form of method POST holds."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, escape(csrf_token()))


def _keep_visitor(response: Response) -> Response:
    if "visitor" in g:
        cookies.write(response, "visitor", g.visitor, strict=True)
    return response
