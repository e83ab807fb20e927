"""Places of Québec that no road joins to the rest, proposed to the person who describes a building.

A proposal only: the field belongs to the building and a person chooses it, because a road opens (Kegaska, 2013) and
a merged municipality holds villages that are joined and villages that are not.
"""

from __future__ import annotations

from uuid import UUID

from intervention.domain.road_estimate import great_circle_metres
from intervention.domain.travel import Place

MAIN_NETWORK = None
_NOWHERE = UUID(int=0)

# component, latitude, longitude, radius in km; the smaller circle first where two overlap.
# Between Vieux-Fort and Blanc-Sablon a road of their own, joined to the rest by Labrador only.
_ISOLATED = (
    ("la-romaine", 50.213, -60.676, 15),
    ("chevery", 50.468, -59.610, 6),
    ("harrington-harbour", 50.498, -59.480, 6),
    ("tete-a-la-baleine", 50.698, -59.323, 12),
    ("gros-mecatina", 50.800, -58.990, 14),
    ("saint-augustin", 51.233, -58.650, 20),
    ("blanc-sablon", 51.440, -57.480, 40),
    ("ile-d-entree", 47.278, -61.700, 5),
    ("iles-de-la-madeleine", 47.450, -61.750, 60),
    ("anticosti", 49.820, -64.350, 25),
    ("anticosti", 49.500, -63.300, 45),
    ("anticosti", 49.200, -62.200, 45),
    ("schefferville", 54.800, -66.815, 30),
    ("whapmagoostui", 55.275, -77.755, 30),
)
# Every village of Nunavik is reached by air; Radisson and Chisasibi, further south, by road.
_NUNAVIK_FROM_LATITUDE = 55.0

_BY_MUNICIPALITY = {
    "blanc-sablon": "blanc-sablon",
    "bonne-espérance": "blanc-sablon",
    "gros-mécatina": "gros-mecatina",
    "saint-augustin": "saint-augustin",
    "les îles-de-la-madeleine": "iles-de-la-madeleine",
    "grosse-île": "iles-de-la-madeleine",
    "l'île-d'anticosti": "anticosti",
    "schefferville": "schefferville",
    "kawawachikamach": "schefferville",
    "matimekosh": "schefferville",
}


def propose_component(lat: float, lon: float, municipality: str = "") -> str | None:
    """The isolated road network the place seems to belong to; None for the main network.

    Coordinates decide; the municipality helps only near the place it names (there are several Saint-Augustin).
    """
    here = Place(_NOWHERE, lat, lon)
    nearest = [
        (great_circle_metres(here, Place(_NOWHERE, at_lat, at_lon)), component, radius * 1000)
        for component, at_lat, at_lon, radius in _ISOLATED
    ]
    for distance, component, radius in nearest:
        if distance <= radius:
            return component
    named = _BY_MUNICIPALITY.get(municipality.strip().casefold().replace("’", "'"))
    if named and any(component == named and distance <= 3 * radius for distance, component, radius in nearest):
        return named
    return f"nunavik-{lat:.1f}-{-lon:.1f}" if lat >= _NUNAVIK_FROM_LATITUDE else MAIN_NETWORK
