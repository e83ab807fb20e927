"""Searching, booking and what refuses them, through HTTP."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests import cast
from tests.api.conftest import Program, a_booking, a_search, booked, program_of


def test_a_found_slot_books_as_it_is(api_on_both: Flask) -> None:
    mireille = program_of(api_on_both, cast.MIREILLE)
    found = mireille.post("/slots/search", a_search())
    slot = found["slots"][0]

    answer = mireille.ask(
        "POST",
        "/encounters",
        201,
        json={**found["booking"], "starts_at": slot["starts_at"], "sites": slot["sites"], "objective": "Le son ch"},
    )

    made = answer.json
    assert (made["starts_at"], made["wall_time"], made["zone"]) == (
        slot["starts_at"],
        slot["wall_time"],
        found["booking"]["zone"],
    )
    assert (made["status"], made["audience"], made["version"]) == ("planned", "host", 1)
    assert made["objective"] == "Le son ch"
    assert [act["kind"] for act in made["acts"]] == ["booked"]
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"/api/v1/encounters/{made['id']}"
    assert mireille.get(f"/encounters/{made['id']}") == made


def test_days_without_a_slot_say_why(mireille: Program) -> None:
    found = mireille.post("/slots/search", a_search(window={"from_date": "2026-11-28", "days": 2}))

    assert (found["slots"], found["total"]) == ([], 0)
    assert [refusal["rule"] for refusal in found["refusals"]] == ["closed_day", "closed_day"]


def test_a_taken_slot_comes_with_the_nearest_that_work(api_on_both: Flask) -> None:
    mireille = program_of(api_on_both, cast.MIREILLE)
    body = a_booking(mireille)
    mireille.post("/encounters", body, 201)

    problem = mireille.refused("POST", "/encounters", 409, "slot_taken", json=body)

    assert str(cast.MIREILLE) in problem["resource_ids"]
    assert len(problem["alternatives"]) == 3
    near = problem["alternatives"][0]
    assert booked_at(mireille, body, near)["starts_at"] == near["starts_at"]


def booked_at(program: Program, body: dict[str, Any], slot: dict[str, Any]) -> Any:
    return program.post("/encounters", {**body, "starts_at": slot["starts_at"], "sites": slot["sites"]}, 201)


def test_a_refused_slot_names_its_rules_and_what_would_work(mireille: Program) -> None:
    body = a_booking(mireille, starts_at="2026-11-28T14:00:00Z")  # a Saturday

    problem = mireille.refused("POST", "/encounters", 422, "slot_refused", json=body)

    assert "closed_day" in problem["rules"]
    assert problem["is_soft"] is True
    assert [slot["wall_time"][:10] for slot in problem["alternatives"]] == ["2026-11-27"] * 3


def test_a_soft_rule_may_be_set_aside(mireille: Program) -> None:
    body = a_booking(mireille, starts_at="2026-11-28T14:00:00Z")
    rules = mireille.refused("POST", "/encounters", 422, "slot_refused", json=body)["rules"]

    made = mireille.post("/encounters", {**body, "accepting": rules}, 201)

    assert made["wall_time"] == "2026-11-28T09:00"


def test_faults_are_told_by_field_and_nothing_sent_comes_back(mireille: Program) -> None:
    body = a_booking(mireille, minutes=45, kind="Zéphirine", secret_field="Zéphirine")
    del body["discipline"]

    answer = mireille.ask("POST", "/encounters", 422, json=body)

    assert answer.json["fields"] == {"kind": "not_a_choice", "discipline": "required", "body": "unknown_field"}
    assert "Zéphirine" not in answer.get_data(as_text=True)
    assert "secret_field" not in answer.get_data(as_text=True)


def test_past_far_and_crooked_times_are_refused(mireille: Program) -> None:
    for starts_at, fault in (
        ("2026-11-02T14:00:00Z", "in_the_past"),
        ("2029-11-02T14:00:00Z", "too_far_ahead"),
        ("2026-11-24T14:03:00Z", "not_on_the_grid"),
        ("2026-11-24T14:00:00", "zone_missing"),
        ("9999-12-31T23:59:59Z", "out_of_range"),
        ("0001-01-01T00:00:00+14:00", "out_of_range"),
        ("demain", "not_an_instant"),
        (1_780_000_000, "not_an_instant"),
    ):
        body = a_booking(mireille, starts_at=starts_at)
        problem = mireille.refused("POST", "/encounters", 422, "invalid_input", json=body)
        assert problem["fields"] == {"starts_at": fault}


def test_another_boards_pupil_is_not_found(mireille: Program) -> None:
    neighbour = [{"type": "pupil", "id": str(cast.NEIGHBOUR_PUPIL), "role": "pupil"}]

    mireille.refused("POST", "/slots/search", 404, "not_found", json=a_search(participants=neighbour))


def test_a_facilitator_books_nothing(api: Flask, mireille: Program) -> None:
    joseph = program_of(api, cast.JOSEPH)

    problem = joseph.refused("POST", "/encounters", 403, "not_allowed", json=a_booking(mireille))

    assert problem["because"] == "not_book"


def test_a_coordinator_searches_and_books_for_somebody(omar: Program) -> None:
    found = omar.post("/slots/search", a_search(host_id=str(cast.MIREILLE)))
    slot = found["slots"][0]

    made = omar.post("/encounters", {**found["booking"], "starts_at": slot["starts_at"], "sites": slot["sites"]}, 201)

    assert made["host"]["id"] == str(cast.MIREILLE)
    assert made["audience"] == "coordination"
    assert [pupil["given_name"] for site in made["sites"] for pupil in site["pupils"]] == [""]


def test_ten_thousand_participants_are_refused(mireille: Program) -> None:
    one = {"type": "pupil", "id": str(cast.pupil("E-214")), "role": "pupil"}

    problem = mireille.refused("POST", "/slots/search", 422, "invalid_input", json=a_search(participants=[one] * 1000))
    assert problem["fields"] == {"participants": "too_many"}
    mireille.refused("POST", "/slots/search", 413, "too_large", json=a_search(participants=[one] * 10_000))
    problem = mireille.refused("POST", "/slots/search", 422, "invalid_input", json=a_search(participants=[]))
    assert problem["fields"] == {"participants": "too_few"}


def test_a_repeat_with_its_key_books_once(api_on_both: Flask) -> None:
    mireille = program_of(api_on_both, cast.MIREILLE)
    body = a_booking(mireille)

    first = mireille.post("/encounters", body, 201, Idempotency_Key="lundi-1")
    again = mireille.post("/encounters", body, 201, Idempotency_Key="lundi-1")

    assert again == first
    assert len(mireille.get("/encounters")["items"]) == 1


def test_a_key_belongs_to_one_request(mireille: Program) -> None:
    body = a_booking(mireille)
    mireille.post("/encounters", body, 201, Idempotency_Key="k")

    problem = mireille.refused(
        "POST", "/encounters", 422, "invalid_input", json={**body, "is_strict": True}, headers={"Idempotency-Key": "k"}
    )

    assert problem["fields"] == {"Idempotency-Key": "key_reused"}


def test_a_key_of_a_refused_request_is_free_again(mireille: Program) -> None:
    body = a_booking(mireille)
    mireille.refused(
        "POST", "/encounters", 422, "invalid_input", json={**body, "minutes": 10}, headers={"Idempotency-Key": "k"}
    )

    assert booked(mireille)["status"] == "planned"
    mireille.post("/encounters", a_booking(mireille, 40), 201, Idempotency_Key="k")
