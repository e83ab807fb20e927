"""Buildings and schools written down by hand, kits and vehicles, and the roads that somebody declared."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput, NotFound, Stale
from intervention.domain.people import Level, ResourceKind
from intervention.domain.places import NewBuilding, SchoolFacts
from intervention.domain.seen import seen
from intervention.queries.places import (
    EquipmentLine,
    SchoolEntry,
    building_choices,
    equipment,
    equipment_line,
    school_entries,
    school_entry,
)
from intervention.rendering import wording
from intervention.usecases import equipment as keeping
from intervention.usecases import places
from intervention.usecases.equipment import EquipmentFacts
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form, id_or_none
from intervention.web.stage import open_work, reading

pages = Blueprint("places", __name__)
Page = str | tuple[str, int] | Response

KINDS = {"trousses": ResourceKind.KIT, "vehicules": ResourceKind.VEHICLE}


@pages.get("/ecoles/immeubles/nouveau")
def new_building() -> Page:
    return _building_form(Form.blank(opens_local="7:30", closes_local="17:00"))


@pages.post("/ecoles/immeubles/nouveau")
def add_building() -> Page:
    """Then to the building's page, where the law's legal time waits to be confirmed."""
    form = Form(request.form)
    facts = NewBuilding(
        code=form.text("code", most=32),
        name=form.text("name", most=160),
        municipality=form.text("municipality", most=120),
        short_name=form.text("short_name", most=40, required=False) or None,
        address=form.text("address", required=False) or None,
        postal_code=form.text("postal_code", most=12, required=False) or None,
        phone=form.text("phone", most=40, required=False) or None,
        lat=form.degrees("lat"),
        lon=form.degrees("lon"),
        opens_local=form.wall_time("opens_local"),
        closes_local=form.wall_time("closes_local"),
    )
    try:
        form.check()
        with open_work() as work:
            building_id = places.add_building(work, current_actor(), facts)
    except InvalidInput as refusal:
        return _building_form(form.refused(refusal)), 422
    notices.say("building_added")
    return redirect(url_for("schools.building", building_id=building_id), 303)


@pages.get("/ecoles/etablissements")
def schools() -> Page:
    entries = school_entries(reading(), current_actor())
    names = dict(building_choices(reading(), current_actor()))
    return render_template("schools/schools.html", entries=entries, names=names)


@pages.get("/ecoles/etablissements/nouveau")
def new_school() -> Page:
    return _school_form(None, Form.blank(is_active=1))


@pages.post("/ecoles/etablissements/nouveau")
def add_school() -> Page:
    form = Form(request.form)
    facts = _school_facts(form, is_new=True)
    return _save(
        form, lambda work: places.add_school(work, current_actor(), facts), said="school_added",
        again=lambda: _school_form(None, form), to=url_for("places.schools"),
    )  # fmt: skip


@pages.get("/ecoles/etablissements/<uuid:school_id>")
def school(school_id: UUID) -> Page:
    entry = school_entry(reading(), current_actor(), school_id)
    return _school_form(entry, _school_as_form(entry))


@pages.post("/ecoles/etablissements/<uuid:school_id>")
def edit_school(school_id: UUID) -> Page:
    entry, form = school_entry(reading(), current_actor(), school_id), Form(request.form)
    facts = _school_facts(form, is_new=False)
    return _save(
        form, lambda work: places.edit_school(work, current_actor(), school_id, facts, form.value("version")),
        said="school_edited", again=lambda: _school_form(entry, form), to=url_for("places.schools"),
        standing=_school_as_form(entry),
    )  # fmt: skip


@pages.get("/ecoles/materiel")
def listing() -> Page:
    return render_template("schools/equipment.html", found=equipment(reading(), current_actor()))


@pages.get("/ecoles/materiel/<kind>/nouveau")
def new_equipment(kind: str) -> Page:
    return _equipment_form(_kind(kind), None, Form.blank())


@pages.post("/ecoles/materiel/<kind>/nouveau")
def add_equipment(kind: str) -> Page:
    chosen, form = _kind(kind), Form(request.form)
    facts = _equipment_facts(form, is_new=True)
    return _save(
        form, lambda work: keeping.add_equipment(work, current_actor(), chosen, facts), said=f"{chosen.value}_added",
        again=lambda: _equipment_form(chosen, None, form), to=url_for("places.listing"),
    )  # fmt: skip


@pages.get("/ecoles/materiel/<kind>/<uuid:equipment_id>")
def one(kind: str, equipment_id: UUID) -> Page:
    line = equipment_line(reading(), current_actor(), _kind(kind), equipment_id)
    return _equipment_form(line.kind, equipment_id, _equipment_as_form(line))


@pages.post("/ecoles/materiel/<kind>/<uuid:equipment_id>")
def edit_one(kind: str, equipment_id: UUID) -> Page:
    line, form = equipment_line(reading(), current_actor(), _kind(kind), equipment_id), Form(request.form)
    facts = _equipment_facts(form, is_new=False)
    return _save(
        form,
        lambda work: keeping.edit_equipment(
            work, current_actor(), line.kind, equipment_id, facts, form.value("version")
        ),
        said=f"{line.kind.value}_edited", again=lambda: _equipment_form(line.kind, equipment_id, form),
        to=url_for("places.listing"), standing=_equipment_as_form(line),
    )  # fmt: skip


def _save(  # noqa: PLR0913 - one form, what it does, and what it would be opened with now
    form: Form,
    act: Callable[[Work], object],
    *,
    said: str,
    again: Callable[[], str],
    to: str,
    standing: Form | None = None,
) -> Page:
    try:
        form.check()
        with open_work() as work:
            act(work)
    except InvalidInput as refusal:
        form.refused(refusal)
        return again(), 422
    except Stale as refusal:
        form.outdated(refusal, standing or Form.blank())
        return again(), 409
    notices.say(said)
    return redirect(to, 303)


def _building_form(form: Form) -> str:
    building_choices(reading(), current_actor())
    return render_template("schools/new_building.html", form=form)


def _school_form(entry: SchoolEntry | None, form: Form) -> str:
    return render_template(
        "schools/school.html",
        entry=entry,
        form=form,
        buildings=building_choices(reading(), current_actor()),
        levels=[(level.value, wording.word(level)) for level in Level],
    )


def _school_facts(form: Form, *, is_new: bool) -> SchoolFacts:
    """Each ticked building has its own ticked levels, `levels-<building>`."""
    placements: dict[UUID, tuple[Level, ...]] = {}
    for building_id in form.ids("buildings", most=200):
        sent = form.values(f"levels-{building_id}")
        placements[building_id] = tuple(level for level in Level if level.value in sent)
    return SchoolFacts(
        code=form.text("code", most=32),
        name=form.text("name", most=160),
        placements=placements,
        is_active=is_new or form.flag("is_active"),
    )


def _school_as_form(entry: SchoolEntry) -> Form:
    form = Form.blank(code=entry.code, name=entry.name, is_active=entry.is_active or None, version=seen(entry.shown))
    form.data.setlist("buildings", [str(each) for each in entry.placements])
    for building_id, levels in entry.placements.items():
        form.data.setlist(f"levels-{building_id}", [level.value for level in levels])
    return form


def _equipment_as_form(line: EquipmentLine) -> Form:
    return Form.blank(
        name=line.name, building=line.building_id, is_active=line.is_active or None, version=seen(line.shown)
    )


def _kind(raw: str) -> ResourceKind:
    if raw not in KINDS:
        raise NotFound
    return KINDS[raw]


def _equipment_form(kind: ResourceKind, equipment_id: UUID | None, form: Form) -> str:
    raw = next(name for name, each in KINDS.items() if each is kind)
    buildings = building_choices(reading(), current_actor())
    return render_template(
        "schools/one_equipment.html", kind=kind, raw=raw, equipment_id=equipment_id, form=form, buildings=buildings
    )


def _equipment_facts(form: Form, *, is_new: bool) -> EquipmentFacts:
    raw = form.value("building").strip()
    if raw and id_or_none(raw) is None:
        form.fail("building", "unknown")
    return EquipmentFacts(
        form.text("name", most=keeping.MAX_NAME), form.maybe_id("building"), is_active=is_new or form.flag("is_active")
    )
