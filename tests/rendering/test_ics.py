"""The bytes of a feed: their shape, their order, and that nothing but the input is in them."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intervention.rendering.ics import FeedCalendar, assemble, fragment, header, write_feed, zones_of
from tests.rendering.feed_entries import BLANC_SABLON, CALENDAR, HALIFAX, TORONTO, a_term, an_entry
from tests.rendering.ics_lint import lint, order_faults, unfolded
from tests.rendering.readings import read_with_icalendar

GOLDEN = Path(__file__).parent / "golden" / "feed.ics"
NASTY = "é" * 300 + ' 😀 \\ ; , " \r\nEND:VEVENT\rBEGIN:VALARM\u2028METHOD:CANCEL\x85ATTENDEE:x\x00\x1b\x7f'


def test_a_feed_is_exactly_these_bytes() -> None:
    entries = [
        an_entry(uid="b0000000-52f0-4a4e-9a51-8f0c8a2d7b10", tentative=True, location="", description=""),
        an_entry(),
        an_entry(
            uid="a0000000-52f0-4a4e-9a51-8f0c8a2d7b10",
            zone=BLANC_SABLON,
            starts_at=datetime(2026, 10, 29, 12, 0, tzinfo=UTC),
            ends_at=datetime(2026, 10, 29, 13, 0, tzinfo=UTC),
            busy=False,
            summary="Équipe ; Éloïse, Zoé \\ deux\nlignes",
        ),
    ]

    body = write_feed(CALENDAR, entries)

    assert body == GOLDEN.read_bytes()
    assert lint(body) == []


def test_an_empty_feed_declares_its_own_zone_and_nothing_else() -> None:
    body = write_feed(FeedCalendar("Vide", BLANC_SABLON, "en"), [])

    assert lint(body) == []
    assert unfolded(body) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Intervention//Intervention 1//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Vide",
        "X-WR-CALNAME:Vide",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VTIMEZONE",
        "TZID:America/Blanc-Sablon",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:-0400",
        "TZOFFSETTO:-0400",
        "TZNAME:AST",
        "END:STANDARD",
        "END:VTIMEZONE",
        "END:VCALENDAR",
    ]


def test_a_year_of_entries_passes_the_lint_in_order_of_start() -> None:
    entries = a_term()

    body = write_feed(CALENDAR, entries[::-1])

    assert lint(body) == []
    assert order_faults([(r.starts_at, r.uid) for r in read_with_icalendar(body)]) == []


def test_bytes_depend_on_the_entries_and_not_on_their_order_the_process_or_the_hour() -> None:
    program = (
        "import sys; from intervention.rendering.ics import write_feed;"
        "from tests.rendering.feed_entries import CALENDAR, a_term;"
        "sys.stdout.buffer.write(write_feed(CALENDAR, a_term(60)[::-1]))"
    )

    bodies = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={"TZ": zone, "PYTHONHASHSEED": seed},
        ).stdout
        for zone, seed in (("Pacific/Auckland", "1"), ("America/Halifax", "2"))
    }

    assert bodies == {write_feed(CALENDAR, a_term(60))}


def test_a_feed_is_its_head_its_zones_and_its_fragments() -> None:
    entries = a_term(9)

    whole = assemble(header(CALENDAR), zones_of(CALENDAR, entries), [fragment(entry) for entry in entries])

    assert whole == write_feed(CALENDAR, entries)


@pytest.mark.parametrize("zone", [HALIFAX, TORONTO])
def test_the_repeated_hour_is_written_in_universal_time(zone: object) -> None:
    """Readers disagree about which of the two 01:30 a wall time means."""
    starts = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    entries = [
        an_entry(zone=zone),
        an_entry(uid="repeated", zone=zone, starts_at=starts, ends_at=starts.replace(hour=6, minute=0)),
    ]

    body = write_feed(CALENDAR, entries)

    assert b"DTSTART:20261101T053000Z\r\nDTEND:20261101T060000Z\r\n" in body
    assert lint(body) == []


@pytest.mark.parametrize("field", ["summary", "location", "description", "url", "uid"])
def test_no_text_can_add_a_property(field: str) -> None:
    body = write_feed(replace(CALENDAR, name=NASTY), [an_entry(**{field: NASTY})])

    assert lint(body) == []
    plain = write_feed(CALENDAR, [an_entry()])
    assert [line.split(":")[0] for line in unfolded(body)] == [line.split(":")[0] for line in unfolded(plain)]


@pytest.mark.parametrize("length", range(60, 160))
def test_lines_are_folded_at_75_octets_between_characters(length: int) -> None:
    for letter in ("a", "é", "€", "😀"):
        body = write_feed(CALENDAR, [an_entry(summary=letter * length)])

        assert lint(body) == []
        assert f"SUMMARY:{letter * length}" in unfolded(body)


def test_a_folded_line_is_as_long_as_it_may_be() -> None:
    lines = fragment(an_entry(summary="a" * 300)).split(b"\r\n")

    summary = lines.index(b"SUMMARY:" + b"a" * 67)
    assert [len(line) for line in lines[summary : summary + 5]] == [75, 75, 75, 75, 12]


def test_every_kind_of_line_end_becomes_one_line_feed() -> None:
    text = "a\nb\rc\r\nd\x0be\x0cf\x85g\u2028h\u2029i"

    assert read_with_icalendar(write_feed(CALENDAR, [an_entry(summary=text)]))[0].summary == "a\nb\nc\nd\ne\nf\ng\nh\ni"


def test_a_joint_remote_meeting_is_one_instant_and_three_wall_times() -> None:
    """Îles-de-la-Madeleine, Sept-Îles and Blanc-Sablon, the weeks before and after the change of 14 March 2027."""
    walls = {}
    for day in (10, 17):
        starts = datetime(2027, 3, day, 13, 0, tzinfo=UTC)
        for zone in (HALIFAX, TORONTO, BLANC_SABLON):
            entry = an_entry(zone=zone, starts_at=starts, ends_at=starts + timedelta(minutes=50))
            body = write_feed(CALENDAR, [entry])
            assert [r.starts_at for r in read_with_icalendar(body)] == [starts]
            start = next(line for line in unfolded(body) if line.startswith("DTSTART;"))
            walls[day, zone.key] = start.removeprefix("DTSTART;TZID=")

    assert list(walls.values()) == [
        "America/Halifax:20270310T090000",
        "America/Toronto:20270310T080000",
        "America/Blanc-Sablon:20270310T090000",
        "America/Halifax:20270317T100000",
        "America/Toronto:20270317T090000",
        "America/Blanc-Sablon:20270317T090000",
    ]
