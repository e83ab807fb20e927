"""The bulk timetable of a professional for a school year, before and after its series are published."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intervention.domain.encounters import EncounterKind, Modality
from intervention.domain.people import Discipline
from intervention.domain.timetable import TimetableStatus
from intervention.records.base import Base, Code, Identified, OfOrganization


class Timetable(Identified, OfOrganization, Base):
    """One per professional and year. `version` is the optimistic lock of every edit of its lines and places."""

    __tablename__ = "timetable"
    __table_args__ = (UniqueConstraint("person_id", "school_year_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    school_year_id: Mapped[UUID] = mapped_column(ForeignKey("school_year.id", ondelete="CASCADE"))
    status: Mapped[TimetableStatus] = mapped_column(Code(TimetableStatus), default=TimetableStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class TimetableLine(Identified, Base):
    """A pupil, a need group or a class, how long and how often in a cycle. `modality` and `building_id` are wishes."""

    __tablename__ = "timetable_line"
    __table_args__ = (
        CheckConstraint(
            "(pupil_id IS NOT NULL AND need_group_id IS NULL AND class_group_id IS NULL)"
            " OR (pupil_id IS NULL AND need_group_id IS NOT NULL AND class_group_id IS NULL)"
            " OR (pupil_id IS NULL AND need_group_id IS NULL AND class_group_id IS NOT NULL)",
            name="one_subject",
        ),
        CheckConstraint("times BETWEEN 1 AND 10 AND minutes BETWEEN 5 AND 240", name="amounts"),
        CheckConstraint("every BETWEEN 1 AND 2", name="rhythm"),
    )

    timetable_id: Mapped[UUID] = mapped_column(ForeignKey("timetable.id", ondelete="CASCADE"), index=True)
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("pupil.id"))
    need_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("need_group.id", ondelete="CASCADE"))
    class_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("class_group.id"))
    kind: Mapped[EncounterKind] = mapped_column(Code(EncounterKind))
    discipline: Mapped[Discipline] = mapped_column(Code(Discipline))
    minutes: Mapped[int]
    times: Mapped[int] = mapped_column(default=1)
    every: Mapped[int] = mapped_column(default=1)  # 2: one cycle, or one week, in two
    modality: Mapped[Modality | None] = mapped_column(Code(Modality))
    building_id: Mapped[UUID | None] = mapped_column(ForeignKey("building.id"))  # where she goes, of several schools
    is_confidential: Mapped[bool] = mapped_column(default=False)  # known to its professional alone


class TimetableSlot(Identified, Base):
    """One place of a line on the grid. With its series it is published, and no longer edited here."""

    __tablename__ = "timetable_slot"
    __table_args__ = (
        CheckConstraint("(cycle_day IS NULL) <> (weekday IS NULL)", name="one_day"),
        CheckConstraint("cycle_day BETWEEN 1 AND 20 AND weekday IS NULL OR weekday BETWEEN 1 AND 7", name="day"),
        CheckConstraint("turn BETWEEN 0 AND 2", name="turn"),
    )

    line_id: Mapped[UUID] = mapped_column(ForeignKey("timetable_line.id", ondelete="CASCADE"), index=True)
    cycle_day: Mapped[int | None]
    weekday: Mapped[int | None]
    starts_local: Mapped[time]
    turn: Mapped[int] = mapped_column(default=0)  # `domain.timetable.Cell.turn`
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"), index=True)
