"""« Aujourd'hui »: each person's day in order, what waits, the buildings they keep, the board they coordinate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, render_template

from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.domain.privacy import EncounterFacts
from intervention.domain.school_time import instant, local_date
from intervention.queries import today
from intervention.queries.agenda import AgendaOf, AgendaSubject, agenda, subject_of
from intervention.queries.agenda_subjects import KEEPS
from intervention.queries.closure_notices import in_force
from intervention.queries.make_ups import owed_count
from intervention.queries.pull_outs import PullOut, pull_outs
from intervention.queries.today import BoardDay, SchoolDate
from intervention.rendering.i18n import N_
from intervention.usecases.redating_sheet import pending
from intervention.usecases.work import Work
from intervention.web.closures import closes
from intervention.web.day_line import DayLine, RoomDay, line_of, rooms_of
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.stage import reading, stage

pages = Blueprint("today", __name__)
NAV = (NavEntry("today.show", N_("Aujourd’hui"), "today", 10, key="t"),)
MOST_WAITING = 6
CLOSING_SOON = timedelta(days=2)
MOST_BUILDINGS = 6
COORDINATES = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
DECIDES = COORDINATES | {Role.PROFESSIONAL}


@dataclass(frozen=True, slots=True)
class BuildingDay:
    subject: AgendaSubject
    school_date: SchoolDate | None
    rooms: list[RoomDay]


@dataclass(frozen=True, slots=True)
class NextDay:
    """The next day of school and what is on it: own séances, or how many at the buildings one keeps."""

    school_date: SchoolDate
    entries: tuple[EncounterFacts, ...]
    pull_outs: tuple[PullOut, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many séances are `owed` and not made up yet, or `undecided` since a calendar changed."""

    attendance: list[EncounterFacts]
    attendance_count: int
    cancelled: list[EncounterFacts]
    owed: int
    undecided: int

    def __bool__(self) -> bool:
        return bool(self.attendance or self.cancelled or self.owed or self.undecided)


@pages.get("/aujourdhui")
def show() -> str:
    actor, now = current_actor(), stage().clock.now()
    on_date = local_date(now, actor.zone)
    subject = subject_of(reading(), actor, AgendaOf.PERSON, actor.person_id)
    line = line_of(agenda(reading(), actor, subject, on_date, 1).days[0], actor, now)
    school_date = today.school_date(reading(), actor.organization_id, subject.building_id, on_date)
    is_open, has_own_day = _is_open(school_date, on_date), _has_own_day(actor, line)
    buildings, pull_outs = _buildings(actor, on_date), _pull_outs(actor, on_date)
    concerns = has_own_day or bool(buildings)
    is_over = not is_open or (concerns and _is_over(line, buildings, pull_outs, now))
    return render_template(
        "today/show.html",
        line=line,
        zone=subject.zone,
        on_date=on_date,
        now=now,
        school_date=school_date,
        is_open=is_open,
        shut=today.shut_buildings(reading(), actor.organization_id, on_date) if is_open and _travels(actor) else (),
        closing=in_force(reading(), actor, on_date, on_date + CLOSING_SOON),
        may_close=closes(actor),
        coming=_next_day(actor, subject, on_date) if is_over else None,
        waiting=_waiting(actor, on_date, now),
        pull_outs=pull_outs,
        buildings=buildings,
        board=_board(actor, on_date, now),
        has_own_day=has_own_day,
    )


def _is_over(line: DayLine, buildings: list[BuildingDay], pull_outs: tuple[PullOut, ...], now: datetime) -> bool:
    """Nothing is left of one's own day, of the schools that one keeps, of the class that one teaches."""
    ends = [view.ends_at for place in buildings for room in place.rooms for view, _ in room.entries]
    ends += [each.ends_at for each in pull_outs]
    return line.is_over and all(ends_at <= now for ends_at in ends)


def _pull_outs(actor: Actor, on_date: date) -> tuple[PullOut, ...]:
    if Role.TEACHER not in actor.roles:
        return ()
    return pull_outs(reading(), actor, *_bounds(on_date, actor.zone))


def _is_open(school_date: SchoolDate | None, on_date: date) -> bool:
    """A week-day that no calendar holds yet is not said to be a holiday."""
    return school_date.has_staff if school_date else on_date.isoweekday() <= 5


def _has_own_day(actor: Actor, line: DayLine) -> bool:
    """Somebody who only keeps an office or coordinates is not shown an empty day of their own."""
    return bool(actor.roles - {*KEEPS, *COORDINATES, Role.PRIVACY_OFFICER}) or not line.is_empty


def _travels(actor: Actor) -> bool:
    """Whether other schools than one's own matter this morning."""
    return bool(actor.roles & {Role.PROFESSIONAL, *COORDINATES})


def _bounds(on_date: date, zone: str) -> tuple[datetime, datetime]:
    return instant(on_date, time.min, zone), instant(on_date + timedelta(days=1), time.min, zone)


def _waiting(actor: Actor, on_date: date, now: datetime) -> Waiting:
    due, count = today.attendance_due(reading(), actor, now, MOST_WAITING)
    keeps = actor.buildings_as(*KEEPS)
    # Coordination reads the cancellations of the whole board in its own part of the page.
    cancelled = (
        []
        if actor.roles & COORDINATES
        else today.cancelled_between(reading(), actor, *_bounds(on_date, actor.zone), keeps)
    )
    if not actor.roles & DECIDES:
        return Waiting(due, count, cancelled, 0, 0)
    undecided = len(pending(Work(reading(), stage().clock), actor))
    return Waiting(due, count, cancelled, owed_count(reading(), actor), undecided)


def _next_day(actor: Actor, subject: AgendaSubject, on_date: date) -> NextDay | None:
    found = today.next_school_date(reading(), actor.organization_id, subject.building_id, on_date)
    if found is None:
        return None
    entries = agenda(reading(), actor, subject, found.on_date, 1).days[0].entries
    for building_id in sorted(actor.buildings_as(*KEEPS))[:MOST_BUILDINGS]:
        there = _building_entries(actor, building_id, found.on_date)
        known = {each.id for each in entries}
        entries += tuple(each for each in there if each.id not in known)
    in_order = tuple(sorted(entries, key=lambda each: each.starts_at))
    return NextDay(found, in_order, _pull_outs(actor, found.on_date))


def _building_entries(actor: Actor, building_id: UUID, on_date: date) -> tuple[EncounterFacts, ...]:
    subject = subject_of(reading(), actor, AgendaOf.BUILDING, building_id)
    return agenda(reading(), actor, subject, on_date, 1).days[0].entries


def _buildings(actor: Actor, on_date: date) -> list[BuildingDay]:
    found = []
    for building_id in sorted(actor.buildings_as(*KEEPS))[:MOST_BUILDINGS]:
        subject = subject_of(reading(), actor, AgendaOf.BUILDING, building_id)
        day = agenda(reading(), actor, subject, on_date, 1).days[0]
        school_date = None
        if day.day_type:
            school_date = SchoolDate(on_date, day.day_type, day.cycle_day, day.label, day.afternoon)
        found.append(BuildingDay(subject, school_date, rooms_of(day.entries, building_id)))
    return sorted(found, key=lambda each: each.subject.name)


def _board(actor: Actor, on_date: date, now: datetime) -> BoardDay | None:
    if not actor.roles & COORDINATES:
        return None
    return today.board_day(reading(), actor, *_bounds(on_date, actor.zone), now)
