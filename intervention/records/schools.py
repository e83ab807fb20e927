"""Schools, their buildings, and what is scarce in them. Travel, bells, closures and zone belong to the building."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intervention.domain.days import BellDay, BellKind
from intervention.domain.people import Level
from intervention.records.base import Base, Code, Identified, OfOrganization


class School(Identified, OfOrganization, Base):
    """The administrative unit, with a principal; it may be several villages."""

    __tablename__ = "school"
    __table_args__ = (UniqueConstraint("organization_id", "code"),)

    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(160))
    is_active: Mapped[bool] = mapped_column(default=True)


class Building(Identified, OfOrganization, Base):
    """An immeuble. `zone` is null until somebody confirms it: nothing is planned in a building without legal time."""

    __tablename__ = "building"
    __table_args__ = (UniqueConstraint("organization_id", "code"),)

    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(160))
    short_name: Mapped[str] = mapped_column(String(40))
    municipality: Mapped[str] = mapped_column(String(120))
    municipality_code: Mapped[str | None] = mapped_column(String(12))
    address: Mapped[str | None] = mapped_column(String(200))
    postal_code: Mapped[str | None] = mapped_column(String(7))
    phone: Mapped[str | None] = mapped_column(String(40))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    zone: Mapped[str | None] = mapped_column(String(64))
    proposed_zone: Mapped[str | None] = mapped_column(String(64))
    road_component: Mapped[str | None] = mapped_column(String(40))  # null: the province's road network
    opens_local: Mapped[time] = mapped_column(default=time(7, 30))
    closes_local: Mapped[time] = mapped_column(default=time(17, 0))
    is_active: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str | None] = mapped_column(String(120))  # where the row came from and its date


class SchoolBuilding(Base):
    __tablename__ = "school_building"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"), primary_key=True, index=True)
    levels: Mapped[str] = mapped_column(String(60), default="")  # comma-separated Level values taught there


class Room(Base):
    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("organization_id", "building_id", "name"),
        CheckConstraint("capacity BETWEEN 1 AND 1000", name="capacity"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    capacity: Mapped[int] = mapped_column(default=4)
    is_closed: Mapped[bool] = mapped_column(default=True)  # a door that closes: the orders' condition for telepractice
    has_headset: Mapped[bool] = mapped_column(default=False)
    equipment: Mapped[str | None] = mapped_column(String(200))
    bandwidth_note: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(40))
    is_active: Mapped[bool] = mapped_column(default=True)


class Kit(Base):
    """A portable set (tablet, camera, headset) that stays at a building, or travels when `building_id` is null."""

    __tablename__ = "kit"

    id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    building_id: Mapped[UUID | None] = mapped_column(ForeignKey("building.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    is_active: Mapped[bool] = mapped_column(default=True)


class Vehicle(Base):
    __tablename__ = "vehicle"

    id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    building_id: Mapped[UUID | None] = mapped_column(ForeignKey("building.id"))
    name: Mapped[str] = mapped_column(String(60))
    is_active: Mapped[bool] = mapped_column(default=True)


class BellPeriod(Identified, OfOrganization, Base):
    """One bell: building × level × type of day; wall times in the building's zone, half-open, never overlapping.

    `day_type` null is the usual day; exams or half days that have bells of their own ring those only.
    """

    __tablename__ = "bell_period"
    __table_args__ = (
        Index("ix__bell_period__building_level", "building_id", "level"),
        CheckConstraint("ends_local > starts_local", name="forward"),
    )

    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"))
    level: Mapped[Level] = mapped_column(Code(Level))
    day_type: Mapped[BellDay | None] = mapped_column(Code(BellDay))
    kind: Mapped[BellKind] = mapped_column(Code(BellKind))
    label: Mapped[str] = mapped_column(String(40))
    starts_local: Mapped[time]
    ends_local: Mapped[time]


class ProtectedTime(Identified, OfOrganization, Base):
    """A class time that no séance may take (éducation physique, anglais…): on a weekday (1 Monday … 5 Friday), or on a
    day of the cycle of its building."""

    __tablename__ = "protected_time"
    __table_args__ = (CheckConstraint("(weekday IS NULL) <> (cycle_day IS NULL)", name="one_day"),)

    class_group_id: Mapped[UUID] = mapped_column(ForeignKey("class_group.id"), index=True)
    weekday: Mapped[int | None]
    cycle_day: Mapped[int | None]
    starts_local: Mapped[time]
    ends_local: Mapped[time]
    label: Mapped[str] = mapped_column(String(60))


class Road(Identified, OfOrganization, Base):
    """A declared travel time between two buildings, one way. Minutes, metres; `source` says who said so and when."""

    __tablename__ = "road"
    __table_args__ = (UniqueConstraint("organization_id", "from_building_id", "to_building_id"),)

    from_building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"))
    to_building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"))
    minutes: Mapped[int]
    metres: Mapped[int]
    mode: Mapped[str] = mapped_column(String(20), default="road")
    quality: Mapped[str] = mapped_column(String(20), default="declared")
    source: Mapped[str] = mapped_column(String(160))
