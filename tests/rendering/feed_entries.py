"""Feed entries for the tests of the feed's bytes: dull, explicit, no randomness."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from intervention.rendering.ics import FeedCalendar, FeedEntry

HALIFAX, TORONTO, BLANC_SABLON = map(ZoneInfo, ("America/Halifax", "America/Toronto", "America/Blanc-Sablon"))
CALENDAR = FeedCalendar("Intervention – Mes rencontres", TORONTO)

AN_ENTRY = FeedEntry(
    uid="6f1d3c1e-52f0-4a4e-9a51-8f0c8a2d7b10",
    revised_at=datetime(2026, 10, 2, 14, 5, 9, tzinfo=UTC),
    sequence=2,
    starts_at=datetime(2026, 10, 30, 12, 0, tzinfo=UTC),
    ends_at=datetime(2026, 10, 30, 12, 50, tzinfo=UTC),
    zone=HALIFAX,
    summary="Rencontre – ÉNB",
    location="Local 12, École Notre-Dame-de-Bonsecours",
    description="Ouvrir dans Intervention : https://intervention.example/seances/0199a2",
    url="https://intervention.example/seances/0199a2",
)


def an_entry(**changes: Any) -> FeedEntry:
    return replace(AN_ENTRY, **changes)


def a_term(count: int = 1000) -> list[FeedEntry]:
    """`count` entries of fifty minutes, every third hour from September, over the three zones."""
    zones = (HALIFAX, TORONTO, BLANC_SABLON)
    first = datetime(2026, 9, 1, 11, 0, tzinfo=UTC)
    return [
        an_entry(
            uid=f"{number:08x}-52f0-4a4e-9a51-8f0c8a2d7b10",
            zone=zones[number % 3],
            starts_at=first + timedelta(hours=3 * number),
            ends_at=first + timedelta(hours=3 * number, minutes=50),
            sequence=number % 4,
            tentative=number % 7 == 0,
        )
        for number in range(count)
    ]
