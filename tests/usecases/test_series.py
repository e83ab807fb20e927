"""Series: every date is shown and judged, the accepted ones are booked at once or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import event, func, select

from intervention.domain.composition import AskParticipant
from intervention.domain.days import DayType
from intervention.domain.encounters import CancellationCause, EncounterKind, EncounterStatus, ParticipantRole
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, SlotRefused, SlotTaken, Stale, WrongState
from intervention.domain.people import Discipline, Role
from intervention.domain.recurrence import OnCycleDays, OnWeekdays, Recurrence
from intervention.domain.series import DateState, Decisions, Likeness, Moment, SkipReason
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.series import dates_of, series_page
from intervention.records.calendars import SchoolDay
from intervention.records.encounters import Encounter, EncounterAct
from intervention.records.outbox import OutboxMessage
from intervention.records.reservations import Leg, Reservation
from intervention.records.series import Series
from intervention.usecases.booking import book
from intervention.usecases.changing import ChangeEncounter, change
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.series import EndSeries, TakeBack, create, end, take_back
from intervention.usecases.series_sheet import PlanSeries, preview
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_person, a_professional, a_pupil, a_room, actor
from tests.usecases.booking_world import World, a_world, at, in_person, office, pupil_site, remote, two_schools

TUESDAYS = Recurrence(OnWeekdays((2,)), date(2026, 11, 24), date(2026, 12, 22), at=time(9, 0))
DATES = [date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15), date(2026, 12, 22)]


def weekly(world: World, rule: Recurrence = TUESDAYS, **more: object) -> PlanSeries:
    """Léo by video with Joseph, Mireille in her office."""
    ask = PlanSeries(
        world.mireille.id,
        EncounterKind.INDIVIDUAL,
        Discipline.SPEECH_THERAPY,
        45,
        (office(world), pupil_site(world.leo, world.room_anse, world.joseph)),
        rule,
    )
    return replace(ask, **more)  # type: ignore[arg-type]


def mark(work: Work, world: World, on_date: date, day_type: DayType) -> None:
    work.session.get_one(SchoolDay, (world.anse.id, "", on_date)).day_type = day_type
    work.session.flush()
    touch_catalogue(work.session, world.board.id)


def number(work: Work, world: World) -> None:
    """A cycle of five over the class days of Anse-aux-Lièvres, from Jour 1 of the 13th turn."""
    days = work.session.scalars(
        select(SchoolDay).where(SchoolDay.building_id == world.anse.id).order_by(SchoolDay.on_date)
    )
    for n, day in enumerate(days):
        day.cycle_day, day.cycle_number = n % 5 + 1, n // 5 + 13
    work.session.flush()
    touch_catalogue(work.session, world.board.id)


def test_all_dates_are_booked_in_one_act(work: Work) -> None:
    world = a_world(work.session)

    planned = create(work, actor(work.session, world.mireille), weekly(world))

    encounters = [work.session.get_one(Encounter, each) for each in planned.encounters]
    assert [e.on_date for e in encounters] == DATES
    assert {(e.starts_local, e.zone, e.series_id) for e in encounters} == {
        (time(9, 0), "America/Toronto", planned.series_id)
    }
    assert work.session.scalar(select(func.count()).select_from(Reservation)) == 5 * 4
    assert work.session.scalar(select(func.count()).select_from(EncounterAct)) == 5
    assert {m.kind for m in work.session.scalars(select(OutboxMessage))} == {"EncounterBooked"}
    assert rebuild_bits(work.session) == 0
    assert [(d.on_date, d.state) for d in dates_of(work.session, planned.series_id)] == [
        (on_date, DateState.BOOKED) for on_date in DATES
    ]
    assert Recurrence.from_json(work.session.get_one(Series, planned.series_id).rule) == TUESDAYS


def test_previewing_writes_nothing_and_shows_every_date_with_its_reason(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    mark(work, world, date(2026, 12, 8), DayType.PEDAGOGICAL)
    book(work, mireille, remote(world, at("2026-12-15 09:15")))
    before = work.session.scalar(select(func.count()).select_from(Reservation))

    sheet = preview(work, mireille, weekly(world))

    assert [(line.on_date, line.works, line.reason) for line in sheet.lines] == [
        (DATES[0], True, None),
        (DATES[1], True, None),
        (DATES[2], False, SkipReason.NO_CLASS),
        (DATES[3], False, SkipReason.TAKEN),
        (DATES[4], True, None),
    ]
    assert [line.alternatives for line in sheet.lines if line.works] == [(), (), ()]
    assert work.session.scalar(select(func.count()).select_from(Reservation)) == before
    assert work.session.scalar(select(func.count()).select_from(Series)) == 0


def test_each_alternative_is_one_that_can_be_booked(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    mark(work, world, date(2026, 12, 8), DayType.PEDAGOGICAL)
    book(work, mireille, remote(world, at("2026-12-15 09:15")))
    lines = {line.on_date: line for line in preview(work, mireille, weekly(world)).lines}

    assert {a.likeness for a in lines[DATES[2]].alternatives} == {Likeness.SAME_WEEK}
    assert Moment(date(2026, 12, 9), time(9, 0)) in {a.moment for a in lines[DATES[2]].alternatives}
    assert {a.likeness for a in lines[DATES[3]].alternatives} >= {Likeness.SAME_DAY, Likeness.SAME_WEEK}
    for on_date in DATES[2:4]:
        for each in lines[on_date].alternatives:
            moved = weekly(world, decisions=Decisions(moved={on_date: each.moment}))
            judged = {line.on_date: line for line in preview(work, mireille, moved).lines}
            assert judged[on_date].works, each


def test_what_does_not_work_is_kept_with_its_reason_and_taken_back_later(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    mark(work, world, date(2026, 12, 8), DayType.PEDAGOGICAL)
    wanted = frozenset(DATES) - {date(2026, 12, 8), date(2026, 12, 22)}

    planned = create(work, mireille, weekly(world, decisions=Decisions(accepted=wanted)))

    kept = {d.on_date: (d.state, d.reason) for d in dates_of(work.session, planned.series_id)}
    assert kept[date(2026, 12, 8)] == (DateState.SKIPPED, SkipReason.NO_CLASS)
    assert kept[date(2026, 12, 22)] == (DateState.SKIPPED, SkipReason.CHOSEN)
    assert len(planned.encounters) == 3

    back = take_back(work, mireille, TakeBack(planned.series_id, planned.version, date(2026, 12, 22)))
    with pytest.raises(SlotRefused) as refused:
        take_back(work, mireille, TakeBack(planned.series_id, back.version, date(2026, 12, 8)))
    elsewhere = Moment(date(2026, 12, 9), time(9, 0))
    moved = take_back(work, mireille, TakeBack(planned.series_id, back.version, date(2026, 12, 8), elsewhere))

    assert refused.value.facts["code"] == "closed_day"
    assert work.session.get_one(Encounter, back.encounters[0]).on_date == date(2026, 12, 22)
    assert work.session.get_one(Encounter, moved.encounters[0]).on_date == date(2026, 12, 9)
    states = [d.state for d in series_page(work.session, mireille, planned.series_id).dates]
    assert states == [DateState.BOOKED, DateState.BOOKED, DateState.MOVED, DateState.BOOKED, DateState.BOOKED]
    with pytest.raises(WrongState):
        take_back(work, mireille, TakeBack(planned.series_id, moved.version, date(2026, 12, 22)))
    with pytest.raises(Stale):
        take_back(work, mireille, TakeBack(planned.series_id, planned.version, date(2026, 12, 22)))


def test_one_accepted_date_taken_since_refuses_all_and_names_it(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, remote(world, at("2026-12-15 09:15")))
    before = work.session.scalar(select(func.count()).select_from(Reservation))

    with pytest.raises(SlotTaken) as refused:
        create(work, mireille, weekly(world, decisions=Decisions(accepted=frozenset(DATES))))

    assert refused.value.facts["on_date"] == date(2026, 12, 15)
    assert work.session.scalar(select(func.count()).select_from(Reservation)) == before
    assert work.session.scalar(select(func.count()).select_from(Series)) == 0


def test_a_date_that_a_rule_refuses_names_the_rule(work: Work) -> None:
    world = a_world(work.session)
    mark(work, world, date(2026, 12, 8), DayType.PEDAGOGICAL)

    with pytest.raises(SlotRefused) as refused:
        create(work, actor(work.session, world.mireille), weekly(world, decisions=Decisions(frozenset(DATES))))

    facts = refused.value.facts
    assert (facts["code"], facts["on_date"], facts["is_soft"]) == ("closed_day", date(2026, 12, 8), True)


def test_cycle_day_and_period_by_the_bells_of_the_school(work: Work) -> None:
    world = a_world(work.session)
    number(work, world)
    rule = Recurrence(OnCycleDays((3,), every=2), date(2026, 11, 23), date(2026, 12, 31), period=2)

    planned = create(work, actor(work.session, world.mireille), weekly(world, rule))

    encounters = [work.session.get_one(Encounter, each) for each in planned.encounters]
    assert [(e.on_date, e.starts_local) for e in encounters] == [
        (date(2026, 11, 25), time(10, 25)), (date(2026, 12, 9), time(10, 25)), (date(2026, 12, 23), time(10, 25)),
    ]  # fmt: skip
    kept = Recurrence.from_json(work.session.get_one(Series, planned.series_id).rule)
    assert kept.pattern == OnCycleDays((3,), every=2, phase=13)


def test_visits_reserve_their_roads_on_every_date(work: Work) -> None:
    world = a_world(work.session)
    site = pupil_site(world.leo, world.room_anse, None, has_host=True)
    ask = weekly(world, replace(TUESDAYS, at=time(10, 30)), sites=(site,))

    create(work, actor(work.session, world.mireille), ask)

    legs = work.session.scalars(select(Leg).order_by(Leg.starts_at)).all()
    assert [leg.on_date for leg in legs] == [on_date for on_date in DATES for _ in range(2)]
    assert rebuild_bits(work.session) == 0


def test_a_road_of_another_visit_fails_its_date_alone(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, in_person(world, at("2026-12-08 10:25"), pupil=world.maude))

    lines = preview(work, mireille, weekly(world)).lines

    assert [line.rules for line in lines if line.on_date != date(2026, 12, 8)] == [()] * 4
    assert [line.rules for line in lines if line.on_date == date(2026, 12, 8)] == [("too_short_for_road",)]


def test_rooms_left_open_are_given_date_by_date(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    other = a_room(work.session, world.anse, "local 14")
    solange = a_professional(work.session, world.board, "Solange", world.base)
    iris = a_pupil(work.session, world.anse, "E-303")
    visit = in_person(world, at("2026-12-08 10:30"))
    site = replace(visit.sites[0], participants=(AskParticipant(ParticipantRole.PUPIL, pupil_id=iris.id),))
    book(work, actor(work.session, world.omar), replace(visit, host_id=solange.id, sites=(site,)))
    open_site = replace(pupil_site(world.leo, world.room_anse, world.joseph), room_id=None)

    planned = create(
        work, mireille, weekly(world, replace(TUESDAYS, at=time(10, 30)), sites=(office(world), open_site))
    )

    rooms = [work.session.get_one(Encounter, each).sites[1].room_id for each in planned.encounters]
    assert rooms == [world.room_anse.id, world.room_anse.id, other.id, world.room_anse.id, world.room_anse.id]


def test_two_dates_of_a_series_are_never_at_once(work: Work) -> None:
    world = a_world(work.session)
    moved = {date(2026, 12, 1): Moment(date(2026, 11, 24), time(9, 15))}

    lines = preview(work, actor(work.session, world.mireille), weekly(world, decisions=Decisions(moved=moved))).lines

    assert [line.rules for line in lines] == [(), ("other_date",), (), (), ()]


def test_half_past_two_on_the_night_of_the_change_is_said_and_never_booked(work: Work) -> None:
    world = a_world(work.session)
    rule = Recurrence(OnWeekdays((7,)), date(2027, 3, 7), date(2027, 3, 21), at=time(2, 30))

    lines = preview(work, actor(work.session, world.mireille), weekly(world, rule)).lines

    assert [line.rules[0] for line in lines] == ["closed_day", "in_the_gap", "closed_day"]


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        (replace(TUESDAYS, last_on=date(2026, 11, 1)), {"last_on": "ends_before_start"}),
        (replace(TUESDAYS, first_on=date(2028, 1, 1), last_on=date(2028, 9, 1)), {"last_on": "too_far_ahead"}),
        (replace(TUESDAYS, last_on=date(2026, 11, 24), pattern=OnWeekdays((3,))), {"last_on": "no_dates"}),
        (replace(TUESDAYS, count=5000), {"count": "too_many_dates"}),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_field(work: Work, rule: Recurrence, fields: dict[str, str]) -> None:
    world = a_world(work.session)

    with pytest.raises(InvalidInput) as refused:
        create(work, actor(work.session, world.mireille), weekly(world, rule))

    assert refused.value.fields == fields


def test_a_date_that_is_not_of_the_rule_is_not_a_choice(work: Work) -> None:
    world = a_world(work.session)
    accepted = Decisions(frozenset({DATES[0], date(2026, 11, 25)}))

    with pytest.raises(InvalidInput) as refused:
        create(work, actor(work.session, world.mireille), weekly(world, decisions=accepted))

    assert refused.value.fields == {"dates": "not_a_choice"}


def test_only_who_may_book_plans_or_takes_back(work: Work) -> None:
    world = a_world(work.session)
    planned = create(work, actor(work.session, world.mireille), weekly(world))
    luc = a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse)

    with pytest.raises(NotAllowed):
        create(work, actor(work.session, luc), weekly(world))
    with pytest.raises(NotAllowed):
        take_back(work, actor(work.session, luc), TakeBack(planned.series_id, 1, DATES[0]))


def test_the_stranger_from_another_board_finds_nothing(work: Work) -> None:
    world = a_world(work.session)
    planned = create(work, actor(work.session, world.mireille), weekly(world))
    other = a_board(work.session, "ailleurs")
    base = a_building(work.session, other, "Lande")
    stranger = actor(work.session, a_professional(work.session, other, "Ève", base))

    with pytest.raises(NotAllowed):
        preview(work, stranger, weekly(world))
    with pytest.raises(NotFound):
        preview(work, stranger, weekly(world, host_id=stranger.person_id))
    with pytest.raises(NotFound):
        series_page(work.session, stranger, planned.series_id)
    with pytest.raises(NotFound):
        take_back(work, stranger, TakeBack(planned.series_id, 1, DATES[0]))


def test_a_group_of_two_schools_is_judged_on_both_calendars(work: Work) -> None:
    world = a_world(work.session)
    work.session.get_one(SchoolDay, (world.pointe.id, "", date(2026, 12, 8))).day_type = DayType.PEDAGOGICAL
    work.session.flush()
    touch_catalogue(work.session, world.board.id)
    both = two_schools(world, at("2026-11-24 10:30"))
    ask = weekly(world, replace(TUESDAYS, at=time(10, 30)), kind=both.kind, sites=both.sites)

    lines = preview(work, actor(work.session, world.mireille), ask).lines

    assert [(line.on_date, line.subject_id) for line in lines if line.rules] == [(date(2026, 12, 8), world.pointe.id)]


def test_ending_from_a_date_frees_what_is_to_come_and_keeps_what_was(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = create(work, mireille, weekly(world))
    ask = EndSeries(planned.series_id, planned.version, date(2026, 12, 8), CancellationCause.OTHER)

    assert end(work, mireille, ask) == 3

    states = [(d.on_date, d.state, d.status) for d in series_page(work.session, mireille, planned.series_id).dates]
    assert states == [
        (DATES[0], DateState.BOOKED, EncounterStatus.PLANNED),
        (DATES[1], DateState.BOOKED, EncounterStatus.PLANNED),
        *((on_date, DateState.SKIPPED, EncounterStatus.CANCELLED) for on_date in DATES[2:]),
    ]
    assert work.session.scalar(select(func.count()).select_from(Reservation)) == 2 * 4
    assert rebuild_bits(work.session) == 0
    with pytest.raises(WrongState):
        end(work, mireille, replace(ask, version=2))
    with pytest.raises(Stale):
        end(work, mireille, ask)


def test_moving_one_date_says_so_in_the_series(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = create(work, mireille, weekly(world))

    change(work, mireille, ChangeEncounter(planned.encounters[1], 1, starts_at=at("2026-12-02 09:15")))

    states = [(d.on_date, d.state) for d in series_page(work.session, mireille, planned.series_id).dates]
    assert states[:3] == [
        (DATES[0], DateState.BOOKED), (DATES[1], DateState.MOVED), (DATES[2], DateState.BOOKED),
    ]  # fmt: skip


def test_ending_outside_the_series_or_by_somebody_else_is_refused(work: Work) -> None:
    world = a_world(work.session)
    planned = create(work, actor(work.session, world.mireille), weekly(world))
    luc = a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse)
    ask = EndSeries(planned.series_id, planned.version, date(2027, 6, 1), CancellationCause.OTHER)

    with pytest.raises(InvalidInput) as refused:
        end(work, actor(work.session, world.mireille), ask)
    with pytest.raises(NotAllowed):
        end(work, actor(work.session, luc), ask)

    assert refused.value.fields == {"from_on": "out_of_range"}


def test_forty_dates_are_judged_in_as_many_statements_as_two(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    counts = []
    for rule in (replace(TUESDAYS, last_on=DATES[1]), replace(TUESDAYS, last_on=date(2027, 8, 24))):
        preview(work, mireille, weekly(world, rule))  # the catalogue is read
        statements: list[str] = []
        bind = work.session.get_bind()

        def seen(*args: object, into: list[str] = statements) -> None:
            into.append(str(args[2]))

        event.listen(bind, "before_cursor_execute", seen)
        lines = preview(work, mireille, weekly(world, rule)).lines
        event.remove(bind, "before_cursor_execute", seen)
        counts.append((len(lines), len(statements)))

    assert [n for n, _ in counts] == [2, 40]
    assert counts[0][1] == counts[1][1] <= 4
