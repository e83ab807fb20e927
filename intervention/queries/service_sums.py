"""The sums behind the report of service time, read in a few statements whatever the number of séances.

A séance at two schools counts once in the total and once in each school; the professional's time is shared equally
among them, so that hours add up. The host's own office is no school.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, case, extract, func, select, union_all
from sqlalchemy.orm import Session

from intervention.domain.encounters import KIND_RULES, EncounterKind, EncounterStatus, PlaceKind
from intervention.domain.service_time import Breakdown, Line, ServiceState, Tally, hidden_together
from intervention.domain.suppression import TOTAL, Key
from intervention.records.encounters import Cancellation, Encounter, EncounterSite, Participation
from intervention.records.people import Person, Pupil
from intervention.records.schools import School, SchoolBuilding

Conditions = Collection[ColumnElement[bool]]
MOST_KEPT = 64
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


@dataclass(frozen=True, slots=True)
class Year:
    """All that a period publishes: sums, and what is hidden of them, by breakdown."""

    tallies: Mapping[By, Tally]
    hidden: Mapping[By, AbstractSet[Key]]
    names: Mapping[Hashable, str]


_kept: OrderedDict[Hashable, Year] = OrderedDict()
_keeping = Lock()


def sums_of(session: Session, within: Conditions, minimum: int | None, about: Hashable) -> Year:
    """The sums of the encounters that meet `within`, which `about` names; nothing is hidden if `minimum` is None.

    Kept in the process, and added up again once any of the encounters has a new version.
    """
    key = (about, minimum, _fingerprint(session, within))
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _sums(session, within, minimum)
    with _keeping:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def forget_sums() -> None:
    """For a process that opens another database: a test, a benchmark."""
    with _keeping:
        _kept.clear()


def _fingerprint(session: Session, within: Conditions) -> tuple[object, ...]:
    """Every act on a séance grows its version."""
    columns: list[ColumnElement[Any]] = [func.count(), func.sum(Encounter.version), func.max(Encounter.changed_at)]
    return tuple(session.execute(_joined(select(*columns), within)).one())


def _sums(session: Session, within: Conditions, minimum: int | None) -> Year:
    tallies: dict[By, Tally] = {by: Tally() for by in (*Breakdown, None)}
    pairs = Tally()
    _add_whole(session, within, tallies, pairs)
    _add_schools(session, within, tallies[Breakdown.SCHOOL])
    tallies[Breakdown.MONTH] = tallies[Breakdown.KIND]
    names = _names(session, tallies)
    if minimum is None:
        return Year(tallies, {by: frozenset() for by in tallies}, names)
    return Year(tallies, _hidden(tallies, pairs, minimum), names)


def _hidden(tallies: Mapping[By, Tally], pairs: Tally, minimum: int) -> dict[By, AbstractSet[Key]]:
    """Professionals and disciplines are read off pairs of them, axes off kinds: a sum of shown numbers, or hidden.

    Chosen apart, the total of a discipline would give back the one professional who is hidden in it.
    """
    together: dict[Hashable, Tally] = {
        by: tallies[by] for by in (Breakdown.SCHOOL, Breakdown.KIND, Breakdown.MODALITY, None)
    }
    hidden = hidden_together(together | {"pairs": pairs}, minimum)
    kinds, of_pairs = hidden[Breakdown.KIND], hidden["pairs"]
    return {
        Breakdown.SCHOOL: hidden[Breakdown.SCHOOL],
        Breakdown.MODALITY: hidden[Breakdown.MODALITY],
        Breakdown.KIND: kinds,
        Breakdown.MONTH: kinds,
        Breakdown.AXIS: {(line, _axis(column)) for line, column in kinds},
        Breakdown.PROFESSIONAL: {(line, c[0] if isinstance(c, tuple) else c) for line, c in of_pairs},
        Breakdown.DISCIPLINE: {(line, c[1] if isinstance(c, tuple) else c) for line, c in of_pairs},
        None: hidden[None],
    }


def _axis(column: Hashable) -> Hashable:
    return KIND_RULES[column].axis if isinstance(column, EncounterKind) else column


def _add_whole(session: Session, within: Conditions, tallies: Mapping[By, Tally], pairs: Tally) -> None:
    """Everything told by a property of the séance itself."""
    sums = _from_encounters(select(*_LINE, *_WHAT, func.count(), func.sum(_SECONDS)), within).group_by(*_LINE, *_WHAT)
    for state, year, month, *what, seances, seconds in session.execute(sums):
        line = _line(state, year, month)
        for tally, column in _places(line, tallies, pairs, what):
            tally.add(line, column, seances, float(seconds))
            tally.add(line, TOTAL, seances, float(seconds))
    seen = _seen(within)
    met = _from_encounters(select(*_LINE, *_WHAT, seen.c.pupil_id), within).join(
        seen, seen.c.encounter_id == Encounter.id
    )
    for state, year, month, *what, pupil_id in session.execute(met.distinct()):
        line = _line(state, year, month)
        for tally, column in _places(line, tallies, pairs, what):
            tally.add_pupil(line, column, pupil_id)


def _places(line: Line, tallies: Mapping[By, Tally], pairs: Tally, what: list[Any]) -> Iterator[tuple[Tally, Hashable]]:
    host, discipline, kind, modality, cause = what
    yield pairs, (host, discipline)
    yield tallies[Breakdown.PROFESSIONAL], host
    yield tallies[Breakdown.DISCIPLINE], discipline
    yield tallies[Breakdown.KIND], kind
    yield tallies[Breakdown.AXIS], _axis(kind)
    yield tallies[Breakdown.MODALITY], modality
    if line[0] is ServiceState.CANCELLED:
        yield tallies[None], cause


def _add_schools(session: Session, within: Conditions, tally: Tally) -> None:
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
    line = (shared.c.state, shared.c.year, shared.c.month, shared.c.school_id)
    for state, year, month, school_id, seances, seconds in session.execute(
        select(*line, func.count(), func.sum(shared.c.share)).group_by(*line)
    ):
        tally.add(_line(state, year, month), school_id, seances, float(seconds))
    nowhere = _joined(select(*_LINE, func.count(), func.sum(_SECONDS)), within).group_by(*_LINE)
    for state, year, month, seances, seconds in session.execute(
        nowhere.where(Encounter.id.not_in(select(site.c.encounter_id)))
    ):
        tally.add(_line(state, year, month), None, seances, float(seconds))
    whole = _joined(select(*_LINE, func.count(), func.sum(_SECONDS)), within).group_by(*_LINE)
    for state, year, month, seances, seconds in session.execute(whole):
        tally.add(_line(state, year, month), TOTAL, seances, float(seconds))
    met = (
        _joined(select(*_LINE, site.c.school_id, seen.c.pupil_id), within)
        .join(seen, seen.c.encounter_id == Encounter.id)
        .outerjoin(site, site.c.site_id == seen.c.site_id)
    )
    for state, year, month, school_id, pupil_id in session.execute(met.distinct()):
        tally.add_pupil(_line(state, year, month), school_id, pupil_id)


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


def _names(session: Session, tallies: Mapping[By, Tally]) -> dict[Hashable, str]:
    people = {column for _, column in tallies[Breakdown.PROFESSIONAL].seances if isinstance(column, UUID)}
    schools = {column for _, column in tallies[Breakdown.SCHOOL].seances if isinstance(column, UUID)}
    rows = session.execute(select(Person.id, Person.given_name, Person.family_name).where(Person.id.in_(people)))
    names: dict[Hashable, str] = {person_id: f"{given} {family}" for person_id, given, family in rows}
    named = session.execute(select(School.id, School.name).where(School.id.in_(schools)))
    return names | {row.id: row.name for row in named}
