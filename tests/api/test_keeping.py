"""What administrators keep through the API: schools, buildings, kits, pupils and classes."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests import cast
from tests.api.conftest import UNSEEN, Program, booked, program_of

CAP, SCHOOL = str(cast.building("cap")), str(cast.school("cap-chardon"))
PUPIL = {
    "code": "E-900", "given_name": "Alizée", "family_name": "Hautetour", "level": "primary", "school_id": SCHOOL,
    "building_id": CAP,
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "/schools": {"code": "900", "name": "École des Rives", "placements": [{"building_id": CAP, "levels": ["primary"]}]},
    "/buildings": {"code": "900001", "name": "Pavillon Bleu", "municipality": "Grosse-Île"},
    "/kits": {"name": "La neuve", "building_id": CAP},
    "/pupils": PUPIL,
    "/groups": {"name": "Neuve", "building_id": CAP, "school_id": SCHOOL, "level": "primary"},
}


@pytest.mark.parametrize("path", BODIES)
def test_each_is_added_once_for_one_key_on_both_engines(api_on_both: Flask, path: str) -> None:
    ines = program_of(api_on_both, cast.INES)

    made = ines.post(path, BODIES[path], 201, Idempotency_Key="once")

    assert ines.post(path, BODIES[path], 201, Idempotency_Key="once") == made
    assert ines.refused("POST", path, 422, "invalid_input", json=BODIES[path])["fields"].popitem()[1].endswith("taken")


def test_edits_leave_what_is_left_out(ines: Program) -> None:
    school = ines.post("/schools", BODIES["/schools"], 201)
    kit = ines.post("/kits", BODIES["/kits"], 201)
    group = ines.post("/groups", BODIES["/groups"], 201)

    edited = ines.edit(f"/schools/{school['id']}", {"name": "École du Cap"})
    assert edited == {**school, "name": "École du Cap"}
    closed = ines.edit(f"/schools/{school['id']}", {"is_active": False, "placements": []})
    assert (closed["is_active"], closed["building_ids"]) == (False, [])
    edited = ines.edit(f"/kits/{kit['id']}", {"building_id": None})
    assert edited == {**kit, "building_id": None}
    edited = ines.edit(f"/groups/{group['id']}", {"level": "secondary"})
    assert edited == {**group, "level": "secondary"}
    ines.edit(f"/groups/{group['id']}", {"is_active": False})
    ines.refused(
        "PATCH",
        f"/groups/{group['id']}",
        422,
        "invalid_input",
        json={"school_id": None},
        headers=ines.seen(f"/groups/{group['id']}"),
    )


def test_a_pupil_is_corrected_moved_and_archived(ines: Program) -> None:
    pupil = ines.post("/pupils", PUPIL, 201)
    group = str(cast.class_group("cap/456"))
    path = f"/pupils/{pupil['id']}"

    assert (pupil["given_name"], pupil["code"]) == ("", "E-900")
    edited = ines.edit(path, {"code": "E-901", "class_group_id": group})
    assert (edited["code"], edited["class_group_id"], edited["building_id"]) == ("E-901", group, CAP)
    ines.edit(path, {"is_archived": True})
    assert pupil["id"] not in {row["id"] for row in ines.get("/pupils", limit=200)["items"]}
    ines.edit(path, {"is_archived": False})
    for body, fields in (
        ({"code": "Hautetour"}, {"code": "not_a_pupil_code"}),
        ({"code": "E-214"}, {"code": "code_taken"}),
        ({"school_id": None}, {"school_id": "required"}),
        ({"building_id": str(cast.NEIGHBOUR_BUILDING)}, {"school_id": "unknown"}),
        ({"class_group_id": str(cast.NEIGHBOUR)}, {"class_group_id": "class_elsewhere"}),
        ({"born_month": "2012-05", "is_age_needed": True}, {"born_month": "age_not_needed"}),
    ):
        assert ines.refused("PATCH", path, 422, "invalid_input", json=body, headers=ines.seen(path))["fields"] == fields


def test_what_encounters_count_on_stays(ines: Program, mireille: Program) -> None:
    booked(mireille)

    refused = ines.refused(
        "PATCH",
        f"/pupils/{cast.pupil('E-214')}",
        422,
        "invalid_input",
        json={"is_archived": True},
        headers=ines.seen(f"/pupils/{cast.pupil('E-214')}"),
    )
    assert refused["fields"] == {"is_archived": "used_to_come"}


@pytest.mark.parametrize("path", BODIES)
def test_only_administrators(mireille: Program, omar: Program, path: str) -> None:
    for other in (mireille, omar):
        other.refused("POST", path, 403, "not_allowed", json=BODIES[path])


def test_the_stranger_finds_nothing(api: Flask) -> None:
    with api.extensions["intervention.stage"].database.session(read_only=True) as session:
        her = cast.administratrice_voisine(session)
    stranger = program_of(api, her.person_id, cast.NEIGHBOUR)

    for path in (f"/schools/{SCHOOL}", f"/pupils/{cast.pupil('E-214')}", f"/groups/{cast.class_group('cap/123')}"):
        stranger.refused("PATCH", path, 404, "not_found", json={}, headers=UNSEEN)
    stranger.refused("POST", "/groups", 404, "not_found", json=BODIES["/groups"])
    assert stranger.refused("POST", "/pupils", 422, "invalid_input", json=PUPIL)["fields"] == {"school_id": "unknown"}


PATCHES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    f"/people/{cast.MIREILLE}": ({"phone": "418 555-0142"}, {"family_name": "Roy"}, ["phone"]),
    f"/schools/{SCHOOL}": ({"name": "École du Cap"}, {"code": "901"}, ["name"]),
    f"/buildings/{CAP}": ({"phone": "418 555-0142"}, {"short_name": "Cap"}, ["phone"]),
    f"/pupils/{cast.pupil('E-214')}": ({"class_group_id": None}, {"grade": "6e année"}, ["class_group_id"]),
    f"/groups/{cast.class_group('cap/456')}": ({"level": "secondary"}, {"name": "6"}, ["level"]),
}


@pytest.mark.parametrize("path", PATCHES)
def test_the_second_of_two_is_told_what_the_first_changed(ines: Program, path: str) -> None:
    first, second, changed = PATCHES[path]
    read = ines.seen(path)
    ines.edit(path, first)

    refused = ines.refused("PATCH", path, 412, "stale", json=second, headers=read)

    assert refused["changed"] == changed
    assert {"If-Match": f'"{refused["version"]}"'} == ines.seen(path)
    ines.edit(path, second)


def test_what_the_settings_and_the_hours_of_a_person_were_is_seen_too(ines: Program) -> None:
    path = f"/people/{cast.MIREILLE}"
    read = ines.seen(path)
    ines.edit(path, {"hours": [], "professional": {"lunch_minutes": 30}})

    refused = ines.refused("PATCH", path, 412, "stale", json={"family_name": "Roy"}, headers=read)

    assert refused["changed"] == ["lunch_minutes", *(f"starts-now-{day}-0" for day in range(1, 6))]


@pytest.mark.parametrize("path", PATCHES)
def test_an_edit_may_say_what_was_read(ines: Program, path: str) -> None:
    body = PATCHES[path][0]

    for garbage in ("3", '"3"', 'W/"00000000"', '"zzzzzzzz"', f'"{"0" * 5000}"', "é"):
        ines.refused("PATCH", path, 412, "stale", json=body, headers={"If-Match": garbage})
    stale = ines.refused("PATCH", path, 412, "stale", json=body, headers=UNSEEN)
    assert stale["changed"] == []
    ines.ask("PATCH", path, 200, json=body)
    ines.ask("PATCH", path, 200, json=body, headers={"If-Match": "*"})  # any version: RFC 9110 §13.1.1


def test_the_answer_to_an_edit_has_what_the_next_asks_for(ines: Program) -> None:
    made = ines.ask("POST", "/kits", 201, json=BODIES["/kits"])
    path = f"/kits/{made.json['id']}"

    etag = made.headers["ETag"]
    for name in ("Une", "Deux"):
        etag = ines.ask("PATCH", path, 200, json={"name": name}, headers={"If-Match": etag}).headers["ETag"]

    assert ines.get(path)["name"] == "Deux"
