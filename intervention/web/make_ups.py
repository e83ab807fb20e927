"""« Reprises »: séances owed, each planned again, or given up with a reason. Nothing is decided by itself."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput, NotAllowed
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.domain.school_time import local_date
from intervention.domain.series import MakeUpState
from intervention.queries import make_ups as read
from intervention.rendering import wording
from intervention.rendering.i18n import N_
from intervention.usecases.make_ups import missed_of, put_in_pool, waive
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.booking import asked_again
from intervention.web.closures import closes
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("make_ups", __name__)
Page = str | tuple[str, int] | Response
READERS = frozenset({Role.PROFESSIONAL, Role.COORDINATOR, Role.ADMINISTRATOR, Role.PRINCIPAL, Role.SECRETARY})


def reads(actor: Actor) -> bool:
    return bool(actor.roles & READERS)


NAV = (NavEntry("make_ups.index", N_("Reprises"), "undo", 45, shown_to=reads),)


@pages.get("/reprises")
def index() -> Page:
    return _page(Form(request.args))


@pages.get("/reprises/<uuid:make_up_id>/planification")
def planning(make_up_id: UUID) -> Page:
    """The booking sheet with the same people, which says what it makes up for."""
    missed = missed_of(Work(reading(), stage().clock), current_actor(), make_up_id)
    return redirect(asked_again(current_actor(), missed, make_up_id), 303)


@pages.post("/reprises/<uuid:make_up_id>/renonciation")
def waiving(make_up_id: UUID) -> Page:
    form = Form(request.form)
    try:
        reason = form.text("reason")
        form.check()
        with open_work() as work:
            waive(work, current_actor(), make_up_id, reason)
            missed = missed_of(work, current_actor(), make_up_id)
    except InvalidInput as refusal:
        return _page(form.refused(refusal), 422, make_up_id)
    notices.say("make_up_waived", undo=url_for("make_ups.pooling", encounter_id=missed))
    return redirect(url_for("make_ups.index"), 303)


@pages.post("/seances/<uuid:encounter_id>/reprise")
def pooling(encounter_id: UUID) -> Page:
    with open_work() as work:
        put_in_pool(work, current_actor(), encounter_id)
    notices.say("make_up_owed")
    return redirect(url_for("make_ups.index"), 303)


def _page(form: Form, status: int = 200, at_fault: UUID | None = None) -> Page:
    actor = current_actor()
    if not reads(actor):
        raise NotAllowed(because="not_see_make_ups")
    state = form.choice("etat", MakeUpState, default=MakeUpState.OWED)
    state = MakeUpState.OWED if at_fault else state
    host, building = form.maybe_id("personne"), form.maybe_id("immeuble")
    if form.faults and status == 200:
        status = 422
    made = render_template(
        "make_ups/index.html",
        pool=read.pool(reading(), actor, state, host, building),
        state=state,
        states=[
            (wording.say(f"MakeUpTab.{each.value}"), url_for("make_ups.index", etat=each.value), each is state)
            for each in MakeUpState
        ],
        form=form,
        at_fault=at_fault,
        may_close=closes(actor),
        today=local_date(stage().clock.now(), actor.zone),
    )
    return made if status == 200 else (made, status)
