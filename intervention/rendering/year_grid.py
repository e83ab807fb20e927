"""A school year as cards of months: each day told by a letter and words, never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from intervention.domain.calendar_layers import CALENDAR_HALVES_MOST, CLASS_HALVES_LEAST, Frame, Mark, YearCount
from intervention.domain.days import PUPILS_PRESENT, DayType
from intervention.domain.school_calendar import DatedDay
from intervention.rendering.i18n import _, ngettext
from intervention.rendering.school_days import day_name
from intervention.rendering.times import day as told_day
from intervention.rendering.times import number
from intervention.rendering.wording import say, word

_WEEKEND = 6


@dataclass(frozen=True, slots=True)
class Cell:
    """A square of the grid. `halves` has one mark for a whole day, two for a day in halves."""

    on_date: date
    kinds: tuple[str, ...]
    halves: tuple[str, ...]
    spoken: str
    printed: int | None = None  # the printed number, where the present one is another

    @property
    def is_weekend(self) -> bool:
        return self.on_date.isoweekday() >= _WEEKEND


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]  # five columns, or seven where the year has a weekend day


@dataclass(frozen=True, slots=True)
class LegendEntry:
    kind: str
    letter: str
    name: str
    days: float


def months(frame: Frame, days: Mapping[date, DatedDay]) -> list[Month]:
    width = 7 if any(on_date.isoweekday() >= _WEEKEND for on_date in days) else 5
    shown = [on_date for on_date in frame.dates() if on_date.isoweekday() <= width]
    return [
        Month(first=min(dates).replace(day=1), weeks=tuple(_weeks(dates, days, width)))
        for _month, dates in ((key, list(found)) for key, found in groupby(shown, key=lambda each: each.replace(day=1)))
    ]


def weekdays(month: Month) -> list[date]:
    """One date of each weekday, to name the columns."""
    monday = date(2026, 11, 23)
    return [monday + timedelta(days=n) for n in range(len(month.weeks[0]))]


def _weeks(dates: list[date], days: Mapping[date, DatedDay], width: int) -> list[tuple[Cell | None, ...]]:
    found = []
    for _week, group in groupby(dates, key=lambda each: each.isocalendar()[:2]):
        by_weekday = {each.isoweekday(): cell(each, days.get(each)) for each in group}
        found.append(tuple(by_weekday.get(n) for n in range(1, width + 1)))
    return found


def cell(on_date: date, day: DatedDay | None) -> Cell:
    if day is None:
        return Cell(on_date, ("none",), ("",), _("%(day)s : hors calendrier", day=told_day(on_date)))
    types = day.types if day.afternoon else day.types[:1]
    differs = day.printed_day is not None and day.printed_day != day.cycle_day
    return Cell(
        on_date,
        kinds=tuple(each.value for each in types),
        halves=tuple(letter(each, day) for each in types),
        spoken=_spoken(day),
        printed=day.printed_day if differs else None,
    )


def letter(day_type: DayType, day: DatedDay | None = None) -> str:
    """The mark of a type: the number in the cycle for a class day, « F2 » for a conditional day, else a letter."""
    if day_type in PUPILS_PRESENT and day is not None and day.cycle_day is not None:
        return _("J%(n)s", n=day.cycle_day)
    sign = say(f"day_letter.{day_type.value}")
    return f"{sign}{day.rank}" if day_type is DayType.CONDITIONAL and day is not None and day.rank else sign


def _spoken(day: DatedDay) -> str:
    """`lundi 12 oct. : Action de grâces, décidé par les jours fériés`."""
    parts = [name_of(day)]
    if day.cycle_day is not None:
        parts.append(_("Jour %(n)s", n=day.cycle_day))
    if day.printed_day is not None and day.printed_day != day.cycle_day:
        parts.append(_("Jour %(n)s au calendrier imprimé", n=day.printed_day))
    parts.append(_("décidé par %(layer)s", layer=word(day.layer)))
    return _("%(day)s : %(what)s", day=told_day(day.on_date), what=", ".join(parts))


def name_of(day: DatedDay) -> str:
    """What the day is; both halves where they differ."""
    return day_name(day.day_type, day.label, day.afternoon)


def mark_name(mark: Mark) -> str:
    """What one layer says: `journée pédagogique`, `Relâche (l’après-midi)`."""
    name = day_name(mark.day_type, mark.label)
    if mark.rank:
        name = f"{name} · {say('day_letter.conditional')}{mark.rank}"
    return name if mark.portion.value == "whole" else f"{name} ({word(mark.portion)})"


def legend(days: Mapping[date, DatedDay]) -> list[LegendEntry]:
    """The types that the year holds, with how many days of each."""
    found = []
    for each in DayType:
        halves = sum(half is each for day in days.values() for half in day.types)
        if halves:
            found.append(LegendEntry(each.value, letter(each), word(each), halves / 2))
    return found


def days_told(halves: int) -> str:
    """`180` or `180,5`: days, from halves."""
    return number(halves / 2, halves % 2)


def count_lines(counted: YearCount) -> list[tuple[str, bool]]:
    """(sentence, whether it is as the Régime pédagogique asks) for the 180 and the 200 days."""
    least, most = CLASS_HALVES_LEAST, CALENDAR_HALVES_MOST
    missing, over = max(0, least - counted.class_halves), max(0, counted.calendar_halves - most)
    classes = _("%(n)s jours de classe sur 180 au moins", n=days_told(counted.class_halves))
    whole = _("%(n)s jours au calendrier sur 200 au plus", n=days_told(counted.calendar_halves))
    if missing:
        lacking = _("il en manque %(n)s", n=days_told(missing))
        classes = f"{classes} ({lacking})"
    if over:
        beyond = _("%(n)s de trop", n=days_told(over))
        whole = f"{whole} ({beyond})"
    return [(classes, not missing), (whole, not over)]


def affected_line(touched: int, gained: int) -> str:
    """How many séances a change touches, in one sentence."""
    parts = []
    if touched:
        parts.append(ngettext("une séance à venir est touchée", "%(n)s séances à venir sont touchées", touched))
    if gained:
        parts.append(
            ngettext("une séance gagne une journée de classe", "%(n)s séances gagnent une journée de classe", gained)
        )
    return ", ".join(parts) or _("aucune séance à venir n’est touchée")
