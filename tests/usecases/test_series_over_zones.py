"""The silent collision of winter: two weekly séances that only the change of hour brings together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from intervention.domain.clock import FixedClock
from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.days import BellKind, DayType
from intervention.domain.encounters import EncounterKind, ParticipantRole, PlaceKind
from intervention.domain.people import Discipline
from intervention.domain.recurrence import OnWeekdays, Recurrence
from intervention.domain.series import Collision
from intervention.queries.catalogue import touch_catalogue
from intervention.records.calendars import SchoolDay
from intervention.records.people import FollowUp, Person, Pupil
from intervention.records.schools import Building
from intervention.usecases.series import create
from intervention.usecases.series_sheet import PlanSeries, preview
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_facilitator, a_professional, a_pupil, a_room, actor

AUTUMN = FixedClock(datetime(2026, 10, 19, 12, 0, tzinfo=UTC))
THURSDAYS = Recurrence(OnWeekdays((4,)), date(2026, 10, 22), date(2026, 11, 19), at=time(9, 0))
BELLS = (("08:00", "15:00", BellKind.PERIOD),)


class Coast:
    """A professional at Sept-Îles and three schools, one in each legal time; class every weekday of the autumn."""

    def __init__(self, work: Work) -> None:
        self.session = work.session
        self.board = a_board(work.session)
        self.base = a_building(work.session, self.board, "Sept-Îles")
        self.natashquan = a_building(work.session, self.board, "Natashquan", bells=BELLS)
        self.kegaska = a_building(work.session, self.board, "Kegaska", zone="America/Blanc-Sablon", bells=BELLS)
        self.islands = a_building(work.session, self.board, "Grosse-Île", zone="America/Halifax", bells=BELLS)
        self.host: Person = a_professional(work.session, self.board, "Solène", self.base)
        for building in (self.base, self.natashquan, self.kegaska, self.islands):
            for n in range(32):
                on_date = date(2026, 10, 19) + timedelta(days=n)
                if on_date.isoweekday() <= 5:
                    work.session.add(
                        SchoolDay(
                            building_id=building.id, on_date=on_date, organization_id=self.board.id,
                            day_type=DayType.CLASS,
                        )
                    )  # fmt: skip
        work.session.flush()
        touch_catalogue(work.session, self.board.id)

    def followed(self, school: Building, code: str) -> Pupil:
        pupil = a_pupil(self.session, school, code)
        self.session.add(
            FollowUp(
                organization_id=self.board.id, person_id=self.host.id, pupil_id=pupil.id,
                discipline=Discipline.SPEECH_THERAPY,
            )
        )  # fmt: skip
        self.session.flush()
        return pupil

    def weekly(self, school: Building, code: str, at: time) -> PlanSeries:
        """A pupil of a school by video, at that school's wall time."""
        pupil = self.followed(school, code)
        site = AskSite(
            school.id,
            room_id=a_room(self.session, school, f"local {code}").id,
            facilitator_id=a_facilitator(self.session, self.board, "Aide", school).id,
            participants=(AskParticipant(ParticipantRole.PUPIL, pupil_id=pupil.id),),
        )
        office = AskSite(self.base.id, place=PlaceKind.HOME_BASE, has_host=True)
        return PlanSeries(
            self.host.id, EncounterKind.INDIVIDUAL, Discipline.SPEECH_THERAPY, 45, (office, site),
            replace(THURSDAYS, at=at),
        )  # fmt: skip


@pytest.fixture
def autumn(work: Work) -> Work:
    return Work(work.session, AUTUMN)


def test_apart_in_october_and_on_top_of_each_other_in_november(autumn: Work) -> None:
    coast = Coast(autumn)
    solene = actor(autumn.session, coast.host)
    create(autumn, solene, coast.weekly(coast.natashquan, "E-101", time(9, 0)))

    lines = preview(autumn, solene, coast.weekly(coast.kegaska, "E-202", time(10, 0))).lines

    assert [(line.on_date, line.rules, line.collision) for line in lines] == [
        (date(2026, 10, 22), (), None),
        (date(2026, 10, 29), (), None),
        (date(2026, 11, 5), ("participant_busy",), Collision("America/Toronto", time(9, 0))),
        (date(2026, 11, 12), ("participant_busy",), Collision("America/Toronto", time(9, 0))),
        (date(2026, 11, 19), ("participant_busy",), Collision("America/Toronto", time(9, 0))),
    ]
    assert all(line.alternatives for line in lines if line.rules)


def test_a_seance_of_the_same_zone_in_the_way_is_no_matter_of_clocks(autumn: Work) -> None:
    coast = Coast(autumn)
    solene = actor(autumn.session, coast.host)
    create(autumn, solene, coast.weekly(coast.natashquan, "E-101", time(9, 0)))

    lines = preview(autumn, solene, coast.weekly(coast.natashquan, "E-303", time(9, 0))).lines

    assert [(line.rules, line.collision) for line in lines] == [(("participant_busy",), None)] * 5


def test_the_wall_times_of_the_other_ends_are_told_date_by_date(autumn: Work) -> None:
    coast = Coast(autumn)
    plan = coast.weekly(coast.kegaska, "E-202", time(10, 0))
    mate = coast.followed(coast.islands, "E-404")
    site = AskSite(
        coast.islands.id,
        room_id=a_room(autumn.session, coast.islands).id,
        facilitator_id=a_facilitator(autumn.session, coast.board, "Aide", coast.islands).id,
        participants=(AskParticipant(ParticipantRole.PUPIL, pupil_id=mate.id),),
    )
    group = replace(plan, kind=EncounterKind.SMALL_GROUP, sites=(*plan.sites, site))

    lines = preview(autumn, actor(autumn.session, coast.host), group).lines

    assert [line.elsewhere for line in lines] == [
        (("America/Halifax", time(11, 0)),),
        (("America/Halifax", time(11, 0)),),
        (("America/Toronto", time(9, 0)),),
        (("America/Toronto", time(9, 0)),),
        (("America/Toronto", time(9, 0)),),
    ]


def test_each_occurrence_keeps_its_wall_time_through_the_change(autumn: Work) -> None:
    coast = Coast(autumn)

    sheet = preview(autumn, actor(autumn.session, coast.host), coast.weekly(coast.natashquan, "E-101", time(9, 0)))

    assert [line.span.starts_at.hour for line in sheet.lines if line.span] == [13, 13, 14, 14, 14]
