"""How long and how far between two buildings, who says so, and what the road takes from a day.

Knows places, the order of sources (a declared value beats a published one, which beats an estimate) and the
buffers of the scheduler. Minutes kept here are those of a dry road; the season is applied where they are used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from intervention.domain.shortest_roads import ClosedRoads

SAME_BUILDING_MINUTES = 5
PARKING_MINUTES = 10
LONG_ROAD_MINUTES = 90
WINTER_PERCENT = 115
# Nine winter drives of ten; asked only of an estimate, a declared value already knows its road.
WINTER_PRUDENT_PERCENT = 135
_WINTER_MONTHS = frozenset({11, 12, 1, 2, 3, 4})
_TICK_MINUTES = 5


class Source(StrEnum):
    """Where a travel time comes from, the surest first."""

    SAME_PLACE = "same_place"
    DECLARED = "declared"
    ANCHOR = "anchor"
    ROUTED = "routed"
    ESTIMATED = "estimated"


class TravelMode(StrEnum):
    """The dearest means a leg needs; the ledger never invents a flight."""

    ROAD = "road"
    FERRY = "ferry"
    AIR = "air"


class Quality(StrEnum):
    """What a page may claim about a value."""

    KNOWN = "known"
    COMPUTED = "computed"
    ESTIMATED = "estimated"


SOURCE_ORDER = tuple(Source)
MODE_ORDER = tuple(TravelMode)
QUALITY_OF = {
    Source.SAME_PLACE: Quality.KNOWN,
    Source.DECLARED: Quality.KNOWN,
    Source.ANCHOR: Quality.KNOWN,
    Source.ROUTED: Quality.COMPUTED,
    Source.ESTIMATED: Quality.ESTIMATED,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A building as the road sees it: WGS84 degrees; `road_component` None is the main network of Québec."""

    building_id: UUID
    lat: float
    lon: float
    road_component: str | None = None
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class TravelTime:
    """One way from a building to another, door to door on a dry road; `via` are the buildings a composed way passes."""

    minutes: int
    metres: int
    source: Source
    mode: TravelMode = TravelMode.ROAD
    quality: Quality = Quality.KNOWN
    via: tuple[UUID, ...] = ()

    def __post_init__(self) -> None:
        if self.minutes < 0 or self.metres < 0:
            raise ValueError("negative_travel")


Pair = tuple[UUID, UUID]
Matrix = Mapping[Pair, TravelTime | None]

SAME_PLACE = TravelTime(0, 0, Source.SAME_PLACE)


class TravelTimes:
    """The travel times among some places, each with its source: the first matrix that knows a pair answers for it.

    A matrix that holds None for a pair says there is no road; a matrix without the pair does not know.
    """

    def __init__(self, places: Iterable[Place], matrices: Sequence[Matrix]) -> None:
        self.places = {place.building_id: place for place in sorted(places, key=lambda p: p.building_id)}
        self._matrices = tuple(matrices)
        self._known: dict[Pair, TravelTime | None] = {}
        self._closed: dict[bool, ClosedRoads] = {}

    def between(self, start: UUID, end: UUID) -> TravelTime | None:
        """The travel time a person is shown and the scheduler uses; None when no road, ferry or flight is known."""
        if start == end:
            return SAME_PLACE
        direct = self._direct(start, end)
        return direct if direct is not None else self._composed(start, end)

    def roads(self, *, winter: bool) -> ClosedRoads:
        """The same times by road and ferry with the triangle inequality forced, for tours; one per season."""
        if winter not in self._closed:
            percent = WINTER_PERCENT if winter else 100

            def by_road(start: UUID, end: UUID) -> tuple[int, int] | None:
                time = self._direct(start, end)
                if time is None or time.mode is TravelMode.AIR:
                    return None
                return time.metres, in_season(time.minutes, percent)

            self._closed[winter] = ClosedRoads(list(self.places), by_road)
        return self._closed[winter]

    def provenance(self, path: Sequence[UUID]) -> TravelTime:
        """The direct times along `path` added up, as sure as the weakest of them."""
        legs = [self._surely(start, end) for start, end in pairwise(path)]
        source = max((leg.source for leg in legs), key=SOURCE_ORDER.index, default=Source.SAME_PLACE)
        return TravelTime(
            minutes=sum(leg.minutes for leg in legs),
            metres=sum(leg.metres for leg in legs),
            source=source,
            mode=max((leg.mode for leg in legs), key=MODE_ORDER.index, default=TravelMode.ROAD),
            quality=QUALITY_OF[source],
            via=tuple(path[1:-1]),
        )

    def undercut(self) -> list[Pair]:
        """Known pairs longer than a way round through other values: two sources disagree, a person should look."""
        closed = self.roads(winter=False)
        return sorted(
            pair
            for pair, time in self._pairs()
            if time is not None
            and time.quality is Quality.KNOWN
            and time.mode is not TravelMode.AIR
            and closed.metres(*pair) < time.metres
        )

    @property
    def version(self) -> str:
        """A digest of every pair, so that a published figure names the values it was read from."""
        digest = hashlib.sha256()
        for (start, end), time in self._pairs():
            digest.update(
                repr((str(start), str(end), time and (time.minutes, time.metres, time.source.value))).encode()
            )
        return digest.hexdigest()[:16]

    def _composed(self, start: UUID, end: UUID) -> TravelTime | None:
        closed = self.roads(winter=False)
        return self.provenance(closed.path(start, end)) if closed.connects(start, end) else None

    def _direct(self, start: UUID, end: UUID) -> TravelTime | None:
        """What the first matrix that knows says; asked once, for most pairs of a large board are never looked at."""
        pair = start, end
        if pair not in self._known:
            self._known[pair] = next((matrix[pair] for matrix in self._matrices if pair in matrix), None)
        return self._known[pair]

    def _pairs(self) -> Iterator[tuple[Pair, TravelTime | None]]:
        """Every ordered pair; the places are in order, so the pairs are."""
        return (((a, b), self._direct(a, b)) for a in self.places for b in self.places if a != b)

    def _surely(self, start: UUID, end: UUID) -> TravelTime:
        time = self._direct(start, end)
        if time is None:
            raise ValueError("no_road")
        return time


def in_season(minutes: int, percent: int) -> int:
    """Minutes on a dry road made longer by `percent` / 100, rounded up."""
    return -(-minutes * percent // 100)


def is_winter(on: date) -> bool:
    """15 November to 15 April included."""
    return (on.month, on.day) >= (11, 15) or (on.month, on.day) <= (4, 15)


def buffer_ticks(time: TravelTime | None, month: int) -> int | None:
    """5-minute ticks to keep free between two in-person séances; None when there is no road.

    The road in its season, 10 minutes to park and be received, a tenth of the road up to 15 minutes; a month that
    is winter in part is winter, for a buffer that is too long costs less than a child who waits.
    """
    if time is None:
        return None
    if time.source is Source.SAME_PLACE:
        return SAME_BUILDING_MINUTES // _TICK_MINUTES
    hundredths = time.minutes * _season_percent(time, month) + PARKING_MINUTES * 100 + min(15 * 100, time.minutes * 10)
    return -(-hundredths // (_TICK_MINUTES * 100))


def is_long_road(time: TravelTime) -> bool:
    """Whether a person should be warned: more than 90 minutes at a stretch."""
    return time.minutes > LONG_ROAD_MINUTES


def _season_percent(time: TravelTime, month: int) -> int:
    if month not in _WINTER_MONTHS:
        return 100
    return WINTER_PRUDENT_PERCENT if time.quality is Quality.ESTIMATED else WINTER_PERCENT
