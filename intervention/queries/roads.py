"""Travel times between buildings, as the scheduler needs them: declared values first, a labelled estimate otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.road_estimate import Band, estimate
from intervention.domain.travel import (
    QUALITY_OF,
    Matrix,
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


def road_book(session: Session, organization_id: UUID, building_ids: Collection[UUID]) -> RoadBook:
    """Prudent travel times (`travel.md` §2.4: estimates on the long side for schedules)."""
    return RoadBook(travel_times(session, organization_id, building_ids, Band.HIGH))


def travel_times(session: Session, organization_id: UUID, building_ids: Collection[UUID], band: Band) -> TravelTimes:
    """Times among the buildings that have coordinates, with the source of each pair."""
    rows = session.execute(
        select(Building.id, Building.lat, Building.lon, Building.road_component, Building.municipality).where(
            Building.id.in_(list(building_ids)), Building.organization_id == organization_id
        )
    ).all()
    places = [Place(r.id, r.lat, r.lon, r.road_component, r.municipality) for r in rows if r.lat is not None]
    estimated: Matrix = {
        (a.building_id, b.building_id): estimate(a, b, band) for a in places for b in places if a is not b
    }
    return TravelTimes(places, [declared_matrix(session, organization_id, building_ids), estimated])


def declared_matrix(session: Session, organization_id: UUID, building_ids: Collection[UUID]) -> Matrix:
    ids = list(building_ids)
    rows = session.scalars(
        select(Road).where(
            Road.organization_id == organization_id, Road.from_building_id.in_(ids), Road.to_building_id.in_(ids)
        )
    )
    return {
        (r.from_building_id, r.to_building_id): TravelTime(
            r.minutes, r.metres, Source(r.quality), TravelMode(r.mode), QUALITY_OF[Source(r.quality)]
        )
        for r in rows
    }
