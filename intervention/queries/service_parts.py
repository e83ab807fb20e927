"""The sums behind the report of service time, month by month, read in a few statements whatever the number of séances.

A séance at two schools counts once in the total and once in each school; the professional's time is shared equally
among them, so that hours add up. The host's own office is no school.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, case, extract, func, select, union_all
from sqlalchemy.orm import Session

from intervention.domain.encounters import KIND_RULES, EncounterKind, EncounterStatus, PlaceKind
from intervention.domain.service_time import Breakdown, Line, ServiceState, Tally
from intervention.domain.suppression import TOTAL
from intervention.records.encounters import Cancellation, Encounter, EncounterSite, Participation
from intervention.records.people import Pupil
from intervention.records.schools import School, SchoolBuilding

Conditions = Collection[ColumnElement[bool]]
A_FEW = {"yield_per": 500}  # rows at a time: all of a year's at once are 15 MB that the process would not give back
By = Breakdown | None  # None: the causes of what was cancelled

_STATE = case(
    (Encounter.status == EncounterStatus.COMPLETED, ServiceState.DELIVERED.value),
    (Encounter.status == EncounterStatus.CANCELLED, ServiceState.CANCELLED.value),
    else_=ServiceState.PLANNED.value,
)
_LINE = (_STATE, extract("year", Encounter.on_date), extract("month", Encounter.on_date))
_NAMED_LINE = tuple(part.label(name) for part, name in zip(_LINE, ("state", "year", "month"), strict=True))
_SECONDS = extract("epoch", Encounter.ends_at) - extract("epoch", Encounter.starts_at)
_WHAT = (Encounter.host_id, Encounter.discipline, Encounter.kind, Encounter.modality, Cancellation.cause)


@dataclass
class Part:
    """The sums of one month, with the pairs of professional and discipline that both are read off."""

    tallies: dict[By, Tally] = field(
        default_factory=lambda: {by: Tally() for by in (*Breakdown, None) if by is not Breakdown.MONTH}
    )
    pairs: Tally = field(default_factory=Tally)


def read(session: Session, within: Conditions) -> Mapping[date, Part]:
    """The sums of the encounters that meet `within`, by the first day of their month."""
    parts = defaultdict[date, Part](Part)
    _add_whole(session, within, parts)
    _add_schools(session, within, parts)
    return parts


def _add_whole(session: Session, within: Conditions, parts: Mapping[date, Part]) -> None:
    """Everything told by a property of the séance itself."""
    sums = _from_encounters(select(*_LINE, *_WHAT, func.count(), func.sum(_SECONDS)), within).group_by(*_LINE, *_WHAT)
    for state, year, month, *what, seances, seconds in session.execute(sums):
        line = _line(state, year, month)
        for tally, column in _places(line, parts[line[1]], what):
            tally.add(line, column, seances, float(seconds))
            tally.add(line, TOTAL, seances, float(seconds))
    seen = _seen(within)
    met = _from_encounters(select(*_LINE, *_WHAT, seen.c.pupil_id), within).join(
        seen, seen.c.encounter_id == Encounter.id
    )
    same = dict[UUID, UUID]()  # one object for a pupil, in however many sets
    for state, year, month, *what, pupil_id in session.execute(met.distinct(), execution_options=A_FEW):
        line = _line(state, year, month)
        for tally, column in _places(line, parts[line[1]], what):
            tally.add_pupil(line, column, same.setdefault(pupil_id, pupil_id))


def _places(line: Line, part: Part, what: list[Any]) -> Iterator[tuple[Tally, Hashable]]:
    host, discipline, kind, modality, cause = what
    tallies = part.tallies
    yield part.pairs, (host, discipline)
    yield tallies[Breakdown.PROFESSIONAL], host
    yield tallies[Breakdown.DISCIPLINE], discipline
    yield tallies[Breakdown.KIND], kind
    yield tallies[Breakdown.AXIS], axis_of(kind)
    yield tallies[Breakdown.MODALITY], modality
    if line[0] is ServiceState.CANCELLED:
        yield tallies[None], cause


def _add_schools(session: Session, within: Conditions, parts: Mapping[date, Part]) -> None:
    site, seen = _at_school(within), _seen(within)
    each = (
        _joined(select(Encounter.id, *_NAMED_LINE, site.c.school_id, _SECONDS.label("seconds")), within)
        .join(site, site.c.encounter_id == Encounter.id)
        .distinct()
        .subquery()
    )
    among = func.count().over(partition_by=each.c.id)
    shared = select(
        each.c.state, each.c.year, each.c.month, each.c.school_id, (each.c.seconds * 1.0 / among).label("share")
    ).subquery()
    by = (shared.c.state, shared.c.year, shared.c.month, shared.c.school_id)
    for state, year, month, school_id, seances, seconds in session.execute(
        select(*by, func.count(), func.sum(shared.c.share)).group_by(*by)
    ):
        line = _line(state, year, month)
        parts[line[1]].tallies[Breakdown.SCHOOL].add(line, school_id, seances, float(seconds))
    nowhere = _joined(select(*_LINE, func.count(), func.sum(_SECONDS)), within).group_by(*_LINE)
    for state, year, month, seances, seconds in session.execute(
        nowhere.where(Encounter.id.not_in(select(site.c.encounter_id)))
    ):
        line = _line(state, year, month)
        parts[line[1]].tallies[Breakdown.SCHOOL].add(line, None, seances, float(seconds))
    whole = _joined(select(*_LINE, func.count(), func.sum(_SECONDS)), within).group_by(*_LINE)
    for state, year, month, seances, seconds in session.execute(whole):
        line = _line(state, year, month)
        parts[line[1]].tallies[Breakdown.SCHOOL].add(line, TOTAL, seances, float(seconds))
    met = (
        _joined(select(*_LINE, site.c.school_id, seen.c.pupil_id), within)
        .join(seen, seen.c.encounter_id == Encounter.id)
        .outerjoin(site, site.c.site_id == seen.c.site_id)
    )
    for state, year, month, school_id, pupil_id in session.execute(met.distinct(), execution_options=A_FEW):
        line = _line(state, year, month)
        parts[line[1]].tallies[Breakdown.SCHOOL].add_pupil(line, school_id, pupil_id)


def _line(state: str, year: int, month: int) -> Line:
    return ServiceState(state), date(int(year), int(month), 1)


def _joined(statement: Select[Any], within: Conditions) -> Select[Any]:
    return statement.select_from(Encounter).where(*within)


def _from_encounters(statement: Select[Any], within: Conditions) -> Select[Any]:
    return _joined(statement, within).outerjoin(
        Cancellation, (Cancellation.encounter_id == Encounter.id) & Cancellation.undone_at.is_(None)
    )


def _seen(within: Conditions) -> CTE:
    """Which pupils an encounter is for, one by one or by their class."""
    alone = select(Participation.encounter_id, Participation.site_id, Participation.pupil_id.label("pupil_id")).where(
        Participation.pupil_id.is_not(None)
    )
    in_class = select(Participation.encounter_id, Participation.site_id, Pupil.id).join(
        Pupil, Pupil.class_group_id == Participation.class_group_id
    )
    both = (
        part.join(Encounter, Encounter.id == Participation.encounter_id).where(*within) for part in (alone, in_class)
    )
    return union_all(*both).cte("seen")


def _at_school(within: Conditions) -> CTE:
    """The school of each building that takes part; of two schools under one roof, the first by code."""
    first = (
        select(SchoolBuilding.building_id, func.min(School.code).label("code"))
        .join(School, School.id == SchoolBuilding.school_id)
        .group_by(SchoolBuilding.building_id)
        .subquery()
    )
    return (
        select(EncounterSite.id.label("site_id"), EncounterSite.encounter_id, School.id.label("school_id"))
        .join(Encounter, Encounter.id == EncounterSite.encounter_id)
        .join(first, first.c.building_id == EncounterSite.building_id)
        .join(School, (School.code == first.c.code) & (School.organization_id == Encounter.organization_id))
        .where(EncounterSite.place == PlaceKind.BUILDING, *within)
        .cte("at_school")
    )


def axis_of(column: Hashable) -> Hashable:
    return KIND_RULES[column].axis if isinstance(column, EncounterKind) else column
