"""Official school data from a file: examined first, applied from the page that shows what would change.

The examined rows travel in the page, signed: nothing is kept here between the two, and the file is chosen once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput
from intervention.domain.school_data import MAX_FILE_BYTES, RosterFile, SourceRow
from intervention.queries.schools import official_code
from intervention.rendering.school_report import report_page
from intervention.usecases.imports import ImportSchools, import_schools
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("school_imports", __name__)
Page = str | tuple[str, int] | Response

LIFE_SECONDS = 3600
MOST_CARRIED = 200_000  # a form holds no more; the largest board of Québec takes a fifth of it
CODE = 32


@pages.get("/ecoles/importation")
def ask() -> Page:
    return _ask(Form.blank(board=official_code(reading(), current_actor())))


@pages.post("/ecoles/importation")
def examine() -> Page:
    """A dry run: nothing is written, whatever the file."""
    official_code(reading(), current_actor())
    form = Form(request.form)
    board = form.text("board", most=CODE)
    sent = request.files.get("file")
    content = sent.read(MAX_FILE_BYTES + 1) if sent else b""
    if sent is None or not sent.filename:
        form.fail("file", "required")
    try:
        form.check()
    except InvalidInput:
        return _ask(form), 422
    file = stage().read_schools(content)
    plan = import_schools(Work(reading(), stage().clock), current_actor(), ImportSchools(file, board))
    shown = report_page(plan, counts_features=file.counts_features)
    carried = "" if plan.refused or plan.changes_nothing else _carry(file, board)
    page = render_template(
        "schools/import_report.html", report=shown, carried=carried if len(carried) <= MOST_CARRIED else ""
    )
    return (page, 422) if plan.refused else page


@pages.post("/ecoles/importation/application")
def apply() -> Page:
    examined = _carried(request.form.get("examined", ""))
    if examined is None:
        form = Form.blank(board=official_code(reading(), current_actor()))
        form.fail("file", "examined_too_long_ago")
        return _ask(form), 422
    file, board = examined
    with open_work() as work:
        plan = import_schools(work, current_actor(), ImportSchools(file, board, is_applied=True))
    notices.say("schools_imported", added=len(plan.added), changed=len(plan.changed))
    return redirect(url_for("schools.index"), 303)


def _ask(form: Form) -> str:
    return render_template("schools/import.html", form=form)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(stage().settings.secret_key.reveal(), salt="school-import")


def _carry(file: RosterFile, board: str) -> str:
    """The board's own rows, compressed and signed for this organization."""
    rows = [[row.line, dict(row.cells)] for row in file.rows if row.cells.get("board_code", "").strip() == board]
    held = {
        "organization": str(current_actor().organization_id), "board": board, "layout": file.layout,
        "has_schools": file.has_schools, "rows": rows,
    }  # fmt: skip
    return str(_serializer().dumps(held))


def _carried(text: str) -> tuple[RosterFile, str] | None:
    try:
        held: Mapping[str, Any] = _serializer().loads(text, max_age=LIFE_SECONDS)
    except BadSignature:
        return None
    if held["organization"] != str(current_actor().organization_id):
        return None
    rows = tuple(SourceRow(line, cells) for line, cells in held["rows"])
    return RosterFile(held["layout"], rows, has_schools=held["has_schools"]), held["board"]
