"""A professional's road, day by day: where she must be, and the legs that take her there. A leg reserves her."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from intervention.domain import slots
from intervention.domain.encounters import EncounterStatus, PlaceKind
from intervention.domain.errors import SlotRefused, SlotTaken
from intervention.domain.ids import new_id
from intervention.domain.road_days import Moved
from intervention.domain.spans import TICK, Span, instant_of, tick_of
from intervention.queries.roads import RoadBook, road_book
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.isolation import beyond
from intervention.records.people import Professional
from intervention.records.reservations import Leg, Reservation, ReservationKind
from intervention.records.schools import Building
from intervention.usecases.reservations import Taking, lock_resources, reserve
from intervention.usecases.road_lunch import moved_leg

STANDING = (
    EncounterStatus.HELD,
    EncounterStatus.PLANNED,
    EncounterStatus.IN_PROGRESS,
    EncounterStatus.COMPLETED,
)


FEW_DAYS = 3  # looked at one by one


@dataclass(frozen=True, slots=True)
class Stop:
    """A span during which the professional is physically at a building."""

    span: Span
    building_id: UUID
    organization_id: UUID
    encounter_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RoadDay:
    """One professional on one local date of the zone of her base, which is a building of `organization_id`."""

    person_id: UUID
    on_date: date
    base_id: UUID
    zone: str
    organization_id: UUID


# Written once: every booking runs these, whether somebody travels or not.
_PROFESSIONAL, _BUILDING, _LEG = Professional.__table__.c, Building.__table__.c, Leg.__table__.c
_MADE, _SITE, _PART = Encounter.__table__.c, EncounterSite.__table__.c, Participation.__table__.c
_BASES = (
    select(_PROFESSIONAL.person_id, _BUILDING.id, _BUILDING.zone, _BUILDING.organization_id)
    .join_from(Professional.__table__, Building.__table__, _BUILDING.id == _PROFESSIONAL.home_building_id)
    .where(_PROFESSIONAL.person_id.in_(bindparam("people", expanding=True)))
    .order_by(_PROFESSIONAL.person_id)
)
_INSERT_LEGS = insert(Leg.__table__)  # type: ignore[arg-type]
_LEGS = select(_LEG.id, _LEG.person_id, _LEG.on_date).where(
    _LEG.person_id.in_(bindparam("people", expanding=True)), _LEG.on_date.in_(bindparam("dates", expanding=True))
)
_STOPS = (
    select(_MADE.id, _MADE.organization_id, _MADE.starts_at, _MADE.ends_at, _SITE.place, _SITE.building_id)
    .select_from(Encounter.__table__)
    .join(EncounterSite.__table__, _SITE.encounter_id == _MADE.id)
    .join(Participation.__table__, _PART.site_id == _SITE.id)
    .where(
        _PART.person_id == bindparam("person"),
        _MADE.status.in_(STANDING),
        _MADE.starts_at >= bindparam("since"),
        _MADE.starts_at < bindparam("until"),
    )
    .order_by(_MADE.starts_at)
)


def road_days_of(session: Session, people: Iterable[UUID], *spans: Span) -> list[RoadDay]:
    """The road days that encounters at these spans touch: only professionals travel."""
    with beyond(session):
        rows = session.execute(_BASES, {"people": sorted(set(people))}).all()
    days = (
        RoadDay(person, span.starts_at.astimezone(ZoneInfo(zone)).date(), base, zone, organization)
        for person, base, zone, organization in rows
        if zone
        for span in spans
    )
    return list(dict.fromkeys(days))


def clear(session: Session, days: Iterable[RoadDay]) -> None:
    """Take the legs of these days away, so that a change meets encounters only."""
    wanted = {(day.person_id, day.on_date) for day in days}
    people, dates = ({part[n] for part in wanted} for n in (0, 1))
    with beyond(session):
        rows = session.execute(_LEGS, {"people": list(people), "dates": list(dates)})
        legs = [row.id for row in rows if (row.person_id, row.on_date) in wanted]
        if legs:
            session.execute(delete(Reservation).where(Reservation.leg_id.in_(legs)))
            session.execute(delete(Leg).where(Leg.id.in_(legs)))


def lay(session: Session, days: Sequence[RoadDay]) -> None:
    """Lay the legs of these days anew. Raises SlotRefused when a road does not exist or does not fit.

    A day is hers whole: what she does for another board moves her too.
    """
    with beyond(session):
        away = _away_from_base(session, days) if len(days) > FEW_DAYS else days
        for day, stops in _stops_of_each(session, away):
            if any(stop.building_id != day.base_id for stop in stops):
                _lay(session, day, stops)


def _lay(session: Session, day: RoadDay, stops: Sequence[Stop]) -> None:
    boards = {day.organization_id, *(stop.organization_id for stop in stops)}
    book = road_book(session, boards, {day.base_id, *(s.building_id for s in stops)})
    legs = legs_between(day.base_id, stops, book, day)
    visits = [slots.Stop(tick_of(s.span.starts_at), tick_of(s.span.ends_at), s.building_id) for s in stops]
    who = session.get_one(Professional, day.person_id)
    moved = moved_leg(session, who, visits, book, on_date=day.on_date, zone=day.zone)
    _write(session, day, [(_around_lunch(leg, moved), _board_of(leg, stops)) for leg in legs])


def _board_of(leg: PlannedLeg, stops: Sequence[Stop]) -> UUID:
    """The board that sends her: that of the séance she goes to, or comes home from."""
    return stops[min(leg.to_stop, len(stops) - 1)].organization_id


def _away_from_base(session: Session, days: Sequence[RoadDay]) -> list[RoadDay]:
    """Those of many days on which somebody may be away from her base, in one statement: the others have no road.

    Dates are those of the encounters' own zones, so that a neighbouring day is kept too.
    """
    session.flush()
    rows = session.execute(
        select(Participation.person_id, Encounter.on_date)
        .join(Encounter, Encounter.id == Participation.encounter_id)
        .join(EncounterSite, EncounterSite.id == Participation.site_id)
        .join(Professional, Professional.person_id == Participation.person_id)
        .where(
            Participation.person_id.in_({day.person_id for day in days}),
            Encounter.status.in_(STANDING),
            Encounter.on_date.between(
                min(day.on_date for day in days) - timedelta(days=1),
                max(day.on_date for day in days) + timedelta(days=1),
            ),
            EncounterSite.place == PlaceKind.BUILDING,
            EncounterSite.building_id != Professional.home_building_id,
        )
        .distinct()
    )
    away = {(person, on_date + timedelta(days=n)) for person, on_date in rows for n in (-1, 0, 1)}
    return [day for day in days if (day.person_id, day.on_date) in away]


def stops_of(session: Session, day: RoadDay) -> list[Stop]:
    """Where the person is on that day, in order; outside our buildings counts as the home base."""
    return _stops_between(session, day, day)


def _stops_of_each(session: Session, days: Sequence[RoadDay]) -> Iterator[tuple[RoadDay, list[Stop]]]:
    """The stops of many days, in one statement per person: a day alone costs a look at all that she ever did."""
    if len(days) <= FEW_DAYS:
        for day in days:
            yield day, stops_of(session, day)
        return
    of_person: dict[UUID, list[RoadDay]] = defaultdict(list)
    for day in days:
        of_person[day.person_id].append(day)
    for hers in of_person.values():
        by_date: dict[date, list[Stop]] = defaultdict(list)
        zone = ZoneInfo(hers[0].zone)
        first, last = (pick(hers, key=lambda day: day.on_date) for pick in (min, max))
        for stop in _stops_between(session, first, last):
            by_date[stop.span.starts_at.astimezone(zone).date()].append(stop)
        for day in hers:
            yield day, by_date[day.on_date]


def _stops_between(session: Session, first: RoadDay, last: RoadDay) -> list[Stop]:
    """From the first moment of a day of somebody to the last one of another."""
    zone = ZoneInfo(first.zone)
    midnight = datetime.combine(first.on_date, time.min, zone).astimezone(UTC)
    next_midnight = datetime.combine(last.on_date + timedelta(days=1), time.min, zone).astimezone(UTC)
    session.flush()
    rows = session.execute(_STOPS, {"person": first.person_id, "since": midnight, "until": next_midnight})
    return [
        Stop(
            Span(r.starts_at, r.ends_at),
            first.base_id if r.place is not PlaceKind.BUILDING else r.building_id,
            r.organization_id,
            r.id,
        )
        for r in rows
    ]


@dataclass(frozen=True, slots=True)
class PlannedLeg:
    """A leg to the `to_stop`-th stop of a day, or home after the last."""

    to_stop: int
    from_building_id: UUID
    to_building_id: UUID
    span: Span
    metres: int
    quality: str


def legs_between(home: UUID, stops: Sequence[Stop], book: RoadBook, day: RoadDay) -> list[PlannedLeg]:
    """Legs that arrive just in time at each stop and leave the last one at once for home (`travel.md` §1.7).

    `lay` then moves one of them when the day would leave no lunch.
    """
    legs: list[PlannedLeg] = []
    here, free_from = home, None
    for at, stop in enumerate(stops):
        if stop.building_id != here:
            leg = _leg(at, here, stop.building_id, book, day, ends_at=stop.span.starts_at)
            if free_from is not None and leg.span.starts_at < free_from:
                raise SlotRefused(
                    code="too_short_for_road",
                    from_building_id=here,
                    to_building_id=stop.building_id,
                    minutes=leg.span.minutes,
                    encounter_id=stop.encounter_id,
                    on_date=day.on_date,
                )
            legs.append(leg)
        here, free_from = stop.building_id, stop.span.ends_at
    if here != home and free_from is not None:
        legs.append(_leg(len(stops), here, home, book, day, starts_at=free_from))
    return legs


def _around_lunch(leg: PlannedLeg, moved: Moved | None) -> PlannedLeg:
    """She leaves for home after lunch, or is at a séance in time for it, where that is the leg that moves."""
    if moved is None or leg.to_stop != moved.at:
        return leg
    starts_at = instant_of(moved.starts)
    return replace(leg, span=Span(starts_at, starts_at + leg.span.duration))


def _leg(  # noqa: PLR0913 - a leg is anchored at one of its ends
    to_stop: int,
    here: UUID,
    there: UUID,
    book: RoadBook,
    day: RoadDay,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> PlannedLeg:
    need = book.need(here, there, day.on_date)
    if need is None:
        raise SlotRefused(code="no_road", from_building_id=here, to_building_id=there)
    lasting = need.ticks * TICK
    if starts_at is None:
        assert ends_at is not None  # noqa: S101 - one end is always given
        starts_at = ends_at - lasting
    return PlannedLeg(to_stop, here, there, Span(starts_at, starts_at + lasting), need.metres, need.quality)


def _write(session: Session, day: RoadDay, legs: Sequence[tuple[PlannedLeg, UUID]]) -> None:
    organizations = lock_resources(session, [day.person_id])
    rows = [_row(day, leg, board) for leg, board in legs]
    session.execute(_INSERT_LEGS, rows)
    takings = [
        Taking(day.person_id, leg.span, ReservationKind.TRAVEL, row["id"])
        for (leg, _board), row in zip(legs, rows, strict=True)
    ]
    try:
        reserve(session, takings, organizations=organizations, encounter_id=None)
    except SlotTaken as taken:
        raise SlotRefused(code="too_short_for_road", person_id=day.person_id, on_date=day.on_date) from taken


def _row(day: RoadDay, leg: PlannedLeg, board: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "organization_id": board,
        "person_id": day.person_id,
        "on_date": day.on_date,
        "from_building_id": leg.from_building_id,
        "to_building_id": leg.to_building_id,
        "starts_at": leg.span.starts_at,
        "ends_at": leg.span.ends_at,
        "minutes": leg.span.minutes,
        "metres": leg.metres,
        "quality": leg.quality,
    }
