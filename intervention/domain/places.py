"""What an administrator writes of a building or a school by hand: what must be there, and what cannot be right."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from intervention.domain.people import Level
from intervention.domain.school_lines import EAST, NORTH, SOUTH, WEST

_CODE = re.compile(r"[A-Za-z0-9-]{1,32}", re.ASCII)
MAX_CODE, MAX_NAME, MAX_SHORT_NAME, MAX_MUNICIPALITY = 32, 160, 40, 120


@dataclass(frozen=True, slots=True)
class NewBuilding:
    """WGS84 degrees, both or neither. Wall times are those of the building's zone, whatever it turns out to be."""

    code: str
    name: str
    municipality: str
    short_name: str | None = None
    address: str | None = None
    postal_code: str | None = None
    phone: str | None = None
    lat: float | None = None
    lon: float | None = None
    opens_local: time = time(7, 30)
    closes_local: time = time(17)


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """`placements`: the buildings where it teaches, each with its levels; none for an adult or vocational centre."""

    code: str
    name: str
    placements: dict[UUID, tuple[Level, ...]] = field(default_factory=dict)
    is_active: bool = True


def building_faults(facts: NewBuilding) -> dict[str, str]:
    """A fault code per field."""
    faults = _named(facts.code, facts.name)
    if not facts.municipality.strip():
        faults["municipality"] = "required"
    for name, value, most in (
        ("municipality", facts.municipality, MAX_MUNICIPALITY),
        ("short_name", facts.short_name, MAX_SHORT_NAME),
    ):
        if value and len(value) > most:
            faults[name] = "too_long"
    if facts.closes_local <= facts.opens_local:
        faults["closes_local"] = "ends_before_start"
    return faults | _position_faults(facts.lat, facts.lon)


def school_faults(facts: SchoolFacts) -> dict[str, str]:
    faults = _named(facts.code, facts.name)
    if facts.is_active and not facts.placements:
        faults["buildings"] = "required"
    return faults


def _named(code: str, name: str) -> dict[str, str]:
    faults = {}
    if not _CODE.fullmatch(code):
        faults["code"] = "not_a_code" if code else "required"
    if not name.strip():
        faults["name"] = "required"
    elif len(name) > MAX_NAME:
        faults["name"] = "too_long"
    return faults


def _position_faults(lat: float | None, lon: float | None) -> dict[str, str]:
    if lat is None and lon is None:
        return {}
    if lat is None or lon is None:
        return {"lat" if lat is None else "lon": "half_a_position"}
    if SOUTH <= lat <= NORTH and WEST <= lon <= EAST:
        return {}
    is_swapped = SOUTH <= lon <= NORTH and WEST <= lat <= EAST
    return {"lat": "swapped_position" if is_swapped else "outside_quebec"}
