"""School years: which there are, the year of a building day by day, its sheet to print, its files, a new year."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.calendar_edits import PLANNED_TYPES, Stroke, Voice
from intervention.domain.calendar_files import written
from intervention.domain.calendar_layers import Frame
from intervention.domain.cycle import LONGEST, Reflow, Rotation
from intervention.domain.days import EVERY_LEVEL, Layer, Portion
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.people import Level, Role
from intervention.domain.permissions import Actor
from intervention.queries.school_years import (
    NamedVoice,
    YearGrid,
    YearLine,
    place_lines,
    year_grid,
    year_lines,
    year_near,
    years_to_follow,
)
from intervention.rendering import year_grid as drawn
from intervention.rendering.i18n import N_, _
from intervention.rendering.wording import word
from intervention.rendering.year_files import days_csv, days_ics
from intervention.usecases.calendar_pages import recent_changes
from intervention.usecases.redating_sheet import pending
from intervention.usecases.school_years import CreateYear, create_year, preview_year
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import Form, id_or_none
from intervention.web.reports import file_of
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("school_years", __name__)
Page = str | tuple[str, int] | Response


def reads_calendars(actor: Actor) -> bool:
    return bool(actor.roles & {Role.ADMINISTRATOR, Role.PRINCIPAL, Role.SECRETARY, Role.COORDINATOR})


NAV = (
    NavEntry(
        "school_years.index", N_("Calendriers"), "agenda", 82, shown_to=reads_calendars, is_admin=True,
        also=(
            "calendar_edits.ask_import", "calendar_edits.settings", "calendar_edits.change",
            "calendar_edits.pending_decisions", "moved_instants.index",
        ),
    ),
)  # fmt: skip


@pages.get("/ecoles/calendriers")
def index() -> Page:
    lines, actor = year_lines(reading(), current_actor()), current_actor()
    current = year_near(lines, _today(actor))
    return render_template(
        "school_years/index.html", years=lines, current=current, places=place_lines(reading(), actor),
        is_admin=Role.ADMINISTRATOR in actor.roles,
        changes=recent_changes(Work(reading(), stage().clock), actor),
        waiting=len(pending(Work(reading(), stage().clock), actor)),
    )  # fmt: skip


@pages.get("/ecoles/calendriers/nouvelle")
def new() -> Page:
    """Begins with the bounds of the last year, one year of whole weeks later."""
    lines = years_to_follow(reading(), current_actor())
    form = Form.blank(cycle_length=10, reflow=Reflow.SLIDE)
    if lines:
        form = Form.blank(**_following(lines[0]))
    return _new_form(form)


@pages.post("/ecoles/calendriers/nouvelle")
def examine() -> Page:
    """What the year would hold; nothing is written."""
    form = Form(request.form)
    try:
        ask = _new_year(form)
        shown = preview_year(Work(reading(), stage().clock), current_actor(), ask)
    except InvalidInput as refusal:
        return _new_form(form.refused(refusal)), 422
    names = {place.id: place.name for place in place_lines(reading(), current_actor())}
    names |= {school: name for place in place_lines(reading(), current_actor()) for school, name in place.schools}
    return render_template("school_years/new_preview.html", ask=ask, shown=shown, form=form, names=names, drawn=drawn)


@pages.post("/ecoles/calendriers/nouvelle/application")
def create() -> Page:
    form = Form(request.form)
    try:
        ask = _new_year(form)
        with open_work() as work:
            year_id = create_year(work, current_actor(), ask)
    except InvalidInput as refusal:
        return _new_form(form.refused(refusal)), 422
    notices.say("year_opened", label=ask.label)
    return redirect(url_for("school_years.show", year_id=year_id), 303)


@pages.get("/ecoles/calendriers/<uuid:year_id>")
def show(year_id: UUID) -> Page:
    """`immeuble`, `ordre`: whose days; `jour`: the date to explain; `couche`: whose word is to be given."""
    grid = chosen_grid(year_id)
    on_date = _chosen_date(grid)
    form = Form.blank(
        first=on_date, last=on_date, voice=request.args.get("couche") or default_voice(grid), portion=Portion.WHOLE
    )
    return show_grid(grid, form, on_date)


@pages.get("/ecoles/calendriers/<uuid:year_id>/feuille")
def sheet(year_id: UUID) -> Page:
    """One sheet to print."""
    grid = chosen_grid(year_id)
    return render_template(
        "school_years/sheet.html", grid=grid, months=drawn.months(grid.year.frame, grid.days), drawn=drawn
    )


@pages.get("/ecoles/calendriers/<uuid:year_id>/jours.csv")
def as_csv(year_id: UUID) -> Page:
    grid = chosen_grid(year_id)
    return file_of(f"calendrier-{grid.year.frame.staff_from:%Y}.csv", days_csv(grid.days.values()))


@pages.get("/ecoles/calendriers/<uuid:year_id>/jours.ics")
def as_ics(year_id: UUID) -> Page:
    grid = chosen_grid(year_id)
    body = days_ics(grid.place.id, grid.place.name, grid.days.values(), stage().clock.now())
    response = file_of(f"calendrier-{grid.year.frame.staff_from:%Y}.ics", body)
    response.content_type = "text/calendar; charset=utf-8"
    return response


@pages.get("/ecoles/calendriers/<uuid:year_id>/couche.csv")
def layer_csv(year_id: UUID) -> Page:
    """The words of one layer alone, as the importation reads them."""
    grid = chosen_grid(year_id)
    found = voice_of(grid, request.args.get("couche") or "")
    if found is None:
        raise NotFound
    marks = sorted(
        (each for each in grid.strand.marks if each.layer is found.voice.layer), key=lambda each: each.on_date
    )
    strokes = [Stroke(m.on_date, m.on_date, m.day_type, m.portion, m.label, m.rank) for m in marks]
    return file_of(f"couche-{grid.year.frame.staff_from:%Y}.csv", written(strokes).encode())


def chosen_grid(year_id: UUID) -> YearGrid:
    """The year at the building and level of the address; without one, at the first that the reader sees."""
    actor = current_actor()
    places = place_lines(reading(), actor)
    building_id = id_or_none(request.values.get("immeuble", "")) or (places[0].id if places else None)
    if building_id is None:
        raise NotFound
    return year_grid(reading(), actor, year_id, building_id, request.values.get("ordre", EVERY_LEVEL))


def show_grid(grid: YearGrid, form: Form, on_date: date | None = None, status: int = 200) -> Page:
    made = render_template(
        "school_years/show.html", grid=grid, form=form, on_date=on_date, drawn=drawn,
        months=drawn.months(grid.year.frame, grid.days), words=grid.words(on_date) if on_date else [],
        places=place_lines(reading(), current_actor()), years=year_lines(reading(), current_actor()),
        voices=[(voice_code(each.voice), voice_name(each)) for each in grid.voices],
        types=[(each.value, f"{drawn.letter(each)} · {word(each)}") for each in PLANNED_TYPES],
        portions=[(each.value, word(each)) for each in Portion],
    )  # fmt: skip
    return made if status == 200 else (made, status)


def voice_code(voice: Voice) -> str:
    return f"{voice.layer}|{voice.target_id}|{voice.level}"


def voice_of(grid: YearGrid, code: str) -> NamedVoice | None:
    """One of the voices that the actor has there."""
    return next((each for each in grid.voices if voice_code(each.voice) == code), None)


def voice_name(each: NamedVoice) -> str:
    match each.voice.layer:
        case Layer.ORGANIZATION:
            return _("Tout le centre de services")
        case Layer.SCHOOL:
            return _("Toute l’école : %(name)s", name=each.name)
        case Layer.LEVEL:
            return _("%(name)s, %(level)s seulement", name=each.name, level=word(Level(each.voice.level)))
        case _:
            return _("Cet immeuble : %(name)s", name=each.name)


def default_voice(grid: YearGrid) -> str | None:
    """The widest word that the actor may give; that of the level where one is looked at."""
    wanted = [each for each in grid.voices if grid.level and each.voice.level == grid.level] or list(grid.voices)
    return voice_code(wanted[0].voice) if wanted else None


def place_query(grid: YearGrid) -> dict[str, str]:
    """The fields that bring a year back to the same building and level."""
    return {"immeuble": str(grid.place.id), **({"ordre": grid.level} if grid.level else {})}


def frame_in(form: Form) -> Frame:
    return Frame(form.day("staff_from"), form.day("pupils_from"), form.day("pupils_until"), form.day("staff_until"))


def usual_in(form: Form) -> Rotation:
    return Rotation(form.whole("cycle_length", least=1, most=LONGEST), form.choice("reflow", Reflow))


def _new_year(form: Form) -> CreateYear:
    ask = CreateYear(form.text("label", most=20), frame_in(form), usual_in(form), form.maybe_id("like_id"))
    form.check()
    return ask


def _new_form(form: Form) -> str:
    years = [(str(each.id), each.label) for each in years_to_follow(reading(), current_actor())]
    reflows = [(each.value, word(each), None) for each in Reflow]
    return render_template("school_years/new.html", form=form, years=years, reflows=reflows)


def _following(line: YearLine) -> dict[str, object]:
    frame, year = line.frame, timedelta(weeks=52)
    first = frame.staff_from + year
    return {
        "label": f"{first.year}-{first.year + 1}", "staff_from": first, "pupils_from": frame.pupils_from + year,
        "pupils_until": frame.pupils_until + year, "staff_until": frame.staff_until + year,
        "cycle_length": line.usual.length, "reflow": line.usual.reflow, "like_id": line.id,
    }  # fmt: skip


def _today(actor: Actor) -> date:
    return stage().clock.now().astimezone(ZoneInfo(actor.zone)).date()


def _chosen_date(grid: YearGrid) -> date | None:
    raw = request.args.get("jour", "")
    form = Form.blank(jour=raw)
    on_date = form.day("jour") if raw else None
    frame = grid.year.frame
    if form.faults or on_date is None or not frame.staff_from <= on_date <= frame.staff_until:
        return None
    return on_date
