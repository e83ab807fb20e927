"""A calendar feed's bytes: RFC 5545, in the dialect that every calendar program reads alike.

Knows how a line is escaped, folded and ordered; refuses to know who reads it or what may be disclosed, which
`domain.privacy` decided before. Same input, same bytes: nothing is drawn at random and no clock is read, so a
poll that finds nothing new is a true 304. No METHOD, ORGANIZER, ATTENDEE, VALARM, CLASS or SOURCE is ever written:
each changes what some program does with a subscription, and none protects anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from intervention.rendering.vtimezone import vtimezone

RENDERER = 1  # grows with any change of the bytes, so that no validator outlives it
LINE_OCTETS = 75
FOOTER = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class FeedCalendar:
    """The head of a feed. `zone` is what an empty feed still declares: a calendar holds at least one component."""

    name: str
    zone: ZoneInfo
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One dated séance as its reader may see it. Instants are aware UTC; `zone` is where it is lived.

    `revised_at` and `sequence` are those of the stored séance. Empty words are left out of the file.
    """

    uid: str
    revised_at: datetime
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    tentative: bool = False
    busy: bool = True


def write_feed(calendar: FeedCalendar, entries: Sequence[FeedEntry]) -> bytes:
    """The whole file, in order of start then UID."""
    ordered = sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))
    return assemble(header(calendar), zones_of(calendar, ordered), [fragment(entry) for entry in ordered])


def assemble(head: bytes, zones: Iterable[ZoneInfo], fragments: Iterable[bytes]) -> bytes:
    """The file from its head, the zones its fragments name, and the fragments in their final order."""
    return b"".join((head, *map(vtimezone, zones), *fragments, FOOTER))


def header(calendar: FeedCalendar) -> bytes:
    """From BEGIN:VCALENDAR to the last property of the calendar."""
    name = escaped(calendar.name)
    return _lines(
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Intervention//Intervention {RENDERER}//{'EN' if calendar.language == 'en' else 'FR'}",
        "CALSCALE:GREGORIAN",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    )


def zones_of(calendar: FeedCalendar, entries: Iterable[FeedEntry]) -> list[ZoneInfo]:
    """The zones that a feed must declare, in order of name."""
    named = {entry.zone for entry in entries} or {calendar.zone}
    return sorted(named, key=lambda zone: zone.key)


@lru_cache(maxsize=8192)
def fragment(entry: FeedEntry) -> bytes:
    """The VEVENT of one entry. Kept by value: after a change of one séance only its own is written anew."""
    revised = _utc(entry.revised_at)
    return _lines(
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.uid)}",
        f"DTSTAMP:{revised}",
        f"LAST-MODIFIED:{revised}",
        f"SEQUENCE:{entry.sequence}",
        *_times(entry),
        *_text("SUMMARY", entry.summary),
        *_text("LOCATION", entry.location),
        *_text("DESCRIPTION", entry.description),
        *((f"URL:{_uri(entry.url)}",) if entry.url else ()),
        f"STATUS:{'TENTATIVE' if entry.tentative else 'CONFIRMED'}",
        f"TRANSP:{'OPAQUE' if entry.busy else 'TRANSPARENT'}",
        f"X-MICROSOFT-CDO-BUSYSTATUS:{_busy_status(entry)}",
        "END:VEVENT",
    )


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545 §3.3.11). Every kind of line end becomes `\\n`; what no file may hold is left out.

    Blanks at either end go too: libical drops them, so that they would be read by some and not by others.
    """
    if _PLAIN(text):
        return text.strip(BLANKS)
    clean = _FORBIDDEN.sub("", _LINE_END.sub("\n", text)).strip(BLANKS).encode("utf-8", "replace").decode()
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


BLANKS = " \t"
_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_PLAIN = re.compile("[\t !-+\\--:<-\\[\\]-~\xa0-\u2027\u202a-\ud7ff\ue000-\U0010ffff]*").fullmatch


def _times(entry: FeedEntry) -> tuple[str, str]:
    starts, ends = entry.starts_at.astimezone(entry.zone), entry.ends_at.astimezone(entry.zone)
    if _is_repeated(starts) or _is_repeated(ends):
        return f"DTSTART:{_utc(starts)}", f"DTEND:{_utc(ends)}"
    return f"DTSTART;TZID={entry.zone.key}:{_wall(starts)}", f"DTEND;TZID={entry.zone.key}:{_wall(ends)}"


def _is_repeated(at: datetime) -> bool:
    """Whether `at` is in the hour that autumn shows twice: §3.3.5 reads it as the first, libical as the second."""
    return at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()


def _wall(at: datetime) -> str:
    return f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}{at.second:02}"


def _utc(at: datetime) -> str:
    return _wall(at.astimezone(UTC)) + "Z"


def _text(name: str, value: str) -> tuple[str, ...]:
    written = escaped(value)
    return (f"{name}:{written}",) if written else ()


def _uri(address: str) -> str:
    """RFC 3986 characters only: a line end or a letter with an accent is percent-encoded, never written."""
    return quote(address, safe="%:/?#[]@!$&'()*+,;=~", errors="replace")


def _busy_status(entry: FeedEntry) -> str:
    if not entry.busy:
        return "FREE"
    return "TENTATIVE" if entry.tentative else "BUSY"


def _lines(*lines: str) -> bytes:
    return b"".join(map(_folded, lines))


def _folded(line: str) -> bytes:
    """The line in UTF-8, cut so that no part exceeds 75 octets and no character is split (RFC 5545 §3.1)."""
    octets = line.encode()
    if len(octets) <= LINE_OCTETS:
        return octets + b"\r\n"
    parts, start, room = [], 0, LINE_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(octets[start:end])
        start, room = end, LINE_OCTETS - 1
    return b"\r\n ".join([*parts, octets[start:]]) + b"\r\n"
