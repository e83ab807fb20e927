"""Official school data as values: the rows of a file, the places they describe, the faults that refuse them.

Knows nothing of bytes, CSV or GeoJSON (`integrations.rosters`), of the checks of a line (`school_lines`) nor of what
is already stored (`school_import`). A fault never repeats a cell: a file of the wrong kind may hold anybody's name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from intervention.domain.legal_time import ZoneProposal
from intervention.domain.people import Level

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000


_POSTAL_CODE = re.compile(r"([A-Z]\d[A-Z]) ?(\d[A-Z]\d)", re.ASCII)


def postal_code_or_none(text: str) -> str | None:
    """`G4R 1A1` from what people and files write of it; None for anything else."""
    found = _POSTAL_CODE.fullmatch(text.strip().upper())
    return f"{found[1]} {found[2]}" if found else None


class FaultCode(StrEnum):
    # of the whole file (line 0)
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    TOO_MANY_ROWS = "too_many_rows"
    UNKNOWN_ENCODING = "unknown_encoding"
    UNKNOWN_FORMAT = "unknown_format"
    MISSING_COLUMN = "missing_column"
    REPEATED_COLUMN = "repeated_column"
    NO_ROWS = "no_rows"
    BOARD_ABSENT = "board_absent"
    # of a line
    BROKEN_TEXT = "broken_text"
    BAD_QUOTING = "bad_quoting"
    WRONG_CELL_COUNT = "wrong_cell_count"
    NOT_A_FEATURE = "not_a_feature"
    CONTROL_CHARACTER = "control_character"
    TOO_LONG = "too_long"
    MISSING_VALUE = "missing_value"
    BAD_CODE = "bad_code"
    BAD_POSTAL_CODE = "bad_postal_code"
    UNKNOWN_LEVEL_FLAG = "unknown_level_flag"
    BAD_COORDINATE = "bad_coordinate"
    SWAPPED_COORDINATES = "swapped_coordinates"
    OUTSIDE_QUEBEC = "outside_quebec"
    BUILDING_CONFLICT = "building_conflict"
    SCHOOL_CONFLICT = "school_conflict"
    PLACEMENT_CONFLICT = "placement_conflict"
    # of a line of pupils
    BAD_PUPIL_CODE = "bad_pupil_code"
    REPEATED_CODE = "repeated_code"
    UNKNOWN_LEVEL = "unknown_level"
    BAD_MONTH = "bad_month"
    UNKNOWN_PLACE = "unknown_place"
    CLASS_ELSEWHERE = "class_elsewhere"
    # of a line of people
    BAD_EMAIL = "bad_email"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_ROLE = "unknown_role"
    UNKNOWN_DISCIPLINE = "unknown_discipline"
    UNKNOWN_CODE = "unknown_code"
    ONE_PLACE = "one_place"
    PLACE_NOT_WANTED = "place_not_wanted"
    BUILDING_WANTED = "building_wanted"
    SERVICE_NOT_WANTED = "service_not_wanted"
    TWO_PEOPLE = "two_people"
    REPEATED_ROLE = "repeated_role"
    KNOWN_ELSEWHERE = "known_elsewhere"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`line` counts from 1 (0: the whole file); `other_line` is the line it contradicts."""

    line: int
    code: FaultCode
    column: str = ""
    other_line: int = 0


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One record of a file: canonical column name to text, as written there."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RosterFile:
    """What a provider's reader made of the bytes. `has_schools` is false for a list of buildings alone."""

    layout: str
    rows: tuple[SourceRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    has_schools: bool = True
    counts_features: bool = False


@dataclass(frozen=True, slots=True)
class BuildingFacts:
    """What is known of a building; None in a file where it says nothing."""

    name: str
    municipality: str
    municipality_code: str | None
    address: str | None
    postal_code: str | None
    lat: float | None
    lon: float | None
    proposed_zone: str | None


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    name: str


@dataclass(frozen=True, slots=True)
class PlacementFacts:
    """Levels of the youth sector that a school teaches in a building; none for adult and vocational centres."""

    levels: tuple[Level, ...]


Facts = TypeVar("Facts", BuildingFacts, SchoolFacts, PlacementFacts)


@dataclass(frozen=True, slots=True)
class Read(Generic[Facts]):
    line: int
    facts: Facts


@dataclass
class Incoming:
    """One board's places. Buildings by code, schools by code, placements by (school code, building code)."""

    buildings: dict[str, Read[BuildingFacts]] = field(default_factory=dict)
    schools: dict[str, Read[SchoolFacts]] = field(default_factory=dict)
    placements: dict[tuple[str, str], Read[PlacementFacts]] = field(default_factory=dict)
    zones: dict[str, ZoneProposal] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    youth_buildings: set[str] = field(default_factory=set)
    rows_by_board: Counter[str] = field(default_factory=Counter)
    rows_not_teaching: int = 0
    has_schools: bool = True
    source: str = ""
