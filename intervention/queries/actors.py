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
    """The person's roles in the organization on `today`; None when disabled or without any role there.

    Two statements: every request begins with it.
    """
    who = session.execute(
        select(Person.locale, Person.theme, Organization.zone, Organization.is_demo, Building.zone.label("home_zone"))
        .select_from(Person)
        .join(Organization, Organization.id == organization_id)
        .outerjoin(Professional, Professional.person_id == Person.id)
        .outerjoin(Building, Building.id == Professional.home_building_id)
        .where(Person.id == person_id, Person.disabled_at.is_(None))
    ).one_or_none()
    mandates = _mandates(session, person_id, organization_id, today) if who else ()
    if who is None or not mandates:
        return None
    return Actor(
        person_id,
        organization_id,
        mandates,
        locale=who.locale,
        zone=who.home_zone or _local_zone(session, mandates) or who.zone,
        theme=who.theme,
        is_demo=who.is_demo,
        today=today,
    )


def _mandates(session: Session, person_id: UUID, organization_id: UUID, today: date) -> tuple[Mandate, ...]:
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
    buildings: dict[tuple[Role, UUID | None], set[UUID]] = defaultdict(set)
    for role, school_id, building_id, school_building_id in rows:
        buildings[role, school_id] |= {b for b in (building_id or school_building_id,) if b is not None}
    return tuple(Mandate(role, school, frozenset(found)) for (role, school), found in buildings.items())


def _local_zone(session: Session, mandates: tuple[Mandate, ...]) -> str | None:
    """The zone of the first building of a local role."""
    local = sorted(b for m in mandates for b in m.building_ids)
    return session.scalar(select(Building.zone).where(Building.id == local[0])) if local else None
