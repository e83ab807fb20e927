"""The fictitious board's school year: 180 class days, 16 pedagogical days, 4 conditional ones, holidays and a cycle.

The year is laid around the day the demonstration is made, so that its present week is a week of classes: in summer, or
in the week of the spring break, the invented board lives on another calendar than everybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from intervention.domain.days import DayType
from intervention.usecases.legal_holidays import legal_holidays

CLASS_DAYS = 180
STAFF_DAYS = 4
PEDAGOGICAL_DAYS = 12
CONDITIONAL_DAYS = 4
USUAL_CYCLE = 10
FLOATING = (3, 7, 10)  # the pedagogical days that each school places itself, by rank
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class YearDay:
    on_date: date
    day_type: DayType
    cycle_day: int | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What makes one building's year differ: the length of its cycle, its floating days, its spring break."""

    cycle_length: int = USUAL_CYCLE
    variant: int = 0
    late_break: bool = False


def monday_of(today: date) -> date:
    """The Monday of the demonstration's present week; at the week-end, of the week to come."""
    monday = today - timedelta(days=today.weekday())
    return monday + 7 * _DAY if today.weekday() >= 5 else monday


def first_class_day(today: date) -> date:
    """The last Thursday of August; five weeks before the present one when that would be a week of summer."""
    present = monday_of(today)
    natural = _last_thursday_of_august(present.year if present >= date(present.year, 7, 1) else present.year - 1)
    ends_about = natural + timedelta(weeks=42)
    if natural <= present + 4 * _DAY and present < ends_about:
        return natural
    return present - timedelta(weeks=5)


def label_of(today: date) -> str:
    starts_on = first_class_day(today)
    return f"{starts_on.year}-{starts_on.year + 1}"


def school_year(today: date, plan: YearPlan) -> list[YearDay]:
    """Every weekday of the year that means something, in order; summer is not marked."""
    starts_on = first_class_day(today)
    days = [YearDay(d, DayType.STAFF_ONLY, label="Rentrée du personnel") for d in _weekdays_before(starts_on)]
    off = _holidays(starts_on, monday_of(today), late_break=plan.late_break)
    placed = _Placed(plan, present=monday_of(today))
    on_date = starts_on
    while placed.classes < CLASS_DAYS:
        if on_date.isoweekday() <= 5:
            days.append(off.get(on_date) or placed.next(on_date))
        on_date += _DAY
    return days


class _Placed:
    """Counts what is already placed and says what the next open weekday is."""

    def __init__(self, plan: YearPlan, present: date) -> None:
        self.plan, self.present = plan, present
        self.classes = self.since = self.pedagogical = self.conditional = 0

    def next(self, on_date: date) -> YearDay:
        if self._suits(on_date):
            self.since = 0
            if self.pedagogical < PEDAGOGICAL_DAYS and self.classes < 150:
                self.pedagogical += 1
                is_floating = self.pedagogical in FLOATING
                label = "Journée pédagogique de l’école" if is_floating else "Journée pédagogique"
                return YearDay(on_date, DayType.PEDAGOGICAL, label=label)
            if self.conditional < CONDITIONAL_DAYS:
                self.conditional += 1
                return YearDay(on_date, DayType.CONDITIONAL, label=f"Journée conditionnelle F{self.conditional}")
        self.since += 1
        self.classes += 1
        return YearDay(on_date, DayType.CLASS, (self.classes - 1) % self.plan.cycle_length + 1)

    def _suits(self, on_date: date) -> bool:
        """Mondays and Fridays make long week-ends; a floating day falls where the school wants it."""
        gap = 10 if self.pedagogical < PEDAGOGICAL_DAYS else 5
        if self.since < gap or self.present <= on_date < self.present + 7 * _DAY:
            return False
        is_floating = self.pedagogical + 1 in FLOATING
        wanted = ((5,), (1,), (4, 5), (1, 2))[self.plan.variant % 4] if is_floating else (1, 5)
        return on_date.isoweekday() in wanted


def _weekdays_before(starts_on: date) -> list[date]:
    found: list[date] = []
    on_date = starts_on
    while len(found) < STAFF_DAYS:
        on_date -= _DAY
        if on_date.isoweekday() <= 5:
            found.append(on_date)
    return found[::-1]


def _holidays(starts_on: date, present: date, *, late_break: bool) -> dict[date, YearDay]:
    found = {day: YearDay(day, DayType.HOLIDAY, label=label) for day, label in _statutory(starts_on.year)}
    for year in (starts_on.year, starts_on.year + 1):
        monday = _nth_weekday(year, 3, weekday=1, nth=1) + (7 * _DAY if late_break else 0 * _DAY)
        if monday == present:
            monday += 14 * _DAY
        for offset in range(5):
            day = monday + offset * _DAY
            found[day] = YearDay(day, DayType.SPRING_BREAK, label="Relâche")
    return found


@cache
def _statutory(year: int) -> tuple[tuple[date, str], ...]:
    """The legal holidays of two years, by their codes, with the rest of the usual winter holidays."""
    winter = {date(y, 12, day): "Congé des Fêtes" for y in (year, year + 1) for day in range(24, 32)}
    winter |= {date(y, 1, day): "Congé des Fêtes" for y in (year, year + 1) for day in range(1, 6)}
    legal = legal_holidays(date(year, 1, 1), date(year + 1, 12, 31))
    return tuple((winter | {on_date: code.value for on_date, code in legal.items()}).items())


def _nth_weekday(year: int, month: int, *, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))


def _last_thursday_of_august(year: int) -> date:
    last = date(year, 8, 31)
    return last - timedelta(days=(last.isoweekday() - 4) % 7)
