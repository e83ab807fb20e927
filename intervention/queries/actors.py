"""The snapshot of a person who acts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from intervention.domain.people import Role
from intervention.domain.permissions import Actor, Mandate
from intervention.records.people import Membership, Organization, Person, Professional
from intervention.records.schools import Building, SchoolBuilding

# Written once: putting a statement together costs several times what it takes to run, and every request runs these.
_PERSON, _MEMBER, _BUILDING = Person.__table__.c, Membership.__table__.c, Building.__table__.c
_PROFESSIONAL, _BOARD, _AT = Professional.__table__.c, Organization.__table__.c, SchoolBuilding.__table__.c
_WHO_AND_MANDATES = (
    select(_PERSON.locale, _PERSON.theme, _BOARD.zone, _BOARD.is_demo, _BUILDING.zone.label("home_zone"))
    .add_columns(_MEMBER.organization_id, _MEMBER.role, _MEMBER.school_id, _MEMBER.building_id, _AT.building_id)
    .select_from(Person.__table__)
    .join(Organization.__table__, _BOARD.id == bindparam("organization"))
    .join(Membership.__table__, _MEMBER.person_id == _PERSON.id)
    .outerjoin(SchoolBuilding.__table__, _AT.school_id == _MEMBER.school_id)
    .outerjoin(Professional.__table__, _PROFESSIONAL.person_id == _PERSON.id)
    .outerjoin(Building.__table__, _BUILDING.id == _PROFESSIONAL.home_building_id)
    .where(
        _PERSON.id == bindparam("person"),
        _PERSON.disabled_at.is_(None),
        or_(_MEMBER.starts_on.is_(None), _MEMBER.starts_on <= bindparam("today")),
        or_(_MEMBER.ends_on.is_(None), _MEMBER.ends_on >= bindparam("today")),
    )
    .order_by(_MEMBER.role)
)
_ZONE = select(_BUILDING.zone).where(_BUILDING.id == bindparam("building"))


def actor_of(session: Session, person_id: UUID, organization_id: UUID, today: date) -> Actor | None:
    """The person's roles in the organization on `today`; None when disabled or without any role there.

    One statement: every request begins with it.
    """
    session.flush()
    asked = {"person": person_id, "organization": organization_id, "today": today}
    rows = session.execute(_WHO_AND_MANDATES, asked).all()
    everywhere = _mandates([row[5:] for row in rows])
    mandates = everywhere.pop(organization_id, ())
    if not mandates:
        return None
    who = rows[0]
    return Actor(
        person_id,
        organization_id,
        mandates,
        locale=who.locale,
        zone=who.home_zone or _local_zone(session, mandates) or who.zone,
        theme=who.theme,
        is_demo=who.is_demo,
        also_in=frozenset(everywhere),
        today=today,
    )


def _mandates(rows: Sequence[Sequence[Any]]) -> dict[UUID, tuple[Mandate, ...]]:
    """By board, in the order of their roles."""
    buildings: dict[tuple[UUID, Role, UUID | None], set[UUID]] = defaultdict(set)
    for board, role, school_id, building_id, school_building_id in rows:
        buildings[board, role, school_id] |= {b for b in (building_id or school_building_id,) if b is not None}
    found: dict[UUID, tuple[Mandate, ...]] = {}
    for (board, role, school), local in buildings.items():
        found[board] = (*found.get(board, ()), Mandate(role, school, frozenset(local)))
    return found


def _local_zone(session: Session, mandates: tuple[Mandate, ...]) -> str | None:
    """The zone of the first building of a local role."""
    local = sorted(b for m in mandates for b in m.building_ids)
    zone: str | None = session.execute(_ZONE, {"building": local[0]}).scalar() if local else None
    return zone
