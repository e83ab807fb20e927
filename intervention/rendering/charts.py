"""Bar charts drawn by the server: from zero, labels on the bars, patterns beside colours, a table beneath.

A chart is read three ways, by eye, by ear and on paper, so its numbers are always given as text too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

MOST_SERIES = 4
ROW, GAP, TEXT = 22, 14, 18  # pixels
LONGEST = 78  # per cent of the width: the rest is for the words after the longest bar
PATTERNS = ("", "M0 8 8 0", "M0 4h8", "M4 0v8")


@dataclass(frozen=True, slots=True)
class Row:
    """One label and, per series, the value and the words that tell it (`3 h 20`, `moins de 5`). None is not shown."""

    label: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """`sentence` says what the chart shows, in words that stand without it. At most four series."""

    title: str
    sentence: str
    head: str  # what the rows are: « Semaine », « École »
    series: tuple[str, ...]
    rows: Sequence[Row]
    key: str = "chart"  # distinct per page: patterns need ids

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError("series")

    def svg(self) -> Markup:
        """The drawing: each row is its label, then one bar per series with its words after it.

        Widths are shares of the room there is, heights are pixels, so that text keeps its size on a phone.
        """
        top = max((value or 0 for row in self.rows for value in row.values), default=0)
        parts: list[str] = []
        y = self._heads(parts) if len(self.series) > 1 else 0
        for row in self.rows:
            parts.append(f'<text x="0" y="{y + TEXT - 5}">{escape(row.label)}</text>')
            y += TEXT + 4
            for number, (value, text) in enumerate(zip(row.values, row.texts, strict=True), start=1):
                parts.append(self._bar(number, y, (value or 0) / top if top else 0, text))
                y += ROW
            y += GAP
        return Markup(  # noqa: S704 - every text inside is escaped
            f'<svg width="100%" height="{max(y, 1)}" role="img" aria-label="{escape(self.sentence)}">'
            f"<defs>{self._patterns()}</defs>{''.join(parts)}</svg>"
        )

    def _bar(self, number: int, y: int, share: float, text: str) -> str:
        width = f"{share * LONGEST:.1f}%"
        overlay = f'<rect y="{y}" width="{width}" height="{ROW - 4}" fill="url(#{self.key}-{number})"/>'
        return (
            f'<rect class="series-{number}" y="{y}" width="{width}" height="{ROW - 4}"/>'
            f"{overlay if PATTERNS[number - 1] else ''}"
            f'<text class="value" x="{width}" dx="8" y="{y + 14}">{escape(text)}</text>'
        )

    def _heads(self, parts: list[str]) -> int:
        """The series named once, each by a swatch that repeats its pattern, above the first row."""
        for number, name in enumerate(self.series, start=1):
            y = (number - 1) * (TEXT + 2)
            parts.append(f'<rect class="series-{number}" y="{y}" width="16" height="14"/>')
            if PATTERNS[number - 1]:
                parts.append(f'<rect y="{y}" width="16" height="14" fill="url(#{self.key}-{number})"/>')
            parts.append(f'<text class="label-soft" x="24" y="{y + 12}">{escape(name)}</text>')
        return len(self.series) * (TEXT + 2) + GAP

    def _patterns(self) -> str:
        return "".join(
            f'<pattern id="{self.key}-{number}" class="pattern" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<path d="{path}"/></pattern>'
            for number, path in enumerate(PATTERNS, start=1)
            if path and number <= len(self.series)
        )
