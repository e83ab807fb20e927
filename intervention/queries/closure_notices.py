"""What everybody concerned is told of closed schools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.days import ClosureScope, DayType, Portion
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.queries.closures import names_of
from intervention.queries.school_calendars import layers_of, year_of
from intervention.records.calendars import Closure


@dataclass(frozen=True, slots=True)
class Shutting:
    """A closure in force, as everybody concerned is told of it."""

    place: str
    scope: ClosureScope
    on_date: date
    portion: Portion
    day_type: DayType
    label: str


def in_force(session: Session, actor: Actor, first: date, last: date) -> list[Shutting]:
    """Closures of these days that concern the actor: all of them for who travels or coordinates, else one's own."""
    rows = session.scalars(
        select(Closure)
        .where(
            Closure.organization_id == actor.organization_id,
            Closure.on_date.between(first, last),
            Closure.lifted_at.is_(None),
            Closure.day_type != DayType.CLASS,
        )
        .order_by(Closure.on_date, Closure.declared_at)
    ).all()
    if not rows:
        return []
    names = names_of(session, actor.organization_id)
    layers = layers_of(session, year_of(session, actor.organization_id, first))
    everywhere = actor.roles & {Role.PROFESSIONAL, Role.COORDINATOR, Role.ADMINISTRATOR}
    mine = actor.buildings_as(*Role)
    return [
        Shutting(names.get((r.scope, r.target_id), ""), r.scope, r.on_date, r.portion, r.day_type, r.label or "")
        for r in rows
        if everywhere or mine & layers.reached(r.scope, r.target_id)
    ]
