"""Grows the demonstration by copies of its weeks, to measure pages on a board that has years behind it.

A copy is every row of the lived weeks moved by the same number of weeks: what did not overlap still does not, and the
database's own guard says so row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from intervention.domain.clock import Clock
from intervention.domain.encounters import Attendance, EncounterStatus
from intervention.records.base import Base
from intervention.records.database import Database
from intervention.records.encounters import Cancellation, Encounter, EncounterAct, EncounterSite, Participation
from intervention.records.everything import metadata
from intervention.records.reservations import Leg, Reservation, ReservationBits, ReservationKind
from intervention.usecases.reservations import WEEK_TICKS

STRIDE = 9  # weeks: eight weeks of school touch nine of the epoch's, which begin on Thursdays
Row = dict[str, Any]
OVER = (EncounterStatus.HELD, EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS)
TO_COME = (EncounterStatus.COMPLETED, EncounterStatus.IN_PROGRESS)


def grow(database: Database, clock: Clock, encounters: int = 10_000) -> int:
    """Copy the demonstration into the past and the future in turn until it has so many séances; gives how many."""
    with database.session() as session:
        lived = {record: _rows(session, record) for record in _RECORDS}
        have = session.scalar(select(func.count()).select_from(Encounter)) or 0
        for step in _steps():
            if have >= encounters or not lived[Encounter]:
                return have
            have += _copy(session, lived, step * STRIDE, clock.now())
        return have


def _steps() -> Iterator[int]:
    for distance in count(1):
        yield -distance
        yield distance


def _copy(session: Session, lived: dict[type[Base], list[Row]], weeks: int, now: datetime) -> int:
    """One copy of everything, so many weeks away."""
    becomes = {row["id"]: _status(row, timedelta(weeks=weeks), now) for row in lived[Encounter]}
    for record, moved in _RECORDS.items():
        rows = [moved(dict(row), weeks) for row in lived[record]]
        for row in rows:
            if record is Encounter:
                row["status"] = becomes[row["id"]]
            elif record is Participation:
                over = becomes[row["encounter_id"]] is EncounterStatus.COMPLETED
                row["attendance"] = (row["attendance"] or Attendance.PRESENT) if over else None
            _rename(row, weeks)
        if rows:
            session.execute(insert(record), rows)
    return len(becomes)


def _status(row: Row, by: timedelta, now: datetime) -> EncounterStatus:
    status: EncounterStatus = row["status"]
    if row["ends_at"] + by < now and status in OVER:
        return EncounterStatus.COMPLETED
    return EncounterStatus.PLANNED if row["ends_at"] + by >= now and status in TO_COME else status


def _rename(row: Row, weeks: int) -> None:
    """New ids for what a copy holds, the same for everybody who refers to it."""
    for name in ("id", "uid", "encounter_id", "site_id", "leg_id"):
        if isinstance(row.get(name), UUID):
            row[name] = uuid5(row[name], str(weeks))


def _encounter(row: Row, weeks: int) -> Row:
    by = timedelta(weeks=weeks)
    row |= {name: row[name] + by for name in ("starts_at", "ends_at", "created_at", "changed_at")}
    wall = row["starts_at"].astimezone(ZoneInfo(row["zone"]))
    return row | {"on_date": wall.date(), "starts_local": wall.time(), "held_until": None}


def _act(row: Row, weeks: int) -> Row:
    return row | {"done_at": row["done_at"] + timedelta(weeks=weeks)}


def _reservation(row: Row, weeks: int) -> Row:
    ticks = weeks * WEEK_TICKS
    kind = ReservationKind.ENCOUNTER if row["kind"] is ReservationKind.HOLD else row["kind"]
    row |= {"kind": kind, "expires_at": None}
    return row | {"starts_tick": row["starts_tick"] + ticks, "ends_tick": row["ends_tick"] + ticks}


def _leg(row: Row, weeks: int) -> Row:
    by = timedelta(weeks=weeks)
    return row | {name: row[name] + by for name in ("starts_at", "ends_at", "on_date")}


def _bits(row: Row, weeks: int) -> Row:
    return row | {"week": row["week"] + weeks}


_RECORDS: dict[type[Base], Callable[[Row, int], Row]] = {
    Encounter: _encounter,
    EncounterSite: lambda row, weeks: row,
    Participation: lambda row, weeks: row,
    EncounterAct: _act,
    Cancellation: _act,
    Leg: _leg,
    Reservation: _reservation,
    ReservationBits: _bits,
}


def _rows(session: Session, record: type[Base]) -> list[Row]:
    return [dict(row) for row in session.execute(select(metadata.tables[record.__tablename__])).mappings()]
