"""One line of official school data under inspection: usable, or every reason why not.

Checks text, codes, flags and coordinates; settles the lines of one board into its places.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar

from intervention.domain.legal_time import ZoneProposal, propose_zone
from intervention.domain.people import Level
from intervention.domain.school_data import (
    BuildingFacts,
    Facts,
    Fault,
    FaultCode,
    Incoming,
    PlacementFacts,
    Read,
    RosterFile,
    SchoolFacts,
    SourceRow,
    postal_code_or_none,
)

# Huntingdon to Ivujivik, Lake Timiskaming to Blanc-Sablon, with a little margin.
SOUTH, NORTH, WEST, EAST = 44.9, 62.7, -79.9, -56.9

_LEVELS = (Level.PRESCHOOL, Level.PRIMARY, Level.SECONDARY)
_FLAGS = (*(str(level) for level in _LEVELS), "vocational", "adult")
_LENGTHS = {
    "building_name": 160, "school_name": 160, "municipality": 120, "address": 200, "mrc": 120, "updated": 32,
}  # fmt: skip
_REQUIRED = ("building_name", "municipality")
_CODE = re.compile(r"[A-Za-z0-9-]{1,16}")


def read_rows(file: RosterFile, board: str) -> Incoming:
    """The places of the board whose official code is `board`; every line of the file is checked, whoever's it is."""
    incoming = Incoming(faults=list(file.faults), has_schools=file.has_schools)
    latest = ""
    for row in file.rows:
        line = _Line(row, has_schools=file.has_schools)
        latest = max(latest, line.cells.get("updated", ""))
        if not line.faults and not line.is_teaching:
            incoming.rows_not_teaching += 1
            continue
        if not line.check():
            incoming.faults += line.faults
            continue
        incoming.rows_by_board[line.board] += 1
        if line.board == board:
            _take(incoming, line)
    if not incoming.faults and board not in incoming.rows_by_board:
        incoming.faults.append(Fault(0, FaultCode.BOARD_ABSENT))
    incoming.source = f"{file.layout} {latest}".strip()
    incoming.faults.sort()
    return incoming


def _take(incoming: Incoming, line: _Line) -> None:
    building, school = line.cells["building_code"], line.cells.get("school_code", "")
    proposal = line.zone()
    incoming.zones[building] = proposal
    if line.levels:
        incoming.youth_buildings.add(building)
    faults = [
        _settle(incoming.buildings, building, Read(line.number, line.building(proposal)), FaultCode.BUILDING_CONFLICT)
    ]
    if incoming.has_schools:
        name, levels = SchoolFacts(line.cells["school_name"]), PlacementFacts(line.levels)
        faults.append(_settle(incoming.schools, school, Read(line.number, name), FaultCode.SCHOOL_CONFLICT))
        placement = Read(line.number, levels)
        faults.append(_settle(incoming.placements, (school, building), placement, FaultCode.PLACEMENT_CONFLICT))
    incoming.faults += [fault for fault in faults if fault]


Key = TypeVar("Key", str, tuple[str, str])


def _settle(known: dict[Key, Read[Facts]], key: Key, read: Read[Facts], conflict: FaultCode) -> Fault | None:
    """Keep the first; a repeat must say the same."""
    first = known.setdefault(key, read)
    return None if first.facts == read.facts else Fault(read.line, conflict, other_line=first.line)


