"""Free time of everything on one date, as masks of 5-minute ticks: how the fictitious weeks are laid without a clash.

A mask is an int whose bit k is the tick `origin + k`; a mask of starts has the bits where a séance may begin.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from intervention.domain.days import PUPILS_PRESENT, STAFF_PRESENT, BellKind
from intervention.domain.people import Level
from intervention.domain.spans import instant_of, tick_of
from intervention.usecases.demo_world import board
from intervention.usecases.demo_world.bells import bells, protected
from intervention.usecases.demo_world.calendar import YearDay

TICKS = 288  # from 6 h UTC, night everywhere in Québec, to the next
FULL = (1 << TICKS) - 1
_PLACES = {place.key: place for place in board.PLACES}


def fits(mask: int, ticks: int) -> int:
    """The starts at which `ticks` ticks in a row are in `mask`."""
    have = 1
    while have < ticks:
        step = min(have, ticks - have)
        mask &= mask >> step
        have += step
    return mask


def lasting(start: int, ticks: int) -> int:
    return ((1 << ticks) - 1) << start


def earliest(starts: int) -> int:
    return (starts & -starts).bit_length() - 1


def latest(starts: int) -> int:
    return starts.bit_length() - 1


def origin_of(on_date: date) -> int:
    return tick_of(datetime.combine(on_date, time(6), UTC))


def instant(on_date: date, start: int) -> datetime:
    return instant_of(origin_of(on_date) + start)


@cache
def walls(on_date: date, zone: str, starts: time, ends: time) -> int:
    """The ticks between two wall times of a zone on that date."""
    first, last = (tick_of(datetime.combine(on_date, wall, ZoneInfo(zone))) for wall in (starts, ends))
    return lasting(first - origin_of(on_date), last - first)


@cache
def periods(on_date: date, place: str, level: Level, ticks: int) -> int:
    """Starts of a séance that stays inside one period of the building's bells."""
    where = _PLACES[place]
    return _any(
        fits(walls(on_date, where.zone, starts, ends), ticks)
        for starts, ends, kind, _ in bells(level, where.bell_shift)
        if kind is BellKind.PERIOD
    )


@cache
def specialist_hours(on_date: date, place: str, level: Level, rank: int) -> int:
    """The ticks when the class is with a specialist: no séance may take them, and its teacher is free."""
    where = _PLACES[place]
    return _any(
        walls(on_date, where.zone, starts, ends)
        for weekday, starts, ends, _ in protected(level, where.bell_shift, rank)
        if weekday == on_date.isoweekday()
    )


@cache
def after_school(on_date: date, place: str, level: Level) -> int:
    where = _PLACES[place]
    last = max(ends for _, ends, _, _ in bells(level, where.bell_shift))
    return walls(on_date, where.zone, last, time(16, 30))


class Timeline:
    """Who and what is taken, over all the weeks. `hours` are wall times by person and weekday in the person's zone."""

    def __init__(
        self, years: dict[str, list[YearDay]], hours: dict[UUID, tuple[str, dict[int, tuple[time, time]]]]
    ) -> None:
        self._days = {(place, day.on_date): day.day_type for place, days in years.items() for day in days}
        self._hours = hours
        self._taken: dict[tuple[date, UUID], int] = {}

    def has_pupils(self, place: str, on_date: date) -> bool:
        return self._days.get((place, on_date)) in PUPILS_PRESENT

    def has_staff(self, place: str, on_date: date) -> bool:
        return self._days.get((place, on_date)) in STAFF_PRESENT

    def free(self, on_date: date, resource_id: UUID) -> int:
        """What is open and not taken; whatever keeps no hours is open all day."""
        mask = FULL
        if (known := self._hours.get(resource_id)) is not None:
            zone, week = known
            hours = week.get(on_date.isoweekday())
            mask = walls(on_date, zone, *hours) if hours else 0
        return mask & ~self._taken.get((on_date, resource_id), 0)

    def take(self, on_date: date, resource_id: UUID, mask: int) -> None:
        self._taken[on_date, resource_id] = self._taken.get((on_date, resource_id), 0) | mask


def _any(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
