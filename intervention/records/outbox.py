"""Facts to react to, written in the same transaction as the change they tell of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intervention.records.base import Base, Identified


class OutboxMessage(Identified, Base):
    """One effect to produce. `payload` holds ids and instants only: a queue is not a place for a name."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix__outbox__due", "done_at", "due_at"),)

    organization_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    noted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    dedupe_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(String(40))
    done_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(60))


class WorkerBeat(Base):
    """When a worker last looked at the outbox; `/readyz` tells its age."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    beat_at: Mapped[datetime]
