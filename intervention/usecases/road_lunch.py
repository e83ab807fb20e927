"""Which leg of a day moves so that she eats: the very rule by which the search offers a day with such a lunch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain import masks
from intervention.domain.road_days import Moved, Roads
from intervention.domain.school_time import WallSpan, day_range, mask, tick_at, wall_ranges
from intervention.domain.slots import Day, Stop, Traveller
from intervention.domain.spans import TICK
from intervention.domain.travel import is_winter
from intervention.queries.roads import RoadBook
from intervention.records.calendars import Availability, BusyTime
from intervention.records.people import Professional


def moved_leg(  # noqa: PLR0913 - a day and its roads
    session: Session, who: Professional, stops: Sequence[Stop], book: RoadBook, *, on_date: date, zone: str
) -> Moved | None:
    """The leg that lunch moves, by the stop that it leads to (the way home comes after the last); often none.

    Ticks are absolute, of the stops and of the answer.
    """
    if not who.lunch_minutes:
        return None
    starts, ends = day_range(on_date, zone)
    day = Day(
        0,
        ends - starts,
        tick_at(on_date, who.lunch_from_local, zone) - starts,
        tick_at(on_date, who.lunch_until_local, zone) - starts,
        tuple(Stop(stop.starts - starts, stop.ends - starts, stop.building_id) for stop in stops),
        is_winter(on_date),
    )
    traveller = Traveller(
        who.person_id,
        who.home_building_id,
        mask(wall_ranges(on_date, _hours(session, who.person_id, on_date), zone), starts, ends - starts),
        _away(session, who.person_id, starts, ends),
        (day,),
        lunch_ticks=who.lunch_minutes // 5,
        needs={day.is_winter: _needs(who.home_building_id, stops, book, on_date)},
    )
    moved = Roads(traveller).days[0].moved_leg()
    return Moved(moved.at, starts + moved.starts) if moved else None


def _hours(session: Session, person_id: UUID, on_date: date) -> list[WallSpan]:
    rows = session.execute(
        select(
            Availability.starts_local, Availability.ends_local, Availability.valid_from, Availability.valid_until
        ).where(Availability.person_id == person_id, Availability.weekday == on_date.isoweekday())
    )
    return [
        (starts, ends) for starts, ends, since, until in rows if (since or on_date) <= on_date <= (until or on_date)
    ]


def _away(session: Session, person_id: UUID, starts: int, ends: int) -> int:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    found = 0
    for since, until in session.execute(
        select(BusyTime.starts_at, BusyTime.ends_at).where(
            BusyTime.person_id == person_id,
            BusyTime.starts_at < epoch + ends * TICK,
            BusyTime.ends_at > epoch + starts * TICK,
        )
    ):
        found |= masks.run((since - epoch) // TICK - starts, -((epoch - until) // TICK) - starts)
    return found & masks.run(0, ends - starts)


def _needs(home: UUID, stops: Sequence[Stop], book: RoadBook, on_date: date) -> dict[tuple[UUID, UUID], int | None]:
    found: dict[tuple[UUID, UUID], int | None] = {}
    for start, end in pairwise([home, *(stop.building_id for stop in stops), home]):
        need = book.need(start, end, on_date) if start != end else None
        found[start, end] = need.ticks if need else None
    return found
