"""Reading encounters by audience, and the acts on them: each works, each is refused, the stranger finds nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from intervention.domain.clock import FixedClock
from intervention.domain.encounters import EncounterStatus
from intervention.web.stage import Stage
from tests import cast
from tests.api.conftest import Program, a_booking, a_search, booked, program_of


def match(encounter: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{encounter["version"]}"'}


def at(encounter: dict[str, Any], act: str = "") -> str:
    return f"/encounters/{encounter['id']}{act}"


@pytest.fixture
def seance(mireille: Program) -> dict[str, Any]:
    return booked(mireille)


def pupils_site(encounter: dict[str, Any]) -> dict[str, Any]:
    (site,) = (site for site in encounter["sites"] if not site["has_host"])
    return dict(site)


def test_each_reads_in_their_own_words(api: Flask, mireille: Program, seance: dict[str, Any]) -> None:
    helper = pupils_site(seance)["facilitator"]
    read = {
        who: program_of(api, person).get(at(seance))
        for who, person in (("host", cast.MIREILLE), ("desk", cast.LUC), ("coordination", cast.OMAR))
    }

    assert read["host"]["sites"][1]["pupils"][0]["family_name"] != ""
    assert read["desk"]["kind"] == "individual"
    assert {who: view["sites"][1]["pupils"][0]["family_name"] for who, view in read.items() if who != "host"} == {
        "desk": "",
        "coordination": "",
    }
    assert [read[who]["participations"] is None for who in read] == [False, True, False]
    facilitator = program_of(api, UUID(helper["id"])).get(at(seance))
    assert (facilitator["kind"], facilitator["axis"], facilitator["confidentiality"]) == (None, None, None)
    assert facilitator["sites"][1]["pupils"][0]["code"] == ""


def test_the_stranger_finds_nothing(stranger: Program, seance: dict[str, Any]) -> None:
    stranger.refused("GET", at(seance), 404, "not_found")
    stranger.refused("PATCH", at(seance), 404, "not_found", json={}, headers=match(seance))
    for act, body in (
        ("/cancellation", {"cause": "other"}),
        ("/modality", {"host": {"place": "home_base", "building_id": str(cast.building("maree"))}}),
        ("/attendance", {}),
        ("/join-links", {"participation_id": seance["participations"][0]["id"]}),
    ):
        stranger.refused("POST", at(seance, act), 404, "not_found", json=body, headers=match(seance))
    stranger.refused("DELETE", at(seance, "/cancellation"), 404, "not_found", headers=match(seance))
    assert stranger.get("/encounters")["items"] == []


def test_the_list_pages_by_cursor_and_filters(mireille: Program) -> None:
    all_of_them = [booked(mireille, nth)["id"] for nth in (0, 30, 60)]

    first = mireille.get("/encounters", limit=2)
    second = mireille.get("/encounters", limit=2, cursor=first["next_cursor"])

    starts = [item["starts_at"] for item in first["items"] + second["items"]]
    assert starts == sorted(starts)
    assert {item["id"] for item in first["items"] + second["items"]} == set(all_of_them)
    assert (len(first["items"]), second["next_cursor"]) == (2, None)
    only = mireille.get("/encounters", **{"from": starts[1], "to": starts[2]})
    assert [item["starts_at"] for item in only["items"]] == [starts[1]]
    assert mireille.get("/encounters", status="cancelled")["items"] == []
    assert len(mireille.get("/encounters", building=cast.building("cap"))["items"]) == 3
    assert mireille.get("/encounters", building=cast.building("dunes"))["items"] == []
    assert len(mireille.get("/encounters", person=cast.MIREILLE)["items"]) == 3
    assert mireille.get("/encounters", person=cast.OMAR)["items"] == []


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"cursor": "n'importe quoi"}, {"cursor": "unknown"}),
        ({"cursor": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5L3g"}, {"cursor": "unknown"}),
        ({"limit": 0}, {"limit": "out_of_range"}),
        ({"limit": 1000}, {"limit": "out_of_range"}),
        ({"from": "hier"}, {"from": "not_an_instant"}),
        ({"status": "perdu"}, {"status": "not_a_choice"}),
        ({"person": "moi"}, {"person": "not_an_id"}),
        ({"color": "rouge"}, {"body": "unknown_field"}),
    ],
)
def test_faulty_filters_are_named(mireille: Program, query: dict[str, Any], fields: dict[str, str]) -> None:
    problem = mireille.refused("GET", "/encounters", 422, "invalid_input", query_string=query)

    assert problem["fields"] == fields


def test_it_moves_for_who_read_the_present_version(api_on_both: Flask) -> None:
    mireille = program_of(api_on_both, cast.MIREILLE)
    seance = booked(mireille)
    later = a_booking(mireille, 80)["starts_at"]

    answer = mireille.ask("PATCH", at(seance), 200, json={"starts_at": later}, headers=match(seance))

    assert (answer.json["starts_at"], answer.json["version"]) == (later, 2)
    assert answer.headers["ETag"] == '"2"'
    assert [act["kind"] for act in answer.json["acts"]] == ["booked", "moved"]
    problem = mireille.refused("PATCH", at(seance), 412, "stale", json={"minutes": 30}, headers=match(seance))
    assert problem["version"] == 2


def test_a_change_without_a_version_is_refused(mireille: Program, seance: dict[str, Any]) -> None:
    mireille.refused("PATCH", at(seance), 428, "version_missing", json={"minutes": 30})
    for given in ("*", "1", 'W/"1"', '"x"'):
        mireille.refused("PATCH", at(seance), 412, "stale", json={"minutes": 30}, headers={"If-Match": given})


def test_a_move_onto_another_one_offers_other_times(mireille: Program, seance: dict[str, Any]) -> None:
    other = booked(mireille, 80)

    problem = mireille.refused(
        "PATCH", at(seance), 409, "slot_taken", json={"starts_at": other["starts_at"]}, headers=match(seance)
    )

    assert len(problem["alternatives"]) == 3
    assert mireille.get(at(seance))["version"] == 1


def test_a_site_gets_another_room_or_none(mireille: Program, seance: dict[str, Any]) -> None:
    site = pupils_site(seance)
    edit = {"sites": [{"id": site["id"], "facilitator_id": None}], "accepting": ["no_facilitator"]}

    changed = mireille.ask("PATCH", at(seance), 200, json=edit, headers=match(seance)).json

    assert pupils_site(changed)["facilitator"] is None
    assert pupils_site(changed)["room_id"] == site["room_id"]
    elsewhere = mireille.get("/rooms", building=cast.building("dunes"))["items"][0]["id"]
    edit = {"sites": [{"id": site["id"], "room_id": elsewhere}]}
    problem = mireille.refused("PATCH", at(changed), 422, "invalid_input", json=edit, headers=match(changed))
    assert problem["fields"] == {"room": "not_at_this_building"}


@pytest.mark.parametrize("thing", ["room_id", "kit_id", "facilitator_id"])
def test_a_thing_that_does_not_exist_is_given_to_no_site(mireille: Program, seance: dict[str, Any], thing: str) -> None:
    edit = {"sites": [{"id": pupils_site(seance)["id"], thing: str(cast.PARENT)}]}

    mireille.refused("PATCH", at(seance), 404, "not_found", json=edit, headers=match(seance))
    nowhere = {"host": {"place": "building", "building_id": str(cast.PARENT)}}
    mireille.refused("POST", at(seance, "/modality"), 404, "not_found", json=nowhere, headers=match(seance))


def test_she_goes_there_this_once(mireille: Program) -> None:
    found = mireille.post("/slots/search", a_search(modality="in_person"))
    slot = found["slots"][0]
    seance = mireille.post(
        "/encounters", {**found["booking"], "starts_at": slot["starts_at"], "sites": slot["sites"]}, 201
    )

    home = {"host": {"place": "home_base", "building_id": str(cast.building("maree"))}, "reason": "Tempête"}
    site = seance["sites"][0]
    problem = mireille.refused("POST", at(seance, "/modality"), 422, "slot_refused", json=home, headers=match(seance))
    assert problem["rules"] == ["no_facilitator"]
    changed = mireille.ask(
        "POST", at(seance, "/modality"), 200, json={**home, "accepting": ["no_facilitator"]}, headers=match(seance)
    ).json

    assert (seance["modality"], changed["modality"]) == ("in_person", "remote")
    assert changed["acts"][-1]["reason"] == "Tempête"
    assert site["has_host"] is True


def test_it_is_cancelled_with_a_cause_and_taken_back(api_on_both: Flask) -> None:
    mireille = program_of(api_on_both, cast.MIREILLE)
    seance = booked(mireille)

    gone = mireille.ask(
        "POST",
        at(seance, "/cancellation"),
        200,
        json={"cause": "school_event", "note": "Carnaval"},
        headers=match(seance),
    ).json
    back = mireille.ask("DELETE", at(seance, "/cancellation"), 200, headers=match(gone)).json

    assert (gone["status"], gone["cause"]) == ("cancelled", "school_event")
    assert (back["status"], back["cause"], back["version"]) == ("planned", None, 3)
    problem = mireille.refused("DELETE", at(back, "/cancellation"), 409, "wrong_state", headers=match(back))
    assert problem["state"] == EncounterStatus.PLANNED


def test_a_cancelled_one_does_not_move(mireille: Program, seance: dict[str, Any]) -> None:
    gone = mireille.ask("POST", at(seance, "/cancellation"), 200, json={"cause": "other"}, headers=match(seance)).json

    problem = mireille.refused("PATCH", at(gone), 409, "wrong_state", json={"minutes": 30}, headers=match(gone))

    assert problem["state"] == EncounterStatus.CANCELLED


def test_the_schools_desk_may_cancel_but_not_move(api: Flask, seance: dict[str, Any]) -> None:
    luc = program_of(api, cast.LUC)

    problem = luc.refused("PATCH", at(seance), 403, "not_allowed", json={"minutes": 30}, headers=match(seance))
    gone = luc.ask("POST", at(seance, "/cancellation"), 200, json={"cause": "closure"}, headers=match(seance)).json

    assert problem["because"] == "not_change_encounter"
    assert gone["status"] == "cancelled"


def test_attendance_is_stated_after_it_began_and_corrected(api: Flask, mireille: Program) -> None:
    seance = booked(mireille)
    pupil = next(each for each in seance["participations"] if each["type"] == "pupil")
    stated = {"attendance": [{"participation_id": pupil["id"], "attendance": "absent"}]}
    problem = mireille.refused(
        "POST", at(seance, "/attendance"), 422, "invalid_input", json=stated, headers=match(seance)
    )
    assert problem["fields"] == {"attendance": "not_yet_begun"}
    stage: Stage = api.extensions["intervention.stage"]
    assert isinstance(stage.clock, FixedClock)
    stage.clock.at += timedelta(days=10)

    given = mireille.ask("POST", at(seance, "/attendance"), 200, json=stated, headers=match(seance)).json
    corrected = mireille.ask("POST", at(seance, "/attendance"), 200, json={}, headers=match(given)).json

    assert given["status"] == "completed"
    assert attendance_of(given, pupil["id"]) == "absent"
    assert attendance_of(corrected, pupil["id"]) == "present"
    twice = {"attendance": [stated["attendance"][0]] * 2}
    problem = mireille.refused(
        "POST", at(seance, "/attendance"), 422, "invalid_input", json=twice, headers=match(corrected)
    )
    assert problem["fields"] == {"attendance": "participant_twice"}


def attendance_of(encounter: dict[str, Any], participation_id: str) -> Any:
    return next(p["attendance"] for p in encounter["participations"] if p["id"] == participation_id)


def test_a_guests_link_is_told_once(mireille: Program) -> None:
    parent = {"type": "guest", "id": str(cast.PARENT), "role": "parent"}
    body = a_booking(mireille)
    body["sites"][1]["participants"].append(parent)
    seance = mireille.post("/encounters", body, 201)
    guest, pupil = (next(p["id"] for p in seance["participations"] if p["type"] == kind) for kind in ("guest", "pupil"))

    link = mireille.post(at(seance, "/join-links"), {"participation_id": guest}, 201, Idempotency_Key="lien")
    again = mireille.post(at(seance, "/join-links"), {"participation_id": guest}, 201, Idempotency_Key="lien")

    assert link["url"].startswith("http://localhost/r#s1_")
    assert again == {"id": link["id"], "url": None}
    problem = mireille.refused("POST", at(seance, "/join-links"), 409, "wrong_state", json={"participation_id": guest})
    assert problem["because"] == "link_exists"
    problem = mireille.refused(
        "POST", at(seance, "/join-links"), 422, "invalid_input", json={"participation_id": pupil}
    )
    assert problem["fields"] == {"participation_id": "no_link_for_role"}
