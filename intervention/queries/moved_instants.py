"""Séances to come whose instant is no longer what their wall time says: the rules of a zone changed since.

A séance is planned as wall time in a zone, and its instant was worked out by the tzdata of that day. Nothing is
re-dated here: a reservation moves with its séance, and only people know which of the two times was promised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from intervention.queries.standing import TO_COME
from intervention.records.encounters import Encounter


@dataclass(frozen=True, slots=True)
class MovedInstant:
    encounter_id: UUID
    planned_at: datetime
    now_at: datetime


def moved_instants(
    session: Session,
    now: datetime,
    zone_of: Callable[[str], tzinfo] = ZoneInfo,
    *,
    organization_id: UUID | None = None,
) -> list[MovedInstant]:
    """By planned instant; over every board for the operator of the machine, who changes its tzdata, else of one."""
    of_board = true() if organization_id is None else Encounter.organization_id == organization_id
    rows = session.execute(
        select(Encounter.id, Encounter.on_date, Encounter.starts_local, Encounter.zone, Encounter.starts_at)
        .where(of_board, Encounter.starts_at > now, Encounter.status.in_(TO_COME))
        .order_by(Encounter.starts_at, Encounter.id)
    )
    found = []
    for encounter_id, on_date, starts_local, zone, planned_at in rows:
        # The hour that comes twice in autumn may have been promised either time.
        walls = [datetime.combine(on_date, starts_local.replace(fold=fold), zone_of(zone)) for fold in (0, 1)]
        instants = [wall.astimezone(UTC) for wall in walls]
        if planned_at not in instants:
            found.append(MovedInstant(encounter_id, planned_at, instants[0]))
    return found
