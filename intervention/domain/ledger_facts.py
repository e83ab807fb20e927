"""What the travel ledger answers: tours, amounts, and every séance in its place.

Amounts are whole metres and minutes of one plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from intervention.domain.travel import TravelTime

METHOD_VERSION = "2026-11"


class Reason(StrEnum):
    """Why a séance weighs nothing in the kilometres."""

    # Access: the séance took place, and no trip would have.
    WOULD_NOT_HAVE_HAPPENED = "would_not_have_happened"
    NO_ROAD = "no_road"
    FITS_NO_DAY = "fits_no_day"
    FITS_NO_PLAN = "fits_no_plan"
    # Not counted.
    CANCELLED = "cancelled"
    TO_COME = "to_come"
    NO_SHOW_NOTED_LATER = "no_show_noted_later"
    REDONE_IN_PERSON = "redone_in_person"
    BETWEEN_OFFICES = "between_offices"
    KIND_WITHOUT_TRAVEL = "kind_without_travel"
    PLACE_UNKNOWN = "place_unknown"
    AT_HER_BASE = "at_her_base"
    ALREADY_THERE = "already_there"


ACCESS = frozenset({Reason.WOULD_NOT_HAVE_HAPPENED, Reason.NO_ROAD, Reason.FITS_NO_DAY, Reason.FITS_NO_PLAN})


class Search(StrEnum):
    """What is known of the regrouped plan: the best there is, or a good one whose cost is an upper bound."""

    EXACT = "exact"
    UPPER_BOUND = "upper_bound"


@dataclass(frozen=True, slots=True)
class Amount:
    """Metres and minutes of one plan; their difference is signed, minutes may fall where metres rise."""

    metres: int = 0
    minutes: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.metres + other.metres, self.minutes + other.minutes)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.metres - other.metres, self.minutes - other.minutes)


@dataclass(frozen=True, slots=True)
class Leg:
    """One drive of a tour; `time` carries the season's minutes and the source."""

    start: UUID
    end: UUID
    time: TravelTime


@dataclass(frozen=True, slots=True)
class Tour:
    """From the base through `stops` in order and back; no stop, no leg."""

    base: UUID
    stops: tuple[UUID, ...] = ()
    legs: tuple[Leg, ...] = ()

    @property
    def amount(self) -> Amount:
        return Amount(sum(leg.time.metres for leg in self.legs), sum(leg.time.minutes for leg in self.legs))


@dataclass(frozen=True, slots=True)
class Counted:
    """A remote séance at one building that stands for a visit."""

    encounter_id: UUID
    building_id: UUID
    on: date
    service_minutes: int
    no_show: bool = False
    weather: bool = False


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A séance at one building that weighs nothing, and why."""

    encounter_id: UUID
    building_id: UUID | None
    on: date
    reason: Reason


@dataclass(frozen=True, slots=True)
class Day:
    """One day three times: as driven, as planned with every counted séance in person, as regrouped over the week.

    A day that is not feasible is out of the daily estimate: `as_planned` with its service is longer than a day, or is
    None because she was at `off_road` buildings that no known road joins to her base. Minutes of service are
    those done in person and those of the séances counted that day.
    """

    on: date
    actual: Tour
    as_planned: Tour | None
    regrouped: Tour
    is_feasible: bool
    service_minutes: int
    remote_minutes: int
    off_road: tuple[UUID, ...] = ()
    declared_metres: int | None = None

    @property
    def planned_minutes(self) -> int | None:
        """Road and service of the day had all of it been in person."""
        if self.as_planned is None:
            return None
        return self.as_planned.amount.minutes + self.service_minutes + self.remote_minutes

    @property
    def detour_metres(self) -> int | None:
        """Declared metres beyond the shortest tour; shown apart, never a saving."""
        return None if self.declared_metres is None else self.declared_metres - self.actual.amount.metres


@dataclass(frozen=True, slots=True)
class WeekLedger:
    """The travel a week of remote service stood for, and everything needed to check it.

    `by_day` compares each feasible day with its own séances in person; `regrouped` lets remote visits move within the
    week and is the headline. When its search is an upper bound, no plan adds fewer than `least_metres`. `round_trips`
    is the naive sum, kept only to be refused on the method page.
    """

    professional_id: UUID
    monday: date
    days: tuple[Day, ...]
    actual: Amount
    by_day: Amount
    regrouped: Amount
    round_trips: Amount
    search: Search
    least_metres: int
    counted: tuple[Counted, ...]
    access: tuple[Uncounted, ...]
    not_counted: tuple[Uncounted, ...]
    estimated_legs: int
    legs: int
    day_minutes: int
    is_winter: bool
    times_version: str
    method_version: str = METHOD_VERSION
    content_hash: str = ""

    @property
    def headline(self) -> Amount:
        return self.regrouped

    @property
    def range_metres(self) -> tuple[int, int]:
        """From the least to the most that the estimates allow; by day, a week of infeasible days has none."""
        found = (self.by_day.metres, self.regrouped.metres)
        return min(self.least_metres, *found), max(found)

    @property
    def infeasible_days(self) -> tuple[date, ...]:
        return tuple(day.on for day in self.days if not day.is_feasible)
