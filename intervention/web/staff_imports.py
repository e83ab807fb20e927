"""A board's people from a file: examined on a page, then applied with the same file."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from intervention.domain.permissions import Action, Subject, require
from intervention.domain.staff_import import OPTIONAL, REQUIRED, StaffPlan, read_staff
from intervention.rendering.staff_report import page_lines
from intervention.usecases.staff_imports import ImportStaff, import_staff
from intervention.usecases.work import Work
from intervention.web import examined_files, notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form

pages = Blueprint("staff_imports", __name__)


@pages.get("/admin/personnes/importation")
def ask() -> str:
    return _page(Form.blank(), None, "")


@pages.post("/admin/personnes/importation")
def examine() -> examined_files.Page:
    return examined_files.examine(_page, _plan)


@pages.post("/admin/personnes/importation/application")
def apply() -> examined_files.Page:
    return examined_files.apply(_page, _applied, _done)


def _plan(work: Work, content: bytes) -> StaffPlan:
    return import_staff(work, current_actor(), ImportStaff(read_staff(content)))


def _applied(work: Work, content: bytes) -> StaffPlan:
    return import_staff(work, current_actor(), ImportStaff(read_staff(content), is_applied=True))


def _done(plan: StaffPlan) -> Response:
    notices.say("people_imported", added=len(plan.added), granted=len(plan.granted))
    return redirect(url_for("people.index"), 303)


def _page(form: Form, plan: StaffPlan | None, digest: str) -> str:
    require(current_actor(), Action.EDIT_PEOPLE, Subject(current_actor().organization_id))
    lines = page_lines(plan) if plan else []
    return render_template(
        "people/import.html", form=form, plan=plan, lines=lines, digest=digest, columns=REQUIRED, optional=OPTIONAL
    )
