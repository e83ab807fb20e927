"""Calendars as files: ranges of dates in CSV or iCalendar, read whole, with every bad line and its reason.

Only dates, types and the day's name are kept of a file; whatever else it holds is never looked at.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from intervention.domain.calendar_edits import MAX_STROKES, Stroke, overlaps
from intervention.domain.calendar_layers import Frame
from intervention.domain.days import DayType, Portion

MAX_BYTES = 1024 * 1024
_COLUMNS = {
    "du": "first", "date": "first", "from": "first", "au": "last", "to": "last", "type": "day_type",
    "partie": "portion", "part": "portion", "nom": "label", "name": "label", "rang": "rank", "rank": "rank",
}  # fmt: skip
_TYPES = {
    "classe": DayType.CLASS, "conge": DayType.HOLIDAY, "pedagogique": DayType.PEDAGOGICAL, "examen": DayType.EXAM,
    "conditionnelle": DayType.CONDITIONAL, "personnel": DayType.STAFF_ONLY, "relache": DayType.SPRING_BREAK,
    "ete": DayType.SUMMER,
}  # fmt: skip
_PORTIONS = {
    "": Portion.WHOLE, "jour": Portion.WHOLE, "am": Portion.MORNING, "avant-midi": Portion.MORNING,
    "pm": Portion.AFTERNOON, "apres-midi": Portion.AFTERNOON,
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class LineFault:
    """A line, from 1, and why it cannot be used; 0 for the file as a whole. `other` is the line it goes against."""

    line: int
    code: str
    other: int = 0


@dataclass(slots=True)
class CalendarFile:
    strokes: list[Stroke] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # where each stroke was
    faults: list[LineFault] = field(default_factory=list)

    def fail(self, line: int, code: str, other: int = 0) -> None:
        self.faults.append(LineFault(line, code, other))


def read_calendar(content: bytes, frame: Frame, unless_said: DayType | None = None) -> CalendarFile:
    """The ranges of a file. `unless_said`: the type of an event that names none. Size is checked before anything."""
    read = CalendarFile()
    text = _decoded(content, read)
    if text is not None and text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        _read_ics(text, read, unless_said)
    elif text is not None:
        _read_csv(text, read)
    if not read.strokes and not read.faults:
        read.fail(0, "no_rows")
    if len(read.strokes) > MAX_STROKES:
        read.fail(0, "too_many_lines")
    for stroke, line in zip(read.strokes, read.lines, strict=True):
        for code in stroke.faults(frame).values():
            read.fail(line, code)
    if not read.faults:
        for later, earlier in overlaps(read.strokes):
            read.fail(read.lines[later], "overlaps_line", read.lines[earlier])
    read.faults.sort()
    return read


def written(strokes: Iterable[Stroke]) -> str:
    """The same ranges as CSV that `read_calendar` reads; a range taken back has no type."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("from", "to", "type", "part", "name", "rank"))
    for each in strokes:
        part = {Portion.WHOLE: "", Portion.MORNING: "am", Portion.AFTERNOON: "pm"}[each.portion]
        rows.writerow((each.first, each.last, each.day_type or "-", part, each.label or "", each.rank or ""))
    return out.getvalue()


def _decoded(content: bytes, read: CalendarFile) -> str | None:
    if len(content) > MAX_BYTES:
        read.fail(0, "calendar_too_large")
        return None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    read.fail(0, "not_readable")
    return None


def _read_csv(text: str, read: CalendarFile) -> None:
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=max(";\t,", key=head.count), strict=True)
    try:
        columns = [_COLUMNS.get(_plain(name), "") for name in next(rows, [])]
        if not {"first", "day_type"} <= set(columns):
            read.fail(1, "no_columns")
            return
        for cells in rows:
            if any(cell.strip() for cell in cells):
                _take(dict(zip(columns, cells, strict=False)), rows.line_num, read)
    except csv.Error:
        read.fail(rows.line_num, "bad_quoting")


def _take(cells: dict[str, str], line: int, read: CalendarFile) -> None:
    before = len(read.faults)
    first = _date(cells.get("first", ""), line, read)  # a short row may end before its date
    last = _date(cells["last"], line, read) if cells.get("last", "").strip() else first
    raw = _plain(cells.get("day_type", ""))
    day_type = None if raw == "-" else _type_or_none(raw)
    if day_type is None and raw != "-":
        read.fail(line, "unknown_type")
    portion = _PORTIONS.get(_plain(cells.get("portion", "")))
    if portion is None:
        read.fail(line, "unknown_part")
    rank = cells.get("rank", "").strip()
    if rank and not re.fullmatch(r"\d{1,3}", rank, re.ASCII):
        read.fail(line, "not_a_number")
    label = _label(cells.get("label", ""), line, read)
    if len(read.faults) == before and first and last and portion:
        read.strokes.append(Stroke(first, last, day_type, portion, label, int(rank) if rank else None))
        read.lines.append(line)


