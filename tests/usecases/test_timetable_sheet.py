"""Conflicts of a grid are those that booking would meet, dated, each with what is in the way."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import func, select

from intervention.domain.days import DayType
from intervention.domain.encounters import Modality
from intervention.queries.catalogue import touch_catalogue
from intervention.records.calendars import SchoolDay
from intervention.records.encounters import Encounter
from intervention.records.schools import ProtectedTime
from intervention.records.timetables import TimetableLine
from intervention.usecases.booking import book
from intervention.usecases.timetables import Who, Wishes, add_line, edit_line
from intervention.usecases.work import Work
from tests.builders import a_class, a_pupil
from tests.usecases.booking_world import at, remote
from tests.usecases.timetable_world import Planned, planned

JOUR_2 = [
    date(2026, 11, 24),
    date(2026, 12, 1),
    date(2026, 12, 8),
    date(2026, 12, 15),
    date(2026, 12, 22),
    date(2026, 12, 29),
]


def visits(work: Work, here: Planned) -> None:
    for line in (here.leo, here.maude):
        edit_line(
            work, here.mireille, here.timetable.id, here.timetable.version, line.id,
            Wishes(45, modality=Modality.IN_PERSON),
        )  # fmt: skip


def test_a_place_stands_for_every_date_of_its_day(work: Work) -> None:
    here = planned(work)
    placed = here.place(work, here.leo, 2, "08:55")

    judged = here.judged(work).judged[placed]

    assert [line.on_date for line in judged.held] == JOUR_2
    assert judged.conflicts == ()
    assert {site.room_id for line in judged.held for site in line.sites} == {None, here.world.room_anse.id}
    assert work.session.scalar(select(func.count()).select_from(Encounter)) == 0


def test_the_later_of_two_at_once_is_told_whom_it_meets(work: Work) -> None:
    here = planned(work)
    first = here.place(work, here.leo, 2, "08:55")
    second = here.place(work, here.maude, 2, "09:20")

    sheet = here.judged(work)

    assert sheet.judged[first].conflicts == ()
    (conflict,) = sheet.judged[second].conflicts
    assert (conflict.rule, list(conflict.dates), conflict.met) == ("participant_busy", JOUR_2, first)
    assert [each.place.id for each in sheet.met_by(first)] == [second]


def test_a_pupil_is_not_twice_at_once(work: Work) -> None:
    here = planned(work)
    group = a_class(work.session, here.world.anse)
    here.world.leo.class_group_id = group.id
    work.session.flush()
    touch_catalogue(work.session, here.world.board.id)
    edit_line(work, here.mireille, here.timetable.id, 1, here.leo.id, Wishes(45, 2))
    first, second = (here.place(work, here.leo, 2, text) for text in ("08:55", "09:00"))

    conflicts = here.judged(work).judged[second].conflicts

    assert [(each.rule, each.met) for each in conflicts] == [("participant_busy", first)]


def test_protected_class_time_and_bells_are_told(work: Work) -> None:
    here = planned(work)
    group = a_class(work.session, here.world.anse)
    here.world.leo.class_group_id = group.id
    work.session.add(
        ProtectedTime(
            organization_id=here.world.board.id, class_group_id=group.id, cycle_day=2, label="Lecture",
            starts_local=time(9), ends_local=time(9, 30),
        )
    )  # fmt: skip
    work.session.flush()
    touch_catalogue(work.session, here.world.board.id)
    protected, in_recess = here.place(work, here.leo, 2, "08:55"), here.place(work, here.maude, 3, "10:00")

    judged = here.judged(work).judged

    assert [(each.rule, list(each.dates)) for each in judged[protected].conflicts] == [("protected_time", JOUR_2)]
    assert [each.rule for each in judged[in_recess].conflicts] == ["outside_bells"]


def test_two_visits_too_near_for_the_road_are_told(work: Work) -> None:
    here = planned(work)
    visits(work, here)
    first, second = here.place(work, here.leo, 2, "09:25"), here.place(work, here.maude, 2, "10:25")

    (conflict,) = here.judged(work).judged[second].conflicts

    assert (conflict.rule, conflict.met) == ("too_short_for_road", first)
    assert list(conflict.dates) == JOUR_2


def test_a_day_of_too_many_buildings_is_told(work: Work) -> None:
    here = planned(work)
    assert here.world.mireille.professional is not None
    here.world.mireille.professional.max_buildings_per_day = 1
    work.session.flush()
    touch_catalogue(work.session, here.world.board.id)
    visits(work, here)
    here.place(work, here.maude, 2, "10:25")
    second = here.place(work, here.leo, 2, "13:30")

    assert "max_buildings" in {each.rule for each in here.judged(work).judged[second].conflicts}


def test_a_school_without_its_closed_room_is_told(work: Work) -> None:
    here = planned(work)
    here.world.room_anse.is_active = False
    work.session.flush()
    touch_catalogue(work.session, here.world.board.id)
    placed = here.place(work, here.leo, 2, "08:55")

    assert [each.rule for each in here.judged(work).judged[placed].conflicts] == ["no_room"]


def test_what_is_booked_already_is_in_the_way_on_its_own_date_only(work: Work) -> None:
    here = planned(work)
    book(work, here.mireille, remote(here.world, at("2026-12-08 09:00")))
    placed = here.place(work, here.maude, 2, "08:55")

    (conflict,) = here.judged(work).judged[placed].conflicts

    assert (conflict.dates, conflict.met) == ((date(2026, 12, 8),), None)


def test_days_of_two_schools_that_slide_apart_meet_on_some_dates_only(work: Work) -> None:
    """Pointe-Bise loses a day: from then on its Jour 2 is the Jour 3 of Anse-aux-Lièvres."""
    here = planned(work)
    days = work.session.scalars(
        select(SchoolDay)
        .where(SchoolDay.building_id == here.world.pointe.id, SchoolDay.on_date >= date(2026, 12, 7))
        .order_by(SchoolDay.on_date)
    ).all()
    days[0].day_type, days[0].cycle_day, days[0].cycle_number = DayType.PEDAGOGICAL, None, None
    for n, day in enumerate(days[1:]):
        day.cycle_day, day.cycle_number = n % 5 + 1, n // 5 + 3
    work.session.flush()
    touch_catalogue(work.session, here.world.board.id)
    here.place(work, here.leo, 2, "08:55")
    second = here.place(work, here.maude, 2, "08:55")

    judged = here.judged(work).judged[second]

    assert [each.dates for each in judged.conflicts] == [tuple(JOUR_2[:2])]
    assert [line.on_date for line in judged.held][:2] == [date(2026, 12, 9), date(2026, 12, 16)]


def test_a_weekday_without_class_is_no_conflict(work: Work) -> None:
    here = planned(work)
    work.session.get_one(SchoolDay, (here.world.anse.id, "", date(2026, 12, 8))).day_type = DayType.PEDAGOGICAL
    work.session.flush()
    touch_catalogue(work.session, here.world.board.id)
    placed = here.place(work, here.leo, 2, "08:55", by_week=True)

    judged = here.judged(work).judged[placed]

    assert judged.conflicts == ()
    assert [(line.on_date, line.reason) for line in judged.skipped] == [(date(2026, 12, 8), "no_class")]


def test_a_wish_that_no_way_fits_says_so(work: Work) -> None:
    here = planned(work)
    edit_line(
        work, here.mireille, here.timetable.id, 1, here.leo.id, Wishes(45, 1, Modality.IN_PERSON, here.world.pointe.id)
    )
    placed = here.place(work, here.leo, 2, "08:55")

    assert here.judged(work).judged[placed].fault == "no_such_way"


def test_a_pupil_who_is_followed_no_more_keeps_the_place_and_says_so(work: Work) -> None:
    here = planned(work)
    other = a_pupil(work.session, here.world.anse, "E-505")
    here.leo.pupil_id = other.id
    work.session.flush()
    placed = here.place(work, here.leo, 2, "08:55")

    assert here.judged(work).judged[placed].fault == "not_followed"


def test_a_whole_class_is_judged_without_a_room(work: Work) -> None:
    here = planned(work)
    group = a_class(work.session, here.world.anse)
    line_id = add_line(work, here.mireille, here.timetable.id, 1, Who("class", group.id), Wishes(60))

    placed = here.place(work, work.session.get_one(TimetableLine, line_id), 3, "08:10")

    judged = here.judged(work).judged[placed]
    assert (len(judged.held), judged.conflicts) == (6, ())
