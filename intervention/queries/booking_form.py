"""Whom a booking sheet offers: the host's pupils, groups and colleagues, as the reader may know them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import KIND_RULES, EncounterKind, ParticipantRole
from intervention.domain.errors import NotFound
from intervention.domain.people import Discipline, GuestRelation, Role
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.queries.scope import is_followed_still, visible_guests, visible_pupils
from intervention.records.people import (
    ClassGroup,
    FollowUp,
    Guest,
    Membership,
    NeedGroup,
    NeedGroupMember,
    Person,
    Professional,
    Pupil,
)
from intervention.records.schools import Building, School

_ROLE_OF = {
    Role.TEACHER: ParticipantRole.TEACHER,
    Role.PRINCIPAL: ParticipantRole.PRINCIPAL,
    Role.PROFESSIONAL: ParticipantRole.PROFESSIONAL,
    Role.FACILITATOR: ParticipantRole.FACILITATOR,
}
_GUEST_ROLE = {
    GuestRelation.PARENT: ParticipantRole.PARENT,
    GuestRelation.INTERPRETER: ParticipantRole.INTERPRETER,
    GuestRelation.PARTNER: ParticipantRole.PARTNER,
}


class Pool(StrEnum):
    """The lists of a sheet, in the order they are shown."""

    GROUPS = "groups"
    PUPILS = "pupils"
    CLASSES = "classes"
    TEACHERS = "teachers"
    PRINCIPALS = "principals"
    COLLEAGUES = "colleagues"
    FACILITATORS = "facilitators"
    GUESTS = "guests"


POOLS: dict[EncounterKind, tuple[Pool, ...]] = {
    EncounterKind.INDIVIDUAL: (Pool.PUPILS, Pool.TEACHERS, Pool.GUESTS),
    EncounterKind.SMALL_GROUP: (Pool.GROUPS, Pool.PUPILS, Pool.TEACHERS),
    EncounterKind.WHOLE_GROUP: (Pool.CLASSES, Pool.TEACHERS),
    EncounterKind.TEAM: (Pool.COLLEAGUES, Pool.TEACHERS, Pool.PRINCIPALS),
    EncounterKind.MENTORING: (Pool.COLLEAGUES,),
    EncounterKind.ADVISORY: (Pool.TEACHERS, Pool.PRINCIPALS),
    EncounterKind.INTERVENTION_PLAN: (Pool.PRINCIPALS, Pool.TEACHERS, Pool.GUESTS, Pool.PUPILS, Pool.COLLEAGUES),
    EncounterKind.REHEARSAL: (Pool.FACILITATORS, Pool.TEACHERS, Pool.COLLEAGUES),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to tick. `value` is what the form sends; `note` is where they are."""

    value: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the ask part of the page needs."""

    host_id: UUID
    host_name: str
    disciplines: tuple[Discipline, ...]
    pools: tuple[tuple[Pool, tuple[Candidate, ...]], ...]
    hosts: tuple[tuple[UUID, str], ...]  # whom the reader may book for, when more than themselves


def sheet(session: Session, actor: Actor, host_id: UUID, kind: EncounterKind) -> Sheet:
    """Raises NotFound when the host is no professional here, NotAllowed when the actor may not book for them."""
    row = session.execute(
        select(Person, Professional)
        .join(Professional, Professional.person_id == Person.id)
        .where(Person.id == host_id, _member(actor))
    ).first()
    if row is None:
        raise NotFound
    require(actor, Action.BOOK, Subject(actor.organization_id, owner_id=host_id))
    person, professional = row
    loaders = {
        Pool.GROUPS: lambda: _groups(session, actor, host_id),
        Pool.PUPILS: lambda: _pupils(session, actor, host_id),
        Pool.CLASSES: lambda: _classes(session, actor),
        Pool.TEACHERS: lambda: _people(session, actor, Role.TEACHER, host_id),
        Pool.PRINCIPALS: lambda: _people(session, actor, Role.PRINCIPAL, host_id),
        Pool.COLLEAGUES: lambda: _people(session, actor, Role.PROFESSIONAL, host_id),
        Pool.FACILITATORS: lambda: _people(session, actor, Role.FACILITATOR, host_id),
        Pool.GUESTS: lambda: _guests(session, actor),
    }
    others = permits(actor, Action.BOOK, Subject(actor.organization_id))
    return Sheet(
        host_id,
        person.full_name,
        (professional.discipline, *(Discipline(d) for d in professional.other_disciplines)),
        tuple((pool, tuple(loaders[pool]())) for pool in POOLS[kind]),
        tuple(_hosts(session, actor)) if others else (),
    )


def first_host(session: Session, actor: Actor) -> UUID | None:
    """Oneself for a professional; for who books for others, the first by name."""
    if Role.PROFESSIONAL in actor.roles:
        return actor.person_id
    return next((person for person, _ in _hosts(session, actor)), None)


def participants(
    session: Session, actor: Actor, values: Iterable[str], kind: EncounterKind
) -> tuple[AskParticipant, ...]:
    """The people that the ticked values stand for; a group stands for its pupils. Raises NotFound out of scope."""
    found: dict[UUID, AskParticipant] = {}
    for value in values:
        pool, _, raw = value.partition(":")
        subject = UUID(raw)
        for each in _expanded(session, actor, pool, subject, kind):
            if each.subject_id is not None:
                found.setdefault(each.subject_id, each)
    return tuple(found.values())


def need_group_of(values: Iterable[str]) -> UUID | None:
    """The group ticked, when it is only one: the encounter bears its label."""
    groups = [UUID(value.partition(":")[2]) for value in values if value.startswith("group:")]
    return groups[0] if len(groups) == 1 else None


def _expanded(session: Session, actor: Actor, pool: str, subject: UUID, kind: EncounterKind) -> list[AskParticipant]:
    match pool:
        case "pupil":
            is_required = kind is not EncounterKind.INTERVENTION_PLAN
            return [AskParticipant(ParticipantRole.PUPIL, pupil_id=subject, is_required=is_required)]
        case "class":
            return [AskParticipant(ParticipantRole.CLASS_GROUP, class_group_id=subject)]
        case "group":
            rows = session.scalars(
                select(NeedGroupMember.pupil_id)
                .join(NeedGroup, NeedGroup.id == NeedGroupMember.need_group_id)
                .join(Pupil, Pupil.id == NeedGroupMember.pupil_id)
                .where(NeedGroup.id == subject, NeedGroup.organization_id == actor.organization_id)
                .where(Pupil.archived_on.is_(None), visible_pupils(actor))
            )
            return [AskParticipant(ParticipantRole.PUPIL, pupil_id=pupil) for pupil in rows]
        case "guest":
            relation = session.scalar(
                select(Guest.relation).where(Guest.id == subject, Guest.organization_id == actor.organization_id)
            )
            if relation is None:
                raise NotFound
            return [AskParticipant(_GUEST_ROLE[relation], guest_id=subject)]
        case _:
            return [
                AskParticipant(_role_of(session, actor, subject, kind), person_id=subject, is_required=_is_asked(kind))
            ]


def _is_asked(kind: EncounterKind) -> bool:
    """A teacher who is only informed does not hold up a pupil's slot."""
    return kind not in {EncounterKind.INDIVIDUAL, EncounterKind.SMALL_GROUP, EncounterKind.WHOLE_GROUP}


