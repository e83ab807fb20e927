"""The pupils whom a reader may open, and one pupil's séances. Opening a pupil's page is an act that is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import NotFound
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Actor
from intervention.domain.privacy import EncounterFacts, audience_of, view_of
from intervention.queries.facts import facts_where
from intervention.queries.scope import visible_encounters, visible_pupils
from intervention.records.encounters import Consent, Encounter, Participation
from intervention.records.people import ClassGroup, FollowUp, NeedGroup, NeedGroupMember, Pupil
from intervention.records.schools import Building

A_PAGE = 60
A_LIST = 30
NAMED_BY = frozenset({Role.PRINCIPAL, Role.SECRETARY, Role.TEACHER, Role.PROFESSIONAL})


@dataclass(frozen=True, slots=True)
class PupilLine:
    """`name` is empty for who coordinates: the code is enough to plan."""

    id: UUID
    code: str
    name: str
    building: str
    class_name: str
    last_on: date | None
    next_at: datetime | None
    zone: str


@dataclass(frozen=True, slots=True)
class Caseload:
    pupils: tuple[PupilLine, ...]
    groups: tuple[tuple[UUID, str, int], ...]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    discipline: Discipline
    covers_remote: bool
    given_by: str
    form: str
    given_on: date
    expires_on: date | None
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a long list of séances, and whether another follows."""

    encounters: tuple[EncounterFacts, ...]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class PupilPage:
    line: PupilLine
    grade: str
    followed_for: tuple[Discipline, ...]
    coming: Part
    past: Part
    consents: tuple[ConsentFacts, ...]
    archived_on: date | None


def caseload(session: Session, actor: Actor, now: datetime, *, page: int = 1) -> Caseload:
    """Those one follows, teaches, or has in one's school; for who coordinates, every pupil by code."""
    here = select(func.count()).select_from(Pupil).where(visible_pupils(actor), Pupil.archived_on.is_(None))
    total = session.scalar(here) or 0
    return Caseload(
        tuple(_lines(session, actor, now, offset=(page - 1) * A_PAGE)), tuple(_groups(session, actor)), total, page
    )


def pupil_page(  # noqa: PLR0913 - two lists, each at a page of its own
    session: Session, actor: Actor, pupil_id: UUID, now: datetime, *, coming: int = 1, past: int = 1
) -> PupilPage:
    """What is coming, the soonest first, and what is past, the latest first.

    Raises NotFound for a pupil whom the actor may not open.
    """
    line = next(iter(_lines(session, actor, now, only=pupil_id)), None)
    if line is None:
        raise NotFound
    pupil = session.get_one(Pupil, pupil_id)
    return PupilPage(
        line,
        pupil.grade or "",
        tuple(
            session.scalars(
                select(FollowUp.discipline)
                .where(FollowUp.pupil_id == pupil_id, FollowUp.is_confidential.is_(False))
                .where(or_(FollowUp.ends_on.is_(None), FollowUp.ends_on >= now.date()))
                .distinct()
                .order_by(FollowUp.discipline)
            )
        ),
        _part(session, actor, pupil_id, Encounter.ends_at > now, page=coming),
        _part(session, actor, pupil_id, Encounter.ends_at <= now, page=past, latest=True),
        _consents(session, actor, pupil_id),
        pupil.archived_on,
    )


def _part(  # noqa: PLR0913 - whose, which and how far
    session: Session, actor: Actor, pupil_id: UUID, which: ColumnElement[bool], *, page: int, latest: bool = False
) -> Part:
    found = facts_where(
        session,
        visible_encounters(actor),
        Encounter.id.in_(select(Participation.encounter_id).where(Participation.pupil_id == pupil_id)),
        Encounter.status != EncounterStatus.HELD,
        which,
        limit=A_LIST + 1,
        skip=(page - 1) * A_LIST,
        latest=latest,
    )
    seen = tuple(view_of(facts, audience_of(actor, facts)) for facts in found[:A_LIST])
    return Part(seen, page, has_more=len(found) > A_LIST)


def pupil_code(session: Session, actor: Actor, pupil_id: UUID) -> str:
    """Raises NotFound for a pupil whom the actor may not open."""
    code = session.scalar(select(Pupil.code).where(Pupil.id == pupil_id, visible_pupils(actor)))
    if code is None:
        raise NotFound
    return code


def _lines(
    session: Session, actor: Actor, now: datetime, *, only: UUID | None = None, offset: int = 0
) -> list[PupilLine]:
    statement = (
        select(Pupil, Building.short_name, Building.zone, ClassGroup.name)
        .join(Building, Building.id == Pupil.building_id)
        .outerjoin(ClassGroup, ClassGroup.id == Pupil.class_group_id)
        .where(visible_pupils(actor))
        .order_by(Building.short_name, Pupil.code)
        .limit(A_PAGE)
        .offset(offset)
    )
    statement = statement.where(Pupil.archived_on.is_(None) if only is None else Pupil.id == only)
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
        )
        for pupil, building, zone, class_name in rows
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
        select(Participation.pupil_id, func.max(given), func.min(case((is_coming, Encounter.starts_at))))
        .join(Encounter, Encounter.id == Participation.encounter_id)
        .where(Participation.pupil_id.in_(pupils), visible_encounters(actor))
        .where(Encounter.status.in_((EncounterStatus.COMPLETED, EncounterStatus.PLANNED)))
        .group_by(Participation.pupil_id)
    )
    return {pupil_id: (last_on, next_at) for pupil_id, last_on, next_at in rows if pupil_id is not None}


def _groups(session: Session, actor: Actor) -> list[tuple[UUID, str, int]]:
    rows = session.execute(
        select(NeedGroup.id, NeedGroup.name, func.count())
        .join(NeedGroupMember, NeedGroupMember.need_group_id == NeedGroup.id)
        .where(NeedGroup.person_id == actor.person_id, NeedGroup.organization_id == actor.organization_id)
        .group_by(NeedGroup.id, NeedGroup.name)
        .order_by(NeedGroup.name)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _consents(session: Session, actor: Actor, pupil_id: UUID) -> tuple[ConsentFacts, ...]:
    rows = session.scalars(
        select(Consent)
        .where(Consent.pupil_id == pupil_id, Consent.organization_id == actor.organization_id)
        .order_by(Consent.given_on.desc())
    )
    return tuple(
        ConsentFacts(c.discipline, c.covers_remote, c.given_by, c.form, c.given_on, c.expires_on, c.withdrawn_on)
        for c in rows
    )
