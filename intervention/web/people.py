"""The people of a board, for its administrators: who they are, their roles, their settings, and letting them in."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput, Stale, WrongState
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Action, Actor, Subject, permits
from intervention.queries.hosted import Hosted, hosted_by
from intervention.queries.people import buildings_of, person_page, schools_of
from intervention.queries.people_list import PeopleAsk, people_list
from intervention.rendering.i18n import N_
from intervention.usecases import account_links, people, people_access, professionals
from intervention.usecases.work import Work
from intervention.web import notices, pressed_twice
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import Form, id_or_none
from intervention.web.people_forms import (
    grant_of,
    page_as_form,
    particulars_as_form,
    particulars_of,
    professional_facts,
    with_the_rest,
)
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("people", __name__)
Page = str | tuple[str, int] | Response


def administers(actor: Actor) -> bool:
    return bool(permits(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id)))


NAV = (NavEntry("people.index", N_("Personnes"), "people", 90, shown_to=administers, is_admin=True),)


@pages.get("/admin/personnes")
def index() -> Page:
    form = Form(request.args)
    role = form.value("role")
    ask = PeopleAsk(
        form.value("q").strip()[:100],
        Role(role) if role in {each.value for each in Role} else None,
        id_or_none(form.value("ecole")),
        id_or_none(form.value("apres")),
    )
    found = people_list(reading(), current_actor(), ask)
    schools = schools_of(reading(), current_actor())
    kept = {name: form.value(name) for name in ("q", "role", "ecole") if form.value(name)}
    return render_template("people/index.html", found=found, form=form, roles=list(Role), schools=schools, kept=kept)


@pages.get("/admin/personnes/nouvelle")
def new() -> Page:
    return _new(Form.blank(locale="fr", role=Role.PROFESSIONAL.value))


@pages.post("/admin/personnes/nouvelle")
def add() -> Page:
    form = Form(request.form)
    who, grant = particulars_of(form), grant_of(form)
    try:
        form.check()
        person_id = pressed_twice.made(
            form, "given_name", lambda work: people.add_person(work, current_actor(), who, grant)
        )
    except InvalidInput as refusal:
        return _new(form.refused(refusal)), 422
    notices.say("person_added")
    return _to(person_id)


@pages.get("/admin/personnes/<uuid:person_id>")
def person(person_id: UUID) -> Page:
    return _person(person_id)


@pages.get("/admin/personnes/<uuid:person_id>/modification")
def edit(person_id: UUID) -> Page:
    page = person_page(reading(), current_actor(), person_id)
    return render_template("people/edit.html", page=page, form=particulars_as_form(page))


@pages.post("/admin/personnes/<uuid:person_id>/modification")
def edit_post(person_id: UUID) -> Page:
    page = person_page(reading(), current_actor(), person_id)
    form, standing = Form(request.form), particulars_as_form(page)
    who = particulars_of(form)
    try:
        form.check()
        with open_work() as work:
            people.edit_person(work, current_actor(), person_id, who, form.value("version"))
    except InvalidInput as refusal:
        return render_template("people/edit.html", page=page, form=form.refused(refusal)), 422
    except Stale as refusal:
        return render_template("people/edit.html", page=page, form=form.outdated(refusal, standing)), 409
    notices.say("person_edited")
    return _to(person_id)


@pages.post("/admin/personnes/<uuid:person_id>/roles")
def grant_role(person_id: UUID) -> Page:
    form = Form(request.form.copy())
    grant = grant_of(form)
    return _save(
        person_id, form, "role_granted", lambda work: people.grant_role(work, current_actor(), person_id, grant)
    )


@pages.post("/admin/personnes/<uuid:person_id>/roles/<uuid:membership_id>/retrait")
def end_role(person_id: UUID, membership_id: UUID) -> Page:
    return _act(person_id, "role_ended", lambda work: people.end_role(work, current_actor(), person_id, membership_id))


@pages.post("/admin/personnes/<uuid:person_id>/professionnel")
def set_professional(person_id: UUID) -> Page:
    form = Form(request.form.copy())
    facts = professional_facts(form)
    return _save(
        person_id, form, "person_settings_kept",
        lambda work: professionals.set_professional(
            work, current_actor(), person_id, facts, form.value("professional_version")
        ),
        version="professional_version",
    )  # fmt: skip


@pages.post("/admin/personnes/<uuid:person_id>/accompagnement")
def set_facilitator(person_id: UUID) -> Page:
    form = Form(request.form.copy())
    building_id, is_trained = form.one_id("facilitator_building_id"), form.flag("is_trained")
    return _save(
        person_id, form, "person_settings_kept",
        lambda work: professionals.set_facilitator(
            work, current_actor(), person_id, building_id, is_trained=is_trained,
            known=form.value("facilitator_version"),
        ),
        version="facilitator_version",
    )  # fmt: skip


@pages.post("/admin/personnes/<uuid:person_id>/desactivation")
def disable(person_id: UUID) -> Page:
    """Refused while séances to come are hers: they are listed, to be called off one by one."""
    try:
        with open_work() as work:
            people_access.disable_person(work, current_actor(), person_id)
    except WrongState as refusal:
        if refusal.facts["because"] != "hosts_encounters":
            return _refused(person_id, refusal)
        return _person(person_id, hosted=hosted_by(reading(), current_actor(), person_id, stage().clock.now())), 409
    notices.say("person_disabled", undo=url_for("people.enable", person_id=person_id))
    return _to(person_id)


@pages.post("/admin/personnes/<uuid:person_id>/activation")
def enable(person_id: UUID) -> Page:
    return _act(person_id, "person_enabled", lambda work: people_access.enable_person(work, current_actor(), person_id))


@pages.post("/admin/personnes/<uuid:person_id>/lien")
def issue_link(person_id: UUID) -> Page:
    """The one page that shows the link: it is in no address, and not there when the page is read again."""
    page = person_page(reading(), current_actor(), person_id)
    try:
        with open_work() as work:
            link = account_links.issue_link(work, current_actor(), stage().keys, person_id)
    except InvalidInput as refusal:
        return _person(person_id, Form(request.form.copy()).refused(refusal)), 422
    address = link.address(stage().settings.base_url)
    return render_template("people/link.html", page=page, address=address, expires_at=link.expires_at)


@pages.get("/admin/personnes/<uuid:person_id>/lien")
@pages.get("/admin/personnes/<uuid:person_id>/roles")
@pages.get("/admin/personnes/<uuid:person_id>/professionnel")
@pages.get("/admin/personnes/<uuid:person_id>/accompagnement")
@pages.get("/admin/personnes/<uuid:person_id>/desactivation")
def back(person_id: UUID) -> Response:
    """A form's address reloaded or typed: its page again."""
    return _to(person_id)


