"""The people of a board for its administrators: a list by name, and everything about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.seen import Facts
from intervention.queries.scope import people_of_board
from intervention.records.people import Facilitator, Membership, Person, Professional
from intervention.records.schools import Building, School


@dataclass(frozen=True, slots=True)
class RoleLine:
    id: UUID
    role: Role
    place: str | None
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ProfessionalLine:
    home_building_id: UUID
    home: str
    discipline: Discipline
    other_disciplines: tuple[Discipline, ...]
    weekly_minutes: int
    max_buildings_per_day: int
    lunch_minutes: int
    lunch_from: time
    lunch_until: time

    @property
    def shown(self) -> Facts:
        return {
            "home_building_id": self.home_building_id, "discipline": self.discipline,
            "other_disciplines": self.other_disciplines, "weekly_minutes": self.weekly_minutes,
            "max_buildings_per_day": self.max_buildings_per_day, "lunch_minutes": self.lunch_minutes,
            "lunch_from_local": self.lunch_from, "lunch_until_local": self.lunch_until,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`is_at_home`: the person belongs to this board, which alone changes who they are and lets them in."""

    id: UUID
    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    locale: str
    is_at_home: bool
    disabled_at: datetime | None
    has_password: bool
    roles: tuple[RoleLine, ...]
    professional: ProfessionalLine | None
    facilitates_at: UUID | None
    facilitates_place: str | None
    is_trained: bool

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def shown(self) -> Facts:
        return {name: getattr(self, name) for name in ("given_name", "family_name", "email", "phone", "locale")}

    @property
    def professional_shown(self) -> Facts:
        """Nothing before the settings are first filled."""
        return self.professional.shown if self.professional else {}

    @property
    def facilitator_shown(self) -> Facts:
        return {"facilitator_building_id": self.facilitates_at, "is_trained": self.is_trained}


@dataclass(frozen=True, slots=True)
class Place:
    id: UUID
    name: str


def person_of_board(session: Session, actor: Actor, person_id: UUID, *, at_home: bool = False) -> Person:
    """Raises NotFound for a stranger; NotAllowed where only the person's home board decides (`at_home`)."""
    person = session.scalar(select(Person).where(Person.id == person_id, people_of_board(actor)))
    if person is None:
        raise NotFound
    if at_home and person.organization_id != actor.organization_id:
        raise NotAllowed(because="not_home_board")
    return person


def person_page(session: Session, actor: Actor, person_id: UUID) -> PersonPage:
    """Raises NotAllowed, NotFound."""
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    person = person_of_board(session, actor, person_id)
    facilitator = session.execute(
        select(Facilitator, Building.name)
        .join(Building, Building.id == Facilitator.building_id)
        .where(Facilitator.person_id == person.id)
    ).one_or_none()
    return PersonPage(
        person.id,
        person.given_name,
        person.family_name,
        person.email,
        person.phone,
        person.locale,
        is_at_home=person.organization_id == actor.organization_id,
        disabled_at=person.disabled_at,
        has_password=person.password_hash is not None,
        roles=_role_lines(session, actor, person.id),
        professional=_professional(session, person.id),
        facilitates_at=facilitator[0].building_id if facilitator else None,
        facilitates_place=facilitator[1] if facilitator else None,
        is_trained=bool(facilitator and facilitator[0].is_trained),
    )


def schools_of(session: Session, actor: Actor) -> tuple[Place, ...]:
    rows = session.execute(
        select(School.id, School.name).where(School.organization_id == actor.organization_id).order_by(School.name)
    )
    return tuple(Place(*row) for row in rows)


def buildings_of(session: Session, actor: Actor) -> tuple[Place, ...]:
    """Those in service."""
    rows = session.execute(
        select(Building.id, Building.name)
        .where(Building.organization_id == actor.organization_id, Building.is_active)
        .order_by(Building.name)
    )
    return tuple(Place(*row) for row in rows)


def lasting_administrators(session: Session, organization_id: UUID, today: date) -> Sequence[Membership]:
    """Roles of administration that are in force, have no end, and whose holder can sign in."""
    return session.scalars(
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organization_id == organization_id,
            Membership.role == Role.ADMINISTRATOR,
            or_(Membership.starts_on.is_(None), Membership.starts_on <= today),
            Membership.ends_on.is_(None),
            Person.disabled_at.is_(None),
            Person.email.is_not(None),
        )
    ).all()


def _role_lines(session: Session, actor: Actor, person_id: UUID) -> tuple[RoleLine, ...]:
    rows = session.execute(
        select(Membership, School.name, Building.name)
        .outerjoin(School, School.id == Membership.school_id)
        .outerjoin(Building, Building.id == Membership.building_id)
        .where(Membership.person_id == person_id, Membership.organization_id == actor.organization_id)
        .order_by(Membership.role, Membership.id)
    )
    return tuple(RoleLine(m.id, m.role, building or school, m.starts_on, m.ends_on) for m, school, building in rows)


def _professional(session: Session, person_id: UUID) -> ProfessionalLine | None:
    row = session.execute(
        select(Professional, Building.name)
        .join(Building, Building.id == Professional.home_building_id)
        .where(Professional.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    found, home = row
    return ProfessionalLine(
        found.home_building_id,
        home,
        found.discipline,
        tuple(Discipline(each) for each in found.other_disciplines),
        found.weekly_minutes,
        found.max_buildings_per_day,
        found.lunch_minutes,
        found.lunch_from_local,
        found.lunch_until_local,
    )
