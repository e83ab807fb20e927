import json
from typing import Any

import pytest

from integrations.rosters.schools_open_data import read
from intervention.domain.school_data import MAX_FILE_BYTES, MAX_ROWS, Fault, FaultCode, SourceRow

HEADER = (
    "css_code,css_name,region,org_code,school_name,building_code,building_name,municipality,municipality_code,address,"
    "postal_code,preschool,primary,secondary,vocational,adult,lat,lon,updated"
)
LINE = (
    '999000,CSS des Neiges,Nord,999001,École de l\'Érable,999101,Pavillon Érable,Sept-Îles,97007,"12, rue des Pins",'
    "G4R1A1,1,1,0,0,0,50.22,-66.38,20260901"
)
CELLS = {
    "board_code": "999000",
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
ECOLE = {
    "OBJECTID": 7,
    "DT_MAJ_GDUNO": "20260901",
    "CD_ORGNS": "999001",
    "NOM_OFFCL_ORGNS": "École de l'Érable",
    "CD_IMM": "999101",
    "NOM_IMM": "Pavillon Érable",
    "ADRS_GEO_L1_GDUNO_IMM": "12, rue des Pins",
    "ADRS_GEO_L2_GDUNO_IMM": None,
    "CD_MUNCP_GDUNO_IMM": "97007",
    "NOM_MUNCP_GDUNO_IMM": "Sept-Îles",
    "CD_POSTL_GDUNO_IMM": "G4R1A1",
    "PRESC": 1,
    "PRIM": 1,
    "SEC": 0,
    "FORM_PRO": 0,
    "ADULTE": 0,
    "COORD_X_LL84_IMM": -66.38,
    "COORD_Y_LL84_IMM": 50.22,
    "CD_CS": "999000",
}
IMMEUBLE = {
    "CD_IMM": "999101",
    "CD_CS": "999000",
    "NOM_OFFCL": "Pavillon Érable",
    "CD_MUNCP": "97007",
    "NOM_MUNCP": "Sept-Îles",
    "PRESC": 1,
    "PRIM": 1,
    "SEC": 0,
    "FORM_PRO": 0,
    "ADULTE": 0,
    "COORD_X_LL84": -66.38,
    "COORD_Y_LL84": 50.22,
}


def a_csv(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *lines, "")).encode()


def a_geojson(*properties: dict[str, Any], point: tuple[float, float] | None = (-66.38, 50.22)) -> bytes:
    geometry = {"type": "Point", "coordinates": list(point)} if point else None
    features = [{"type": "Feature", "geometry": geometry, "properties": p} for p in properties]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_read_gives_rows_of_an_extract_under_canonical_names() -> None:
    file = read(a_csv(LINE))

    assert (file.layout, file.faults, file.has_schools) == ("MEQ", (), True)
    assert file.rows == (SourceRow(2, CELLS),)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + a_csv(LINE),
        a_csv(LINE).replace(b"\n", b"\r\n"),
        a_csv(LINE).decode().encode("cp1252"),
        a_csv(
            LINE.replace('"12, rue des Pins"', "§").replace(",", ";").replace("§", "12, rue des Pins"),
            header=HEADER.replace(",", ";"),
        ),
        a_csv(
            LINE.replace(",", "\t").replace('"12\t rue des Pins"', "12, rue des Pins"), header=HEADER.replace(",", "\t")
        ),
        a_csv(LINE, header=HEADER.upper()),
        a_csv("", LINE, "").replace(b"\n\n", b"\n"),
    ],
    ids=["byte order mark", "crlf", "windows-1252", "semicolons", "tabs", "capitals", "blank lines"],
)
def test_read_accepts_the_dialects_of_spreadsheets(content: bytes) -> None:
    assert [dict(row.cells) for row in read(content).rows] == [CELLS]


def test_read_numbers_a_record_by_its_first_line() -> None:
    spread = LINE.replace("12, rue", "12,\nrue")

    assert [row.line for row in read(a_csv(spread, "", LINE)).rows] == [2, 5]


def test_read_the_ministry_s_schools() -> None:
    as_csv = a_csv(
        ",".join(json.dumps(value, ensure_ascii=False) if value is not None else "" for value in ECOLE.values()),
        header=",".join(ECOLE),
    )

    assert dict(read(as_csv).rows[0].cells) == CELLS
    assert dict(read(a_geojson(ECOLE)).rows[0].cells) == CELLS
    assert read(a_geojson(ECOLE)).layout == "MEQ pps_public_ecole"
    assert read(a_geojson(ECOLE)).counts_features


def test_read_the_ministry_s_buildings_which_name_no_school() -> None:
    file = read(a_geojson(IMMEUBLE))

    assert (file.layout, file.has_schools) == ("MEQ pps_public_immeuble", False)
    assert dict(file.rows[0].cells) == {
        column: text
        for column, text in CELLS.items()
        if column not in ("school_code", "school_name", "address", "postal_code", "updated")
    }


