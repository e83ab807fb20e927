"""A calendar feed: written whole, written again after one change, compressed, against the icalendar library."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import replace

import icalendar

from benchmarks.measure import Row, timed
from intervention.rendering.ics import FeedEntry, assemble, fragment, header, write_feed, zones_of
from intervention.rendering.vtimezone import vtimezone
from tests.rendering.feed_entries import CALENDAR, a_term
from tests.rendering.readings import read_with_icalendar

TITLE = "Feed of 1,000 séances"
PEER = "icalendar, build + to_ical"
PEER_WITH_ZONES = "icalendar, the same + add_missing_timezones"


def run() -> Iterator[Row]:
    entries = _by_day(1000)
    body = write_feed(CALENDAR, entries)
    _require_equal(body, _with_icalendar(entries))

    peer = timed(lambda: _with_icalendar(entries), runs=5)
    peer_with_zones = timed(lambda: _with_icalendar(entries, zones=True), runs=5)
    first = timed(lambda: write_feed(CALENDAR, entries), before=_forget, runs=9)
    cold = timed(lambda: write_feed(CALENDAR, entries), before=fragment.cache_clear, runs=9)
    changed = iter([replace(entries[500], sequence=number) for number in range(10, 30)])
    warm = timed(lambda: write_feed(CALENDAR, [*entries[:500], next(changed), *entries[501:]]), runs=9)
    squeezed = timed(lambda: gzip.compress(body, 6, mtime=0), runs=9)
    fragments, zones, head = [fragment(entry) for entry in entries], zones_of(CALENDAR, entries), header(CALENDAR)
    joined = timed(lambda: assemble(head, zones, fragments), runs=9, calls=20)

    yield Row("first of a process: every VEVENT and zone block", first, peer_with_zones, PEER_WITH_ZONES, ">= 10x")
    yield Row("cold: every VEVENT written", cold, peer, PEER, ">= 10x, hoped 20x")
    yield Row("after one change: one VEVENT written, the rest kept", warm, peer, PEER, ">= 20x, <= 2 ms")
    yield Row("join of kept fragments", joined, peer, PEER)
    yield Row("gzip, level 6", squeezed)
    yield Row("size", f"{len(body):,} bytes, {len(gzip.compress(body, 6, mtime=0)):,} gzipped", aim="<= 60 kB gzipped")


def _by_day(count: int) -> list[FeedEntry]:
    """Entries of school hours: in the hour that autumn repeats, the peer writes another instant than it was given."""
    return [entry for entry in a_term(2 * count) if entry.starts_at.astimezone(entry.zone).hour >= 6][:count]


def _forget() -> None:
    fragment.cache_clear()
    vtimezone.cache_clear()


def _require_equal(ours: bytes, theirs: bytes) -> None:
    """Both files must say the same of every event before either is timed."""
    for mine, other in zip(read_with_icalendar(ours), read_with_icalendar(theirs), strict=True):
        if replace(mine, properties=()) != replace(other, properties=()):
            raise RuntimeError(f"not the same event: {mine} {other}")


def _with_icalendar(entries: Sequence[FeedEntry], *, zones: bool = False) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Intervention//Intervention 1//FR")
    for entry in entries:
        event = icalendar.Event()
        event.add("UID", entry.uid)
        event.add("DTSTAMP", entry.revised_at)
        event.add("LAST-MODIFIED", entry.revised_at)
        event.add("SEQUENCE", entry.sequence)
        event.add("DTSTART", entry.starts_at.astimezone(entry.zone))
        event.add("DTEND", entry.ends_at.astimezone(entry.zone))
        for name in ("summary", "location", "description", "url"):
            event.add(name, getattr(entry, name))
        event.add("STATUS", "TENTATIVE" if entry.tentative else "CONFIRMED")
        event.add("TRANSP", "OPAQUE")
        event.add("X-MICROSOFT-CDO-BUSYSTATUS", "TENTATIVE" if entry.tentative else "BUSY")
        calendar.add_component(event)
    if zones:
        calendar.add_missing_timezones()
    return calendar.to_ical()
