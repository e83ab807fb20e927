"""Who I am, the lists within one's scope, what administrators keep, and calendar subscriptions."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests import cast
from tests.api.conftest import UNSEEN, Program, program_of

LISTS = ("/people", "/schools", "/buildings", "/rooms", "/kits", "/pupils", "/groups")


def everything(program: Program, path: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of a list, a few rows at a time."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = program.get(path, limit=40, **query, **cursor)
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        assert len(page["items"]) == 40
        cursor = {"cursor": page["next_cursor"]}


def test_me_says_who_acts_and_until_when(mireille: Program) -> None:
    me = mireille.get("/me")

    assert (me["id"], me["organization"]["id"]) == (str(cast.MIREILLE), str(cast.BOARD))
    assert [mandate["role"] for mandate in me["mandates"]] == ["professional"]
    assert me["token"]["expires_at"] == "2027-11-23T12:40:00Z"


@pytest.mark.parametrize("path", LISTS)
def test_lists_on_both_engines_hold_each_row_once(api_on_both: Flask, path: str) -> None:
    ids = [row["id"] for row in everything(program_of(api_on_both, cast.OMAR), path)]

    assert len(set(ids)) == len(ids) > 0


@pytest.mark.parametrize("path", LISTS)
def test_the_stranger_sees_none_of_ours(omar: Program, stranger: Program, path: str) -> None:
    ours = {row["id"] for row in everything(omar, path)}

    assert not ours & {row["id"] for row in everything(stranger, path)}


def test_people_by_role(mireille: Program) -> None:
    principals = everything(mireille, "/people", role="principal")

    assert str(cast.LUC) in {row["id"] for row in principals}
    assert all("principal" in row["roles"] for row in principals)
    herself = next(row for row in everything(mireille, "/people") if row["id"] == str(cast.MIREILLE))
    assert (herself["discipline"], herself["home_building_id"]) == ("speech_therapy", str(cast.building("maree")))


def test_a_teacher_sees_the_places_and_pupils_of_her_school(api: Flask) -> None:
    anouk = program_of(api, cast.ANOUK)

    assert [row["id"] for row in everything(anouk, "/buildings")] == [str(cast.building("cap"))]
    assert {row["building_id"] for row in everything(anouk, "/rooms")} == {str(cast.building("cap"))}
    pupils = everything(anouk, "/pupils")
    assert str(cast.pupil("E-214")) in {row["id"] for row in pupils}
    assert {row["class_group_id"] for row in pupils} == {str(cast.class_group("cap/123"))}
    assert {row["type"] for row in everything(anouk, "/groups")} == {"class_group"}


def test_a_facilitator_sees_no_pupil(api: Flask) -> None:
    assert program_of(api, cast.JOSEPH).get("/pupils") == {"items": [], "next_cursor": None}


def test_who_coordinates_reads_codes_without_names(omar: Program, mireille: Program) -> None:
    assert {row["family_name"] for row in everything(omar, "/pupils")} == {""}
    assert "" not in {row["family_name"] for row in everything(mireille, "/pupils")}


def test_rooms_of_one_building(mireille: Program) -> None:
    rooms = everything(mireille, "/rooms", building=cast.building("cap"))

    assert {row["building_id"] for row in rooms} == {str(cast.building("cap"))}


def a_room(**more: Any) -> dict[str, Any]:
    return {"building_id": str(cast.building("cap")), "name": "Le phare", "capacity": 3, "is_closed": True, **more}


def test_an_administrator_adds_and_edits_a_room(api_on_both: Flask) -> None:
    ines = program_of(api_on_both, cast.INES)

    room = ines.post("/rooms", a_room(), 201, Idempotency_Key="phare")
    again = ines.post("/rooms", a_room(), 201, Idempotency_Key="phare")
    edited = ines.edit(f"/rooms/{room['id']}", {"has_headset": True})

    assert again == room
    assert edited == {**room, "has_headset": True}


def test_a_rooms_faults_are_named(ines: Program) -> None:
    ines.post("/rooms", a_room(), 201)

    for body, fields in (
        (a_room(), {"name": "name_taken"}),
        (a_room(capacity=0), {"capacity": "out_of_range"}),
        (a_room(name=""), {"name": "too_short"}),
        (a_room(name="a" * 61), {"name": "too_long"}),
        (a_room(name="a\0b"), {"name": "not_readable"}),
        (a_room(capacity="3"), {"capacity": "not_a_number"}),
    ):
        assert ines.refused("POST", "/rooms", 422, "invalid_input", json=body)["fields"] == fields


def test_only_administrators_keep_places(mireille: Program, ines: Program, stranger: Program) -> None:
    room = ines.post("/rooms", a_room(), 201)
    cap = f"/buildings/{cast.building('cap')}"

    assert mireille.refused("POST", "/rooms", 403, "not_allowed", json=a_room())["because"] == "not_edit_schools"
    mireille.refused("PATCH", f"/rooms/{room['id']}", 403, "not_allowed", json={"capacity": 4}, headers=UNSEEN)
    mireille.refused("PATCH", cap, 403, "not_allowed", json={"phone": "418 555-0100"}, headers=UNSEEN)
    stranger.refused("POST", "/rooms", 404, "not_found", json=a_room())
    stranger.refused("PATCH", f"/rooms/{room['id']}", 404, "not_found", json={"capacity": 4}, headers=UNSEEN)
    stranger.refused("PATCH", cap, 404, "not_found", json={"phone": "418 555-0100"}, headers=UNSEEN)


def test_an_administrator_edits_a_building(ines: Program) -> None:
    path = f"/buildings/{cast.building('cap')}"
    before = next(row for row in everything(ines, "/buildings") if row["id"] == str(cast.building("cap")))

    edited = ines.edit(path, {"opens_local": "07:15", "zone": before["zone"]})

    assert edited == {**before, "opens_local": "07:15"}
    for body, fields in (
        ({"closes_local": "06:00"}, {"closes_local": "ends_before_start"}),
        ({"closes_local": "six heures"}, {"closes_local": "not_a_time"}),
        ({"postal_code": "12345"}, {"postal_code": "bad_postal_code"}),
        ({"zone": "Europe/Paris"}, {"zone": "not_a_choice"}),
    ):
        assert ines.refused("PATCH", path, 422, "invalid_input", json=body, headers=ines.seen(path))["fields"] == fields


def test_a_feed_opens_at_its_address_and_closes(api_on_both: Flask) -> None:
    mireille = program_of(api_on_both, cast.MIREILLE)
    ask = {"scope": "person", "detail": "neutral", "label": "Téléphone"}

    feed = mireille.post("/feeds", ask, 201, Idempotency_Key="f")
    again = mireille.post("/feeds", ask, 201, Idempotency_Key="f")

    browser = api_on_both.test_client()
    assert again == {**feed, "url": None}
    assert browser.get(feed["url"]).status_code == 200
    mireille.ask("DELETE", f"/feeds/{feed['id']}", 204)
    assert browser.get(feed["url"]).status_code == 410
    mireille.refused("DELETE", f"/feeds/{feed['id']}", 404, "not_found")


def test_feeds_of_others_are_refused(api: Flask, mireille: Program, stranger: Program) -> None:
    school = {"scope": "school", "subject_id": str(cast.school("cap-chardon")), "detail": "busy"}
    feed = program_of(api, cast.LUC).post("/feeds", school, 201)

    mireille.refused("POST", "/feeds", 403, "not_allowed", json=school)
    mireille.refused("DELETE", f"/feeds/{feed['id']}", 404, "not_found")
    stranger.refused("POST", "/feeds", 404, "not_found", json=school)
    problem = mireille.refused("POST", "/feeds", 422, "invalid_input", json={"scope": "room", "detail": "busy"})
    assert problem["fields"] == {"subject_id": "required"}
