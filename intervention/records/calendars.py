"""Dated school days, working hours and times away."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intervention.domain.days import DayType
from intervention.records.base import Base, Code, Identified, OfOrganization


class SchoolYear(Identified, OfOrganization, Base):
    __tablename__ = "school_year"
    __table_args__ = (CheckConstraint("ends_on > starts_on", name="forward"),)

    label: Mapped[str] = mapped_column(String(20))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cycle_length: Mapped[int] = mapped_column(default=10)


class SchoolDay(Base):
    """What a date is at a building: the only truth on school days and on the cycle."""

    __tablename__ = "school_day"

    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"), primary_key=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    day_type: Mapped[DayType] = mapped_column(Code(DayType))
    cycle_day: Mapped[int | None]
    label: Mapped[str | None] = mapped_column(String(80))


class Availability(Identified, OfOrganization, Base):
    """A plage d'ouverture: weekday (1 Monday … 7 Sunday), wall times in the zone of the person's home building."""

    __tablename__ = "availability"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("ends_local > starts_local", name="forward"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    weekday: Mapped[int]
    starts_local: Mapped[time]
    ends_local: Mapped[time]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class BusyTime(Identified, OfOrganization, Base):
    """Leave, training, or an interval of somebody's other calendar. It blocks, and never says why to others."""

    __tablename__ = "busy_time"
    __table_args__ = (
        Index("ix__busy_time__person_start", "person_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="forward"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(20), default="declared")
    label: Mapped[str | None] = mapped_column(String(80))
