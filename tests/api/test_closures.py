"""Closures by program: shown first, declared, listed, lifted; the same rights as on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests import cast
from tests.api.conftest import Program, booked, program_of

CLOSE: dict[str, Any] = {
    "scope": "building", "target_id": str(cast.building("cap")), "day_type": "closure", "label": "Tempête",
}  # fmt: skip


@pytest.fixture
def api(api_on_both: Flask) -> Flask:
    """Each of these on each engine."""
    return api_on_both


@pytest.fixture
def seance(mireille: Program) -> dict[str, Any]:
    return booked(mireille, 0)


def on_its_day(seance: dict[str, Any], **more: Any) -> dict[str, Any]:
    return CLOSE | {"first_on": seance["wall_time"][:10]} | more


def test_shown_then_declared_then_lifted(api: Flask, mireille: Program, seance: dict[str, Any]) -> None:
    omar = program_of(api, cast.OMAR)

    shown = omar.post("/closures", on_its_day(seance, dry_run=True), 200)
    assert [(line["encounter"]["id"], line["treatment"]) for line in shown["lines"]] == [(seance["id"], "make_up")]
    assert (shown["change_id"], omar.get("/closures")["items"]) == (None, [])

    done = omar.post("/closures", on_its_day(seance), 200)
    assert mireille.get(f"/encounters/{seance['id']}")["cause"] == "closure"
    (line,) = omar.get("/closures")["items"]
    assert (line["id"], line["label"]) == (done["closure_ids"][0], "Tempête")

    again = omar.post("/closures", on_its_day(seance), 200)
    assert (again["change_id"], again["already_declared"]) == (None, [line["on_date"]])

    assert omar.ask("DELETE", f"/closures/{line['id']}").json == {"restored": 1, "refused": 0}
    assert mireille.get(f"/encounters/{seance['id']}")["status"] == "planned"


def test_a_treatment_is_chosen(api: Flask, mireille: Program, seance: dict[str, Any]) -> None:
    kept = [{"encounter_id": seance["id"], "treatment": "keep"}]
    program_of(api, cast.LUC).post("/closures", on_its_day(seance, treatments=kept), 200)

    assert mireille.get(f"/encounters/{seance['id']}")["status"] == "planned"


def test_it_is_not_a_professional_s_to_do(mireille: Program, seance: dict[str, Any]) -> None:
    assert mireille.post("/closures", on_its_day(seance), 403)["code"] == "not_allowed"
    mireille.refused("GET", "/closures", 403, "not_allowed")


def test_what_is_wrong_is_told_by_field(api: Flask, seance: dict[str, Any]) -> None:
    refusal = program_of(api, cast.OMAR).post("/closures", on_its_day(seance, first_on="2026-11-29"), 422)

    assert "no_school" in str(refusal)
