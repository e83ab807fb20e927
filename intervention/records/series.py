"""Series of encounters, and the dates that each stands for: explicit rows, never a rule to expand again elsewhere."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intervention.domain.encounters import Confidentiality, EncounterKind
from intervention.domain.people import Discipline
from intervention.domain.series import DateState, MakeUpState, SkipReason
from intervention.domain.series_change import SeriesActKind
from intervention.records.base import Base, Code, Identified, OfOrganization


class Series(Identified, OfOrganization, Base):
    """Wall time + zone + rule, and the arrangement that each date is booked with.

    `rule` is `domain.recurrence` as JSON; `plan` is the arrangement (sites, people, minutes) as `usecases.series` wrote
    it: ids and codes only. `version` is the optimistic lock of every edit.
    """

    __tablename__ = "series"
    __table_args__ = (CheckConstraint("last_on >= first_on", name="forward"),)

    host_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[EncounterKind] = mapped_column(Code(EncounterKind))
    discipline: Mapped[Discipline] = mapped_column(Code(Discipline))
    confidentiality: Mapped[Confidentiality] = mapped_column(Code(Confidentiality))
    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"))  # whose calendar and bells the rule is read on
    zone: Mapped[str] = mapped_column(String(64))
    starts_local: Mapped[time]
    minutes: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    objective: Mapped[str | None] = mapped_column(String(200))
    need_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("need_group.id"))
    continues_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"), index=True)  # what it was split from
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SeriesDate(Base):
    """One date that the rule gives, and what became of it; a skipped one can be taken back later."""

    __tablename__ = "series_date"

    series_id: Mapped[UUID] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[DateState] = mapped_column(Code(DateState))
    reason: Mapped[SkipReason | None] = mapped_column(Code(SkipReason))
    encounter_id: Mapped[UUID | None] = mapped_column(ForeignKey("encounter.id", ondelete="SET NULL"), index=True)


class SeriesAct(Identified, Base):
    """One line of a series' history: what brought it to `version`. `changes` holds ids, codes and times only."""

    __tablename__ = "series_act"

    series_id: Mapped[UUID] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    kind: Mapped[SeriesActKind] = mapped_column(Code(SeriesActKind))
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(200))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class MakeUp(Identified, OfOrganization, Base):
    """A séance that was not given and may be owed: the decision is a person's, never automatic."""

    __tablename__ = "make_up"

    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), unique=True)
    state: Mapped[MakeUpState] = mapped_column(Code(MakeUpState))
    since_at: Mapped[datetime]
    replaced_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("encounter.id", ondelete="SET NULL"), index=True)
    decided_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    note: Mapped[str | None] = mapped_column(String(200))
