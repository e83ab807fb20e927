"""What administrators keep through the API: schools, buildings, kits, pupils, classes. The use cases are the pages'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from intervention.api import keeping_inputs as inputs
from intervention.api.directory import group_shape, kit_shape, pupil_shape, school_shape
from intervention.api.operations import Answer, Call, Made
from intervention.domain.errors import InvalidInput, Stale
from intervention.domain.people import Level, ResourceKind
from intervention.domain.places import NewBuilding, SchoolFacts
from intervention.domain.pupils import Enrolment, PupilFacts
from intervention.domain.seen import seen
from intervention.queries import directory
from intervention.queries.classes import class_page
from intervention.queries.places import equipment_line, school_entry
from intervention.queries.pupil_roll import kept_pupil
from intervention.usecases import classes, equipment, places, pupils
from intervention.usecases.classes import ClassFacts
from intervention.usecases.equipment import EquipmentFacts

KIT = ResourceKind.KIT
_FIELDS = {
    "school": "school_id",
    "building": "building_id",
    "class_group": "class_group_id",
    "teacher": "teacher_id",
    "buildings": "placements",
    "archive": "is_archived",
    "place": "building_id",
}
_PUPIL_FACTS = ("code", "given_name", "family_name", "level", "grade", "born_month", "is_age_needed")
_ENROLMENT = ("school_id", "building_id", "class_group_id")


def add_school(call: Call) -> Made:
    body: inputs.AddSchool = call.body
    with named_as_sent():
        facts = SchoolFacts(body.code, body.name, _placements(body.placements))
        return Made(places.add_school(call.work, call.actor, facts))


def show_school(call: Call, made: Made) -> Answer:
    session, actor = call.work.session, call.actor
    entry = school_entry(session, actor, made.id)
    return Answer(school_shape(directory.school(session, actor, made.id)), version=seen(entry.shown))


def edit_school(call: Call) -> Answer:
    body: inputs.EditSchool = call.body
    found = school_entry(call.work.session, call.actor, call.id)
    sent = sent_of(body)
    if "placements" in sent:
        sent["placements"] = _placements(body.placements)
    with named_as_sent():
        facts = replace(SchoolFacts(found.code, found.name, found.placements, found.is_active), **sent)
        places.edit_school(call.work, call.actor, call.id, facts, call.known)
    return show_school(call, Made(call.id))


def add_building(call: Call) -> Made:
    body: inputs.AddBuilding = call.body
    facts = NewBuilding(**{name: getattr(body, name) for name in inputs.AddBuilding.model_fields})
    return Made(places.add_building(call.work, call.actor, facts))


def add_kit(call: Call) -> Made:
    body: inputs.AddKit = call.body
    with named_as_sent():
        facts = EquipmentFacts(body.name, body.building_id)
        return Made(equipment.add_equipment(call.work, call.actor, KIT, facts))


def show_kit(call: Call, made: Made) -> Answer:
    session, actor = call.work.session, call.actor
    line = equipment_line(session, actor, KIT, made.id)
    return Answer(kit_shape(directory.kit(session, actor, made.id)), version=seen(line.shown))


def edit_kit(call: Call) -> Answer:
    found = equipment_line(call.work.session, call.actor, KIT, call.id)
    facts = replace(EquipmentFacts(found.name, found.building_id, found.is_active), **sent_of(call.body))
    with named_as_sent():
        equipment.edit_equipment(call.work, call.actor, KIT, call.id, facts, call.known)
    return show_kit(call, Made(call.id))


def add_pupil(call: Call) -> Made:
    body: inputs.AddPupil = call.body
    facts = PupilFacts(**{name: getattr(body, name) for name in _PUPIL_FACTS})
    enrolment = Enrolment(body.school_id, body.building_id, body.class_group_id)
    with named_as_sent():
        return Made(pupils.add_pupil(call.work, call.actor, facts, enrolment))


def show_pupil(call: Call, made: Made) -> Answer:
    """The code and no name: who keeps the register sent it, and need not get it back."""
    session, actor = call.work.session, call.actor
    kept = kept_pupil(session, actor, made.id)
    return Answer(pupil_shape(directory.pupil(session, actor, made.id), is_named=False), version=seen(kept.all_shown))


def edit_pupil(call: Call) -> Answer:
    """Facts, then where she is, then whether she left: one transaction, so all of it or none."""
    kept = kept_pupil(call.work.session, call.actor, call.id)
    sent = sent_of(call.body)
    facts = {name: sent[name] for name in _PUPIL_FACTS if name in sent}
    moved = {name: sent[name] for name in _ENROLMENT if name in sent}
    with named_as_sent():
        pupils.require_pupil_seen(call.work, call.actor, call.id, call.known)
        if facts:
            pupils.edit_pupil(call.work, call.actor, call.id, replace(kept.facts, **facts))
        if moved:
            pupils.move_pupil(call.work, call.actor, call.id, _moved(kept.enrolment, moved))
        if "is_archived" in sent:
            act = pupils.archive_pupil if sent["is_archived"] else pupils.restore_pupil
            act(call.work, call.actor, call.id)
    return show_pupil(call, Made(call.id))


def add_group(call: Call) -> Made:
    body: inputs.AddGroup = call.body
    with named_as_sent():
        facts = ClassFacts(body.school_id, body.name, body.level, body.teacher_id)
        return Made(classes.add_class(call.work, call.actor, body.building_id, facts))


def show_group(call: Call, made: Made) -> Answer:
    session, actor = call.work.session, call.actor
    page = class_page(session, actor, made.id, call.work.now())
    return Answer(group_shape(directory.group(session, actor, made.id)), version=seen(page.shown))


def edit_group(call: Call) -> Answer:
    page = class_page(call.work.session, call.actor, call.id, call.work.now())
    line, sent = page.line, sent_of(call.body)
    if sent.get("school_id", page.school_id) is None:
        raise InvalidInput({"school_id": "required"})
    with named_as_sent():
        facts = replace(ClassFacts(page.school_id, line.name, line.level, page.teacher_id, line.is_active), **sent)
        classes.edit_class(call.work, call.actor, call.id, facts, call.known)
    return show_group(call, Made(call.id))


@contextmanager
def named_as_sent() -> Iterator[None]:
    """A form calls its fields otherwise than a body does."""
    try:
        yield
    except InvalidInput as refusal:
        facts = {name: fact for name, fact in refusal.facts.items() if name != "fields"}
        raise InvalidInput({_FIELDS.get(name, name): code for name, code in refusal.fields.items()}, **facts) from None
    except Stale as refusal:
        names: tuple[str, ...] = refusal.facts.get("changed", ())  # type: ignore[assignment]
        raise Stale(**refusal.facts | {"changed": [_FIELDS.get(name, name) for name in names]}) from None


def sent_of(body: Any) -> dict[str, Any]:
    return {name: getattr(body, name) for name in body.model_fields_set}


def _placements(sent: tuple[inputs.Placement, ...]) -> dict[UUID, tuple[Level, ...]]:
    """In the order of levels, so that one set of levels has one spelling."""
    return {each.building_id: tuple(level for level in Level if level in each.levels) for each in sent}


def _moved(was: Enrolment, sent: dict[str, Any]) -> Enrolment:
    """A class stays behind with its school or building unless another is named."""
    missing = {name: "required" for name in ("school_id", "building_id") if sent.get(name, name) is None}
    if missing:
        raise InvalidInput(missing)
    is_elsewhere = any(sent.get(name, getattr(was, name)) != getattr(was, name) for name in _ENROLMENT[:2])
    return replace(was, **({"class_group_id": None} if is_elsewhere else {}) | sent)
