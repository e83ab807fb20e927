"""Names sectors: buildings that weather and roads treat alike, which one closure may close together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, exists, select

from intervention.domain.days import ClosureScope
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.ids import new_id
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.sectors import sector_line
from intervention.records.calendars import Closure, Sector, SectorBuilding
from intervention.records.schools import Building
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.work import Work

MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class SectorFacts:
    name: str
    building_ids: frozenset[UUID]


def add_sector(work: Work, actor: Actor, facts: SectorFacts) -> UUID:
    """Raises InvalidInput for a name taken or no building, NotAllowed."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    _check(work, actor, facts)
    sector = Sector(id=new_id(), organization_id=actor.organization_id, name=facts.name.strip())
    work.session.add(sector)
    work.session.flush()
    _set_buildings(work, sector, facts.building_ids)
    audit.record(work, "sector_added", "sector", sector.id, actor.organization_id, actor_id=actor.person_id)
    return sector.id


def edit_sector(work: Work, actor: Actor, sector_id: UUID, facts: SectorFacts, known: str | None = None) -> None:
    """Raises Stale, and InvalidInput, also when standing closures were laid over the buildings it has."""
    sector = _sector(work, actor, sector_id)
    require_seen(work, sector, known, lambda: sector_line(work.session, actor, sector.id).shown)
    _check(work, actor, facts, but=sector.id)
    _check_unused(work, sector, facts.building_ids)
    sector.name = facts.name.strip()
    _set_buildings(work, sector, facts.building_ids)
    audit.record(work, "sector_edited", "sector", sector.id, actor.organization_id, actor_id=actor.person_id)


def remove_sector(work: Work, actor: Actor, sector_id: UUID) -> None:
    """Raises InvalidInput when a closure names it: what was closed must stay explained."""
    sector = _sector(work, actor, sector_id)
    _check_unused(work, sector, None)
    _set_buildings(work, sector, ())
    work.session.delete(sector)
    work.session.flush()
    audit.record(work, "sector_removed", "sector", sector_id, actor.organization_id, actor_id=actor.person_id)


def _sector(work: Work, actor: Actor, sector_id: UUID) -> Sector:
    sector = work.session.get(Sector, sector_id)
    if sector is None:
        raise NotFound
    require(actor, Action.EDIT_SCHOOLS, Subject(sector.organization_id))
    return sector


def _check(work: Work, actor: Actor, facts: SectorFacts, but: UUID | None = None) -> None:
    faults = {}
    name = facts.name.strip()
    if not name:
        faults["name"] = "required"
    elif len(name) > MAX_NAME:
        faults["name"] = "too_long"
    same = select(Sector.id).where(Sector.organization_id == actor.organization_id, Sector.name == name)
    if work.session.scalar(same) not in (None, but):
        faults["name"] = "sector_taken"
    ours = select(Building.id).where(Building.organization_id == actor.organization_id)
    if not facts.building_ids:
        faults["buildings"] = "required"
    elif not facts.building_ids <= set(work.session.scalars(ours)):
        faults["buildings"] = "unknown"
    if faults:
        raise InvalidInput(faults)


def _check_unused(work: Work, sector: Sector, becoming: Collection[UUID] | None) -> None:
    """A sector whose closures stand keeps its buildings: their days were laid from it."""
    members = set(work.session.scalars(select(SectorBuilding.building_id).where(SectorBuilding.sector_id == sector.id)))
    named = exists().where(
        Closure.scope == ClosureScope.SECTOR, Closure.target_id == sector.id, Closure.lifted_at.is_(None)
    )
    if (becoming is None or set(becoming) != members) and work.session.scalar(select(named)):
        raise InvalidInput({"buildings": "sector_in_use"})


def _set_buildings(work: Work, sector: Sector, building_ids: Collection[UUID]) -> None:
    work.session.execute(delete(SectorBuilding).where(SectorBuilding.sector_id == sector.id))
    work.session.add_all(SectorBuilding(sector_id=sector.id, building_id=each) for each in sorted(building_ids))
    work.session.flush()
