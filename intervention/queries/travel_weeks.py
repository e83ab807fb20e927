"""Professionals' weeks as the ledger reads them: where each séance was, where she was, what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from intervention.domain.days import EVERY_LEVEL, STAFF_PRESENT, DayType
from intervention.domain.encounters import ActKind, EncounterStatus, Modality, PlaceKind
from intervention.domain.ledger_week import Row, Week, delivery_of
from intervention.records.calendars import Availability, SchoolDay
from intervention.records.encounters import Cancellation, Encounter, EncounterAct, EncounterSite
from intervention.records.people import Professional
from intervention.records.schools import Building, SchoolBuilding

WEEK = timedelta(weeks=1)


def load_weeks(
    session: Session, organization_id: UUID, person_ids: Collection[UUID], mondays: Sequence[date]
) -> list[Week]:
    """One for each professional and Monday, those without séances too."""
    if not person_ids or not mondays:
        return []
    first, last = min(mondays), max(mondays) + WEEK
    rows = _rows(session, organization_id, person_ids, first, last)
    offices = _offices(session, organization_id)
    homes = select(Professional.person_id, Professional.home_building_id).where(Professional.person_id.in_(person_ids))
    bases = {row.person_id: row.home_building_id for row in session.execute(homes)}
    working = _working_days(session, bases, mondays)
    return [
        Week(person_id, monday, base, tuple(rows[person_id, monday]), working[person_id, monday], offices=offices)
        for person_id, base in bases.items()
        for monday in mondays
    ]


def monday_of(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _rows(
    session: Session, organization_id: UUID, person_ids: Collection[UUID], first: date, last: date
) -> dict[tuple[UUID, date], list[Row]]:
    within = (
        Encounter.organization_id == organization_id,
        Encounter.host_id.in_(person_ids),
        Encounter.on_date >= first,
        Encounter.on_date < last,
        Encounter.status != EncounterStatus.HELD,
    )
    encounters = session.execute(
        select(
            Encounter.id, Encounter.host_id, Encounter.on_date, Encounter.starts_at, Encounter.ends_at, Encounter.kind,
            Encounter.status, Cancellation.cause, Cancellation.done_at,
        )
        .outerjoin(Cancellation, (Cancellation.encounter_id == Encounter.id) & Cancellation.undone_at.is_(None))
        .where(*within)
        .order_by(Encounter.starts_at, Encounter.id)
    ).all()  # fmt: skip
    sites = defaultdict(list)
    for site in session.execute(
        select(EncounterSite.encounter_id, EncounterSite.building_id, EncounterSite.place, EncounterSite.has_host)
        .join(Encounter, Encounter.id == EncounterSite.encounter_id)
        .where(*within, EncounterSite.building_id.is_not(None))
        .order_by(EncounterSite.encounter_id, EncounterSite.position)
    ):
        sites[site.encounter_id].append(site)
    given_up = _given_up_for_the_weather(session, within)
    found = defaultdict[tuple[UUID, date], list[Row]](list)
    for e in encounters:
        at = [site for site in sites[e.id] if site.place is PlaceKind.BUILDING]
        row = Row(
            encounter_id=e.id,
            on=e.on_date,
            sites=tuple(site.building_id for site in at),
            present_at=next((site.building_id for site in at if site.has_host), None),
            service_minutes=round((e.ends_at - e.starts_at).total_seconds() / 60),
            kind=e.kind,
            delivery=delivery_of(e.status, e.cause, e.starts_at, e.done_at),
            weather=e.id in given_up,
        )
        found[e.host_id, monday_of(e.on_date)].append(row)
    return found


def _given_up_for_the_weather(session: Session, within: Collection[ColumnElement[bool]]) -> frozenset[UUID]:
    """What a closure made remote, and what somebody did on a day when one of its buildings was closed."""
    by_closure = session.scalars(
        select(Encounter.id)
        .join(EncounterAct, EncounterAct.encounter_id == Encounter.id)
        .where(
            *within,
            EncounterAct.kind == ActKind.MODALITY_CHANGED,
            EncounterAct.changes["closure"].as_string().is_not(None),
            Encounter.modality == Modality.REMOTE,
        )
    )
    return frozenset(by_closure) | frozenset(
        session.scalars(
            select(Encounter.id)
            .join(EncounterAct, EncounterAct.encounter_id == Encounter.id)
            .join(EncounterSite, EncounterSite.encounter_id == Encounter.id)
            .join(
                SchoolDay,
                (SchoolDay.building_id == EncounterSite.building_id)
                & (SchoolDay.level == EVERY_LEVEL)
                & (SchoolDay.on_date == Encounter.on_date),
            )
            .where(*within, EncounterAct.kind == ActKind.MODALITY_CHANGED, SchoolDay.day_type == DayType.CLOSURE)
        )
    )


def _offices(session: Session, organization_id: UUID) -> frozenset[UUID]:
    """Buildings where no school is: a meeting there is between offices."""
    return frozenset(
        session.scalars(
            select(Building.id)
            .outerjoin(SchoolBuilding, SchoolBuilding.building_id == Building.id)
            .where(Building.organization_id == organization_id, SchoolBuilding.school_id.is_(None))
        )
    )


def _working_days(
    session: Session, bases: dict[UUID, UUID], mondays: Sequence[date]
) -> dict[tuple[UUID, date], tuple[date, ...]]:
    """The days she works when her own building is not closed: those on which a visit could have been."""
    closed = {
        (building, on)
        for building, on in session.execute(
            select(SchoolDay.building_id, SchoolDay.on_date).where(
                SchoolDay.building_id.in_(set(bases.values())),
                SchoolDay.level == EVERY_LEVEL,
                SchoolDay.on_date >= min(mondays),
                SchoolDay.on_date < max(mondays) + WEEK,
                SchoolDay.day_type.not_in(STAFF_PRESENT),
            )
        )
    }
    hours = defaultdict(list)
    for each in session.scalars(select(Availability).where(Availability.person_id.in_(bases))):
        hours[each.person_id].append(each)

    def works(person_id: UUID, on: date) -> bool:
        return (bases[person_id], on) not in closed and any(
            each.weekday == on.isoweekday() and (each.valid_from or on) <= on <= (each.valid_until or on)
            for each in hours[person_id]
        )

    return {
        (person_id, monday): tuple(on for on in (monday + timedelta(days=n) for n in range(7)) if works(person_id, on))
        for person_id in bases
        for monday in mondays
    }
