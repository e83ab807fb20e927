"""Which legal time a place in Québec keeps: Loi sur le temps légal (RLRQ c. T-5.1, art. 1 and 2).

Knows the law's territories by official geographic code, by name and by rough position. It proposes; a person
confirms: a wrong zone moves every séance of a building by an hour, in winter only, so that nobody notices in June.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

EASTERN = "America/Toronto"
ATLANTIC = "America/Halifax"
ATLANTIC_STANDARD = "America/Blanc-Sablon"
LEGAL_ZONES = (EASTERN, ATLANTIC, ATLANTIC_STANDARD)

MERIDIAN_63 = -63.0


class ZoneReason(StrEnum):
    WEST_OF_63 = "west_of_63"  # art. 1, first paragraph
    MINGANIE = "minganie"  # art. 1, third paragraph: all of the MRC, whatever its longitude
    MINGANIE_RESERVE = "minganie_reserve"  # enclosed by the MRC, yet not municipal territory: a person says
    MINGANIE_BORDER = "minganie_border"  # known only by a position between the Natashquan and Kegaska
    LOWER_NORTH_SHORE = "lower_north_shore"  # art. 2, first paragraph: no daylight saving
    ILES = "iles"  # art. 2, second paragraph
    LISTUGUJ = "listuguj"  # art. 2, second paragraph
    NEAR_LISTUGUJ = "near_listuguj"  # beside the reserve, municipality unknown
    DISAGREES = "disagrees"  # the municipality and the coordinates are not in the same territory
    UNPLACED = "unplaced"  # neither a municipality of the law nor coordinates


@dataclass(frozen=True, slots=True)
class ZoneProposal:
    """`zone` is an IANA key of LEGAL_ZONES; `is_certain` false asks the person to look before confirming."""

    zone: str
    because: ZoneReason
    is_certain: bool


@dataclass(frozen=True, slots=True)
class _Territory:
    proposal: ZoneProposal
    codes: frozenset[str]
    names: frozenset[str]
    south: float
    north: float
    west: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east


def plain(text: str) -> str:
    """Lower case, without accents, hyphens or apostrophes: « L'Île-d'Anticosti » and « L Ile d Anticosti » agree."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(plain(name) for name in names)


# Codes: Répertoire des municipalités du Québec. Boxes are generous: they only catch a code that belongs elsewhere.
_TERRITORIES = (
    _Territory(
        ZoneProposal(ATLANTIC, ZoneReason.LISTUGUJ, is_certain=True),
        frozenset({"06804"}),
        _names(["Listuguj"]),
        south=47.95,
        north=48.15,
        west=-66.85,
        east=-66.60,
    ),
    _Territory(
        ZoneProposal(ATLANTIC, ZoneReason.ILES, is_certain=True),
        frozenset({"01", "01023", "01042"}),
        _names(
            [
                "Les Îles-de-la-Madeleine",
                "Îles-de-la-Madeleine",
                "Grosse-Île",
                "Cap-aux-Meules",
                "Fatima",
                "L'Étang-du-Nord",
                "Havre-aux-Maisons",
                "L'Île-du-Havre-Aubert",
                "Grande-Entrée",
                "Pointe-aux-Loups",
            ]
        ),
        south=47.1,
        north=47.95,
        west=-62.3,
        east=-61.0,
    ),
    _Territory(
        ZoneProposal(EASTERN, ZoneReason.MINGANIE_RESERVE, is_certain=False),
        frozenset({"98804", "98806"}),
        _names(["Nutashkuan", "Ekuanitshit", "Mingan"]),
        south=49.9,
        north=50.8,
        west=-64.5,
        east=-61.6,
    ),
    _Territory(
        ZoneProposal(EASTERN, ZoneReason.MINGANIE, is_certain=True),
        frozenset({"981", "98020", "98025", "98030", "98035", "98040", "98045", "98050", "98055", "98904"}),
        _names(
            [
                "Minganie",
                "L'Île-d'Anticosti",
                "Port-Menier",
                "Natashquan",
                "Aguanish",
                "Baie-Johan-Beetz",
                "Havre-Saint-Pierre",
                "Longue-Pointe-de-Mingan",
                "Rivière-Saint-Jean",
                "Rivière-au-Tonnerre",
                "Lac-Jérôme",
            ]
        ),
        south=49.0,
        north=52.5,
        west=-66.5,
        east=-61.45,
    ),
    _Territory(
        ZoneProposal(ATLANTIC_STANDARD, ZoneReason.LOWER_NORTH_SHORE, is_certain=True),
        frozenset({"982", "98005", "98010", "98012", "98014", "98015", "98912"}),
        _names(
            [
                "Le Golfe-du-Saint-Laurent",
                "Blanc-Sablon",
                "Bonne-Espérance",
                "Saint-Augustin",
                "Gros-Mécatina",
                "Côte-Nord-du-Golfe-du-Saint-Laurent",
                "Petit-Mécatina",
                "La Romaine",
                "Unamen Shipu",
                "Pakuashipi",
                "Kegaska",
                "Chevery",
                "Harrington Harbour",
                "Tête-à-la-Baleine",
                "La Tabatière",
                "Baie-des-Moutons",
                "Vieux-Fort",
                "Rivière-Saint-Paul",
                "Lourdes-de-Blanc-Sablon",
            ]
        ),
        south=49.9,
        north=53.0,
        west=-61.75,
        east=-57.0,
    ),
)
_LISTUGUJ, _ILES, _, _, _LOWER_NORTH_SHORE = _TERRITORIES
# West of it lies the Natashquan (61.8° W, Minganie), east of it Kegaska (61.27° W).
_KEGASKA_APPROACH = -61.40


