"""Sectors: named, given their buildings, taken away. For administrators."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput, Stale
from intervention.domain.seen import seen
from intervention.queries.schools import school_list
from intervention.queries.sectors import SectorLine, sector_line, sector_lines
from intervention.usecases import sectors
from intervention.usecases.sectors import MAX_NAME, SectorFacts
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading

pages = Blueprint("sectors", __name__)
Page = str | tuple[str, int] | Response

MOST_BUILDINGS = 400


@pages.get("/ecoles/secteurs")
def index() -> Page:
    return render_template("sectors/index.html", sectors=sector_lines(reading(), current_actor()))


@pages.get("/ecoles/secteurs/nouveau")
def new() -> Page:
    return _form(None, Form.blank())


@pages.post("/ecoles/secteurs/nouveau")
def add() -> Page:
    return _save(None, lambda work, facts: sectors.add_sector(work, current_actor(), facts))


@pages.get("/ecoles/secteurs/<uuid:sector_id>")
def edit(sector_id: UUID) -> Page:
    line = sector_line(reading(), current_actor(), sector_id)
    return _form(line, _as_form(line))


@pages.post("/ecoles/secteurs/<uuid:sector_id>")
def edit_post(sector_id: UUID) -> Page:
    line = sector_line(reading(), current_actor(), sector_id)
    known = request.form.get("version", "")
    return _save(line, lambda work, facts: sectors.edit_sector(work, current_actor(), sector_id, facts, known))


@pages.post("/ecoles/secteurs/<uuid:sector_id>/retrait")
def remove(sector_id: UUID) -> Page:
    line = sector_line(reading(), current_actor(), sector_id)
    try:
        with open_work() as work:
            sectors.remove_sector(work, current_actor(), sector_id)
    except InvalidInput as refusal:
        return _form(line, _as_form(line).refused(refusal)), 422
    notices.say("sector_removed")
    return redirect(url_for("sectors.index"), 303)


def _save(line: SectorLine | None, act: Callable[[Work, SectorFacts], object]) -> Page:
    form = Form(request.form)
    facts = SectorFacts(form.text("name", most=MAX_NAME), frozenset(form.ids("buildings", most=MOST_BUILDINGS)))
    try:
        form.check()
        with open_work() as work:
            act(work, facts)
    except InvalidInput as refusal:
        return _form(line, form.refused(refusal)), 422
    except Stale as refusal:
        return _form(line, form.outdated(refusal, _as_form(line) if line else Form.blank())), 409
    notices.say("sector_saved")
    return redirect(url_for("sectors.index"), 303)


def _as_form(line: SectorLine) -> Form:
    form = Form.blank(name=line.name, version=seen(line.shown))
    form.data.setlist("buildings", [str(building_id) for building_id, _ in line.buildings])
    return form


def _form(line: SectorLine | None, form: Form) -> str:
    places = [(str(each.id), each.name, each.municipality) for each in school_list(reading(), current_actor())]
    return render_template("sectors/edit.html", line=line, form=form, places=places)
