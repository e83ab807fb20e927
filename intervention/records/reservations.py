"""Who and what is taken, when. The database refuses an overlap: the first migration has the guard of each engine."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from intervention.domain.spans import Span, instant_of
from intervention.records.base import Base, Code, Identified

MAX_TICKS = 144  # 12 h: lets a reader probe (resource_id, starts_tick) over a bounded range
OVERLAP_GUARD = "ex__reservation__overlap"


class ReservationKind(StrEnum):
    ENCOUNTER = "encounter"
    HOLD = "hold"
    TRAVEL = "travel"


class Reservation(Identified, Base):
    """One resource for one half-open span of 5-minute UTC ticks. It belongs to the resource's organization."""

    __tablename__ = "reservation"
    __table_args__ = (
        Index("ix__reservation__resource_start", "resource_id", "starts_tick"),
        CheckConstraint(f"ends_tick > starts_tick AND ends_tick - starts_tick <= {MAX_TICKS}", name="bounded"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"))
    starts_tick: Mapped[int]
    ends_tick: Mapped[int]
    kind: Mapped[ReservationKind] = mapped_column(Code(ReservationKind))
    encounter_id: Mapped[UUID | None] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    leg_id: Mapped[UUID | None] = mapped_column(ForeignKey("leg.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime | None]  # holds only

    @property
    def span(self) -> Span:
        return Span(instant_of(self.starts_tick), instant_of(self.ends_tick))


class ReservationBits(Base):
    """A resource's taken ticks in one epoch week (2,016 bits, little-endian), travel apart; same transaction."""

    __tablename__ = "reservation_bits"

    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    week: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    bits: Mapped[bytes] = mapped_column(LargeBinary(252))


class Leg(Identified, Base):
    """A professional on the road, which reserves her. `minutes` includes parking and margin, `metres` only the road."""

    __tablename__ = "leg"
    __table_args__ = (Index("ix__leg__person_date", "person_id", "on_date"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    on_date: Mapped[date]
    from_building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"))
    to_building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    minutes: Mapped[int]
    metres: Mapped[int]
    quality: Mapped[str] = mapped_column(String(20))