@dataclass(slots=True)
class _Event:
    line: int
    first: date | None = None
    until: date | None = None  # exclusive, as DTEND is
    label: str | None = None
    day_type: DayType | None = None
    is_cancelled: bool = False


def _read_ics(text: str, read: CalendarFile, unless_said: DayType | None) -> None:
    event: _Event | None = None
    inner = 0  # components inside an event: their dates are alarms
    for line, name, parameters, value in _unfolded(text):
        if name == "BEGIN" and event is not None:
            inner += 1
        elif name == "BEGIN" and value.upper() == "VEVENT":
            event = _Event(line)
        elif name == "END" and event is not None and inner:
            inner -= 1
        elif name == "END" and event is not None:
            _close(event, read, unless_said)
            event = None
        elif event is not None and not inner and (tell := _PROPERTIES.get(name)) is not None:
            tell(event, line, (parameters, value), read)
    if event is not None:
        read.fail(event.line, "unclosed_event")


def _unfolded(text: str) -> Iterator[tuple[int, str, str, str]]:
    """(line, name, parameters, value) of each property; continuation lines joined."""
    held, at = "", 1
    for n, raw in enumerate([*text.splitlines(), "END:"], start=1):
        if raw[:1] in {" ", "\t"}:
            held += raw[1:]
            continue
        head, colon, value = held.partition(":")
        if colon:
            name, _, parameters = head.partition(";")
            yield at, name.upper(), parameters.upper(), value
        held, at = raw, n


_Told = tuple[str, str]  # parameters, value


def _day(event: _Event, line: int, told: _Told, read: CalendarFile) -> date | None:
    parameters, value = told
    if "VALUE=DATE" not in parameters.split(";") or not re.fullmatch(r"\d{8}", value, re.ASCII):
        read.fail(line, "not_all_day")
        return None
    return _date(f"{value[:4]}-{value[4:6]}-{value[6:]}", line, read)


def _starts(event: _Event, line: int, told: _Told, read: CalendarFile) -> None:
    event.first = _day(event, line, told, read)


def _ends(event: _Event, line: int, told: _Told, read: CalendarFile) -> None:
    event.until = _day(event, line, told, read)


def _summary(event: _Event, line: int, told: _Told, read: CalendarFile) -> None:
    plain = re.sub(r"\\([\\;,nN])", lambda found: " " if found[1] in "nN" else found[1], told[1])
    event.label = _label(plain, line, read)


def _categories(event: _Event, line: int, told: _Told, read: CalendarFile) -> None:
    event.day_type = next(filter(None, (_type_or_none(_plain(each)) for each in told[1].split(","))), None)


def _status(event: _Event, line: int, told: _Told, read: CalendarFile) -> None:
    event.is_cancelled = told[1].upper() == "CANCELLED"


def _recurs(event: _Event, line: int, told: _Told, read: CalendarFile) -> None:
    read.fail(line, "recurrence")


_PROPERTIES: dict[str, Callable[[_Event, int, _Told, CalendarFile], None]] = {
    "DTSTART": _starts, "DTEND": _ends, "SUMMARY": _summary, "CATEGORIES": _categories, "STATUS": _status,
    "RRULE": _recurs, "RDATE": _recurs,
}  # fmt: skip


def _close(event: _Event, read: CalendarFile, unless_said: DayType | None) -> None:
    if event.is_cancelled:
        return
    if event.first is None:
        if not any(fault.line >= event.line for fault in read.faults):
            read.fail(event.line, "no_date")
        return
    day_type = event.day_type or unless_said
    if day_type is None:
        read.fail(event.line, "unknown_type")
        return
    last = event.first if event.until is None else event.until - timedelta(days=1)
    read.strokes.append(Stroke(event.first, last, day_type, label=event.label))
    read.lines.append(event.line)


def _date(raw: str, line: int, read: CalendarFile) -> date | None:
    raw = raw.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", raw, re.ASCII):
            return date.fromisoformat(raw)
    except ValueError:
        pass
    read.fail(line, "not_a_date")
    return None


def _label(raw: str, line: int, read: CalendarFile) -> str | None:
    label = " ".join(unicodedata.normalize("NFC", raw).split())
    if not label.isprintable():
        read.fail(line, "not_readable")
    return label or None


def _type_or_none(raw: str) -> DayType | None:
    if raw in set(DayType):
        return DayType(raw)
    return _TYPES.get(raw)


def _plain(text: str) -> str:
    """Folded, without accents: « Pédagogique » is « pedagogique »."""
    decomposed = unicodedata.normalize("NFD", text.strip().casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each)).replace("\u2019", "'")
