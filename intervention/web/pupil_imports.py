"""A board's pupils from a file: examined on a page, then applied with the same file.

Names travel once in each sending and are kept nowhere between the two: the page carries a digest of what was examined.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput
from intervention.domain.pupil_import import MAX_BYTES, OPTIONAL, REQUIRED, PupilPlan, read_pupils
from intervention.queries.pupil_roll import roll_choices
from intervention.rendering.pupil_report import page_lines
from intervention.usecases.pupil_imports import ImportPupils, import_pupils
from intervention.usecases.work import Work
from intervention.web import notices
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
    content = _sent(form)
    if form.faults:
        return _page(form), 422
    plan = import_pupils(Work(reading(), stage().clock), current_actor(), ImportPupils(read_pupils(content)))
    page = _page(Form.blank(), plan=plan, digest=_digest(content))
    return (page, 422) if plan.refused else page


@pages.post("/admin/eleves/importation/application")
def apply() -> Page:
    form = Form(request.form)
    content = _sent(form)
    if content and not hmac.compare_digest(form.value("examined").encode(), _digest(content).encode()):
        form.fail("file", "not_the_examined_file")
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


def _sent(form: Form) -> bytes:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.fail("file", "required")
        return b""
    content: bytes = sent.read(MAX_BYTES + 1)
    return content


def _digest(content: bytes) -> str:
    """Keyed and of this board, so that a page cannot claim that a file was examined."""
    key = stage().settings.secret_key.reveal().encode()
    return hmac.new(key, current_actor().organization_id.bytes + content, hashlib.sha256).hexdigest()


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
