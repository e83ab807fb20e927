"""Requests made from the document by schemathesis, with ids of the world: no 5xx, no answer it does not describe."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.checks import positive_data_acceptance

from intervention.api.document import document
from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.records.database import Database
from intervention.settings import Settings
from tests import cast
from tests.api.conftest import KEY, Program, a_booking, a_series, booked, program_of
from tests.databases import MONDAY

EXAMPLES = 15  # per operation, besides what covers each bound of each field
KNOWN: list[str] = [
    str(each)
    for each in (
        cast.MIREILLE,
        cast.LUC,
        cast.PARENT,
        cast.pupil("E-214"),
        cast.building("cap"),
        cast.building("maree"),
        cast.school("cap-chardon"),
        cast.class_group("cap/123"),
        cast.NEIGHBOUR_PUPIL,
    )
]


@pytest.fixture(scope="module")
def crowded(world_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The cast's world with a few séances, whose ids the generator knows."""
    path = tmp_path_factory.mktemp("generated") / "world.sqlite"
    shutil.copyfile(world_file, path)
    database = Database(f"sqlite:///{path}")
    app = create_app(Settings.from_env({"SECRET_KEY": KEY}), database, FixedClock(MONDAY))
    mireille = program_of(app, cast.MIREILLE)
    for nth in (0, 30, 60):
        encounter = booked(mireille, nth)
        KNOWN.append(encounter["id"])
        KNOWN.extend(site["id"] for site in encounter["sites"])
        KNOWN.extend(each["id"] for each in encounter["participations"])
    KNOWN.append(a_series(mireille)["id"])
    schemathesis.openapi.format("uuid", st.one_of(st.sampled_from(KNOWN), st.uuids().map(str)))
    schemathesis.openapi.format("date", st.sampled_from(["2026-11-24", "2026-03-08", "2000-01-01", "2100-12-31"]))
    stand_in.app = app
    yield app
    database.dispose()


@pytest.fixture(scope="module")
def as_administrator(crowded: Flask) -> Program:
    """She coordinates too, so that most acts are hers to do."""
    return program_of(crowded, cast.INES)


class StandIn:
    """Tests are collected before there is an application: it is put here once made.

    Every request comes from another network, for one network may guess only so many tokens.
    """

    app: Flask
    requests = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.requests += 1
        environ["REMOTE_ADDR"] = f"10.{self.requests >> 8 & 255}.{self.requests & 255}.1"
        return self.app.wsgi_app(environ, start_response)


stand_in = StandIn()
WITHOUT_IF_MATCH = {"missing_required_header": {"expected-statuses": [401, 403, 404, 422, 428]}}  # RFC 6585 §3
described = schemathesis.openapi.from_dict(
    document(), config=schemathesis.Config.from_dict({"checks": WITHOUT_IF_MATCH})
)
described.app = stand_in


@described.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_describes(case: Any, as_administrator: Program) -> None:
    """Input that fits the schema may still be refused: a time that passed, a room that is elsewhere."""
    headers = {"Authorization": f"Bearer {as_administrator.token}"}

    case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])


def test_the_world_is_still_whole_afterwards(crowded: Flask) -> None:
    mireille = program_of(crowded, cast.MIREILLE)

    assert mireille.post("/encounters", a_booking(mireille), 201)["status"] == "planned"
