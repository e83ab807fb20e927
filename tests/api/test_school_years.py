"""School years through the API: the dated days, a dry run, an edit, and who may not."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests import cast
from tests.api.conftest import Program

CAP = f"/school-years/{cast.building('cap')}"
PED = "2026-12-04"


@pytest.fixture
def api(api_on_both: Flask) -> Flask:
    """Each of these on each engine."""
    return api_on_both


def marks(layer: str = "building", **more: Any) -> dict[str, Any]:
    return {"layer": layer, "marks": [{"first": PED, "last": PED, "day_type": "pedagogical"}], **more}


def day(program: Program, on: str) -> dict[str, Any]:
    return next(each for each in program.get(CAP)["days"] if each["on_date"] == on)


def test_a_year_is_read_day_by_day(mireille: Program) -> None:
    year = mireille.get(CAP)

    thanksgiving = next(each for each in year["days"] if each["on_date"] == "2026-10-12")
    assert (thanksgiving["morning"], thanksgiving["afternoon"]) == ("holiday", "holiday")
    assert (thanksgiving["layer"], thanksgiving["label"]) == ("holidays", "thanksgiving")
    assert 170 < year["class_days"] <= year["calendar_days"] <= 200


def test_an_edit_is_tried_then_applied(ines: Program) -> None:
    tried = ines.post(CAP, marks())
    assert tried["change_id"] is None
    assert [each["after"]["morning"] for each in tried["days"] if each["after"]["on_date"] == PED] == ["pedagogical"]
    assert day(ines, PED)["morning"] == "class"

    done = ines.post(CAP, marks(dry_run=False))

    assert done["days"] == tried["days"]
    assert done["change_id"] is not None
    assert (day(ines, PED)["morning"], day(ines, PED)["layer"]) == ("pedagogical", "building")


def test_what_cannot_be_is_refused_by_field(ines: Program) -> None:
    for body, field in (
        (marks("school"), "school_id"),
        (marks("level"), "level"),
        (marks("event"), "layer"),
        (marks() | {"marks": [{"first": PED, "last": "2026-12-01", "day_type": "exam"}]}, "last"),
        (marks() | {"marks": [{"first": PED, "last": PED, "day_type": "closure"}]}, "day_type"),
    ):
        assert field in ines.refused("POST", CAP, 422, "invalid_input", json=body)["fields"]


def test_who_may_not_is_told_and_the_stranger_sees_nothing(mireille: Program, stranger: Program) -> None:
    refusal = mireille.refused("POST", CAP, 403, "not_allowed", json=marks())
    assert refusal["because"] == "not_edit_calendars"
    stranger.refused("GET", CAP, 404, "not_found")
    stranger.refused("POST", CAP, 404, "not_found", json=marks())
