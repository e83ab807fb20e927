from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from intervention.domain.legal_time import (
    ATLANTIC,
    ATLANTIC_STANDARD,
    EASTERN,
    LEGAL_ZONES,
    ZoneProposal,
    ZoneReason,
    plain,
    propose_zone,
)

# Village, latitude, longitude, municipality, geographic code, zone, reason. Coordinates of the villages' schools.
VILLAGES = [
    ("Natashquan", 50.187, -61.822, "Natashquan", "98025", EASTERN, ZoneReason.MINGANIE),
    ("Aguanish", 50.227, -62.031, "Aguanish", "98030", EASTERN, ZoneReason.MINGANIE),
    ("Baie-Johan-Beetz", 50.286, -62.810, "Baie-Johan-Beetz", "98035", EASTERN, ZoneReason.MINGANIE),
    ("Havre-Saint-Pierre", 50.243, -63.591, "Havre-Saint-Pierre", "98040", EASTERN, ZoneReason.MINGANIE),
    ("Port-Menier, Anticosti", 49.818, -64.350, "L'Île-d'Anticosti", "98020", EASTERN, ZoneReason.MINGANIE),
    (
        "Kegaska",
        50.189,
        -61.272,
        "Côte-Nord-du-Golfe-du-Saint-Laurent",
        "98015",
        ATLANTIC_STANDARD,
        ZoneReason.LOWER_NORTH_SHORE,
    ),
    (
        "Chevery",
        50.467,
        -59.619,
        "Côte-Nord-du-Golfe-du-Saint-Laurent",
        "98015",
        ATLANTIC_STANDARD,
        ZoneReason.LOWER_NORTH_SHORE,
    ),
    (
        "Harrington Harbour",
        50.500,
        -59.480,
        "Côte-Nord-du-Golfe-du-Saint-Laurent",
        "98015",
        ATLANTIC_STANDARD,
        ZoneReason.LOWER_NORTH_SHORE,
    ),
    (
        "Tête-à-la-Baleine",
        50.701,
        -59.325,
        "Côte-Nord-du-Golfe-du-Saint-Laurent",
        "98015",
        ATLANTIC_STANDARD,
        ZoneReason.LOWER_NORTH_SHORE,
    ),
    ("La Tabatière", 50.830, -58.958, "Gros-Mécatina", "98014", ATLANTIC_STANDARD, ZoneReason.LOWER_NORTH_SHORE),
    ("Saint-Augustin", 51.227, -58.648, "Saint-Augustin", "98012", ATLANTIC_STANDARD, ZoneReason.LOWER_NORTH_SHORE),
    ("Blanc-Sablon", 51.414, -57.187, "Blanc-Sablon", "98005", ATLANTIC_STANDARD, ZoneReason.LOWER_NORTH_SHORE),
    ("Grosse-Île", 47.619, -61.517, "Grosse-Île", "01042", ATLANTIC, ZoneReason.ILES),
    ("Cap-aux-Meules", 47.376, -61.864, "Les Îles-de-la-Madeleine", "01023", ATLANTIC, ZoneReason.ILES),
    ("Havre-Aubert", 47.222, -61.932, "Les Îles-de-la-Madeleine", "01023", ATLANTIC, ZoneReason.ILES),
    ("Listuguj", 48.013, -66.705, "Listuguj", "06804", ATLANTIC, ZoneReason.LISTUGUJ),
    ("Pointe-à-la-Croix", 48.020, -66.692, "Pointe-à-la-Croix", "06030", EASTERN, ZoneReason.WEST_OF_63),
    ("Escuminac", 48.118, -66.488, "Escuminac", "06025", EASTERN, ZoneReason.WEST_OF_63),
    ("Gaspé", 48.830, -64.487, "Gaspé", "03005", EASTERN, ZoneReason.WEST_OF_63),
    ("Sept-Îles", 50.221, -66.380, "Sept-Îles", "97007", EASTERN, ZoneReason.WEST_OF_63),
    ("Rouyn-Noranda", 48.239, -79.017, "Rouyn-Noranda", "86042", EASTERN, ZoneReason.WEST_OF_63),
    ("Chibougamau", 49.914, -74.371, "Chibougamau", "99025", EASTERN, ZoneReason.WEST_OF_63),
]


