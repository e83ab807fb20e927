"""What every answer tells the browser about trust: a strict policy with a nonce, Trusted Types, and no third party."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g

from intervention.web.stage import stage

PERMISSIONS = ("accelerometer", "camera", "display-capture", "geolocation", "microphone", "payment", "usb")

SELF = "'self'"


def install(app: Flask) -> None:
    app.after_request(_trust)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """This answer's nonce. Scripts carry it as `nonce`, elements that htmx drives as `hx-nonce`."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def let_forms_leave() -> None:
    """This answer holds a form whose redirect leads to a provider. Naming the provider here would disclose it early."""
    loopback = " http://127.0.0.1:* http://localhost:*" if stage().settings.is_on_loopback else ""
    g.form_action = f"{SELF} https:{loopback}"


def _policy() -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{csp_nonce()}'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            f"form-action {g.get('form_action', SELF)}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types htmx",
        )
    )


def _trust(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", ", ".join(f"{name}=()" for name in PERMISSIONS))
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", _policy())
    else:
        headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    headers.setdefault("Cache-Control", "no-store")
    if stage().settings.is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    return response
