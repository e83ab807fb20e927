"""The board's pupils for administrators: found by code, added, corrected, moved, archived. A name is in no address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput, Stale
from intervention.domain.people import Level, Role
from intervention.domain.permissions import Actor
from intervention.domain.pupils import CODE_START, MAX_GRADE, MAX_NAME, PUPIL_CODE, Enrolment, PupilFacts
from intervention.domain.seen import seen
from intervention.queries.pupil_roll import KeptPupil, RollAsk, kept_pupil, roll, roll_choices
from intervention.rendering import wording
from intervention.rendering.i18n import N_
from intervention.usecases import pupils
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import NOBODY, Form, id_or_none
from intervention.web.stage import open_work, reading

pages = Blueprint("pupil_roll", __name__)
Page = str | tuple[str, int] | Response


def _administers(actor: Actor) -> bool:
    return Role.ADMINISTRATOR in actor.roles


NAV = (NavEntry("pupil_roll.index", N_("Registre"), "pupils", 82, shown_to=_administers, is_admin=True),)


@pages.get("/admin/eleves")
def index() -> Page:
    return _index(Form(request.args))


@pages.post("/admin/eleves/recherche")
def search() -> Page:
    """What is typed may be a name: only what can begin a code goes on into an address."""
    form = Form(request.form)
    code = form.text("code", most=16, required=False)
    if code and not CODE_START.fullmatch(code):
        form.fail("code", "only_a_code")
    if form.faults:
        return _index(form), 422
    return redirect(url_for("pupil_roll.index", **_kept(form, code)), 303)


@pages.get("/admin/eleves/nouveau")
def new() -> Page:
    return _form(None, Form.blank(level=Level.PRIMARY))


@pages.post("/admin/eleves/nouveau")
def add() -> Page:
    form = Form(request.form)
    facts, enrolment = _facts(form), _enrolment(form)
    return _do(
        form,
        lambda work: pupils.add_pupil(work, current_actor(), facts, enrolment),
        again=lambda: _form(None, form),
        said="pupil_added",
    )


@pages.get("/admin/eleves/<uuid:pupil_id>")
def edit(pupil_id: UUID) -> Page:
    with open_work() as work:
        kept = pupils.open_kept_pupil(work, current_actor(), pupil_id)
    return _form(kept, _as_form(kept))


@pages.post("/admin/eleves/<uuid:pupil_id>")
def edit_post(pupil_id: UUID) -> Page:
    kept, form = kept_pupil(reading(), current_actor(), pupil_id), Form(request.form)
    facts = _facts(form)
    return _do(
        form,
        lambda work: pupils.edit_pupil(work, current_actor(), pupil_id, facts, form.value("version")),
        again=lambda: _form(kept, form),
        said="pupil_edited",
        standing=_as_form(kept),
        to=pupil_id,
    )


@pages.get("/admin/eleves/<uuid:pupil_id>/deplacement")
def move(pupil_id: UUID) -> Page:
    kept = kept_pupil(reading(), current_actor(), pupil_id)
    return _move_form(kept, _place_as_form(kept))


@pages.post("/admin/eleves/<uuid:pupil_id>/deplacement")
def move_post(pupil_id: UUID) -> Page:
    kept, form = kept_pupil(reading(), current_actor(), pupil_id), Form(request.form)
    enrolment = _enrolment(form)
    try:
        form.check()
        with open_work() as work:
            staying = pupils.move_pupil(work, current_actor(), pupil_id, enrolment, form.value("version"))
    except InvalidInput as refusal:
        return _move_form(kept, form.refused(refusal)), 422
    except Stale as refusal:
        return _move_form(kept, form.outdated(refusal, _place_as_form(kept))), 409
    if staying:
        notices.say("pupil_moved_from_encounters", kind="warning", count=staying)
    else:
        notices.say("pupil_moved")
    return redirect(url_for("pupils.show", pupil_id=pupil_id), 303)


@pages.post("/admin/eleves/<uuid:pupil_id>/archivage")
def archive(pupil_id: UUID) -> Page:
    kept = kept_pupil(reading(), current_actor(), pupil_id)
    form = _as_form(kept)
    return _do(
        form,
        lambda work: pupils.archive_pupil(work, current_actor(), pupil_id),
        again=lambda: _form(kept, form),
        said="pupil_archived",
        undo=url_for("pupil_roll.restore", pupil_id=pupil_id),
    )


@pages.post("/admin/eleves/<uuid:pupil_id>/retour")
def restore(pupil_id: UUID) -> Page:
    with open_work() as work:
        pupils.restore_pupil(work, current_actor(), pupil_id)
    notices.say("pupil_restored")
    return redirect(url_for("pupils.show", pupil_id=pupil_id), 303)


def _do(  # noqa: PLR0913 - one form, what it does, and where one goes then
    form: Form,
    act: Callable[[Work], object],
    *,
    again: Callable[[], str],
    said: str,
    to: UUID | None = None,
    undo: str | None = None,
    standing: Form | None = None,
) -> Page:
    """Do it and go on; a refused form comes back as it was filled."""
    try:
        form.check()
        with open_work() as work:
            act(work)
    except InvalidInput as refusal:
        form.refused(refusal)
        return again(), 422
    except Stale as refusal:
        form.outdated(refusal, standing or Form.blank())
        return again(), 409
    notices.say(said, undo=undo)
    return redirect(url_for("pupils.show", pupil_id=to) if to else url_for("pupil_roll.index"), 303)


def _index(form: Form) -> str:
    code, after = form.value("code"), form.value("apres")
    kept = _kept(form, code if CODE_START.fullmatch(code) else "")
    ask = RollAsk(
        code=kept.get("code", ""),
        school_id=id_or_none(kept.get("ecole", "")),
        class_group_id=id_or_none(kept.get("classe", "")),
        is_archived="archives" in kept,
        after=after if PUPIL_CODE.fullmatch(after) else "",
    )
    return render_template(
        "pupils/roll.html", form=form, found=roll(reading(), current_actor(), ask), kept=kept,
        choices=roll_choices(reading(), current_actor()), is_first=not ask.after,
    )  # fmt: skip


def _kept(form: Form, code: str) -> dict[str, Any]:
    """What an address of the list carries: a code, ids and a flag."""
    ids = {name: form.value(name) for name in ("ecole", "classe") if id_or_none(form.value(name))}
    return ids | ({"archives": "1"} if form.flag("archives") else {}) | ({"code": code} if code else {})


def _form(kept: KeptPupil | None, form: Form) -> str:
    return render_template(
        "pupils/form.html",
        kept=kept,
        form=form,
        choices=roll_choices(reading(), current_actor()),
        levels=[(level.value, wording.word(level)) for level in Level],
    )


def _move_form(kept: KeptPupil, form: Form) -> str:
    choices = roll_choices(reading(), current_actor())
    return render_template("pupils/move.html", kept=kept, form=form, choices=choices)


def _as_form(kept: KeptPupil) -> Form:
    facts = kept.facts
    return Form.blank(
        code=facts.code, given_name=facts.given_name, family_name=facts.family_name, level=facts.level,
        grade=facts.grade, born_month=facts.born_month, is_age_needed="1" if facts.is_age_needed else None,
        version=seen(kept.shown),
    )  # fmt: skip


def _place_as_form(kept: KeptPupil) -> Form:
    place = kept.enrolment
    return Form.blank(
        school=f"{place.school_id}|{place.building_id}", class_group=place.class_group_id,
        version=seen(kept.place_shown),
    )  # fmt: skip


def _facts(form: Form) -> PupilFacts:
    return PupilFacts(
        code=form.text("code", most=16),
        given_name=form.text("given_name", most=MAX_NAME),
        family_name=form.text("family_name", most=MAX_NAME),
        level=form.choice("level", Level),
        grade=form.text("grade", most=MAX_GRADE, required=False) or None,
        born_month=form.text("born_month", most=7, required=False) or None,
        is_age_needed=form.flag("is_age_needed"),
    )


def _enrolment(form: Form) -> Enrolment:
    """`school` is `<school>|<building>`: one choice for the two, since they go together."""
    school, _, building = form.text("school", most=80).partition("|")
    found = id_or_none(school), id_or_none(building)
    if None in found:
        form.fail("school", "unknown")
    return Enrolment(found[0] or NOBODY, found[1] or NOBODY, form.maybe_id("class_group"))
