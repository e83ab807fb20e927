"""Which séances a closed day touches: what each building's day is, in which half, and who was to be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from intervention.domain.closures import closed_type, halves_of
from intervention.domain.days import EVERY_LEVEL, DayType
from intervention.domain.permissions import Actor
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.records.calendars import SchoolDay
from intervention.records.encounters import Encounter, EncounterSite
from intervention.usecases.changing import CHANGEABLE
from intervention.usecases.work import Work

Types = tuple[DayType, DayType]
Days = dict[tuple[UUID, date], Types]
Halves = tuple[bool, bool]


def days_on(work: Work, actor: Actor, dates: Sequence[date]) -> Days:
    """What each building's days are now, by half."""
    rows = work.session.execute(
        select(SchoolDay.building_id, SchoolDay.on_date, SchoolDay.day_type, SchoolDay.afternoon).where(
            SchoolDay.organization_id == actor.organization_id,
            SchoolDay.on_date.in_(dates),
            SchoolDay.level == EVERY_LEVEL,
        )
    )
    return {(building, on_date): (morning, afternoon or morning) for building, on_date, morning, afternoon in rows}


def touched(  # noqa: PLR0913 - keyword-only at the end
    work: Work,
    actor: Actor,
    dates: Sequence[date],
    reached: Iterable[UUID],
    newly: Mapping[tuple[UUID, date], Halves],
    *,
    lock: bool,
) -> list[Encounter]:
    """Everything to come with a site there in a half that closes, whoever may see it."""
    there = select(EncounterSite.encounter_id).where(EncounterSite.building_id.in_(list(reached)))
    statement = (
        select(Encounter)
        .where(
            Encounter.organization_id == actor.organization_id,
            Encounter.on_date.in_(dates),
            Encounter.status.in_(CHANGEABLE),
            Encounter.ends_at > work.now(),
            Encounter.id.in_(there),
        )
        .options(selectinload(Encounter.sites), selectinload(Encounter.participations))
        .order_by(Encounter.starts_at, Encounter.id)
        .execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update(of=Encounter)
    board = catalogue(work.session, actor.organization_id)
    return [each for each in work.session.scalars(statement) if _is_touched(board, each, newly)]


def _is_touched(board: Catalogue, encounter: Encounter, newly: Mapping[tuple[UUID, date], Halves]) -> bool:
    for site in encounter.sites:
        closed = newly.get((site.building_id, encounter.on_date)) if site.building_id else None
        if closed is not None and site.building_id is not None:
            halves = _halves(board, encounter, site.building_id)
            if any(shut and there for shut, there in zip(closed, halves, strict=True)):
                return True
    return False


def _halves(board: Catalogue, encounter: Encounter, building: UUID) -> Halves:
    info = board.buildings.get(building)
    zone = ZoneInfo((info.zone if info else None) or board.zone)
    starts, ends = encounter.starts_at.astimezone(zone), encounter.ends_at.astimezone(zone)
    return halves_of(starts.time(), ends.time(), board.noon(building))


def closed_for(board: Catalogue, encounter: Encounter, days: Days) -> dict[UUID, DayType]:
    """The buildings that are closed while it is held, its host's base among them."""
    home = board.professionals[encounter.host_id].home
    found = {}
    for building in {home, *(s.building_id for s in encounter.sites)}:
        types = days.get((building, encounter.on_date)) if building is not None else None
        closed = closed_type(types, _halves(board, encounter, building)) if types and building is not None else None
        if closed is not None and building is not None:
            found[building] = closed
    return found
