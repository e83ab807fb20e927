"""Calendars read from files: what is understood, and every bad line with its reason."""

from datetime import date

import pytest

from intervention.domain.calendar_edits import MAX_STROKES, Stroke
from intervention.domain.calendar_files import MAX_BYTES, CalendarFile, read_calendar, written
from intervention.domain.calendar_layers import Frame
from intervention.domain.days import DayType, Portion

FRAME = Frame(date(2026, 8, 24), date(2026, 8, 28), date(2027, 6, 22), date(2027, 6, 25))
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n"


def csv(*lines: str) -> CalendarFile:
    return read_calendar("\n".join(("du;au;type;partie;nom;rang", *lines)).encode(), FRAME)


def ics(*lines: str) -> CalendarFile:
    event = "".join(f"{line}\r\n" for line in ("BEGIN:VEVENT", *lines, "END:VEVENT"))
    return read_calendar(ICS.format(event).encode(), FRAME, DayType.PEDAGOGICAL)


def faults(read: CalendarFile) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in read.faults]


def test_ranges_are_read_in_french_and_in_english() -> None:
    french = csv("2027-03-01;2027-03-05;Relâche;;Semaine de relâche;", "2026-10-09;;pédagogique;pm;;")
    english = read_calendar(b"from,to,type,part,name,rank\n2027-06-03,2027-06-04,conditional,,,1\n", FRAME)

    assert french.strokes == [
        Stroke(date(2027, 3, 1), date(2027, 3, 5), DayType.SPRING_BREAK, label="Semaine de relâche"),
        Stroke(date(2026, 10, 9), date(2026, 10, 9), DayType.PEDAGOGICAL, Portion.AFTERNOON),
    ]
    assert english.strokes == [Stroke(date(2027, 6, 3), date(2027, 6, 4), DayType.CONDITIONAL, rank=1)]
    assert french.faults == english.faults == []


def test_what_is_written_is_read_again() -> None:
    strokes = [
        Stroke(date(2026, 9, 1), date(2026, 9, 4), DayType.EXAM, label='Examens, « finaux » ; "oraux"'),
        Stroke(date(2026, 10, 1), date(2026, 10, 1), None, Portion.MORNING),
        Stroke(date(2027, 6, 3), date(2027, 6, 4), DayType.CONDITIONAL, rank=2),
    ]

    assert read_calendar(written(strokes).encode(), FRAME).strokes == strokes


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2026-13-01;;classe;;;", "not_a_date"),
        ("le 3;;classe;;;", "not_a_date"),
        ("2026-09-02;x;classe;;;", "not_a_date"),
        ("2026-09-02;2026-09-01;classe;;;", "ends_before_start"),
        ("2031-09-02;2031-09-02;classe;;;", "outside_year"),
        ("2026-09-02;;fête;;;", "unknown_type"),
        ("2026-09-02;;closure;;;", "never_planned"),
        ("2026-09-02;;classe;soir;;", "unknown_part"),
        ("2026-09-02;;conditionnelle;;;un", "not_a_number"),
        ("2026-09-02;;conditionnelle;;;99", "out_of_range"),
        ("2026-09-02;;classe;;" + "x" * 81 + ";", "too_long"),
        ("2026-09-02;;classe;;a\x07b;", "not_readable"),
        ('2026-09-02;;classe;;"a;', "bad_quoting"),
    ],
)
def test_a_bad_line_says_its_number_and_why(line: str, code: str) -> None:
    assert (3, code) in faults(csv("2026-09-01;;classe;;;", line))


def test_a_row_that_ends_before_its_date_says_so() -> None:
    read = read_calendar(b"type;du\nclasse\nclasse;2026-09-02\n", FRAME)

    assert faults(read) == [(2, "not_a_date")]


def test_ranges_that_overlap_name_both_lines() -> None:
    read = csv("2026-09-01;2026-09-10;examen;;;", "2026-10-01;;examen;;;", "2026-09-10;;conge;;;")

    assert [(fault.line, fault.code, fault.other) for fault in read.faults] == [(4, "overlaps_line", 2)]


def test_a_file_is_refused_whole() -> None:
    assert faults(read_calendar(b"x" * (MAX_BYTES + 1), FRAME)) == [(0, "calendar_too_large")]
    assert faults(read_calendar(b"", FRAME)) == [(1, "no_columns")]
    assert faults(read_calendar(b"du,type\n", FRAME)) == [(0, "no_rows")]
    assert faults(read_calendar(b"\x00\x01", FRAME)) == [(0, "not_readable")]
    many = [f"2026-09-{n % 28 + 1:02};;examen;;;" for n in range(MAX_STROKES + 1)]
    assert (0, "too_many_lines") in faults(csv(*many))


def test_windows_text_is_read() -> None:
    read = read_calendar("du;type;nom\n2026-09-02;congé;Fête\n".encode("cp1252"), FRAME)

    assert [stroke.label for stroke in read.strokes] == ["Fête"]


def test_all_day_events_end_the_day_before_dtend() -> None:
    week = ics("DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270306", "SUMMARY:Relâche\\, pour", "  tous",
               "CATEGORIES:RELÂCHE", "DESCRIPTION:Mot privé", "ATTENDEE:mailto:a@example.org")  # fmt: skip
    day = ics("DTSTART;VALUE=DATE:20261009")

    assert week.strokes == [
        Stroke(date(2027, 3, 1), date(2027, 3, 5), DayType.SPRING_BREAK, label="Relâche, pour tous")
    ]
    assert day.strokes == [Stroke(date(2026, 10, 9), date(2026, 10, 9), DayType.PEDAGOGICAL)]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("DTSTART:20261009T080000",), (4, "not_all_day")),
        (("DTSTART;TZID=America/Toronto:20261009T080000",), (4, "not_all_day")),
        (("DTSTART;VALUE=DATE:20261309",), (4, "not_a_date")),
        (("DTSTART;VALUE=DATE:20261009", "DTEND;VALUE=DATE:20261009"), (3, "ends_before_start")),
        (("DTSTART;VALUE=DATE:20261009", "RRULE:FREQ=SECONDLY"), (5, "recurrence")),
        (("DTSTART;VALUE=DATE:20261009", "RDATE;VALUE=DATE:20261010"), (5, "recurrence")),
        (("SUMMARY:Congé",), (3, "no_date")),
    ],
)
def test_an_event_that_cannot_be_is_told(lines: tuple[str, ...], fault: tuple[int, str]) -> None:
    assert faults(ics(*lines)) == [fault]


def test_cancelled_events_and_alarms_are_passed_over() -> None:
    cancelled = ics("DTSTART;VALUE=DATE:20261009", "STATUS:CANCELLED")
    alarm = ics("DTSTART;VALUE=DATE:20261009", "BEGIN:VALARM", "SUMMARY:Rappel", "END:VALARM")

    assert faults(cancelled) == [(0, "no_rows")]
    assert [stroke.label for stroke in alarm.strokes] == [None]


def test_an_event_never_closed_is_told() -> None:
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261009\n"

    assert faults(read_calendar(text.encode(), FRAME, DayType.HOLIDAY)) == [(2, "unclosed_event")]
