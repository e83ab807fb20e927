"""Parents, interpreters and partners: added and corrected, from a pupil's page or from the sheet of a new séance."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.encounters import EncounterKind
from intervention.domain.errors import InvalidInput, NotFound, Stale
from intervention.domain.people import GuestRelation
from intervention.domain.seen import seen
from intervention.queries.guests import GuestLine, guest, pupil_to_invite_for
from intervention.rendering import wording
from intervention.usecases.guests import GuestFacts, add_guest, edit_guest
from intervention.web import notices, pressed_twice
from intervention.web.gate import current_actor
from intervention.web.parse import Form, id_or_none
from intervention.web.stage import open_work, reading

pages = Blueprint("guests", __name__)
Page = str | tuple[str, int] | Response


@pages.get("/personnes-invitees/nouvelle")
def new() -> Page:
    """`?eleve=` for somebody of one pupil; without it, for who comes for several."""
    pupil_id = _pupil()
    relation = GuestRelation.PARENT if pupil_id else GuestRelation.INTERPRETER
    return _form(None, pupil_id, Form.blank(relation=relation, locale="fr"))


@pages.post("/personnes-invitees/nouvelle")
def add() -> Page:
    pupil_id, form = _pupil(), Form(request.form)
    pupil_to_invite_for(reading(), current_actor(), pupil_id)
    facts = _facts(form, pupil_id)
    try:
        form.check()
        guest_id = pressed_twice.made(form, "name", lambda work: add_guest(work, current_actor(), facts))
    except InvalidInput as refusal:
        return _form(None, pupil_id, form.refused(refusal)), 422
    notices.say("guest_added")
    return redirect(_back(guest_id, pupil_id), 303)


@pages.get("/personnes-invitees/<uuid:guest_id>")
def edit(guest_id: UUID) -> Page:
    found = guest(reading(), current_actor(), guest_id)
    return _form(found, found.pupil_id, _as_form(found))


@pages.post("/personnes-invitees/<uuid:guest_id>")
def edit_post(guest_id: UUID) -> Page:
    found, form = guest(reading(), current_actor(), guest_id), Form(request.form)
    facts = _facts(form, found.pupil_id)
    try:
        form.check()
        with open_work() as work:
            edit_guest(work, current_actor(), guest_id, facts, form.value("version"))
    except InvalidInput as refusal:
        return _form(found, found.pupil_id, form.refused(refusal)), 422
    except Stale as refusal:
        return _form(found, found.pupil_id, form.outdated(refusal, _as_form(found))), 409
    notices.say("guest_edited")
    return redirect(_back(guest_id, found.pupil_id), 303)


def _as_form(found: GuestLine) -> Form:
    return Form.blank(version=seen(found.shown), **found.shown)


def _pupil() -> UUID | None:
    raw = request.args.get("eleve")
    found = id_or_none(raw) if raw else None
    if raw and found is None:
        raise NotFound
    return found


def _facts(form: Form, pupil_id: UUID | None) -> GuestFacts:
    return GuestFacts(
        name=form.text("name", most=160),
        relation=form.choice("relation", GuestRelation),
        email=form.text("email", most=254, required=False) or None,
        phone=form.text("phone", most=40, required=False) or None,
        locale=form.text("locale", most=5),
        pupil_id=pupil_id,
    )


def _back(guest_id: UUID, pupil_id: UUID | None) -> str:
    if pupil_id is not None:
        return url_for("pupils.show", pupil_id=pupil_id)
    return url_for("booking.new", genre=EncounterKind.INTERVENTION_PLAN.value, qui=f"guest:{guest_id}")


def _form(found: GuestLine | None, pupil_id: UUID | None, form: Form) -> str:
    code = pupil_to_invite_for(reading(), current_actor(), pupil_id)
    relations = [each for each in GuestRelation if pupil_id or each is not GuestRelation.PARENT]
    return render_template(
        "guests/form.html",
        found=found,
        pupil_id=pupil_id,
        code=code,
        form=pressed_twice.with_key(form),
        relations=[(each.value, wording.word(each), None) for each in relations],
    )
