"""The page that changes a series: what changes and how far, who joins or leaves, every date in reach, one button."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import KIND_RULES
from intervention.domain.errors import InvalidInput, SlotRefused, SlotTaken, Stale
from intervention.domain.permissions import Actor
from intervention.domain.recurrence import OnCycleDays, OnWeekdays
from intervention.domain.school_time import local_date
from intervention.domain.series import Decisions
from intervention.domain.series_change import Reach
from intervention.queries import booking_form
from intervention.queries.catalogue import catalogue
from intervention.queries.series import SeriesPage, series_page
from intervention.queries.series_form import SeriesForm, consents_missing, series_form, series_history
from intervention.rendering import times, wording
from intervention.rendering.i18n import _
from intervention.usecases import idempotency
from intervention.usecases.series_change import change_series
from intervention.usecases.series_change_ask import ChangeSeries, ChangeSheet
from intervention.usecases.series_change_sheet import preview_change
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form, id_or_none
from intervention.web.series import cycle_days, place_of, weekday
from intervention.web.series_change_forms import FIELD_OF, asked
from intervention.web.series_forms import moment_value
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("series_changes", __name__)
Page = str | tuple[str, int] | Response


class What(StrEnum):
    """The two sheets of the page."""

    ENCOUNTERS = "seances"
    PEOPLE = "personnes"


@pages.get("/seances/series/<uuid:series_id>/changement")
def change(series_id: UUID) -> Page:
    """What would change, date by date. Nothing is written."""
    return _page(series_id, MultiDict(request.args.items(multi=True)))


@pages.post("/seances/series/<uuid:series_id>/changement")
def change_post(series_id: UUID) -> Page:
    """Change the ticked dates. Sent twice, it changes them once."""
    form = Form(request.form)
    actor = current_actor()
    page = series_page(reading(), actor, series_id)
    try:
        ask = _asked(form, actor, page, series_form(reading(), actor, series_id))
        form.check()
        sent = repr(sorted(form.data.items(multi=True)))
        with open_work() as work:
            answer = idempotency.once(work, actor, form.value("key"), sent, lambda: _changed(work, actor, ask))
    except InvalidInput as refusal:
        return _page(series_id, form.data, status=422, fault=refusal)
    except (SlotTaken, SlotRefused) as refusal:
        return _page(series_id, form.data, status=409, refusal=refusal)
    except Stale as refusal:
        return _page(series_id, form.data, status=409, known=int(str(refusal.facts["known"])))
    notices.say("series_changed", n=answer["count"])
    return redirect(url_for("series.show", series_id=answer["series_id"]), 303)


def _changed(work: Work, actor: Actor, ask: ChangeSeries) -> dict[str, Any]:
    done = change_series(work, actor, ask)
    return {"series_id": str(done.series_id), "count": len(done.changed) + len(done.skipped)}


def _asked(form: Form, actor: Actor, page: SeriesPage, offered: SeriesForm) -> ChangeSeries:
    return asked(form, page, offered, _joining(form, actor, page))


def _joining(form: Form, actor: Actor, page: SeriesPage) -> tuple[AskParticipant, ...]:
    values = [v for v in form.values("arrive")[:20] if id_or_none(v.partition(":")[2]) is not None]
    return booking_form.participants(reading(), actor, values, page.kind)


def _page(  # noqa: PLR0913 - keyword-only after the fields
    series_id: UUID,
    data: MultiDict[str, str],
    *,
    status: int = 200,
    fault: InvalidInput | None = None,
    refusal: SlotTaken | SlotRefused | None = None,
    known: int | None = None,
) -> Page:
    actor = current_actor()
    page = series_page(reading(), actor, series_id)
    offered = series_form(reading(), actor, series_id)
    form = Form(_with_defaults(data, page, offered))
    what = What.PEOPLE if form.value("quoi") == What.PEOPLE else What.ENCOUNTERS
    if known is not None or status == 200:
        form.data["version"] = str(page.version)  # what was done since is told: the next press is knowing
    found, ask = _previewed(form, actor, page, offered)
    if fault is not None:
        form.refused(_named(fault))
    if form.faults and status == 200:
        status = 422
    board = catalogue(reading(), actor.organization_id)
    name_of = {each.id: each.name for each in board.buildings.values()}.__getitem__
    today = local_date(stage().clock.now(), page.zone)
    pattern = page.rule.pattern
    made = render_template(
        "series/change.html",
        page=page,
        offered=offered,
        form=form,
        what=what,
        whats=[(What.ENCOUNTERS, _("Les séances")), (What.PEOPLE, _("Qui en fait partie"))],
        found=found,
        refusal=refusal,
        refused_on=refusal.facts.get("on_date") if refusal else None,
        is_older=known is not None,
        since=series_history(reading(), actor, series_id, since=known) if known is not None else [],
        consents=_consents(actor, page, found, ask),
        new_sites=[name_of(each) for each in found.new_sites] if found else [],
        left_sites=[name_of(each) for each in found.left_sites] if found else [],
        place_of=lambda line: place_of(board, line),
        moment_value=moment_value,
        is_cycle=isinstance(pattern, OnCycleDays),
        days=_days_offered(page),
        periods=[("", _("à une heure choisie")), *((n, _("à la période %(n)s", n=n)) for n in range(1, 9))],
        lengths=[(n, times.lasting(n)) for n in KIND_RULES[page.kind].allowed_minutes],
        reaches=[(each.value, wording.word(each), None) for each in Reach],
        dates=[each.on_date for each in page.dates if each.on_date >= today],
        key=uuid4().hex,
    )
    return made if status == 200 else (made, status)


def _with_defaults(data: MultiDict[str, str], page: SeriesPage, offered: SeriesForm) -> MultiDict[str, str]:
    """The series as it is, where the form says nothing."""
    filled = MultiDict(data.items(multi=True))
    pattern, rule = page.rule.pattern, page.rule
    if not filled.getlist("jours"):
        present = pattern.weekdays if isinstance(pattern, OnWeekdays) else ()
        filled.setlist("jours", [str(n) for n in (pattern.days if isinstance(pattern, OnCycleDays) else present)])
    filled.setdefault("periode", str(rule.period or ""))
    filled.setdefault("heure", f"{rule.at or page.starts_local:%H:%M}")
    filled.setdefault("duree", str(page.minutes))
    filled.setdefault("lieu", ":".join(map(str, offered.host_place)))
    filled.setdefault("portee", Reach.ALL.value)
    for site in offered.sites:
        filled.setdefault(f"local-{site.building_id}", str(site.room_id or "libre"))
        filled.setdefault(f"aide-{site.building_id}", str(site.facilitator_id or "libre"))
    return filled


def _previewed(
    form: Form, actor: Actor, page: SeriesPage, offered: SeriesForm
) -> tuple[ChangeSheet | None, ChangeSeries | None]:
    """Nothing is found while nothing is asked to change."""
    try:
        ask = _asked(form, actor, page, offered)
        form.check()
        return preview_change(Work(reading(), stage().clock), actor, _undecided(ask)), ask
    except InvalidInput as refusal:
        if refusal.fields != {"change": "nothing_to_change"}:
            form.refused(_named(refusal))
        return None, None


def _undecided(ask: ChangeSeries) -> ChangeSeries:
    """Shown as if all were still to be decided; what was chosen is kept by the fields."""
    return replace(ask, decisions=Decisions(), skipping=frozenset())


def _named(refusal: InvalidInput) -> InvalidInput:
    return InvalidInput({FIELD_OF.get(name, name): code for name, code in refusal.fields.items()})


def _consents(actor: Actor, page: SeriesPage, found: ChangeSheet | None, ask: ChangeSeries | None) -> list[Any]:
    """Where somebody joins, or the professional goes elsewhere."""
    if found is None or ask is None or not (ask.joining or ask.host_to):
        return []
    today = local_date(stage().clock.now(), page.zone)
    sites = found.plan.sites
    return consents_missing(reading(), actor, page.series_id, sites, today, found.plan.rule.last_on)


def _days_offered(page: SeriesPage) -> list[tuple[str, str, None]]:
    match page.rule.pattern:
        case OnWeekdays():
            return [(str(n), weekday(n), None) for n in range(1, 6)]
        case OnCycleDays():
            board = catalogue(reading(), current_actor().organization_id)
            return cycle_days(board, page.building_id)
        case _:
            return []
