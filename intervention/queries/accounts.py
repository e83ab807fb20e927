"""Who is signed in, by which sessions, and whom a sign-in form may mean.

These queries run before there is an actor: they make one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.queries.actors import actor_of
from intervention.records.accounts import WebSession
from intervention.records.people import Membership, Organization, Person


@dataclass(frozen=True, slots=True)
class Board:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    actor: Actor
    session_id: UUID
    csrf_secret: str
    last_seen_at: datetime
    name: str
    board_name: str
    other_boards: tuple[Board, ...] = ()  # where the person may go on, by their short names


@dataclass(frozen=True, slots=True)
class OwnSession:
    id: UUID
    client: str
    created_at: datetime
    last_seen_at: datetime
    is_this_one: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """The person that an e-mail names, with what it takes to check the password."""

    person_id: UUID
    organization_id: UUID
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class DemoPerson:
    person_id: UUID
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Me:
    """What a person's own page shows of them."""

    name: str
    email: str | None
    board_name: str
    roles: tuple[Role, ...]
    has_password: bool


def hash_of(token: str) -> bytes:
    """How a session token is stored: it is random, so one hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def signed_in(session: Session, token: str, now: datetime, idle: timedelta) -> SignedIn | None:
    """The session of this token, when it is neither idle, nor over, nor its person gone."""
    row = session.execute(
        select(WebSession.id, WebSession.person_id, WebSession.organization_id, WebSession.csrf_secret)
        .add_columns(WebSession.last_seen_at, Person.given_name, Person.family_name, Organization.short_name)
        .join(Person, Person.id == WebSession.person_id)
        .join(Organization, Organization.id == WebSession.organization_id)
        .where(
            WebSession.token_hash == hash_of(token),
            WebSession.expires_at > now,
            WebSession.last_seen_at > now - idle,
        )
    ).one_or_none()
    actor = actor_of(session, row.person_id, row.organization_id, now.date()) if row else None
    if row is None or actor is None:
        return None
    name = f"{row.given_name} {row.family_name}"
    others = _named(session, actor.also_in) if actor.also_in else ()
    return SignedIn(actor, row.id, row.csrf_secret, row.last_seen_at, name, row.short_name, others)


def _named(session: Session, boards: Collection[UUID]) -> tuple[Board, ...]:
    rows = session.execute(
        select(Organization.id, Organization.short_name)
        .where(Organization.id.in_(boards))
        .order_by(Organization.short_name)
    )
    return tuple(Board(row.id, row.short_name) for row in rows)


def candidate(session: Session, email: str, today: date) -> Candidate | None:
    """The enabled person of this e-mail, with the board to enter: home, or the first one where a role is held.

    Addresses are compared without regard to case.
    """
    person = session.scalar(select(Person).where(Person.email == email.strip().lower(), Person.disabled_at.is_(None)))
    if person is None:
        return None
    open_to = boards_of(session, person.id, today)
    board = next((b.id for b in open_to if b.id == person.organization_id), open_to[0].id if open_to else None)
    return Candidate(person.id, board, person.password_hash) if board else None


def boards_of(session: Session, person_id: UUID, today: date) -> list[Board]:
    """The boards where the person holds a role on `today`, by name."""
    rows = session.execute(
        select(Organization.id, Organization.name)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            Membership.person_id == person_id,
            or_(Membership.starts_on.is_(None), Membership.starts_on <= today),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
        )
        .distinct()
        .order_by(Organization.name)
    )
    return [Board(row.id, row.name) for row in rows]


def own_sessions(session: Session, actor: Actor, this_one: UUID, now: datetime) -> list[OwnSession]:
    rows = session.scalars(
        select(WebSession)
        .where(WebSession.person_id == actor.person_id, WebSession.expires_at > now)
        .order_by(WebSession.last_seen_at.desc())
    )
    return [OwnSession(r.id, r.client, r.created_at, r.last_seen_at, r.id == this_one) for r in rows]


def me(session: Session, actor: Actor) -> Me:
    person = session.get_one(Person, actor.person_id)
    board = session.get_one(Organization, actor.organization_id)
    return Me(person.full_name, person.email, board.name, tuple(sorted(actor.roles)), person.password_hash is not None)


def demo_people(session: Session) -> list[DemoPerson]:
    """One person per role of the demonstration board, in the order of the roles' table. Empty without such a board.

    The board's settings name those who play the leading parts; where none does, it is the first with the role.
    """
    boards = session.scalars(select(Organization.settings).where(Organization.is_demo))
    leading = [UUID(person_id) for settings in boards for person_id in settings.get("demo_people", [])]
    rows = session.execute(
        select(Membership.role, Person)
        .join(Person, Person.id == Membership.person_id)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Organization.is_demo, Person.disabled_at.is_(None), Person.email.is_not(None))
        .order_by(Membership.id)
    ).all()
    first: dict[Role, DemoPerson] = {}
    taken: set[UUID] = set()
    for role, person in sorted(rows, key=lambda row: row.Person.id not in leading):
        if role not in first and person.id not in taken:
            first[role] = DemoPerson(person.id, person.full_name, role)
            taken.add(person.id)
    return [first[role] for role in Role if role in first]


def is_demo_person(session: Session, person_id: UUID) -> bool:
    found = session.execute(
        select(Organization.is_demo)
        .join(Person, Person.organization_id == Organization.id)
        .where(Person.id == person_id)
    ).scalar_one_or_none()
    return bool(found)


def home_board(session: Session, person_id: UUID) -> UUID:
    return session.scalars(select(Person.organization_id).where(Person.id == person_id)).one()
