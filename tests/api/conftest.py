"""The API on a world of its own, and a program before it that holds a token."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from jsonschema_rs import Draft202012Validator
from werkzeug.test import TestResponse

from intervention.api.document import document
from intervention.api.table import OPERATIONS
from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.queries.accounts import hash_of
from intervention.records.accounts import ApiToken
from intervention.records.database import Database
from intervention.settings import Settings
from intervention.usecases.api_tokens import PREFIX
from intervention.web.stage import Stage
from tests import cast
from tests.databases import MONDAY

KEY = "a key of tests, long enough to be refused nowhere"
ROOT = "/api/v1"
UNSEEN = {"If-Match": '"00000000"'}  # for who may not even read it


@dataclass
class Program:
    """Asks as the person of its token, and refuses any answer that the document does not describe."""

    app: Flask
    token: str = ""

    def get(self, path: str, **query: Any) -> Any:
        return self.ask("GET", path, query_string=query).json

    def post(self, path: str, body: Any, status: int = 200, **headers: str) -> Any:
        return self.ask("POST", path, status, json=body, headers=headers).json

    def ask(self, method: str, path: str, status: int = 200, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **_dashed(more.pop("headers", {}))}
        if not self.token:
            del headers["Authorization"]
        answer = self.app.test_client(use_cookies=False).open(ROOT + path, method=method, headers=headers, **more)
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True)[:1500])
        conforms(method, path, answer)
        return answer

    def edit(self, path: str, body: Any, status: int = 200) -> Any:
        """PATCH what was read just before."""
        return self.ask("PATCH", path, status, json=body, headers=self.seen(path)).json

    def seen(self, path: str) -> dict[str, str]:
        """The header that says which version was read: the present one."""
        return {"If-Match": self.ask("GET", path).headers["ETag"]}

    def refused(self, method: str, path: str, status: int, code: str, **more: Any) -> Any:
        problem = self.ask(method, path, status, **more).json
        assert problem["code"] == code, problem
        return problem


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def conforms(method: str, path: str, answer: TestResponse) -> None:
    """Hold an answer against the document."""
    bare = path.split("?", maxsplit=1)[0]
    for operation in OPERATIONS:
        parts = operation.path.split("/")
        same = len(parts) == len(bare.split("/")) and all(
            part == given or part.startswith("{") for part, given in zip(parts, bare.split("/"), strict=True)
        )
        if same and operation.method == method:
            told = document()["paths"][operation.path][method.lower()]["responses"].get(str(answer.status_code))
            assert told is not None, f"{answer.status_code} is not in the document of {operation.name}"
            if "content" in told:
                schema = {**told["content"][answer.mimetype]["schema"], "components": document()["components"]}
                Draft202012Validator(schema, validate_formats=True).validate(answer.json)
            return


def token_for(app: Flask, person_id: UUID, organization_id: UUID = cast.BOARD, **more: Any) -> str:
    """A token laid directly, so that any of its facts may be chosen."""
    stage: Stage = app.extensions["intervention.stage"]
    now = stage.clock.now()
    clear = PREFIX + f"{person_id.hex}{organization_id.hex}"[:43]
    facts = {"label": "essai", "created_at": now, "expires_at": now.replace(year=now.year + 1), **more}
    with stage.database.session() as session:
        if session.query(ApiToken).filter_by(token_hash=hash_of(clear)).first() is None:
            session.add(
                ApiToken(token_hash=hash_of(clear), person_id=person_id, organization_id=organization_id, **facts)
            )
    return clear


def program_of(app: Flask, person_id: UUID, organization_id: UUID = cast.BOARD) -> Program:
    return Program(app, token_for(app, person_id, organization_id))


@pytest.fixture
def api(world_file: Path, tmp_path: Path) -> Iterator[Flask]:
    """The cast's world, without its séances, on SQLite."""
    path = tmp_path / "world.sqlite"
    shutil.copyfile(world_file, path)
    database = Database(f"sqlite:///{path}")
    yield create_app(Settings.from_env({"SECRET_KEY": KEY}), database, FixedClock(MONDAY))
    database.dispose()


@pytest.fixture
def api_on_both(world: Database) -> Flask:
    """The same on each engine, for what really commits."""
    return create_app(Settings.from_env({"SECRET_KEY": KEY}), world, FixedClock(MONDAY))


@pytest.fixture
def mireille(api: Flask) -> Program:
    return program_of(api, cast.MIREILLE)


@pytest.fixture
def omar(api: Flask) -> Program:
    return program_of(api, cast.OMAR)


@pytest.fixture
def ines(api: Flask) -> Program:
    return program_of(api, cast.INES)


@pytest.fixture
def stranger(api: Flask) -> Program:
    """A speech-language pathologist of the neighbouring board."""
    return program_of(api, cast.ETRANGERE, cast.NEIGHBOUR)


def a_search(**more: Any) -> dict[str, Any]:
    """Mireille and E-214 by video, within a fortnight."""
    return {
        "kind": "individual",
        "discipline": "speech_therapy",
        "minutes": 45,
        "window": {"from_date": "2026-11-24", "days": 14},
        "modality": "remote",
        "participants": [{"type": "pupil", "id": str(cast.pupil("E-214")), "role": "pupil"}],
        **more,
    }


def a_booking(program: Program, nth: int = 0, **more: Any) -> dict[str, Any]:
    """The body that books the nth slot found."""
    found = program.post("/slots/search", a_search(limit=200))
    slot = found["slots"][nth]
    return {**found["booking"], "starts_at": slot["starts_at"], "sites": slot["sites"], **more}


def booked(program: Program, nth: int = 0, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = program.post("/encounters", a_booking(program, nth, **more), 201)
    return made


def a_plan(program: Program, **more: Any) -> dict[str, Any]:
    """The body that plans E-214 with Mireille on Wednesdays of the winter, in the second period."""
    body = a_booking(program)
    rule = {"by": "week", "days": [3], "first_on": "2027-01-11", "last_on": "2027-02-12", "period": 2}
    sites = [site | {"room_id": None, "facilitator_id": None} for site in body["sites"]]
    asked = {name: body[name] for name in ("kind", "discipline", "minutes")}
    return {**asked, "sites": sites, "rule": rule, **more}


def a_series(program: Program, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = program.post("/series", a_plan(program, **more), 201)
    return made
