"""Publishes a timetable: a series for each place not published yet, every date that can be held, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, update

from intervention.domain.errors import InvalidInput, Stale
from intervention.domain.permissions import Actor
from intervention.domain.series_change import SeriesActKind
from intervention.domain.timetable import TimetableStatus
from intervention.queries.slot_problem import everything
from intervention.queries.timetables import timetable_for
from intervention.records.series import SeriesDate
from intervention.records.timetables import TimetableSlot
from intervention.usecases import audit
from intervention.usecases.reservations import expire_holds, lock_resources
from intervention.usecases.series import date_row, series_of
from intervention.usecases.series_booking import Dated, book_several
from intervention.usecases.series_history import record_series_act
from intervention.usecases.timetable_sheet import Grid, Judged
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class Published:
    """What one act published: how many series, and how many séances in them."""

    series: int
    encounters: int


def publish(work: Work, actor: Actor, timetable_id: UUID, version: int) -> Published:
    """Book every date that can be held of every place not published yet; the others are kept with their reasons.

    Places without any such date, and lines without a place, stay in the draft. A second time there is nothing left to
    publish, and nothing happens. Raises Stale, InvalidInput (`no_dates`), SlotTaken or SlotRefused if need be.
    """
    timetable = timetable_for(work.session, actor, timetable_id, lock=True)
    grid = Grid(work, actor, timetable)
    if not any(place.series_id is None for line in grid.lines for place in line.places):
        return Published(0, 0)
    if timetable.version != version:
        raise Stale(version=timetable.version)
    usable = everything(grid.board, [way.arrangement for way in grid.ways.values()]) | {timetable.person_id}
    organizations = lock_resources(work.session, usable)
    expire_holds(work.session, organizations, work.now())
    several = publishable(grid)
    if not several:
        raise InvalidInput({"dates": "no_dates"})
    dated = [_dated(work, actor, each) for each in several]
    work.session.add_all(each.series for each in dated)
    work.session.flush()
    booked = book_several(work, actor, dated, organizations)
    work.session.execute(
        insert(SeriesDate).execution_options(render_nulls=True),
        [
            date_row(each.series.id, line, ids.get(line.on_date))
            for each, ids, judged in zip(dated, booked, several, strict=True)
            for line in judged.dates
        ],
    )
    for each, judged in zip(dated, several, strict=True):
        record_series_act(work, actor, each.series, SeriesActKind.PLANNED)
        work.session.execute(
            update(TimetableSlot).where(TimetableSlot.id == judged.place.id).values(series_id=each.series.id)
        )
    timetable.status, timetable.published_at = TimetableStatus.PUBLISHED, work.now()
    timetable.version += 1
    work.session.flush()
    done = Published(len(dated), sum(len(ids) for ids in booked))
    facts = {"series": done.series, "encounters": done.encounters}
    audit.record(
        work, "timetable.published", "timetable", timetable.id, timetable.organization_id,
        actor_id=actor.person_id, facts=facts,
    )  # fmt: skip
    return done


def publishable(grid: Grid) -> list[Judged]:
    """The places of lines that the actor may know, with a date to hold. What is hidden is in the way all the same."""
    hidden = {line.id for line in grid.lines if line.is_hidden}
    return [each for each in grid.judged().judged.values() if each.held and each.line_id not in hidden]


def _dated(work: Work, actor: Actor, judged: Judged) -> Dated:
    ask, anchor = judged.ask, judged.anchor
    if ask is None or anchor is None:
        raise InvalidInput({"dates": "no_dates"})
    return Dated(series_of(work, actor, ask, anchor, ask.rule, judged.place.cell.at), ask, judged.held)
