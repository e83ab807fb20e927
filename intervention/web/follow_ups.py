"""Gives a pupil to a professional to follow, and ends that."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput
from intervention.domain.people import Discipline
from intervention.queries.caseload import pupil_code
from intervention.queries.follow_ups import followers
from intervention.rendering import wording
from intervention.usecases.follow_ups import AssignPupil, assign_pupil, end_follow_up
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("follow_ups", __name__)
Page = str | tuple[str, int] | Response


@pages.get("/eleves/<uuid:pupil_id>/suivi")
def new(pupil_id: UUID) -> Page:
    return _form(pupil_id, Form.blank(starts_on=stage().clock.now().date()))


@pages.post("/eleves/<uuid:pupil_id>/suivi")
def assign(pupil_id: UUID) -> Page:
    form = Form(request.form)
    ask = AssignPupil(
        pupil_id,
        person_id=form.one_id("person"),
        discipline=form.choice("discipline", Discipline),
        starts_on=form.day("starts_on"),
        ends_on=form.day("ends_on") if form.value("ends_on").strip() else None,
        is_confidential=form.flag("is_confidential"),
    )
    try:
        form.check()
        with open_work() as work:
            assign_pupil(work, current_actor(), ask)
    except InvalidInput as refusal:
        return _form(pupil_id, form.refused(refusal)), 422
    notices.say("pupil_assigned")
    return redirect(url_for("pupils.show", pupil_id=pupil_id), 303)


@pages.post("/eleves/<uuid:pupil_id>/suivis/<uuid:follow_up_id>/fin")
def end(pupil_id: UUID, follow_up_id: UUID) -> Page:
    """From today on: what was to come before it began is then over too."""
    with open_work() as work:
        coming = end_follow_up(work, current_actor(), follow_up_id, work.now().date())
    if coming:
        notices.say("follow_up_ended_with_encounters", kind="warning", count=coming)
    else:
        notices.say("follow_up_ended")
    return redirect(url_for("pupils.index"), 303)


def _form(pupil_id: UUID, form: Form) -> str:
    code = pupil_code(reading(), current_actor(), pupil_id)
    return render_template(
        "pupils/follow_up.html",
        pupil_id=pupil_id,
        code=code,
        form=form,
        followers=followers(reading(), current_actor()),
        disciplines=[(each.value, wording.word(each)) for each in Discipline],
    )
