"""The week of a person, a building or a room, and several people side by side on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session

from intervention.domain.permissions import Action, Actor, Subject
from intervention.domain.school_time import local_date
from intervention.queries import agenda_subjects, search
from intervention.queries.agenda import AgendaOf, AgendaSubject, agenda, subject_of
from intervention.queries.agenda_subjects import Listed, side_by_side
from intervention.queries.closure_notices import in_force
from intervention.queries.working_hours import keeps_hours
from intervention.rendering.i18n import N_
from intervention.web.gate import can, current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import Form
from intervention.web.search import Hit, Searcher
from intervention.web.stage import reading, stage
from intervention.web.week_grid import lay_out, week_days

pages = Blueprint("agenda", __name__)
NAV = (NavEntry("agenda.own", N_("Agenda"), "agenda", 20),)

DAYS = 7
MOST_SIDE_BY_SIDE = 6
FIRST_DAY, LAST_DAY = date(2000, 1, 3), date(2099, 12, 31)  # what a school calendar may be asked for
ENDPOINTS = {
    AgendaOf.PERSON: ("agenda.person", "person_id"),
    AgendaOf.BUILDING: ("agenda.building", "building_id"),
    AgendaOf.ROOM: ("agenda.room", "room_id"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How the reader wants the page: kept in its address, and carried by every link of it."""

    is_list: bool
    is_dense: bool

    def params(self, *, is_list: bool | None = None, is_dense: bool | None = None) -> dict[str, str]:
        chosen = {
            "vue": "liste" if (self.is_list if is_list is None else is_list) else "",
            "densite": "serree" if (self.is_dense if is_dense is None else is_dense) else "",
        }
        return {name: value for name, value in chosen.items() if value}


@pages.get("/agenda")
def own() -> str:
    """One's own week; for who keeps a school and gives no séance, that of the school."""
    kept = agenda_subjects.kept_building(reading(), current_actor())
    return _week(AgendaOf.BUILDING, kept) if kept else _week(AgendaOf.PERSON, current_actor().person_id)


@pages.get("/agenda/personnes/<uuid:person_id>")
def person(person_id: UUID) -> str:
    return _week(AgendaOf.PERSON, person_id)


@pages.get("/agenda/immeubles/<uuid:building_id>")
def building(building_id: UUID) -> str:
    return _week(AgendaOf.BUILDING, building_id)


@pages.get("/agenda/locaux/<uuid:room_id>")
def room(room_id: UUID) -> str:
    return _week(AgendaOf.ROOM, room_id)


@pages.get("/agenda/cote-a-cote")
def together() -> str:
    """Up to six people of the board on one day; for coordination."""
    actor, form, today = current_actor(), Form(request.args), _today()
    people = side_by_side(reading(), actor)
    chosen = form.ids("personne", most=MOST_SIDE_BY_SIDE)
    on_date = _day(form, "jour", today)
    form.check()
    views = [
        agenda(reading(), actor, subject_of(reading(), actor, AgendaOf.PERSON, each), on_date, 1) for each in chosen
    ]
    grid = lay_out([(view, view.days[0]) for view in views], actor, stage().clock.now()) if views else None
    look = _look()
    return render_template(
        "agenda/together.html",
        grid=grid,
        look=look,
        on_date=on_date,
        people=people,
        chosen=set(chosen),
        before=_beside(chosen, on_date - timedelta(days=1 if on_date.isoweekday() > 1 else 3), look),
        after=_beside(
            chosen, on_date + timedelta(days=1 if on_date.isoweekday() < 5 else 8 - on_date.isoweekday()), look
        ),
        now_url=_beside(chosen, today, look),
        is_now=on_date == today,
    )


def _week(of: AgendaOf, subject_id: UUID) -> str:
    actor, form, today = current_actor(), Form(request.args), _today()
    subject = subject_of(reading(), actor, of, subject_id)
    # On a Saturday one looks at the week that comes.
    this_monday = _monday(today + timedelta(days=2 if today.isoweekday() > 5 else 0))
    monday = _monday(_day(form, "semaine", this_monday))
    form.check()
    view = agenda(reading(), actor, subject, monday, DAYS)
    grid = lay_out([(view, day) for day in week_days(view)], actor, stage().clock.now())
    look = _look()
    return render_template(
        "agenda/week.html",
        view=view,
        grid=grid,
        look=look,
        monday=monday,
        is_own=of is AgendaOf.PERSON and subject_id == actor.person_id,
        keeps_hours=of is AgendaOf.PERSON and keeps_hours(reading(), actor, subject_id),
        is_now=monday == this_monday,
        before=week_url(actor, subject, monday - timedelta(days=7), look.params()),
        after=week_url(actor, subject, monday + timedelta(days=7), look.params()),
        now_url=week_url(actor, subject, None, look.params()),
        looks=_looks(actor, subject, monday, look),
        others=agenda_subjects.others(reading(), actor, subject),
        url_of=url_of,
        closing=in_force(reading(), actor, monday, monday + timedelta(days=DAYS - 1)),
        may_lay_together=bool(can(Action.SEE_AGENDA, Subject(actor.organization_id))),
    )


def week_url(actor: Actor, subject: AgendaSubject, monday: date | None, params: Mapping[str, str]) -> str:
    values: dict[str, Any] = {**({"semaine": str(monday)} if monday else {}), **params}
    is_own = subject.of is AgendaOf.PERSON and subject.id == actor.person_id
    if is_own and not actor.roles <= agenda_subjects.KEEPS:
        return url_for("agenda.own", **values)
    endpoint, name = ENDPOINTS[subject.of]
    return url_for(endpoint, **(values | {name: subject.id}))


def url_of(listed: Listed) -> str:
    endpoint, name = ENDPOINTS[listed.of]
    values: dict[str, Any] = {name: listed.id}
    return url_for(endpoint, **values)


def _looks(actor: Actor, subject: AgendaSubject, monday: date, look: Look) -> dict[str, str]:
    return {
        name: week_url(actor, subject, monday, params)
        for name, params in {
            "grid": look.params(is_list=False),
            "list": look.params(is_list=True),
            "airy": look.params(is_dense=False),
            "dense": look.params(is_dense=True),
        }.items()
    }


def _look() -> Look:
    return Look(request.args.get("vue") == "liste", request.args.get("densite") == "serree")


def _today() -> date:
    return local_date(stage().clock.now(), current_actor().zone)


def _day(form: Form, name: str, otherwise: date) -> date:
    if not form.value(name):
        return otherwise
    found = form.day(name)
    if not FIRST_DAY <= found <= LAST_DAY and name not in form.faults:
        form.fail(name, "out_of_range")
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _beside(chosen: tuple[UUID, ...], on_date: date, look: Look) -> str:
    values: dict[str, Any] = {"personne": [str(each) for each in chosen], "jour": str(on_date), **look.params()}
    return url_for("agenda.together", **values)


def _people(session: Session, actor: Actor, text: str, most: int) -> list[Hit]:
    found = search.people(session, actor, text, most)
    return [Hit(match.title, match.detail, url_for("agenda.person", person_id=match.id)) for match in found]


def _buildings(session: Session, actor: Actor, text: str, most: int) -> list[Hit]:
    found = search.buildings(session, actor, text, most)
    return [Hit(match.title, match.detail, url_for("agenda.building", building_id=match.id)) for match in found]


SEARCH = (Searcher(N_("Agendas des personnes"), _people), Searcher(N_("Agendas des immeubles"), _buildings))
