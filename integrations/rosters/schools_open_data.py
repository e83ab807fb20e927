"""Reader of the ministère de l'Éducation's « Localisation des établissements d'enseignement » (Données Québec).

Three layouts, as CSV (comma, semicolon or tab) or GeoJSON: `pps_public_ecole` (one row per school and building),
`pps_public_immeuble` (buildings alone) and the plain English columns of an extract. UTF-8 with or without its mark,
or Windows-1252. Gives rows of text under canonical names; what they mean is checked by `domain.school_lines`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intervention.domain.school_data import MAX_FILE_BYTES, MAX_ROWS, Fault, FaultCode, RosterFile, SourceRow

_FLAGS = {"PRESC": "preschool", "PRIM": "primary", "SEC": "secondary", "FORM_PRO": "vocational", "ADULTE": "adult"}
_PLACE = {"CD_CS": "board_code", "CD_IMM": "building_code", "NOM_MRC": "mrc", "DT_MAJ_GDUNO": "updated", **_FLAGS}
_EXTRACT = (
    *("school_name", "building_code", "building_name", "municipality", "municipality_code", "address", "postal_code"),
    *(*_FLAGS.values(), "lat", "lon", "updated"),
)
_POSITION = frozenset({"lat", "lon"})
_OPTIONAL = frozenset({"mrc", "updated", "address", "postal_code", "municipality_code"})


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns`: the provider's name, in capitals, to the canonical one."""

    name: str
    columns: Mapping[str, str]
    has_schools: bool

    def missing(self, header: Iterable[str], *, has_geometry: bool) -> list[str]:
        """Provider's names of the columns that the file lacks and that nothing can replace."""
        present = set(header)
        spared = _OPTIONAL | _POSITION if has_geometry else _OPTIONAL
        return [name for name, column in self.columns.items() if column not in spared and name not in present]


LAYOUTS = (
    Layout(
        "MEQ pps_public_ecole",
        _PLACE
        | {
            "CD_ORGNS": "school_code",
            "NOM_OFFCL_ORGNS": "school_name",
            "NOM_IMM": "building_name",
            "ADRS_GEO_L1_GDUNO_IMM": "address",
            "CD_MUNCP_GDUNO_IMM": "municipality_code",
            "NOM_MUNCP_GDUNO_IMM": "municipality",
            "CD_POSTL_GDUNO_IMM": "postal_code",
            "COORD_X_LL84_IMM": "lon",
            "COORD_Y_LL84_IMM": "lat",
        },
        has_schools=True,
    ),
    Layout(
        "MEQ pps_public_immeuble",
        _PLACE
        | {
            "NOM_OFFCL": "building_name",
            "ADRS_GEO_L1_GDUNO": "address",
            "CD_MUNCP": "municipality_code",
            "NOM_MUNCP": "municipality",
            "CD_POSTL_GDUNO": "postal_code",
            "COORD_X_LL84": "lon",
            "COORD_Y_LL84": "lat",
        },
        has_schools=False,
    ),
    Layout(
        "MEQ",
        {"CSS_CODE": "board_code", "ORG_CODE": "school_code"} | {name.upper(): name for name in _EXTRACT},
        has_schools=True,
    ),
)


def read(content: bytes) -> RosterFile:
    """The rows of the file, and the faults of those that cannot be read. Never raises on any bytes."""
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        return _refused(FaultCode.FILE_EMPTY)
    if len(content) > MAX_FILE_BYTES:
        return _refused(FaultCode.FILE_TOO_LARGE)
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00")):
        return _refused(FaultCode.UNKNOWN_ENCODING)
    text, faults = _decoded(content.removeprefix(b"\xef\xbb\xbf"))
    file = _read_geojson(text) if text.lstrip().startswith(("{", "[")) else _read_csv(text)
    if not faults:
        return file
    # A broken line may have upset the quoting of the next ones: its own fault is the one to mend first.
    return RosterFile(file.layout, faults=tuple(faults), has_schools=file.has_schools)


def _refused(code: FaultCode, *columns: str, layout: str = "") -> RosterFile:
    return RosterFile(layout, faults=tuple(Fault(0, code, column) for column in columns or ("",)))


