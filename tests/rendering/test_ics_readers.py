"""Feeds as independent programs read them: the `icalendar` library and libical understand what we meant."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from intervention.rendering.ics import FeedEntry, write_feed
from tests.rendering.feed_entries import BLANC_SABLON, CALENDAR, HALIFAX, TORONTO, a_term, an_entry
from tests.rendering.ics_lint import lint
from tests.rendering.libical import complaints, library, read_with_libical
from tests.rendering.readings import EVENT_PROPERTIES, Reading, any_text, plain, read_with_icalendar
from tests.servers import required

Reader = Callable[[bytes], list[Reading]]


@pytest.fixture(params=[read_with_icalendar, read_with_libical], ids=["icalendar", "libical"])
def read(request: pytest.FixtureRequest) -> Reader:
    if request.param is read_with_libical:
        required(library)
    reader: Reader = request.param
    return reader


def meant(entry: FeedEntry) -> tuple[object, ...]:
    return entry.uid, entry.starts_at, entry.ends_at, entry.summary, entry.location, entry.description, entry.url


def understood(reading: Reading) -> tuple[object, ...]:
    return (
        reading.uid,
        reading.starts_at,
        reading.ends_at,
        reading.summary,
        reading.location,
        reading.description,
        reading.url,
    )


def test_every_instant_and_word_of_a_year_is_understood(read: Reader) -> None:
    entries = a_term()

    readings = read(write_feed(CALENDAR, entries))

    assert [understood(reading) for reading in readings] == [meant(entry) for entry in entries]


@pytest.mark.parametrize(
    ("zone", "friday", "monday"), [(HALIFAX, 12, 13), (TORONTO, 13, 14), (BLANC_SABLON, 13, 13)], ids=str
)
def test_nine_in_the_morning_either_side_of_the_change(read: Reader, zone: ZoneInfo, friday: int, monday: int) -> None:
    """Friday 30 October and Monday 2 November 2026."""
    starts = [datetime(2026, 10, 30, friday, tzinfo=UTC), datetime(2026, 11, 2, monday, tzinfo=UTC)]
    entries = [an_entry(uid=f"{at:%d}", zone=zone, starts_at=at, ends_at=at + timedelta(minutes=50)) for at in starts]

    body = write_feed(CALENDAR, entries)

    assert body.count(b"T090000\r\nDTEND;TZID=") == 2
    assert [reading.starts_at for reading in read(body)] == starts


@pytest.mark.parametrize("zone", [HALIFAX, TORONTO, BLANC_SABLON], ids=str)
def test_the_weeks_around_both_changes_of_ten_years(read: Reader, zone: ZoneInfo) -> None:
    changes = [datetime(year, month, 1, tzinfo=UTC) for year in range(2026, 2037) for month in (3, 11)]
    starts = [first + timedelta(hours=1.5 * step) for first in changes for step in range(240)]
    entries = [an_entry(uid=at.isoformat(), zone=zone, starts_at=at, ends_at=at + timedelta(hours=1)) for at in starts]

    readings = read(write_feed(CALENDAR, entries))

    assert [reading.starts_at for reading in readings] == starts


def test_libical_has_no_complaint() -> None:
    required(library)

    assert complaints(write_feed(CALENDAR, a_term(60))) == []
    assert complaints(write_feed(CALENDAR, [])) == []


@given(summary=any_text(), location=any_text(), description=any_text(), name=any_text())
def test_any_text_comes_back_and_adds_no_property(summary: str, location: str, description: str, name: str) -> None:
    entry = an_entry(summary=summary, location=location, description=description)

    body = write_feed(replace(CALENDAR, name=name), [entry])

    assert lint(body) == []
    for read in (read_with_icalendar, read_with_libical):
        (reading,) = read(body)
        assert (reading.summary, reading.location, reading.description) == tuple(
            map(plain, (summary, location, description))
        )
        assert set(reading.properties) <= set(EVENT_PROPERTIES)
