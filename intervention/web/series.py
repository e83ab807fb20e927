"""The series sheet: every date before anything is written; and a series once planned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from intervention.domain.encounters import KIND_RULES, CancellationCause, EncounterKind, Modality
from intervention.domain.errors import InvalidInput, NotAllowed, SlotRefused, SlotTaken, Stale
from intervention.domain.people import Discipline
from intervention.domain.permissions import Actor
from intervention.domain.school_time import local_date
from intervention.domain.series import DateState, Decisions, Line
from intervention.queries import booking_form
from intervention.queries.booking_form import Sheet
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.queries.series import series_page
from intervention.queries.series_calendar import ways_of
from intervention.queries.series_form import series_history
from intervention.rendering import times, wording
from intervention.rendering.i18n import _, ngettext
from intervention.usecases import idempotency
from intervention.usecases.series import EndSeries, TakeBack, create, end, other_moments, take_back
from intervention.usecases.series_sheet import PlanSeries, SeriesSheet, preview
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form, id_or_none
from intervention.web.series_forms import (
    FIELD_OF,
    RULE_FIELDS,
    Repeat,
    clock_changes,
    decisions_of,
    moment_of,
    moment_value,
    rule_of,
)
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("series", __name__)
Page = str | tuple[str, int] | Response

ASK_FIELDS = ("genre", "personne", "duree", "modalite", "discipline", "objectif", "confidentielle")
FIRST_LENGTH = timedelta(weeks=12)
LONGEST_CYCLE = 20


@pages.get("/seances/serie")
def new() -> Page:
    """What was answered on the booking sheet, and how often; nothing is written."""
    if request.args.get("repeter") == Repeat.ONCE:
        return redirect(url_for("booking.new", **request.args.to_dict(flat=False)), 303)  # type: ignore[arg-type]
    return _sheet_page(Form(_with_defaults(request.args)))


@pages.post("/seances/serie")
def plan() -> Page:
    """Book the ticked dates. Sent twice, it plans once."""
    form = Form(request.form)
    actor = current_actor()
    try:
        asked = _read(form, actor, decisions_of(form))
        form.check()
        sent = repr(sorted(form.data.items(multi=True)))
        with open_work() as work:
            answer = idempotency.once(work, actor, form.value("key"), sent, lambda: _planned(work, actor, asked))
    except InvalidInput as refusal:
        return _sheet_page(_refused(form, refusal), status=422)
    except (SlotTaken, SlotRefused) as refusal:
        return _sheet_page(form, status=409, refusal=refusal)
    notices.say("series_planned", n=answer["count"])
    return redirect(url_for("series.show", series_id=answer["series_id"]), 303)


@pages.get("/seances/series/<uuid:series_id>")
def show(series_id: UUID) -> Page:
    return _series_page(series_id, Form.blank())


@pages.post("/seances/series/<uuid:series_id>/reprise")
def retake(series_id: UUID) -> Page:
    """Hold a date that was left aside, as the rule says or at another moment."""
    form = Form(request.form)
    on_date, version = form.day("date"), form.whole("version", least=1, most=10**9)
    try:
        form.check()
        moment = moment_of(form.value("moment")) if form.value("moment") else None
        with open_work() as work:
            take_back(work, current_actor(), TakeBack(series_id, version, on_date, moment))
    except InvalidInput as refusal:
        return _series_page(series_id, form.refused(refusal), status=422)
    except (SlotTaken, SlotRefused) as refusal:
        return _series_page(series_id, form, status=409, refusal=refusal)
    except Stale:
        return _series_page(series_id, form, status=409, known=version)
    notices.say("date_taken_back")
    return redirect(url_for("series.show", series_id=series_id), 303)


@pages.post("/seances/series/<uuid:series_id>/fin")
def finish(series_id: UUID) -> Page:
    """Cancel what is to come from a date on."""
    form = Form(request.form)
    from_on, version = form.day("from_on"), form.whole("version", least=1, most=10**9)
    cause = form.choice("cause", CancellationCause)
    try:
        form.check()
        with open_work() as work:
            count = end(work, current_actor(), EndSeries(series_id, version, from_on, cause))
    except InvalidInput as refusal:
        return _series_page(series_id, form.refused(refusal), status=422)
    except Stale:
        return _series_page(series_id, form, status=409, known=version)
    notices.say("series_ended", n=count)
    return redirect(url_for("series.show", series_id=series_id), 303)


@pages.get("/seances/series/<uuid:series_id>/reprise")
@pages.get("/seances/series/<uuid:series_id>/fin")
def back(series_id: UUID) -> Response:
    """A form's address reloaded or typed: its page again."""
    return redirect(url_for("series.show", series_id=series_id), 303)


