from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import pytest

from intervention.rendering.charts import BarChart, Row


def chart(*rows: Row, series: tuple[str, ...] = ("évitée", "parcourue"), sentence: str = "Une phrase.") -> BarChart:
    return BarChart("Route", sentence, "Semaine", series, rows)


def bars(drawn: BarChart) -> list[tuple[str, str]]:
    """(series, width) of each bar, without the swatches that name the series."""
    svg = fromstring(drawn.svg())
    found = [(each.get("class", ""), each.get("width", "")) for each in svg.iter("rect")]
    return [(name, width) for name, width in found if name and width.endswith("%")]


def test_bars_start_at_zero_and_keep_proportion() -> None:
    drawn = chart(Row("a", (4.0, 1.0), ("4", "1")), Row("b", (2.0, 0.0), ("2", "0")))

    assert bars(drawn) == [
        ("series-1", "78.0%"),
        ("series-2", "19.5%"),
        ("series-1", "39.0%"),
        ("series-2", "0.0%"),
    ]


def test_every_value_is_written_beside_its_bar() -> None:
    drawn = chart(Row("a", (4.0, None), ("4\u00a0h", "moins de 5")))

    texts = [each.text for each in fromstring(drawn.svg()).iter("text") if each.get("class") == "value"]
    assert texts == ["4\u00a0h", "moins de 5"]


def test_nothing_at_all_is_drawn_without_dividing_by_zero() -> None:
    assert bars(chart(Row("a", (0.0, 0.0), ("0", "0")))) == [("series-1", "0.0%"), ("series-2", "0.0%")]
    assert bars(chart()) == []


def test_the_sentence_is_what_a_screen_reader_hears() -> None:
    svg = fromstring(chart(sentence="Deux & trois <quatre>").svg())

    assert (svg.get("role"), svg.get("aria-label")) == ("img", "Deux & trois <quatre>")


def test_labels_cannot_bring_markup() -> None:
    drawn = chart(Row("<script>", (1.0, 1.0), ("<b>", "&")))

    assert re.findall("<script>|<b>", drawn.svg()) == []


def test_more_than_four_series_are_refused() -> None:
    with pytest.raises(ValueError, match="series"):
        chart(series=tuple("abcde"))
