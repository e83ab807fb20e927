"""A board's own file, a header and lines: read whole, every fault with its line. Never raises on any bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intervention.domain.school_data import Fault, FaultCode

MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """`rows`: (number of the line, column → cell, spaces made single); `faults`: of the file, then of lines."""

    rows: tuple[tuple[int, dict[str, str]], ...] = ()
    faults: tuple[Fault, ...] = ()


def read_table(content: bytes, required: Sequence[str], optional: Sequence[str]) -> Table:
    """CSV by comma, semicolon or tab, UTF-8 or Windows-1252. A column of another name is passed over."""
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        return _refused(FaultCode.FILE_EMPTY)
    if len(content) > MAX_BYTES:
        return _refused(FaultCode.FILE_TOO_LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text or "\ufffd" in text:
        return _refused(FaultCode.UNKNOWN_ENCODING)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return _read(reader, required, optional)
    except csv.Error:
        return _refused(FaultCode.BAD_QUOTING)


def _read(reader: Iterator[list[str]], required: Sequence[str], optional: Sequence[str]) -> Table:
    header = [name.strip().lower() for name in next(reader)]
    if missing := [name for name in required if name not in header]:
        return _refused(FaultCode.MISSING_COLUMN, *missing)
    if repeated := [name for name in (*required, *optional) if header.count(name) > 1]:
        return _refused(FaultCode.REPEATED_COLUMN, *repeated)
    rows: list[tuple[int, dict[str, str]]] = []
    faults: list[Fault] = []
    for number, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            faults.append(Fault(number, FaultCode.WRONG_CELL_COUNT))
            continue
        rows.append((number, dict(zip(header, (" ".join(cell.split()) for cell in cells), strict=True))))
        if len(rows) > MAX_LINES:
            return _refused(FaultCode.TOO_MANY_ROWS)
    if not rows and not faults:
        return _refused(FaultCode.NO_ROWS)
    return Table(tuple(rows), tuple(faults))


def _refused(code: FaultCode, *columns: str) -> Table:
    return Table(faults=tuple(Fault(0, code, column) for column in columns or ("",)))


def _delimiter(text: str) -> str:
    header = text.split("\n", maxsplit=1)[0]
    return max(",;\t", key=header.count)
