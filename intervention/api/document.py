"""The OpenAPI 3.1 document, made from the table of operations: pydantic's JSON Schema is 2020-12, which 3.1 speaks."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from intervention.api.operations import Operation
from intervention.api.outputs import Problem
from intervention.api.problems import CODES, MEDIA_TYPE
from intervention.api.table import OPERATIONS

PLACE = "#/components/schemas/{model}"
SAYS = (
    "Scheduling of networked school services. Every operation acts as the person whose token is sent, with their "
    "permissions as they are now; what is out of their scope answers 404. Instants are RFC 3339 in UTC; planned times "
    "also carry `wall_time` and `zone`."
)
REFUSALS = {
    400: "What was sent cannot be read.",
    401: "No token, or one that opens nothing.",
    403: "In scope, but somebody else's to do.",
    404: "Absent, or out of scope: the two are one answer.",
    405: "The path has no such method.",
    409: "The slot is taken, or the act does not exist from the present status.",
    412: "Changed since the version named by If-Match.",
    413: "Too large.",
    415: "Not application/json.",
    422: "Understood and impossible: `fields` names the faults, `rules` what refuses the slot.",
    428: "If-Match is missing.",
    429: "Too many tokens that open nothing; see Retry-After.",
    503: "The database does not answer; see Retry-After.",
}


@cache
def document() -> dict[str, Any]:
    models = _models()
    refs, definitions = TypeAdapter.json_schemas(
        [(key, mode, TypeAdapter(model)) for key, (mode, model) in models.items()], ref_template=PLACE
    )
    schemas = dict(definitions.get("$defs", {}))
    schemas["Problem"]["properties"]["code"]["enum"] = CODES
    of = {key: refs[key, mode] for key, (mode, _) in models.items()}
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Intervention", "version": _version(), "description": SAYS},
        "servers": [{"url": "/api/v1"}],
        "security": [{"bearer": []}],
        "tags": [{"name": name} for name in dict.fromkeys(operation.group for operation in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "it1_…"}},
        },
    }


def _models() -> dict[str, tuple[JsonSchemaMode, Any]]:
    """Every body, set of parameters and answer, by a key of its own."""
    found: dict[str, tuple[JsonSchemaMode, Any]] = {"problem": ("serialization", Problem)}
    for each in OPERATIONS:
        if each.body is not None:
            found[f"{each.name}.body"] = ("validation", each.body)
        if each.query is not None:
            found[f"{each.name}.query"] = ("validation", each.query)
        if each.answer is not None:
            found[f"{each.name}.answer"] = ("serialization", each.answer)
        if each.preview is not None:
            found[f"{each.name}.preview"] = ("serialization", each.preview)
    return found


def _operation(operation: Operation, of: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.says,
        "tags": [operation.group],
        "parameters": _parameters(operation),
        "responses": _responses(operation, of),
    }
    if operation.body is not None:
        schema = of[f"{operation.name}.body"]
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return told


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    if operation.query is not None:
        found += _query_parameters(operation.query.model_json_schema(ref_template=PLACE))
    if operation.needs_version or operation.heeds_seen:
        says = "The ETag of the version that the change was made on."
        schema = {"type": "string", "examples": ['"3"']}
        required = operation.needs_version
        found.append({"name": "If-Match", "in": "header", "required": required, "description": says, "schema": schema})
    if operation.creates:
        says = "Any text of one's own; the same request sent again with it makes nothing more. Kept two days."
        schema = {"type": "string", "pattern": "^[!-~]{1,76}$"}
        found.append(
            {"name": "Idempotency-Key", "in": "header", "required": False, "description": says, "schema": schema}
        )
    return found


def _query_parameters(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """A parameter is absent or has a value: null is not something that an address says."""
    definitions = schema.get("$defs", {})
    found = []
    for name, told in schema["properties"].items():
        plain = dict(told)
        if "anyOf" in plain:
            (kind,) = (each for each in plain.pop("anyOf") if each.get("type") != "null")
            plain = {**kind, **plain}
        if "$ref" in plain:
            plain = {**definitions[plain.pop("$ref").rsplit("/", 1)[1]], **plain}
        kept = {key: value for key, value in plain.items() if key not in {"title", "default"} or value is not None}
        kept.pop("title", None)
        found.append({"name": name, "in": "query", "required": False, "schema": kept})
    return found


def _responses(operation: Operation, of: dict[str, Any]) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done."}
    if operation.answer is not None:
        done["content"] = {"application/json": {"schema": of[f"{operation.name}.answer"]}}
    if operation.gives_version:
        says = "The version, for If-Match."
        done["headers"] = {"ETag": {"description": says, "required": True, "schema": {"type": "string"}}}
    shown = {}
    if operation.preview is not None:
        schema = of[f"{operation.name}.preview"]
        shown["200"] = {"description": "What it would do.", "content": {"application/json": {"schema": schema}}}
    refused = {str(status): _refusal(status, of) for status in _refuses(operation)}
    return {**shown, str(operation.status): done, **refused}


def _refuses(operation: Operation) -> list[int]:
    """What any operation may answer, what its kind may, and what it says of itself."""
    found = {400, 401, 405, 413, 422, 429, 503, *operation.refuses}
    if operation.body is not None:
        found |= {415}
    if operation.needs_version or operation.heeds_seen:
        found |= {412}
    if operation.needs_version:
        found |= {428}
    return sorted(found)


def _refusal(status: int, of: dict[str, Any]) -> dict[str, Any]:
    return {"description": REFUSALS[status], "content": {MEDIA_TYPE: {"schema": of["problem"]}}}


def _version() -> str:
    try:
        return version("intervention")
    except PackageNotFoundError:
        return "0"
