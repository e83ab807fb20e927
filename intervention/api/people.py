"""What administrators keep of people through the API. The use cases are the pages'."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from intervention.api import people_inputs as inputs
from intervention.api.keeping import named_as_sent, sent_of
from intervention.api.operations import Answer, Call, Made
from intervention.domain.accounts import Particulars
from intervention.domain.errors import InvalidInput
from intervention.domain.people import Role
from intervention.domain.seen import Facts, seen
from intervention.domain.working_hours import Opening
from intervention.queries.people import PersonPage, person_of_board, person_page
from intervention.queries.working_hours import hours_in_force, hours_page
from intervention.usecases import people
from intervention.usecases.people import GrantRole
from intervention.usecases.professionals import ProfessionalFacts, set_professional
from intervention.usecases.seeing import require_seen
from intervention.usecases.working_hours import set_hours

_PARTICULARS = tuple(each.name for each in fields(Particulars))


def add_person(call: Call) -> Made:
    """Who they are, then what scheduling knows of them: one transaction, so all of it or none."""
    body: inputs.AddPerson = call.body
    who = Particulars(*(getattr(body, name) for name in _PARTICULARS))
    grant = GrantRole(body.role, body.school_id, body.building_id, body.starts_on, body.ends_on)
    with named_as_sent():
        person_id = people.add_person(call.work, call.actor, who, grant)
        _schedule(call, person_id, body)
    return Made(person_id)


def show_person(call: Call, made: Made) -> Answer:
    page = person_page(call.work.session, call.actor, made.id)
    found = page.professional
    roles = {each.role for each in page.roles}
    return Answer(
        version=seen(_shown(call, made.id)),
        body={
            "id": page.id,
            "name": page.name,
            "roles": [role for role in sorted(Role) if role in roles],
            "discipline": found and found.discipline,
            "home_building_id": found and found.home_building_id,
        },
    )


def edit_person(call: Call) -> Answer:
    page = person_page(call.work.session, call.actor, call.id)
    sent = {name: value for name, value in sent_of(call.body).items() if name in _PARTICULARS}
    was = Particulars(page.given_name, page.family_name, page.email, page.phone, page.locale)
    with named_as_sent():
        person = person_of_board(call.work.session, call.actor, call.id)
        require_seen(call.work, person, call.known, lambda: _shown(call, call.id))
        if sent:
            people.edit_person(call.work, call.actor, call.id, replace(was, **sent))
        _schedule(call, call.id, call.body)
    return show_person(call, Made(call.id))


def _shown(call: Call, person_id: UUID) -> Facts:
    """What a PATCH edits; the hours as they are today."""
    session = call.work.session
    page, person = person_page(session, call.actor, person_id), person_of_board(session, call.actor, person_id)
    return {**page.shown, **page.professional_shown, **hours_in_force(session, person, call.work.now()).shown}


def _schedule(call: Call, person_id: UUID, body: inputs.AddPerson | inputs.EditPerson) -> None:
    if body.professional is not None:
        page = person_page(call.work.session, call.actor, person_id)
        set_professional(call.work, call.actor, person_id, _settings(page, sent_of(body.professional)))
    if body.hours is not None:
        was = hours_page(call.work.session, call.actor, person_id, call.work.now()).hours
        week = tuple(Opening(each.weekday, each.starts_local, each.ends_local) for each in body.hours)
        set_hours(call.work, call.actor, person_id, replace(was, week=week))


def _settings(page: PersonPage, sent: dict[str, Any]) -> ProfessionalFacts:
    was = page.professional
    if was is not None:
        known = {
            "home_building_id": was.home_building_id, "discipline": was.discipline,
            "other_disciplines": was.other_disciplines, "weekly_minutes": was.weekly_minutes,
            "max_buildings_per_day": was.max_buildings_per_day, "lunch_minutes": was.lunch_minutes,
            "lunch_from_local": was.lunch_from, "lunch_until_local": was.lunch_until,
        }  # fmt: skip
        sent = known | sent
    missing = {name: "required" for name in ("home_building_id", "discipline") if sent.get(name) is None}
    if missing:
        raise InvalidInput(missing)
    return ProfessionalFacts(**sent)
