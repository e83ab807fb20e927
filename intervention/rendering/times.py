"""Times and dates as a school says them: `10 h 30`, `mardi 24 nov.`; a second zone is told only where it differs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from intervention.rendering.i18n import N_, _, locale

NBSP = "\u00a0"

ZONES = {
    "America/Toronto": N_("heure de l’Est"),
    "America/Montreal": N_("heure de l’Est"),
    "America/Halifax": N_("heure de l’Atlantique"),
    "America/Moncton": N_("heure de l’Atlantique"),
    "America/Blanc-Sablon": N_("heure normale de l’Atlantique"),
}


def wall_time(at: time) -> str:
    """`10 h 30`, `14 h` in French; `10:30`, `14:00` in English (24-hour in both, as school bells are)."""
    if locale() == "en":
        return f"{at.hour}:{at.minute:02}"
    return f"{at.hour}{NBSP}h{NBSP}{at.minute:02}" if at.minute else f"{at.hour}{NBSP}h"


def time_of(at: datetime, zone: str) -> str:
    """The wall time of an instant in `zone`."""
    return wall_time(at.astimezone(ZoneInfo(zone)).time())


def zone_name(zone: str) -> str:
    """What people call a zone; an unlisted one shows its city."""
    known = ZONES.get(zone)
    return _(known) if known else _("heure locale (%(city)s)", city=zone.rsplit("/", 1)[-1].replace("_", " "))


def differs(at: datetime, zone: str, other: str) -> bool:
    """Whether two zones show different wall times at this instant."""
    return at.astimezone(ZoneInfo(zone)).utcoffset() != at.astimezone(ZoneInfo(other)).utcoffset()


def day(on: date) -> str:
    """`mardi 24 nov.` / `Tuesday, Nov 24`."""
    return _format(on, "EEEE d MMM", "EEEE, MMM d")


def day_of(at: datetime, zone: str) -> str:
    """The day an instant falls on in `zone`, as `day` words it."""
    return day(at.astimezone(ZoneInfo(zone)).date())


def short_day(on: date) -> str:
    """`mar. 24` / `Tue 24`, for the head of a column."""
    return _format(on, "EEE d", "EEE d")


def long_day(on: date) -> str:
    """`mardi 24 novembre 2026` / `Tuesday, November 24, 2026`."""
    return _format(on, "EEEE d MMMM y", "EEEE, MMMM d, y")


def weekday(on: date) -> str:
    """`mardi` / `Tuesday`."""
    return _format(on, "EEEE", "EEEE")


def month(on: date) -> str:
    return _format(on, "MMMM y", "MMMM y")


def month_name(on: date) -> str:
    """`novembre 2026`, whatever the day: the first of a month too."""
    return format_date(on, "MMMM y", locale="en_CA" if locale() == "en" else "fr_CA")


def _format(on: date, french: str, english: str) -> str:
    """The first of a month is an ordinal in French: `mardi 1er décembre`."""
    if on.day == 1:
        french = french.replace("d", "d'er'")
    pattern, language = (english, "en_CA") if locale() == "en" else (french, "fr_CA")
    return format_date(on, pattern, locale=language)


def lasting(length: timedelta | int) -> str:
    """A duration, given as a timedelta or in minutes: `45 min`, `1 h`, `1 h 20`."""
    minutes = length if isinstance(length, int) else round(length.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"


def number(value: float, digits: int = 0) -> str:
    """`1 234,5` in French, `1,234.5` in English."""
    text = f"{value:,.{digits}f}"
    return text if locale() == "en" else text.replace(",", NBSP).replace(".", ",")


def percent(share: float) -> str:
    """`12 %` in French, `12%` in English, from a share between 0 and 1."""
    return f"{number(share * 100)}%" if locale() == "en" else f"{number(share * 100)}{NBSP}%"
