"""Our cookies, all HttpOnly and bound to this host: `__Host-` over TLS, plain names on loopback without TLS."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from intervention.web.stage import stage


def name_of(short: str) -> str:
    return f"__Host-{short}" if stage().settings.is_https else short


def read(short: str) -> str:
    return request.cookies.get(name_of(short), "")


def write(response: Response, short: str, value: str, *, max_age: int | None = None, strict: bool = False) -> None:
    """Set a cookie. Lax by default, so that a link in a mail finds its reader signed in."""
    response.set_cookie(
        name_of(short),
        value,
        max_age=max_age,
        secure=stage().settings.is_https,
        httponly=True,
        samesite="Strict" if strict else "Lax",
        path="/",
    )


def forget(response: Response, short: str) -> None:
    response.set_cookie(
        name_of(short), "", max_age=0, secure=stage().settings.is_https, httponly=True, samesite="Lax", path="/"
    )
