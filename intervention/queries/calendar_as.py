"""A board's catalogue as it would be, were some dated days other than they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from intervention.domain.school_calendar import DatedDay
from intervention.queries.catalogue import Catalogue, DayInfo
from intervention.queries.series_reflow import Relaid


def catalogue_as(board: Catalogue, changes: Iterable[Relaid]) -> Catalogue:
    """Its masks are its own: those of the board that is stay true."""
    days = dict(board.days)
    copied: set[tuple[UUID, str]] = set()
    for building, level, before, after in changes:
        key = building, level
        if key not in copied:
            copied.add(key)
            days[key] = dict(days.get(key, {}))
        strand = days[key]
        if after is not None:
            strand[after.on_date] = _info(after)
        elif before is not None:
            strand.pop(before.on_date, None)
    return replace(board, days={key: strand for key, strand in days.items() if strand}, _masks={}, _windows={})


def _info(day: DatedDay) -> DayInfo:
    return DayInfo(*day.types, day.cycle_day, day.cycle_number)
