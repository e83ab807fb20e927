"""Travel spared, as a chart by week and as lines of a file. Kilometres are those of the road, never of a bird."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from intervention.domain.ledger_facts import Amount, Tour, WeekLedger
from intervention.rendering import times, wording
from intervention.rendering.charts import BarChart, Row
from intervention.rendering.csv_files import Cell
from intervention.rendering.i18n import _

NBSP = "\u00a0"


class Person(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def base(self) -> str: ...


class PersonWeek(Protocol):
    @property
    def traveller(self) -> Person: ...
    @property
    def monday(self) -> date: ...
    @property
    def ledger(self) -> WeekLedger: ...
    @property
    def least_metres(self) -> int: ...
    @property
    def most_metres(self) -> int: ...


class Sum(Protocol):
    @property
    def avoided(self) -> Amount: ...
    @property
    def driven(self) -> Amount: ...
    @property
    def least_metres(self) -> int: ...
    @property
    def most_metres(self) -> int: ...
    @property
    def access(self) -> int: ...


class Report(Protocol):
    @property
    def mondays(self) -> Sequence[date]: ...
    @property
    def weeks(self) -> Sequence[PersonWeek]: ...
    @property
    def people(self) -> Sequence[Person]: ...
    def of_week(self, monday: date) -> Sum: ...


class Detail(Protocol):
    @property
    def week(self) -> PersonWeek: ...
    @property
    def buildings(self) -> Mapping[UUID, str]: ...


def km(metres: int) -> str:
    return f"{times.number(round(metres / 1000))}{NBSP}km"


def chart_of(report: Report) -> BarChart | None:
    """Kilometres by week, spared beside driven; None when the road was not a matter at all."""
    sums = [(monday, report.of_week(monday)) for monday in report.mondays]
    if not any(each.avoided.metres or each.driven.metres for _monday, each in sums):
        return None
    best, most = max(sums, key=lambda pair: pair[1].avoided.metres)
    return BarChart(
        title=_("Kilomètres par semaine"),
        sentence=_(
            "La semaine du %(day)s est celle où la vidéo a épargné le plus de route : %(km)s.",
            day=times.day(best), km=km(most.avoided.metres),
        ),
        head=_("Semaine du"),
        series=(_("Évités"), _("Parcourus")),
        rows=[
            Row(
                times.day(monday),
                (each.avoided.metres / 1000, each.driven.metres / 1000),
                (km(each.avoided.metres), km(each.driven.metres)),
            )
            for monday, each in sums
        ],
        key="weeks",
    )  # fmt: skip


def lines_of(report: Report, week_of: Callable[[date], str]) -> tuple[list[str], list[list[Cell]]]:
    """A line for each week, and for each professional where the reader may know them; metres and minutes."""
    measures = [
        _("Mètres évités"), _("Mètres évités, au moins"), _("Mètres évités, au plus"), _("Minutes évitées"),
        _("Mètres parcourus"), _("Minutes parcourues"), _("Séances rendues possibles"),
    ]  # fmt: skip
    if not report.people:
        sums = [(monday, report.of_week(monday)) for monday in report.mondays]
        return [_("Semaine"), *measures], [[week_of(monday), *_sum(each)] for monday, each in sums]
    head = [_("Semaine"), _("Professionnel·le"), _("Point d’attache"), *measures]
    head += [_("Trajets"), _("Trajets estimés"), _("Version de la méthode"), _("Version des trajets"), _("Empreinte")]
    return head, [_line(week, week_of) for week in report.weeks]


def _sum(each: Sum) -> list[Cell]:
    return [
        each.avoided.metres, each.least_metres, each.most_metres, each.avoided.minutes,
        each.driven.metres, each.driven.minutes, each.access,
    ]  # fmt: skip


def _line(week: PersonWeek, week_of: Callable[[date], str]) -> list[Cell]:
    ledger = week.ledger
    return [
        week_of(week.monday), week.traveller.name, week.traveller.base,
        ledger.headline.metres, week.least_metres, week.most_metres, ledger.headline.minutes,
        ledger.actual.metres, ledger.actual.minutes, len({item.encounter_id for item in ledger.access}),
        ledger.legs, ledger.estimated_legs, ledger.method_version, ledger.times_version, ledger.content_hash,
    ]  # fmt: skip


def legs_of(found: Detail) -> tuple[list[str], list[list[Cell]]]:
    """Every leg of both tours of each day, with the source of its time: enough to add the figure up again."""
    head = [_("Jour"), _("Tournée"), _("Rang"), _("De"), _("À"), _("Mètres"), _("Minutes"), _("Source")]
    rows: list[list[Cell]] = []
    for day in found.week.ledger.days:
        for name, tour in ((_("parcourue"), day.actual), (_("sans vidéo"), day.regrouped)):
            rows += [[day.on.isoformat(), name, *leg] for leg in _legs(found.buildings, tour)]
    return head, rows


def _legs(buildings: Mapping[UUID, str], tour: Tour) -> list[list[Cell]]:
    return [
        [
            rank, buildings.get(leg.start, ""), buildings.get(leg.end, ""), leg.time.metres, leg.time.minutes,
            wording.word(leg.time.source),
        ]
        for rank, leg in enumerate(tour.legs, start=1)
    ]  # fmt: skip
