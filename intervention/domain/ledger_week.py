"""What the travel ledger reads of a professional's week: plain values, no arithmetic.

Days and sites are those of the person on the road, not of the pupil.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from intervention.domain.encounters import CancellationCause, EncounterKind, EncounterStatus

DEFAULT_DAY_MINUTES = 480
TRAVELLING_KINDS = frozenset(
    {
        EncounterKind.INDIVIDUAL,
        EncounterKind.SMALL_GROUP,
        EncounterKind.WHOLE_GROUP,
        EncounterKind.INTERVENTION_PLAN,
    }
)
_SAME_DAY = timedelta(hours=12)


class Delivery(StrEnum):
    """What became of the encounter, as far as a road is concerned."""

    DELIVERED = "delivered"
    NO_SHOW = "no_show"
    NO_SHOW_NOTED_LATER = "no_show_noted_later"
    CANCELLED = "cancelled"
    REDONE_IN_PERSON = "redone_in_person"
    TO_COME = "to_come"


def delivery_of(
    status: EncounterStatus, cause: CancellationCause | None, starts_at: datetime, noted_at: datetime | None
) -> Delivery:
    """What a stored encounter is to the road.

    A pupil's absence counts as a trip only when noted once the séance had begun and the same day: she was connected
    and would have been there. Noted before, nobody would have left; noted days later, nobody can tell.
    """
    if status is EncounterStatus.COMPLETED:
        return Delivery.DELIVERED
    if status is not EncounterStatus.CANCELLED:
        return Delivery.TO_COME
    if cause is not CancellationCause.PUPIL_ABSENT or noted_at is None or noted_at < starts_at:
        return Delivery.CANCELLED
    return Delivery.NO_SHOW if noted_at < starts_at + _SAME_DAY else Delivery.NO_SHOW_NOTED_LATER


@dataclass(frozen=True, slots=True)
class Row:
    """One encounter of the professional.

    `sites` are the buildings that took part; `present_at` the building where she was in person, None when she worked
    from her base. `replaces_trip` False: without video the séance would not have been.
    """

    encounter_id: UUID
    on: date
    sites: tuple[UUID, ...]
    present_at: UUID | None
    service_minutes: int
    kind: EncounterKind
    delivery: Delivery = Delivery.DELIVERED
    replaces_trip: bool = True
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

    def base_on(self, on: date) -> UUID:
        return self.bases.get(on, self.base)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a board wrote down. `day_minutes` is the longest day, road included.

    `travelling_kinds` replace a visit, unless the row says that nobody would have come. Concertation counts only when
    its kind is listed here and a building with pupils takes part: between offices nothing ever does.
    """

    day_minutes: int = DEFAULT_DAY_MINUTES
    travelling_kinds: frozenset[EncounterKind] = TRAVELLING_KINDS
