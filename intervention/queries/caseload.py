"""The pupils whom a reader may open, by school and code, with the last and the next séance of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import NotFound
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.queries.scope import is_of_class_taught, leaves_class, visible_encounters, visible_pupils
from intervention.records.encounters import Encounter, Participation
from intervention.records.people import ClassGroup, FollowUp, NeedGroup, NeedGroupMember, Pupil
from intervention.records.schools import Building

A_PAGE = 60
NAMED_BY = frozenset({Role.PRINCIPAL, Role.SECRETARY, Role.TEACHER, Role.PROFESSIONAL})


@dataclass(frozen=True, slots=True)
class CaseloadAsk:
    """`is_unplanned`: followed, with nothing to come."""

    building_id: UUID | None = None
    is_unplanned: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class PupilLine:
    """`name` is empty for who coordinates: the code is enough to plan.

    `last_on` and `next_at` are of the séances that the reader may know of; to a teacher, when the pupil leaves class.
    `is_followed`: somebody follows the pupil, as far as the reader knows.
    """

    id: UUID
    code: str
    name: str
    building: str
    class_name: str
    last_on: date | None
    next_at: datetime | None
    zone: str
    is_followed: bool
    is_taught: bool


@dataclass(frozen=True, slots=True)
class Caseload:
    """`buildings` are those of all the pupils that the reader may open, for the filter."""

    pupils: tuple[PupilLine, ...]
    groups: tuple[tuple[UUID, str, int], ...]
    buildings: tuple[tuple[UUID, str], ...]
    total: int

    @property
    def is_of_taught(self) -> bool:
        return any(each.is_taught for each in self.pupils)


def caseload(session: Session, actor: Actor, now: datetime, ask: CaseloadAsk) -> Caseload:
    """Those one follows, teaches, or has in one's school; for who coordinates, every pupil by code."""
    wanted = [visible_pupils(actor), Pupil.archived_on.is_(None)]
    buildings = session.execute(
        select(Building.id, Building.short_name)
        .where(Building.id.in_(select(Pupil.building_id).where(*wanted)))
        .order_by(Building.short_name)
    )
    if ask.building_id is not None:
        wanted.append(Pupil.building_id == ask.building_id)
    if ask.is_unplanned:
        wanted += [_is_followed(actor, now), Pupil.id.not_in(_with_more(actor, now))]
    total = session.scalar(select(func.count()).select_from(Pupil).where(*wanted)) or 0
    lines = pupil_lines(session, actor, now, *wanted, offset=(ask.page - 1) * A_PAGE)
    return Caseload(tuple(lines), tuple(_groups(session, actor)), tuple((row[0], row[1]) for row in buildings), total)


def pupil_code(session: Session, actor: Actor, pupil_id: UUID) -> str:
    """Raises NotFound for a pupil whom the actor may not open."""
    code = session.scalar(select(Pupil.code).where(Pupil.id == pupil_id, visible_pupils(actor)))
    if code is None:
        raise NotFound
    return code


def _known(actor: Actor) -> ColumnElement[bool]:
    """Of which séances of a pupil the reader may know the day."""
    return or_(visible_encounters(actor), and_(is_of_class_taught(actor), leaves_class(actor)))


def _with_more(actor: Actor, now: datetime) -> Select[UUID]:
    """The pupils who have a séance to come, as far as the reader may know."""
    return (
        select(Pupil.id)
        .join(Participation, Participation.pupil_id == Pupil.id)
        .join(Encounter, Encounter.id == Participation.encounter_id)
        .where(Encounter.status == EncounterStatus.PLANNED, Encounter.starts_at > now, _known(actor))
    )


def _is_followed(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """A professional asks of her own follow-ups; for anybody else a confidential one is not there."""
    whose = (
        FollowUp.person_id == actor.person_id
        if Role.PROFESSIONAL in actor.roles
        else FollowUp.is_confidential.is_(False)
    )
    still = or_(FollowUp.ends_on.is_(None), FollowUp.ends_on >= now.date())
    return exists().where(FollowUp.pupil_id == Pupil.id, whose, still).correlate(Pupil)


def pupil_lines(
    session: Session, actor: Actor, now: datetime, *wanted: ColumnElement[bool], offset: int = 0
) -> list[PupilLine]:
    """A page of those who answer `wanted`, which says too that the actor may open them."""
    statement = (
        select(
            Pupil, Building.short_name, Building.zone, ClassGroup.name, _is_followed(actor, now),
            is_of_class_taught(actor),
        )
        .join(Building, Building.id == Pupil.building_id)
        .outerjoin(ClassGroup, ClassGroup.id == Pupil.class_group_id)
        .where(*wanted)
        .order_by(Building.short_name, Pupil.code)
        .limit(A_PAGE)
        .offset(offset)
    )  # fmt: skip
    named = bool(actor.roles & NAMED_BY)
    rows = session.execute(statement).all()
    around = _last_and_next(session, actor, now, [row.Pupil.id for row in rows])
    return [
        PupilLine(
            pupil.id,
            pupil.code,
            f"{pupil.given_name} {pupil.family_name}" if named else "",
            building,
            class_name or "",
            *around.get(pupil.id, (None, None)),
            zone or actor.zone,
            bool(is_followed),
            bool(is_taught),
        )
        for pupil, building, zone, class_name, is_followed, is_taught in rows
    ]


def _last_and_next(
    session: Session, actor: Actor, now: datetime, pupils: Sequence[UUID]
) -> dict[UUID, tuple[date | None, datetime | None]]:
    """By pupil, the day of the last séance given and when the next one begins. Asked of those shown alone: beside
    each pupil of a list, the database would look at every séance to come of the board.
    """
    given = case((Encounter.status == EncounterStatus.COMPLETED, Encounter.on_date))
    is_coming = (Encounter.status == EncounterStatus.PLANNED) & (Encounter.starts_at > now)
    rows = session.execute(
        select(Pupil.id, func.max(given), func.min(case((is_coming, Encounter.starts_at))))
        .join(Participation, Participation.pupil_id == Pupil.id)
        .join(Encounter, Encounter.id == Participation.encounter_id)
        .where(Pupil.id.in_(pupils), _known(actor))
        .where(Encounter.status.in_((EncounterStatus.COMPLETED, EncounterStatus.PLANNED)))
        .group_by(Pupil.id)
    )
    return {pupil_id: (last_on, next_at) for pupil_id, last_on, next_at in rows}


def _groups(session: Session, actor: Actor) -> list[tuple[UUID, str, int]]:
    rows = session.execute(
        select(NeedGroup.id, NeedGroup.name, func.count())
        .join(NeedGroupMember, NeedGroupMember.need_group_id == NeedGroup.id)
        .where(NeedGroup.person_id == actor.person_id, NeedGroup.organization_id == actor.organization_id)
        .group_by(NeedGroup.id, NeedGroup.name)
        .order_by(NeedGroup.name)
    )
    return [(row[0], row[1], row[2]) for row in rows]
