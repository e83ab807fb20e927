"""Which dates of which series a change of calendar would move, take away, add, or leave to a decision.

    touched(session, actor, [Relaid(building, level, before, after), …], today)

For whoever changes a calendar, before it is written: the dated days are still the old ones. Whether a date that moves
is free there is `usecases.series_sheet.preview`'s to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
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
from intervention.queries.series_calendar import Anchor, anchor_of, plain_days
from intervention.records.series import Series, SeriesDate

_CHUNK = 2000  # rows made at once: most are read and let go


class Relaid(NamedTuple):
    """One dated day before and after; None where there is no such day (a `DayChange`, as plain values)."""

    building_id: UUID
    level: str
    before: DatedDay | None
    after: DatedDay | None


class TouchedDate(NamedTuple):
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
    booked, others = _dates(session, [each.id for each in mine], today)
    reader = _Reader(catalogue(session, actor.organization_id), by_strand)
    found = []
    for one in mine:
        own, passed_over = booked[one.id], others[one.id]
        for change in reader.changes_of(one):
            when = change.on_date or (change.moment.on_date if change.moment else today)
            if when >= today and change.on_date not in passed_over:
                encounter = own.get(change.on_date) if change.on_date else None
                found.append(TouchedDate(one.id, one.host_id, change, encounter))
    return found


_Booked = dict[UUID, dict[date, UUID | None]]  # by series, then by date


def _dates(session: Session, series: list[UUID], today: date) -> tuple[_Booked, dict[UUID, set[date]]]:
    """The dates to come that are held as the rule says, with their séances, and the others."""
    kept = SeriesDate.__table__.c
    rows = session.execute(
        select(kept.series_id, kept.on_date, kept.state, kept.encounter_id).where(
            kept.series_id.in_(series), kept.on_date >= today
        )
    ).yield_per(_CHUNK)
    booked: _Booked = defaultdict(dict)
    others: dict[UUID, set[date]] = defaultdict(set)
    for own, on_date, state, encounter in rows:
        if state is DateState.BOOKED:
            booked[own][on_date] = encounter
        else:
            others[own].add(on_date)
    return booked, others


_Days = dict[date, PlainDay]


class _Reader:
    """Reads rules on the days before and after. Schools that have the same days give the same answer to one rule."""

    def __init__(self, board: Catalogue, by_strand: Mapping[tuple[UUID, str], Mapping[date, Relaid]]) -> None:
        self.board, self.by_strand = board, by_strand
        self._days: dict[tuple[object, ...], tuple[_Days, _Days, int]] = {}
        self._alike: dict[tuple[object, ...], int] = {}
        self._told: dict[tuple[Recurrence, int], list[DateChange]] = {}

    def changes_of(self, series: Series) -> list[DateChange]:
        rule = Recurrence.from_json(series.rule)
        sites = sites_from_json(series.plan["sites"])
        anchor = anchor_of(self.board, series.host_id, sites, series.building_id)
        level = anchor.level if (series.building_id, anchor.level) in self.board.days else EVERY_LEVEL
        relaid = self.by_strand.get((series.building_id, level or EVERY_LEVEL))
        if relaid is None:
            return []
        key = (*anchor, rule.first_on, rule.last_on)
        if key not in self._days:  # many series are read on the same days
            self._days[key] = self._read(anchor, rule, relaid)
        before, after, number = self._days[key]
        if (rule, number) not in self._told:
            self._told[rule, number] = compared(rule, before, after)
        return self._told[rule, number]

    def _read(self, anchor: Anchor, rule: Recurrence, relaid: Mapping[date, Relaid]) -> tuple[_Days, _Days, int]:
        """The days before and after, and a number that others have too whose days are the same."""
        before = plain_days(self.board, anchor, rule.first_on, rule.last_on)
        after = {on_date: _after(day, relaid.get(on_date)) for on_date, day in before.items()}
        same = (*before.items(), *after.items())
        return before, after, self._alike.setdefault(same, len(self._alike))


def _after(day: PlainDay, relaid: Relaid | None) -> PlainDay:
    """A day as it will be; its bells stay those of today."""
    if relaid is None:
        return day
    new = relaid.after
    if new is None:
        return PlainDay(DayType.SUMMER, DayType.SUMMER, None, None, day.periods)
    return PlainDay(new.day_type, new.afternoon or new.day_type, new.cycle_day, new.cycle_number, day.periods)
