"""Bells of the fictitious buildings, and the specialists' periods that no séance may take."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import cache

from intervention.domain.days import BellKind
from intervention.domain.people import Level

A, P, R, L = BellKind.ARRIVAL, BellKind.PERIOD, BellKind.RECESS, BellKind.LUNCH

# Before the building's own shift. Preschool ends earlier than primary in the same building, as by law it may.
DAYS: dict[Level, tuple[tuple[str, str, BellKind, str], ...]] = {
    Level.PRESCHOOL: (
        ("08:00", "08:10", A, "Accueil"),
        ("08:10", "09:10", P, "Période 1"),
        ("09:10", "10:00", P, "Période 2"),
        ("10:00", "10:20", R, "Récréation"),
        ("10:20", "11:20", P, "Période 3"),
        ("11:20", "12:45", L, "Dîner"),
        ("12:45", "13:35", P, "Période 4"),
        ("13:35", "14:15", P, "Période 5"),
    ),
    Level.PRIMARY: (
        ("08:00", "08:10", A, "Accueil"),
        ("08:10", "09:10", P, "Période 1"),
        ("09:10", "10:10", P, "Période 2"),
        ("10:10", "10:25", R, "Récréation"),
        ("10:25", "11:25", P, "Période 3"),
        ("11:25", "12:45", L, "Dîner"),
        ("12:45", "13:45", P, "Période 4"),
        ("13:45", "14:00", R, "Récréation"),
        ("14:00", "15:00", P, "Période 5"),
    ),
    Level.SECONDARY: (
        ("08:35", "08:45", A, "Accueil"),
        ("08:45", "10:00", P, "Période 1"),
        ("10:00", "10:15", R, "Pause"),
        ("10:15", "11:30", P, "Période 2"),
        ("11:30", "12:50", L, "Dîner"),
        ("12:50", "14:05", P, "Période 3"),
        ("14:05", "14:20", R, "Pause"),
        ("14:20", "15:35", P, "Période 4"),
    ),
}

_SPECIALISTS = {
    Level.PRESCHOOL: (("Éducation physique", 2), ("Éveil musical", 4)),
    Level.PRIMARY: (("Éducation physique", 2), ("Anglais", 3), ("Musique", 5), ("Éducation physique", 4)),
    Level.SECONDARY: (("Éducation physique", 3), ("Arts plastiques", 2)),
}


@cache
def shifted(wall: str, minutes: int) -> time:
    return (datetime.strptime(wall, "%H:%M") + timedelta(minutes=minutes)).time()  # noqa: DTZ007 - a wall time


def bells(level: Level, shift: int) -> Iterator[tuple[time, time, BellKind, str]]:
    """The bells of a level in a building whose day begins `shift` minutes after the board's usual hour."""
    for starts, ends, kind, label in DAYS[level]:
        yield shifted(starts, shift), shifted(ends, shift), kind, label


def protected(level: Level, shift: int, rank: int) -> Iterator[tuple[int, time, time, str]]:
    """(weekday, starts, ends, label) of a class; `rank` in its building turns the week, there being one gymnasium."""
    for nth, (label, period) in enumerate(_SPECIALISTS[level]):
        starts, ends, _, _ = next(day for day in DAYS[level] if day[3] == f"Période {period}")
        yield (rank + 2 * nth) % 5 + 1, shifted(starts, shift), shifted(ends, shift), label
