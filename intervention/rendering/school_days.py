"""What a dated school day is called."""

from __future__ import annotations

from intervention.domain.days import DayType, Holiday
from intervention.domain.people import Level
from intervention.rendering.i18n import _
from intervention.rendering.wording import word


def day_name(day_type: DayType, label: str | None, afternoon: DayType | None = None) -> str:
    """The label somebody gave the day, the name of the holiday, else its type; both halves where they differ."""
    if afternoon is not None and afternoon is not day_type:
        halves = _(
            "%(morning)s le matin, %(afternoon)s l’après-midi", morning=word(day_type), afternoon=word(afternoon)
        )
        return f"{day_name(day_type, label)} ({halves})" if label else halves
    if label in set(Holiday):
        return word(Holiday(label))
    return label or word(day_type)


def level_word(level: str) -> str:
    """What people call a level that a calendar holds as its code."""
    return word(Level(level))
