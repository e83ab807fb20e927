"""Which séances to come sit on a half day that loses or gains classes, at any of their sites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from intervention.domain.days import EVERY_LEVEL, PUPILS_PRESENT
from intervention.domain.encounters import EncounterStatus
from intervention.domain.permissions import Actor
from intervention.domain.privacy import EncounterFacts, audience_of, view_of
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
    sites = _sites(session, organization_id, turned, now)
    places = catalogue(session, organization_id)
    strands = places.days.keys() | {key[:2] for key in turned}
    differ = any(level != EVERY_LEVEL for _, level in strands)
    levels = _levels(session, [site for site, *_ in sites]) if differ else {}
    found: dict[UUID, set[bool]] = defaultdict(set)
    starts: dict[UUID, datetime] = {}
    for site, encounter, building, zone, starts_at in sites:
        wall = starts_at.astimezone(ZoneInfo(zone))
        half = int(wall.time() >= places.noon(building))
        own = {level for level in levels.get(site, ()) if (building, level) in strands}
        for level in own or {EVERY_LEVEL}:
            before, after = turned.get((building, level, wall.date()), ((False, False), (False, False)))
            if before[half] != after[half]:
                found[encounter].add(after[half])
                starts[encounter] = starts_at
    return Impact(
        {each: starts[each] for each, gains in found.items() if False in gains},
        {each: starts[each] for each, gains in found.items() if gains == {True}},
    )


def readable(session: Session, actor: Actor, ids: Collection[UUID], *, limit: int = 5000) -> list[EncounterFacts]:
    """Those of the séances that the actor may know of and that still stand, by start, in the actor's words."""
    if not ids:
        return []
    found = facts_where(
        session, Encounter.id.in_(list(ids)), Encounter.status.in_(TO_COME), visible_encounters(actor), limit=limit
    )
    return [view_of(facts, audience_of(actor, facts)) for facts in found]


def _pupils(day: DatedDay | None) -> _Halves:
    if day is None:
        return False, False
    morning, afternoon = day.types
    return morning in PUPILS_PRESENT, afternoon in PUPILS_PRESENT


def _sites(
    session: Session, organization_id: UUID, turned: Collection[tuple[UUID, str, date]], now: datetime
) -> list[tuple[UUID, UUID, UUID, str, datetime]]:
    dates = [on_date for _, _, on_date in turned]
    rows = session.execute(
        select(EncounterSite.id, Encounter.id, Building.id, Building.zone, Encounter.zone, Encounter.starts_at)
        .join(Encounter, Encounter.id == EncounterSite.encounter_id)
        .join(Building, Building.id == EncounterSite.building_id)
        .where(
            Encounter.organization_id == organization_id,
            Encounter.status.in_(TO_COME),
            Encounter.starts_at > now,
            Encounter.on_date.between(min(dates), max(dates)),
            Building.id.in_({building for building, _, _ in turned}),
        )
    )
    return [(site, encounter, at, zone or own, starts) for site, encounter, at, zone, own, starts in rows]


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
