from collections import Counter

import pytest

from intervention.domain.legal_time import ATLANTIC, EASTERN
from intervention.domain.people import Level
from intervention.domain.school_data import (
    BuildingFacts,
    Fault,
    FaultCode,
    PlacementFacts,
    Read,
    RosterFile,
    SchoolFacts,
    SourceRow,
)
from intervention.domain.school_lines import read_rows

BOARD = "999000"
CELLS = {
    "board_code": BOARD,
    "school_code": "999001",
    "school_name": "École de l'Érable",
    "building_code": "999101",
    "building_name": "Pavillon Érable",
    "municipality": "Sept-Îles",
    "municipality_code": "97007",
    "address": "12, rue des Pins",
    "postal_code": "G4R1A1",
    "preschool": "1",
    "primary": "1",
    "secondary": "0",
    "vocational": "0",
    "adult": "0",
    "lat": "50.22",
    "lon": "-66.38",
    "updated": "20260901",
}
ERABLE = BuildingFacts(
    name="Pavillon Érable",
    municipality="Sept-Îles",
    municipality_code="97007",
    address="12, rue des Pins",
    postal_code="G4R 1A1",
    lat=50.22,
    lon=-66.38,
    proposed_zone=EASTERN,
)


def a_file(*rows: dict[str, str], **about: bool) -> RosterFile:
    return RosterFile("MEQ", tuple(SourceRow(n, {**CELLS, **row}) for n, row in enumerate(rows, start=2)), **about)  # type: ignore[arg-type]


def test_read_rows_gives_places_with_their_lines() -> None:
    incoming = read_rows(a_file({}), BOARD)

    assert incoming.buildings == {"999101": Read(2, ERABLE)}
    assert incoming.schools == {"999001": Read(2, SchoolFacts("École de l'Érable"))}
    assert incoming.placements == {("999001", "999101"): Read(2, PlacementFacts((Level.PRESCHOOL, Level.PRIMARY)))}
    assert (incoming.faults, incoming.source, incoming.youth_buildings) == ([], "MEQ 20260901", {"999101"})


def test_read_rows_merges_schools_of_one_building_and_buildings_of_one_school() -> None:
    """An adult centre shares the building; the school is also in a second village."""
    adults = {
        "school_code": "999301",
        "school_name": "Centre des adultes",
        "preschool": "0",
        "primary": "0",
        "adult": "1",
    }
    village = {"building_code": "999102", "building_name": "Pavillon du Quai", "secondary": "1"}

    incoming = read_rows(a_file({}, adults, village, {}), BOARD)

    assert list(incoming.buildings) == ["999101", "999102"]
    assert list(incoming.schools) == ["999001", "999301"]
    assert {key: read.facts.levels for key, read in incoming.placements.items()} == {
        ("999001", "999101"): (Level.PRESCHOOL, Level.PRIMARY),
        ("999301", "999101"): (),
        ("999001", "999102"): (Level.PRESCHOOL, Level.PRIMARY, Level.SECONDARY),
    }
    assert incoming.faults == []


def test_read_rows_sets_aside_other_boards_and_buildings_that_teach_nothing() -> None:
    residence = dict.fromkeys(("preschool", "primary", "secondary", "vocational", "adult"), "0") | {
        "building_code": "999140"
    }

    incoming = read_rows(a_file({}, {"board_code": "888000", "building_code": "888101"}, residence), BOARD)

    assert list(incoming.buildings) == ["999101"]
    assert (incoming.rows_by_board, incoming.rows_not_teaching) == (Counter({BOARD: 1, "888000": 1}), 1)


def test_read_rows_of_buildings_alone() -> None:
    rows = tuple(
        SourceRow(row.line, {name: cell for name, cell in row.cells.items() if not name.startswith("school_")})
        for row in a_file({}).rows
    )

    incoming = read_rows(RosterFile("MEQ", rows, has_schools=False), BOARD)

    assert (list(incoming.buildings), incoming.schools, incoming.placements, incoming.faults) == (
        ["999101"],
        {},
        {},
        [],
    )


