"""School years and their layers, the dated school days laid from them, working hours and times away."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intervention.domain.cycle import LONGEST, Reflow
from intervention.domain.days import EVERY_LEVEL, CalendarAct, ClosureScope, DayType, Layer, Portion
from intervention.records.base import Base, Code, Identified, OfOrganization


class SchoolYear(Identified, OfOrganization, Base):
    """A board's year: pupils come from `starts_on` to `ends_on`, staff around them. Cycles are the usual ones here."""

    __tablename__ = "school_year"
    __table_args__ = (
        UniqueConstraint("organization_id", "label"),
        CheckConstraint("ends_on > starts_on", name="forward"),
        CheckConstraint("staff_from <= starts_on AND staff_until >= ends_on", name="staff_around"),
        CheckConstraint(f"cycle_length BETWEEN 1 AND {LONGEST}", name="cycle_length"),
    )

    label: Mapped[str] = mapped_column(String(20))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    staff_from: Mapped[date]
    staff_until: Mapped[date]
    cycle_length: Mapped[int] = mapped_column(default=10)
    reflow: Mapped[Reflow] = mapped_column(Code(Reflow), default=Reflow.SLIDE)


class CycleRotation(Identified, OfOrganization, Base):
    """A numbering of class days that differs from the board's: of a building (`level` "") or of one of its levels."""

    __tablename__ = "cycle_rotation"
    __table_args__ = (
        UniqueConstraint("school_year_id", "building_id", "level"),
        CheckConstraint(f"length BETWEEN 1 AND {LONGEST} AND first_day BETWEEN 1 AND length", name="length"),
    )

    school_year_id: Mapped[UUID] = mapped_column(ForeignKey("school_year.id", ondelete="CASCADE"))
    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"), index=True)
    level: Mapped[str] = mapped_column(String(12), default=EVERY_LEVEL)
    length: Mapped[int]
    reflow: Mapped[Reflow] = mapped_column(Code(Reflow))
    first_day: Mapped[int] = mapped_column(default=1)


class DayMark(Identified, OfOrganization, Base):
    """One layer's word on one date. `target_id` is the board, the school or the building that speaks."""

    __tablename__ = "day_mark"
    __table_args__ = (UniqueConstraint("school_year_id", "target_id", "level", "on_date", "portion"),)

    school_year_id: Mapped[UUID] = mapped_column(ForeignKey("school_year.id", ondelete="CASCADE"))
    layer: Mapped[Layer] = mapped_column(Code(Layer))
    target_id: Mapped[UUID]
    level: Mapped[str] = mapped_column(String(12), default=EVERY_LEVEL)
    on_date: Mapped[date]
    portion: Mapped[Portion] = mapped_column(Code(Portion), default=Portion.WHOLE)
    day_type: Mapped[DayType] = mapped_column(Code(DayType))
    label: Mapped[str | None] = mapped_column(String(80))
    rank: Mapped[int | None]  # of a conditional day: 1 for F1


class Sector(Identified, OfOrganization, Base):
    """Buildings that weather and roads treat alike."""

    __tablename__ = "sector"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    name: Mapped[str] = mapped_column(String(60))


class SectorBuilding(Base):
    __tablename__ = "sector_building"

    sector_id: Mapped[UUID] = mapped_column(ForeignKey("sector.id", ondelete="CASCADE"), primary_key=True)
    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"), primary_key=True, index=True)


class Closure(Identified, OfOrganization, Base):
    """What nobody had planned, over a board, a sector, a school or a building: `day_type` CLOSURE or SUSPENSION, or
    CLASS for a conditional day that became a class day. Lifted rather than removed: who said so and when is kept."""

    __tablename__ = "closure"
    __table_args__ = (Index("ix__closure__organization_date", "organization_id", "on_date"),)

    scope: Mapped[ClosureScope] = mapped_column(Code(ClosureScope))
    target_id: Mapped[UUID]
    on_date: Mapped[date]
    portion: Mapped[Portion] = mapped_column(Code(Portion), default=Portion.WHOLE)
    day_type: Mapped[DayType] = mapped_column(Code(DayType))
    label: Mapped[str | None] = mapped_column(String(80))
    declared_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime]
    lifted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None]


class CalendarChange(Identified, OfOrganization, Base):
    """One act on calendars and what it did to encounters, whole enough to be undone for a day.

    `before` holds the rows as they were, by table; `summary` counts what moved. Ids, dates and codes only.
    """

    __tablename__ = "calendar_change"

    kind: Mapped[CalendarAct] = mapped_column(Code(CalendarAct))
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime]
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class SchoolDay(Base):
    """What a date is at a building: the only truth on school days and on the cycle.

    Laid from the layers by `usecases.school_days`. `level` is "" for the building, or one level that differs from it.
    `printed_day` is the number the calendar had before anything unplanned.
    """

    __tablename__ = "school_day"

    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"), primary_key=True)
    level: Mapped[str] = mapped_column(String(12), primary_key=True, default=EVERY_LEVEL)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    day_type: Mapped[DayType] = mapped_column(Code(DayType))  # of the morning, where the afternoon differs
    afternoon: Mapped[DayType | None] = mapped_column(Code(DayType))  # null: as the morning
    cycle_day: Mapped[int | None]
    cycle_number: Mapped[int | None]  # which turn of the cycle, from 1
    printed_day: Mapped[int | None]
    layer: Mapped[Layer] = mapped_column(Code(Layer), default=Layer.ORGANIZATION)
    label: Mapped[str | None] = mapped_column(String(80))
    rank: Mapped[int | None]


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
