"""Refusals as `application/problem+json` (RFC 9457): a stable code, a sentence for people, never what was sent."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request
from pydantic import ValidationError
from pydantic_core import to_json
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from intervention.domain.errors import DomainError, InvalidInput, SlotRefused, Stale, WrongState
from intervention.rendering import wording

log = logging.getLogger("intervention.api")
MEDIA_TYPE = "application/problem+json"

STATUS_OF_CODE = {
    "not_found": 404,
    "not_allowed": 403,
    "invalid_input": 422,
    "slot_taken": 409,
    "slot_refused": 422,
    "stale": 412,
    "raced": 409,
    "wrong_state": 409,
    "feed_gone": 404,
    "too_many_attempts": 429,
    "provider_unavailable": 503,
    "token_refused": 401,
    "version_missing": 428,
    "not_json": 400,
}
CODE_OF_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    412: "stale",
    413: "too_large",
    414: "bad_request",
    415: "unsupported_media_type",
    431: "bad_request",
    500: "internal",
    503: "unavailable",
}
CODES = sorted({*STATUS_OF_CODE, *CODE_OF_STATUS.values(), "refused"})

TOLD = ("because", "on_date", "resource_ids", "alternatives")

# What pydantic calls a fault, in the words of our own field codes.
FAULTS = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "timezone_aware": "zone_missing",
    "enum": "not_a_choice",
    "literal_error": "not_a_choice",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "out_of_range": "out_of_range",
    "multiple_of": "not_on_the_grid",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "string_pattern_mismatch": "not_readable",
    "too_long": "too_many",
    "too_short": "too_few",
    "unknown_zone": "unknown",
    "not_an_id": "not_an_id",
    "not_a_cursor": "unknown",
}
FAULT_PREFIXES = {
    "datetime": "not_an_instant",
    "date": "not_a_date",
    "time": "not_a_time",
    "int": "not_a_number",
    "float": "not_a_number",
    "bool": "not_a_flag",
    "string": "not_a_text",
    "tuple": "not_a_list",
    "frozen_set": "not_a_list",
    "model": "not_an_object",
}


class TokenRefused(DomainError):
    """No token, or one that opens nothing."""

    code = "token_refused"


class VersionMissing(DomainError):
    """A change without the If-Match that says which version its author saw."""

    code = "version_missing"


class NotJson(DomainError):
    """A body that is no JSON text."""

    code = "not_json"


def install(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(DomainError, problem_of)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(OperationalError, _database)
    blueprint.register_error_handler(500, _internal)


def refusal_of(error: ValidationError) -> DomainError:
    """The faults of a body or of parameters by dotted field; a name that we do not know is not repeated."""
    faults: dict[str, str] = {}
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        if fault["type"] == "json_invalid":
            return NotJson()
        loc = fault["loc"][:-1] if fault["type"] == "extra_forbidden" else fault["loc"]
        faults.setdefault(".".join(str(part) for part in loc) or "body", _fault(fault["type"]))
    return InvalidInput(faults)


def _fault(kind: str) -> str:
    return FAULTS.get(kind) or FAULT_PREFIXES.get(kind.split("_", maxsplit=1)[0]) or "invalid"


def problem_of(error: DomainError) -> Response:
    """422 for a refusal that no table names: the request was understood and cannot be done."""
    code = error.code if error.code in CODES else "refused"
    more: dict[str, Any] = {}
    if isinstance(error, InvalidInput):
        more["fields"] = error.fields
    elif isinstance(error, SlotRefused):
        more["rules"] = list(error.facts.get("codes", (error.facts["code"],)))  # type: ignore[call-overload]
        more |= {name: error.facts[name] for name in ("is_soft", "subject_id") if name in error.facts}
    elif isinstance(error, WrongState):
        more |= {"state": str(error.facts["status"])} if "status" in error.facts else {}
    elif isinstance(error, Stale):
        more |= {name: error.facts[name] for name in ("version", "changed") if name in error.facts}
    more |= {name: error.facts[name] for name in TOLD if error.facts.get(name) is not None}
    response = problem(STATUS_OF_CODE.get(code, 422), code, more, facts=error.facts)
    if "retry_after" in error.facts:
        response.headers["Retry-After"] = str(error.facts["retry_after"])
    if code == "token_refused":
        response.headers["WWW-Authenticate"] = 'Bearer realm="intervention"'
    return response


def problem(
    status: int, code: str, more: dict[str, Any] | None = None, facts: dict[str, object] | None = None
) -> Response:
    title = HTTPStatus(status).phrase
    key = f"error.{code}" if wording.has(f"error.{code}") else "error.refused"
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        "detail": wording.say(key, **(facts or {})),
        **(more or {}),
    }
    return Response(to_json(body), status, content_type=MEDIA_TYPE)


def _http(error: HTTPException) -> AnyResponse:
    status = error.code or 500
    if error.response is not None or status < 400 or isinstance(error, SecurityError):
        return error.get_response()
    response = problem(status, CODE_OF_STATUS.get(status, "refused"))
    response.headers.extend((n, v) for n, v in error.get_headers() if n in {"Allow", "Retry-After"})
    return response


def _database(error: OperationalError) -> Response:
    log.error("database unavailable: %s", type(error.orig).__name__, extra={"endpoint": request.endpoint})
    response = problem(503, "unavailable")
    response.headers["Retry-After"] = "60"
    return response


def _internal(error: Exception) -> Response:
    """A defect. Flask has logged its traceback; the reference ties what the caller tells to that line."""
    reference = uuid4().hex[:8]
    log.error("reference %s", reference, extra={"endpoint": request.endpoint})
    return problem(500, "internal", {"reference": reference})