def _save(person_id: UUID, form: Form, said: str, act: Callable[[Work], object], *, version: str = "version") -> Page:
    """A form of the person's page: done, or the page again as it was filled."""
    try:
        form.check()
        return _act(person_id, said, act)
    except InvalidInput as refusal:
        return _person(person_id, form.refused(refusal)), 422
    except Stale as refusal:
        standing = page_as_form(person_page(reading(), current_actor(), person_id))
        return _person(person_id, form.outdated(refusal, standing, version)), 409


def _act(person_id: UUID, said: str, act: Callable[[Work], object]) -> Page:
    try:
        with open_work() as work:
            act(work)
    except WrongState as refusal:
        return _refused(person_id, refusal)
    notices.say(said)
    return _to(person_id)


def _refused(person_id: UUID, refusal: WrongState) -> Response:
    notices.say(f"person_{refusal.facts['because']}", kind="refused")
    return _to(person_id)


def _new(form: Form) -> str:
    here = current_actor()
    people_list(reading(), here, PeopleAsk(), most=1)
    return render_template(
        "people/new.html", form=pressed_twice.with_key(form), roles=list(Role), schools=schools_of(reading(), here),
        buildings=buildings_of(reading(), here),
    )  # fmt: skip


def _person(person_id: UUID, form: Form | None = None, hosted: Hosted | None = None) -> str:
    here = current_actor()
    page = person_page(reading(), here, person_id)
    filled = page_as_form(page)
    return render_template(
        "people/person.html",
        page=page,
        form=with_the_rest(form, filled) if form else filled,
        roles=list(Role),
        disciplines=list(Discipline),
        schools=schools_of(reading(), here),
        buildings=buildings_of(reading(), here),
        is_self=person_id == here.person_id,
        hosted=hosted,
    )


def _to(person_id: UUID) -> Response:
    return redirect(url_for("people.person", person_id=person_id), 303)
