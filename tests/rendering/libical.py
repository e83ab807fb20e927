"""libical, the C library behind Evolution, KDE and Cyrus, as an independent reader and judge of feeds."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import Structure, c_char_p, c_int, c_int64, c_void_p
from datetime import UTC, datetime
from functools import cache

from tests.cluster import Missing
from tests.rendering.readings import Reading

VEVENT, ANY_PROPERTY = 4, 0  # icalcomponent_kind, icalproperty_kind


class IcalTime(Structure):
    """`struct icaltimetype` of libical 3."""

    _fields_ = [
        *((name, c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")),
        ("zone", c_void_p),
    ]


@cache
def library() -> ctypes.CDLL:
    """libical 3 with the signatures used here, or Missing."""
    names = ("libical.3.dylib", "libical.dylib") if sys.platform == "darwin" else ("libical.so.3",)
    for name in (*names, ctypes.util.find_library("ical")):
        if name is None:
            continue
        try:
            return _declared(ctypes.CDLL(name))
        except OSError:
            continue
    raise Missing("libical 3 (Debian: libical3)")


def _declared(lib: ctypes.CDLL) -> ctypes.CDLL:
    signatures = {
        "icalparser_parse_string": (c_void_p, c_char_p),
        "icalrestriction_check": (c_int, c_void_p),
        "icalcomponent_count_errors": (c_int, c_void_p),
        "icalcomponent_as_ical_string_r": (c_void_p, c_void_p),
        "icalcomponent_get_first_component": (c_void_p, c_void_p, c_int),
        "icalcomponent_get_next_component": (c_void_p, c_void_p, c_int),
        "icalcomponent_get_first_property": (c_void_p, c_void_p, c_int),
        "icalcomponent_get_next_property": (c_void_p, c_void_p, c_int),
        "icalcomponent_get_dtstart": (IcalTime, c_void_p),
        "icalcomponent_get_dtend": (IcalTime, c_void_p),
        "icalcomponent_get_uid": (c_char_p, c_void_p),
        "icalcomponent_get_summary": (c_char_p, c_void_p),
        "icalcomponent_get_location": (c_char_p, c_void_p),
        "icalcomponent_get_description": (c_char_p, c_void_p),
        "icalcomponent_free": (None, c_void_p),
        "icalproperty_get_property_name": (c_char_p, c_void_p),
        "icalproperty_get_url": (c_char_p, c_void_p),
        "icaltime_get_timezone": (c_void_p, IcalTime),
        "icaltime_as_timet_with_zone": (c_int64, IcalTime, c_void_p),
        "icalmemory_free_buffer": (None, c_void_p),
    }
    for name, (returns, *takes) in signatures.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = returns, takes
    return lib


def read_with_libical(body: bytes) -> list[Reading]:
    """Every event as libical understands it, zones resolved from the file's own VTIMEZONE blocks."""
    with _parsed(body) as root:
        return [_reading(event) for event in _events(root)]


def complaints(body: bytes) -> list[str]:
    """What libical reproaches to a feed, as it is and under the stricter table of a published calendar.

    Without METHOD its checker knows only cardinalities; RFC 5546 §3.2.1 (PUBLISH) also asks for an ORGANIZER.
    """
    published = body.replace(b"CALSCALE:", b"METHOD:PUBLISH\r\nCALSCALE:", 1)
    published = published.replace(b"SEQUENCE:", b"ORGANIZER:mailto:nobody@example.org\r\nSEQUENCE:")
    return [f"{how}: {fault}" for how, text in (("as is", body), ("published", published)) for fault in _faults(text)]


def _faults(body: bytes) -> Iterator[str]:
    lib = library()
    with _parsed(body) as root:
        if lib.icalrestriction_check(root) != 1:
            yield "restriction"
        if lib.icalcomponent_count_errors(root) != 0:
            yield "errors"
        buffer = lib.icalcomponent_as_ical_string_r(root)
        text = ctypes.string_at(buffer)
        lib.icalmemory_free_buffer(buffer)
        yield from (line for line in text.decode(errors="replace").splitlines() if "X-LIC-ERROR" in line)


@contextmanager
def _parsed(body: bytes) -> Iterator[int]:
    lib = library()
    root = lib.icalparser_parse_string(body)
    assert root, "libical read no calendar"
    yield root
    lib.icalcomponent_free(root)


def _events(root: int) -> Iterator[int]:
    lib = library()
    event = lib.icalcomponent_get_first_component(root, VEVENT)
    while event:
        yield event
        event = lib.icalcomponent_get_next_component(root, VEVENT)


def _properties(event: int) -> Iterator[int]:
    lib = library()
    found = lib.icalcomponent_get_first_property(event, ANY_PROPERTY)
    while found:
        yield found
        found = lib.icalcomponent_get_next_property(event, ANY_PROPERTY)


def _reading(event: int) -> Reading:
    lib = library()
    named = [(lib.icalproperty_get_property_name(found).decode(), found) for found in _properties(event)]
    urls = [lib.icalproperty_get_url(found).decode() for name, found in named if name == "URL"]
    return Reading(
        uid=lib.icalcomponent_get_uid(event).decode(),
        starts_at=_instant(lib.icalcomponent_get_dtstart(event)),
        ends_at=_instant(lib.icalcomponent_get_dtend(event)),
        summary=(lib.icalcomponent_get_summary(event) or b"").decode(),
        location=(lib.icalcomponent_get_location(event) or b"").decode(),
        description=(lib.icalcomponent_get_description(event) or b"").decode(),
        url="".join(urls),
        properties=tuple(name for name, _ in named),
    )


def _instant(time: IcalTime) -> datetime:
    lib = library()
    seconds = lib.icaltime_as_timet_with_zone(time, lib.icaltime_get_timezone(time))
    return datetime.fromtimestamp(seconds, UTC)