def test_read_rows_tidies_spaces_codes_and_decimal_commas() -> None:
    written = {
        "building_name": "  Pavillon\u00a0 Érable ",
        "school_name": "E\u0301cole de l'Érable",
        "municipality_code": "1023",
        "municipality": "Les Îles-de-la-Madeleine",
        "postal_code": "g4t 1a1",
        "lat": "47,371448",
        "lon": "-61,915497",
    }

    incoming = read_rows(a_file(written), BOARD)

    assert incoming.faults == []
    building = incoming.buildings["999101"].facts
    assert (building.name, building.municipality_code, building.postal_code) == ("Pavillon Érable", "01023", "G4T 1A1")
    assert (building.lat, building.lon, building.proposed_zone) == (47.371448, -61.915497, ATLANTIC)
    assert incoming.schools["999001"].facts.name == "École de l'Érable"


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"building_code": ""}, FaultCode.MISSING_VALUE, "building_code"),
        ({"school_code": " "}, FaultCode.MISSING_VALUE, "school_code"),
        ({"school_name": ""}, FaultCode.MISSING_VALUE, "school_name"),
        ({"municipality": ""}, FaultCode.MISSING_VALUE, "municipality"),
        ({"lat": ""}, FaultCode.MISSING_VALUE, "lat"),
        ({"building_code": "999101.0"}, FaultCode.BAD_CODE, "building_code"),
        ({"school_code": "9" * 17}, FaultCode.BAD_CODE, "school_code"),
        ({"municipality_code": "97 007"}, FaultCode.BAD_CODE, "municipality_code"),
        ({"municipality_code": "٩٧٠٠٧"}, FaultCode.BAD_CODE, "municipality_code"),
        ({"postal_code": "90210"}, FaultCode.BAD_POSTAL_CODE, "postal_code"),
        ({"primary": "oui"}, FaultCode.UNKNOWN_LEVEL_FLAG, "primary"),
        ({"adult": ""}, FaultCode.UNKNOWN_LEVEL_FLAG, "adult"),
        ({"lat": "nan"}, FaultCode.BAD_COORDINATE, "lat"),
        ({"lat": "1e400"}, FaultCode.BAD_COORDINATE, "lat"),
        ({"lon": "-66°22'"}, FaultCode.BAD_COORDINATE, "lon"),
        ({"lat": "-66.38", "lon": "50.22"}, FaultCode.SWAPPED_COORDINATES, "lat"),
        ({"lat": "48.85", "lon": "2.35"}, FaultCode.OUTSIDE_QUEBEC, "lat"),
        ({"lon": "66.38"}, FaultCode.OUTSIDE_QUEBEC, "lat"),
        ({"building_name": "x" * 161}, FaultCode.TOO_LONG, "building_name"),
        ({"address": "12\n rue"}, FaultCode.CONTROL_CHARACTER, "address"),
        ({"school_name": "École\u202eelbarÉ"}, FaultCode.CONTROL_CHARACTER, "school_name"),
        ({"school_name": "\ud800"}, FaultCode.CONTROL_CHARACTER, "school_name"),
    ],
)
def test_read_rows_names_the_line_the_reason_and_the_column(
    cells: dict[str, str], code: FaultCode, column: str
) -> None:
    incoming = read_rows(a_file({}, cells), BOARD)

    assert incoming.faults == [Fault(3, code, column)]


def test_read_rows_gives_every_fault_of_every_line_whoever_s_it_is() -> None:
    incoming = read_rows(
        a_file({"lat": "x", "primary": "2"}, {}, {"board_code": "888000", "building_code": "?"}), BOARD
    )

    assert incoming.faults == [
        Fault(2, FaultCode.BAD_COORDINATE, "lat"),
        Fault(2, FaultCode.UNKNOWN_LEVEL_FLAG, "primary"),
        Fault(4, FaultCode.BAD_CODE, "building_code"),
    ]


def test_read_rows_refuses_lines_that_contradict_each_other() -> None:
    incoming = read_rows(a_file({}, {"lat": "50.3"}, {"school_name": "École du Quai"}, {"secondary": "1"}), BOARD)

    assert incoming.faults == [
        Fault(3, FaultCode.BUILDING_CONFLICT, other_line=2),
        Fault(4, FaultCode.SCHOOL_CONFLICT, other_line=2),
        Fault(5, FaultCode.PLACEMENT_CONFLICT, other_line=2),
    ]


def test_read_rows_says_that_the_board_is_absent() -> None:
    assert read_rows(a_file({"board_code": "888000"}), BOARD).faults == [Fault(0, FaultCode.BOARD_ABSENT)]


def test_read_rows_keeps_the_reader_s_faults_and_adds_no_absence() -> None:
    file = RosterFile("MEQ", faults=(Fault(0, FaultCode.FILE_EMPTY),))

    assert read_rows(file, BOARD).faults == [Fault(0, FaultCode.FILE_EMPTY)]
