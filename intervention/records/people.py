"""Boards, and the people in and around them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intervention.domain.ids import new_id
from intervention.domain.people import Discipline, GuestRelation, Level, ResourceKind, Role
from intervention.records.base import Base, Code, Identified, OfOrganization


class Organization(Identified, Base):
    """A school service centre or school board. `version` grows with any change that slot search caches."""

    __tablename__ = "organization"

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(40))
    zone: Mapped[str] = mapped_column(String(64), default="America/Toronto")
    locale: Mapped[str] = mapped_column(String(5), default="fr")
    is_demo: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    small_cell_minimum: Mapped[int] = mapped_column(default=5)
    day_limit_minutes: Mapped[int] = mapped_column(default=480)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Resource(OfOrganization, Base):
    """What can be in one place at a time. Its id is the id of the person, pupil, group, room, kit or vehicle."""

    __tablename__ = "resource"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[ResourceKind] = mapped_column(Code(ResourceKind))


class Person(Base):
    """An adult with a name. `organization_id` is the home board; roles elsewhere are memberships."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    given_name: Mapped[str] = mapped_column(String(80))
    family_name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(5), default="fr")
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    disabled_at: Mapped[datetime | None]

    memberships: Mapped[list[Membership]] = relationship(back_populates="person", foreign_keys="Membership.person_id")
    professional: Mapped[Professional | None] = relationship(back_populates="person")

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Membership(Identified, OfOrganization, Base):
    """One role of one person in one organization, limited to a school or a building where the role is local."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("organization_id", "person_id", "role", "school_id", "building_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(Code(Role))
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("school.id"))
    building_id: Mapped[UUID | None] = mapped_column(ForeignKey("building.id"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="memberships", foreign_keys=[person_id])


class Professional(Base):
    """What scheduling needs to know of a professional. Minutes unless the name says otherwise."""

    __tablename__ = "professional"
    __table_args__ = (
        CheckConstraint("max_buildings_per_day BETWEEN 1 AND 12", name="max_buildings"),
        CheckConstraint("lunch_minutes BETWEEN 0 AND 120", name="lunch_minutes"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    home_building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"))
    discipline: Mapped[Discipline] = mapped_column(Code(Discipline))
    other_disciplines: Mapped[list[str]] = mapped_column(JSON, default=list)
    weekly_minutes: Mapped[int] = mapped_column(default=35 * 60)
    max_buildings_per_day: Mapped[int] = mapped_column(default=3)
    lunch_minutes: Mapped[int] = mapped_column(default=45)
    lunch_from_local: Mapped[time] = mapped_column(default=time(11, 15))
    lunch_until_local: Mapped[time] = mapped_column(default=time(13, 30))

    person: Mapped[Person] = relationship(back_populates="professional")


class Facilitator(Base):
    """The adult beside the pupil, at one building."""

    __tablename__ = "facilitator"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"), index=True)
    is_trained: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship()


class ClassGroup(Base):
    """A whole class as one party, with its homeroom teacher."""

    __tablename__ = "class_group"
    __table_args__ = (UniqueConstraint("organization_id", "building_id", "name"),)

    id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"))
    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    level: Mapped[Level] = mapped_column(Code(Level))
    teacher_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_active: Mapped[bool] = mapped_column(default=True)


class Pupil(Base):
    """A pupil. `code` is what staff say aloud; the name is disclosed by `domain.privacy` only."""

    __tablename__ = "pupil"
    __table_args__ = (UniqueConstraint("organization_id", "code"),)

    id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"))
    building_id: Mapped[UUID] = mapped_column(ForeignKey("building.id"), index=True)
    class_group_id: Mapped[UUID | None] = mapped_column(ForeignKey("class_group.id"), index=True)
    code: Mapped[str] = mapped_column(String(16))
    given_name: Mapped[str] = mapped_column(String(80))
    family_name: Mapped[str] = mapped_column(String(80))
    level: Mapped[Level] = mapped_column(Code(Level))
    grade: Mapped[str | None] = mapped_column(String(20))
    born_month: Mapped[str | None] = mapped_column(String(7))  # YYYY-MM, only where the age-14 rule needs it
    archived_on: Mapped[date | None]  # gone from every list and from booking; what was given stays


class FollowUp(Identified, OfOrganization, Base):
    """A professional follows a pupil (her caseload). `is_confidential`: mandate given by parent or pupil."""

    __tablename__ = "follow_up"
    __table_args__ = (UniqueConstraint("person_id", "pupil_id", "discipline"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupil.id"), index=True)
    discipline: Mapped[Discipline] = mapped_column(Code(Discipline))
    is_confidential: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class NeedGroup(Identified, OfOrganization, Base):
    """A small group of pupils, perhaps of several schools, who share a difficulty."""

    __tablename__ = "need_group"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))  # a label such as « Langage 2 », never a pupil's name
    discipline: Mapped[Discipline] = mapped_column(Code(Discipline))


class NeedGroupMember(Base):
    __tablename__ = "need_group_member"

    need_group_id: Mapped[UUID] = mapped_column(ForeignKey("need_group.id"), primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("pupil.id"), primary_key=True)


class Guest(Identified, OfOrganization, Base):
    """A parent, interpreter or partner: no account, comes in by a confidential link."""

    __tablename__ = "guest"

    name: Mapped[str] = mapped_column(String(160))
    relation: Mapped[GuestRelation] = mapped_column(Code(GuestRelation))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(5), default="fr")
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("pupil.id"))
