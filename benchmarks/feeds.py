"""A calendar feed: its bytes against the icalendar library's, then over HTTP from a database of 10,000 séances."""

import gzip
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import icalendar
from sqlalchemy import update
from werkzeug.test import Client, TestResponse

from benchmarks.feed_world import fill
from benchmarks.measure import Row, Timing, timed
from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.domain.feeds import FeedDetail, FeedScope
from intervention.records.database import Database
from intervention.records.encounters import Encounter
from intervention.records.migrate import upgrade
from intervention.rendering.ics import FeedEntry, assemble, fragment, header, write_feed, zones_of
from intervention.rendering.vtimezone import vtimezone
from intervention.settings import Settings
from intervention.usecases.feeds import CreateFeed, create_feed
from intervention.usecases.work import Work
from tests.builders import a_professional, actor
from tests.databases import MONDAY
from tests.rendering.feed_entries import CALENDAR, a_term
from tests.rendering.readings import read_with_icalendar
from tests.usecases.booking_world import a_world

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
    with tempfile.TemporaryDirectory() as directory:
        yield from _over_http(Path(directory), peer)


def _over_http(directory: Path, peer: Timing) -> Iterator[Row]:
    """One specialist's 1,000 séances among 10,000, through the whole application on SQLite."""
    server = _Server(f"sqlite:///{directory / 'bench.sqlite'}")
    held = server.get().headers["ETag"]
    kept = timed(server.get, runs=15)
    unchanged = timed(lambda: server.get(If_None_Match=held), runs=15)
    floor = timed(lambda: server.http.get("/healthz"), runs=15)
    again = timed(server.get, before=server.change, runs=9)
    cold = timed(server.get, before=lambda: (server.change(), fragment.cache_clear()), runs=9)
    server.database.dispose()
    yield Row("HTTP, cold: nothing kept", cold, peer, PEER, "<= 100 ms")
    yield Row("HTTP, after one change", again, peer, PEER)
    yield Row("HTTP, kept file", kept, peer, PEER)
    yield Row("HTTP, 304 without rendering", unchanged, peer, PEER, "<= 5 ms")
    yield Row("HTTP, 304 beside the frame's own floor", unchanged, floor, "/healthz of the same application")


class _Server:
    """The application on a database of its own, and one feed of it."""

    def __init__(self, url: str) -> None:
        upgrade(url)
        self.database, self.clock = Database(url), FixedClock(MONDAY)
        with self.database.session() as session:
            world = a_world(session)
            colleagues = [a_professional(session, world.board, f"P{number}", world.base).id for number in range(9)]
            fill(session, world, [world.mireille.id, *colleagues], 1000, MONDAY)
            ask = CreateFeed(FeedScope.PERSON, world.mireille.id, FeedDetail.NEUTRAL)
            self.token = create_feed(Work(session, self.clock), actor(session, world.mireille), ask).token
            self.changed = update(Encounter).where(
                Encounter.host_id == world.mireille.id, Encounter.starts_at == MONDAY
            )
        self.http = Client(create_app(Settings.from_env({"SECRET_KEY": "k" * 32}), self.database, self.clock))

    def get(self, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.get(f"/flux/{self.token}.ics", headers=named)

    def change(self) -> None:
        with self.database.session() as session:
            session.execute(self.changed.values(version=Encounter.version + 1, revision=Encounter.revision + 1))


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
