"""Encounters: their sites, the people at each, and what was done to them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intervention.domain.encounters import (
    ActKind,
    Attendance,
    Axis,
    CancellationCause,
    Confidentiality,
    EncounterKind,
    EncounterStatus,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.people import Discipline
from intervention.domain.spans import Span
from intervention.records.base import Base, Code, Identified, OfOrganization
from intervention.records.series import Series


class Encounter(Identified, OfOrganization, Base):
    """A séance. Planned as wall time in a zone (`on_date`, `starts_local`, `zone`); `starts_at` is that instant.

    `version` is the optimistic lock of every edit; `revision` grows only when a calendar would show a change.
    """

    __tablename__ = "encounter"
    __table_args__ = (
        Index("ix__encounter__host_start", "host_id", "starts_at"),
        Index("ix__encounter__organization_start", "organization_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="forward"),
    )

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)  # RFC 7986 §5.3: random, identifies nobody
    kind: Mapped[EncounterKind] = mapped_column(Code(EncounterKind))
    axis: Mapped[Axis] = mapped_column(Code(Axis))
    discipline: Mapped[Discipline] = mapped_column(Code(Discipline))
    modality: Mapped[Modality] = mapped_column(Code(Modality))
    modality_reason: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[EncounterStatus] = mapped_column(Code(EncounterStatus), default=EncounterStatus.PLANNED)
    confidentiality: Mapped[Confidentiality] = mapped_column(Code(Confidentiality))
    host_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    need_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("need_group.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    on_date: Mapped[date]
    starts_local: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    objective: Mapped[str | None] = mapped_column(String(200))
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey(Series.id), index=True)
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[datetime | None]
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    sites: Mapped[list[EncounterSite]] = relationship(
        back_populates="encounter", order_by="EncounterSite.position", cascade="all, delete-orphan"
    )
    participations: Mapped[list[Participation]] = relationship(back_populates="encounter", cascade="all, delete-orphan")
    acts: Mapped[list[EncounterAct]] = relationship(order_by="EncounterAct.done_at", back_populates="encounter")
    cancellation: Mapped[Cancellation | None] = relationship(
        primaryjoin="and_(Cancellation.encounter_id == Encounter.id, Cancellation.undone_at.is_(None))", viewonly=True
    )

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


class EncounterSite(Identified, Base):
    """A place that takes part. `has_host`: the professional is physically there."""

    __tablename__ = "encounter_site"
    __table_args__ = (
        Index("ix__encounter_site__facilitator_id_encounter_id", "facilitator_id", "encounter_id"),
        Index("ix__encounter_site__room_id_encounter_id", "room_id", "encounter_id"),
        Index("ix__encounter_site__building_id_encounter_id", "building_id", "encounter_id"),
    )

    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    place: Mapped[PlaceKind] = mapped_column(Code(PlaceKind))
    building_id: Mapped[UUID | None] = mapped_column(ForeignKey("building.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("room.id"))
    kit_id: Mapped[UUID | None] = mapped_column(ForeignKey("kit.id"))
    facilitator_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    has_host: Mapped[bool] = mapped_column(default=False)

    encounter: Mapped[Encounter] = relationship(back_populates="sites")


class Participation(Identified, Base):
    """Somebody at a site: exactly one of person, pupil, class group or guest."""

    __tablename__ = "participation"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN pupil_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN class_group_id IS NULL THEN 0 ELSE 1 END + CASE WHEN guest_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_subject",
        ),
        Index("ix__participation__person_id_encounter_id", "person_id", "encounter_id"),
        Index("ix__participation__pupil_id_encounter_id", "pupil_id", "encounter_id"),
        Index("ix__participation__class_group_id_encounter_id", "class_group_id", "encounter_id"),
    )

    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("encounter_site.id", ondelete="CASCADE"), index=True)
    role: Mapped[ParticipantRole] = mapped_column(Code(ParticipantRole))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("pupil.id"))
    class_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("class_group.id"))
    guest_id: Mapped[UUID | None] = mapped_column(ForeignKey("guest.id"), index=True)
    is_required: Mapped[bool] = mapped_column(default=True)
    attendance: Mapped[Attendance | None] = mapped_column(Code(Attendance))

    encounter: Mapped[Encounter] = relationship(back_populates="participations")

    @property
    def resource_id(self) -> UUID | None:
        """What this participation occupies; a guest is nobody's resource."""
        return self.person_id or self.pupil_id or self.class_group_id


class EncounterAct(Identified, Base):
    """One line of an encounter's history: who, when, what, why. `changes` holds ids and instants only."""

    __tablename__ = "encounter_act"

    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ActKind] = mapped_column(Code(ActKind))
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(200))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    encounter: Mapped[Encounter] = relationship(back_populates="acts")


class Cancellation(Identified, Base):
    """A cancelled séance: its cause, its author, and the undoing if there was one."""

    __tablename__ = "cancellation"

    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    cause: Mapped[CancellationCause] = mapped_column(Code(CancellationCause))
    note: Mapped[str | None] = mapped_column(String(200))
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Consent(Identified, OfOrganization, Base):
    """Free and informed consent for a pupil: service × modality, who gave it, until when."""

    __tablename__ = "consent"

    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupil.id"), index=True)
    discipline: Mapped[Discipline] = mapped_column(Code(Discipline))
    covers_remote: Mapped[bool]
    given_by: Mapped[str] = mapped_column(String(20))  # capacity: parent, pupil (14 and over), tutor
    form: Mapped[str] = mapped_column(String(10), default="written")
    given_on: Mapped[date]
    expires_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