def test_read_takes_the_point_where_coordinate_columns_are_absent() -> None:
    bare = {name: value for name, value in ECOLE.items() if not name.startswith("COORD")}

    cells = read(a_geojson(bare, point=(-66.5, 50.1))).rows[0].cells

    assert (cells["lat"], cells["lon"]) == ("50.1", "-66.5")
    assert [fault.column for fault in read(a_geojson(bare, point=None)).faults] == [
        "COORD_X_LL84_IMM",
        "COORD_Y_LL84_IMM",
    ]


def test_read_keeps_numbers_as_they_are_written() -> None:
    content = a_geojson(ECOLE).replace(b"50.22", b"50.220000000000000000001").replace(b'"97007"', b"9" * 5000)

    cells = read(content).rows[0].cells

    assert cells["lat"] == "50.220000000000000000001"
    assert len(cells["municipality_code"]) == 5000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", FaultCode.FILE_EMPTY),
        (b"\xef\xbb\xbf \r\n\n", FaultCode.FILE_EMPTY),
        (b"x" * (MAX_FILE_BYTES + 1), FaultCode.FILE_TOO_LARGE),
        ("css_code".encode("utf-16"), FaultCode.UNKNOWN_ENCODING),
        (b"\x00\x01\x02", FaultCode.UNKNOWN_ENCODING),
        (b"PK\x03\x04 a spreadsheet", FaultCode.UNKNOWN_FORMAT),
        (b"name,phone\nAnouk,555\n", FaultCode.UNKNOWN_FORMAT),
        (b'"', FaultCode.UNKNOWN_FORMAT),
        (b"{not json", FaultCode.UNKNOWN_FORMAT),
        (b"[" * 100_000, FaultCode.UNKNOWN_FORMAT),
        (b"[1, 2]", FaultCode.UNKNOWN_FORMAT),
        (b'{"features": 3}', FaultCode.UNKNOWN_FORMAT),
        (b'{"features": []}', FaultCode.NO_ROWS),
        (b'{"features": [{"properties": {"a": 1}}]}', FaultCode.UNKNOWN_FORMAT),
        (a_csv(), FaultCode.NO_ROWS),
    ],
)
def test_read_refuses_what_is_no_school_data(content: bytes, code: FaultCode) -> None:
    file = read(content)

    assert (file.rows, file.faults) == ((), (Fault(0, code),))


def test_read_refuses_too_many_rows() -> None:
    assert read(a_csv(*["x"] * (MAX_ROWS + 1))).faults == (Fault(0, FaultCode.TOO_MANY_ROWS),)
    assert read(b'{"features": [' + b"1," * MAX_ROWS + b"1]}").faults == (Fault(0, FaultCode.TOO_MANY_ROWS),)


def test_read_names_missing_and_repeated_columns() -> None:
    without = read(a_csv(LINE, header=HEADER.replace("building_code", "immeuble").replace(",lat", ",latitude")))
    twice = read(a_csv(LINE, header=HEADER.replace("region", "lat")))

    assert set(without.faults) == {
        Fault(0, FaultCode.MISSING_COLUMN, "BUILDING_CODE"),
        Fault(0, FaultCode.MISSING_COLUMN, "LAT"),
    }
    assert twice.faults == (Fault(0, FaultCode.REPEATED_COLUMN, "LAT"),)


def test_read_names_every_line_it_cannot_cut_into_cells() -> None:
    file = read(a_csv(LINE, "too,few", LINE, LINE.replace('"12, rue', '"12" rue'), LINE, LINE.replace('"12,', '"12')))
    unclosed = read(a_csv(LINE, '"never closed', LINE))
    endless = read(a_csv(LINE, "x" * 200_000, LINE))

    assert [row.line for row in file.rows] == [2, 4, 6, 7]
    assert file.faults == (Fault(3, FaultCode.WRONG_CELL_COUNT), Fault(5, FaultCode.BAD_QUOTING))
    assert unclosed.faults == (Fault(3, FaultCode.BAD_QUOTING),)
    assert endless.faults == (Fault(3, FaultCode.TOO_LONG),)


def test_read_names_every_line_of_broken_text() -> None:
    lines = a_csv(LINE, LINE, "Blanc-Sablon", LINE).split(b"\n")
    lines[2] = lines[2].replace("Î".encode(), b"\xce")
    undefined_in_both = a_csv(LINE).decode().encode("cp1252").replace(b"Pins", b"P\x81ns")

    assert read(b"\n".join(lines)).faults == (Fault(3, FaultCode.BROKEN_TEXT),)
    assert read(undefined_in_both).faults == (Fault(2, FaultCode.BROKEN_TEXT),)
    assert read(b"\n".join(lines)).rows == ()


def test_read_names_features_that_are_none() -> None:
    content = a_geojson(ECOLE, ECOLE).replace(b'"features": [', b'"features": [7, {"properties": null}, ')

    file = read(content)

    assert [row.line for row in file.rows] == [3, 4]
    assert file.faults == (Fault(1, FaultCode.NOT_A_FEATURE), Fault(2, FaultCode.NOT_A_FEATURE))
