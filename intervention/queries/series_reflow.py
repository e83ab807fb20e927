"""Which dates of which series a change of calendar would move, take away, add, or leave to a decision.

    touched(session, actor, [Relaid(building, level, before, after), …], today)

For whoever changes a calendar, before it is written: the dated days are still the old ones. Whether a date that moves
is free there is `usecases.series_sheet.preview`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.days import EVERY_LEVEL, DayType
from intervention.domain.permissions import Action, Actor, permits
from intervention.domain.recurrence import PlainDay, Recurrence
from intervention.domain.school_calendar import DatedDay
from intervention.domain.series import DateState
from intervention.domain.series_plan import sites_from_json
from intervention.domain.series_reflow import DateChange, compared
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.queries.series import subject_of
from intervention.queries.series_calendar import anchor_of, plain_days
from intervention.records.series import Series, SeriesDate


class Relaid(NamedTuple):
    """One dated day before and after; None where there is no such day (a `DayChange`, as plain values)."""

    building_id: UUID
    level: str
    before: DatedDay | None
    after: DatedDay | None


@dataclass(frozen=True, slots=True)
class TouchedDate:
    """`encounter_id` is the séance of the date before; None for one that appears, or that was skipped."""

    series_id: UUID
    host_id: UUID
    change: DateChange
    encounter_id: UUID | None


def touched(
    session: Session, actor: Actor, changes: Iterable[Relaid], today: date, *, of_everybody: bool = False
) -> list[TouchedDate]:
    """By series, then by date; from `today` on, of series that the actor may change. Two statements.

    A date that was moved alone, or left out by somebody, is nobody's to move again. `of_everybody`: for whoever may
    change the calendar itself, whoever the series are of.
    """
    by_strand: dict[tuple[UUID, str], dict[date, Relaid]] = {}
    for each in changes:
        day = each.after or each.before
        if day is not None:
            by_strand.setdefault((each.building_id, each.level), {})[day.on_date] = each
    series = session.scalars(
        select(Series)
        .where(
            Series.organization_id == actor.organization_id,
            Series.building_id.in_({building for building, _ in by_strand}),
            Series.last_on >= today,
            Series.ended_at.is_(None),
        )
        .order_by(Series.id)
    ).all()
    mine = [each for each in series if of_everybody or permits(actor, Action.CHANGE_ENCOUNTER, subject_of(each))]
    dates = _dates(session, [each.id for each in mine])
    board = catalogue(session, actor.organization_id)
    found = []
    read: _Read = {}
    for one in mine:
        for change in _of(board, one, by_strand, read):
            row = dates.get((one.id, change.on_date)) if change.on_date else None
            when = change.on_date or (change.moment.on_date if change.moment else today)
            if when >= today and (row is None or row.state is DateState.BOOKED):
                found.append(TouchedDate(one.id, one.host_id, change, row.encounter_id if row else None))
    return found


class _Kept(NamedTuple):
    state: DateState
    encounter_id: UUID | None


def _dates(session: Session, series: list[UUID]) -> dict[tuple[UUID, date], _Kept]:
    kept = SeriesDate.__table__.c
    rows = session.execute(
        select(kept.series_id, kept.on_date, kept.state, kept.encounter_id).where(kept.series_id.in_(series))
    )
    return {(own, on_date): _Kept(state, encounter) for own, on_date, state, encounter in rows}


_Read = dict[tuple[object, ...], tuple[dict[date, PlainDay], dict[date, PlainDay]]]


def _of(
    board: Catalogue, series: Series, by_strand: Mapping[tuple[UUID, str], Mapping[date, Relaid]], read: _Read
) -> list[DateChange]:
    rule = Recurrence.from_json(series.rule)
    anchor = anchor_of(board, series.host_id, sites_from_json(series.plan["sites"]), series.building_id)
    level = anchor.level if (series.building_id, anchor.level) in board.days else EVERY_LEVEL
    relaid = by_strand.get((series.building_id, level or EVERY_LEVEL))
    if relaid is None:
        return []
    key = (*anchor, rule.first_on, rule.last_on)
    if key not in read:  # many series are read on the same days
        before = plain_days(board, anchor, rule.first_on, rule.last_on)
        read[key] = before, {on_date: _after(day, relaid.get(on_date)) for on_date, day in before.items()}
    return compared(rule, *read[key])


def _after(day: PlainDay, relaid: Relaid | None) -> PlainDay:
    """A day as it will be; its bells stay those of today."""
    if relaid is None:
        return day
    new = relaid.after
    if new is None:
        return PlainDay(DayType.SUMMER, DayType.SUMMER, None, None, day.periods)
    return PlainDay(new.day_type, new.afternoon or new.day_type, new.cycle_day, new.cycle_number, day.periods)
