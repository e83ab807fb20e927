"""Schools and their buildings, for administrators: legal time to confirm, hours, rooms, bells."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from intervention.domain.days import BellDay, BellKind
from intervention.domain.errors import InvalidInput, NotFound, Stale
from intervention.domain.legal_time import LEGAL_ZONES
from intervention.domain.people import Level, Role
from intervention.domain.permissions import Actor
from intervention.domain.seen import seen
from intervention.queries.classes import class_list
from intervention.queries.schools import BuildingPage, RoomLine, building_page, school_list
from intervention.rendering import wording
from intervention.rendering.i18n import N_
from intervention.usecases import schools
from intervention.usecases.schools import EditBuilding
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import Form, id_or_none
from intervention.web.schools_forms import (
    bell_day,
    bell_rows,
    bells_as_form,
    bells_in,
    building_as_form,
    level_of,
    room_as_form,
    room_facts,
    without_blank_bells,
)
from intervention.web.stage import open_work, reading

pages = Blueprint("schools", __name__)
Page = str | tuple[str, int] | Response

SPARE_BELLS = 3


def _administers(actor: Actor) -> bool:
    return Role.ADMINISTRATOR in actor.roles


NAV = (
    NavEntry(
        "schools.index", N_("Écoles"), "schools", 80, shown_to=_administers, is_admin=True,
        also=(
            "sectors.index", "sectors.new", "sectors.edit", "school_imports.ask", "school_imports.examine",
            "school_imports.apply", "places.new_building",
            "places.schools", "places.new_school", "places.school", "places.listing", "places.new_equipment",
            "places.one", "declared_roads.index", "classes.new", "classes.show",
        ),
    ),
)  # fmt: skip


@pages.get("/ecoles")
def index() -> Page:
    return _index(Form.blank())


@pages.post("/ecoles/heures")
def confirm_zones() -> Page:
    """Each ticked value is `<building>|<zone>`: what is confirmed is what was shown, even if the proposal changed."""
    form = Form(request.form)
    shown: dict[UUID, str] = {}
    for value in form.values("zones"):
        raw, _, zone = value.partition("|")
        building_id = id_or_none(raw)
        if building_id is None or zone not in LEGAL_ZONES:
            form.fail("zones", "not_a_choice")
        else:
            shown[building_id] = zone
    if not shown:
        form.fail("zones", "required")
    try:
        form.check()
        with open_work() as work:
            count = schools.confirm_zones(work, current_actor(), shown)
    except InvalidInput as refusal:
        return _index(form.refused(refusal)), 422
    notices.say("zones_confirmed", count=count)
    return redirect(url_for("schools.index"), 303)


@pages.get("/ecoles/immeubles/<uuid:building_id>")
def building(building_id: UUID) -> Page:
    return _building(building_id, Form.blank())


@pages.post("/ecoles/immeubles/<uuid:building_id>/heure")
def confirm_zone(building_id: UUID) -> Page:
    form = Form(request.form)
    zone = form.text("zone", most=64)
    undo = url_for("schools.withdraw_zone", building_id=building_id)
    return _act(
        building_id, form, lambda work: schools.confirm_zone(work, current_actor(), building_id, zone),
        said="zone_confirmed", undo=undo,
    )  # fmt: skip


@pages.post("/ecoles/immeubles/<uuid:building_id>/heure/retrait")
def withdraw_zone(building_id: UUID) -> Page:
    return _act(
        building_id, Form(request.form), lambda work: schools.withdraw_zone(work, current_actor(), building_id),
        said="zone_withdrawn",
    )  # fmt: skip


@pages.get("/ecoles/immeubles/<uuid:building_id>/modification")
def edit(building_id: UUID) -> Page:
    page = building_page(reading(), current_actor(), building_id)
    return render_template("schools/edit.html", page=page, form=building_as_form(page))


@pages.post("/ecoles/immeubles/<uuid:building_id>/modification")
def edit_post(building_id: UUID) -> Page:
    page = building_page(reading(), current_actor(), building_id)
    form = Form(request.form)
    ask = EditBuilding(
        building_id,
        short_name=form.text("short_name", most=40),
        address=form.text("address", required=False) or None,
        postal_code=form.text("postal_code", most=12, required=False) or None,
        phone=form.text("phone", most=40, required=False) or None,
        opens_local=form.wall_time("opens_local"),
        closes_local=form.wall_time("closes_local"),
        road_component=form.text("road_component", most=40, required=False).casefold() or None,
        is_active=form.flag("is_active"),
    )
    return _save(
        building_id, form, lambda work: schools.edit_building(work, current_actor(), ask, form.value("version")),
        said="building_edited", again=lambda: render_template("schools/edit.html", page=page, form=form),
        standing=building_as_form(page),
    )  # fmt: skip


@pages.get("/ecoles/immeubles/<uuid:building_id>/locaux/nouveau")
def new_room(building_id: UUID) -> Page:
    return _room_form(building_page(reading(), current_actor(), building_id), None, Form.blank(capacity=4, is_closed=1))


@pages.post("/ecoles/immeubles/<uuid:building_id>/locaux/nouveau")
def add_room(building_id: UUID) -> Page:
    page = building_page(reading(), current_actor(), building_id)
    form = Form(request.form)
    facts = room_facts(form, is_new=True)
    return _save(
        building_id, form, lambda work: schools.add_room(work, current_actor(), building_id, facts), said="room_added",
        again=lambda: _room_form(page, None, form),
    )  # fmt: skip


@pages.get("/ecoles/immeubles/<uuid:building_id>/locaux/<uuid:room_id>")
def room(building_id: UUID, room_id: UUID) -> Page:
    page = building_page(reading(), current_actor(), building_id)
    found = _room_of(page, room_id)
    return _room_form(page, found, room_as_form(found))


@pages.post("/ecoles/immeubles/<uuid:building_id>/locaux/<uuid:room_id>")
def edit_room(building_id: UUID, room_id: UUID) -> Page:
    page = building_page(reading(), current_actor(), building_id)
    found = _room_of(page, room_id)
    form = Form(request.form)
    facts = room_facts(form, is_new=False)
    return _save(
        building_id, form, lambda work: schools.edit_room(work, current_actor(), room_id, facts, form.value("version")),
        said="room_edited", again=lambda: _room_form(page, found, form), standing=room_as_form(found),
    )  # fmt: skip


@pages.get("/ecoles/immeubles/<uuid:building_id>/cloches/<level>")
def bells(building_id: UUID, level: str) -> Page:
    """`?comme=primary` begins with the bells of another level of the building; `?jour=exam` those of exam days.

    A kind of day without bells of its own begins with those of the usual day.
    """
    page, chosen, day = building_page(reading(), current_actor(), building_id), level_of(level), bell_day()
    like = request.args.get("comme")
    usual = page.bells.get(level_of(like) if like else chosen, ())
    begin = usual if day is None else page.other_bells.get((chosen, day), usual)
    form = bells_as_form(begin)
    form.data["version"] = seen(page.bells_shown(chosen, day))
    return _bells_form(page, chosen, form)


@pages.post("/ecoles/immeubles/<uuid:building_id>/cloches/<level>")
def set_bells(building_id: UUID, level: str) -> Page:
    page, chosen, day = building_page(reading(), current_actor(), building_id), level_of(level), bell_day()
    form = without_blank_bells(request.form)
    rows = bells_in(form)
    known = form.data["version"] = request.form.get("version", "")
    return _save(
        building_id, form,
        lambda work: schools.set_bells(work, current_actor(), building_id, chosen, rows, day, known=known),
        said="bells_set", again=lambda: _bells_form(page, chosen, form), standing=Form.blank(),
    )  # fmt: skip


def _index(form: Form) -> str:
    lines = school_list(reading(), current_actor())
    return render_template(
        "schools/index.html",
        form=form,
        unconfirmed=[line for line in lines if line.zone is None],
        confirmed=[line for line in lines if line.zone is not None],
    )


def _building(building_id: UUID, form: Form, status: int = 200) -> Page:
    page = building_page(reading(), current_actor(), building_id)
    chosen = form.value("zone") or page.line.zone or page.line.proposal.zone
    form.data = MultiDict({**form.data.to_dict(), "zone": chosen})
    classes = class_list(reading(), current_actor(), building_id)
    made = render_template("schools/building.html", page=page, form=form, legal_zones=LEGAL_ZONES, classes=classes)
    return made if status == 200 else (made, status)


def _act(building_id: UUID, form: Form, act: Callable[[Work], object], *, said: str, undo: str | None = None) -> Page:
    try:
        form.check()
        with open_work() as work:
            act(work)
    except InvalidInput as refusal:
        return _building(building_id, form.refused(refusal), 422)
    notices.say(said, undo=undo)
    return redirect(url_for("schools.building", building_id=building_id), 303)


def _save(  # noqa: PLR0913 - one form, what it does, and what it would be opened with now
    building_id: UUID,
    form: Form,
    act: Callable[[Work], object],
    *,
    said: str,
    again: Callable[[], str],
    standing: Form | None = None,
) -> Page:
    """Do it and go back to the building; a refused form comes back as it was filled."""
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
    return redirect(url_for("schools.building", building_id=building_id), 303)


def _room_of(page: BuildingPage, room_id: UUID) -> RoomLine:
    found = next((each for each in page.rooms if each.id == room_id), None)
    if found is None:
        raise NotFound
    return found


def _room_form(page: BuildingPage, room: RoomLine | None, form: Form) -> str:
    return render_template("schools/room.html", page=page, room=room, form=form)


def _bells_form(page: BuildingPage, level: Level, form: Form) -> str:
    beside_id = id_or_none(request.args.get("avec", ""))
    lines = school_list(reading(), current_actor())
    return render_template(
        "schools/bells.html",
        page=page,
        level=level,
        bell_day=bell_day(),
        bell_days=tuple(BellDay),
        beside=building_page(reading(), current_actor(), beside_id) if beside_id else None,
        neighbours=[line for line in lines if line.id != page.line.id and level in line.bell_levels],
        form=form,
        rows=bell_rows(form) + SPARE_BELLS,
        kinds=[(kind.value, wording.word(kind)) for kind in BellKind],
        others=[other for other in page.bells if other is not level],
    )
