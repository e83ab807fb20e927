"""A board's pupils from a file: examined on a page, then applied with the same file."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from intervention.domain.permissions import Action, Subject, require
from intervention.domain.pupil_import import OPTIONAL, REQUIRED, PupilPlan, read_pupils
from intervention.rendering.pupil_report import page_lines
from intervention.usecases.pupil_imports import ImportPupils, import_pupils
from intervention.usecases.work import Work
from intervention.web import examined_files, notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form

pages = Blueprint("pupil_imports", __name__)


@pages.get("/admin/eleves/importation")
def ask() -> str:
    return _page(Form.blank(), None, "")


@pages.post("/admin/eleves/importation")
def examine() -> examined_files.Page:
    return examined_files.examine(_page, _plan)


@pages.post("/admin/eleves/importation/application")
def apply() -> examined_files.Page:
    return examined_files.apply(_page, _applied, _done)


def _plan(work: Work, content: bytes) -> PupilPlan:
    return import_pupils(work, current_actor(), ImportPupils(read_pupils(content)))


def _applied(work: Work, content: bytes) -> PupilPlan:
    return import_pupils(work, current_actor(), ImportPupils(read_pupils(content), is_applied=True))


def _done(plan: PupilPlan) -> Response:
    notices.say("pupils_imported", added=len(plan.added), changed=len(plan.changed))
    return redirect(url_for("pupil_roll.index"), 303)


def _page(form: Form, plan: PupilPlan | None, digest: str) -> str:
    require(current_actor(), Action.EDIT_PUPILS, Subject(current_actor().organization_id))
    lines = page_lines(plan) if plan else []
    return render_template(
        "pupils/import.html", form=form, plan=plan, lines=lines, digest=digest, columns=REQUIRED, optional=OPTIONAL
    )
