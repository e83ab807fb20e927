"""Séances that a change of legal time moved: an administrator says whether their hour or their instant was promised."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import SlotRefused, SlotTaken
from intervention.usecases.moved_instants import Promise, moved_seances, settle
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("moved_instants", __name__)


@pages.get("/ecoles/calendriers/heure-legale")
def index() -> str:
    moved = moved_seances(Work(reading(), stage().clock), current_actor())
    return render_template("moved_instants/index.html", moved=moved, promises=list(Promise))


@pages.post("/ecoles/calendriers/heure-legale")
def settling() -> Response:
    form = Form(request.form)
    promise = form.choice("garder", Promise)
    form.check()
    try:
        with open_work() as work:
            done = settle(work, current_actor(), promise)
    except (SlotTaken, SlotRefused):
        notices.say("calendar_raced", kind="refused")
        return redirect(url_for("moved_instants.index"), 303)
    notices.say("instants_settled", n=len(done.settled))
    if done.refused:
        notices.say("instants_left", kind="warning", n=len(done.refused))
    return redirect(url_for("moved_instants.index"), 303)
