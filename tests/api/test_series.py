"""Series by program: shown, planned once, listed, changed from a date on or as a whole, refused with the date."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests import cast
from tests.api.conftest import Program, a_plan, a_series, program_of

WEDNESDAYS = ["2027-01-13", "2027-01-20", "2027-01-27", "2027-02-03", "2027-02-10"]


def patch(program: Program, series: dict[str, Any], body: dict[str, Any], status: int = 200, version: int = 1) -> Any:
    return program.ask("PATCH", f"/series/{series['id']}", status, json=body, headers={"If_Match": f'"{version}"'})


def test_a_dry_run_shows_every_date_and_plans_nothing(mireille: Program) -> None:
    shown = mireille.post("/series", a_plan(mireille, dry_run=True), 200)

    assert [(each["on_date"], each["rules"]) for each in shown["dates"]] == [(day, []) for day in WEDNESDAYS]
    assert mireille.get("/series") == {"items": [], "next_cursor": None}


def test_planned_once_however_often_it_is_sent_then_read(api_on_both: Flask) -> None:
    mireille = program_of(api_on_both, cast.MIREILLE)
    body = a_plan(mireille)

    first, second = (
        mireille.ask("POST", "/series", 201, json=body, headers={"Idempotency_Key": "a-series"}) for _ in range(2)
    )

    assert first.json == second.json
    assert first.headers["Location"].endswith(f"/api/v1/series/{first.json['id']}")
    assert (first.headers["ETag"], first.json["version"]) == ('"1"', 1)
    assert [each["wall_time"][:10] for each in first.json["dates"]] == WEDNESDAYS
    assert mireille.get(f"/series/{first.json['id']}") == first.json
    assert [line["id"] for line in mireille.get("/series")["items"]] == [first.json["id"]]


def test_lists_are_paged(mireille: Program) -> None:
    a_series(mireille)
    rule = a_plan(mireille)["rule"] | {"days": [4]}
    a_series(mireille, rule=rule)

    first = mireille.get("/series", limit=1)
    second = mireille.get("/series", limit=1, cursor=first["next_cursor"])

    assert len({first["items"][0]["id"], second["items"][0]["id"]}) == 2
    assert second["next_cursor"] is None


def test_all_those_to_come_are_shown_then_moved(api_on_both: Flask) -> None:
    mireille = program_of(api_on_both, cast.MIREILLE)
    series = a_series(mireille)
    body = {"days": [4], "reason": "horaire de l’école"}

    shown = patch(mireille, series, body | {"dry_run": True}).json
    assert (shown["dry_run"], shown["changed"], {each["changes"] for each in shown["dates"]}) == (True, [], {True})
    assert mireille.get(f"/series/{series['id']}")["version"] == 1

    done = patch(mireille, series, body)

    assert (done.headers["ETag"], done.json["id"], len(done.json["changed"])) == ('"2"', series["id"], 5)
    after = mireille.get(f"/series/{series['id']}")
    assert [each["on_date"] for each in after["dates"]] == [f"{day[:8]}{int(day[8:]) + 1:02}" for day in WEDNESDAYS]
    assert after["rule"]["days"] == [4]


def test_a_date_and_the_following_become_another_series(mireille: Program) -> None:
    series = a_series(mireille)

    done = patch(mireille, series, {"reach": "following", "from_on": WEDNESDAYS[3], "minutes": 30}).json

    new = mireille.get(f"/series/{done['id']}")
    assert (new["continues_id"], new["minutes"], len(new["dates"])) == (series["id"], 30, 2)
    assert mireille.get(f"/series/{series['id']}")["continued_by"] == done["id"]


def test_somebody_joins_and_leaves(mireille: Program) -> None:
    series = a_series(mireille)
    anouk = {"type": "person", "id": str(cast.ANOUK), "role": "teacher", "is_required": False}

    joined = patch(mireille, series, {"joining": [anouk]}).json
    left = patch(mireille, series, {"leaving": [str(cast.ANOUK)]}, version=joined["version"]).json

    assert (len(joined["changed"]), len(left["changed"])) == (5, 5)


def test_a_date_taken_meanwhile_refuses_all_and_is_named(mireille: Program) -> None:
    series = a_series(mireille)
    rule = a_plan(mireille)["rule"]
    other = rule | {"days": [4], "first_on": "2027-01-28", "last_on": "2027-01-28"}
    a_series(mireille, rule=other)

    body = {"days": [4], "decisions": {"accepted": WEDNESDAYS}}
    refused = patch(mireille, series, body, 409).json

    assert (refused["code"], refused["on_date"]) == ("slot_taken", WEDNESDAYS[2])
    assert mireille.get(f"/series/{series['id']}")["version"] == 1


def test_the_second_editor_is_refused_and_a_version_is_asked_for(mireille: Program) -> None:
    series = a_series(mireille)
    patch(mireille, series, {"minutes": 30})

    assert patch(mireille, series, {"days": [4]}, 412).json["version"] == 2
    mireille.refused("PATCH", f"/series/{series['id']}", 428, "version_missing", json={"minutes": 30})


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"change": "nothing_to_change"}),
        ({"days": [4, 5]}, {"days": "as_many_as_before"}),
        ({"days": [9]}, {"days": "out_of_range"}),
        ({"reach": "following", "minutes": 30}, {"from_on": "required"}),
        ({"at": "09:02"}, {"at": "not_on_the_grid"}),
        ({"skipped": ["2027-01-14"], "minutes": 30}, {"dates": "not_a_choice"}),
    ],
)
def test_what_is_wrong_with_a_change_is_told_by_field(
    mireille: Program, body: dict[str, Any], fields: dict[str, str]
) -> None:
    assert patch(mireille, a_series(mireille), body, 422).json["fields"] == fields


def test_what_is_wrong_with_a_rule_is_told_under_its_name(mireille: Program) -> None:
    rule = a_plan(mireille)["rule"]
    for wrong, fields in (
        ({"days": []}, {"rule.days": "required"}),
        ({"last_on": "2026-12-01"}, {"rule.last_on": "ends_before_start"}),
        ({"period": None}, {"rule.at": "required"}),
    ):
        told = mireille.post("/series", a_plan(mireille, rule=rule | wrong), 422)
        assert told["fields"] == fields


def test_whose_it_is_not(api: Flask, mireille: Program, stranger: Program) -> None:
    series = a_series(mireille)

    program_of(api, cast.LUC).refused("GET", f"/series/{series['id']}", 403, "not_allowed")
    stranger.refused("GET", f"/series/{series['id']}", 404, "not_found")
    patch(stranger, series, {"minutes": 30}, 404)
    assert program_of(api, cast.LUC).get("/series")["items"] == []
    assert [line["id"] for line in program_of(api, cast.OMAR).get("/series")["items"]] == [series["id"]]
