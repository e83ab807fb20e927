"""Encounters a page at a time, and one of them with what its changers need, each in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from intervention.domain.encounters import ActKind, Attendance, EncounterStatus, ParticipantRole
from intervention.domain.errors import NotFound
from intervention.domain.permissions import Action, Actor
from intervention.domain.privacy import Audience, EncounterFacts, view_for
from intervention.queries.encounters import encounter_for
from intervention.queries.facts import facts_of, facts_where
from intervention.queries.scope import visible_encounters
from intervention.records.encounters import Encounter, EncounterAct, EncounterSite, Participation
from intervention.records.people import Person

READS_PARTICIPATIONS = frozenset({Audience.HOST, Audience.COORDINATION})


@dataclass(frozen=True, slots=True)
class EncounterFilter:
    """`person_id` hosts, takes part or accompanies. `after` is the start and id of the last one already read."""

    limit: int
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    person_id: UUID | None = None
    building_id: UUID | None = None
    status: EncounterStatus | None = None
    after: tuple[datetime, UUID] | None = None


@dataclass(frozen=True, slots=True)
class ParticipationLine:
    """`type` is `person`, `pupil`, `class_group` or `guest`; `attendance` only where the reader states it."""

    id: UUID
    site_id: UUID
    type: str
    subject_id: UUID
    role: ParticipantRole
    is_required: bool
    attendance: Attendance | None


@dataclass(frozen=True, slots=True)
class ActLine:
    kind: ActKind
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class EncounterDetail:
    view: EncounterFacts
    participations: tuple[ParticipationLine, ...] | None
    acts: tuple[ActLine, ...] | None


def encounters(session: Session, actor: Actor, wanted: EncounterFilter) -> list[EncounterFacts]:
    """By start then id. Four statements, whatever their number."""
    found = facts_where(session, visible_encounters(actor), *_conditions(wanted), limit=wanted.limit)
    return [view_for(actor, facts) for facts in found]


def encounter_detail(session: Session, actor: Actor, encounter_id: UUID) -> EncounterDetail:
    """Raises NotFound when it is not for this actor's eyes."""
    encounter = encounter_for(session, actor, encounter_id, Action.SEE_ENCOUNTER)
    facts = facts_of(session, encounter.id)
    if facts is None:
        raise NotFound
    view = view_for(actor, facts)
    reads = view.audience in READS_PARTICIPATIONS
    return EncounterDetail(
        view,
        _participations(encounter, view) if reads else None,
        _acts(session, encounter.id) if reads else None,
    )


def _participations(encounter: Encounter, view: EncounterFacts) -> tuple[ParticipationLine, ...]:
    is_host, told = view.audience is Audience.HOST, {pupil.id for pupil in view.pupils}
    return tuple(
        ParticipationLine(
            p.id, p.site_id, kind, subject_id, p.role, p.is_required, p.attendance if is_host else None
        )
        for p in sorted(encounter.participations, key=lambda p: p.id)
        for kind, subject_id in (
            ("person", p.person_id), ("pupil", p.pupil_id), ("class_group", p.class_group_id), ("guest", p.guest_id),
        )
        if subject_id is not None and (kind != "pupil" or subject_id in told)
    )  # fmt: skip


def _acts(session: Session, encounter_id: UUID) -> tuple[ActLine, ...]:
    rows = session.execute(
        select(EncounterAct, Person)
        .join(Person, Person.id == EncounterAct.actor_id)
        .where(EncounterAct.encounter_id == encounter_id)
        .order_by(EncounterAct.done_at, EncounterAct.id)
    )
    return tuple(ActLine(act.kind, act.done_at, person.full_name, act.reason or "") for act, person in rows)


def _conditions(wanted: EncounterFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.starts_from is not None:
        found.append(Encounter.starts_at >= wanted.starts_from)
    if wanted.starts_before is not None:
        found.append(Encounter.starts_at < wanted.starts_before)
    if wanted.status is not None:
        found.append(Encounter.status == wanted.status)
    if wanted.building_id is not None:
        found.append(
            exists().where(EncounterSite.encounter_id == Encounter.id, EncounterSite.building_id == wanted.building_id)
        )
    if wanted.person_id is not None:
        found.append(with_person(wanted.person_id))
    if wanted.after is not None:
        at, last = wanted.after
        found.append(or_(Encounter.starts_at > at, (Encounter.starts_at == at) & (Encounter.id > last)))
    return found


def with_person(person_id: UUID) -> ColumnElement[bool]:
    """A condition on `Encounter`: the person hosts it, takes part or accompanies."""
    return or_(
        Encounter.host_id == person_id,
        exists().where(Participation.encounter_id == Encounter.id, Participation.person_id == person_id),
        exists().where(EncounterSite.encounter_id == Encounter.id, EncounterSite.facilitator_id == person_id),
    )