def _decoded(content: bytes) -> tuple[str, list[Fault]]:
    """The text. Windows-1252 is one encoding for a whole file: one good UTF-8 accent makes the bad lines broken."""
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    lines = content.splitlines()
    accented = [number for number, line in enumerate(lines, start=1) if not line.isascii()]
    broken = [number for number in accented if not _decodes(lines[number - 1], "utf-8")]
    if len(broken) == len(accented):
        broken = [number for number in accented if not _decodes(lines[number - 1], "cp1252")]
        return content.decode("cp1252", errors="replace"), [Fault(number, FaultCode.BROKEN_TEXT) for number in broken]
    return content.decode("utf-8", errors="replace"), [Fault(number, FaultCode.BROKEN_TEXT) for number in broken]


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _layout_of(header: list[str], *, has_geometry: bool) -> tuple[Layout | None, RosterFile | None]:
    """The layout whose columns are all there; else the refusal that names what the nearest one lacks."""
    nearest = min(LAYOUTS, key=lambda layout: len(layout.missing(header, has_geometry=has_geometry)))
    missing = nearest.missing(header, has_geometry=has_geometry)
    repeated = sorted({name for name in header if name in nearest.columns and header.count(name) > 1})
    if not missing and not repeated:
        return nearest, None
    if len(missing) > len(nearest.columns) // 2:
        return None, _refused(FaultCode.UNKNOWN_FORMAT)
    if repeated:
        return None, _refused(FaultCode.REPEATED_COLUMN, *repeated, layout=nearest.name)
    return None, _refused(FaultCode.MISSING_COLUMN, *missing, layout=nearest.name)


# --- CSV


def _read_csv(text: str) -> RosterFile:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = [name.strip().upper() for name in next(reader)]
    except (csv.Error, StopIteration):
        return _refused(FaultCode.UNKNOWN_FORMAT)
    layout, refusal = _layout_of(header, has_geometry=False)
    if layout is None:
        return refusal or _refused(FaultCode.UNKNOWN_FORMAT)
    columns = [layout.columns.get(name) for name in header]
    rows: list[SourceRow] = []
    faults: list[Fault] = []
    for line, cells in _records(reader):
        if len(rows) + len(faults) >= MAX_ROWS:
            return _refused(FaultCode.TOO_MANY_ROWS, layout=layout.name)
        if isinstance(cells, FaultCode):
            faults.append(Fault(line, cells))
        elif len(cells) != len(columns):
            faults.append(Fault(line, FaultCode.WRONG_CELL_COUNT))
        else:
            rows.append(SourceRow(line, {name: cell for name, cell in zip(columns, cells, strict=True) if name}))
    return _file(layout, rows, faults)


def _records(reader: Any) -> Iterator[tuple[int, list[str] | FaultCode]]:
    """(first line, cells) of each record that is not blank, or why its cells cannot be told apart."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, FaultCode.TOO_LONG if "field limit" in str(error) else FaultCode.BAD_QUOTING
            continue
        if cells:
            yield line, cells


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)


# --- GeoJSON


def _read_geojson(text: str) -> RosterFile:
    try:
        # Numbers stay as written: « 0.1 » is compared as text, and a million digits are never made a number.
        document = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (json.JSONDecodeError, RecursionError):
        return _refused(FaultCode.UNKNOWN_FORMAT)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        return _refused(FaultCode.UNKNOWN_FORMAT)
    if len(features) > MAX_ROWS:
        return _refused(FaultCode.TOO_MANY_ROWS)
    read_features = [_feature(feature) for feature in features]
    first = next((cells for cells in read_features if cells is not None), None)
    if first is None:
        return _refused(FaultCode.NO_ROWS)
    layout, refusal = _layout_of(list(first), has_geometry="LAT" in first)
    if layout is None:
        return refusal or _refused(FaultCode.UNKNOWN_FORMAT)
    rows, faults = [], []
    for number, cells in enumerate(read_features, start=1):
        if cells is None:
            faults.append(Fault(number, FaultCode.NOT_A_FEATURE))
        else:
            rows.append(SourceRow(number, _canonical(layout, cells)))
    return _file(layout, rows, faults, counts_features=True)


def _feature(feature: object) -> dict[str, str] | None:
    """Properties by name in capitals, as text, with LAT and LON of its point; None when it is no feature."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return None
    geometry = feature.get("geometry")
    point = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    cells = {"LON": _text(point[0]), "LAT": _text(point[1])} if isinstance(point, list) and len(point) >= 2 else {}
    return cells | {str(name).strip().upper(): _text(value) for name, value in feature["properties"].items()}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return value if isinstance(value, str) else json.dumps(value)


def _canonical(layout: Layout, cells: Mapping[str, str]) -> dict[str, str]:
    """The point stands in for coordinate columns that are absent."""
    point = {"lon": cells.get("LON", ""), "lat": cells.get("LAT", "")}
    return point | {column: cells[name] for name, column in layout.columns.items() if name in cells}


def _file(layout: Layout, rows: list[SourceRow], faults: list[Fault], *, counts_features: bool = False) -> RosterFile:
    if not rows and not faults:
        faults = [Fault(0, FaultCode.NO_ROWS)]
    return RosterFile(
        layout.name,
        tuple(rows),
        tuple(faults),
        has_schools=layout.has_schools,
        counts_features=counts_features,
    )
