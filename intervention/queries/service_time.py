"""Hours and séances given, planned and cancelled in a school year, by one thing at a time.

A professional reads her own numbers whole: she was there. The board's are read by those who may, small numbers hidden
as `domain.service_time` chooses. The database adds up; only distinct pupils of a month are counted here.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from intervention.domain.encounters import KIND_RULES, CancellationCause, EncounterKind, EncounterStatus
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.service_time import Breakdown, ServiceState, Tally, Time, months_of, school_year
from intervention.domain.suppression import TOTAL, Key
from intervention.queries.service_sums import Year, sums_of
from intervention.records.encounters import Cancellation, Encounter
from intervention.records.people import Organization

Cells = Mapping[ServiceState, Time | None]  # None is hidden


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """`what` is an enum member, the first day of a month, or a name; None is a séance outside every school."""

    what: Any
    cells: Cells


@dataclass(frozen=True, slots=True)
class CauseRow:
    cause: CancellationCause
    time: Time | None


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """A school year, or one of its months. `minimum` is None where nothing is hidden: the reader's own séances."""

    year: int
    month: date | None
    by: Breakdown
    rows: tuple[ServiceRow, ...]
    total: Cells
    causes: tuple[CauseRow, ...]
    years: tuple[int, ...]
    months: tuple[date, ...]
    minimum: int | None

    @property
    def hidden(self) -> int:
        """How many numbers are kept back."""
        shown = [*(time for row in self.rows for time in row.cells.values()), *(row.time for row in self.causes)]
        return sum(time is None for time in [*shown, *self.total.values()])


@dataclass(frozen=True, slots=True)
class ServiceAsk:
    """`year` is that in which the school year begins; `month` the first day of one of its months, None for all."""

    by: Breakdown
    year: int
    month: date | None = None


def service_time(session: Session, actor: Actor, ask: ServiceAsk) -> ServiceReport:
    """The board's service time, small numbers hidden."""
    require(actor, Action.READ_REPORTS, Subject(actor.organization_id))
    return _report(session, actor.organization_id, None, ask)


def own_service_time(session: Session, actor: Actor, ask: ServiceAsk) -> ServiceReport:
    """The actor's own."""
    require(actor, Action.READ_OWN_REPORT, Subject(actor.organization_id, owner_id=actor.person_id))
    return _report(session, actor.organization_id, actor.person_id, ask)


def _report(session: Session, organization_id: UUID, owner_id: UUID | None, ask: ServiceAsk) -> ServiceReport:
    minimum, version = session.execute(
        select(Organization.small_cell_minimum, Organization.version).where(Organization.id == organization_id)
    ).one()
    conditions = [Encounter.organization_id == organization_id, _was_agreed()]
    if owner_id is not None:
        conditions.append(Encounter.host_id == owner_id)
    months = months_of(ask.year)
    within = [*conditions, Encounter.on_date >= months[0], Encounter.on_date <= months[-1].replace(day=31)]
    about = (organization_id, version, owner_id, ask.year)  # `version`: names, classes and the schools of buildings
    year = sums_of(session, within, None if owner_id else minimum, about)
    first = [(state, ask.month) if ask.month else state for state in ServiceState]
    tally, hidden = year.tallies[ask.by], year.hidden[ask.by]
    keys = _columns(year, ask)

    def cells(column: Hashable) -> Cells:
        if ask.by is Breakdown.MONTH and column is not TOTAL:
            lines: list[Any] = [(state, column) for state in ServiceState]
            return _cells(tally, hidden, [(line, TOTAL) for line in lines])
        return _cells(tally, hidden, [(line, column) for line in first])

    return ServiceReport(
        year=ask.year,
        month=ask.month,
        by=ask.by,
        rows=tuple(ServiceRow(year.names.get(column, column), cells(column)) for column in keys),
        total=cells(TOTAL),
        causes=_causes(year, first[-1]),
        years=_years(session, conditions, ask.year),
        months=tuple(_months(year)),
        minimum=None if owner_id else minimum,
    )


def _was_agreed() -> ColumnElement[bool]:
    """A proposal is no séance, and one that lapsed was cancelled by nobody."""
    act = aliased(Cancellation)
    by_somebody = exists().where(act.encounter_id == Encounter.id, act.undone_at.is_(None)).correlate(Encounter)
    return and_(
        Encounter.status != EncounterStatus.HELD, or_(Encounter.status != EncounterStatus.CANCELLED, by_somebody)
    )


def _cells(tally: Tally, hidden: AbstractSet[Key], keys: list[Key]) -> Cells:
    return {state: None if key in hidden else tally.time(key) for state, key in zip(ServiceState, keys, strict=True)}


def _columns(year: Year, ask: ServiceAsk) -> list[Hashable]:
    """In an order that does not tell which hidden number is the larger: by name, by rank or by date."""
    tally = year.tallies[ask.by]
    if ask.by is Breakdown.MONTH:
        return [month for month in _months(year) if ask.month in {None, month}]
    columns = {
        key[1]
        for key in tally.seances
        if key[1] is not TOTAL and isinstance(key[0], tuple) and ask.month in {None, key[0][1]}
    }
    ranks = {member: rank for rank, member in enumerate(_RANKED.get(ask.by, ()))}
    return sorted(columns, key=lambda c: (c is None, ranks.get(c, 0), _folded(year.names.get(c, ""))))


def _months(year: Year) -> list[date]:
    return sorted({key[0][1] for key in year.tallies[Breakdown.KIND].seances if isinstance(key[0], tuple)})


def _folded(name: str) -> str:
    return name.casefold().translate(str.maketrans("àâäçéèêëîïôöùûü", "aaaceeeeiioouuu"))


_RANKED: dict[Breakdown, tuple[Any, ...]] = {
    Breakdown.KIND: tuple(EncounterKind),
    Breakdown.AXIS: tuple(dict.fromkeys(rules.axis for rules in KIND_RULES.values())),
}


def _causes(year: Year, line: Any) -> tuple[CauseRow, ...]:
    tally, hidden = year.tallies[None], year.hidden[None]
    found = [cause for cause in CancellationCause if (line, cause) in tally.seances]
    return tuple(CauseRow(cause, None if (line, cause) in hidden else tally.time((line, cause))) for cause in found)


def _years(session: Session, conditions: list[ColumnElement[bool]], asked: int) -> tuple[int, ...]:
    """The school years that have séances, and the one asked for."""
    first, last = session.execute(
        select(func.min(Encounter.on_date), func.max(Encounter.on_date)).where(*conditions)
    ).one()
    held = range(school_year(first), school_year(last) + 1) if first is not None else ()
    return tuple(sorted({asked, *held}, reverse=True))
