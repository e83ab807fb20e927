"""Publishing books every place's dates at once or not at all; last year's timetable comes along where it can."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import delete, func, select

from intervention.domain.encounters import Confidentiality
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, SlotTaken, Stale
from intervention.domain.recurrence import OnCycleDays, Recurrence
from intervention.domain.series import DateState, SkipReason
from intervention.domain.spans import Span
from intervention.domain.timetable import Cell, NotCarried, TimetableStatus
from intervention.queries.catalogue import catalogue, touch_catalogue
from intervention.queries.series import dates_of
from intervention.queries.timetables import lines_of
from intervention.records.access_log import AccessLogEntry
from intervention.records.calendars import SchoolDay, SchoolYear
from intervention.records.encounters import Encounter, EncounterAct
from intervention.records.outbox import OutboxMessage
from intervention.records.reservations import Leg, Reservation, ReservationBits
from intervention.records.series import Series
from intervention.records.timetables import Timetable, TimetableLine, TimetableSlot
from intervention.usecases.booking import book
from intervention.usecases.reservations import Taking, lock_resources, rebuild_bits, reserve
from intervention.usecases.timetable_copying import copy_last_year, left_behind
from intervention.usecases.timetable_publishing import Published, publish
from intervention.usecases.timetables import Who, Wishes, add_line, edit_line, make
from intervention.usecases.work import Work
from tests.builders import a_class
from tests.usecases.booking_world import at, remote
from tests.usecases.test_timetable_sheet import JOUR_2, visits
from tests.usecases.timetable_world import Planned, a_year, acting, planned


def published(work: Work, here: Planned) -> Published:
    return publish(work, here.mireille, here.timetable.id, here.timetable.version)


def count(work: Work, record: type) -> int:
    return work.session.scalar(select(func.count()).select_from(record)) or 0


def test_every_place_becomes_a_series(work: Work) -> None:
    here = planned(work)
    first, second = here.place(work, here.leo, 2, "08:55"), here.place(work, here.maude, 3, "13:00", by_week=True)

    assert published(work, here) == Published(2, 12)

    slots = {
        slot.id: slot for slot in work.session.scalars(select(TimetableSlot).execution_options(populate_existing=True))
    }
    series = {each: work.session.get_one(Series, slots[each].series_id) for each in (first, second)}
    rule = Recurrence.from_json(series[first].rule)
    assert rule == Recurrence(OnCycleDays((2,), 1, 1), date(2026, 11, 24), date(2026, 12, 31), at=time(8, 55))
    assert [(d.on_date, d.state) for d in dates_of(work.session, series[first].id)] == [
        (on_date, DateState.BOOKED) for on_date in JOUR_2
    ]
    assert count(work, Encounter) == count(work, EncounterAct) == count(work, OutboxMessage) == 12
    assert count(work, Reservation) == 12 * 4
    assert rebuild_bits(work.session) == 0
    assert (here.timetable.status, here.timetable.version) == (TimetableStatus.PUBLISHED, 4)
    entry = work.session.scalars(select(AccessLogEntry)).one()
    assert (entry.verb, entry.facts) == ("timetable.published", {"series": 2, "encounters": 12})


def test_visits_are_published_with_their_roads(work: Work) -> None:
    here = planned(work)
    visits(work, here)
    here.place(work, here.leo, 2, "09:25")
    here.place(work, here.maude, 3, "10:25")

    assert published(work, here) == Published(2, 12)

    assert count(work, Leg) == 12 * 2


def test_a_date_that_cannot_be_held_is_kept_with_its_reason(work: Work) -> None:
    here = planned(work)
    book(work, here.mireille, remote(here.world, at("2026-12-08 09:00")))
    here.place(work, here.leo, 2, "08:55")
    here.place(work, here.maude, 2, "09:20")

    assert published(work, here) == Published(1, 5)

    (series,) = work.session.scalars(select(Series))
    skipped = [d for d in dates_of(work.session, series.id) if d.state is DateState.SKIPPED]
    assert [(d.on_date, d.reason) for d in skipped] == [(date(2026, 12, 8), SkipReason.TAKEN)]


def test_what_has_no_date_stays_in_the_draft_and_is_published_later(work: Work) -> None:
    here = planned(work)
    here.place(work, here.leo, 2, "08:55")
    met = here.place(work, here.maude, 2, "09:20")
    published(work, here)
    (waiting,) = work.session.scalars(select(TimetableSlot).where(TimetableSlot.series_id.is_(None)))
    assert waiting.id == met

    work.session.delete(waiting)
    work.session.flush()
    here.place(work, here.maude, 4, "08:55")

    assert published(work, here) == Published(1, 6)


def test_publishing_twice_does_it_once(work: Work) -> None:
    here = planned(work)
    here.place(work, here.leo, 2, "08:55")
    version = here.timetable.version
    published(work, here)

    assert publish(work, here.mireille, here.timetable.id, version) == Published(0, 0)
    assert (count(work, Series), count(work, Encounter), here.timetable.version) == (1, 6, version + 1)


def test_an_older_page_publishes_nothing(work: Work) -> None:
    here = planned(work)
    here.place(work, here.leo, 2, "08:55")

    with pytest.raises(Stale):
        publish(work, here.mireille, here.timetable.id, here.timetable.version - 1)

    assert count(work, Encounter) == 0


def test_nothing_that_could_be_held_is_said(work: Work) -> None:
    here = planned(work)
    here.place(work, here.leo, 2, "12:00")

    with pytest.raises(InvalidInput) as refusal:
        published(work, here)

    assert refusal.value.fields == {"dates": "no_dates"}


def test_what_the_guard_refuses_undoes_the_whole(work: Work) -> None:
    """A reservation that the bits do not show yet: the sheet believes the room free, the database knows better."""
    here = planned(work)
    here.place(work, here.leo, 2, "08:55")
    here.place(work, here.maude, 3, "08:55")
    organizations = lock_resources(work.session, [here.world.room_anse.id])
    taking = Taking(here.world.room_anse.id, Span.lasting(at("2026-12-08 09:00"), timedelta(minutes=45)))
    reserve(work.session, [taking], organizations=organizations, encounter_id=None)
    work.session.execute(delete(ReservationBits))

    with pytest.raises(SlotTaken) as refusal, work.session.begin_nested():
        published(work, here)

    assert refusal.value.facts["on_date"] == date(2026, 12, 8)
    assert (count(work, Series), count(work, Encounter), count(work, Reservation)) == (0, 0, 1)


def test_a_confidential_line_is_published_strictly_and_by_its_professional_alone(work: Work) -> None:
    here = planned(work)
    here.leo.is_confidential = True
    here.place(work, here.leo, 2, "08:55")
    here.place(work, here.maude, 3, "08:55")

    omar = acting(work, here.world.omar)
    assert publish(work, omar, here.timetable.id, here.timetable.version) == Published(1, 6)
    assert published(work, here) == Published(1, 6)

    kinds = [each.confidentiality for each in work.session.scalars(select(Series).order_by(Series.id))]
    assert kinds == [Confidentiality.RESTRICTED, Confidentiality.STRICT]


def test_whoever_does_not_book_for_her_publishes_nothing(work: Work) -> None:
    here = planned(work)
    here.place(work, here.leo, 2, "08:55")

    with pytest.raises(NotAllowed):
        publish(work, acting(work, here.world.joseph), here.timetable.id, here.timetable.version)


def a_next_year(work: Work, here: Planned, *, cycle_length: int = 5) -> Timetable:
    """This year's is published; another year begins with an empty timetable."""
    published(work, here)
    year: SchoolYear = a_year(work, here.world.board, "2027-2028", date(2027, 8, 30), date(2028, 6, 23))
    year.cycle_length = cycle_length
    made = make(work, here.mireille, here.mireille.person_id, year.id)
    return work.session.get_one(Timetable, made)


