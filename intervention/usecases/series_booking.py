"""Writes the accepted dates of one series, or of many at once: one reservation, one laying of roads for them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from intervention.domain.errors import SlotTaken
from intervention.domain.events import EncounterBooked
from intervention.domain.permissions import Actor
from intervention.domain.series import Line
from intervention.domain.spans import Span
from intervention.records.series import Series
from intervention.usecases import roads
from intervention.usecases.booking import Rows, people_of, record_booked, rows_of, write
from intervention.usecases.reservations import Taking, reserve_each
from intervention.usecases.series_sheet import PlanSeries
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class Dated:
    """A series with the dates of it to be held."""

    series: Series
    ask: PlanSeries
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class _Date:
    at: int  # which of the series
    on_date: date
    span: Span
    rows: Rows
    resources: frozenset[UUID]


def book_several(
    work: Work, actor: Actor, several: Sequence[Dated], organizations: dict[UUID, UUID]
) -> list[dict[date, UUID]]:
    """Write the encounters of these dates with their reservations, roads, acts and facts; per series, ids by date.

    Raises SlotTaken or SlotRefused, with `on_date` where it is known.
    """
    session = work.session
    dates = [made for at, each in enumerate(several) for made in _dates(work, actor, at, each)]
    session.flush()
    write(work, [each.rows for each in dates])
    people = {person for each in several for person in _people(each)}
    days = roads.road_days_of(session, people, *(each.span for each in dates))
    roads.clear(session, days)
    takings = [(each.rows.id, Taking(resource, each.span)) for each in dates for resource in each.resources]
    try:
        reserve_each(session, takings, organizations=organizations)
    except SlotTaken as taken:
        at = taken.facts.get("starts_at")
        on_date = next((each.on_date for each in dates if each.span.starts_at == at), None)
        raise SlotTaken(**(taken.facts | {"on_date": on_date})) from taken
    roads.lay(session, days)
    record_booked(work, actor, [each.rows.id for each in dates])
    work.note_all([EncounterBooked(actor.organization_id, each.rows.id) for each in dates])
    session.flush()
    booked: list[dict[date, UUID]] = [{} for _ in several]
    for each in dates:
        booked[each.at][each.on_date] = each.rows.id
    return booked


def _dates(work: Work, actor: Actor, at: int, each: Dated) -> list[_Date]:
    made = []
    for line in each.lines:
        ask = each.ask.on(line, each.series.zone)
        if line.span is not None:
            rows = rows_of(work, actor, ask, line.span, each.series.id)
            made.append(_Date(at, line.on_date, line.span, rows, frozenset(ask.composition.resources())))
    return made


def _people(each: Dated) -> list[UUID]:
    return people_of(each.ask.on(each.lines[0], each.series.zone)) if each.lines else []
