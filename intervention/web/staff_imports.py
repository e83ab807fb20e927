"""A board's people from a file: examined on a page, then applied with the same file."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput
from intervention.domain.permissions import Action, Subject, require
from intervention.domain.staff_import import OPTIONAL, REQUIRED, StaffPlan, read_staff
from intervention.rendering.staff_report import page_lines
from intervention.usecases.staff_imports import ImportStaff, import_staff
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.examined_files import digest_of, examined_file, sent_file
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("staff_imports", __name__)
Page = str | tuple[str, int] | Response


@pages.get("/admin/personnes/importation")
def ask() -> Page:
    return _page(Form.blank())


@pages.post("/admin/personnes/importation")
def examine() -> Page:
    """A dry run: nothing is written, whatever the file."""
    form = Form(request.form)
    content = sent_file(form)
    if form.faults:
        return _page(form), 422
    plan = import_staff(Work(reading(), stage().clock), current_actor(), ImportStaff(read_staff(content)))
    page = _page(Form.blank(), plan=plan, digest=digest_of(content))
    return (page, 422) if plan.refused else page


@pages.post("/admin/personnes/importation/application")
def apply() -> Page:
    form = Form(request.form)
    content = examined_file(form)
    try:
        form.check()
    except InvalidInput:
        return _page(form), 422
    with open_work() as work:
        plan = import_staff(work, current_actor(), ImportStaff(read_staff(content), is_applied=True))
    if plan.refused:
        return _page(Form.blank(), plan=plan), 422
    notices.say("people_imported", added=len(plan.added), granted=len(plan.granted))
    return redirect(url_for("people.index"), 303)


def _page(form: Form, plan: StaffPlan | None = None, digest: str = "") -> str:
    require(current_actor(), Action.EDIT_PEOPLE, Subject(current_actor().organization_id))
    return render_template(
        "people/import.html",
        form=form,
        plan=plan,
        lines=page_lines(plan) if plan else [],
        digest="" if plan is None or plan.refused or plan.changes_nothing else digest,
        columns=REQUIRED,
        optional=OPTIONAL,
    )