class _Line:
    """One row under inspection: cells cleaned, faults gathered."""

    def __init__(self, row: SourceRow, *, has_schools: bool) -> None:
        self.number = row.line
        self.faults: list[Fault] = []
        self.has_schools = has_schools
        self.cells = {column: self._clean(column, text) for column, text in row.cells.items()}
        self.levels = tuple(level for level in _LEVELS if self.cells.get(level) == "1")
        self.lat = self.lon = 0.0

    @property
    def board(self) -> str:
        return self.cells["board_code"]

    @property
    def is_teaching(self) -> bool:
        """A residence or a garage of the board, every flag at 0, is no place for a séance."""
        return any(self.cells.get(flag) != "0" for flag in _FLAGS)

    def check(self) -> bool:
        """Whether the line can be used; its faults say why not, all of them at once."""
        for column in ("board_code", "building_code", *(("school_code",) if self.has_schools else ())):
            self._check_code(column)
        for column in (*_REQUIRED, *(("school_name",) if self.has_schools else ())):
            if not self.cells.get(column):
                self._fault(FaultCode.MISSING_VALUE, column)
        for flag in _FLAGS:
            if self.cells.get(flag) not in ("0", "1"):
                self._fault(FaultCode.UNKNOWN_LEVEL_FLAG, flag)
        self._check_municipality_code()
        self._check_postal_code()
        self._check_position()
        return not self.faults

    def zone(self) -> ZoneProposal:
        hints = {name: self.cells.get(name, "") for name in ("municipality", "municipality_code", "mrc")}
        return propose_zone(self.lat, self.lon, **hints)

    def building(self, proposal: ZoneProposal) -> BuildingFacts:
        return BuildingFacts(
            name=self.cells["building_name"],
            municipality=self.cells["municipality"],
            municipality_code=self.cells.get("municipality_code") or None,
            address=self.cells.get("address") or None,
            postal_code=self.cells.get("postal_code") or None,
            lat=self.lat,
            lon=self.lon,
            proposed_zone=proposal.zone,
        )

    def _fault(self, code: FaultCode, column: str) -> None:
        self.faults.append(Fault(self.number, code, column))

    def _clean(self, column: str, text: str) -> str:
        text = unicodedata.normalize("NFC", text.replace("\u00a0", " ").replace("\u202f", " "))
        if not text.isprintable():
            self._fault(FaultCode.CONTROL_CHARACTER, column)
        elif len(text) > _LENGTHS.get(column, 160):
            self._fault(FaultCode.TOO_LONG, column)
        return " ".join(text.split())

    def _check_code(self, column: str) -> None:
        code = self.cells.get(column, "")
        if not code:
            self._fault(FaultCode.MISSING_VALUE, column)
        elif not _CODE.fullmatch(code):
            self._fault(FaultCode.BAD_CODE, column)

    def _check_municipality_code(self) -> None:
        code = self.cells.get("municipality_code", "")
        if not code:
            return
        if not (code.isascii() and code.isdigit() and len(code) <= 5):
            self._fault(FaultCode.BAD_CODE, "municipality_code")
        self.cells["municipality_code"] = code.zfill(5)  # spreadsheets eat the zero of « 01023 »

    def _check_postal_code(self) -> None:
        written = self.cells.get("postal_code", "")
        code = postal_code_or_none(written)
        if code is not None:
            self.cells["postal_code"] = code
        elif written:
            self._fault(FaultCode.BAD_POSTAL_CODE, "postal_code")

    def _check_position(self) -> None:
        lat, lon = self._degrees("lat"), self._degrees("lon")
        if lat is None or lon is None:
            return
        if SOUTH <= lon <= NORTH and WEST <= lat <= EAST:
            self._fault(FaultCode.SWAPPED_COORDINATES, "lat")
        elif not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
            self._fault(FaultCode.OUTSIDE_QUEBEC, "lat")
        self.lat, self.lon = lat, lon

    def _degrees(self, column: str) -> float | None:
        text = self.cells.get(column, "")
        if not text:
            self._fault(FaultCode.MISSING_VALUE, column)
            return None
        # Never float(): it accepts « nan », « 1_000 » and « 1e400 ».
        if not re.fullmatch(r"[-+]?\d{1,3}([.,]\d{1,20})?", text, re.ASCII):
            self._fault(FaultCode.BAD_COORDINATE, column)
            return None
        return round(float(text.replace(",", ".")), 6)
