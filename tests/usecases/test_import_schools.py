from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import Role
from intervention.domain.school_data import Fault, FaultCode
from intervention.records.access_log import AccessLogEntry
from intervention.records.people import Organization
from intervention.records.schools import Building, School, SchoolBuilding
from intervention.usecases.imports import ImportSchools, import_schools, import_schools_as_operator, short_name
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_person, actor
from tests.domain.test_school_lines import BOARD, a_file

ADULTS = {"school_code": "999301", "school_name": "Centre des adultes", "preschool": "0", "primary": "0", "adult": "1"}
KEGASKA = {
    "building_code": "999102",
    "building_name": "Pavillon du Quai",
    "municipality": "Côte-Nord-du-Golfe-du-Saint-Laurent",
    "municipality_code": "98015",
    "lat": "50.698",
    "lon": "-59.323",
}
ROWS: list[dict[str, str]] = [{}, ADULTS, KEGASKA]


def ask(*rows: dict[str, str], **more: Any) -> ImportSchools:
    return ImportSchools(a_file(*rows), is_applied=True, **more)


def codes(session: Session) -> tuple[list[str], list[str], int]:
    return (
        sorted(session.scalars(select(Building.code))),
        sorted(session.scalars(select(School.code))),
        len(session.execute(select(SchoolBuilding.school_id)).all()),
    )


def test_import_schools_works(work: Work) -> None:
    board = a_board(work.session, BOARD)
    administrator = actor(work.session, a_person(work.session, board, "Aline", Role.ADMINISTRATOR))

    plan = import_schools(work, administrator, ask(*ROWS))

    assert (len(plan.added), plan.changed, plan.vanished) == (7, (), ())
    assert codes(work.session) == (["999101", "999102"], ["999001", "999301"], 3)
    quay = work.session.scalars(select(Building).where(Building.code == "999102")).one()
    assert (quay.zone, quay.proposed_zone, quay.road_component) == (None, "America/Blanc-Sablon", "tete-a-la-baleine")
    assert (quay.lat, quay.lon, quay.postal_code, quay.source) == (50.698, -59.323, "G4R 1A1", "MEQ 20260901")
    assert work.session.scalars(select(SchoolBuilding.levels).order_by(SchoolBuilding.levels)).all() == [
        "",
        "preschool,primary",
        "preschool,primary",
    ]
    trail = work.session.scalars(select(AccessLogEntry)).one()
    assert (trail.verb, trail.actor_id, trail.facts) == (
        "schools_imported",
        administrator.person_id,
        {"added": 7, "changed": 0, "vanished": 0},
    )


def test_import_schools_shows_and_writes_nothing_unless_applied(work: Work) -> None:
    board = a_board(work.session, BOARD)
    version = board.version

    plan = import_schools_as_operator(work, BOARD, replace(ask(*ROWS), is_applied=False))

    assert len(plan.added) == 7
    assert codes(work.session) == ([], [], 0)
    assert work.session.scalar(select(Organization.version)) == version


def test_import_schools_twice_changes_nothing(work: Work) -> None:
    board = a_board(work.session, BOARD)
    import_schools_as_operator(work, BOARD, ask(*ROWS))
    version = work.session.scalar(select(Organization.version).where(Organization.id == board.id))

    again = import_schools_as_operator(work, BOARD, ask(*ROWS))

    assert (again.changes_nothing, again.unchanged, again.vanished) == (True, 7, ())
    assert work.session.scalar(select(Organization.version).where(Organization.id == board.id)) == version
    assert len(work.session.scalars(select(AccessLogEntry)).all()) == 1