def _planned(work: Work, actor: Actor, asked: PlanSeries) -> dict[str, Any]:
    planned = create(work, actor, asked)
    return {"series_id": str(planned.series_id), "count": len(planned.encounters)}


def _with_defaults(args: MultiDict[str, str]) -> MultiDict[str, str]:
    data = MultiDict(args.items(multi=True))
    if data.get("genre", "") not in set(EncounterKind):
        data["genre"] = EncounterKind.INDIVIDUAL.value
    if data.get("repeter", "") not in set(Repeat):
        data["repeter"] = Repeat.WEEK.value
    form = Form(data)
    data.setdefault("duree", str(KIND_RULES[EncounterKind(data["genre"])].default_minutes))
    data.setdefault("du", str(local_date(stage().clock.now(), current_actor().zone)))
    begins = form.day("du")
    data.setdefault("au", str(begins + FIRST_LENGTH))
    data.setdefault("tous", "2" if data["repeter"] == Repeat.COUNT else "1")
    data.setdefault("combien", {Repeat.COUNT: "6", Repeat.MONTH: "2"}.get(Repeat(data["repeter"]), "1"))
    data.setdefault("heure", "09:00")
    data.setdefault("periode", "1" if data["repeter"] == Repeat.CYCLE else "")
    if not data.getlist("jours") and data["repeter"] != Repeat.MONTH:
        data["jours"] = str(min(begins.isoweekday(), 5))
    if not data.getlist("jour"):
        data["jour"] = "1"
    return data


def _read(form: Form, actor: Actor, decisions: Decisions | None = None) -> PlanSeries:
    kind = form.choice("genre", EncounterKind)
    host_id = form.maybe_id("personne") or booking_form.first_host(reading(), actor)
    if host_id is None:
        raise NotAllowed(because="not_book")
    sheet = booking_form.sheet(reading(), actor, host_id, kind)
    values = tuple(v for v in form.values("qui")[:60] if id_or_none(v.partition(":")[2]) is not None)
    people = booking_form.participants(reading(), actor, values, kind)
    modality = form.value("modalite")
    rule = rule_of(form)
    form.check()
    if not people:
        raise InvalidInput({"people": "too_few_people"})
    board = catalogue(reading(), actor.organization_id)
    wanted = Modality(modality) if modality in set(Modality) else None
    return PlanSeries(
        host_id=host_id,
        kind=kind,
        discipline=form.choice("discipline", Discipline, default=sheet.disciplines[0]).value,
        minutes=form.whole("duree", least=5, most=240),
        sites=ways_of(board, actor, kind, host_id, people, wanted)[0].sites,
        rule=rule,
        decisions=decisions or Decisions(),
        objective=form.text("objectif", required=False) or None,
        need_group_id=booking_form.need_group_of(values),
        is_strict=form.flag("confidentielle"),
    )


def _refused(form: Form, refusal: InvalidInput) -> Form:
    return form.refused(InvalidInput({FIELD_OF.get(name, name): code for name, code in refusal.fields.items()}))


