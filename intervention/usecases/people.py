"""The people of a board, as its administrators keep them: who they are, what they may do, until when.

Who somebody is and whether they are let in belongs to their home board; each board gives roles of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from intervention.domain.accounts import Particulars
from intervention.domain.errors import InvalidInput, NotFound, WrongState
from intervention.domain.ids import new_id
from intervention.domain.people import BOARD_WIDE_ROLES, ResourceKind, Role
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.people import lasting_administrators, person_of_board, person_page
from intervention.records.people import Membership, Person, Resource
from intervention.records.schools import Building, School
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.work import Work
from intervention.usecases.working_hours import lay_first_hours

PLACELESS_ROLES = BOARD_WIDE_ROLES | {Role.PROFESSIONAL}


@dataclass(frozen=True, slots=True)
class GrantRole:
    """A role of a school or a building where it is local, of the whole board where it is not."""

    role: Role
    school_id: UUID | None = None
    building_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def add_person(work: Work, actor: Actor, who: Particulars, grant: GrantRole) -> UUID:
    """Somebody new, with a first role. Raises NotAllowed, InvalidInput (every fault at once)."""
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    who = who.tidied()
    faults = who.faults() | _grant_faults(work, actor, grant)
    if who.email and "email" not in faults and email_is_taken(work, who.email):
        faults["email"] = "email_taken"
    if faults:
        raise InvalidInput(faults)
    person = keep_person(work, actor.organization_id, who)
    membership = _grant(work, actor, person, grant)
    _record(work, actor, "person_added", person.id, role=grant.role, membership_id=membership.id)
    return person.id


def edit_person(work: Work, actor: Actor, person_id: UUID, who: Particulars, known: str | None = None) -> None:
    """An administrator who signs in cannot be left without an e-mail.

    Raises NotFound, NotAllowed, Stale, InvalidInput.
    """
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    person = person_of_board(work.session, actor, person_id, at_home=True)
    require_seen(work, person, known, lambda: person_page(work.session, actor, person.id).shown)
    who = who.tidied()
    faults = who.faults()
    if who.email is None and person.password_hash is not None:
        faults["email"] = "required"
    if who.email and "email" not in faults and email_is_taken(work, who.email, besides=person.id):
        faults["email"] = "email_taken"
    if faults:
        raise InvalidInput(faults)
    changed = [name for name in _FIELDS if getattr(person, name) != getattr(who, name)]
    for name in changed:
        setattr(person, name, getattr(who, name))
    _flush(work)
    if changed:
        _record(work, actor, "person_edited", person.id, fields=changed)


def grant_role(work: Work, actor: Actor, person_id: UUID, grant: GrantRole) -> UUID:
    """Raises NotFound, NotAllowed, InvalidInput (also for a role already held at that place)."""
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    person = person_of_board(work.session, actor, person_id)
    faults = _grant_faults(work, actor, grant)
    if not faults and _is_held(work, actor, person.id, grant):
        faults = {"role": "role_held"}
    if faults:
        raise InvalidInput(faults)
    membership = _grant(work, actor, person, grant)
    _record(work, actor, "role_granted", person.id, role=grant.role, membership_id=membership.id)
    return membership.id


def end_role(work: Work, actor: Actor, person_id: UUID, membership_id: UUID) -> GrantRole:
    """Take a role back, and give what it was. Raises NotFound, NotAllowed, WrongState (the last administrator's)."""
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    found = work.session.get(Membership, membership_id)
    if found is None or (found.person_id, found.organization_id) != (person_id, actor.organization_id):
        raise NotFound
    left = lasting_administrators(work.session, actor.organization_id, work.now().date())
    if found.role is Role.ADMINISTRATOR and all(each.id == found.id for each in left):
        raise WrongState(because="last_administrator")
    was = GrantRole(found.role, found.school_id, found.building_id, found.starts_on, found.ends_on)
    work.session.delete(found)
    work.session.flush()
    touch_catalogue(work.session, actor.organization_id)
    _record(work, actor, "role_ended", person_id, role=was.role, membership_id=membership_id)
    return was


def email_is_taken(work: Work, email: str, besides: UUID | None = None) -> bool:
    """By anybody of any board: an address opens one account only."""
    holder = work.session.scalar(select(Person.id).where(Person.email == email))
    return holder is not None and holder != besides


def keep_person(work: Work, organization_id: UUID, who: Particulars) -> Person:
    """The row of somebody whose particulars were examined. Raises InvalidInput when the e-mail was taken meanwhile."""
    person_id = new_id()
    work.session.add(Resource(id=person_id, organization_id=organization_id, kind=ResourceKind.PERSON))
    work.session.flush()
    person = Person(id=person_id, organization_id=organization_id, **{name: getattr(who, name) for name in _FIELDS})
    work.session.add(person)
    _flush(work)
    return person


_FIELDS = ("given_name", "family_name", "email", "phone", "locale")


def _flush(work: Work) -> None:
    """Two administrators may add one address at once: the database lets one of them."""
    try:
        with work.session.begin_nested():
            work.session.flush()
    except IntegrityError as refused:
        raise InvalidInput({"email": "email_taken"}) from refused


def _grant_faults(work: Work, actor: Actor, grant: GrantRole) -> dict[str, str]:
    faults = {}
    has_place = grant.school_id is not None or grant.building_id is not None
    if has_place == (grant.role in PLACELESS_ROLES):
        faults["place"] = "place_not_wanted" if has_place else "required"
    elif not _is_ours(work, actor, School, grant.school_id) or not _is_ours(work, actor, Building, grant.building_id):
        faults["place"] = "unknown"
    if grant.starts_on and grant.ends_on and grant.ends_on < grant.starts_on:
        faults["ends_on"] = "ends_before_it_starts"
    return faults


def _is_ours(work: Work, actor: Actor, kind: type[School | Building], place_id: UUID | None) -> bool:
    if place_id is None:
        return True
    ours = select(kind.id).where(kind.id == place_id, kind.organization_id == actor.organization_id)
    return work.session.scalar(ours) is not None


def _is_held(work: Work, actor: Actor, person_id: UUID, grant: GrantRole) -> bool:
    """Null places are never equal to the database, so its own constraint does not see a role of the whole board."""
    same = select(Membership.id).where(
        Membership.organization_id == actor.organization_id,
        Membership.person_id == person_id,
        Membership.role == grant.role,
        Membership.school_id.is_(None) if grant.school_id is None else Membership.school_id == grant.school_id,
        Membership.building_id.is_(None) if grant.building_id is None else Membership.building_id == grant.building_id,
    )
    return work.session.scalar(same.limit(1)) is not None


def _grant(work: Work, actor: Actor, person: Person, grant: GrantRole) -> Membership:
    membership = Membership(
        organization_id=actor.organization_id,
        person_id=person.id,
        role=grant.role,
        school_id=grant.school_id,
        building_id=grant.building_id,
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
    )
    work.session.add(membership)
    work.session.flush()
    if grant.role is Role.PROFESSIONAL and person.organization_id == actor.organization_id:
        lay_first_hours(work, person)
    touch_catalogue(work.session, actor.organization_id)
    return membership


def _record(work: Work, actor: Actor, verb: str, person_id: UUID, **facts: object) -> None:
    audit.record(work, verb, "person", person_id, actor.organization_id, actor_id=actor.person_id, facts=facts)
