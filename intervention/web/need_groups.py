"""A professional's small groups: made, named anew, filled from her caseload, removed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput, Stale
from intervention.domain.people import Discipline
from intervention.domain.seen import seen
from intervention.queries.need_groups import NeedGroupPage, need_group, own_caseload, own_disciplines
from intervention.rendering import wording
from intervention.usecases.need_groups import (
    MAX_LABEL,
    MAX_MEMBERS,
    edit_need_group,
    make_need_group,
    remove_need_group,
)
from intervention.web import notices, pressed_twice
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading

pages = Blueprint("need_groups", __name__)
Page = str | tuple[str, int] | Response


@pages.get("/eleves/groupes/nouveau")
def new() -> Page:
    return _form(None, Form.blank())


@pages.post("/eleves/groupes/nouveau")
def make() -> Page:
    form = Form(request.form)
    name, members = form.text("name", most=MAX_LABEL), form.ids("pupils", least=1, most=MAX_MEMBERS)
    known = own_disciplines(reading(), current_actor())
    discipline = form.choice("discipline", Discipline, default=known[0] if known else None)
    try:
        form.check()
        pressed_twice.made(form, "name", lambda work: make_need_group(work, current_actor(), name, discipline, members))
    except InvalidInput as refusal:
        return _form(None, form.refused(refusal)), 422
    notices.say("need_group_made")
    return redirect(url_for("pupils.index"), 303)


@pages.get("/eleves/groupes/<uuid:group_id>")
def edit(group_id: UUID) -> Page:
    group = need_group(reading(), current_actor(), group_id)
    return _form(group, _as_form(group))


@pages.post("/eleves/groupes/<uuid:group_id>")
def edit_post(group_id: UUID) -> Page:
    group, form = need_group(reading(), current_actor(), group_id), Form(request.form)
    name, members = form.text("name", most=MAX_LABEL), form.ids("pupils", least=1, most=MAX_MEMBERS)
    try:
        form.check()
        with open_work() as work:
            edit_need_group(work, current_actor(), group_id, name, members, form.value("version"))
    except InvalidInput as refusal:
        return _form(group, form.refused(refusal)), 422
    except Stale as refusal:
        return _form(group, form.outdated(refusal, _as_form(group))), 409
    notices.say("need_group_edited")
    return redirect(url_for("pupils.index"), 303)


@pages.post("/eleves/groupes/<uuid:group_id>/retrait")
def remove(group_id: UUID) -> Page:
    group = need_group(reading(), current_actor(), group_id)
    try:
        with open_work() as work:
            remove_need_group(work, current_actor(), group_id)
    except InvalidInput as refusal:
        return _form(group, _as_form(group).refused(refusal)), 422
    notices.say("need_group_removed")
    return redirect(url_for("pupils.index"), 303)


def _as_form(group: NeedGroupPage) -> Form:
    form = Form.blank(name=group.name, version=seen(group.shown))
    form.data.setlist("pupils", [str(each) for each in group.members])
    return form


def _form(group: NeedGroupPage | None, form: Form) -> str:
    return render_template(
        "pupils/group.html",
        group=group,
        form=pressed_twice.with_key(form),
        caseload=own_caseload(reading(), current_actor()),
        disciplines=[(each.value, wording.word(each)) for each in own_disciplines(reading(), current_actor())],
    )
