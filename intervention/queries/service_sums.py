"""The sums of a period and what is hidden of them, kept by month: a change costs the month it is in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, extract, func, or_, select
from sqlalchemy.orm import Session

from intervention.domain.service_time import Breakdown, Tally, hidden_together
from intervention.domain.suppression import Key
from intervention.queries.service_parts import By, Conditions, Part, axis_of, read
from intervention.records.encounters import Encounter
from intervention.records.people import Person
from intervention.records.schools import School

MOST_KEPT, MOST_MONTHS = 24, 60
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Year:
    """All that a period publishes: sums, and what is hidden of them, by breakdown."""

    tallies: Mapping[By, Tally]
    hidden: Mapping[By, AbstractSet[Key]]
    names: Mapping[Hashable, str]


Mark = tuple[Any, ...]  # what a month was when it was read: every act on a séance grows its version


_kept: OrderedDict[Hashable, tuple[Mapping[date, Mark], Year]] = OrderedDict()
_months: OrderedDict[Hashable, tuple[Mark, Part]] = OrderedDict()
_keeping = Lock()


def sums_of(session: Session, within: Conditions, minimum: int | None, about: Hashable) -> Year:
    """The sums of the encounters that meet `within`, which `about` names; nothing is hidden if `minimum` is None.

    Kept in the process by month: once an encounter has a new version, its month is added up again, and only it.
    """
    marks = _marks(session, within)
    with _keeping:
        read_at, year = _kept.get((about, minimum), (None, None))
    if year is not None and read_at == marks:
        return year
    found = _year(session, _parts(session, within, about, marks), minimum)
    with _keeping:
        _keep(_kept, (about, minimum), (marks, found), MOST_KEPT)
    return found


def forget_sums() -> None:
    """For a process that opens another database: a test, a benchmark."""
    with _keeping:
        _kept.clear()
        _months.clear()


def _keep(kept: OrderedDict[Hashable, V], key: Hashable, value: V, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)


def _marks(session: Session, within: Conditions) -> dict[date, Mark]:
    """What each month that holds an encounter is, as far as its sums depend on it."""
    month = (extract("year", Encounter.on_date), extract("month", Encounter.on_date))
    columns = (func.count(), func.sum(Encounter.version), func.max(Encounter.changed_at))
    rows = session.execute(select(*month, *columns).where(*within).group_by(*month))
    return {date(int(row[0]), int(row[1]), 1): tuple(row[2:]) for row in rows}


def _parts(session: Session, within: Conditions, about: Hashable, marks: Mapping[date, Mark]) -> list[Part]:
    """Each month's sums, in order: those kept that are still true, the others read together."""
    with _keeping:
        kept = {month: _months.get((about, month)) for month in marks}
    parts = {month: each[1] for month, each in kept.items() if each is not None and each[0] == marks[month]}
    missing = [month for month in marks if month not in parts]
    if missing:
        found = read(session, within if len(missing) == len(marks) else [*within, _in_months(missing)])
        with _keeping:
            for month in missing:
                parts[month] = found[month]
                _keep(_months, (about, month), (marks[month], found[month]), MOST_MONTHS)
    return [parts[month] for month in sorted(parts)]


def _in_months(months: Iterable[date]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(Encounter.on_date >= month, Encounter.on_date < (month + timedelta(days=31)).replace(day=1))
            for month in months
        )
    )


def _year(session: Session, parts: Collection[Part], minimum: int | None) -> Year:
    tallies = {by: Tally.together(part.tallies[by] for part in parts) for by in Part().tallies}
    tallies[Breakdown.MONTH] = tallies[Breakdown.KIND]
    names = _names(session, tallies)
    if minimum is None:
        return Year(tallies, {by: frozenset() for by in tallies}, names)
    pairs = Tally.together(part.pairs for part in parts)
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
        Breakdown.AXIS: {(line, axis_of(column)) for line, column in kinds},
        Breakdown.PROFESSIONAL: {(line, c[0] if isinstance(c, tuple) else c) for line, c in of_pairs},
        Breakdown.DISCIPLINE: {(line, c[1] if isinstance(c, tuple) else c) for line, c in of_pairs},
        None: hidden[None],
    }


def _names(session: Session, tallies: Mapping[By, Tally]) -> dict[Hashable, str]:
    people = {column for _, column in tallies[Breakdown.PROFESSIONAL].seances if isinstance(column, UUID)}
    schools = {column for _, column in tallies[Breakdown.SCHOOL].seances if isinstance(column, UUID)}
    rows = session.execute(select(Person.id, Person.given_name, Person.family_name).where(Person.id.in_(people)))
    names: dict[Hashable, str] = {person_id: f"{given} {family}" for person_id, given, family in rows}
    named = session.execute(select(School.id, School.name).where(School.id.in_(schools)))
    return names | {row.id: row.name for row in named}
