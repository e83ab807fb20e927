"""Edits of a school year: painted days, files, bounds and cycles. Each is shown whole, then applied, then undone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.calendar_edits import MAX_RANK, PLANNED_TYPES, Stroke
from intervention.domain.calendar_files import MAX_BYTES, CalendarFile, read_calendar, written
from intervention.domain.cycle import LONGEST, Reflow, Rotation
from intervention.domain.days import DayType, Portion
from intervention.domain.errors import InvalidInput, SlotRefused, SlotTaken
from intervention.queries.school_years import NamedVoice, YearGrid, place_lines
from intervention.rendering import year_grid as drawn
from intervention.rendering.wording import word
from intervention.usecases.calendar_changes import undo_change
from intervention.usecases.calendar_edits import Edit, EditYear, PaintDays, SetRotation, apply_edit, preview_edit
from intervention.usecases.calendar_pages import change_page
from intervention.usecases.redating_sheet import pending
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.redating_forms import by_school, decided_in, page_in
from intervention.web.school_years import (
    chosen_grid,
    default_voice,
    frame_in,
    place_query,
    reads_calendars,
    show_grid,
    usual_in,
    voice_code,
    voice_name,
    voice_of,
)
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("calendar_edits", __name__)
Page = str | tuple[str, int] | Response

SHOWN_SEANCES = 60
SHOWN_DAYS = 40
SHOWN_FAULTS = 200
TAKE_BACK = "-"


@pages.post("/ecoles/calendriers/<uuid:year_id>/apercu")
def preview(year_id: UUID) -> Page:
    """What painting a range would change; nothing is written."""
    grid, form = chosen_grid(year_id), Form(request.form)
    try:
        edit = _painting(grid, form)
        return _previewed(grid, edit, {"voice": form.value("voice"), "strokes": written(edit.strokes)})
    except InvalidInput as refusal:
        return show_grid(grid, form.refused(refusal), status=422)


@pages.post("/ecoles/calendriers/<uuid:year_id>/application")
def apply(year_id: UUID) -> Page:
    """Write what the preview showed: the ranges come back as the file that they are."""
    grid, form = chosen_grid(year_id), Form(request.form)
    read = read_calendar(form.value("strokes").encode(), grid.year.frame)
    try:
        voice = _voice(grid, form)
        if read.faults:
            form.fail("first", read.faults[0].code)
        form.check()
        edit = PaintDays(year_id, voice.voice, tuple(read.strokes))
        carried = {"voice": form.value("voice"), "strokes": written(edit.strokes)}
        if page_in(form) is not None:
            return _previewed(grid, edit, carried, form=form)
        return _applied(grid, edit, form, carried, day=read.strokes[0])
    except InvalidInput as refusal:
        return show_grid(grid, form.refused(refusal), status=422)


@pages.get("/ecoles/calendriers/<uuid:year_id>/importation")
def ask_import(year_id: UUID) -> Page:
    grid = chosen_grid(year_id)
    return _import_form(grid, Form.blank(voice=default_voice(grid), unless_said=DayType.PEDAGOGICAL))


@pages.post("/ecoles/calendriers/<uuid:year_id>/importation")
def examine_import(year_id: UUID) -> Page:
    """A dry run: every bad line with its reason, or what the whole file would change."""
    grid, form = chosen_grid(year_id), Form(request.form)
    sent = request.files.get("file")
    content = sent.read(MAX_BYTES + 1) if sent and sent.filename else b""
    if not content:
        form.fail("file", "required")
    try:
        voice = _voice(grid, form)
        unless_said = form.choice("unless_said", DayType)
        form.check()
        read = read_calendar(content, grid.year.frame, unless_said)
        if read.faults:
            return _refused_file(grid, read), 422
        edit = PaintDays(year_id, voice.voice, tuple(read.strokes))
        return _previewed(grid, edit, {"voice": form.value("voice"), "strokes": written(edit.strokes)})
    except InvalidInput as refusal:
        for field in ("first", "strokes", "day_type", "last"):
            if field in refusal.fields:
                form.fail("file", refusal.fields[field])
        return _import_form(grid, form), 422


@pages.get("/ecoles/calendriers/<uuid:year_id>/reglages")
def settings(year_id: UUID) -> Page:
    grid = chosen_grid(year_id)
    frame, usual, own = grid.year.frame, grid.year.usual, grid.own_rotation
    form = Form.blank(
        label=grid.year.label, staff_from=frame.staff_from, pupils_from=frame.pupils_from,
        pupils_until=frame.pupils_until, staff_until=frame.staff_until, cycle_length=usual.length, reflow=usual.reflow,
        own_cycle="1" if own else None, own_length=(own or usual).length, own_reflow=(own or usual).reflow,
        own_first=(own or usual).first,
    )  # fmt: skip
    return _settings_form(grid, form)


@pages.post("/ecoles/calendriers/<uuid:year_id>/reglages")
def edit_year(year_id: UUID) -> Page:
    """Bounds and usual cycle: shown, or applied when the preview sends them back."""
    return _settled(year_id, _year_in, ("label", *_BOUNDS, "cycle_length", "reflow"), "calendar_edits.edit_year")


@pages.post("/ecoles/calendriers/<uuid:year_id>/cycle")
def edit_cycle(year_id: UUID) -> Page:
    """The cycle of the building or level looked at: shown, or applied."""
    return _settled(year_id, _cycle_in, _CYCLE, "calendar_edits.edit_cycle")


@pages.get("/ecoles/calendriers/changements/<uuid:change_id>")
def change(change_id: UUID) -> Page:
    """What an edit did, and the séances that it leaves to decide."""
    found = change_page(Work(reading(), stage().clock), current_actor(), change_id)
    return render_template(
        "calendar_edits/change.html", line=found.line, to_decide=found.to_decide, refused=found.refused
    )


@pages.get("/ecoles/calendriers/a-decider")
def pending_decisions() -> Page:
    """What changes of calendar left to decide, of the séances that the reader may see."""
    actor = current_actor()
    return render_template(
        "calendar_edits/pending_decisions.html", schools=by_school(pending(Work(reading(), stage().clock), actor)),
        may_read_calendars=reads_calendars(actor),
    )  # fmt: skip


@pages.post("/ecoles/calendriers/changements/<uuid:change_id>/annulation")
def undo(change_id: UUID) -> Page:
    with open_work() as work:
        given = undo_change(work, current_actor(), change_id)
    if given.refused:
        notices.say("calendar_undone_in_part", kind="warning", refused=len(given.refused))
        return redirect(url_for("calendar_edits.change", change_id=change_id), 303)
    notices.say("calendar_undone")
    return redirect(url_for("school_years.index"), 303)


_BOUNDS = ("staff_from", "pupils_from", "pupils_until", "staff_until")
_CYCLE = ("own_cycle", "own_length", "own_reflow", "own_first")


def _painting(grid: YearGrid, form: Form) -> PaintDays:
    voice = _voice(grid, form)
    day_type = None if form.value("day_type") == TAKE_BACK else form.choice("day_type", DayType)
    rank = form.whole("rank", least=1, most=MAX_RANK) if form.value("rank") else None
    stroke = Stroke(
        form.day("first"), form.day("last") if form.value("last") else form.day("first"), day_type,
        form.choice("portion", Portion, default=Portion.WHOLE), form.text("label", most=80, required=False) or None,
        rank if day_type is DayType.CONDITIONAL else None,
    )  # fmt: skip
    form.check()
    return PaintDays(grid.year.id, voice.voice, (stroke,))


def _voice(grid: YearGrid, form: Form) -> NamedVoice:
    found = voice_of(grid, form.value("voice"))
    if found is None:
        raise InvalidInput({"voice": "not_a_choice"})
    return found


def _year_in(grid: YearGrid, form: Form) -> Edit:
    edit = EditYear(grid.year.id, form.text("label", most=20), frame_in(form), usual_in(form))
    form.check()
    return edit


def _cycle_in(grid: YearGrid, form: Form) -> Edit:
    rotation = None
    if form.flag("own_cycle"):
        rotation = Rotation(
            form.whole("own_length", least=1, most=LONGEST), form.choice("own_reflow", Reflow),
            form.whole("own_first", least=1, most=LONGEST),
        )  # fmt: skip
        if rotation.first > rotation.length:
            form.fail("own_first", "out_of_range")
    form.check()
    return SetRotation(grid.year.id, grid.place.id, grid.level, rotation)


def _settled(year_id: UUID, read: Callable[[YearGrid, Form], Edit], names: tuple[str, ...], endpoint: str) -> Page:
    grid, form = chosen_grid(year_id), Form(request.form)
    try:
        edit = read(grid, form)
        carried = {name: form.value(name) for name in names} | {"is_applied": "1"}
        if form.flag("is_applied") and page_in(form) is None:
            return _applied(grid, edit, form, carried, endpoint)
        return _previewed(grid, edit, carried, endpoint, form=form)
    except InvalidInput as refusal:
        return _settings_form(grid, form.refused(refusal)), 422


def _previewed(  # noqa: PLR0913 - an edit, and the form that it came in
    grid: YearGrid,
    edit: Edit,
    carried: dict[str, str],
    endpoint: str = "calendar_edits.apply",
    *,
    form: Form | None = None,
    is_raced: bool = False,
) -> str:
    """`form` where lines were shown before: what was ticked there, and the page that is asked for."""
    said = (decided_in(form), page_in(form) or 1) if form else ()
    shown = preview_edit(Work(reading(), stage().clock), current_actor(), edit, *said)
    return render_template(
        "calendar_edits/preview.html", grid=grid, edit=edit, shown=shown, carried=carried | place_query(grid),
        endpoint=endpoint, most_days=SHOWN_DAYS, most=SHOWN_SEANCES, drawn=drawn, is_raced=is_raced,
        names={place.id: place.name for place in place_lines(reading(), current_actor())},
    )  # fmt: skip


def _applied(  # noqa: PLR0913 - an edit, and the form that it came in
    grid: YearGrid,
    edit: Edit,
    form: Form,
    carried: dict[str, str],
    endpoint: str = "calendar_edits.apply",
    *,
    day: Stroke | None = None,
) -> Page:
    try:
        with open_work() as work:
            change_id = apply_edit(work, current_actor(), edit, decided_in(form))
    except (SlotTaken, SlotRefused):
        return _previewed(grid, edit, carried, endpoint, form=form, is_raced=True), 409
    found = change_page(Work(reading(), stage().clock), current_actor(), change_id)
    notices.say("calendar_edited", undo=url_for("calendar_edits.undo", change_id=change_id))
    if found.line.moved:
        notices.say("calendar_moved", n=found.line.moved)
    if found.to_decide:
        notices.say("calendar_to_decide", kind="warning", count=len(found.to_decide))
        return redirect(url_for("calendar_edits.change", change_id=change_id), 303)
    back = url_for("school_years.show", year_id=grid.year.id, immeuble=grid.place.id, ordre=grid.level)
    return redirect(f"{back}#j-{day.first}" if day else back, 303)


def _import_form(grid: YearGrid, form: Form) -> str:
    return render_template(
        "calendar_edits/import.html", grid=grid, form=form, query=place_query(grid),
        voices=[(voice_code(each.voice), voice_name(each)) for each in grid.voices],
        types=[(each.value, word(each)) for each in PLANNED_TYPES],
    )  # fmt: skip


def _refused_file(grid: YearGrid, read: CalendarFile) -> str:
    return render_template(
        "calendar_edits/refused_file.html", grid=grid, faults=read.faults, most=SHOWN_FAULTS, query=place_query(grid)
    )


def _settings_form(grid: YearGrid, form: Form) -> str:
    return render_template(
        "calendar_edits/settings.html", grid=grid, form=form, query=place_query(grid),
        reflows=[(each.value, word(each), None) for each in Reflow],
    )  # fmt: skip
