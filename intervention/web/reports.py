"""Reports: the way in, and service time on screen or as a file."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request

from intervention.domain.errors import NotAllowed
from intervention.domain.people import Role
from intervention.domain.permissions import Action, Actor, Subject, permits
from intervention.domain.school_time import FIRST_YEAR, LAST_YEAR
from intervention.domain.service_time import Breakdown, ServiceState, months_of, school_year
from intervention.queries.service_time import ServiceAsk, ServiceReport, own_service_time, service_time
from intervention.rendering.csv_files import csv_file
from intervention.rendering.i18n import N_
from intervention.rendering.service_report import chart_of, label_of, lines_of
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import Form
from intervention.web.stage import reading, stage

pages = Blueprint("reports", __name__)


def may_read(actor: Actor) -> bool:
    return reads_board(actor) or reads_own(actor)


def reads_board(actor: Actor) -> bool:
    return bool(permits(actor, Action.READ_REPORTS, Subject(actor.organization_id)))


def reads_own(actor: Actor) -> bool:
    return Role.PROFESSIONAL in actor.roles


NAV = (NavEntry("reports.index", N_("Rapports"), "reports", 50, may_read, also=("travel.overview", "travel.detail")),)


@pages.get("/rapports")
def index() -> str:
    actor = current_actor()
    if not may_read(actor):
        raise NotAllowed(because="not_read_reports")
    return render_template("reports/index.html", is_board=reads_board(actor))


@pages.get("/rapports/temps-de-service")
def service() -> str | Response:
    """`pour=moi` is for who may read the board's and gives service too."""
    actor, form = current_actor(), Form(request.args)
    ask = _ask(form, today_of(actor))
    is_board = reads_board(actor) and form.value("pour") != "moi"
    report = (service_time if is_board else own_service_time)(reading(), actor, ask)
    if form.value("format") == "csv":
        period = f"{ask.month:%Y-%m}" if ask.month is not None else f"{ask.year}-{ask.year + 1}"
        return file_of(f"temps-de-service-{period}.csv", csv_file(*lines_of(report)))
    return render_template(
        "reports/service.html",
        report=report,
        form=Form.blank(par=report.by, annee=report.year, mois="" if ask.month is None else f"{ask.month:%Y-%m}"),
        is_board=is_board,
        may_switch=reads_board(actor) and reads_own(actor),
        states=tuple(ServiceState),
        breakdowns=[each for each in Breakdown if is_board or each is not Breakdown.PROFESSIONAL],
        chart=chart_of(report),
        label_of=label_of,
        address=_address(report, is_board=is_board),
    )


def _ask(form: Form, today: date) -> ServiceAsk:
    """The whole school year of the day by default; a month of another year is no choice."""
    by = form.choice("par", Breakdown, default=Breakdown.SCHOOL)
    year = form.whole("annee", least=FIRST_YEAR, most=LAST_YEAR) if form.value("annee") else school_year(today)
    month = next((each for each in months_of(year) if f"{each:%Y-%m}" == form.value("mois")), None)
    form.check()
    return ServiceAsk(by, year, month)


def _address(report: ServiceReport, *, is_board: bool) -> dict[str, str]:
    """The fields that bring this page back."""
    fields = {"par": report.by.value, "annee": str(report.year)}
    if report.month is not None:
        fields["mois"] = f"{report.month:%Y-%m}"
    return fields if is_board else {**fields, "pour": "moi"}


def today_of(actor: Actor) -> date:
    return stage().clock.now().astimezone(ZoneInfo(actor.zone)).date()


def file_of(name: str, body: bytes) -> Response:
    """A file to keep. Its name says what and when, never who."""
    return Response(
        body,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
