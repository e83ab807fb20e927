"""The report of service time as a chart and as lines of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from intervention.domain.service_time import Breakdown, ServiceState, Time
from intervention.rendering import times, wording
from intervention.rendering.charts import BarChart, Row
from intervention.rendering.csv_files import Cell
from intervention.rendering.i18n import _

SHOWN = (ServiceState.DELIVERED, ServiceState.PLANNED)  # what was cancelled stands in the table, with its causes


class Line(Protocol):
    @property
    def what(self) -> object: ...
    @property
    def cells(self) -> Mapping[ServiceState, Time | None]: ...


class Report(Protocol):
    @property
    def year(self) -> int: ...
    @property
    def month(self) -> date | None: ...
    @property
    def by(self) -> Breakdown: ...
    @property
    def rows(self) -> Sequence[Line]: ...
    @property
    def total(self) -> Mapping[ServiceState, Time | None]: ...


def label_of(what: object) -> str:
    """`École du Cap-Chardon`, `Suivi individuel`, `Novembre 2026`."""
    if what is None:
        return _("Hors école (bureaux, extérieur)")
    text = (
        wording.word(what) if isinstance(what, StrEnum) else times.month(what) if isinstance(what, date) else str(what)
    )
    return wording.capitalized(text)


def chart_of(report: Report) -> BarChart | None:
    """Hours given and planned by line; None when there is nothing to draw."""
    states = [state for state in SHOWN if any(_hours(row.cells[state]) for row in report.rows)]
    if not states:
        return None
    by = wording.word(report.by)
    return BarChart(
        title=_("Heures de service par %(what)s", what=by),
        sentence=_sentence(report),
        head=wording.capitalized(by),
        series=tuple(wording.capitalized(wording.word(state)) for state in states),
        rows=[
            Row(
                label_of(row.what),
                tuple(_hours(row.cells[state]) for state in states),
                tuple(said(row.cells[state]) for state in states),
            )
            for row in report.rows
        ],
        key="service",
    )


def said(time: Time | None) -> str:
    return _("masqué") if time is None else times.lasting(time.minutes)


def _hours(time: Time | None) -> float | None:
    return None if time is None else time.minutes / 60


def _sentence(report: Report) -> str:
    given = report.total[ServiceState.DELIVERED]
    if given is None:
        return _("Le total des heures données est masqué : trop peu d’élèves.")
    most = max(
        (row for row in report.rows if row.cells[ServiceState.DELIVERED]),
        key=lambda row: _hours(row.cells[ServiceState.DELIVERED]) or 0,
        default=None,
    )
    if most is None or not given.minutes:
        return _("Rien n’a encore été donné dans cette période.")
    return _(
        "%(hours)s données en tout. La plus longue barre : %(most)s, %(most_hours)s.",
        hours=times.lasting(given.minutes),
        most=label_of(most.what),
        most_hours=said(most.cells[ServiceState.DELIVERED]),
    )


def lines_of(report: Report) -> tuple[list[str], list[list[Cell]]]:
    """Head and lines of the file: the same numbers as on the page, minutes and not hours, hidden ones said so."""
    head = [wording.capitalized(wording.word(report.by)), _("Période")]
    for state in ServiceState:
        name = wording.word(state)
        head += [
            _("Séances %(state)s", state=name),
            _("Minutes %(state)s", state=name),
            _("Élèves, séances %(state)s", state=name),
        ]
    period = f"{report.month:%Y-%m}" if report.month else f"{report.year}-{report.year + 1}"
    rows = [[label_of(row.what), period, *_numbers(row.cells)] for row in report.rows]
    return head, [*rows, [_("Total"), period, *_numbers(report.total)]]


def _numbers(cells: Mapping[ServiceState, Time | None]) -> list[Cell]:
    found: list[Cell] = []
    for state in ServiceState:
        time = cells[state]
        found += [_("masqué")] * 3 if time is None else [time.seances, time.minutes, time.pupils]
    return found
