"""What the travel ledger reads and what it answers: plain values, no arithmetic.

Amounts are whole metres and minutes of one plan. A value is a week of one professional; days and sites are those of
the person on the road, not of the pupil.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from intervention.domain.travel import TravelTime

METHOD_VERSION = "2026-11"
DEFAULT_DAY_MINUTES = 480


class Delivery(StrEnum):
    """What became of the encounter, as far as a road is concerned."""

    DELIVERED = "delivered"
    NO_SHOW = "no_show"
    NO_SHOW_NOTED_LATER = "no_show_noted_later"
    CANCELLED = "cancelled"
    REDONE_IN_PERSON = "redone_in_person"
    TO_COME = "to_come"


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
    AT_HER_BASE = "at_her_base"
    ALREADY_THERE = "already_there"


ACCESS = frozenset({Reason.WOULD_NOT_HAVE_HAPPENED, Reason.NO_ROAD, Reason.FITS_NO_DAY, Reason.FITS_NO_PLAN})


class Search(StrEnum):
    """What is known of the regrouped plan: the best there is, or a good one whose cost is an upper bound."""

    EXACT = "exact"
    UPPER_BOUND = "upper_bound"


@dataclass(frozen=True, slots=True)
class Row:
    """One encounter of the professional.

    `sites` are the buildings that took part; `present_at` the building where she was in person, None when she worked
    from her base. `replaces_trip` None leaves the policy to decide from the kind (an `EncounterKind` value).
    """

    encounter_id: UUID
    on: date
    sites: tuple[UUID, ...]
    present_at: UUID | None
    service_minutes: int
    kind: str
    delivery: Delivery = Delivery.DELIVERED
    replaces_trip: bool | None = None
    weather: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """A professional's week. `bases` overrides `base` on some days; `offices` are buildings without pupils.

    `workdays` are the days she could have been on the road; `declared_metres` what she claimed, by day.
    """

    professional_id: UUID
    monday: date
    base: UUID
    rows: tuple[Row, ...]
    workdays: tuple[date, ...] = ()
    bases: Mapping[date, UUID] = field(default_factory=dict)
    offices: frozenset[UUID] = frozenset()
    declared_metres: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a board wrote down. `travelling_kinds`: those that replace a visit unless a row says otherwise.

    `day_minutes` is the longest day, road included. Concertation travels only when its kind is listed here and a
    building with pupils takes part.
    """

    day_minutes: int = DEFAULT_DAY_MINUTES
    travelling_kinds: frozenset[str] = frozenset({"individual", "small_group", "whole_group", "intervention_plan"})


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

    `as_planned` is None when the séances of the day do not fit in it; the day is then out of the daily estimate.
    `by_other_means` are the buildings she was at without a road from her base.
    """

    on: date
    actual: Tour
    as_planned: Tour | None
    regrouped: Tour
    service_minutes: int
    remote_minutes: int
    by_other_means: tuple[UUID, ...] = ()
    declared_metres: int | None = None

    @property
    def is_feasible(self) -> bool:
        return self.as_planned is not None

    @property
    def detour_metres(self) -> int | None:
        """Declared metres beyond the shortest tour; shown apart, never a saving."""
        return None if self.declared_metres is None else self.declared_metres - self.actual.amount.metres


@dataclass(frozen=True, slots=True)
class WeekLedger:
    """The travel a week of remote service stood for, and everything needed to check it.

    `by_day` compares each feasible day with its own séances in person; `regrouped` lets remote visits move within the
    week and is the headline; `round_trips` is the naive sum, kept only to be refused on the method page.
    """

    professional_id: UUID
    monday: date
    days: tuple[Day, ...]
    actual: Amount
    by_day: Amount
    regrouped: Amount
    round_trips: Amount
    search: Search
    counted: tuple[Counted, ...]
    access: tuple[Uncounted, ...]
    not_counted: tuple[Uncounted, ...]
    estimated_legs: int
    legs: int
    day_minutes: int
    times_version: str
    method_version: str = METHOD_VERSION
    content_hash: str = ""

    @property
    def headline(self) -> Amount:
        return self.regrouped

    @property
    def lowest(self) -> Amount:
        return min(self.by_day, self.regrouped, key=lambda amount: (amount.metres, amount.minutes))

    @property
    def highest(self) -> Amount:
        return max(self.by_day, self.regrouped, key=lambda amount: (amount.metres, amount.minutes))

    @property
    def infeasible_days(self) -> tuple[date, ...]:
        return tuple(day.on for day in self.days if not day.is_feasible)
