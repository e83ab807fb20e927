"""The people of a board by name, for its administrators."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from intervention.domain.people import Role
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.scope import people_of_board
from intervention.queries.search import begins_a_word
from intervention.records.people import Membership, Person

PAGE = 50


@dataclass(frozen=True, slots=True)
class PeopleAsk:
    """`after` is the last person of the page before."""

    text: str = ""
    role: Role | None = None
    school_id: UUID | None = None
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class PersonLine:
    id: UUID
    name: str
    email: str | None
    roles: tuple[Role, ...]
    is_disabled: bool
    has_password: bool
    is_at_home: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    lines: tuple[PersonLine, ...]
    next_after: UUID | None


def people_list(session: Session, actor: Actor, ask: PeopleAsk, most: int = PAGE) -> PeoplePage:
    """By family name. A text is compared without accents or case at the beginning of any word. Raises NotAllowed."""
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    held = _held(actor, ask)
    where = [people_of_board(actor)]
    if ask.role is not None or ask.school_id is not None:
        where.append(Person.id.in_(held))
    after = session.scalar(select(Person).where(Person.id == ask.after, people_of_board(actor)))
    if after is not None:
        place = tuple_(Person.family_name, Person.given_name, Person.id)
        where.append(place > tuple_(after.family_name, after.given_name, after.id))
    ordered = select(Person).where(*where).order_by(Person.family_name, Person.given_name, Person.id)
    rows = session.scalars(ordered if ask.text else ordered.limit(most + 1))
    found: list[Person] = []
    for person in rows:
        if not ask.text or begins_a_word(f"{person.full_name} {person.email or ''}", ask.text):
            found.append(person)
        if len(found) > most:
            break
    shown = found[:most]
    roles = _roles_of(session, actor, [person.id for person in shown])
    lines = tuple(_line(actor, person, roles[person.id]) for person in shown)
    return PeoplePage(lines, shown[-1].id if len(found) > most else None)


def _held(actor: Actor, ask: PeopleAsk) -> Select[UUID]:
    wanted = [Membership.organization_id == actor.organization_id]
    if ask.role is not None:
        wanted.append(Membership.role == ask.role)
    if ask.school_id is not None:
        wanted.append(Membership.school_id == ask.school_id)
    return select(Membership.person_id).where(*wanted)


def _roles_of(session: Session, actor: Actor, people: list[UUID]) -> dict[UUID, set[Role]]:
    roles: dict[UUID, set[Role]] = defaultdict(set)
    for person_id, role in session.execute(
        select(Membership.person_id, Membership.role).where(
            Membership.organization_id == actor.organization_id, Membership.person_id.in_(people)
        )
    ):
        roles[person_id].add(role)
    return roles


def _line(actor: Actor, person: Person, roles: set[Role]) -> PersonLine:
    return PersonLine(
        person.id,
        f"{person.family_name}, {person.given_name}",
        person.email,
        tuple(role for role in Role if role in roles),
        is_disabled=person.disabled_at is not None,
        has_password=person.password_hash is not None,
        is_at_home=person.organization_id == actor.organization_id,
    )
