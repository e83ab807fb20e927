"""Tables as CSV files that a spreadsheet opens as they are: UTF-8 with a BOM, the separator of the language.

A cell that a spreadsheet would run as a formula is made text (OWASP, CSV injection); numbers stay numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from intervention.rendering.i18n import locale

Cell = str | int | float | None
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """`;` and a decimal comma in French, `,` and a point in English, as spreadsheets set in each expect."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter="," if locale() == "en" else ";", lineterminator="\r\n")
    writer.writerow([_safe(name) for name in head])
    writer.writerows([_told(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _told(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        text = f"{cell:.2f}"
        return text if locale() == "en" else text.replace(".", ",")
    return _safe(cell) if isinstance(cell, str) else str(cell)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RUNS) else text
