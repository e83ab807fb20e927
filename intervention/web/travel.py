"""Travel that remote service spared: the figure, its weeks, and for each week why it is that figure."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Response, render_template, request

from intervention.domain.errors import NotFound
from intervention.domain.ledger_facts import Reason, Uncounted
from intervention.queries.travel_ledger import (
    TravelDetail,
    TravelReport,
    board_travel,
    own_travel,
    travel_detail,
    travellers_for,
)
from intervention.queries.travel_weeks import monday_of
from intervention.rendering.csv_files import csv_file
from intervention.rendering.i18n import _
from intervention.rendering.travel_report import chart_of, legs_of, lines_of
from intervention.rendering.travel_sketch import sketch
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.reports import file_of, reads_board, today_of
from intervention.web.stage import reading

pages = Blueprint("travel", __name__)

LENGTHS = (1, 4, 8, 12)
USUAL_LENGTH = 8
CHOICES = 40  # weeks back that the form offers
_WEEK = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)


@pages.get("/rapports/deplacements")
def overview() -> str | Response:
    actor, form = current_actor(), Form(request.args)
    this_week = monday_of(today_of(actor))
    last = _monday(form, this_week)
    length = form.whole("semaines", least=1, most=LENGTHS[-1]) if form.value("semaines") else USUAL_LENGTH
    person_id = form.maybe_id("professionnel")
    form.check()
    mondays = [last - timedelta(weeks=n) for n in reversed(range(length))]
    if person_id is None and reads_board(actor):
        report = board_travel(reading(), actor, mondays)
    else:
        report = own_travel(reading(), actor, person_id or actor.person_id, mondays)
    if form.value("format") == "csv":
        return file_of(f"deplacements-{week_of(mondays[0])}-{week_of(last)}.csv", csv_file(*lines_of(report, week_of)))
    return _page(report, last, length, this_week)


def _page(whole: TravelReport, last: date, length: int, this_week: date) -> str:
    report = whole.trimmed()
    actor = current_actor()
    person = None if report.is_board else report.people[0]
    fields = {"jusqua": week_of(last), "semaines": str(length)}
    return render_template(
        "travel/overview.html",
        report=report,
        person=person,
        is_own=person is not None and person.id == actor.person_id,
        everybody=report.people if report.is_board else travellers_for(reading(), actor),
        form=Form.blank(professionnel=person and person.id, **fields),
        choices=[this_week - timedelta(weeks=n) for n in range(CHOICES)],
        lengths=LENGTHS,
        chart=chart_of(report),
        week_of=week_of,
        address=fields if person is None else {**fields, "professionnel": str(person.id)},
        fields=fields,
        is_board=reads_board(actor),
        last_day=report.mondays[-1] + timedelta(days=6),
    )


@pages.get("/rapports/deplacements/<uuid:person_id>/<week>")
def detail(person_id: UUID, week: str) -> str | Response:
    monday = monday_or_none(week)
    if monday is None:
        raise NotFound
    found = travel_detail(reading(), current_actor(), person_id, monday)
    if request.args.get("format") == "csv":
        return file_of(f"tournees-{week}.csv", csv_file(*legs_of(found)))
    return render_template(
        "travel/detail.html",
        found=found,
        ledger=found.week.ledger,
        week=week,
        sunday=monday + timedelta(days=6),
        picture=sketch(
            found.week.ledger,
            found.points,
            found.buildings,
            _("Croquis de la semaine : trait plein, la route parcourue ; tirets, celle qu’il aurait fallu."),
        ),
        access=_grouped(found, found.week.ledger.access),
        not_counted=_grouped(found, found.week.ledger.not_counted),
        before=week_of(monday - timedelta(weeks=1)),
        after=week_of(monday + timedelta(weeks=1)),
        names_of=lambda places: ", ".join(found.buildings[place] for place in places),
    )


def _grouped(
    found: TravelDetail, items: tuple[Uncounted, ...]
) -> list[tuple[Reason, list[tuple[date, str, int]], int]]:
    """Each reason with its days and places, and how many confidential séances it holds besides."""
    grouped = []
    for reason in dict.fromkeys(item.reason for item in items):
        of_reason = [item for item in items if item.reason is reason]
        told = Counter(
            (item.on, found.buildings.get(item.building_id, "") if item.building_id else "")
            for item in of_reason
            if item.encounter_id not in found.unnamed
        )
        unnamed = sum(item.encounter_id in found.unnamed for item in of_reason)
        grouped.append((reason, sorted((on, place, n) for (on, place), n in told.items()), unnamed))
    return grouped


def week_of(monday: date) -> str:
    """`2026-W47`, as ISO 8601 names a week."""
    year, week, _weekday = monday.isocalendar()
    return f"{year}-W{week:02}"


def monday_or_none(week: str) -> date | None:
    found = _WEEK.fullmatch(week)
    if found is None:
        return None
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None


def _monday(form: Form, usual: date) -> date:
    raw = form.value("jusqua")
    monday = monday_or_none(raw) if raw else usual
    if monday is None or not 2000 <= monday.year <= 2100:
        form.fail("jusqua", "not_a_date")
        return usual
    return monday
