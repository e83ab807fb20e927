"""Somebody's working hours and absences, for whoever keeps them, with the séances that an absence was laid over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import Session

from intervention.domain.absences import AbsenceFacts, facts_of_span
from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import NotFound
from intervention.domain.people import Role
from intervention.domain.permissions import Action, Actor, Subject, has_hours, permits, require
from intervention.domain.privacy import EncounterFacts, view_for
from intervention.domain.school_time import local_date
from intervention.domain.working_hours import DatedOpening, Hours, Opening, hours_on
from intervention.queries.encounter_list import with_person
from intervention.queries.facts import facts_where
from intervention.queries.people import person_of_board
from intervention.queries.scope import people_of_board, visible_encounters
from intervention.records.calendars import Availability, BusyTime
from intervention.records.encounters import Encounter
from intervention.records.people import Facilitator, Membership, Organization, Person, Professional
from intervention.records.schools import Building

DECLARED = "declared"  # the source of what people say themselves; the others come from elsewhere, and stay theirs
MOST_ABSENCES = 100
TO_COME = (EncounterStatus.HELD, EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Clash:
    """A séance to come, in the reader's words, and whether the reader may move it or call it off."""

    view: EncounterFacts
    may_change: bool


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """The label is left out where it is not for the reader; `hidden` counts séances that the reader does not open."""

    id: UUID
    facts: AbsenceFacts
    clashes: tuple[Clash, ...] = ()
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class HoursPage:
    """`building` is where the hours are told: an office, or the building of who accompanies."""

    person_id: UUID
    name: str
    is_own: bool
    is_professional: bool
    zone: str
    building: str
    hours: Hours
    absences: tuple[AbsenceLine, ...]
    reads_labels: bool


def person_with_hours(session: Session, actor: Actor, person_id: UUID) -> Person:
    """Raises NotFound for a stranger, NotAllowed where the hours are another board's or another's to keep."""
    person = person_of_board(session, actor, person_id, at_home=True)
    require(actor, Action.EDIT_HOURS, about(person))
    return person


def keeps_hours(session: Session, actor: Actor, person_id: UUID) -> bool:
    """Whether the actor is shown the way to these hours: to their own, where a search asks for them."""
    if person_id == actor.person_id and not has_hours(actor, Subject(actor.organization_id)):
        return False
    home = session.scalar(select(Person.organization_id).where(Person.id == person_id, people_of_board(actor)))
    return home is not None and bool(permits(actor, Action.EDIT_HOURS, Subject(home, owner_id=person_id)))


def about(person: Person) -> Subject:
    return Subject(person.organization_id, owner_id=person.id)


def hours_page(session: Session, actor: Actor, person_id: UUID, now: datetime) -> HoursPage:
    """Absences that are over are left out. Raises NotFound, NotAllowed."""
    person = person_with_hours(session, actor, person_id)
    zone, building = where_told(session, person)
    rows = session.scalars(
        select(BusyTime).where(*_declared(person), BusyTime.ends_at > now).order_by(BusyTime.starts_at, BusyTime.id)
    ).all()[:MOST_ABSENCES]
    return HoursPage(
        person.id,
        person.full_name,
        person.id == actor.person_id,
        is_professional=_is_professional(session, person),
        zone=zone,
        building=building,
        hours=hours_in_force(session, person, now),
        absences=_with_clashes(session, actor, person, rows, (zone, now)),
        reads_labels=bool(permits(actor, Action.READ_ABSENCE_LABEL, about(person))),
    )


def absence_for(session: Session, actor: Actor, absence_id: UUID) -> tuple[BusyTime, Person]:
    """One that was declared. Raises NotFound, NotAllowed."""
    row = session.get(BusyTime, absence_id)
    if row is None or row.source != DECLARED:
        raise NotFound
    return row, person_with_hours(session, actor, row.person_id)


def absence_line(session: Session, actor: Actor, absence_id: UUID) -> tuple[UUID, AbsenceFacts]:
    """Whose it is, and what it says to the reader. Raises NotFound, NotAllowed."""
    row, person = absence_for(session, actor, absence_id)
    zone, _ = where_told(session, person)
    reads = permits(actor, Action.READ_ABSENCE_LABEL, about(person))
    return person.id, facts_of_span(row.starts_at, row.ends_at, zone, row.label if reads else None)


def hours_in_force(session: Session, person: Person, now: datetime) -> Hours:
    """The week that is hers today, and the one to come."""
    return hours_on(stored_hours(session, person.id), local_date(now, where_told(session, person)[0]))


def stored_hours(session: Session, person_id: UUID) -> list[DatedOpening]:
    rows = session.scalars(
        select(Availability)
        .where(Availability.person_id == person_id)
        .order_by(Availability.weekday, Availability.starts_local)
    )
    return [DatedOpening(Opening(a.weekday, a.starts_local, a.ends_local), a.valid_from, a.valid_until) for a in rows]


def where_told(session: Session, person: Person) -> tuple[str, str]:
    """The zone of her wall times, as the search reads them, and the building it is of; empty: the board's own."""
    home = select(Building).join(Professional, Professional.home_building_id == Building.id)
    post = select(Building).join(Facilitator, Facilitator.building_id == Building.id)
    building = session.scalar(home.where(Professional.person_id == person.id)) or session.scalar(
        post.where(Facilitator.person_id == person.id)
    )
    if building is not None and building.zone is not None:
        return building.zone, building.name
    return session.get_one(Organization, person.organization_id).zone, ""


def _is_professional(session: Session, person: Person) -> bool:
    held = select(Membership.id).where(
        Membership.person_id == person.id,
        Membership.organization_id == person.organization_id,
        Membership.role == Role.PROFESSIONAL,
    )
    return session.scalar(held.limit(1)) is not None


def _declared(person: Person) -> tuple[ColumnElement[bool], ...]:
    return BusyTime.person_id == person.id, BusyTime.source == DECLARED


def _with_clashes(
    session: Session, actor: Actor, person: Person, rows: Sequence[BusyTime], told: tuple[str, datetime]
) -> tuple[AbsenceLine, ...]:
    """Three statements for what the reader sees and one for what not, whatever the number of absences."""
    zone, now = told
    reads = permits(actor, Action.READ_ABSENCE_LABEL, about(person))
    if not rows:
        return ()
    during = or_(*(and_(Encounter.starts_at < row.ends_at, Encounter.ends_at > row.starts_at) for row in rows))
    hers = (with_person(person.id), Encounter.status.in_(TO_COME), Encounter.ends_at > now, during)
    seen = [clash_of(actor, each) for each in facts_where(session, visible_encounters(actor), *hers)]
    unseen = session.execute(
        select(Encounter.starts_at, Encounter.ends_at).where(
            Encounter.organization_id.in_(actor.boards), not_(visible_encounters(actor)), *hers
        )
    ).all()
    return tuple(
        AbsenceLine(
            row.id,
            facts_of_span(row.starts_at, row.ends_at, zone, row.label if reads else None),
            tuple(e for e in seen if e.view.starts_at < row.ends_at and e.view.ends_at > row.starts_at),
            sum(starts < row.ends_at and ends > row.starts_at for starts, ends in unseen),
        )
        for row in rows
    )


def clash_of(actor: Actor, facts: EncounterFacts) -> Clash:
    host = facts.host.id if facts.host else None
    subject = Subject(facts.organization_id, owner_id=host, confidentiality=facts.confidentiality)
    may_change = (
        bool(permits(actor, Action.CHANGE_ENCOUNTER, subject)) and facts.status is not EncounterStatus.IN_PROGRESS
    )
    return Clash(view_for(actor, facts), may_change)
