"""Travel times between buildings, as the scheduler needs them: declared values first, a labelled estimate otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.road_estimate import Band, Estimates
from intervention.domain.travel import (
    QUALITY_OF,
    Matrix,
    Pair,
    Place,
    Quality,
    Source,
    TravelMode,
    TravelTime,
    TravelTimes,
    buffer_ticks,
)
from intervention.records.schools import Building, Road


@dataclass(frozen=True, slots=True)
class RoadNeed:
    """What a leg takes from a day: 5-minute ticks with parking, margin and season; metres of road."""

    ticks: int
    metres: int
    minutes: int
    quality: Quality


class RoadBook:
    """The needs among some buildings."""

    def __init__(self, times: TravelTimes) -> None:
        self.times = times

    def need(self, start: UUID, end: UUID, on_date: date) -> RoadNeed | None:
        """None when no road joins the two buildings."""
        time = self.times.between(start, end)
        ticks = buffer_ticks(time, on_date.month)
        if time is None or ticks is None:
            return None
        return RoadNeed(ticks, time.metres, time.minutes, time.quality)


class RoadNeeds(Mapping[Pair, int | None]):
    """The ticks of every ordered pair of buildings, some without coordinates, in a month; worked out when asked."""

    def __init__(self, times: TravelTimes, buildings: Collection[UUID], month: int) -> None:
        self._times, self._buildings, self._month = times, frozenset(buildings), month
        self._found: dict[Pair, int | None] = {}

    def __getitem__(self, pair: Pair) -> int | None:
        if pair not in self._found:
            if not self._buildings.issuperset(pair):
                raise KeyError(pair)
            self._found[pair] = self._ticks(pair)
        return self._found[pair]

    def _ticks(self, pair: Pair) -> int | None:
        if pair[0] == pair[1]:
            return 0
        if not self._times.places.keys() >= set(pair):
            return None
        return buffer_ticks(self._times.between(*pair), self._month)

    def __iter__(self) -> Iterator[Pair]:
        return product(self._buildings, self._buildings)

    def __len__(self) -> int:
        return len(self._buildings) ** 2


def road_book(session: Session, boards: Collection[UUID], building_ids: Collection[UUID]) -> RoadBook:
    """Prudent travel times (`travel.md` §2.4: estimates on the long side for schedules)."""
    return RoadBook(travel_times(session, boards, building_ids, Band.HIGH))


def travel_times(session: Session, boards: Collection[UUID], building_ids: Collection[UUID], band: Band) -> TravelTimes:
    """Times among the buildings of these boards that have coordinates, with the source of each pair.

    From one board's building to another's, where nobody declared the road, it is the estimate.
    """
    rows = session.execute(
        select(Building.id, Building.lat, Building.lon, Building.road_component, Building.municipality).where(
            Building.id.in_(list(building_ids)), Building.organization_id.in_(boards)
        )
    ).all()
    places = [Place(r.id, r.lat, r.lon, r.road_component, r.municipality) for r in rows if r.lat is not None]
    return TravelTimes(places, [declared_matrix(session, boards, building_ids), Estimates(places, band)])


def declared_matrix(session: Session, boards: Collection[UUID], building_ids: Collection[UUID]) -> Matrix:
    ids = list(building_ids)
    rows = session.scalars(
        select(Road).where(
            Road.organization_id.in_(boards), Road.from_building_id.in_(ids), Road.to_building_id.in_(ids)
        )
    )
    return {
        (r.from_building_id, r.to_building_id): TravelTime(
            r.minutes, r.metres, Source(r.quality), TravelMode(r.mode), QUALITY_OF[Source(r.quality)]
        )
        for r in rows
    }