def propose_zone(
    lat: float | None, lon: float | None, *, municipality: str = "", municipality_code: str = "", mrc: str = ""
) -> ZoneProposal:
    """The zone that T-5.1 gives a building, with the reason and whether it needs a second look.

    `lat`, `lon`: WGS84 degrees of the building, or None. `municipality_code`: the five-digit geographic code;
    `mrc`: its name or three-digit code. A code counts before a name, a name before a position.
    """
    position = (lat, lon) if lat is not None and lon is not None else None
    territory = _coded(municipality_code, mrc)
    if territory is not None:
        return territory.proposal if position is None or territory.holds(*position) else _doubt(territory.proposal.zone)
    named = _named(municipality, mrc)
    if position is None:
        return named.proposal if named else ZoneProposal(EASTERN, ZoneReason.UNPLACED, is_certain=False)
    if named is not None and named.holds(*position):
        return named.proposal
    # Another « Saint-Augustin » lies by Lac Saint-Jean: a name whose territory is elsewhere says nothing.
    return _by_position(*position, is_coded=bool(municipality_code), is_named=bool(municipality))


def _coded(municipality_code: str, mrc: str) -> _Territory | None:
    code = municipality_code or mrc
    return next((territory for territory in _TERRITORIES if code in territory.codes), None)


def _named(municipality: str, mrc: str) -> _Territory | None:
    hints = {plain(municipality), plain(mrc)}
    return next((territory for territory in _TERRITORIES if hints & territory.names), None)


def _by_position(lat: float, lon: float, *, is_coded: bool, is_named: bool) -> ZoneProposal:
    if lon <= MERIDIAN_63:
        if not is_coded and not is_named and _LISTUGUJ.holds(lat, lon):
            return ZoneProposal(EASTERN, ZoneReason.NEAR_LISTUGUJ, is_certain=False)
        return ZoneProposal(EASTERN, ZoneReason.WEST_OF_63, is_certain=True)
    east = _east_of_63(lat, lon)
    # Every municipality east of the meridian has its code above: another code cannot be there.
    return _doubt(east.zone) if is_coded else east


def _east_of_63(lat: float, lon: float) -> ZoneProposal:
    if _ILES.holds(lat, lon):
        return _ILES.proposal
    if lon < _KEGASKA_APPROACH:
        return ZoneProposal(EASTERN, ZoneReason.MINGANIE_BORDER, is_certain=False)
    return _LOWER_NORTH_SHORE.proposal


def _doubt(zone: str) -> ZoneProposal:
    return ZoneProposal(zone, ZoneReason.DISAGREES, is_certain=False)
