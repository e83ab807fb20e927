"""The audit trail: append-only, each row chained to the one before by its hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from intervention.records.base import Base


class AccessLogEntry(Base):
    """Who did or read what. Ids and codes only; `actor_id` is null for a guest at a door, `seat_id` is in the facts."""

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix__access_log__object", "object_id"),
        Index("ix__access_log__organization_at", "organization_id", "at"),
    )

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    organization_id: Mapped[UUID | None]
    actor_id: Mapped[UUID | None]
    verb: Mapped[str] = mapped_column(String(40))
    object_kind: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[UUID | None]
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
