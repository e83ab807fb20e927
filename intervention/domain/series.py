"""What a date of a series may become, and what a séance not given may become. Values and codes only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from intervention.domain.composition import AskSite
from intervention.domain.slots import Rule
from intervention.domain.spans import Span


class DateState(StrEnum):
    BOOKED = "booked"  # as the rule says
    MOVED = "moved"  # held on another day or hour, decided for this date alone
    SKIPPED = "skipped"  # not held; its reason is kept, and it can be taken back


class SkipReason(StrEnum):
    NO_CLASS = "no_class"  # a school that takes part has no class that day
    TAKEN = "taken"  # a person or a place is taken
    RULE = "rule"  # bells, hours, protected time, lunch or road
    PAST = "past"
    CHOSEN = "chosen"  # somebody left it out


class MakeUpState(StrEnum):
    OWED = "owed"
    PLANNED = "planned"
    WAIVED = "waived"


# Why a date cannot be held at all, beside the rules of a search.
IN_THE_GAP = "in_the_gap"  # the clocks skip that hour
NO_SUCH_PERIOD = "no_such_period"
OTHER_DATE = "other_date"  # another date of the same series is held then


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall time of the series' own zone."""

    on_date: date
    at: time


class Likeness(StrEnum):
    """What an alternative keeps of the date that it stands for."""

    SAME_DAY = "same_day"  # another hour
    OTHER_PERIOD = "other_period"  # the same day of the cycle, where another period begins
    SAME_WEEK = "same_week"  # another class day of the week, at the same hour or the nearest to it


@dataclass(frozen=True, slots=True)
class Alternative:
    """A moment that works, by the rules that refused the other one."""

    moment: Moment
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Collision:
    """The change of hour brings this date onto a séance that another zone's clocks keep apart on the other dates."""

    zone: str
    at: time  # when it is there


@dataclass(frozen=True, slots=True)
class Line:
    """One date of a series sheet. `rules` is empty where it can be held, with `sites` as they would be given."""

    on_date: date
    moment: Moment | None
    span: Span | None = None
    rules: tuple[str, ...] = ()
    subject_id: UUID | None = None
    is_left_out: bool = False
    is_moved: bool = False  # held at a moment that somebody chose for this date alone
    cycle_day: int | None = None
    elsewhere: tuple[tuple[str, time], ...] = ()  # the wall times of the other zones
    sites: tuple[AskSite, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    collision: Collision | None = None
    wanted_on: date | None = None  # the day that it is to be held on, where that is not `on_date`

    @property
    def day(self) -> date:
        """The day around which another moment is looked for."""
        return self.wanted_on or self.on_date

    @property
    def works(self) -> bool:
        return self.span is not None and not self.rules

    @property
    def is_held(self) -> bool:
        return self.works and not self.is_left_out

    @property
    def reason(self) -> SkipReason | None:
        """Why it is not held."""
        if self.rules:
            return reason_of(self.rules[0])
        return SkipReason.CHOSEN if self.is_left_out else None

    def refused(self, rule: str) -> Line:
        return replace(self, rules=(*self.rules, rule))


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decided of the dates: those accepted (None: all that work), those held at another moment."""

    accepted: frozenset[date] | None = None
    moved: Mapping[date, Moment] = field(default_factory=dict)

    def leaves_out(self, on_date: date) -> bool:
        return self.accepted is not None and on_date not in self.accepted


def wall_time(span: Span, zone: str) -> time:
    """When a span begins, by the clocks of a zone."""
    return span.starts_at.astimezone(ZoneInfo(zone)).time()


_REASONS = {
    Rule.TOO_SOON: SkipReason.PAST,
    Rule.CLOSED_DAY: SkipReason.NO_CLASS,
    Rule.PARTICIPANT_BUSY: SkipReason.TAKEN,
    Rule.ROOM_TAKEN: SkipReason.TAKEN,
    Rule.FACILITATOR_TAKEN: SkipReason.TAKEN,
    Rule.KIT_TAKEN: SkipReason.TAKEN,
}


def reason_of(rule: str) -> SkipReason:
    """The kind of reason that a refusing rule is."""
    return _REASONS.get(Rule(rule), SkipReason.RULE) if rule in set(Rule) else SkipReason.RULE
