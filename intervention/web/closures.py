"""« Fermetures »: what is closed, the sheet of a closed day, what a change did. One form shows, one button declares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from intervention.domain.closures import Treatment
from intervention.domain.days import ClosureScope, DayType, Portion
from intervention.domain.errors import InvalidInput, SlotRefused, SlotTaken
from intervention.domain.permissions import Action, Actor, Subject, permits
from intervention.domain.school_time import local_date
from intervention.queries import closures as read
from intervention.rendering import wording
from intervention.rendering.i18n import N_
from intervention.usecases.closure_plan import DeclareClosure
from intervention.usecases.closures import Preview, declare, preview
from intervention.usecases.giving_back import GivenBack
from intervention.usecases.lifting import lift, undo
from intervention.usecases.redating_sheet import waiting_after
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import Form, id_or_none
from intervention.web.redating_forms import decided_in, page_in
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("closures", __name__)
Page = str | tuple[str, int] | Response
KINDS = (DayType.SUSPENSION, DayType.CLOSURE)
TREATMENT = "t-"  # then the id of a séance


def closes(actor: Actor) -> bool:
    """Whether the actor may close something somewhere."""
    subject = Subject(actor.organization_id, buildings=actor.buildings_as(*read.LOCAL))
    return bool(permits(actor, Action.CLOSE_SCHOOLS, subject))


NAV = (NavEntry("closures.index", N_("Fermetures"), "alert", 55, shown_to=closes),)


@pages.get("/fermetures")
def index() -> Page:
    actor, now = current_actor(), stage().clock.now()
    rows = read.closures(reading(), actor, now, _today())
    return render_template("closures/index.html", rows=rows, today=_today())


@pages.get("/fermetures/nouvelle")
def sheet() -> Page:
    """The ask, and once it says where and when, every séance with what the rule proposes."""
    read.require_closer(current_actor())
    form = Form(MultiDict(request.args.items(multi=True)))
    return _sheet(form)


@pages.post("/fermetures")
def declaration() -> Page:
    form = Form(request.form)
    if page_in(form) is not None:
        return _sheet(form)
    try:
        ask = _ask(form)
        form.check()
        with open_work() as work:
            done = declare(work, current_actor(), ask)
    except InvalidInput as refusal:
        return _sheet(_named(form, refusal), 422)
    except (SlotTaken, SlotRefused):
        notices.say("calendar_raced", kind="refused")
        return _sheet(form, 409)
    if done.change_id is None:
        notices.say("schools_closed_already", kind="warning")
        return redirect(url_for("closures.index"), 303)
    undoing = url_for("closures.undoing", change_id=done.change_id)
    if ask.day_type is DayType.CLASS:
        notices.say("day_reopened", undo=undoing)
    else:
        notices.say("schools_closed", undo=undoing, n=sum(done.counts.values()))
    if done.moved:
        notices.say("calendar_moved", n=done.moved)
    return redirect(url_for("closures.change", change_id=done.change_id), 303)


@pages.get("/fermetures/journee-conditionnelle")
def conditional() -> Page:
    """The conditional day that comes next in rank becomes a class day, shown first; another may be chosen."""
    form = Form(MultiDict(request.args.items(multi=True)))
    days = read.conditional_days(reading(), current_actor(), _today())
    if days:
        form.data.setdefault("du", str(days[0].on_date))
        form.data["genre"] = DayType.CLASS.value
        form.data.setdefault("ou", f"{ClosureScope.ORGANIZATION}:{current_actor().organization_id}")
    return _reopening(form, days)


@pages.get("/fermetures/changements/<uuid:change_id>")
def change(change_id: UUID) -> Page:
    page = read.change_page(reading(), current_actor(), change_id, stage().clock.now())
    to_decide = waiting_after(Work(reading(), stage().clock), current_actor(), change_id)
    return render_template("closures/change.html", page=page, treatments=list(Treatment), to_decide=to_decide)


@pages.post("/fermetures/changements/<uuid:change_id>/annulation")
def undoing(change_id: UUID) -> Page:
    with open_work() as work:
        given = undo(work, current_actor(), change_id)
    _say(given)
    return redirect(url_for("closures.change", change_id=change_id), 303)


@pages.post("/fermetures/<uuid:closure_id>/levee")
def lifting(closure_id: UUID) -> Page:
    with open_work() as work:
        given = lift(work, current_actor(), closure_id)
    _say(given)
    return redirect(url_for("closures.index"), 303)


def _say(given: GivenBack) -> None:
    if given.refused:
        notices.say("schools_reopened_in_part", kind="warning", n=len(given.restored), refused=len(given.refused))
    else:
        notices.say("schools_reopened", n=len(given.restored))


def _today() -> date:
    return local_date(stage().clock.now(), current_actor().zone)


def _ask(form: Form) -> DeclareClosure:
    scope, _colon, raw = form.value("ou").partition(":")
    target = id_or_none(raw)
    if target is None or scope not in set(ClosureScope):
        form.fail("ou", "not_a_choice" if form.value("ou") else "required")
    first = form.day("du")
    return DeclareClosure(
        scope=ClosureScope(scope) if scope in set(ClosureScope) else ClosureScope.BUILDING,
        target_id=target or UUID(int=0),
        day_type=form.choice("genre", DayType),
        first_on=first,
        last_on=form.day("au") if form.value("au") else None,
        portion=form.choice("portion", Portion, default=Portion.WHOLE),
        label=form.text("raison", most=80, required=False) or None,
        treatments=_treatments(form),
        decided=decided_in(form),
    )


def _treatments(form: Form) -> dict[UUID, Treatment]:
    found = {}
    for name in form.data:
        encounter = id_or_none(name.removeprefix(TREATMENT)) if name.startswith(TREATMENT) else None
        if encounter is not None:
            found[encounter] = form.choice(name, Treatment)
    return found


_FIELDS = {"first_on": "du", "last_on": "au", "label": "raison", "day_type": "genre"}


def _named(form: Form, refusal: InvalidInput) -> Form:
    """The faults under the names of the form's fields: those of a séance under its select."""
    named = {
        _FIELDS.get(name, f"{TREATMENT}{name}" if id_or_none(name) else name): code
        for name, code in refusal.fields.items()
    }
    return form.refused(InvalidInput(named))


