"""The dates of a series that a change reaches, each with its encounter and what it is before the change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from intervention.domain.encounters import EncounterStatus
from intervention.domain.series import DateState
from intervention.domain.series_change import Standing
from intervention.records.encounters import Encounter
from intervention.records.series import Series, SeriesDate


@dataclass(frozen=True, slots=True)
class Reached:
    row: SeriesDate
    encounter: Encounter | None
    standing: Standing


def reached(session: Session, series: Series, from_on: date, now: datetime, *, lock: bool = False) -> list[Reached]:
    """From a date of the rule on, in order. One held later than its date is reached while it is to come."""
    if lock:
        session.execute(
            select(Encounter.id)
            .join(SeriesDate, SeriesDate.encounter_id == Encounter.id)
            .where(SeriesDate.series_id == series.id)
            .order_by(Encounter.id)
            .with_for_update(of=Encounter, key_share=True)
        )
    statement = (
        select(SeriesDate, Encounter)
        .outerjoin(Encounter, Encounter.id == SeriesDate.encounter_id)
        .where(SeriesDate.series_id == series.id, or_(SeriesDate.on_date >= from_on, Encounter.on_date >= from_on))
        .order_by(SeriesDate.on_date)
        .options(selectinload(Encounter.sites), selectinload(Encounter.participations))
        .execution_options(populate_existing=True)
    )
    rows = session.execute(statement).all()
    return [Reached(row, encounter, _standing(row, encounter, now)) for row, encounter in rows]


def _standing(row: SeriesDate, encounter: Encounter | None, now: datetime) -> Standing:
    if encounter is None or (row.state is DateState.SKIPPED and encounter.status is not EncounterStatus.PLANNED):
        return Standing.SKIPPED
    if encounter.status is EncounterStatus.CANCELLED:
        return Standing.CANCELLED
    if encounter.status is not EncounterStatus.PLANNED:
        return Standing.GIVEN
    if encounter.starts_at <= now:
        return Standing.PAST
    return Standing.EXCEPTION if row.state is DateState.MOVED else Standing.TO_COME
