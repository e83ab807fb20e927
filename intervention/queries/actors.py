"""The snapshot of a person who acts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intervention.domain.people import Role
from intervention.domain.permissions import Actor, Mandate
from intervention.records.people import Membership, Organization, Person, Professional
from intervention.records.schools import Building, SchoolBuilding


def actor_of(session: Session, person_id: UUID, organization_id: UUID, today: date) -> Actor | None:
    """The person's roles in the organization on `today`; None when disabled or without any role there."""
    person = session.get(Person, person_id)
    if person is None or person.disabled_at is not None:
        return None
    rows = session.execute(
        select(Membership.role, Membership.school_id, Membership.building_id, SchoolBuilding.building_id)
        .outerjoin(SchoolBuilding, SchoolBuilding.school_id == Membership.school_id)
        .where(
            Membership.person_id == person_id,
            Membership.organization_id == organization_id,
            or_(Membership.starts_on.is_(None), Membership.starts_on <= today),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
        )
        .order_by(Membership.role)
    ).all()
    if not rows:
        return None
    buildings: dict[tuple[Role, UUID | None], set[UUID]] = defaultdict(set)
    for role, school_id, building_id, school_building_id in rows:
        buildings[role, school_id] |= {b for b in (building_id or school_building_id,) if b is not None}
    mandates = tuple(Mandate(role, school, frozenset(found)) for (role, school), found in buildings.items())
    organization = session.get_one(Organization, organization_id)
    return Actor(
        person_id,
        organization_id,
        mandates,
        locale=person.locale,
        zone=_zone_of(session, person_id, mandates) or organization.zone,
        theme=person.theme,
        is_demo=organization.is_demo,
    )


def _zone_of(session: Session, person_id: UUID, mandates: tuple[Mandate, ...]) -> str | None:
    """The zone of the home base, else of the first building of a local role."""
    home = session.scalar(
        select(Building.zone)
        .join(Professional, Professional.home_building_id == Building.id)
        .where(Professional.person_id == person_id)
    )
    if home is not None:
        return home
    local = sorted(b for m in mandates for b in m.building_ids)
    return session.scalar(select(Building.zone).where(Building.id == local[0])) if local else None