def _role_of(session: Session, actor: Actor, person: UUID, kind: EncounterKind) -> ParticipantRole:
    roles = set(
        session.scalars(
            select(Membership.role).where(
                Membership.person_id == person, Membership.organization_id == actor.organization_id
            )
        )
    )
    rules = KIND_RULES[kind]
    able = [_ROLE_OF[role] for role in _ROLE_OF if role in roles]
    wanted = [role for role in able if role in rules.required_roles] or [r for r in able if r in rules.optional_roles]
    if not wanted:
        raise NotFound
    return wanted[0]


def _member(actor: Actor):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a SQL condition
    return Person.id.in_(select(Membership.person_id).where(Membership.organization_id == actor.organization_id))


def _hosts(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    rows = session.scalars(
        select(Person)
        .join(Professional, Professional.person_id == Person.id)
        .where(_member(actor), Person.disabled_at.is_(None))
        .order_by(Person.family_name, Person.given_name)
    )
    return [(person.id, person.full_name) for person in rows]


def _pupils(session: Session, actor: Actor, host_id: UUID) -> list[Candidate]:
    """Those whom the host follows; their names only for who may open their page."""
    rows = session.execute(
        select(Pupil, Building.short_name)
        .join(FollowUp, FollowUp.pupil_id == Pupil.id)
        .join(Building, Building.id == Pupil.building_id)
        .where(FollowUp.person_id == host_id, is_followed_still(actor), Pupil.archived_on.is_(None))
        .where(visible_pupils(actor))
        .order_by(Building.short_name, Pupil.code)
        .distinct()
    )
    named = host_id == actor.person_id
    return [
        Candidate(f"pupil:{p.id}", f"{p.code} {p.given_name} {p.family_name}" if named else p.code, building)
        for p, building in rows
    ]


def _groups(session: Session, actor: Actor, host_id: UUID) -> list[Candidate]:
    rows = session.execute(
        select(NeedGroup.id, NeedGroup.name, Building.short_name)
        .join(NeedGroupMember, NeedGroupMember.need_group_id == NeedGroup.id)
        .join(Pupil, Pupil.id == NeedGroupMember.pupil_id)
        .join(Building, Building.id == Pupil.building_id)
        .where(NeedGroup.person_id == host_id, NeedGroup.organization_id == actor.organization_id)
        .where(Pupil.archived_on.is_(None))
        .order_by(NeedGroup.name, Building.short_name)
    )
    found: dict[UUID, tuple[str, list[str]]] = {}
    for group, name, building in rows:
        found.setdefault(group, (name, []))[1].append(building)
    return [
        Candidate(f"group:{group}", name, ", ".join(dict.fromkeys(places))) for group, (name, places) in found.items()
    ]


def _classes(session: Session, actor: Actor) -> list[Candidate]:
    rows = session.execute(
        select(ClassGroup.id, ClassGroup.name, Building.short_name)
        .join(Building, Building.id == ClassGroup.building_id)
        .where(ClassGroup.organization_id == actor.organization_id, ClassGroup.is_active)
        .order_by(Building.short_name, ClassGroup.name)
    )
    return [Candidate(f"class:{group}", name, building) for group, name, building in rows]


def _people(session: Session, actor: Actor, role: Role, host_id: UUID) -> list[Candidate]:
    rows = session.execute(
        select(Person, School.name)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(School, School.id == Membership.school_id)
        .where(
            Membership.organization_id == actor.organization_id,
            Membership.role == role,
            Person.id != host_id,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.family_name, Person.given_name)
    )
    return [Candidate(f"person:{person.id}", person.full_name, school or "") for person, school in rows]


def _guests(session: Session, actor: Actor) -> list[Candidate]:
    rows = session.execute(
        select(Guest, Pupil.code)
        .outerjoin(Pupil, Pupil.id == Guest.pupil_id)
        .where(visible_guests(actor), Pupil.archived_on.is_(None))
        .order_by(Guest.name)
    )
    return [Candidate(f"guest:{guest.id}", guest.name, code or "") for guest, code in rows]