def _sheet_page(form: Form, status: int = 200, refusal: SlotTaken | SlotRefused | None = None) -> Page:
    actor = current_actor()
    kind = form.choice("genre", EncounterKind, default=EncounterKind.INDIVIDUAL)
    host_id = form.maybe_id("personne") or booking_form.first_host(reading(), actor)
    if host_id is None:
        raise NotAllowed(because="not_book")
    sheet = booking_form.sheet(reading(), actor, host_id, kind)
    board = catalogue(reading(), actor.organization_id)
    found = _previewed(form, actor) if form.values("qui") else None
    if form.faults and status == 200:
        status = 422
    made = render_template(
        "series/new.html",
        form=form,
        sheet=sheet,
        found=found,
        who=_chosen(sheet, form.values("qui")),
        clocks=clock_changes(found.lines) if found else [],
        place_of=lambda line: place_of(board, line),
        moment_value=moment_value,
        repeat=form.value("repeter"),
        repeats=[(each.value, wording.word(each), None) for each in Repeat if each is not Repeat.ONCE],
        weekdays=[(str(n), weekday(n), None) for n in range(1, 6)],
        cycle_days=cycle_days(board, found.anchor.building_id if found else None),
        periods=[("", _("à une heure choisie")), *((n, _("à la période %(n)s", n=n)) for n in range(1, 9))],
        everies=[(n, ngettext("chaque fois", "une fois sur %(n)s", n)) for n in range(1, 5)],
        ask_fields=ASK_FIELDS,
        rule_fields=RULE_FIELDS,
        refusal=refusal,
        refused_on=refusal.facts.get("on_date") if refusal else None,
        key=uuid4().hex,
    )
    return made if status == 200 else (made, status)


def _previewed(form: Form, actor: Actor) -> SeriesSheet | None:
    try:
        asked = _read(form, actor)
        form.check()
        return preview(Work(reading(), stage().clock), actor, asked)
    except InvalidInput as refusal:
        _refused(form, refusal)
        return None


def _chosen(sheet: Sheet, values: list[str]) -> list[str]:
    return [each.name for _pool, candidates in sheet.pools for each in candidates if each.value in values]


def weekday(n: int) -> str:
    """The name of a day of the week, 1 being Monday."""
    monday = local_date(stage().clock.now(), "UTC")
    return times.weekday(monday - timedelta(days=monday.weekday()) + timedelta(days=n - 1))


def cycle_days(board: Catalogue, building_id: UUID | None) -> list[tuple[str, str, None]]:
    """The numbers that this school's days bear, as choices; ten before a school is known."""
    days = board.days.get((building_id, ""), {}).values() if building_id else ()
    length = min(max((day.cycle_day or 0 for day in days), default=10) or 10, LONGEST_CYCLE)
    return [(str(n), str(n), None) for n in range(1, length + 1)]


def place_of(board: Catalogue, line: Line) -> str:
    """Where a rule looked: a building of the séance, never a person."""
    info = board.buildings.get(line.subject_id) if line.subject_id else None
    return info.name if info else ""


def _series_page(
    series_id: UUID,
    form: Form,
    status: int = 200,
    refusal: SlotTaken | SlotRefused | None = None,
    *,
    known: int | None = None,
) -> Page:
    """`known`: the version of an older page whose form came too late; what was done since is told."""
    actor = current_actor()
    page = series_page(reading(), actor, series_id)
    refused_on = refusal.facts.get("on_date") if refusal else None
    others = other_moments(Work(reading(), stage().clock), actor, series_id, form.day("date")) if refusal else ()
    made = render_template(
        "series/show.html",
        page=page,
        form=form,
        refusal=refusal,
        refused_on=refused_on,
        others=others,
        moment_value=moment_value,
        skipped=DateState.SKIPPED,
        causes=[(each.value, wording.word(each)) for each in CancellationCause],
        history=series_history(reading(), actor, series_id),
        is_older=known is not None,
        since=series_history(reading(), actor, series_id, since=known) if known is not None else [],
        now=stage().clock.now(),
        today=local_date(stage().clock.now(), page.zone),
    )
    return made if status == 200 else (made, status)
