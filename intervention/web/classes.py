"""A building's classes and the weekly times that no séance takes from them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput, Stale
from intervention.domain.people import Level
from intervention.domain.protected_times import WEEKDAYS, ClassTime
from intervention.domain.seen import seen
from intervention.queries.classes import ClassPage, class_page, schools_here, teachers
from intervention.queries.schools import BuildingPage, building_page
from intervention.rendering import wording
from intervention.rendering.i18n import _
from intervention.usecases import classes
from intervention.usecases.classes import ClassFacts
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

CYCLE = "j"  # before the number of a day of the cycle, in a form
pages = Blueprint("classes", __name__)
Page = str | tuple[str, int] | Response


@pages.get("/ecoles/immeubles/<uuid:building_id>/classes/nouvelle")
def new(building_id: UUID) -> Page:
    building = building_page(reading(), current_actor(), building_id)
    return _new_form(building, Form.blank(level=Level.PRIMARY))


@pages.post("/ecoles/immeubles/<uuid:building_id>/classes/nouvelle")
def add(building_id: UUID) -> Page:
    building, form = building_page(reading(), current_actor(), building_id), Form(request.form)
    facts = _facts(form, is_new=True)
    try:
        form.check()
        with open_work() as work:
            class_id = classes.add_class(work, current_actor(), building_id, facts)
    except InvalidInput as refusal:
        return _new_form(building, form.refused(refusal)), 422
    notices.say("class_added")
    return redirect(url_for("classes.show", class_id=class_id), 303)


@pages.get("/ecoles/classes/<uuid:class_id>")
def show(class_id: UUID) -> Page:
    page = _page(class_id)
    return _show(page, _as_form(page), Form.blank(weekday=1))


@pages.post("/ecoles/classes/<uuid:class_id>")
def edit(class_id: UUID) -> Page:
    page, form = _page(class_id), Form(request.form)
    facts = _facts(form, is_new=False)
    try:
        form.check()
        with open_work() as work:
            classes.edit_class(work, current_actor(), class_id, facts, form.value("version"))
    except InvalidInput as refusal:
        return _show(page, form.refused(refusal), Form.blank(weekday=1)), 422
    except Stale as refusal:
        return _show(page, form.outdated(refusal, _as_form(page)), Form.blank(weekday=1)), 409
    notices.say("class_edited")
    return redirect(url_for("classes.show", class_id=class_id), 303)


@pages.post("/ecoles/classes/<uuid:class_id>/retrait")
def remove(class_id: UUID) -> Page:
    page = _page(class_id)
    try:
        with open_work() as work:
            classes.remove_class(work, current_actor(), class_id)
    except InvalidInput as refusal:
        return _show(page, _as_form(page).refused(refusal), Form.blank(weekday=1)), 422
    notices.say("class_removed")
    return redirect(url_for("schools.building", building_id=page.building_id), 303)


@pages.post("/ecoles/classes/<uuid:class_id>/temps-proteges")
def add_time(class_id: UUID) -> Page:
    page, form = _page(class_id), Form(request.form)
    weekday, cycle_day = _day_of(form, page.cycle_length)
    new_time = ClassTime(
        weekday, form.wall_time("starts_local"), form.wall_time("ends_local"), form.text("label", most=60), cycle_day
    )
    try:
        form.check()
        with open_work() as work:
            classes.add_protected_time(work, current_actor(), class_id, new_time)
    except InvalidInput as refusal:
        return _show(page, _as_form(page), form.refused(refusal)), 422
    return _told(class_id, "protected_time_added")


@pages.post("/ecoles/classes/<uuid:class_id>/temps-proteges/<uuid:time_id>/retrait")
def remove_time(class_id: UUID, time_id: UUID) -> Page:
    with open_work() as work:
        classes.remove_protected_time(work, current_actor(), class_id, time_id)
    return _told(class_id, "protected_time_removed")


def _day_of(form: Form, cycle_length: int) -> tuple[int | None, int | None]:
    """A weekday, or a day of the cycle (« j3 »)."""
    chosen = form.text("weekday", most=3)
    cycle_days = {f"{CYCLE}{n}": n for n in range(1, cycle_length + 1)}
    weekdays = {str(n): n for n in WEEKDAYS}
    if chosen not in cycle_days and chosen not in weekdays and "weekday" not in form.faults:
        form.fail("weekday", "not_a_choice")
    return weekdays.get(chosen), cycle_days.get(chosen)


def _told(class_id: UUID, said: str) -> Response:
    """What was done, and how many séances to come sit in protected time since."""
    met = len(_page(class_id).in_the_way)
    notices.say(said)
    if met and said == "protected_time_added":
        notices.say("encounters_in_protected_time", kind="warning", count=met)
    return redirect(url_for("classes.show", class_id=class_id), 303)


def _page(class_id: UUID) -> ClassPage:
    return class_page(reading(), current_actor(), class_id, stage().clock.now())


def _new_form(building: BuildingPage, form: Form) -> str:
    return render_template("schools/new_class.html", building=building, form=form, **_choices(building.line.id))


def _show(page: ClassPage, form: Form, time_form: Form) -> str:
    days = [(str(n), wording.say(f"weekday.{n}")) for n in WEEKDAYS]
    days += [(f"{CYCLE}{n}", _("Jour %(n)s", n=n)) for n in range(1, page.cycle_length + 1)]
    choices = _choices(page.building_id)
    if page.school_id not in dict(choices["schools"]):
        choices["schools"] = (*choices["schools"], (page.school_id, page.school))
    return render_template("schools/class.html", page=page, form=form, time_form=time_form, days=days, **choices)


def _choices(building_id: UUID) -> dict[str, tuple[tuple[object, str], ...]]:
    return {
        "schools": schools_here(reading(), current_actor(), building_id),
        "teachers": teachers(reading(), current_actor()),
        "levels": tuple((level.value, wording.word(level)) for level in Level),
    }


def _as_form(page: ClassPage) -> Form:
    return Form.blank(
        name=page.line.name, level=page.line.level, school=page.school_id, teacher=page.teacher_id,
        is_active="1" if page.line.is_active else None, version=seen(page.shown),
    )  # fmt: skip


def _facts(form: Form, *, is_new: bool) -> ClassFacts:
    return ClassFacts(
        school_id=form.one_id("school"),
        name=form.text("name", most=classes.MAX_NAME),
        level=form.choice("level", Level),
        teacher_id=form.maybe_id("teacher"),
        is_active=is_new or form.flag("is_active"),
    )
