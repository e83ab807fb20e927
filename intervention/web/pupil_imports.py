"""A board's pupils from a file: examined on a page, then applied with the same file."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput
from intervention.domain.pupil_import import OPTIONAL, REQUIRED, PupilPlan, read_pupils
from intervention.queries.pupil_roll import roll_choices
from intervention.rendering.pupil_report import page_lines
from intervention.usecases.pupil_imports import ImportPupils, import_pupils
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.examined_files import digest_of, examined_file, sent_file
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("pupil_imports", __name__)
Page = str | tuple[str, int] | Response


@pages.get("/admin/eleves/importation")
def ask() -> Page:
    return _page(Form.blank())


@pages.post("/admin/eleves/importation")
def examine() -> Page:
    """A dry run: nothing is written, whatever the file."""
    form = Form(request.form)
    content = sent_file(form)
    if form.faults:
        return _page(form), 422
    plan = import_pupils(Work(reading(), stage().clock), current_actor(), ImportPupils(read_pupils(content)))
    page = _page(Form.blank(), plan=plan, digest=digest_of(content))
    return (page, 422) if plan.refused else page


@pages.post("/admin/eleves/importation/application")
def apply() -> Page:
    form = Form(request.form)
    content = examined_file(form)
    try:
        form.check()
    except InvalidInput:
        return _page(form), 422
    with open_work() as work:
        plan = import_pupils(work, current_actor(), ImportPupils(read_pupils(content), is_applied=True))
    if plan.refused:
        return _page(Form.blank(), plan=plan), 422
    notices.say("pupils_imported", added=len(plan.added), changed=len(plan.changed))
    return redirect(url_for("pupil_roll.index"), 303)


def _page(form: Form, plan: PupilPlan | None = None, digest: str = "") -> str:
    roll_choices(reading(), current_actor())
    return render_template(
        "pupils/import.html",
        form=form,
        plan=plan,
        lines=page_lines(plan) if plan else [],
        digest="" if plan is None or plan.refused or plan.changes_nothing else digest,
        columns=REQUIRED,
        optional=OPTIONAL,
    )
