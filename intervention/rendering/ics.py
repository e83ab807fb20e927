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
    return lines(
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
    parts = (
        b"BEGIN:VEVENT\r\n",
        _text("UID", entry.uid),
        f"DTSTAMP:{revised}\r\nLAST-MODIFIED:{revised}\r\nSEQUENCE:{entry.sequence}\r\n".encode(),
        _times(entry),
        _text("SUMMARY", entry.summary),
        _text("LOCATION", entry.location),
        _text("DESCRIPTION", entry.description),
        _uri("URL", entry.url),
        f"STATUS:{'TENTATIVE' if entry.tentative else 'CONFIRMED'}\r\n".encode(),
        f"TRANSP:{'OPAQUE' if entry.busy else 'TRANSPARENT'}\r\n".encode(),
        f"X-MICROSOFT-CDO-BUSYSTATUS:{_busy_status(entry)}\r\n".encode(),
        b"END:VEVENT\r\n",
    )
    return b"".join(parts)


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545 §3.3.11). Every kind of line end becomes `\\n`; what no file may hold is left out.

    Blanks at either end go too: libical drops them, so that they would be read by some and not by others.
    """
    if _UNCLEAN.search(text):
        text = _FORBIDDEN.sub("", _LINE_END.sub("\n", text)).encode("utf-8", "replace").decode()
    text = text.strip(BLANKS)
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


BLANKS = " \t"
_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _times(entry: FeedEntry) -> bytes:
    starts, ends = entry.starts_at.astimezone(entry.zone), entry.ends_at.astimezone(entry.zone)
    if _is_repeated(starts) or _is_repeated(ends):
        return f"DTSTART:{_utc(starts)}\r\nDTEND:{_utc(ends)}\r\n".encode()
    zone = entry.zone.key
    return f"DTSTART;TZID={zone}:{_wall(starts)}\r\nDTEND;TZID={zone}:{_wall(ends)}\r\n".encode()


def _is_repeated(at: datetime) -> bool:
    """Whether `at` is in the hour that autumn shows twice: §3.3.5 reads it as the first, libical as the second."""
    return at.utcoffset() != at.replace(fold=1 - at.fold).utcoffset()


def _wall(at: datetime) -> str:
    return at.isoformat()[:19].replace("-", "").replace(":", "")


def _utc(at: datetime) -> str:
    return _wall(at.astimezone(UTC)) + "Z"


def _text(name: str, value: str) -> bytes:
    """The property, or nothing when there is nothing to say."""
    written = escaped(value)
    return _folded(f"{name}:{written}") if written else b""


def _uri(name: str, address: str) -> bytes:
    """RFC 3986 characters only: a line end or a letter with an accent is percent-encoded, never written."""
    if not _IS_URI(address):
        address = quote(address, safe="%:/?#[]@!$&'()*+,;=~", errors="replace")
    return _folded(f"{name}:{address}") if address else b""


_IS_URI = re.compile("[A-Za-z0-9%:/?#@!$&'()*+,;=~._-]*").fullmatch


def _busy_status(entry: FeedEntry) -> str:
    if not entry.busy:
        return "FREE"
    return "TENTATIVE" if entry.tentative else "BUSY"


def lines(*each: str) -> bytes:
    """Content lines, folded and ended as the format asks."""
    return b"".join(map(_folded, each))


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