def test_import_schools_changes_official_fields_and_keeps_what_people_decided(work: Work) -> None:
    a_board(work.session, BOARD)
    import_schools_as_operator(work, BOARD, ask(*ROWS))
    first = work.session.scalars(select(Building).where(Building.code == "999101")).one()
    first.zone, first.phone, first.road_component = "America/Toronto", "418 555-0101", "anticosti"
    work.session.flush()

    moved = {"address": "40, rue du Large", "lat": "50.25"}
    plan = import_schools_as_operator(work, BOARD, ask(moved, {**ADULTS, **moved}, {"secondary": "1", **KEGASKA}))

    work.session.expire_all()
    assert [(each.kind, [change.name for change in each.changes]) for each in plan.changed] == [
        ("building", ["address", "lat"]),
        ("placement", ["levels"]),
    ]
    assert (first.address, first.lat, first.zone, first.phone, first.road_component) == (
        "40, rue du Large",
        50.25,
        "America/Toronto",
        "418 555-0101",
        "anticosti",
    )
    assert "preschool,primary,secondary" in work.session.scalars(select(SchoolBuilding.levels)).all()


def test_import_schools_keeps_what_the_file_no_longer_names(work: Work) -> None:
    a_board(work.session, BOARD)
    import_schools_as_operator(work, BOARD, ask(*ROWS))

    plan = import_schools_as_operator(work, BOARD, ask({}))

    assert [(each.kind, each.key) for each in plan.vanished] == [
        ("building", "999102"),
        ("school", "999301"),
        ("placement", ("999001", "999102")),
        ("placement", ("999301", "999101")),
    ]
    assert codes(work.session) == (["999101", "999102"], ["999001", "999301"], 3)


def test_import_schools_applies_nothing_for_one_bad_line(work: Work) -> None:
    a_board(work.session, BOARD)

    plan = import_schools_as_operator(work, BOARD, ask({}, {"lat": "here"}))

    assert plan.refused == (Fault(3, FaultCode.BAD_COORDINATE, "lat"),)
    assert codes(work.session) == ([], [], 0)


def test_import_schools_takes_another_official_code_of_the_board(work: Work) -> None:
    a_board(work.session, "caps")

    without = import_schools_as_operator(work, "caps", ask({}))
    named = import_schools_as_operator(work, "caps", ask({}, board=BOARD))

    assert without.refused == (Fault(0, FaultCode.BOARD_ABSENT),)
    assert len(named.added) == 3


def test_import_schools_leaves_the_neighbour_s_places_alone(work: Work) -> None:
    """Two boards share a building: each has its own row of it."""
    a_board(work.session, "888000")
    a_board(work.session, BOARD)
    import_schools_as_operator(work, "888000", ask({}, board=BOARD))

    import_schools_as_operator(work, BOARD, ask({"building_name": "Pavillon des Érables"}))

    names = work.session.execute(
        select(Organization.code, Building.name).join(Organization, Organization.id == Building.organization_id)
    ).all()
    assert sorted(tuple(row) for row in names) == [("888000", "Pavillon Érable"), (BOARD, "Pavillon des Érables")]


def test_import_schools_grows_the_board_s_version(work: Work) -> None:
    board = a_board(work.session, BOARD)
    before = board.version

    import_schools_as_operator(work, BOARD, ask({}))

    assert work.session.scalar(select(Organization.version).where(Organization.id == board.id)) == before + 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_import_schools_is_for_administrators(work: Work, role: Role) -> None:
    board = a_board(work.session, BOARD)
    building = a_building(work.session, board, "Rivière")
    somebody = actor(work.session, a_person(work.session, board, "Anouk", role, building=building))

    with pytest.raises(NotAllowed) as refusal:
        import_schools(work, somebody, ask({}))

    assert refusal.value.facts == {"because": "not_edit_schools"}


def test_import_schools_as_operator_refuses_an_unknown_organization(work: Work) -> None:
    with pytest.raises(NotFound):
        import_schools_as_operator(work, "nowhere", ask({}))


def test_short_name_keeps_whole_words() -> None:
    assert short_name("Pavillon Érable") == "Pavillon Érable"
    assert (
        short_name("Centre de formation professionnelle de la Haute-Côte-Nord")
        == "Centre de formation professionnelle de…"
    )
