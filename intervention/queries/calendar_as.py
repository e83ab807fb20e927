"""A board's catalogue as it would be, were some dated days other than they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import cast
from uuid import UUID

from intervention.domain.school_calendar import DatedDay
from intervention.domain.school_time import WEEK_TICKS, day_range
from intervention.queries.catalogue import Catalogue, DayInfo
from intervention.queries.series_reflow import Relaid

_Weeks = set[tuple[UUID, int]]  # by building


@dataclass(slots=True)
class _Foreseen(Catalogue):
    """Its masks are its own where the change tells, else those of the board as it is, whose memory is filled for the
    next one who asks."""

    as_it_is: Catalogue = field(default_factory=lambda: Catalogue(UUID(int=0), 0, "UTC"))
    turned: _Weeks = field(default_factory=set)  # another type of day
    relaid: _Weeks = field(default_factory=set)  # another type or another number
    parted: set[UUID] = field(default_factory=set)  # buildings with levels that part from it, or no longer do

    def _make(self, key: tuple[object, ...], origin: int) -> int:
        week = origin // WEEK_TICKS
        if self._is_other(key, week):
            return Catalogue._make(self, key, origin)
        return self.as_it_is._week(key, week)  # noqa: SLF001 - the same class

    def _is_other(self, key: tuple[object, ...], week: int) -> bool:
        own = cast("UUID", key[1])
        if key[0] == "available":
            return False
        if key[0] == "protected":
            building = self.classes[own].building
            return building in self.parted or (building, week) in self.relaid
        return own in self.parted or (own, week) in self.turned


def catalogue_as(board: Catalogue, changes: Iterable[Relaid]) -> Catalogue:
    days = dict(board.days)
    copied: set[tuple[UUID, str]] = set()
    changes = list(changes)
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
    values = {each.name: getattr(board, each.name) for each in fields(Catalogue)}
    values |= {"days": {key: strand for key, strand in days.items() if strand}, "_masks": {}, "_windows": {}}
    made = _Foreseen(**values, as_it_is=board)
    made.parted = {building for building, _ in made.days.keys() ^ board.days.keys()}
    _tell_weeks(made, changes)
    return made


def _tell_weeks(made: _Foreseen, changes: Iterable[Relaid]) -> None:
    """Which weeks of which buildings are other than they were."""
    for building, level, before, after in changes:
        day = after or before
        if day is None or building not in made.buildings:
            continue
        on_date = day.on_date
        low, high = day_range(on_date, made.buildings[building].zone or made.zone)
        weeks = {(building, low // WEEK_TICKS), (building, (high - 1) // WEEK_TICKS)}
        made.relaid |= weeks
        if made.as_it_is.day(building, on_date, level)[:2] != made.day(building, on_date, level)[:2]:
            made.turned |= weeks


def _info(day: DatedDay) -> DayInfo:
    return DayInfo(*day.types, day.cycle_day, day.cycle_number)