def shown(work: Work, here: Planned, timetable: Timetable) -> dict[str, list[Cell]]:
    lines = lines_of(work.session, here.mireille, catalogue(work.session, here.world.board.id), timetable)
    return {line.label: [place.cell for place in line.places] for line in lines}


def test_last_year_is_laid_into_this_one(work: Work) -> None:
    here = planned(work)
    edit_line(work, here.mireille, here.timetable.id, 1, here.leo.id, Wishes(30, 2))
    for day in (2, 5):
        here.place(work, here.leo, day, "08:55")
    here.place(work, here.maude, 3, "09:00", by_week=True)
    following = a_next_year(work, here, cycle_length=4)

    carried = copy_last_year(work, here.mireille, following.id, 1)

    assert (carried.lines, carried.places) == (2, 2)
    assert shown(work, here, following) == {
        "E-101": [Cell(2, time(8, 55))],  # its Jour 5 is no day of the new cycle
        "E-202": [Cell(3, time(9), by_week=True)],
    }
    kept = work.session.scalars(select(TimetableLine).where(TimetableLine.timetable_id == following.id)).all()
    assert {(line.minutes, line.times) for line in kept} == {(30, 2), (45, 1)}
    assert left_behind(work, here.mireille, following.id) == ()


def test_what_is_placed_already_is_left_as_it_is(work: Work) -> None:
    here = planned(work)
    here.place(work, here.leo, 2, "08:55")
    following = a_next_year(work, here)
    copy_last_year(work, here.mireille, following.id, 1)

    carried = copy_last_year(work, here.mireille, following.id, 2)

    assert (carried.lines, carried.places) == (1, 0)  # Maude, who had no place
    assert shown(work, here, following)["E-101"] == [Cell(2, time(8, 55))]


