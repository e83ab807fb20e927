"""The sectors of a board and their buildings, as its administrators see them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.errors import NotFound
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.seen import Facts
from intervention.records.calendars import Sector, SectorBuilding
from intervention.records.schools import Building


@dataclass(frozen=True, slots=True)
class SectorLine:
    id: UUID
    name: str
    buildings: tuple[tuple[UUID, str], ...]

    @property
    def shown(self) -> Facts:
        return {"name": self.name, "buildings": frozenset(building_id for building_id, _ in self.buildings)}


def sector_lines(session: Session, actor: Actor) -> tuple[SectorLine, ...]:
    """By name. Raises NotAllowed."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    rows = session.execute(
        select(Sector.id, Sector.name, Building.id, Building.short_name)
        .outerjoin(SectorBuilding, SectorBuilding.sector_id == Sector.id)
        .outerjoin(Building, Building.id == SectorBuilding.building_id)
        .where(Sector.organization_id == actor.organization_id)
        .order_by(Sector.name, Building.short_name)
    )
    found: dict[UUID, SectorLine] = {}
    for sector_id, name, building_id, building in rows:
        known = found.get(sector_id) or SectorLine(sector_id, name, ())
        here = ((building_id, building),) if building_id is not None else ()
        found[sector_id] = SectorLine(sector_id, name, known.buildings + here)
    return tuple(found.values())


def sector_line(session: Session, actor: Actor, sector_id: UUID) -> SectorLine:
    """Raises NotFound, NotAllowed."""
    found = next((each for each in sector_lines(session, actor) if each.id == sector_id), None)
    if found is None:
        raise NotFound
    return found
