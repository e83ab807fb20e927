"""A few séances of the cast for the pages of the day: Mireille with E-214 by video, beside Joseph at Cap-Chardon."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from intervention.domain.clock import FixedClock
from intervention.domain.composition import AskParticipant, AskSite, BookEncounter
from intervention.domain.encounters import EncounterKind, ParticipantRole, PlaceKind
from intervention.domain.people import Discipline
from intervention.domain.recurrence import OnCycleDays, Recurrence
from intervention.domain.slots import SOFT_RULES
from intervention.records.calendars import SchoolDay
from intervention.records.database import Database
from intervention.records.people import Professional, Pupil
from intervention.usecases.booking import Booked, book
from intervention.usecases.series import create
from intervention.usecases.series_sheet import PlanSeries
from intervention.usecases.work import open_work
from tests import cast
from tests.usecases.booking_world import at

SOFT = frozenset(rule.value for rule in SOFT_RULES)
ROOM = "local 12"


def booked(
    database: Database, clock: FixedClock, moment: str, *, minutes: int = 45, is_strict: bool = False,
    is_visit: bool = False, has_room: bool = True,
) -> Booked:  # fmt: skip
    """A follow-up of E-214 at `moment`; a visit when Mireille drives to Cap-Chardon. Booked two weeks before."""
    starts_at = at(moment)
    before = FixedClock(min(clock.now(), starts_at - timedelta(days=14)))
    with open_work(database, before) as work:
        session = work.session
        home = session.get_one(Professional, cast.MIREILLE).home_building_id
        pupil = session.get_one(Pupil, cast.pupil("E-214"))
        there = AskSite(
            pupil.building_id,
            room_id=cast.room("cap", ROOM) if has_room else None,
            facilitator_id=None if is_visit else cast.JOSEPH,
            has_host=is_visit,
            participants=(AskParticipant(ParticipantRole.PUPIL, pupil_id=pupil.id),),
        )
        office = AskSite(home, place=PlaceKind.HOME_BASE, has_host=True)
        ask = BookEncounter(
            cast.MIREILLE, EncounterKind.INDIVIDUAL, Discipline.SPEECH_THERAPY, starts_at, minutes,
            "America/Toronto", (there,) if is_visit else (office, there), is_strict=is_strict, accepting=SOFT,
        )  # fmt: skip
        return book(work, cast.actor(session, cast.MIREILLE), ask)


def in_series(
    database: Database, clock: FixedClock, on: date, until: date, *, hour: time = time(9, 0), days: tuple[int, ...] = ()
) -> list[UUID]:
    """E-214 by video, from `on` to `until`, on these days of the cycle, else that of `on` at Cap-Chardon; by date."""
    with open_work(database, clock) as work:
        session = work.session
        home = session.get_one(Professional, cast.MIREILLE).home_building_id
        number = session.get_one(SchoolDay, (cast.building("cap"), "", on)).cycle_day
        there = AskSite(
            cast.building("cap"), room_id=cast.room("cap", ROOM), facilitator_id=cast.JOSEPH,
            participants=(AskParticipant(ParticipantRole.PUPIL, pupil_id=cast.pupil("E-214")),),
        )  # fmt: skip
        ask = PlanSeries(
            cast.MIREILLE, EncounterKind.INDIVIDUAL, Discipline.SPEECH_THERAPY, 45,
            (AskSite(home, place=PlaceKind.HOME_BASE, has_host=True), there),
            Recurrence(OnCycleDays(days or (number or 0,)), on, until, at=hour), accepting=SOFT,
        )  # fmt: skip
        return list(create(work, cast.actor(session, cast.MIREILLE), ask).encounters)
