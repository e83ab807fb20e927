"""What scheduling needs to know of a professional and of the adult beside the pupil."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import time
from uuid import UUID

from sqlalchemy import select

from intervention.domain.errors import InvalidInput, WrongState
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.people import person_of_board, person_page
from intervention.records.people import Facilitator, Membership, Person, Professional
from intervention.records.schools import Building
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.work import Work

LEAST_WEEKLY, MOST_WEEKLY = 60, 60 * 60


@dataclass(frozen=True, slots=True)
class ProfessionalFacts:
    home_building_id: UUID
    discipline: Discipline
    other_disciplines: tuple[Discipline, ...] = ()
    weekly_minutes: int = 35 * 60
    max_buildings_per_day: int = 3
    lunch_minutes: int = 45
    lunch_from_local: time = time(11, 15)
    lunch_until_local: time = time(13, 30)

    def faults(self) -> dict[str, str]:
        """Field → fault code."""
        bounds = {
            "weekly_minutes": (LEAST_WEEKLY, MOST_WEEKLY),
            "max_buildings_per_day": (1, 12),
            "lunch_minutes": (0, 120),
        }
        faults = {
            name: "out_of_range" for name, (least, most) in bounds.items() if not least <= getattr(self, name) <= most
        }
        window = _minutes(self.lunch_until_local) - _minutes(self.lunch_from_local)
        if not faults and window < self.lunch_minutes:
            faults["lunch_until_local"] = "lunch_does_not_fit"
        return faults


def set_professional(
    work: Work, actor: Actor, person_id: UUID, facts: ProfessionalFacts, known: str | None = None
) -> None:
    """Raises NotFound, NotAllowed, Stale, InvalidInput, WrongState (no role of professional here)."""
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    person = person_of_board(work.session, actor, person_id, at_home=True)
    _require_role(work, actor, person, Role.PROFESSIONAL)
    require_seen(work, person, known, lambda: person_page(work.session, actor, person.id).professional_shown)
    faults = facts.faults() | _building_faults(work, actor, "home_building_id", facts.home_building_id)
    if faults:
        raise InvalidInput(faults)
    others = [each for each in Discipline if each in facts.other_disciplines and each is not facts.discipline]
    values = {each.name: getattr(facts, each.name) for each in fields(facts)} | {"other_disciplines": others}
    found = work.session.get(Professional, person.id)
    if found is None:
        work.session.add(Professional(person_id=person.id, **values))
    else:
        for name, value in values.items():
            setattr(found, name, value)
    _done(work, actor, "professional_set", person)


def set_facilitator(  # noqa: PLR0913 - who, where, and what was seen
    work: Work, actor: Actor, person_id: UUID, building_id: UUID, *, is_trained: bool, known: str | None = None
) -> None:
    """Raises NotFound, NotAllowed, Stale, InvalidInput, WrongState (no role of facilitator here)."""
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    person = person_of_board(work.session, actor, person_id, at_home=True)
    _require_role(work, actor, person, Role.FACILITATOR)
    require_seen(work, person, known, lambda: person_page(work.session, actor, person.id).facilitator_shown)
    faults = _building_faults(work, actor, "facilitator_building_id", building_id)
    if faults:
        raise InvalidInput(faults)
    found = work.session.get(Facilitator, person.id)
    if found is None:
        work.session.add(Facilitator(person_id=person.id, building_id=building_id, is_trained=is_trained))
    else:
        found.building_id, found.is_trained = building_id, is_trained
    _done(work, actor, "facilitator_set", person)


def _require_role(work: Work, actor: Actor, person: Person, role: Role) -> None:
    held = select(Membership.id).where(
        Membership.person_id == person.id,
        Membership.organization_id == actor.organization_id,
        Membership.role == role,
    )
    if work.session.scalar(held.limit(1)) is None:
        raise WrongState(because=f"no_role_{role.value}")


def _building_faults(work: Work, actor: Actor, field: str, building_id: UUID) -> dict[str, str]:
    ours = select(Building.id).where(Building.id == building_id, Building.organization_id == actor.organization_id)
    return {} if work.session.scalar(ours) is not None else {field: "unknown"}


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _done(work: Work, actor: Actor, verb: str, person: Person) -> None:
    work.session.flush()
    touch_catalogue(work.session, actor.organization_id)
    audit.record(work, verb, "person", person.id, actor.organization_id, actor_id=actor.person_id)
