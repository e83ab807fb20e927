"""A series changed as a whole: every date is shown and judged first, the accepted ones change at once or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import func, select

from intervention.domain.composition import AskParticipant
from intervention.domain.days import DayType
from intervention.domain.encounters import (
    ActKind,
    CancellationCause,
    EncounterKind,
    EncounterStatus,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, SlotRefused, SlotTaken, Stale, WrongState
from intervention.domain.people import Role
from intervention.domain.recurrence import OnCycleDays, OnWeekdays, Recurrence
from intervention.domain.series import DateState, Decisions, Moment, SkipReason
from intervention.domain.series_change import NewTime, SeriesActKind, Standing
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.series import dates_of
from intervention.records.calendars import SchoolDay
from intervention.records.encounters import Encounter, EncounterAct
from intervention.records.outbox import OutboxMessage
from intervention.records.reservations import Leg, Reservation
from intervention.records.series import Series, SeriesAct
from intervention.usecases.booking import book
from intervention.usecases.cancelling import CancelEncounter, cancel
from intervention.usecases.changing import ChangeEncounter, change
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.series import EndSeries, Planned, TakeBack, create, end, take_back
from intervention.usecases.series_change import change_series
from intervention.usecases.series_change_ask import ChangeSeries
from intervention.usecases.series_change_sheet import preview_change
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_person, a_professional, a_pupil, a_room, actor
from tests.usecases.booking_world import World, a_world, at, in_person, remote, two_schools
from tests.usecases.test_series import DATES, TUESDAYS, mark, number, weekly

THURSDAYS = [date(2026, 11, 26), date(2026, 12, 3), date(2026, 12, 10), date(2026, 12, 17), date(2026, 12, 24)]
TO_THURSDAY = NewTime(days=(4,))

Taken = set[tuple[UUID, int, int]]


def reservations(work: Work) -> Taken:
    return {(r.resource_id, r.starts_tick, r.ends_tick) for r in work.session.scalars(select(Reservation))}


def planned_weekly(work: Work, world: World, **more: object) -> Planned:
    return create(work, actor(work.session, world.mireille), weekly(world, **more))  # type: ignore[arg-type]


def held(work: Work, series_id: UUID) -> list[tuple[date, time, DateState]]:
    """When each date of a series is really held."""
    found = []
    for row in dates_of(work.session, series_id):
        encounter = work.session.get_one(Encounter, row.encounter_id)
        found.append((encounter.on_date, encounter.starts_local, row.state))
    return found


def counts(work: Work) -> tuple[int, ...]:
    records = (Reservation, EncounterAct, OutboxMessage, Series, SeriesAct, Leg)
    return tuple(work.session.scalar(select(func.count()).select_from(each)) or 0 for each in records)


def test_all_those_to_come_go_to_another_weekday(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)

    done = change_series(work, mireille, ChangeSeries(planned.series_id, 1, time=TO_THURSDAY, reason="horaire"))

    assert done.series_id == planned.series_id
    assert held(work, done.series_id) == [(on_date, time(9), DateState.BOOKED) for on_date in THURSDAYS]
    assert [row.on_date for row in dates_of(work.session, done.series_id)] == THURSDAYS
    assert set(done.changed) == set(planned.encounters)
    series = work.session.get_one(Series, done.series_id)
    rule = Recurrence(OnWeekdays((4,)), THURSDAYS[0], THURSDAYS[-1], at=time(9))
    assert (Recurrence.from_json(series.rule), series.version) == (rule, 2)
    acts = work.session.scalars(select(EncounterAct).where(EncounterAct.kind == ActKind.MOVED)).all()
    assert {(act.actor_id, act.reason) for act in acts} == {(world.mireille.id, "horaire")}
    assert len(acts) == 5
    kinds = work.session.scalars(select(SeriesAct.kind).order_by(SeriesAct.version)).all()
    assert kinds == [SeriesActKind.PLANNED, SeriesActKind.CHANGED]
    assert sum(m.kind == "EncounterChanged" for m in work.session.scalars(select(OutboxMessage))) == 5
    assert rebuild_bits(work.session) == 0


def test_a_date_and_the_following_go_on_as_a_series_that_says_what_it_continues(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)
    before = {e: work.session.get_one(Encounter, e).version for e in planned.encounters[:2]}

    done = change_series(
        work, mireille, ChangeSeries(planned.series_id, 1, from_on=DATES[2], time=NewTime(at=time(10, 25)))
    )

    assert done.series_id != planned.series_id
    assert held(work, planned.series_id) == [(on_date, time(9), DateState.BOOKED) for on_date in DATES[:2]]
    assert held(work, done.series_id) == [(on_date, time(10, 25), DateState.BOOKED) for on_date in DATES[2:]]
    old, new = (work.session.get_one(Series, each) for each in (planned.series_id, done.series_id))
    assert (new.continues_id, new.starts_local, new.first_on, new.last_on) == (old.id, time(10, 25), DATES[2], DATES[4])
    assert (old.last_on, old.version, old.ended_at) == (date(2026, 12, 7), 2, None)
    assert {e: work.session.get_one(Encounter, e).version for e in planned.encounters[:2]} == before
    assert {work.session.get_one(Encounter, e).series_id for e in planned.encounters[2:]} == {new.id}


def test_changing_and_changing_back_restores_the_same_reservations(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)
    before = reservations(work)

    there = change_series(
        work, mireille, ChangeSeries(planned.series_id, 1, time=NewTime(days=(4,), at=time(10, 25)), minutes=30)
    )
    assert reservations(work).isdisjoint(before)
    back = NewTime(days=(2,), at=time(9))
    change_series(work, mireille, ChangeSeries(there.series_id, there.version, time=back, minutes=45))

    assert reservations(work) == before
    series = work.session.get_one(Series, there.series_id)
    assert Recurrence.from_json(series.rule) == TUESDAYS
    assert rebuild_bits(work.session) == 0


def test_the_sheet_says_every_date_and_writes_nothing(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)
    mark(work, world, THURSDAYS[1], DayType.PEDAGOGICAL)
    book(work, mireille, remote(world, at("2026-12-10 09:15")))
    change(work, mireille, ChangeEncounter(planned.encounters[3], 1, starts_at=at("2026-12-16 09:00")))
    cancel(work, mireille, CancelEncounter(planned.encounters[4], 1, CancellationCause.OTHER))
    before = counts(work)

    sheet = preview_change(work, mireille, ChangeSeries(planned.series_id, 1, time=TO_THURSDAY))

    assert [(each.on_date, each.standing, each.line.rules if each.line else None) for each in sheet.lines] == [
        (DATES[0], Standing.TO_COME, ()),
        (DATES[1], Standing.TO_COME, ("closed_day",)),
        (DATES[2], Standing.TO_COME, ("participant_busy", "room_taken", "facilitator_taken")),
        (DATES[3], Standing.EXCEPTION, None),
        (DATES[4], Standing.CANCELLED, None),
    ]
    assert [bool(each.line.alternatives) for each in sheet.lines if each.line] == [False, True, True]
    assert counts(work) == before


def test_for_a_failing_date_a_person_leaves_skips_or_takes_another_moment(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)
    for on_date in THURSDAYS[1:4]:
        mark(work, world, on_date, DayType.PEDAGOGICAL)
    ask = ChangeSeries(planned.series_id, 1, time=TO_THURSDAY)
    other = next(each for each in preview_change(work, mireille, ask).failing if each.on_date == DATES[3])
    moment = other.alternatives[0].moment

    done = change_series(
        work,
        mireille,
        replace(
            ask,
            decisions=Decisions(frozenset({DATES[0], DATES[3], DATES[4]}), {DATES[3]: moment}),
            skipping=frozenset({DATES[2]}),
        ),
    )

    rows = {row.on_date: row for row in dates_of(work.session, done.series_id)}
    encounters = {on_date: work.session.get_one(Encounter, row.encounter_id) for on_date, row in rows.items()}
    assert list(rows) == THURSDAYS
    assert [row.state for row in rows.values()] == [
        DateState.BOOKED, DateState.MOVED, DateState.SKIPPED, DateState.MOVED, DateState.BOOKED,
    ]  # fmt: skip
    assert encounters[THURSDAYS[1]].on_date == DATES[1]
    assert encounters[THURSDAYS[2]].status is EncounterStatus.CANCELLED
    assert rows[THURSDAYS[2]].reason is SkipReason.CHOSEN
    assert Moment(encounters[THURSDAYS[3]].on_date, encounters[THURSDAYS[3]].starts_local) == moment
    assert done.skipped == (encounters[THURSDAYS[2]].id,)
    assert rebuild_bits(work.session) == 0


def test_every_alternative_of_a_failing_date_can_be_taken(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)
    mark(work, world, THURSDAYS[1], DayType.PEDAGOGICAL)
    ask = ChangeSeries(planned.series_id, 1, time=TO_THURSDAY)
    (failing,) = preview_change(work, mireille, ask).failing

    assert failing.alternatives
    for each in failing.alternatives:
        chosen = replace(ask, decisions=Decisions(moved={failing.on_date: each.moment}))
        assert not preview_change(work, mireille, chosen).failing, each


def test_dates_moved_alone_stay_unless_they_are_asked_for(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)
    change(work, mireille, ChangeEncounter(planned.encounters[1], 1, starts_at=at("2026-12-02 09:15")))
    ask = ChangeSeries(planned.series_id, 1, time=NewTime(at=time(10, 25)))

    kept = change_series(work, mireille, ask)
    assert held(work, kept.series_id)[1] == (date(2026, 12, 2), time(9, 15), DateState.MOVED)

    again = ChangeSeries(kept.series_id, kept.version, time=NewTime(at=time(13, 5)), with_exceptions=True)
    taken = change_series(work, mireille, again)
    assert held(work, taken.series_id) == [(on_date, time(13, 5), DateState.BOOKED) for on_date in DATES]


def test_cycle_days_move_within_their_turn(work: Work) -> None:
    world = a_world(work.session)
    number(work, world)
    rule = Recurrence(OnCycleDays((3,), every=2), date(2026, 11, 23), date(2026, 12, 31), period=2)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world, rule=rule)

    done = change_series(work, mireille, ChangeSeries(planned.series_id, 1, time=NewTime(days=(4,), period=3)))

    assert [(on_date, at) for on_date, at, _ in held(work, done.series_id)] == [
        (date(2026, 11, 26), time(13, 0)), (date(2026, 12, 10), time(13, 0)), (date(2026, 12, 24), time(13, 0)),
    ]  # fmt: skip
    series = work.session.get_one(Series, done.series_id)
    assert Recurrence.from_json(series.rule).pattern == OnCycleDays((4,), every=2, phase=13)


def test_a_series_moves_over_its_own_old_places(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)

    done = change_series(work, mireille, ChangeSeries(planned.series_id, 1, time=NewTime(at=time(9, 15))))

    assert {at for _, at, _ in held(work, done.series_id)} == {time(9, 15)}


def test_one_accepted_date_taken_since_refuses_all_and_names_it(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)
    book(work, mireille, remote(world, at("2026-12-10 09:15")))
    before = counts(work), reservations(work)

    with pytest.raises(SlotTaken) as refused:
        change_series(
            work, mireille, ChangeSeries(planned.series_id, 1, time=TO_THURSDAY, decisions=Decisions(frozenset(DATES)))
        )

    assert refused.value.facts["on_date"] == DATES[2]
    assert (counts(work), reservations(work)) == before


def test_a_rule_against_an_accepted_date_is_named(work: Work) -> None:
    world = a_world(work.session)
    planned = planned_weekly(work, world)
    mark(work, world, THURSDAYS[1], DayType.PEDAGOGICAL)
    ask = ChangeSeries(planned.series_id, 1, time=TO_THURSDAY, decisions=Decisions(frozenset(DATES)))

    with pytest.raises(SlotRefused) as refused:
        change_series(work, actor(work.session, world.mireille), ask)

    assert (refused.value.facts["code"], refused.value.facts["on_date"]) == ("closed_day", DATES[1])


def test_visits_become_remote_and_their_roads_go(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    site = in_person(world, at("2026-11-24 10:30")).sites[0]
    planned = planned_weekly(work, world, rule=replace(TUESDAYS, at=time(10, 30)), sites=(site,))
    assert work.session.scalar(select(func.count()).select_from(Leg)) == 10

    done = change_series(
        work,
        mireille,
        ChangeSeries(
            planned.series_id, 1, host_to=(PlaceKind.HOME_BASE, world.base.id), from_on=DATES[3], reason="tempêtes"
        ),
    )

    changed = [work.session.get_one(Encounter, each) for each in done.changed]
    assert [(e.on_date, e.modality) for e in changed] == [(on_date, Modality.REMOTE) for on_date in DATES[3:]]
    assert {s.facilitator_id for e in changed for s in e.sites} == {None, world.joseph.id}
    assert work.session.scalar(select(func.count()).select_from(Leg)) == 6
    acts = work.session.scalars(select(EncounterAct.kind).where(EncounterAct.kind != ActKind.BOOKED)).all()
    assert set(acts) == {ActKind.MODALITY_CHANGED, ActKind.FACILITATOR_CHANGED}
    assert rebuild_bits(work.session) == 0


def test_another_room_for_every_date_but_those_where_it_is_taken(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    other = a_room(work.session, world.anse, "local 14")
    planned = planned_weekly(work, world, rule=replace(TUESDAYS, at=time(10, 30)))
    busy = in_person(world, at("2026-12-08 10:30"))
    solange = a_professional(work.session, world.board, "Solange", world.base)
    iris = a_pupil(work.session, world.anse, "E-303")
    site = replace(
        busy.sites[0], room_id=other.id, participants=(AskParticipant(ParticipantRole.PUPIL, pupil_id=iris.id),)
    )
    book(work, actor(work.session, world.omar), replace(busy, host_id=solange.id, sites=(site,)))

    ask = ChangeSeries(planned.series_id, 1, rooms={world.anse.id: other.id})
    assert [line.rules for line in preview_change(work, mireille, ask).judged] == [(), (), ("room_taken",), (), ()]
    change_series(work, mireille, ask)

    rooms = [work.session.get_one(Encounter, each).sites[1].room_id for each in planned.encounters]
    assert rooms == [other.id, other.id, world.room_anse.id, other.id, other.id]
    states = [row.state for row in dates_of(work.session, planned.series_id)]
    assert states == [DateState.BOOKED] * 5


def test_what_is_not_in_reach_is_untouched(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    other = book(work, mireille, remote(world, at("2026-12-10 13:00"))).encounter_id
    planned = planned_weekly(work, world)
    outside = [*planned.encounters[:3], other]

    def facts() -> list[object]:
        work.session.expire_all()
        found: list[object] = []
        for each in outside:
            e = work.session.get_one(Encounter, each)
            taken = work.session.execute(
                select(Reservation.resource_id, Reservation.starts_tick).where(Reservation.encounter_id == each)
            ).all()
            found.append((e.starts_at, e.version, e.revision, e.changed_at, sorted(map(tuple, taken)), len(e.acts)))
        return found

    before = facts()
    change_series(work, mireille, ChangeSeries(planned.series_id, 1, from_on=DATES[3], time=TO_THURSDAY))

    assert facts() == before


def test_the_second_editor_is_told_and_nothing_happens_twice(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)
    ask = ChangeSeries(planned.series_id, 1, time=TO_THURSDAY)
    change_series(work, mireille, ask)
    before = counts(work)

    with pytest.raises(Stale) as refused:
        change_series(work, actor(work.session, world.omar), replace(ask, time=NewTime(at=time(10, 25))))

    assert (refused.value.facts["version"], refused.value.facts["known"]) == (2, 1)
    assert counts(work) == before


def test_what_cannot_be_is_refused_by_field(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)
    ask = ChangeSeries(planned.series_id, 1)
    wrong: list[tuple[ChangeSeries, dict[str, str]]] = [
        (ask, {"change": "nothing_to_change"}),
        (replace(ask, time=NewTime(days=(2, 4))), {"days": "as_many_as_before"}),
        (replace(ask, time=NewTime(days=(9,))), {"weekdays": "out_of_range"}),
        (replace(ask, time=NewTime(at=time(9, 2))), {"at": "not_on_the_grid"}),
        (replace(ask, minutes=47), {"minutes": "duration_not_allowed"}),
        (replace(ask, from_on=date(2027, 5, 1), minutes=30), {"from_on": "out_of_range"}),
        (replace(ask, rooms={world.pointe.id: world.room_pointe.id}), {"sites": "unknown_site"}),
        (replace(ask, rooms={world.anse.id: world.room_pointe.id}), {"room": "not_at_this_building"}),
        (replace(ask, time=TO_THURSDAY, skipping=frozenset({date(2026, 12, 2)})), {"dates": "not_a_choice"}),
        (replace(ask, time=TO_THURSDAY, decisions=Decisions(frozenset())), {"dates": "no_dates"}),
    ]
    for each, fields in wrong:
        with pytest.raises(InvalidInput) as refused:
            change_series(work, mireille, each)
        assert refused.value.fields == fields


def test_a_series_that_ended_does_not_change(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world)
    end(work, mireille, EndSeries(planned.series_id, 1, DATES[2], CancellationCause.OTHER))

    with pytest.raises(WrongState):
        change_series(work, mireille, ChangeSeries(planned.series_id, 2, time=TO_THURSDAY))


def test_a_skipped_date_is_taken_back_by_the_new_rule(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned = planned_weekly(work, world, decisions=Decisions(frozenset(DATES[1:])))
    done = change_series(work, mireille, ChangeSeries(planned.series_id, 1, time=TO_THURSDAY))

    back = take_back(work, mireille, TakeBack(done.series_id, done.version, THURSDAYS[0]))

    assert work.session.get_one(Encounter, back.encounters[0]).on_date == THURSDAYS[0]


def test_who_may_not_change_it_is_refused_and_the_stranger_finds_nothing(work: Work) -> None:
    world = a_world(work.session)
    planned = planned_weekly(work, world)
    luc = a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse)
    other = a_board(work.session, "ailleurs")
    stranger = a_professional(work.session, other, "Ève", a_building(work.session, other, "Lande"))
    ask = ChangeSeries(planned.series_id, 1, time=TO_THURSDAY)

    for act in (preview_change, change_series):
        with pytest.raises(NotAllowed):
            act(work, actor(work.session, luc), ask)
        with pytest.raises(NotFound):
            act(work, actor(work.session, stranger), ask)


def test_two_schools_are_judged_on_both_calendars(work: Work) -> None:
    world = a_world(work.session)
    both = two_schools(world, at("2026-11-24 10:30"))
    planned = planned_weekly(
        work, world, rule=replace(TUESDAYS, at=time(10, 30)), kind=EncounterKind.SMALL_GROUP, sites=both.sites
    )
    work.session.get_one(SchoolDay, (world.pointe.id, "", THURSDAYS[2])).day_type = DayType.PEDAGOGICAL
    work.session.flush()
    touch_catalogue(work.session, world.board.id)

    sheet = preview_change(
        work, actor(work.session, world.mireille), ChangeSeries(planned.series_id, 1, time=TO_THURSDAY)
    )

    assert [(line.on_date, line.subject_id) for line in sheet.failing] == [(DATES[2], world.pointe.id)]
