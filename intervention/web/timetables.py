"""« Horaire de septembre »: a caseload laid onto a cycle, its conflicts beside it, and the sheet that publishes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from intervention.domain.encounters import KIND_RULES, EncounterKind, Modality
from intervention.domain.errors import InvalidInput, NotAllowed, SlotRefused, SlotTaken, Stale
from intervention.domain.school_time import local_date
from intervention.domain.timetable import EVERY_OTHER, MAX_TIMES, Cell
from intervention.queries import booking_form
from intervention.queries.catalogue import catalogue
from intervention.queries.timetables import choices, timetable_for, timetable_of, years_ahead
from intervention.records.calendars import SchoolYear
from intervention.records.timetables import Timetable
from intervention.rendering import times, wording
from intervention.rendering.i18n import _
from intervention.usecases import timetables as use
from intervention.usecases.timetable_cells import InHand, columns_of, in_turn, nearest_start, take_in_hand
from intervention.usecases.timetable_copying import copy_last_year, last_year, left_behind
from intervention.usecases.timetable_publishing import publish
from intervention.usecases.timetable_sheet import judge
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import NOBODY, Form
from intervention.web.stage import open_work, reading, stage
from intervention.web.timetable_grid import GridShown, cell_of, cell_value, lay_out

pages = Blueprint("timetables", __name__)
STALE = 409  # a form made on an older page: it comes back filled, on the timetable as it is now
Page = str | tuple[str, int] | Response
Act = Callable[[Work, int], dict[str, UUID]]
POOLS = ("group", "pupil", "class")
MIDNIGHT = time(0)
FIELD_OF = {
    "who": "qui", "minutes": "duree", "times": "fois", "every": "rythme", "building": "immeuble", "day": "jour",
    "at": "heure", "line": "jour", "year": "annee",
}  # fmt: skip


@pages.get("/horaire")
def index() -> Page:
    """The timetable of somebody for a year, or what would make one."""
    return _page(Form(request.args))


@pages.post("/horaire")
def prepare() -> Page:
    form = Form(request.form)
    person_id, year_id = form.one_id("personne"), form.one_id("annee")
    try:
        form.check()
        with open_work() as work:
            use.make(work, current_actor(), person_id, year_id)
    except InvalidInput as refusal:
        return _page(form.refused(refusal), status=422)
    notices.say("timetable_made")
    return redirect(url_for("timetables.index", personne=person_id, annee=year_id), 303)


@pages.post("/horaire/<uuid:timetable_id>/lignes")
def add(timetable_id: UUID) -> Page:
    form = Form(request.form)
    pool, _sep, raw = form.text("qui").partition(":")
    who = Form.blank(id=raw).maybe_id("id")
    if pool not in POOLS or who is None:
        form.fail("qui", "unknown")
    wishes = _wishes(form)

    def act(work: Work, version: int) -> dict[str, UUID]:
        asked = use.Who(pool, who or NOBODY)
        return {"ligne": use.add_line(work, current_actor(), timetable_id, version, asked, wishes)}

    return _acted(form, timetable_id, "line_added", act)


@pages.post("/horaire/<uuid:timetable_id>/lignes/<uuid:line_id>")
def edit(timetable_id: UUID, line_id: UUID) -> Page:
    form = Form(MultiDict([*request.form.items(multi=True), ("ligne", str(line_id))]))  # still in hand if refused
    wishes = _wishes(form)

    def act(work: Work, version: int) -> dict[str, UUID]:
        use.edit_line(work, current_actor(), timetable_id, version, line_id, wishes)
        return {"ligne": line_id}

    return _acted(form, timetable_id, "line_edited", act)


@pages.post("/horaire/<uuid:timetable_id>/lignes/<uuid:line_id>/retrait")
def remove(timetable_id: UUID, line_id: UUID) -> Page:
    def act(work: Work, version: int) -> dict[str, UUID]:
        use.remove_line(work, current_actor(), timetable_id, version, line_id)
        return {}

    return _acted(Form(request.form), timetable_id, "line_removed", act)


@pages.post("/horaire/<uuid:timetable_id>/places")
def place(timetable_id: UUID) -> Page:
    """Put a line on a half hour: where `pres` is sent, at the start of it that holds most dates."""
    form = Form(request.form)
    line_id, moving, wanted = form.one_id("ligne"), form.maybe_id("place"), _wanted(form)

    def act(work: Work, version: int) -> dict[str, UUID]:
        kept = timetable_for(work.session, current_actor(), timetable_id)
        settle = nearest_start if form.flag("pres") else in_turn
        cell = settle(work, current_actor(), kept, line_id, wanted)
        put = use.place(work, current_actor(), timetable_id, version, line_id, cell, moving=moving)
        return {"posee": put}

    return _acted(form, timetable_id, "line_placed", act)


@pages.post("/horaire/<uuid:timetable_id>/places/<uuid:place_id>/retrait")
def unplace(timetable_id: UUID, place_id: UUID) -> Page:
    def act(work: Work, version: int) -> dict[str, UUID]:
        use.unplace(work, current_actor(), timetable_id, version, place_id)
        return {}

    return _acted(Form(request.form), timetable_id, "line_unplaced", act)


@pages.post("/horaire/<uuid:timetable_id>/an-dernier")
def copy(timetable_id: UUID) -> Page:
    form = Form(request.form)
    version = form.whole("version", least=1, most=10**9)
    try:
        form.check()
        with open_work() as work:
            carried = copy_last_year(work, current_actor(), timetable_id, version)
    except InvalidInput as refusal:
        return _page(form.refused(refusal), timetable_id, status=422)
    except Stale:
        return _page(form, timetable_id, status=STALE)
    notices.say("year_copied", lines=carried.lines, places=carried.places)
    return _back(timetable_id)


@pages.get("/horaire/<uuid:timetable_id>/publication")
def sheet(timetable_id: UUID) -> Page:
    """Every date that would be left out, before anything is booked."""
    return _sheet_page(timetable_id, Form.blank())


@pages.post("/horaire/<uuid:timetable_id>/publication")
def publishing(timetable_id: UUID) -> Page:
    form = Form(request.form)
    version = form.whole("version", least=1, most=10**9)
    try:
        form.check()
        with open_work() as work:
            done = publish(work, current_actor(), timetable_id, version)
    except InvalidInput as refusal:
        return _sheet_page(timetable_id, form.refused(refusal), status=422)
    except (SlotTaken, SlotRefused) as refusal:
        return _sheet_page(timetable_id, form, status=409, refusal=refusal)
    except Stale:
        return _sheet_page(timetable_id, form, status=STALE)
    if done.series:
        notices.say("timetable_published", series=done.series, encounters=done.encounters)
    else:
        notices.say("timetable_was_published")
    return _back(timetable_id)


def _acted(form: Form, timetable_id: UUID, said: str, act: Act) -> Page:
    """Do it on the version that the page showed, then the grid again; what was filled comes back with its faults."""
    version = form.whole("version", least=1, most=10**9)
    try:
        form.check()
        with open_work() as work:
            more = act(work, version)
    except InvalidInput as refusal:
        fields = {FIELD_OF.get(name, name): code for name, code in refusal.fields.items()}
        return _page(form.refused(InvalidInput(fields)), timetable_id, status=422)
    except Stale:
        return _page(form, timetable_id, status=STALE)
    notices.say(said)
    return _back(timetable_id, **more)


def _back(timetable_id: UUID, **more: UUID) -> Response:
    kept = timetable_for(reading(), current_actor(), timetable_id)
    shown: dict[str, Any] = {"personne": kept.person_id, "annee": kept.school_year_id, **more}
    if request.form.get("par") == "semaine":
        shown["par"] = "semaine"
    return redirect(url_for("timetables.index", **shown), 303)


def _wishes(form: Form) -> use.Wishes:
    wanted = form.value("modalite")
    return use.Wishes(
        form.whole("duree", least=5, most=240),
        form.whole("fois", least=1, most=MAX_TIMES),
        Modality(wanted) if wanted in set(Modality) else None,
        form.maybe_id("immeuble"),
        form.whole("rythme", least=1, most=EVERY_OTHER) if form.value("rythme") else 1,
    )


def _wanted(form: Form) -> Cell:
    """A cell of the grid, or a day and a time that were typed."""
    if form.value("case"):
        found = cell_of(form.value("case"))
    else:
        day = cell_of(f"{form.value('jour')}-00:00")
        at = form.wall_time("heure")
        found = Cell(day.day, at, day.by_week) if day else None
    if found is None:
        form.fail("jour", "not_a_choice")
    return found or Cell(1, MIDNIGHT)


def _page(form: Form, timetable_id: UUID | None = None, status: int = 200) -> Page:
    actor = current_actor()
    kept = timetable_for(reading(), actor, timetable_id) if timetable_id else None
    host_id = kept.person_id if kept else form.maybe_id("personne") or booking_form.first_host(reading(), actor)
    if host_id is None:
        raise NotAllowed(because="not_book")
    host = booking_form.sheet(reading(), actor, host_id, EncounterKind.INDIVIDUAL)
    years = years_ahead(reading(), actor)
    year_id = form.maybe_id("annee")
    year = next((each for each in years if each.id == year_id), years[0] if years else None)
    if kept is not None:
        year = reading().get_one(SchoolYear, kept.school_year_id)
    kept = kept or (timetable_of(reading(), actor, host_id, year.id) if year else None)
    shown = {} if kept is None else _grid_of(form, kept)
    made = render_template(
        "timetables/show.html", form=form, host=host, years=years, year=year, timetable=kept,
        by_week=_is_by_week(form), cell_value=cell_value, cell=Cell,
        weekday_name=_weekday, is_older=status == STALE, **shown,
    )  # fmt: skip
    return made if status == 200 else (made, status)


def _grid_of(form: Form, kept: Timetable) -> dict[str, object]:
    actor, by_week = current_actor(), _is_by_week(form)
    work = Work(reading(), stage().clock)
    year = reading().get_one(SchoolYear, kept.school_year_id)
    columns = columns_of(year.cycle_length, by_week=by_week)
    line_id, hand = form.maybe_id("ligne"), None
    if line_id is not None:
        hand = take_in_hand(work, actor, kept, line_id, moving=form.maybe_id("place"), by_week=by_week, columns=columns)
    judged = hand.sheet if hand else judge(work, actor, kept)
    board = catalogue(reading(), actor.organization_id)
    return {
        "grid": lay_out(judged, columns, by_week=by_week, hand=hand),
        "hand": hand,
        "lines": judged.lines,
        "days": [
            (cell_value(Cell(n, MIDNIGHT, by_week)).partition("-")[0], _column(n, by_week=by_week)) for n in columns
        ],
        "choices": choices(reading(), actor, board, kept.person_id),
        "edited": _edited(form, hand),
        "places": _places_of(hand, kept) if hand else [],
        "put": form.maybe_id("posee"),
        "may_copy": last_year(work, kept) is not None,
        "left": left_behind(work, actor, kept.id),
        "modalities": [("", _("Selon ce qui convient")), *((each.value, wording.word(each)) for each in Modality)],
    }


def _edited(form: Form, hand: InHand | None) -> Form:
    """The wishes of the line in hand, or those just refused."""
    if form.value("duree") and (form.faults or request.method == "POST"):
        return form
    if hand is None:
        return Form.blank(duree=KIND_RULES[EncounterKind.INDIVIDUAL].default_minutes, fois=1)
    line = hand.line
    return Form.blank(
        duree=line.minutes, fois=line.times, rythme=line.every, modalite=line.modality, immeuble=line.building_id
    )


def _places_of(hand: InHand, kept: Timetable) -> list[tuple[str, str]]:
    """The buildings where the professional could be for the line in hand."""
    board = catalogue(reading(), current_actor().organization_id)
    home = board.professionals[kept.person_id].home
    at = dict.fromkeys([*(who.building_id for who in hand.line.people), home])
    return [("", _("Selon ce qui convient")), *((str(b), board.buildings[b].name) for b in at if b in board.buildings)]


def _is_by_week(form: Form) -> bool:
    return form.value("par") == "semaine"


def _weekday(n: int) -> str:
    monday = local_date(stage().clock.now(), "UTC")
    return times.weekday(monday - timedelta(days=monday.weekday()) + timedelta(days=n - 1))


def _column(n: int, *, by_week: bool) -> str:
    return _weekday(n) if by_week else _("Jour %(n)s", n=n)


def _sheet_page(
    timetable_id: UUID, form: Form, status: int = 200, refusal: SlotTaken | SlotRefused | None = None
) -> Page:
    actor = current_actor()
    kept = timetable_for(reading(), actor, timetable_id)
    judged = judge(Work(reading(), stage().clock), actor, kept)
    grid: GridShown = lay_out(judged, (), by_week=False, hand=None)
    cards = [card for card in grid.elsewhere if card.judged is not None and not card.line.is_hidden]
    made = render_template(
        "timetables/publication.html",
        form=form,
        timetable=kept,
        year=reading().get_one(SchoolYear, kept.school_year_id),
        cards=cards,
        series=sum(bool(card.judged.held) for card in cards if card.judged),
        encounters=sum(len(card.judged.held) for card in cards if card.judged),
        left=sum(len(card.judged.skipped) for card in cards if card.judged),
        waiting=sum(line.missing for line in judged.lines if not line.is_hidden),
        weekday_name=_weekday,
        refusal=refusal,
        refused_on=refusal.facts.get("on_date") if refusal else None,
        is_older=status == STALE and refusal is None,
    )
    return made if status == 200 else (made, status)
