"""The séances to come that somebody hosts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intervention.domain.doors import OPEN_STATUSES
from intervention.records.encounters import Encounter


def hosted_from(session: Session, person_id: UUID, now: datetime) -> int:
    """How many séances to come, or going on, the person hosts, in whatever board."""
    wanted = (Encounter.host_id == person_id, Encounter.ends_at > now, Encounter.status.in_(OPEN_STATUSES))
    return session.scalar(select(func.count()).select_from(Encounter).where(*wanted)) or 0
