"""Serves the table of operations: the token, the input, one transaction, the answer. No cookie is read here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, request
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json
from werkzeug.exceptions import MethodNotAllowed, NotFound, PreconditionFailed, UnsupportedMediaType
from werkzeug.routing import BaseConverter

from intervention.api import problems, slots
from intervention.api.document import document
from intervention.api.operations import NO_VERSION, Answer, Call, Edge, Made, Make, Operation
from intervention.api.problems import TokenRefused, VersionMissing, refusal_of
from intervention.api.table import OPERATIONS
from intervention.domain.errors import DomainError, InvalidInput, SlotRefused, SlotTaken
from intervention.queries.api_tokens import Bearer, bearer
from intervention.records.isolation import tell
from intervention.rendering.i18n import speak
from intervention.usecases import api_tokens, throttling
from intervention.usecases.api_tokens import USE_NOTED_EVERY
from intervention.usecases.idempotency import MAX_KEY, once
from intervention.usecases.work import Work, open_work

PREFIX = "/api/v1"
_EDGE = "intervention.api"
KEYS = "api:"  # apart from the keys of forms
_VERSION = re.compile(r'"(\d{1,9})"', re.ASCII)
_SEEN = re.compile(r'"([0-9a-f]{8,400})"', re.ASCII)


def install(app: Flask, edge: Edge) -> None:
    """Every path answers to every method itself, so that a wrong method and an unknown path are problems too."""
    app.extensions[_EDGE] = edge
    blueprint = Blueprint("api", __name__)
    problems.install(blueprint)
    app.register_blueprint(blueprint)
    by_path: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in OPERATIONS:
        by_path[operation.path][operation.method] = operation
    for path, verbs in by_path.items():
        _add(app, re.sub(r"{(\w+)}", r"<uuid:\1>", path), _endpoint(verbs), _serving(verbs))
    _add(app, "/openapi.json", "openapi", _told)
    _add(app, "/", "root", _nowhere)
    app.url_map.converters["anything"] = Anything
    _add(app, "/<anything:rest>", "nowhere", _nowhere)


class Anything(BaseConverter):
    """The rest of an address whatever is in it; a `path` stops at a line feed."""

    part_isolating = False
    regex = r"[\s\S]*"


def _add(app: Flask, rule: str, name: str, view: Callable[..., Response]) -> None:
    """A rule without methods, which Flask's own door does not offer: any method, of any RFC to come, reaches it."""
    endpoint = f"api.{name}"
    app.url_map.add(app.url_rule_class(PREFIX + rule, endpoint=endpoint, methods=None))
    app.view_functions[endpoint] = view


def _endpoint(verbs: Mapping[str, Operation]) -> str:
    """A path is named by what it reads, else by what it does first."""
    return (verbs.get("GET") or next(iter(verbs.values()))).name


def _nowhere(rest: str = "") -> Response:
    raise NotFound


def _told() -> Response:
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed(["GET", "HEAD"])
    return Response(to_json(document()), content_type="application/json")


def _serving(verbs: Mapping[str, Operation]) -> Callable[..., Response]:
    allowed = [*verbs, *(["HEAD"] if "GET" in verbs else [])]

    def serve(**ids: UUID) -> Response:
        operation = verbs.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            raise MethodNotAllowed(allowed)
        return _answered(operation, ids)

    return serve


def _answered(operation: Operation, ids: Mapping[str, UUID]) -> Response:
    edge = cast("Edge", current_app.extensions[_EDGE])
    with edge.database.session(read_only=True) as session:
        work = Work(session, edge.clock)
        found = _bearer(work)
        if found is None:
            raise _refused(edge)
        tell(session, found.actor.boards)
        speak(found.actor.locale)
        call = _read(operation, _base(edge, work, found, ids))
        answer = None if operation.writes else _handled(operation, call)
    _note_use(edge, found)
    return _response(operation, answer or _written(operation, call))


def _bearer(work: Work) -> Bearer | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    is_ours = scheme.lower() == "bearer" and token.startswith(api_tokens.PREFIX) and len(token) < 100
    return bearer(work.session, token.strip(), work.now()) if is_ours else None


def _refused(edge: Edge) -> DomainError:
    """A token that opens nothing is counted; a request without any is not a try."""
    if "Authorization" not in request.headers:
        return TokenRefused()
    with open_work(edge.database, edge.clock) as work:
        wait = api_tokens.count_failure(work, edge.settings.secret_key.reveal(), request.remote_addr)
    return TokenRefused() if wait is None else throttling.refused(wait)


