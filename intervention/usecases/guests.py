"""Parents, interpreters and partners: who they are, and how their confidential link reaches them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from sqlalchemy import select

from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.people import GuestRelation
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.guests import guest as guest_line
from intervention.queries.scope import visible_guests, visible_pupils
from intervention.records.people import Guest, Pupil
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.work import Work

MAX_NAME, MAX_EMAIL, MAX_PHONE = 160, 254, 40
GUEST_LOCALES = ("fr", "en")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class GuestFacts:
    """`pupil_id` None: an interpreter or a partner who comes for several."""

    name: str
    relation: GuestRelation
    email: str | None = None
    phone: str | None = None
    locale: str = "fr"
    pupil_id: UUID | None = None


def add_guest(work: Work, actor: Actor, facts: GuestFacts) -> UUID:
    """Raises NotFound for a pupil whom the actor may not open, NotAllowed, InvalidInput."""
    _require(work, actor, facts.pupil_id)
    _check(facts)
    guest = Guest(organization_id=actor.organization_id, **asdict(facts))
    work.session.add(guest)
    work.session.flush()
    _changed(work, actor, "guest_added", guest)
    return guest.id


def edit_guest(work: Work, actor: Actor, guest_id: UUID, facts: GuestFacts, known: str | None = None) -> None:
    """The pupil of a guest does not change: `facts.pupil_id` is not read.

    Raises NotFound, NotAllowed, Stale, InvalidInput.
    """
    guest = work.session.scalar(select(Guest).where(Guest.id == guest_id, visible_guests(actor)))
    if guest is None:
        raise NotFound
    _require(work, actor, guest.pupil_id)
    require_seen(work, guest, known, lambda: guest_line(work.session, actor, guest.id).shown)
    _check(replace(facts, pupil_id=guest.pupil_id))
    guest.name, guest.relation = facts.name, facts.relation
    guest.email, guest.phone, guest.locale = facts.email, facts.phone, facts.locale
    _changed(work, actor, "guest_edited", guest)


def _require(work: Work, actor: Actor, pupil_id: UUID | None) -> None:
    buildings: frozenset[UUID] = frozenset()
    if pupil_id is not None:
        pupil = work.session.scalar(select(Pupil).where(Pupil.id == pupil_id, visible_pupils(actor)))
        if pupil is None:
            raise NotFound
        buildings = frozenset({pupil.building_id})
    require(actor, Action.EDIT_GUESTS, Subject(actor.organization_id, buildings=buildings))


def _check(facts: GuestFacts) -> None:
    faults: dict[str, str] = {}
    if not facts.name.strip():
        faults["name"] = "required"
    for field, value, most in (
        ("name", facts.name, MAX_NAME), ("email", facts.email, MAX_EMAIL), ("phone", facts.phone, MAX_PHONE),
    ):  # fmt: skip
        if value and len(value) > most:
            faults[field] = "too_long"
    if facts.email and not _EMAIL.fullmatch(facts.email):
        faults["email"] = "not_an_email"
    if facts.locale not in GUEST_LOCALES:
        faults["locale"] = "not_a_choice"
    if facts.relation is GuestRelation.PARENT and facts.pupil_id is None:
        faults["relation"] = "parent_of_nobody"
    if faults:
        raise InvalidInput(faults)


def _changed(work: Work, actor: Actor, verb: str, guest: Guest) -> None:
    touch_catalogue(work.session, actor.organization_id)
    facts = {"pupil": guest.pupil_id}
    audit.record(work, verb, "guest", guest.id, actor.organization_id, actor_id=actor.person_id, facts=facts)
