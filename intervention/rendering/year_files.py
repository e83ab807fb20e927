"""The dated days of a building as files: a table, and a calendar of the days that are not ordinary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from intervention.domain.days import DayType
from intervention.domain.school_calendar import DatedDay
from intervention.rendering.csv_files import Cell, csv_file
from intervention.rendering.i18n import _
from intervention.rendering.ics import escaped, lines
from intervention.rendering.wording import word
from intervention.rendering.year_grid import name_of


def days_csv(days: Iterable[DatedDay]) -> bytes:
    """Every dated day: both halves, the number in the cycle, the printed one, who decided, what it is called."""
    head = (
        _("Date"), _("Avant-midi"), _("Après-midi"), _("Jour"), _("Tour"), _("Jour imprimé"), _("Décidé par"), _("Nom"),
    )  # fmt: skip
    return csv_file(head, [_row(day) for day in days])


def _row(day: DatedDay) -> list[Cell]:
    morning, afternoon = day.types
    return [
        day.on_date.isoformat(), word(morning), word(afternoon), day.cycle_day, day.cycle_number, day.printed_day,
        word(day.layer), name_of(day),
    ]  # fmt: skip


def days_ics(place_id: UUID, name: str, days: Iterable[DatedDay], at: datetime) -> bytes:
    """One all-day event per day that is not a whole day of classes; DTEND is the day after, as the format asks."""
    told = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Intervention//Calendrier//FR", f"X-WR-CALNAME:{escaped(name)}"]
    for day in days:
        if day.types == (DayType.CLASS, DayType.CLASS):
            continue
        until = day.on_date + timedelta(days=1)
        told += [
            "BEGIN:VEVENT", f"UID:{uuid5(place_id, day.on_date.isoformat())}", f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day.on_date:%Y%m%d}", f"DTEND;VALUE=DATE:{until:%Y%m%d}",
            f"SUMMARY:{escaped(name_of(day))}", f"CATEGORIES:{day.day_type.value}", "TRANSP:TRANSPARENT", "END:VEVENT",
        ]  # fmt: skip
    return lines(*told, "END:VCALENDAR")
