"""Feeds as ical.js reads them, the library of Thunderbird and Nextcloud, run in real Chromium.

It knows no zone but those of the file, so every instant also judges our VTIMEZONE blocks.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from intervention.rendering.ics import write_feed
from tests.rendering.feed_entries import BLANC_SABLON, CALENDAR, HALIFAX, TORONTO, a_term, an_entry
from tests.rendering.readings import EVENT_PROPERTIES, Reading, any_text, plain

pytestmark = pytest.mark.browser

ICAL_JS = Path(__file__).parents[1] / "vendored" / "ical.js"
LOAD = """async source => {
  const address = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}))
  window.ICAL = (await import(address)).default
}"""
READ = """bodies => bodies.map(body => {
  const calendar = new ICAL.Component(ICAL.parse(body))
  ICAL.TimezoneService.reset()
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)
  return calendar.getAllSubcomponents('vevent').map(component => {
    const event = new ICAL.Event(component)
    const text = name => component.getFirstPropertyValue(name) ?? ''
    const names = component.getAllProperties().map(property => property.name.toUpperCase())
    return [event.uid, event.startDate.toJSDate().getTime(), event.endDate.toJSDate().getTime(),
      text('summary'), text('location'), text('description'), text('url'), names]
  })
})"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.evaluate(LOAD, ICAL_JS.read_text())
    yield page
    page.close()


def read(page: Page, bodies: list[bytes]) -> list[list[Reading]]:
    answers = page.evaluate(READ, [body.decode() for body in bodies])
    return [[_reading(*event) for event in events] for events in answers]


def _reading(uid: str, starts: int, ends: int, *rest: object) -> Reading:
    *texts, names = rest
    instants = (datetime.fromtimestamp(at / 1000, UTC) for at in (starts, ends))
    return Reading(uid, *instants, *map(str, texts), tuple(names))  # type: ignore[arg-type]


def test_every_instant_and_word_of_a_year_is_understood(page: Page) -> None:
    entries = a_term()

    (readings,) = read(page, [write_feed(CALENDAR, entries)])

    assert readings == [
        Reading(e.uid, e.starts_at, e.ends_at, e.summary, e.location, e.description, e.url, EVENT_PROPERTIES)
        for e in entries
    ]


def test_the_weeks_around_every_change_of_ten_years_are_right(page: Page) -> None:
    changes = [datetime(year, month, 1, tzinfo=UTC) for year in range(2026, 2037) for month in (3, 11)]
    starts = [first + timedelta(hours=2.5 * step) for first in changes for step in range(144)]
    zones = (HALIFAX, TORONTO, BLANC_SABLON)
    entries = [
        an_entry(uid=at.isoformat(), zone=zones[number % 3], starts_at=at, ends_at=at + timedelta(hours=1))
        for number, at in enumerate(starts)
    ]

    (readings,) = read(page, [write_feed(CALENDAR, entries)])

    assert [reading.starts_at for reading in readings] == starts


@settings(max_examples=15, deadline=None)
@given(texts=st.lists(st.tuples(any_text(), any_text(), any_text()), min_size=1, max_size=12))
def test_any_text_comes_back_and_adds_no_property(page: Page, texts: list[tuple[str, str, str]]) -> None:
    bodies = [
        write_feed(CALENDAR, [an_entry(summary=summary, location=location, description=description)])
        for summary, location, description in texts
    ]

    readings = [reading for (reading,) in read(page, bodies)]

    assert [(r.summary, r.location, r.description) for r in readings] == [tuple(map(plain, text)) for text in texts]
    assert all(set(reading.properties) <= set(EVENT_PROPERTIES) for reading in readings)


def test_an_empty_feed_is_read(page: Page) -> None:
    assert read(page, [write_feed(CALENDAR, [])]) == [[]]
