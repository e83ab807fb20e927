"""The dates of series as rows, when the calendar itself moves them: each under the date that its rule now gives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from intervention.domain.series import DateState, SkipReason
from intervention.domain.series_reflow import Became
from intervention.queries.series_reflow import TouchedDate
from intervention.records.series import SeriesDate

Rows = dict[str, list[list[Any]]]  # by series: date, state, reason, encounter


def follow(session: Session, dates: Sequence[TouchedDate], following: Collection[UUID]) -> dict[str, Rows]:
    """Bring the rows to what the rules give now; séances that are not `following` are held at a date of their own.

    Gives the rows of these series before and after, for `put_back_dates`. A date that appears is left aside, to be
    taken from the page of its series.
    """
    of_series: dict[UUID, list[TouchedDate]] = {}
    for each in dates:
        of_series.setdefault(each.series_id, []).append(each)
    before = _rows(session, of_series)
    after = {key: _followed(before.get(key, []), of_series[UUID(key)], following) for key in map(str, of_series)}
    changed = [key for key, rows in after.items() if rows != before.get(key, [])]
    _write(session, {key: after[key] for key in changed})
    return {"before": {key: before.get(key, []) for key in changed}, "after": {key: after[key] for key in changed}}


def put_back_dates(session: Session, kept: dict[str, Rows], refused: Collection[str]) -> None:
    """The rows as they were, of the series that nobody changed since; a séance that stays where it is keeps its row."""
    present = _rows(session, [UUID(key) for key in kept["before"]])
    back = {}
    for key, rows in kept["before"].items():
        if present.get(key, []) == kept["after"][key]:
            back[key] = [_moved_alone(row) if row[3] in refused else row for row in rows]
    _write(session, back)


def _followed(rows: list[list[Any]], changes: Sequence[TouchedDate], following: Collection[UUID]) -> list[list[Any]]:
    new_date = {}
    gone: set[str] = set()
    found: dict[str, list[Any]] = {}
    for each in changes:
        old, moment = each.change.on_date, each.change.moment
        if each.change.became is Became.APPEARS and moment is not None:
            on_date = moment.on_date.isoformat()
            found[on_date] = [on_date, DateState.SKIPPED.value, SkipReason.CHOSEN.value, None]
        elif old is not None and each.change.became is Became.MOVES and moment is not None:
            new_date[old.isoformat()] = moment.on_date.isoformat()
        elif old is not None:
            gone.add(old.isoformat())
    ids = {str(each) for each in following}
    for row in rows:
        if row[0] in new_date:
            own = [new_date[row[0]], *row[1:]]
            found[own[0]] = own if row[3] is None or row[3] in ids else _moved_alone(own)
    for row in rows:
        if row[0] not in new_date:
            is_off = row[0] in gone and row[3] in ids
            found.setdefault(row[0], _left(row) if is_off else row)
    return [found[on_date] for on_date in sorted(found)]


def _moved_alone(row: list[Any]) -> list[Any]:
    return [row[0], DateState.MOVED.value, None, row[3]] if row[1] == DateState.BOOKED else row


def _left(row: list[Any]) -> list[Any]:
    return [row[0], DateState.SKIPPED.value, SkipReason.NO_CLASS.value, row[3]]


def rows_of(session: Session, keys: Collection[str]) -> Rows:
    """The rows of some series as they are."""
    found = _rows(session, [UUID(key) for key in keys])
    return {key: found.get(key, []) for key in keys}


def _rows(session: Session, series: Collection[UUID]) -> Rows:
    one = SeriesDate.__table__.c
    session.flush()
    found: Rows = {}
    for own, on_date, state, reason, encounter in session.execute(
        select(one.series_id, one.on_date, one.state, one.reason, one.encounter_id)
        .where(one.series_id.in_(list(series)))
        .order_by(one.series_id, one.on_date)
    ):
        row = [
            on_date.isoformat(),
            state.value,
            reason.value if reason else None,
            str(encounter) if encounter else None,
        ]
        found.setdefault(str(own), []).append(row)
    return found


def _write(session: Session, rows: Rows) -> None:
    if not rows:
        return
    session.execute(delete(SeriesDate).where(SeriesDate.series_id.in_([UUID(key) for key in rows])))
    values = [
        {
            "series_id": UUID(key), "on_date": date.fromisoformat(on_date), "state": DateState(state),
            "reason": SkipReason(reason) if reason else None, "encounter_id": UUID(encounter) if encounter else None,
        }
        for key, several in rows.items()
        for on_date, state, reason, encounter in several
    ]  # fmt: skip
    if values:
        session.execute(insert(SeriesDate).execution_options(render_nulls=True), values)
