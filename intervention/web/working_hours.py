"""« Mes disponibilités », and the same page of somebody of the board for who coordinates it: hours and absences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from intervention.domain.absences import MAX_LABEL, AbsenceFacts
from intervention.domain.errors import InvalidInput, NotFound, Stale
from intervention.domain.seen import seen
from intervention.domain.working_hours import MOST_A_DAY, WEEKDAYS, Hours, Opening, Week
from intervention.queries.working_hours import HoursPage, absence_line, hours_page
from intervention.records.vault import Unreadable
from intervention.rendering.times import wall_time
from intervention.usecases import absences
from intervention.usecases.absences import StoredAbsence
from intervention.usecases.work import Work
from intervention.usecases.working_hours import set_hours
from intervention.web import notices, pressed_twice
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.people import administers
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("working_hours", __name__)
Page = str | tuple[str, int] | Response

OWN, THEIRS = "/moi/disponibilites", "/admin/personnes/<uuid:person_id>/disponibilites"
WEEKS = ("now", "later")
_SEALED = "absence"


@pages.get(OWN)
@pages.get(THEIRS)
def show(person_id: UUID | None = None) -> Page:
    return _show(person_id)


@pages.post(OWN)
@pages.post(THEIRS)
def save(person_id: UUID | None = None) -> Page:
    """`like_monday` names a week to fill in as its Monday; nothing is kept before the form is sent again."""
    form = _without_blanks(request.form)
    week = request.form.get("like_monday")
    if week in WEEKS:
        _copy_monday(form, week)
        return _show(person_id, form)
    hours = _hours(form)
    try:
        form.check()
        with open_work() as work:
            set_hours(work, current_actor(), person_id or current_actor().person_id, hours, form.value("version"))
    except InvalidInput as refusal:
        return _show(person_id, form.refused(refusal)), 422
    except Stale as refusal:
        return _show(person_id, form.outdated(refusal, _as_form(_page(person_id).hours))), 409
    notices.say("hours_kept")
    return redirect(url_for("working_hours.show", person_id=person_id), 303)


@pages.get(f"{OWN}/absences/nouvelle")
@pages.get(f"{THEIRS}/absences/nouvelle")
def new_absence(person_id: UUID | None = None) -> Page:
    return _absence_page(person_id, Form.blank())


@pages.post(f"{OWN}/absences/nouvelle")
@pages.post(f"{THEIRS}/absences/nouvelle")
def add_absence(person_id: UUID | None = None) -> Page:
    form = Form(request.form)
    facts = _absence(form)
    try:
        form.check()
        whose = person_id or current_actor().person_id
        absence_id = pressed_twice.made(
            form, "starts_on", lambda work: absences.add_absence(work, current_actor(), whose, facts)
        )
    except InvalidInput as refusal:
        return _absence_page(person_id, form.refused(refusal)), 422
    notices.say("absence_added", undo=url_for("working_hours.remove_absence", absence_id=absence_id))
    return redirect(url_for("working_hours.show", person_id=person_id), 303)


@pages.get("/absences/<uuid:absence_id>")
def absence(absence_id: UUID) -> Page:
    person_id, facts = absence_line(reading(), current_actor(), absence_id)
    return _absence_page(_of(person_id), _absence_as_form(facts), absence_id)


@pages.post("/absences/<uuid:absence_id>")
def edit_absence(absence_id: UUID) -> Page:
    person_id, standing = absence_line(reading(), current_actor(), absence_id)
    form = Form(request.form)
    known = form.value("version")
    facts = _absence(form)
    try:
        form.check()
        return _changed(
            "absence_edited", lambda work: absences.edit_absence(work, current_actor(), absence_id, facts, known)
        )
    except InvalidInput as refusal:
        return _absence_page(_of(person_id), form.refused(refusal), absence_id), 422
    except Stale as refusal:
        form.outdated(refusal, _absence_as_form(standing))
        return _absence_page(_of(person_id), form, absence_id), 409


@pages.post("/absences/<uuid:absence_id>/retrait")
def remove_absence(absence_id: UUID) -> Page:
    return _changed("absence_removed", lambda work: absences.remove_absence(work, current_actor(), absence_id))


@pages.post("/absences/retour/<sealed>")
def put_back_absence(sealed: str) -> Page:
    was = _opened(sealed)
    with open_work() as work:
        absences.put_back_absence(work, current_actor(), was)
    notices.say("absence_put_back")
    return redirect(url_for("working_hours.show", person_id=_of(was.person_id)), 303)


def _changed(said: str, act: Callable[[Work], StoredAbsence]) -> Response:
    """The undoing's address holds the absence as it was, closed to whoever reads addresses."""
    with open_work() as work:
        was = act(work)
    notices.say(said, undo=url_for("working_hours.put_back_absence", sealed=_closed(was)))
    return redirect(url_for("working_hours.show", person_id=_of(was.person_id)), 303)


