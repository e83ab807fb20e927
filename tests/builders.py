"""Dull, explicit rows: each function adds one thing and flushes it. No randomness, no hidden world."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import count
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from intervention.domain.days import BellKind, DayType
from intervention.domain.people import Discipline, Level, ResourceKind, Role
from intervention.domain.permissions import Actor
from intervention.queries.actors import actor_of
from intervention.queries.catalogue import touch_catalogue
from intervention.records.calendars import Availability, SchoolDay
from intervention.records.people import (
    ClassGroup,
    Facilitator,
    Membership,
    Organization,
    Person,
    Professional,
    Pupil,
    Resource,
)
from intervention.records.schools import BellPeriod, Building, Room, School, SchoolBuilding

_serial = count(1)
WEEK = date(2026, 11, 23)


def a_board(session: Session, code: str = "caps", **more: object) -> Organization:
    board = Organization(code=code, name=f"Centre de services {code}", short_name=code.upper(), **more)
    session.add(board)
    session.flush()
    return board


R = TypeVar("R", Building, Room, ClassGroup, Pupil, Person)


def changed(session: Session, record: R) -> R:
    """Write it, and let searches see the board's new catalogue."""
    session.flush()
    touch_catalogue(session, record.organization_id)
    return record


def a_resource(session: Session, board: Organization, kind: ResourceKind) -> UUID:
    resource = Resource(organization_id=board.id, kind=kind)
    session.add(resource)
    session.flush()
    return resource.id


def a_building(
    session: Session,
    board: Organization,
    name: str,
    *,
    lat: float = 50.2,
    lon: float = -66.4,
    zone: str | None = "America/Toronto",
    road_component: str | None = None,
    school_weeks: int = 6,
    bells: tuple[tuple[str, str, BellKind], ...] = (
        ("08:10", "10:10", BellKind.PERIOD),
        ("10:10", "10:25", BellKind.RECESS),
        ("10:25", "11:40", BellKind.PERIOD),
        ("11:40", "13:00", BellKind.LUNCH),
        ("13:00", "15:20", BellKind.PERIOD),
    ),
) -> Building:
    """A building with its school, primary bells and `school_weeks` weeks of class days from 23 November 2026."""
    code = f"B{next(_serial):04}"
    building = Building(
        organization_id=board.id, code=code, name=name, short_name=name, municipality=name,
        lat=lat, lon=lon, zone=zone, road_component=road_component,
    )  # fmt: skip
    school = School(organization_id=board.id, code=code, name=f"École {name}")
    session.add_all([building, school])
    session.flush()
    session.add(SchoolBuilding(school_id=school.id, building_id=building.id, levels=Level.PRIMARY))
    for starts, ends, kind in bells:
        session.add(
            BellPeriod(
                organization_id=board.id, building_id=building.id, level=Level.PRIMARY, kind=kind, label=kind.value,
                starts_local=time.fromisoformat(starts), ends_local=time.fromisoformat(ends),
            )
        )  # fmt: skip
    for offset in range(7 * school_weeks):
        day = WEEK + timedelta(days=offset)
        if day.isoweekday() <= 5:
            session.add(
                SchoolDay(building_id=building.id, on_date=day, organization_id=board.id, day_type=DayType.CLASS)
            )
    return changed(session, building)


def school_of(session: Session, building: Building) -> School:
    return session.query(School).join(SchoolBuilding).filter(SchoolBuilding.building_id == building.id).one()


def a_room(session: Session, building: Building, name: str = "local 12", **more: object) -> Room:
    board = session.get_one(Organization, building.organization_id)
    room = Room(
        id=a_resource(session, board, ResourceKind.ROOM), organization_id=board.id, building_id=building.id,
        name=name, **more,
    )  # fmt: skip
    session.add(room)
    return changed(session, room)


def a_person(
    session: Session, board: Organization, name: str, *roles: Role, building: Building | None = None
) -> Person:
    """A person with roles, local to the building's school when a building is given; open weekdays 8 h to 16 h."""
    person = Person(
        id=a_resource(session, board, ResourceKind.PERSON), organization_id=board.id,
        given_name=name, family_name="Essai", email=f"{name.lower()}{next(_serial)}@example.org",
    )  # fmt: skip
    session.add(person)
    session.flush()
    school = school_of(session, building) if building else None
    for role in roles:
        session.add(
            Membership(
                organization_id=board.id, person_id=person.id, role=role,
                school_id=school.id if school else None, building_id=building.id if building else None,
            )
        )  # fmt: skip
    for weekday in range(1, 6):
        session.add(
            Availability(
                organization_id=board.id, person_id=person.id, weekday=weekday,
                starts_local=time(8), ends_local=time(16),
            )
        )  # fmt: skip
    return changed(session, person)


def a_professional(session: Session, board: Organization, name: str, home: Building, **more: object) -> Person:
    person = a_person(session, board, name, Role.PROFESSIONAL)
    session.add(
        Professional(person_id=person.id, home_building_id=home.id, discipline=Discipline.SPEECH_THERAPY, **more)
    )
    return changed(session, person)


def a_facilitator(session: Session, board: Organization, name: str, building: Building) -> Person:
    person = a_person(session, board, name, Role.FACILITATOR, building=building)
    session.add(Facilitator(person_id=person.id, building_id=building.id, is_trained=True))
    return changed(session, person)


def a_class(session: Session, building: Building, name: str = "3A") -> ClassGroup:
    board = session.get_one(Organization, building.organization_id)
    group = ClassGroup(
        id=a_resource(session, board, ResourceKind.CLASS_GROUP), organization_id=board.id,
        school_id=school_of(session, building).id, building_id=building.id, name=name, level=Level.PRIMARY,
    )  # fmt: skip
    session.add(group)
    return changed(session, group)


def a_pupil(session: Session, building: Building, code: str, group: ClassGroup | None = None) -> Pupil:
    board = session.get_one(Organization, building.organization_id)
    pupil = Pupil(
        id=a_resource(session, board, ResourceKind.PUPIL), organization_id=board.id,
        school_id=school_of(session, building).id, building_id=building.id, code=code,
        given_name="Zéphirine", family_name=f"Quatorzemains-{code}", level=Level.PRIMARY,
        class_group_id=group.id if group else None,
    )  # fmt: skip
    session.add(pupil)
    return changed(session, pupil)


def actor(session: Session, person: Person, organization_id: UUID | None = None) -> Actor:
    found = actor_of(session, person.id, organization_id or person.organization_id, WEEK)
    assert found is not None
    return found
