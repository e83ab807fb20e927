"""Who sees which rows: SQL twins of `domain.permissions`, kept equal by a test on a generated world."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, false, or_, select, true

from intervention.domain.encounters import Confidentiality
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.people import ClassGroup, FollowUp, Guest, Membership, Person, Pupil
from intervention.records.reservations import Leg
from intervention.records.schools import Building


def visible_encounters(actor: Actor) -> ColumnElement[bool]:
    """`Action.SEE_ENCOUNTER` as a condition on `Encounter`."""
    takes_part = or_(
        exists()
        .where(Participation.encounter_id == Encounter.id, Participation.person_id == actor.person_id)
        .correlate(Encounter),
        exists()
        .where(EncounterSite.encounter_id == Encounter.id, EncounterSite.facilitator_id == actor.person_id)
        .correlate(Encounter),
    )
    runs = actor.buildings_as(Role.PRINCIPAL, Role.SECRETARY)
    in_my_building = (
        exists()
        .where(EncounterSite.encounter_id == Encounter.id, EncounterSite.building_id.in_(runs))
        .correlate(Encounter)
        if runs
        else false()
    )
    board_wide = true() if actor.roles & {Role.COORDINATOR, Role.ADMINISTRATOR} else false()
    return and_(
        Encounter.organization_id == actor.organization_id,
        or_(
            # In the order that they are tried in: what a row says itself before what other tables say.
            Encounter.host_id == actor.person_id,
            and_(Encounter.confidentiality != Confidentiality.STRICT, or_(board_wide, in_my_building)),
            takes_part,
        ),
    )


def told_legs(
    actor: Actor, origin: type[Building], destination: type[Building], home: SQLColumnExpression[UUID]
) -> ColumnElement[bool]:
    """Legs that the actor's board sent somebody on, between its own buildings and her base.

    One that begins or ends at another board's school would tell where that board has her.
    """
    ends = [or_(end.organization_id == actor.organization_id, end.id == home) for end in (origin, destination)]
    return and_(Leg.organization_id == actor.organization_id, *ends)


def is_followed_still(actor: Actor) -> ColumnElement[bool]:
    """A condition on `FollowUp`: it has not ended. One that is to come counts, for it has to be prepared."""
    return true() if actor.today is None else or_(FollowUp.ends_on.is_(None), FollowUp.ends_on >= actor.today)


def visible_pupils(actor: Actor) -> ColumnElement[bool]:
    """`Action.SEE_PUPIL` as a condition on `Pupil`: who follows, teaches, runs the building or coordinates."""
    follows = or_(
        exists()
        .where(FollowUp.pupil_id == Pupil.id, FollowUp.person_id == actor.person_id, is_followed_still(actor))
        .correlate(Pupil),
        is_of_class_taught(actor),
    )
    runs = actor.buildings_as(Role.PRINCIPAL, Role.SECRETARY)
    in_my_building = Pupil.building_id.in_(runs) if runs else false()
    board_wide = true() if actor.roles & {Role.COORDINATOR, Role.ADMINISTRATOR} else false()
    return and_(Pupil.organization_id == actor.organization_id, or_(follows, in_my_building, board_wide))


def is_of_class_taught(actor: Actor) -> ColumnElement[bool]:
    """A condition on `Pupil`: of a class that the actor teaches."""
    taught = select(ClassGroup.id).where(
        ClassGroup.teacher_id == actor.person_id, ClassGroup.organization_id == actor.organization_id
    )
    return and_(Pupil.organization_id == actor.organization_id, Pupil.class_group_id.in_(taught))


def leaves_class(actor: Actor) -> ColumnElement[bool]:
    """A condition on `Encounter`, with `is_of_class_taught`: the teacher may know its hour, and nothing else."""
    return and_(Encounter.organization_id == actor.organization_id, Encounter.confidentiality != Confidentiality.STRICT)


def people_of_board(actor: Actor) -> ColumnElement[bool]:
    """Whom an administrator has to do with, as a condition on `Person`: at home in the board, or with a role there."""
    has_role = (
        exists()
        .where(Membership.person_id == Person.id, Membership.organization_id == actor.organization_id)
        .correlate(Person)
    )
    return or_(Person.organization_id == actor.organization_id, has_role)


def visible_guests(actor: Actor) -> ColumnElement[bool]:
    """Who may be invited: those of no pupil in particular, and those of a pupil whom the actor may open."""
    of_a_pupil = exists().where(Pupil.id == Guest.pupil_id, visible_pupils(actor)).correlate(Guest)
    return and_(Guest.organization_id == actor.organization_id, or_(Guest.pupil_id.is_(None), of_a_pupil))