def _closed(was: StoredAbsence) -> str:
    values = {"id": str(was.id), "person": str(was.person_id), "label": was.label or ""}
    values |= {"from": was.starts_at.isoformat(), "until": was.ends_at.isoformat()}
    return stage().keys.seal(_SEALED, values).decode()


def _opened(sealed: str) -> StoredAbsence:
    try:
        found = stage().keys.open(_SEALED, sealed.encode())
    except Unreadable:
        raise NotFound from None
    starts_at, ends_at = (datetime.fromisoformat(found[name]) for name in ("from", "until"))
    return StoredAbsence(UUID(found["id"]), UUID(found["person"]), starts_at, ends_at, found["label"] or None)


def _of(person_id: UUID) -> UUID | None:
    """One's own page has an address without an id."""
    return None if person_id == current_actor().person_id else person_id


def _page(person_id: UUID | None) -> HoursPage:
    return hours_page(reading(), current_actor(), person_id or current_actor().person_id, stage().clock.now())


def _show(person_id: UUID | None, form: Form | None = None) -> str:
    page = _page(person_id)
    return render_template(
        "working_hours/show.html", page=page, form=form or _as_form(page.hours), of=person_id, weekdays=WEEKDAYS,
        spans=range(MOST_A_DAY), is_later_open=_is_later_open(form or Form.blank(), page.hours),
        administers=administers(current_actor()),
    )  # fmt: skip


def _is_later_open(form: Form, stored: Hours) -> bool:
    """The folded week shows when it says something or has to be mended."""
    sent = {name for name, value in form.data.items() if value} | form.faults.keys()
    return stored.later_from is not None or any("later" in name for name in sent)


def _absence_page(person_id: UUID | None, form: Form, absence_id: UUID | None = None) -> str:
    page = _page(person_id)
    return render_template(
        "working_hours/absence.html", page=page, form=pressed_twice.with_key(form), of=person_id,
        absence_id=absence_id, most_label=MAX_LABEL, administers=administers(current_actor()),
    )  # fmt: skip


def _names(week: str, weekday: int, n: int) -> tuple[str, str]:
    return f"starts-{week}-{weekday}-{n}", f"ends-{week}-{weekday}-{n}"


def _without_blanks(sent: MultiDict[str, str]) -> Form:
    """The form with the openings of each day moved up; one without hours is taken away."""
    moved = MultiDict({name: sent.get(name, "") for name in ("later_from", "version")})
    for week in WEEKS:
        for weekday in WEEKDAYS:
            cells = [tuple(sent.get(name, "") for name in _names(week, weekday, n)) for n in range(MOST_A_DAY)]
            filled = [pair for pair in cells if any(cell.strip() for cell in pair)]
            for n, pair in enumerate(filled):
                moved.update(dict(zip(_names(week, weekday, n), pair, strict=True)))
    return Form(moved)


def _copy_monday(form: Form, week: str) -> None:
    """From Tuesday to Friday: the weekend stays as it is."""
    for weekday in range(2, 6):
        for n in range(MOST_A_DAY):
            for monday, name in zip(_names(week, 1, n), _names(week, weekday, n), strict=True):
                form.data[name] = form.value(monday)


def _hours(form: Form) -> Hours:
    later_from = form.day("later_from") if form.value("later_from") else None
    return Hours(_week(form, "now"), later_from, _week(form, "later"))


def _week(form: Form, week: str) -> Week:
    found = []
    for weekday in WEEKDAYS:
        for n in range(MOST_A_DAY):
            starts, ends = _names(week, weekday, n)
            if starts in form.data:
                found.append(Opening(weekday, form.wall_time(starts), form.wall_time(ends)))
    return tuple(found)


def _as_form(hours: Hours) -> Form:
    values: dict[str, object] = {"later_from": hours.later_from, "version": seen(hours.shown)}
    for week, openings in (("now", hours.week), ("later", hours.later)):
        for weekday in WEEKDAYS:
            for n, each in enumerate(each for each in openings if each.weekday == weekday):
                times = (wall_time(each.starts_local), wall_time(each.ends_local))
                values |= dict(zip(_names(week, weekday, n), times, strict=True))
    return Form.blank(**values)


def _absence(form: Form) -> AbsenceFacts:
    """A last day left empty is the first one; no hours, whole days."""
    starts_on = form.day("starts_on")
    ends_on: date = form.day("ends_on") if form.value("ends_on") else starts_on
    from_local, until_local = (_hour(form, name) for name in ("from_local", "until_local"))
    label = form.text("label", most=MAX_LABEL, required=False) or None
    return AbsenceFacts(starts_on, ends_on, from_local, until_local, label)


def _hour(form: Form, name: str) -> time | None:
    return form.wall_time(name) if form.value(name).strip() else None


def _absence_as_form(facts: AbsenceFacts) -> Form:
    return Form.blank(
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        from_local=facts.from_local and wall_time(facts.from_local),
        until_local=facts.until_local and wall_time(facts.until_local),
        label=facts.label,
        version=seen(facts.shown),
    )