def _note_use(edge: Edge, found: Bearer) -> None:
    last = found.token.last_used_at
    if last is None or edge.clock.now() - last >= USE_NOTED_EVERY:
        with open_work(edge.database, edge.clock, reach=found.actor.boards) as work:
            api_tokens.note_use(work, found.token.id)


def _base(edge: Edge, work: Work, found: Bearer, ids: Mapping[str, UUID]) -> Call:
    """Over TLS an address begins as the settings say; on a workstation, as the caller said."""
    base = edge.settings.base_url if edge.settings.is_https else request.host_url.rstrip("/")
    return Call(edge, work, found.actor, found.token, base, ids)


def _read(operation: Operation, call: Call) -> Call:
    """The call with its input. Raises InvalidInput and its kin; what was sent is in none of them."""
    try:
        body = query = None
        if operation.query is not None:
            query = operation.query.model_validate(request.args.to_dict())
        elif request.args:
            raise InvalidInput({"query": "unknown_field"})
        if operation.body is not None:
            if request.mimetype != "application/json":
                raise UnsupportedMediaType
            body = operation.body.model_validate_json(request.get_data())
    except ValidationError as error:
        raise refusal_of(error) from None
    return replace(
        call,
        body=body,
        query=query,
        version=int(_matched(_VERSION)) if operation.needs_version else NO_VERSION,
        known=_matched(_SEEN) if operation.heeds_seen and request.headers.get("If-Match", "*").strip() != "*" else None,
    )


def _matched(etag: re.Pattern[str]) -> str:
    given = request.headers.get("If-Match")
    if given is None:
        raise VersionMissing
    matched = etag.fullmatch(given.strip())
    if matched is None:
        raise PreconditionFailed
    return matched[1]


def _handled(operation: Operation, call: Call) -> Answer:
    if operation.handle is None:
        raise ValueError(operation.name)
    return operation.handle(call)


def _written(operation: Operation, call: Call) -> Answer:
    """In one writing transaction, begun after the reading one: the actor was taken from the latter."""
    edge = call.edge
    try:
        with open_work(edge.database, edge.clock, reach=call.actor.boards) as work:
            writing = replace(call, work=work)
            return _created(operation, writing) if operation.creates else _handled(operation, writing)
    except (SlotTaken, SlotRefused) as refusal:
        refusal.facts["alternatives"] = _alternatives(operation, call)
        raise


def _alternatives(operation: Operation, call: Call) -> list[Any]:
    if operation.wanted is None:
        return []
    with call.edge.database.session(read_only=True, reach=call.actor.boards) as session:
        reading = replace(call, work=Work(session, call.edge.clock))
        wanted = operation.wanted(reading)
        return [] if wanted is None else list(slots.alternatives(reading, *wanted))


def _created(operation: Operation, call: Call) -> Answer:
    """Made once, even if asked for twice with one Idempotency-Key: the repeat is shown what the first request made."""
    if operation.make is None or operation.show is None:
        raise ValueError(operation.name)
    seen = operation.previews(call) if operation.previews is not None else None
    if seen is not None:
        return seen
    key = request.headers.get("Idempotency-Key")
    made = operation.make(call) if key is None else _made_once(key, operation.make, call)
    return replace(operation.show(call, made), status=operation.status)


def _made_once(key: str, make: Make, call: Call) -> Made:
    """Only the id is kept: neither a secret nor a name outlives the first answer."""
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= MAX_KEY - len(KEYS)):
        raise InvalidInput({"Idempotency-Key": "not_readable"})
    first: list[Made] = []

    def act() -> dict[str, str]:
        first.append(make(call))
        return {"id": str(first[0].id)}

    asked = f"{request.method} {request.path}\n{request.get_data(as_text=True)}"
    try:
        kept = once(call.work, call.actor, KEYS + key, asked, act)
    except InvalidInput as refusal:
        if "key" not in refusal.fields:
            raise
        raise InvalidInput({"Idempotency-Key": refusal.fields["key"]}) from None
    return first[0] if first else Made(UUID(kept["id"]))


@cache
def _writer(shape: Any) -> TypeAdapter[Any]:
    """Told what each value is, writing JSON takes a quarter of what it takes to find that out."""
    return TypeAdapter(shape)


def _response(operation: Operation, answer: Answer) -> Response:
    response = Response(status=answer.status)
    if answer.status != 204:
        is_preview = operation.preview is not None and answer.status != operation.status
        response.data = _writer(operation.preview if is_preview else operation.answer).dump_json(answer.body)
        response.mimetype = "application/json"
    if answer.version is not None and operation.gives_version:
        response.set_etag(str(answer.version))
    if answer.location is not None:
        response.headers["Location"] = answer.location
    return response
