"""Which séances to come sit on a half day that loses or gains classes, at any of their sites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from intervention.domain.closures import halves_of
from intervention.domain.days import EVERY_LEVEL, PUPILS_PRESENT
from intervention.domain.encounters import EncounterStatus
from intervention.domain.permissions import Actor
from intervention.domain.privacy import EncounterFacts, view_for
from intervention.domain.school_calendar import DatedDay
from intervention.queries.catalogue import catalogue
from intervention.queries.facts import facts_where
from intervention.queries.scope import visible_encounters
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.people import ClassGroup, Pupil
from intervention.records.schools import Building
from intervention.usecases.school_days import DayChange

TO_COME = (EncounterStatus.HELD, EncounterStatus.PLANNED)
_Halves = tuple[bool, bool]
_NEITHER = (False, False)


@dataclass(frozen=True, slots=True)
class Impact:
    """Séances to come by id, with when they are. One that loses classes at a site and gains some elsewhere has lost."""

    lost: Mapping[UUID, datetime] = field(default_factory=dict)
    gained: Mapping[UUID, datetime] = field(default_factory=dict)


def impact_of(session: Session, organization_id: UUID, changes: Iterable[DayChange], now: datetime) -> Impact:
    """Three statements, whatever the number of days."""
    turned: dict[tuple[UUID, str, date], tuple[_Halves, _Halves]] = {}
    for each in changes:
        day = each.after or each.before
        before, after = _pupils(each.before), _pupils(each.after)
        if day is not None and before != after:
            turned[each.building_id, each.level, day.on_date] = before, after
    if not turned:
        return Impact()
    dates = [on_date for _, _, on_date in turned]
    here = Encounter.on_date.between(min(dates), max(dates)), Building.id.in_({building for building, _, _ in turned})
    found: dict[UUID, set[bool]] = defaultdict(set)
    starts: dict[UUID, datetime] = {}
    strands = {key[:2] for key in turned}
    for at in _places(session, organization_id, now, strands, *here):
        before, after = turned.get((at.building, at.level, at.on_date), (_NEITHER, _NEITHER))
        for touched, was, becomes in zip(at.halves, before, after, strict=True):
            if touched and was != becomes:
                found[at.encounter].add(becomes)
                starts[at.encounter] = at.starts_at
    return Impact(
        {each: starts[each] for each, gains in found.items() if False in gains},
        {each: starts[each] for each, gains in found.items() if gains == {True}},
    )


def without_class(session: Session, organization_id: UUID, ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of these séances to come that are held, at one of their schools, in a half day without class."""
    if not ids:
        return set()
    board = catalogue(session, organization_id)
    found = set()
    for each in _places(session, organization_id, now, set(), Encounter.id.in_(list(ids))):
        day = board.day(each.building, each.on_date, each.level)
        types = day.morning, day.afternoon
        if any(touched and half not in PUPILS_PRESENT for touched, half in zip(each.halves, types, strict=True)):
            found.add(each.encounter)
    return found


def readable(session: Session, actor: Actor, ids: Collection[UUID], *, limit: int = 5000) -> list[EncounterFacts]:
    """Those of the séances that the actor may know of and that still stand, by start, in the actor's words."""
    if not ids:
        return []
    found = facts_where(
        session, Encounter.id.in_(list(ids)), Encounter.status.in_(TO_COME), visible_encounters(actor), limit=limit
    )
    return [view_for(actor, facts) for facts in found]


def _pupils(day: DatedDay | None) -> _Halves:
    if day is None:
        return False, False
    morning, afternoon = day.types
    return morning in PUPILS_PRESENT, afternoon in PUPILS_PRESENT


class _Place(NamedTuple):
    """A site of a séance on the days of one strand of its building."""

    encounter: UUID
    building: UUID
    level: str
    on_date: date
    halves: _Halves  # whether the séance touches the morning, the afternoon
    starts_at: datetime


def _places(
    session: Session,
    organization_id: UUID,
    now: datetime,
    strands: Collection[tuple[UUID, str]],
    *conditions: ColumnElement[bool],
) -> Iterator[_Place]:
    """`strands` are those that are about to be; the present ones are known."""
    sites = _sites(session, organization_id, now, conditions)
    board = catalogue(session, organization_id)
    known = board.days.keys() | strands
    differ = any(level != EVERY_LEVEL for _, level in known)
    levels = _levels(session, [site for site, *_ in sites]) if differ else {}
    for site, encounter, building, zone, starts_at, ends_at in sites:
        starts, ends = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
        halves = halves_of(starts.time(), ends.time(), board.noon(building))
        own = {level for level in levels.get(site, ()) if (building, level) in known}
        for level in own or {EVERY_LEVEL}:
            yield _Place(encounter, building, level, starts.date(), halves, starts_at)


def _sites(
    session: Session, organization_id: UUID, now: datetime, conditions: Iterable[ColumnElement[bool]]
) -> list[tuple[UUID, UUID, UUID, str, datetime, datetime]]:
    rows = session.execute(
        select(
            EncounterSite.id, Encounter.id, Building.id, Building.zone, Encounter.zone, Encounter.starts_at,
            Encounter.ends_at,
        )
        .join(Encounter, Encounter.id == EncounterSite.encounter_id)
        .join(Building, Building.id == EncounterSite.building_id)
        .where(
            Encounter.organization_id == organization_id,
            Encounter.status.in_(TO_COME),
            Encounter.starts_at > now,
            *conditions,
        )
    )  # fmt: skip
    return [(site, encounter, at, zone or own, starts, ends) for site, encounter, at, zone, own, starts, ends in rows]


def _levels(session: Session, site_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """The levels of the pupils and classes at each site."""
    group = aliased(ClassGroup)
    rows = session.execute(
        select(Participation.site_id, Pupil.level, group.level)
        .outerjoin(Pupil, Pupil.id == Participation.pupil_id)
        .outerjoin(group, group.id == Participation.class_group_id)
        .where(Participation.site_id.in_(site_ids))
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for site, *levels in rows:
        found[site].update(level for level in levels if level is not None)
    return found
