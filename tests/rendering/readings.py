"""What calendar programs make of a file: one plain value, whichever library read it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import icalendar
from hypothesis import strategies as st

EVENT_PROPERTIES = (
    *("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "URL"),
    *("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"),
)


@dataclass(frozen=True, slots=True, order=True)
class Reading:
    """One event as a reader understood it; `properties` are the names it saw, in order."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    url: str
    properties: tuple[str, ...]


def read_with_icalendar(body: bytes) -> list[Reading]:
    """Read with the `icalendar` library; a fault that it tolerated is an assertion error."""
    calendar = icalendar.Calendar.from_ical(body)
    for component in calendar.walk():
        assert component.errors == []
    return [_reading(event) for event in calendar.walk("VEVENT")]


def _reading(event: Any) -> Reading:
    return Reading(
        uid=str(event["UID"]),
        starts_at=event["DTSTART"].dt.astimezone(UTC),
        ends_at=event["DTEND"].dt.astimezone(UTC),
        summary=str(event.get("SUMMARY", "")),
        location=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")),
        url=str(event.get("URL", "")),
        properties=tuple(event.keys()),
    )


NASTY = (
    "\\n",
    "\\",
    ";",
    ",",
    "\r\n ",
    "\r\nEND:VEVENT\r\n",
    "\nATTENDEE:mailto:a@b",
    "\r",
    "\u2028",
    "\x85",
    "  ",
    "😀",
    '"',
)


def any_text() -> st.SearchStrategy[str]:
    """Any text at all, lone surrogates and control characters included, with what breaks calendars mixed in."""
    return st.lists(st.sampled_from(NASTY) | st.text(st.characters(), max_size=40), max_size=8).map("".join)


def plain(text: str) -> str:
    """The text that a file can carry: one kind of line end, no control character, no half of a pair, no outer blank."""
    one_kind_of_end = "\n".join((text + ".").splitlines())[:-1]
    kept = (letter for letter in one_kind_of_end if letter in "\t\n" or unicodedata.category(letter) != "Cc")
    return "".join("?" if unicodedata.category(letter) == "Cs" else letter for letter in kept).strip(" \t")
