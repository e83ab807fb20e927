"""Who follows which pupil: coordination assigns, and ends; a confidential mandate is ended by whom it was given to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from intervention.domain.encounters import Confidentiality
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.catalogue import touch_catalogue
from intervention.records.encounters import Encounter, Participation
from intervention.records.people import FollowUp, Membership, Person, Professional
from intervention.usecases import audit
from intervention.usecases.pupils import load_pupil
from intervention.usecases.to_come import count_with
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class AssignPupil:
    """`ends_on` is the last day. `is_confidential`: the mandate comes from a parent or from the pupil herself."""

    pupil_id: UUID
    person_id: UUID
    discipline: Discipline
    starts_on: date
    ends_on: date | None = None
    is_confidential: bool = False


def assign_pupil(work: Work, actor: Actor, ask: AssignPupil) -> UUID:
    """An ended follow-up of the same two begins again. Raises NotFound, NotAllowed, InvalidInput."""
    pupil = load_pupil(work, actor, ask.pupil_id, Action.ASSIGN_PUPILS)
    faults = _faults(work, actor, ask)
    if pupil.archived_on is not None:
        faults["person"] = "pupil_archived"
    known = work.session.scalar(
        select(FollowUp).where(
            FollowUp.pupil_id == pupil.id, FollowUp.person_id == ask.person_id, FollowUp.discipline == ask.discipline
        )
    )
    if known is not None and (known.ends_on is None or known.ends_on >= work.now().date()):
        faults.setdefault("person", "followed_already")
    if faults:
        raise InvalidInput(faults)
    row = known or FollowUp(organization_id=pupil.organization_id, pupil_id=pupil.id, person_id=ask.person_id)
    row.discipline, row.is_confidential = ask.discipline, ask.is_confidential
    row.starts_on, row.ends_on = ask.starts_on, ask.ends_on
    work.session.add(row)
    work.session.flush()
    _changed(work, actor, "pupil_assigned", row)
    return row.id


def end_follow_up(work: Work, actor: Actor, follow_up_id: UUID, ends_on: date) -> int:
    """Gives how many of their séances are still to come after it. Raises NotFound, InvalidInput."""
    row = work.session.get(FollowUp, follow_up_id)
    if row is None:
        raise NotFound
    secrecy = Confidentiality.STRICT if row.is_confidential else Confidentiality.OPEN
    subject = Subject(row.organization_id, owner_id=row.person_id, confidentiality=secrecy)
    require(actor, Action.END_FOLLOW_UP, subject)
    if row.starts_on is not None and ends_on < row.starts_on:
        raise InvalidInput({"ends_on": "ends_before_start"})
    row.ends_on = ends_on
    _changed(work, actor, "follow_up_ended", row)
    hers = Participation.encounter_id.in_(
        select(Encounter.id).where(Encounter.host_id == row.person_id, Encounter.on_date > ends_on)
    )
    return count_with(work, Participation.pupil_id, row.pupil_id, hers)


def _faults(work: Work, actor: Actor, ask: AssignPupil) -> dict[str, str]:
    faults: dict[str, str] = {}
    if ask.ends_on is not None and ask.ends_on < ask.starts_on:
        faults["ends_on"] = "ends_before_start"
    her = work.session.scalar(
        select(Professional)
        .join(Person, Person.id == Professional.person_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.id == ask.person_id, Person.disabled_at.is_(None))
        .where(Membership.organization_id == actor.organization_id, Membership.role == Role.PROFESSIONAL)
    )
    if her is None:
        faults["person"] = "unknown"
    elif ask.discipline not in {her.discipline, *her.other_disciplines}:
        faults["discipline"] = "not_her_discipline"
    return faults


def _changed(work: Work, actor: Actor, verb: str, row: FollowUp) -> None:
    """The trail says that a confidential mandate changed, never who holds it: its reader is no part of it."""
    touch_catalogue(work.session, actor.organization_id)
    facts = {} if row.is_confidential else {"person": row.person_id, "discipline": row.discipline}
    audit.record(work, verb, "pupil", row.pupil_id, actor.organization_id, actor_id=actor.person_id, facts=facts)
