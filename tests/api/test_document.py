"""The document and the application are the same thing told twice; a generator of requests tries to prove otherwise."""

from __future__ import annotations

import re

from flask import Flask
from jsonschema_rs import Draft202012Validator

from intervention.api.document import document
from intervention.api.problems import CODES, STATUS_OF_CODE
from intervention.api.table import OPERATIONS
from intervention.rendering import wording
from tests.api.conftest import ROOT, Program


def test_every_operation_is_a_route_and_in_the_document(api: Flask) -> None:
    routes = {
        re.sub(r"<uuid:(\w+)>", r"{\1}", rule.rule.removeprefix(ROOT))
        for rule in api.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and "anything:" not in rule.rule
    } - {"/", "/openapi.json"}
    told = {(path, verb.upper()) for path, verbs in document()["paths"].items() for verb in verbs}

    assert routes == {path for path, _ in told}
    assert told == {(operation.path, operation.method) for operation in OPERATIONS}
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)


def test_the_document_is_public_and_is_the_table(api: Flask) -> None:
    answer = api.test_client().get(ROOT + "/openapi.json")

    assert (answer.status_code, answer.json) == (200, document())
    assert answer.json["openapi"] == "3.1.0"
    assert api.test_client().post(ROOT + "/openapi.json").status_code == 405


def test_its_schemas_are_schemas() -> None:
    for name, schema in document()["components"]["schemas"].items():
        assert Draft202012Validator({**schema, "components": document()["components"]}), name


def test_no_operation_of_a_later_day_is_announced() -> None:
    assert not [path for path in document()["paths"] if re.search("referrals", path)]


def test_every_code_is_worded() -> None:
    assert [code for code in CODES if not wording.has(f"error.{code}")] == []
    assert STATUS_OF_CODE.keys() <= set(CODES)


def test_what_is_not_offered_answers_like_nothing(mireille: Program) -> None:
    mireille.ask("GET", "/referrals", 404)
