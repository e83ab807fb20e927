"""What strangers, haste and bad data send to the API: a code, a sentence, never what was sent, and nothing written."""

from __future__ import annotations

import json
from time import monotonic
from typing import Any

import pytest
from flask import Flask

from tests import cast
from tests.api.conftest import Program, a_booking, a_plan, a_search

NAME = "Hautetour-Quatorzemains"
CAP, SCHOOL = str(cast.building("cap")), str(cast.school("cap-chardon"))
PUPIL = {
    "code": "E-900", "given_name": NAME, "family_name": NAME, "level": "primary", "school_id": SCHOOL,
    "building_id": CAP,
}  # fmt: skip
RAW = (
    b"", b"{", b"null", b"NaN", b'{"a": NaN}', b"1e999", b'{"x": ' + b"9" * 5000 + b"}", b"[" * 50_000,
    b'{"a":' * 50_000, b"\xff\xfe", '{"a": "é"}'.encode("latin-1"), '{"a": 1}'.encode("utf-16"),
)  # fmt: skip
PATHS = ("/slots/search", "/encounters", "/series", "/people", "/pupils", "/rooms", "/closures", "/feeds")


@pytest.fixture
def programs(ines: Program, mireille: Program) -> dict[str, Program]:
    """Who may do each: the administrator keeps the lists, a professional plans."""
    hers = dict.fromkeys(("/slots/search", "/encounters", "/series", "/feeds"), mireille)
    return {path: hers.get(path, ines) for path in PATHS}


def sent(program: Program, path: str, body: bytes, **headers: str) -> Any:
    """The answer to a body as it stands, whatever it is."""
    began = monotonic()
    answer = program.app.test_client(use_cookies=False).post(
        f"/api/v1{path}", data=body, headers={"Authorization": f"Bearer {program.token}", **headers}
    )
    assert monotonic() - began < 10
    return answer


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_is_no_object_is_a_problem(programs: dict[str, Program], path: str) -> None:
    for body in RAW:
        answer = sent(programs[path], path, body, **{"Content-Type": "application/json"})
        assert (body[:12], answer.status_code, answer.mimetype) in {
            (body[:12], 400, "application/problem+json"), (body[:12], 422, "application/problem+json"),
        }  # fmt: skip
        assert answer.json["code"] in {"not_json", "invalid_input"}
    for media in ("text/plain", "", "multipart/form-data", "application/x-www-form-urlencoded", "*/*"):
        assert sent(programs[path], path, b"{}", **{"Content-Type": media}).status_code == 415
    too_large = json.dumps({"a": "x" * 300_000}).encode()
    assert sent(programs[path], path, too_large, **{"Content-Type": "application/json"}).status_code == 413


@pytest.mark.parametrize("wrong", [2**63, -(2**63), 10**30, 1.5, True, "٣", "\0", None, [], {}, ["x"] * 3000])
def test_no_number_overflows(ines: Program, mireille: Program, wrong: Any) -> None:
    room = {"building_id": CAP, "name": "Serre", "capacity": wrong, "is_closed": True}
    search = a_search(minutes=wrong)

    assert set(ines.refused("POST", "/rooms", 422, "invalid_input", json=room)["fields"]) == {"capacity"}
    assert set(mireille.refused("POST", "/slots/search", 422, "invalid_input", json=search)["fields"]) == {"minutes"}


def test_what_was_sent_is_never_in_the_answer(ines: Program) -> None:
    for wrong in (
        {"code": NAME}, {"level": NAME}, {"school_id": NAME}, {"born_month": NAME}, {NAME: NAME}, {"grade": NAME * 9},
        {"given_name": NAME * 40}, {"family_name": f"{NAME}\0"},
    ):  # fmt: skip
        answer = ines.ask("POST", "/pupils", 422, json=PUPIL | wrong)
        assert NAME not in answer.get_data(as_text=True)
    answer = ines.ask("POST", "/people", 422, json={"given_name": NAME, "family_name": NAME, "role": NAME})
    assert NAME not in answer.get_data(as_text=True)


def test_ten_thousand_participants_or_none(mireille: Program) -> None:
    crowd = [{"type": "pupil", "id": str(cast.pupil("E-214")), "role": "pupil"}] * 10_000
    nobody = a_booking(mireille) | {"sites": []}

    for count, code in ((0, "too_few"), (61, "too_many")):
        refused = mireille.refused(
            "POST", "/slots/search", 422, "invalid_input", json=a_search(participants=crowd[:count])
        )
        assert refused["fields"] == {"participants": code}
    assert (
        sent(
            mireille,
            "/slots/search",
            json.dumps(a_search(participants=crowd)).encode(),
            **{"Content-Type": "application/json"},
        ).status_code
        == 413
    )
    assert mireille.refused("POST", "/encounters", 422, "invalid_input", json=nobody)["fields"] == {"sites": "too_few"}


@pytest.mark.parametrize(
    "starts_at",
    ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2027-03-14T02:30:00", "2026-11-24T14:00:00+99:00", "", "hier", 0],
)
def test_an_instant_that_cannot_be(mireille: Program, starts_at: Any) -> None:
    body = a_booking(mireille) | {"starts_at": starts_at}

    refused = mireille.refused("POST", "/encounters", 422, "invalid_input", json=body)

    assert set(refused["fields"]) == {"starts_at"}


@pytest.mark.parametrize("rule", [{"last_on": "2100-12-31"}, {"days": [0]}, {"days": [8]}, {"last_on": "2026-01-01"}])
def test_a_series_that_cannot_be(mireille: Program, rule: dict[str, Any]) -> None:
    plan = a_plan(mireille)
    before = mireille.get("/series", limit=200)["items"]

    problem = mireille.refused("POST", "/series", 422, "invalid_input", json=plan | {"rule": plan["rule"] | rule})

    assert problem["fields"]
    assert mireille.get("/series", limit=200)["items"] == before


@pytest.mark.parametrize(
    "query",
    [
        "cursor=x",
        "cursor=%00",
        "cursor=%ff",
        "limit=9223372036854775808",
        "limit=0",
        "limit=NaN",
        "from=0001-01-01",
        "x=1",
    ],
)
def test_garbage_in_an_address(mireille: Program, query: str) -> None:
    answer = mireille.app.test_client(use_cookies=False).get(
        f"/api/v1/encounters?{query}", headers={"Authorization": f"Bearer {mireille.token}"}
    )

    assert answer.status_code in {400, 422}
    assert answer.mimetype == "application/problem+json"


def test_garbage_in_headers(api: Flask, mireille: Program) -> None:
    for accept in ("text/html", "application/xml;q=x", "", "a" * 8000, "application/json;q=0"):
        assert mireille.ask("GET", "/me", headers={"Accept": accept}).json["id"] == str(cast.MIREILLE)
    for token in ("", "Bearer", "Bearer it1_" + "a" * 9000, "Basic x", "Bearer é"):
        answer = api.test_client(use_cookies=False).get("/api/v1/me", headers={"Authorization": token})
        assert (answer.status_code, answer.json["code"]) == (401, "token_refused")
    key = {"Idempotency-Key": "a" * 77}
    refused = mireille.refused("POST", "/encounters", 422, "invalid_input", json=a_booking(mireille), headers=key)
    assert refused["fields"] == {"Idempotency-Key": "not_readable"}
