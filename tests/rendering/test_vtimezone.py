"""VTIMEZONE blocks: right at every hour of ten years in readers that know nothing but the block, and for Exchange."""

import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical

from intervention.rendering.ics import FeedCalendar, write_feed
from intervention.rendering.vtimezone import vtimezone
from tests.rendering.ics_lint import lint

QUEBEC = ("America/Toronto", "America/Halifax", "America/Blanc-Sablon")
ABROAD = (
    "America/Vancouver",
    "America/St_Johns",
    "Europe/Dublin",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Kathmandu",
)


def hours(first: datetime, last: datetime, step: timedelta) -> Iterator[datetime]:
    while first < last:
        yield first
        first += step


def misread(zone: ZoneInfo, step: timedelta) -> list[datetime]:
    """The instants of 2026–2037 whose wall time a reader of the block alone takes for another instant."""
    block = vtimezone(zone).decode()
    reader = tzical(io.StringIO(f"BEGIN:VCALENDAR\r\n{block}END:VCALENDAR\r\n")).get(zone.key)
    walls = (
        at.astimezone(zone) for at in hours(datetime(2026, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC), step)
    )
    clear = (wall for wall in walls if wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset())
    return [wall for wall in clear if wall.replace(tzinfo=reader).utcoffset() != wall.utcoffset()]


@pytest.mark.parametrize("name", QUEBEC)
def test_every_hour_of_twelve_years_is_right(name: str) -> None:
    assert misread(ZoneInfo(name), timedelta(hours=1)) == []


@pytest.mark.parametrize("name", ABROAD)
def test_zones_of_other_habits_are_right_too(name: str) -> None:
    assert misread(ZoneInfo(name), timedelta(hours=7)) == []


@pytest.mark.parametrize("name", sorted(name for name in available_timezones() if "/" in name)[::7])
def test_exchange_reads_every_zone(name: str) -> None:
    """One yearly rule with a single BYDAY or BYMONTHDAY, or none; never an RDATE."""
    assert lint(write_feed(FeedCalendar("Zone", ZoneInfo(name)), [])) == []


def test_halifax_is_one_yearly_pair() -> None:
    assert vtimezone(ZoneInfo("America/Halifax")).decode().splitlines() == [
        "BEGIN:VTIMEZONE",
        "TZID:America/Halifax",
        "BEGIN:DAYLIGHT",
        "DTSTART:20070311T020000",
        "TZOFFSETFROM:-0400",
        "TZOFFSETTO:-0300",
        "TZNAME:ADT",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20071104T020000",
        "TZOFFSETFROM:-0300",
        "TZOFFSETTO:-0400",
        "TZNAME:AST",
        "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


def test_a_zone_without_summer_time_is_one_observance_without_a_rule() -> None:
    block = vtimezone(ZoneInfo("America/Blanc-Sablon"))

    assert (block.count(b"BEGIN:STANDARD"), block.count(b"BEGIN:DAYLIGHT"), block.count(b"RRULE")) == (1, 0, 0)


def test_a_law_that_ends_summer_time_ends_the_pair_and_adds_one_last_onset() -> None:
    """Halifax staying at −03 from November 2028, as a new edition of the zone database would say it."""
    zone = halifax_staying_at_minus_three(2028)

    assert vtimezone(zone).decode().splitlines()[2:] == [
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:-0400",
        "TZOFFSETTO:-0400",
        "TZNAME:AST",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:20260308T020000",
        "TZOFFSETFROM:-0400",
        "TZOFFSETTO:-0300",
        "TZNAME:ADT",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU;UNTIL=20280910T060000Z",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20261101T020000",
        "TZOFFSETFROM:-0300",
        "TZOFFSETTO:-0400",
        "TZNAME:AST",
        "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU;UNTIL=20280507T050000Z",
        "END:STANDARD",
        "BEGIN:STANDARD",
        "DTSTART:20281105T020000",
        "TZOFFSETFROM:-0300",
        "TZOFFSETTO:-0300",
        "TZNAME:-03",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    assert misread(zone, timedelta(hours=5)) == []


def halifax_staying_at_minus_three(year: int) -> ZoneInfo:
    """A compiled zone (RFC 8536, version 1) that begins in 2026 and stops changing in November of `year`."""
    onsets = [
        (datetime(2026, 3, 8, 6, tzinfo=UTC), 1),
        (datetime(2026, 11, 1, 5, tzinfo=UTC), 0),
        (datetime(2027, 3, 14, 6, tzinfo=UTC), 1),
        (datetime(2027, 11, 7, 5, tzinfo=UTC), 0),
        (datetime(2028, 3, 12, 6, tzinfo=UTC), 1),
        (datetime(year, 11, 5, 5, tzinfo=UTC), 2),
    ]
    names = b"AST\0ADT\0-03\0"
    head = b"TZif" + b"\0" * 16 + struct.pack(">6l", 0, 0, 0, len(onsets), 3, len(names))
    body = struct.pack(f">{len(onsets)}l", *(int(at.timestamp()) for at, _ in onsets))
    body += bytes(kind for _, kind in onsets)
    body += struct.pack(">lbB", -14400, 0, 0) + struct.pack(">lbB", -10800, 1, 4) + struct.pack(">lbB", -10800, 0, 8)
    return ZoneInfo.from_file(io.BytesIO(head + body + names), key="America/Halifax")
