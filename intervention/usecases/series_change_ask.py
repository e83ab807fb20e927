"""An edit of a series as a whole, and what its sheet says of every date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from intervention.domain.arrangement import Arrangement
from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import PlaceKind
from intervention.domain.series import Decisions, Line
from intervention.domain.series_change import (
    NewTime,
    Standing,
)
from intervention.domain.spans import Span
from intervention.queries.series_calendar import Anchor
from intervention.queries.series_reach import Reached
from intervention.records.series import Series
from intervention.usecases.series_sheet import PlanSeries


@dataclass(frozen=True, slots=True)
class ChangeSeries:
    """An edit of a series by somebody who saw `version`. What is not given stays as it is.

    `from_on` is a date of the series (this one and the following), None for all those to come. Rooms and facilitators
    go by building; None there means any that is free. `skipping` are dates that are given up for it.
    """

    series_id: UUID
    version: int
    from_on: date | None = None
    time: NewTime = field(default_factory=NewTime)
    minutes: int | None = None
    host_to: tuple[PlaceKind, UUID | None] | None = None
    rooms: Mapping[UUID, UUID | None] = field(default_factory=dict)
    facilitators: Mapping[UUID, UUID | None] = field(default_factory=dict)
    joining: tuple[AskParticipant, ...] = ()
    leaving: frozenset[UUID] = frozenset()
    with_exceptions: bool = False
    decisions: Decisions = field(default_factory=Decisions)
    skipping: frozenset[date] = frozenset()
    reason: str | None = None
    accepting: frozenset[str] = frozenset()

    @property
    def moves_people(self) -> bool:
        return bool(self.joining or self.leaving)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One date in reach, under its date by the rule until now; `line` is None where the change does not touch it.

    `rule_on` is the date that the rule gives it from now on.
    """

    reached: Reached
    rule_on: date
    line: Line | None = None
    is_same: bool = False  # it is already as it would be

    @property
    def on_date(self) -> date:
        return self.reached.row.on_date

    @property
    def standing(self) -> Standing:
        return self.reached.standing

    @property
    def was(self) -> Span | None:
        return self.reached.encounter.span if self.reached.encounter is not None else None

    @property
    def changes(self) -> bool:
        return self.line is not None and self.line.is_held and not self.is_same


@dataclass(frozen=True, slots=True)
class ChangeSheet:
    """`plan` is the series as it will be; `new_sites` were no part of it, `left_sites` are none any more."""

    series: Series
    plan: PlanSeries
    lines: tuple[ChangeLine, ...]
    anchor: Anchor
    way: Arrangement
    new_sites: tuple[UUID, ...]
    left_sites: tuple[UUID, ...]
    moves_time: bool

    @property
    def judged(self) -> tuple[Line, ...]:
        return tuple(each.line for each in self.lines if each.line is not None)

    @property
    def failing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.judged if line.rules)
