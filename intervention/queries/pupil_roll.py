"""The board's pupils as administrators keep them: by code, a page at a time, and one pupil's facts to correct."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intervention.domain.errors import NotFound
from intervention.domain.people import Level
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.pupils import Enrolment, PupilFacts
from intervention.domain.seen import Facts
from intervention.records.people import ClassGroup, Pupil
from intervention.records.schools import Building, School, SchoolBuilding

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class RollAsk:
    """`code`: how the code begins. `after`: the code that the page before ended with."""

    code: str = ""
    school_id: UUID | None = None
    class_group_id: UUID | None = None
    is_archived: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class RollLine:
    """No name: the code is enough to find whose page to open."""

    id: UUID
    code: str
    school: str
    building: str
    class_name: str
    level: Level
    grade: str


@dataclass(frozen=True, slots=True)
class Roll:
    """`next_after` goes into the next `RollAsk.after`; None on the last page."""

    lines: tuple[RollLine, ...]
    total: int
    next_after: str | None


@dataclass(frozen=True, slots=True)
class RollChoices:
    """`places`: (school, building, words); `classes`: (class, words)."""

    schools: tuple[tuple[UUID, str], ...]
    places: tuple[tuple[UUID, UUID, str], ...]
    classes: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class KeptPupil:
    id: UUID
    facts: PupilFacts
    enrolment: Enrolment
    archived_on: date | None

    @property
    def shown(self) -> Facts:
        return {each.name: getattr(self.facts, each.name) for each in fields(self.facts)}

    @property
    def place_shown(self) -> Facts:
        place = self.enrolment
        return {"school": (place.school_id, place.building_id), "class_group": place.class_group_id}

    @property
    def all_shown(self) -> Facts:
        return {**self.shown, **self.place_shown, "archive": self.archived_on is not None}


def roll(session: Session, actor: Actor, ask: RollAsk) -> Roll:
    """In the order of codes. Raises NotAllowed."""
    require(actor, Action.EDIT_PUPILS, Subject(actor.organization_id))
    wanted = [
        Pupil.organization_id == actor.organization_id,
        Pupil.archived_on.is_not(None) if ask.is_archived else Pupil.archived_on.is_(None),
    ]
    if ask.code:
        wanted.append(func.upper(Pupil.code).startswith(ask.code.upper(), autoescape=True))
    if ask.school_id is not None:
        wanted.append(Pupil.school_id == ask.school_id)
    if ask.class_group_id is not None:
        wanted.append(Pupil.class_group_id == ask.class_group_id)
    total = session.scalar(select(func.count()).select_from(Pupil).where(*wanted)) or 0
    rows = session.execute(
        select(Pupil.id, Pupil.code, School.name, Building.short_name, ClassGroup.name, Pupil.level, Pupil.grade)
        .join(School, School.id == Pupil.school_id)
        .join(Building, Building.id == Pupil.building_id)
        .outerjoin(ClassGroup, ClassGroup.id == Pupil.class_group_id)
        .where(*wanted, Pupil.code > ask.after)
        .order_by(Pupil.code)
        .limit(A_PAGE + 1)
    ).all()
    lines = tuple(RollLine(r[0], r[1], r[2], r[3], r[4] or "", r[5], r[6] or "") for r in rows[:A_PAGE])
    return Roll(lines, total, lines[-1].code if len(rows) > A_PAGE else None)


def roll_choices(session: Session, actor: Actor) -> RollChoices:
    """What a pupil may be put in: schools, buildings and classes in service. Raises NotAllowed."""
    require(actor, Action.EDIT_PUPILS, Subject(actor.organization_id))
    places = session.execute(
        select(School.id, Building.id, School.name, Building.name, Building.municipality)
        .join(SchoolBuilding, SchoolBuilding.school_id == School.id)
        .join(Building, Building.id == SchoolBuilding.building_id)
        .where(School.organization_id == actor.organization_id, School.is_active, Building.is_active)
        .order_by(School.name, Building.name)
    ).all()
    classes = session.execute(
        select(ClassGroup.id, ClassGroup.name, Building.short_name)
        .join(Building, Building.id == ClassGroup.building_id)
        .where(ClassGroup.organization_id == actor.organization_id, ClassGroup.is_active)
        .order_by(Building.short_name, ClassGroup.name)
    )
    return RollChoices(
        tuple({row[0]: row[2] for row in places}.items()),
        tuple((row[0], row[1], row[2] if row[2] == row[3] else f"{row[2]}, {row[3]}, {row[4]}") for row in places),
        tuple((row[0], f"{row[1]}, {row[2]}") for row in classes),
    )


def kept_pupil(session: Session, actor: Actor, pupil_id: UUID) -> KeptPupil:
    """Raises NotFound for another board's pupil, NotAllowed."""
    row = session.get(Pupil, pupil_id)
    if row is None:
        raise NotFound
    require(actor, Action.EDIT_PUPILS, Subject(row.organization_id, buildings=frozenset({row.building_id})))
    facts = PupilFacts(
        row.code, row.given_name, row.family_name, row.level, row.grade, row.born_month,
        is_age_needed=row.born_month is not None,
    )  # fmt: skip
    return KeptPupil(row.id, facts, Enrolment(row.school_id, row.building_id, row.class_group_id), row.archived_on)
