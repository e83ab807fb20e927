"""What series take: a rule, the arrangement of each date, and what a change of them says."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from intervention.api.inputs import MAX_PEOPLE, Accepting, HostPlace, Participant, Site, WallTime
from intervention.api.scalars import Day, Edit, Id, Input, Minutes, Text200
from intervention.domain.composition import MAX_SITES
from intervention.domain.cycle import LONGEST
from intervention.domain.encounters import EncounterKind
from intervention.domain.people import Discipline
from intervention.domain.recurrence import (
    MAX_DATES,
    MAX_EVERY,
    MAX_PERIOD,
    SCHOOL_WEEK,
    OnCycleDays,
    OnWeekdays,
    Pattern,
    PerMonth,
    Recurrence,
)
from intervention.domain.series import Decisions, Moment
from intervention.domain.series_change import Reach

Days = Annotated[tuple[Annotated[int, Field(ge=1, le=LONGEST)], ...], Field(max_length=LONGEST)]
Dates = Annotated[tuple[Day, ...], Field(max_length=MAX_DATES)]


class Rule(Input):
    """When it is held. `days` are days of the cycle or of the week (1 is Monday); `goal` is for `month` alone.

    Either `at`, a wall time of the school whose calendar is read, or `period`, the nth class period of the day.
    """

    by: Literal["cycle", "week", "month"]
    days: Days = ()
    every: Annotated[int, Field(ge=1, le=MAX_EVERY)] = 1
    goal: Annotated[int, Field(ge=1, le=31)] = 1
    first_on: Day
    last_on: Day
    at: WallTime | None = None
    period: Annotated[int, Field(ge=1, le=MAX_PERIOD)] | None = None
    count: Annotated[int, Field(ge=1, le=MAX_DATES)] | None = None

    def asked(self) -> Recurrence:
        return Recurrence(self._pattern(), self.first_on, self.last_on, self.at, self.period, self.count)

    def _pattern(self) -> Pattern:
        days = tuple(sorted(set(self.days)))
        match self.by:
            case "cycle":
                return OnCycleDays(days, self.every)
            case "week":
                return OnWeekdays(days, self.every)
            case _:
                return PerMonth(self.goal, days or SCHOOL_WEEK)


class MovedDate(Input):
    """A date of the rule that is held at another moment, a wall time of the series' own zone."""

    on_date: Day
    to_date: Day
    to_time: WallTime


class Decided(Input):
    """`accepted` null: every date that works. A date that is moved is accepted."""

    accepted: Dates | None = None
    moved: Annotated[tuple[MovedDate, ...], Field(max_length=MAX_DATES)] = ()

    def asked(self) -> Decisions:
        moved = {each.on_date: Moment(each.to_date, each.to_time) for each in self.moved}
        return Decisions(None if self.accepted is None else frozenset(self.accepted) | moved.keys(), moved)


class PlanDates(Input):
    """With `dry_run`, the answer shows every date and nothing is written. Rooms and facilitators left out are given
    date by date. `building_id`: the school whose calendar the rule is read on; null is where the pupils are."""

    dry_run: bool = False
    host_id: Id | None = None
    kind: EncounterKind
    discipline: Discipline
    minutes: Minutes
    sites: Annotated[tuple[Site, ...], Field(min_length=1, max_length=MAX_SITES)]
    rule: Rule
    decisions: Decided = Decided()
    building_id: Id | None = None
    objective: Text200 | None = None
    need_group_id: Id | None = None
    is_strict: bool = False
    accepting: Accepting = frozenset()


class SeriesSite(Edit):
    """A place of the series by its building; what is left out stays, null is any that is free."""

    building_id: Id
    room_id: Id | None = None
    facilitator_id: Id | None = None


class ChangeDates(Edit):
    """What is left out stays. `reach` following begins at `from_on`. Dates moved alone stay unless `with_exceptions`;
    who joins or leaves does so on these too. `skipped` dates are cancelled. With `dry_run`, nothing is written."""

    dry_run: bool = False
    reach: Reach = Reach.ALL
    from_on: Day | None = None
    days: Days = ()
    at: WallTime | None = None
    period: Annotated[int, Field(ge=1, le=MAX_PERIOD)] | None = None
    minutes: Minutes | None = None
    host: HostPlace | None = None
    sites: Annotated[tuple[SeriesSite, ...], Field(max_length=MAX_SITES)] = ()
    joining: Annotated[tuple[Participant, ...], Field(max_length=MAX_PEOPLE)] = ()
    leaving: Annotated[tuple[Id, ...], Field(max_length=MAX_PEOPLE)] = ()
    with_exceptions: bool = False
    decisions: Decided = Decided()
    skipped: Dates = ()
    reason: Text200 | None = None
    accepting: Accepting = frozenset()
