"""Refusals as pages: what happened, why, and what to do, in the reader's language. The core's codes become statuses."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import uuid4

from flask import Flask, g, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from intervention.domain.errors import DomainError
from intervention.rendering import wording

log = logging.getLogger("intervention.web")

STATUS_OF_CODE = {
    "not_found": 404,
    "not_allowed": 403,
    "form_expired": 403,
    "invalid_input": 422,
    "slot_taken": 409,
    "slot_refused": 422,
    "stale": 409,
    "raced": 409,
    "wrong_state": 409,
    "door_closed": 404,
    "feed_gone": 410,
    "too_many_attempts": 429,
    "unavailable": 503,
    "provider_unavailable": 503,
}
CODE_OF_STATUS = {
    400: "bad_request",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    410: "feed_gone",
    413: "too_large",
    414: "bad_request",
    431: "bad_request",
    500: "internal",
    503: "unavailable",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an error page says."""

    code: str
    status: int
    title: str
    advice: str
    reason: str | None = None
    reference: str | None = None


def install(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(500, _internal)


def status_of(error: DomainError) -> int:
    """422 for a refusal of input that no table names: the request was understood and cannot be done."""
    return STATUS_OF_CODE.get(error.code, 422)


def refusal_of(error: DomainError) -> Refusal:
    code = error.code if wording.has(f"error.{error.code}") else "refused"
    because = f"because.{error.facts.get('because')}"
    return Refusal(
        error.code,
        status_of(error),
        wording.say(f"error.{code}", **error.facts),
        wording.say(f"error.{code}.next", **error.facts),
        reason=wording.say(because) if wording.has(because) else None,
    )


def _domain(error: DomainError) -> Response:
    response = _page(refusal_of(error))
    if "retry_after" in error.facts:
        response.headers["Retry-After"] = str(error.facts["retry_after"])
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    # A request for a host that is not ours gets no page: every address on it would be made from that host.
    if error.response is not None or status < 400 or isinstance(error, SecurityError):
        return error.get_response()
    response = _page(refusal_of_status(status))
    response.headers.extend((n, v) for n, v in error.get_headers() if n in {"Allow", "Retry-After"})
    return response


def _database(error: OperationalError) -> Response:
    log.error("database unavailable: %s", type(error.orig).__name__, extra={"endpoint": request.endpoint})
    response = _page(refusal_of_status(503))
    response.headers["Retry-After"] = "60"
    return response


def _internal(error: Exception) -> Response:
    """A defect. Flask has logged its traceback; the reference ties what the reader tells to that line."""
    reference = uuid4().hex[:8]
    log.error("reference %s", reference, extra={"endpoint": request.endpoint})
    return _page(refusal_of_status(500, reference))


def refusal_of_status(status: int, reference: str | None = None) -> Refusal:
    code = CODE_OF_STATUS.get(status, "refused")
    return Refusal(code, status, wording.say(f"error.{code}"), wording.say(f"error.{code}.next"), reference=reference)


def _page(refusal: Refusal) -> Response:
    g.setdefault("signed_in", None)
    return make_response(render_template("errors/refusal.html", refusal=refusal), refusal.status)
