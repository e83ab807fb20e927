"""People kept through the API: added with settings and hours, edited; then each refusal, and the stranger."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests import cast
from tests.api.conftest import UNSEEN, Program, program_of

CAP = str(cast.building("cap"))
LOUISE: dict[str, Any] = {"given_name": "Louise", "family_name": "Gallant", "role": "professional"}
SETTINGS = {"home_building_id": CAP, "discipline": "psychology"}
MONDAY = {"weekday": 1, "starts_local": "08:00", "ends_local": "12:00"}


def test_one_is_added_once_for_one_key_on_both_engines(api_on_both: Flask) -> None:
    ines = program_of(api_on_both, cast.INES)
    body = LOUISE | {"email": "louise@example.org", "professional": SETTINGS, "hours": [MONDAY]}

    made = ines.post("/people", body, 201, Idempotency_Key="once")

    assert made == {
        "id": made["id"], "name": "Louise Gallant", "roles": ["professional"], "discipline": "psychology",
        "home_building_id": CAP,
    }  # fmt: skip
    assert ines.post("/people", body, 201, Idempotency_Key="once") == made
    assert ines.refused("POST", "/people", 422, "invalid_input", json=body)["fields"] == {"email": "email_taken"}
    assert made in ines.get("/people", limit=200)["items"]


def test_edits_leave_what_is_left_out(ines: Program) -> None:
    made = ines.post("/people", LOUISE, 201)
    path = f"/people/{made['id']}"
    ines.refused(
        "PATCH",
        path,
        422,
        "invalid_input",
        json={"professional": {"discipline": "psychology"}},
        headers=ines.seen(path),
    )
    ines.edit(path, {"professional": SETTINGS, "hours": []})

    edited = ines.edit(path, {"family_name": "Roy", "professional": {"discipline": "guidance"}})

    assert edited == {**made, "name": "Louise Roy", "discipline": "guidance", "home_building_id": CAP}


def test_refusals_name_their_fields(ines: Program) -> None:
    path = f"/people/{cast.MIREILLE}"
    overlapping = [MONDAY, MONDAY | {"starts_local": "11:00", "ends_local": "13:00"}]

    for body, fields in (
        (LOUISE | {"role": "teacher"}, {"building_id": "required"}),
        (LOUISE | {"email": "louise"}, {"email": "not_an_email"}),
        (LOUISE | {"building_id": str(cast.NEIGHBOUR_BUILDING), "role": "teacher"}, {"building_id": "unknown"}),
    ):
        assert ines.refused("POST", "/people", 422, "invalid_input", json=body)["fields"] == fields
    refused = ines.refused("PATCH", path, 422, "invalid_input", json={"hours": overlapping}, headers=ines.seen(path))
    assert refused["fields"] == {"starts-now-1-1": "opening_overlaps"}
    ines.refused(
        "PATCH",
        f"/people/{cast.LUC}",
        409,
        "wrong_state",
        json={"professional": SETTINGS},
        headers=ines.seen(f"/people/{cast.LUC}"),
    )


def test_nobody_is_added_when_the_settings_are_refused(ines: Program) -> None:
    body = LOUISE | {
        "email": "louise@example.org",
        "professional": SETTINGS | {"home_building_id": str(cast.NEIGHBOUR)},
    }

    ines.refused("POST", "/people", 422, "invalid_input", json=body)

    ines.post("/people", body | {"professional": SETTINGS}, 201)


def test_only_administrators_and_the_stranger_finds_nobody(api: Flask, mireille: Program, omar: Program) -> None:
    for other in (mireille, omar):
        other.refused("POST", "/people", 403, "not_allowed", json=LOUISE)
        other.refused("PATCH", f"/people/{cast.LUC}", 403, "not_allowed", json={"family_name": "Roy"}, headers=UNSEEN)
    with api.extensions["intervention.stage"].database.session(read_only=True) as session:
        her = cast.administratrice_voisine(session)
    stranger = program_of(api, her.person_id, cast.NEIGHBOUR)
    stranger.refused("PATCH", f"/people/{cast.LUC}", 404, "not_found", json={}, headers=UNSEEN)
