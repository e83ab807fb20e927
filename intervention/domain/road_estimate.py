"""A travel time when nobody declared one: great circle, a factor of detour, a speed by length of road.

Calibrated on twenty published road distances of rural Québec (median factor 1.26, 1.02 to 1.40): every value that
comes from here is labelled an estimate. Says None where no road joins the two places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import permutations
from math import asin, ceil, cos, radians, sin, sqrt

from intervention.domain.travel import Pair, Place, Quality, Source, TravelTime

EARTH_METRES = 6_371_008.8
ACCESS_MINUTES = 4
_SHORT_METRES = 15_000
_LOCAL_KMH, _COAST_KMH, _HIGHWAY_KMH = 50, 65, 80
_LOCAL_METRES, _COAST_METRES = 15_000, 40_000


class Band(StrEnum):
    """Which way to be prudent: LOW understates a saving, HIGH overstates the road a schedule must leave time for."""

    LOW = "low"
    CENTRAL = "central"
    HIGH = "high"


# (short road, longer road), per cent of the great circle.
_FACTORS = {Band.LOW: (120, 120), Band.CENTRAL: (140, 125), Band.HIGH: (140, 140)}


def estimate(start: Place, end: Place, band: Band = Band.CENTRAL) -> TravelTime | None:
    """The estimated way between two different buildings; None from one road network to another."""
    if start.road_component != end.road_component:
        return None
    metres = road_metres(great_circle_metres(start, end), band)
    return TravelTime(road_minutes(metres), metres, Source.ESTIMATED, quality=Quality.ESTIMATED)


class Estimates(Mapping[Pair, TravelTime | None]):
    """The estimate of every ordered pair of places, made when it is asked for."""

    def __init__(self, places: Iterable[Place], band: Band) -> None:
        self._places = {place.building_id: place for place in places}
        self._band = band

    def __getitem__(self, pair: Pair) -> TravelTime | None:
        if pair[0] == pair[1]:
            raise KeyError(pair)
        return estimate(self._places[pair[0]], self._places[pair[1]], self._band)

    def __contains__(self, pair: object) -> bool:
        return isinstance(pair, tuple) and pair[0] != pair[1] and all(each in self._places for each in pair)

    def __iter__(self) -> Iterator[Pair]:
        return permutations(self._places, 2)

    def __len__(self) -> int:
        return len(self._places) * (len(self._places) - 1)


def great_circle_metres(start: Place, end: Place) -> float:
    """Haversine distance on the mean sphere."""
    north, east = radians(end.lat - start.lat), radians(end.lon - start.lon)
    chord = sin(north / 2) ** 2 + cos(radians(start.lat)) * cos(radians(end.lat)) * sin(east / 2) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(chord)))


def road_metres(circle: float, band: Band) -> int:
    """Metres of road for `circle` metres as the crow flies, rounded up.

    Held level just past 15 km instead of dropping where the factor changes: a longer way is never a shorter road,
    and a detour never beats the way straight there.
    """
    short, longer = _FACTORS[band]
    return ceil(max(circle * longer, min(circle, _SHORT_METRES) * short) / 100)


def road_minutes(metres: int) -> int:
    """Minutes of a dry road with 4 minutes of access at each end: 50 km/h to 15 km, 65 to 40 km, 80 beyond."""
    hours = max(metres / _HIGHWAY_KMH, min(metres, _COAST_METRES) / _COAST_KMH, min(metres, _LOCAL_METRES) / _LOCAL_KMH)
    return ceil(hours * 60 / 1000) + 2 * ACCESS_MINUTES


def disagrees(declared: TravelTime, estimated: TravelTime | None) -> bool:
    """Whether a declared way is more than half longer or shorter than the estimate: one of the two is worth a look."""
    if estimated is None:
        return False
    pairs = ((declared.minutes, estimated.minutes), (declared.metres, estimated.metres))
    return any(abs(said - guessed) * 2 > guessed for said, guessed in pairs)