def _seen(form: Form) -> Preview | None:
    """The preview of the form as it stands; after a refusal, the choices that were refused are proposed anew."""
    if not (form.value("ou") and form.value("du")):
        return None
    work = Work(reading(), stage().clock)
    faults = dict(form.faults)
    try:
        ask = _ask(form)
        if form.faults.keys() - faults.keys():
            return None
        wrong = {name.removeprefix(TREATMENT) for name in faults if name.startswith(TREATMENT)}
        kept = {each: treatment for each, treatment in ask.treatments.items() if str(each) not in wrong}
        return preview(work, current_actor(), replace(ask, treatments=kept), page_in(form) or 1)
    except InvalidInput as refusal:
        _named(form, refusal)
        return None


def _sheet(form: Form, status: int = 200) -> Page:
    if form.value("genre") == DayType.CLASS:
        return _reopening(form, read.conditional_days(reading(), current_actor(), _today()), status)
    form.data = MultiDict(form.data.items(multi=True))
    form.data.setdefault("genre", DayType.SUSPENSION.value)
    places = read.places(reading(), current_actor(), _today())
    if len(places) == 1:
        form.data.setdefault("ou", f"{places[0].scope}:{places[0].id}")
    seen = _seen(form)
    form.data.setdefault("du", str(_today()))
    made = render_template(
        "closures/sheet.html",
        form=form,
        seen=seen,
        places=[(f"{each.scope}:{each.id}", _place_name(each)) for each in places],
        kinds=[(each.value, wording.word(each)) for each in KINDS],
        portions=[(each.value, wording.word(each)) for each in Portion],
    )
    return made if status == 200 and not form.faults else (made, status if status == 409 else 422)


def _reopening(form: Form, days: list[read.Conditional], status: int = 200) -> Page:
    form.data = MultiDict(form.data.items(multi=True))
    seen = _seen(form) if days else None
    made = render_template(
        "closures/conditional.html",
        form=form,
        seen=seen,
        days=days,
        places=[
            (f"{each.scope}:{each.id}", _place_name(each)) for each in read.places(reading(), current_actor(), _today())
        ],
        moved=sum(each.is_lived for each in seen.changes) if seen else 0,
    )
    return made if status == 200 and not form.faults else (made, status if status == 409 else 422)


def _place_name(place: read.Place) -> str:
    word = wording.word(place.scope)
    return f"{place.name} ({word})" if place.name else word