def test_whoever_left_does_not_come_along_and_is_told(work: Work) -> None:
    here = planned(work)
    group = a_class(work.session, here.world.anse)
    line_id = add_line(work, here.mireille, here.timetable.id, 1, Who("class", group.id), Wishes(60))
    here.place(work, work.session.get_one(TimetableLine, line_id), 4, "08:10")
    here.place(work, here.leo, 2, "08:55")
    here.world.leo.archived_on = date(2027, 6, 30)
    group.is_active = False
    work.session.flush()
    touch_catalogue(work.session, here.world.board.id)
    here.timetable.status = TimetableStatus.PUBLISHED
    here.place(work, here.maude, 3, "08:55")
    following = a_next_year(work, here)

    copy_last_year(work, here.mireille, following.id, 1)

    assert list(shown(work, here, following)) == ["E-202"]
    assert {(each.label, each.reason) for each in left_behind(work, here.mireille, following.id)} == {
        ("3A", NotCarried.CLOSED_CLASS),
        ("E-101", NotCarried.GONE),
    }


def test_without_a_timetable_last_year_there_is_nothing_to_copy(work: Work) -> None:
    here = planned(work)

    with pytest.raises(NotFound):
        copy_last_year(work, here.mireille, here.timetable.id, 1)
    assert left_behind(work, here.mireille, here.timetable.id) == ()


def test_one_cycle_in_two_is_published_as_it_was_judged(work: Work) -> None:
    here = planned(work)
    edit_line(work, here.mireille, here.timetable.id, 1, here.leo.id, Wishes(45, every=2))
    placed = here.place(work, here.leo, 2, "08:55", turn=2)
    expected = [line.on_date for line in here.judged(work).judged[placed].held]

    publish(work, here.mireille, here.timetable.id, here.timetable.version)

    dates = work.session.scalars(select(Encounter.on_date).order_by(Encounter.on_date)).all()
    numbers = {
        day.cycle_number % 2
        for day in work.session.scalars(select(SchoolDay).where(SchoolDay.on_date.in_(dates)))
        if day.building_id == here.world.anse.id and day.cycle_number
    }
    assert dates == expected
    assert numbers == {0}
