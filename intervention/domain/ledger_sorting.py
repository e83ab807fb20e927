"""Which séances stand for a visit, which gave access that no trip would have, and which weigh nothing.

One decision per encounter and building, the first rule that applies; the order is that of the rules below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from intervention.domain.ledger_facts import ACCESS, Counted, Reason, Uncounted
from intervention.domain.ledger_week import Delivery, Policy, Row, Week

_UNDELIVERED = {
    Delivery.CANCELLED: Reason.CANCELLED,
    Delivery.TO_COME: Reason.TO_COME,
    Delivery.NO_SHOW_NOTED_LATER: Reason.NO_SHOW_NOTED_LATER,
    Delivery.REDONE_IN_PERSON: Reason.REDONE_IN_PERSON,
}
# She was there and the road was driven, whatever the pupil did.
_WENT = frozenset({Delivery.DELIVERED, Delivery.NO_SHOW, Delivery.NO_SHOW_NOTED_LATER})


class Reach(Protocol):
    def knows(self, building: UUID) -> bool: ...

    def reaches(self, on: date, building: UUID) -> bool:
        """Whether roads lead from her base of that day to the building and back."""
        ...


@dataclass
class Sorting:
    """By day, buildings `visited` and minutes of `service` there, remote séances at a visited school included."""

    visited: dict[date, set[UUID]] = field(default_factory=dict)
    service: dict[date, int] = field(default_factory=dict)
    counted: list[Counted] = field(default_factory=list)
    access: list[Uncounted] = field(default_factory=list)
    not_counted: list[Uncounted] = field(default_factory=list)

    def leave_out(self, row: Row | Counted, building: UUID | None, reason: Reason) -> None:
        kept = self.access if reason in ACCESS else self.not_counted
        kept.append(Uncounted(row.encounter_id, building, row.on, reason))


def sort_rows(week: Week, policy: Policy, roads: Reach) -> Sorting:
    """Every encounter and building of the week in its place; its rows are in order."""
    found = Sorting()
    for row in week.rows:
        if row.present_at is not None and row.delivery in _WENT:
            found.visited.setdefault(row.on, set()).add(row.present_at)
            if row.present_at in row.sites:
                found.service[row.on] = found.service.get(row.on, 0) + row.service_minutes
        elif row.present_at is not None:
            found.leave_out(row, row.present_at, _UNDELIVERED[row.delivery])
    for row in week.rows:
        for building in _remote_sites(row):
            case = _Case(week, policy, roads, found, row, building)
            undelivered = _UNDELIVERED.get(row.delivery)
            reason = undelivered or next((reason for reason, applies in _RULES if applies(case)), None)
            _place(found, row, building, reason)
    return found


def _remote_sites(row: Row) -> Iterator[UUID]:
    """Buildings that took part without her: each would have been a visit of its own, even in one group."""
    return (building for building in sorted(set(row.sites)) if building != row.present_at)


def _place(found: Sorting, row: Row, building: UUID, reason: Reason | None) -> None:
    if reason is not None:
        found.leave_out(row, building, reason)
    else:
        no_show = row.delivery is Delivery.NO_SHOW
        found.counted.append(
            Counted(row.encounter_id, building, row.on, row.service_minutes, no_show=no_show, weather=row.weather)
        )
    if reason is Reason.ALREADY_THERE:
        # In person it would have been one séance more of a visit already made: no road, but it fills the day.
        found.service[row.on] = found.service.get(row.on, 0) + row.service_minutes


@dataclass(frozen=True, slots=True)
class _Case:
    week: Week
    policy: Policy
    roads: Reach
    found: Sorting
    row: Row
    building: UUID


_RULES: tuple[tuple[Reason, Callable[[_Case], bool]], ...] = (
    (Reason.AT_HER_BASE, lambda case: case.building == case.week.base_on(case.row.on)),
    (Reason.BETWEEN_OFFICES, lambda case: case.building in case.week.offices),
    (Reason.KIND_WITHOUT_TRAVEL, lambda case: case.row.kind not in case.policy.travelling_kinds),
    (Reason.WOULD_NOT_HAVE_HAPPENED, lambda case: not case.row.replaces_trip),
    (Reason.ALREADY_THERE, lambda case: case.building in case.found.visited.get(case.row.on, ())),
    (Reason.PLACE_UNKNOWN, lambda case: not case.roads.knows(case.building)),
    (Reason.NO_ROAD, lambda case: not case.roads.reaches(case.row.on, case.building)),
)
