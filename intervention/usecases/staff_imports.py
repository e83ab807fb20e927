"""Brings a board's people in from a file: shows what would change, and applies it when asked, all or nothing.

Nobody is let in by it: each person still receives a link by which they choose a password.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from intervention.domain.accounts import Particulars
from intervention.domain.errors import NotFound
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.staff_import import (
    KnownStaff,
    RoleAt,
    StaffFile,
    StaffLine,
    StaffPlan,
    StoredPerson,
    as_stored,
    plan_staff,
)
from intervention.queries.accounts import candidate
from intervention.queries.actors import actor_of
from intervention.records.isolation import beyond
from intervention.records.people import Membership, Person, Professional
from intervention.records.schools import Building, School
from intervention.usecases import audit
from intervention.usecases.people import GrantRole, add_person, edit_person, grant_role
from intervention.usecases.professionals import ProfessionalFacts, set_facilitator, set_professional
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class ImportStaff:
    file: StaffFile
    is_applied: bool = False


def import_staff(work: Work, actor: Actor, ask: ImportStaff) -> StaffPlan:
    """What the file changes in the actor's board. Raises NotAllowed; a bad file is a plan with `refused` lines."""
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    stored = _Stored(work, actor, {line.email for line in ask.file.lines})
    plan = plan_staff(stored.known, ask.file)
    if not ask.is_applied or plan.refused or plan.changes_nothing:
        return plan
    stored.apply(plan)
    board = actor.organization_id
    counts = {"added": len(plan.added), "changed": len(plan.changed), "granted": len(plan.granted)}
    audit.record(work, "people_imported", "organization", board, board, actor_id=actor.person_id, facts=counts)
    return plan


def import_staff_as_operator(work: Work, email: str, ask: ImportStaff) -> StaffPlan:
    """The same from the machine's own terminal, in the name of an administrator. Raises NotFound, NotAllowed."""
    today = work.now().date()
    found = candidate(work.session, email, today)
    actor = actor_of(work.session, found.person_id, found.organization_id, today) if found else None
    if actor is None:
        raise NotFound
    return import_staff(work, actor, ask)


class _Stored:
    """The people of the file as the board has them, with the ids behind their addresses and the codes of places."""

    def __init__(self, work: Work, actor: Actor, emails: set[str]) -> None:
        self.work, self.actor = work, actor
        self.schools, self.buildings = self._ids(School), self._ids(Building)
        ours = work.session.scalars(
            select(Person).where(Person.organization_id == actor.organization_id, Person.email.is_not(None))
        ).all()
        self.people = {str(each.email): each.id for each in ours}
        roles, services = self._roles(), self._services()
        self.known = KnownStaff(
            {
                str(each.email): StoredPerson(_particulars(each), frozenset(roles[each.id]), services.get(each.id))
                for each in ours
            },
            self._elsewhere(emails - self.people.keys()),
            frozenset(self.schools),
            frozenset(self.buildings),
        )

    def apply(self, plan: StaffPlan) -> None:
        newcomers = set()
        for line in plan.added:
            self.people[line.email] = add_person(self.work, self.actor, line.who, self._grant(line))
            newcomers.add(line.line)
        for line in plan.changed:
            person_id = self.people[line.email]
            stored = self.work.session.get_one(Person, person_id)
            edit_person(self.work, self.actor, person_id, as_stored(line, _particulars(stored)))
        for line in plan.granted:
            if line.line not in newcomers:
                grant_role(self.work, self.actor, self.people[line.email], self._grant(line))
            if line.held.role is Role.FACILITATOR:
                there = self.buildings[line.held.building_code]
                set_facilitator(self.work, self.actor, self.people[line.email], there, is_trained=False)
        for line in plan.set_up:
            self._set_up(line)

    def _set_up(self, line: StaffLine) -> None:
        """A service that is set keeps its hours, its lunch and its other disciplines."""
        assert line.discipline is not None  # noqa: S101 - only lines with a service are set up
        person_id, home = self.people[line.email], self.buildings[line.home_code]
        facts = ProfessionalFacts(home, line.discipline)
        kept = self.work.session.get(Professional, person_id)
        if kept is not None:
            facts = replace(
                facts, other_disciplines=tuple(Discipline(each) for each in kept.other_disciplines),
                weekly_minutes=kept.weekly_minutes, max_buildings_per_day=kept.max_buildings_per_day,
                lunch_minutes=kept.lunch_minutes, lunch_from_local=kept.lunch_from_local,
                lunch_until_local=kept.lunch_until_local,
            )  # fmt: skip
        set_professional(self.work, self.actor, person_id, facts)

    def _grant(self, line: StaffLine) -> GrantRole:
        held = line.held
        return GrantRole(held.role, self.schools.get(held.school_code), self.buildings.get(held.building_code))

    def _roles(self) -> dict[UUID, set[RoleAt]]:
        school_of: dict[UUID | None, str] = {found: code for code, found in self.schools.items()}
        building_of: dict[UUID | None, str] = {found: code for code, found in self.buildings.items()}
        roles: dict[UUID, set[RoleAt]] = defaultdict(set)
        for each in self.work.session.scalars(
            select(Membership).where(Membership.organization_id == self.actor.organization_id)
        ):
            place = RoleAt(each.role, school_of.get(each.school_id, ""), building_of.get(each.building_id, ""))
            roles[each.person_id].add(place)
        return roles

    def _services(self) -> dict[UUID, tuple[Discipline, str]]:
        rows = self.work.session.execute(
            select(Professional.person_id, Professional.discipline, Building.code)
            .join(Building, Building.id == Professional.home_building_id)
            .join(Person, Person.id == Professional.person_id)
            .where(Person.organization_id == self.actor.organization_id)
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def _elsewhere(self, emails: set[str]) -> frozenset[str]:
        """Addresses that open an account of another board: that, and nothing else of whose they are."""
        with beyond(self.work.session):
            rows = self.work.session.scalars(select(Person.email).where(Person.email.in_(emails)))
            return frozenset(str(email) for email in rows)

    def _ids(self, record: type[School | Building]) -> dict[str, UUID]:
        rows = self.work.session.execute(
            select(record.code, record.id).where(record.organization_id == self.actor.organization_id, record.is_active)
        )
        return {row[0]: row[1] for row in rows}


def _particulars(person: Person) -> Particulars:
    return Particulars(person.given_name, person.family_name, person.email, person.phone, person.locale)
