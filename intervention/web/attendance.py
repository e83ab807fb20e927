"""Who was there: everybody in one click, or person by person; corrected later with both versions kept."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.encounters import Attendance
from intervention.domain.errors import InvalidInput, Stale
from intervention.queries.attendance import AttendanceSheet, attendance_sheet
from intervention.rendering import wording
from intervention.usecases.attendance import CompleteEncounter, complete, correct
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.locale import safe_way
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("attendance", __name__)
Page = str | tuple[str, int] | Response
MAX_VERSION = 1_000_000


@pages.get("/seances/<uuid:encounter_id>/presences")
def show(encounter_id: UUID) -> Page:
    sheet = attendance_sheet(reading(), current_actor(), encounter_id)
    stated = {_field(each.participation_id): (each.attendance or Attendance.PRESENT).value for each in sheet.expected}
    return _page(sheet, Form.blank(version=sheet.version, **stated))


@pages.post("/seances/<uuid:encounter_id>/presences")
def state(encounter_id: UUID) -> Page:
    """A participation without its own field was present; `suite` is where the reader was."""
    actor = current_actor()
    sheet = attendance_sheet(reading(), actor, encounter_id)
    form = Form(request.form)
    ask = CompleteEncounter(
        encounter_id,
        form.whole("version", least=0, most=MAX_VERSION),
        {
            each.participation_id: form.choice(_field(each.participation_id), Attendance, default=Attendance.PRESENT)
            for each in sheet.expected
        },
    )
    try:
        form.check()
        with open_work() as work:
            (correct if sheet.is_stated else complete)(work, actor, ask)
    except InvalidInput as refusal:
        return _page(sheet, form.refused(refusal)), 422
    except Stale:
        return _page(attendance_sheet(reading(), actor, encounter_id), form, is_stale=True), 409
    notices.say("attendance_corrected" if sheet.is_stated else "attendance_stated")
    return redirect(safe_way(form.value("suite"), url_for("encounters.show", encounter_id=encounter_id)), 303)


def _page(sheet: AttendanceSheet, form: Form, *, is_stale: bool = False) -> str:
    return render_template(
        "attendance/show.html",
        sheet=sheet,
        form=form,
        is_stale=is_stale,
        has_begun=sheet.starts_at <= stage().clock.now(),
        field_of=_field,
        choices=[(each.value, wording.word(each)) for each in Attendance],
    )


def _field(participation_id: UUID) -> str:
    return f"p-{participation_id}"