@pytest.mark.parametrize(
    ("lat", "lon", "municipality", "code", "zone", "because"), [v[1:] for v in VILLAGES], ids=[v[0] for v in VILLAGES]
)
def test_propose_zone_follows_the_law(
    lat: float, lon: float, municipality: str, code: str, *, zone: str, because: ZoneReason
) -> None:
    assert propose_zone(lat, lon, municipality=municipality, municipality_code=code) == ZoneProposal(
        zone, because, is_certain=True
    )


@pytest.mark.parametrize(
    ("lat", "lon", "municipality", "zone"), [(v[1], v[2], v[3], v[5]) for v in VILLAGES], ids=[v[0] for v in VILLAGES]
)
def test_propose_zone_knows_the_municipality_by_name_alone(
    lat: float, lon: float, municipality: str, zone: str
) -> None:
    proposal = propose_zone(lat, lon, municipality=municipality)

    assert (proposal.zone, proposal.is_certain) == (zone, True)


def test_propose_zone_accepts_the_mrc_as_a_hint() -> None:
    by_name = propose_zone(50.19, -61.82, municipality="Pointe-Parent", mrc="Minganie")
    by_code = propose_zone(50.19, -61.27, mrc="982")

    assert by_name == ZoneProposal(EASTERN, ZoneReason.MINGANIE, is_certain=True)
    assert by_code == ZoneProposal(ATLANTIC_STANDARD, ZoneReason.LOWER_NORTH_SHORE, is_certain=True)


def test_propose_zone_leaves_a_reserve_enclosed_by_minganie_to_a_person() -> None:
    assert propose_zone(50.131, -61.805, municipality="Nutashkuan", municipality_code="98806") == ZoneProposal(
        EASTERN, ZoneReason.MINGANIE_RESERVE, is_certain=False
    )


def test_propose_zone_by_position_alone_says_when_it_is_not_sure() -> None:
    assert propose_zone(48.015, -66.70) == ZoneProposal(EASTERN, ZoneReason.NEAR_LISTUGUJ, is_certain=False)
    assert propose_zone(50.23, -62.03) == ZoneProposal(EASTERN, ZoneReason.MINGANIE_BORDER, is_certain=False)
    assert propose_zone(47.40, -61.80) == ZoneProposal(ATLANTIC, ZoneReason.ILES, is_certain=True)
    assert propose_zone(50.83, -58.96).zone == ATLANTIC_STANDARD


def test_propose_zone_ignores_a_homonym_elsewhere() -> None:
    """Saint-Augustin of Maria-Chapdelaine is a thousand kilometres from that of the Lower North Shore."""
    assert propose_zone(48.80, -71.96, municipality="Saint-Augustin") == ZoneProposal(
        EASTERN, ZoneReason.WEST_OF_63, is_certain=True
    )


def test_propose_zone_doubts_when_code_and_coordinates_disagree() -> None:
    montreal_by_position = propose_zone(45.51, -73.56, municipality_code="98005")
    blanc_sablon_by_position = propose_zone(51.41, -57.19, municipality_code="66023")

    assert montreal_by_position == ZoneProposal(ATLANTIC_STANDARD, ZoneReason.DISAGREES, is_certain=False)
    assert blanc_sablon_by_position == ZoneProposal(ATLANTIC_STANDARD, ZoneReason.DISAGREES, is_certain=False)


def test_propose_zone_without_a_position() -> None:
    assert propose_zone(None, None, municipality="Grosse-Île") == ZoneProposal(
        ATLANTIC, ZoneReason.ILES, is_certain=True
    )
    assert propose_zone(None, None, municipality_code="98025").zone == EASTERN
    assert propose_zone(None, None, municipality="Matane") == ZoneProposal(
        EASTERN, ZoneReason.UNPLACED, is_certain=False
    )


def test_legal_zones_are_the_three_clocks_of_the_law() -> None:
    january, july = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)
    offsets = {
        zone: [
            (at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()) / timedelta(hours=1) for at in (january, july)
        ]
        for zone in LEGAL_ZONES
    }

    assert offsets == {EASTERN: [-5, -4], ATLANTIC: [-4, -3], ATLANTIC_STANDARD: [-4, -4]}


def test_plain_ignores_accents_hyphens_and_apostrophes() -> None:
    assert plain("L’Île-d'Anticosti") == plain("l ile d anticosti")
