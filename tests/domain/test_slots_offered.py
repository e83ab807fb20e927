"""What a search offers, in what order, and what it says of the rest: one small day at a time, ticks from midnight."""

from __future__ import annotations

import random
from dataclasses import replace
from uuid import UUID

from intervention.domain import masks
from intervention.domain.slot_search import explain, proposed, search
from intervention.domain.slots import (
    Calendar,
    Day,
    FixKind,
    Option,
    Problem,
    Reason,
    Refusal,
    Rule,
    ShortRoad,
    SitePlan,
    Stop,
    Taken,
    Traveller,
)

BASE, SCHOOL, OTHER = (UUID(int=n) for n in (1, 2, 3))
HOST = UUID(int=9)
EIGHT, TEN, NOON, ONE, FOUR = 96, 120, 144, 156, 192
HOUR = 12


def a_traveller(*stops: Stop, road: int | None = HOUR, **more: object) -> Traveller:
    """At work from 8 to 16, an hour of road from base to school, half an hour from either to the other school."""
    table = {
        (BASE, SCHOOL): road, (SCHOOL, BASE): road, (BASE, OTHER): 6, (OTHER, BASE): 6, (SCHOOL, OTHER): 6,
        (OTHER, SCHOOL): 6,
    }  # fmt: skip
    day = Day(0, 288, NOON - 6, ONE + 6, stops, is_winter=False)
    made = Traveller(HOST, BASE, masks.run(EIGHT, FOUR), 0, (day,), needs={False: table})
    return replace(made, **more)  # type: ignore[arg-type]


def a_problem(*options: Option, who: Traveller | None = None, **more: object) -> Problem:
    """One day, three quarters of an hour."""
    return replace(Problem(0, 288, 0, 9, (who or a_traveller(),), options), **more)  # type: ignore[arg-type]


def remote(*sites: SitePlan, **more: object) -> Option:
    return replace(Option(sites or (SitePlan(SCHOOL),), {HOST: BASE}, is_remote=True), **more)  # type: ignore[arg-type]


def in_person(*sites: SitePlan, at: UUID = SCHOOL) -> Option:
    return Option(sites or (SitePlan(at),), {HOST: at}, is_remote=False)


def a_calendar(number: int, *busy: tuple[int, int]) -> Calendar:
    return Calendar(UUID(int=number), sum(masks.run(low, high) for low, high in busy))


def test_odd_moment_is_proposed_where_no_round_one_is_free() -> None:
    site = SitePlan(SCHOOL, (a_calendar(20, (EIGHT, TEN + 1), (TEN + 11, FOUR)),))

    found = search(a_problem(remote(site)))

    assert [slot.start for slot in found.slots] == [TEN + 1]


def test_stretch_is_proposed_by_its_round_starts_else_by_its_first() -> None:
    rng = random.Random(5)
    for _ in range(300):
        allowed, round_starts = rng.getrandbits(60) & rng.getrandbits(60), rng.getrandbits(60) & rng.getrandbits(60)

        found = proposed(allowed, round_starts)

        expected = allowed & round_starts
        for tick in masks.listed(allowed & ~(allowed << 1)):
            low, high = masks.run_around(allowed, tick)
            if not masks.run(low, high) & round_starts:
                expected |= 1 << tick
        assert found == expected


def test_one_facilitator_is_not_at_two_schools_at_once() -> None:
    joseph, marie = a_calendar(31), a_calendar(32, (EIGHT, NOON))
    both = tuple(
        SitePlan(building, needs_facilitator=True, facilitators=(joseph, marie)) for building in (SCHOOL, OTHER)
    )

    found = search(a_problem(remote(*both)))

    assert min(slot.start for slot in found.slots) == NOON
    assert {given.facilitator_id for given in found.slots[0].given} == {joseph.resource_id, marie.resource_id}
    (refusal,) = explain(a_problem(remote(*both)), TEN, 0)
    assert (refusal.rule, refusal.subject_id) == (Rule.FACILITATOR_TAKEN, SCHOOL)


def test_room_asked_for_is_taken_from_when_until_when_and_another_would_do() -> None:
    twelve, fourteen = a_calendar(12, (TEN, TEN + 9)), a_calendar(14)
    site = SitePlan(SCHOOL, needs_room=True, rooms=(twelve,), other_rooms=(fourteen,))

    refusal = refused_day(a_problem(remote(site), not_before=TEN, length=TEN + 9))

    assert (refusal.rule, refusal.taken) == (Rule.ROOM_TAKEN, Taken(twelve.resource_id, TEN, TEN + 9))
    assert (refusal.fixes[0].kind, refusal.fixes[0].resource_id) == (FixKind.OTHER_ROOM, fourteen.resource_id)


def test_facilitator_asked_for_is_taken_and_another_would_do() -> None:
    joseph, marie = a_calendar(31, (EIGHT, FOUR)), a_calendar(32)
    site = SitePlan(SCHOOL, needs_facilitator=True, facilitators=(joseph,), other_facilitators=(marie,))

    refusal = refused_day(a_problem(remote(site)))

    assert (refusal.rule, refusal.taken) == (Rule.FACILITATOR_TAKEN, None)
    assert (refusal.fixes[0].kind, refusal.fixes[0].resource_id) == (FixKind.OTHER_FACILITATOR, marie.resource_id)


def test_full_day_is_short_of_a_quarter_of_an_hour_or_has_a_moment_after_class() -> None:
    who = a_traveller(Stop(EIGHT, TEN, BASE), Stop(TEN + 6, NOON, BASE), Stop(ONE, FOUR - 15, BASE), lunch_ticks=6)
    site = SitePlan(SCHOOL, school=masks.run(EIGHT, FOUR - 15), class_days=masks.run(0, 288))

    refusal = refused_day(a_problem(remote(site), who=who, shorter=(6,)))

    assert (refusal.rule, refusal.subject_id) == (Rule.PARTICIPANT_BUSY, HOST)
    shorter, after = refusal.fixes[:2]
    assert (shorter.kind, shorter.start, shorter.duration) == (FixKind.SHORTER, TEN, 6)
    assert (after.kind, after.start, after.accepting) == (FixKind.ACCEPTING, FOUR - 15, Rule.OUTSIDE_BELLS)


def test_two_changes_where_one_is_not_enough() -> None:
    who = a_traveller(Stop(EIGHT, FOUR - 6, BASE), lunch_ticks=0)
    site = SitePlan(SCHOOL, school=masks.run(EIGHT, FOUR - 6), class_days=masks.run(0, 288))

    (fix,) = refused_day(a_problem(remote(site), who=who, shorter=(6,))).fixes

    assert (fix.kind, fix.start, fix.duration, fix.accepting) == (FixKind.SHORTER, FOUR - 6, 6, Rule.OUTSIDE_BELLS)


def test_optional_person_in_the_way_is_the_change() -> None:
    site = SitePlan(SCHOOL, (replace(a_calendar(20, (EIGHT, FOUR)), is_required=False),))

    refusal = refused_day(a_problem(remote(site)))

    assert (refusal.rule, refusal.subject_id) == (Rule.PARTICIPANT_BUSY, UUID(int=20))
    assert (refusal.fixes[0].kind, refusal.fixes[0].resource_id) == (FixKind.WITHOUT, UUID(int=20))


def test_her_own_encounters_in_the_way_are_told_where_they_may_be() -> None:
    seen, unseen = Stop(EIGHT, NOON, BASE, UUID(int=70)), Stop(NOON, FOUR, BASE)

    refusal = refused_day(a_problem(remote(), who=a_traveller(seen, unseen)))

    assert refusal.met == (seen,)


def test_day_without_class_is_proposed_at_no_price() -> None:
    site = SitePlan(SCHOOL, school=0, class_days=0)

    refusal = refused_day(a_problem(remote(site), shorter=(6,)))

    assert (refusal.rule, refusal.fixes) == (Rule.CLOSED_DAY, ())


def refused_day(problem: Problem) -> Refusal:
    found = search(problem)
    assert found.slots == ()
    refusal = found.days[0].refusal
    assert refusal is not None
    return refusal


def test_when_somebody_is_taken_is_their_own_business() -> None:
    site = SitePlan(SCHOOL, (a_calendar(20, (TEN, TEN + 9)),))

    (refusal,) = explain(a_problem(remote(site)), TEN, 0)

    assert (refusal.rule, refusal.taken) == (Rule.PARTICIPANT_BUSY, None)


def test_road_too_short_says_from_where() -> None:
    who = a_traveller(Stop(TEN, TEN + 9, SCHOOL))

    (refusal,) = explain(a_problem(in_person(at=OTHER), who=who), TEN + 9 + 3, 0)

    assert refusal.rule is Rule.TOO_SHORT_FOR_ROAD
    assert refusal.road == ShortRoad(SCHOOL, OTHER, needed=6, free=3)


def test_road_too_short_out_says_to_where() -> None:
    who = a_traveller(Stop(TEN, TEN + 9, SCHOOL))

    (refusal,) = explain(a_problem(in_person(at=OTHER), who=who), TEN - 9 - 2, 0)

    assert refusal.road == ShortRoad(OTHER, SCHOOL, needed=6, free=2)


def test_island_without_a_road_is_reached_by_video_though_nobody_asked() -> None:
    found = search(a_problem(in_person(), remote(is_asked=False), who=a_traveller(road=None)))

    (day,) = found.days
    assert found.slots == ()
    assert day.refusal is not None
    assert day.refusal.rule is Rule.NO_ROAD
    assert (day.refusal.fixes[0].kind, day.refusal.fixes[0].option) == (FixKind.GO_REMOTE, 1)


def test_way_that_makes_sense_on_no_day_is_neither_offered_nor_explained() -> None:
    found = search(a_problem(remote(only=0)))

    assert (found.slots, found.total) == ((), 0)
    assert found.days[0].refusal is None or not found.days[0].refusal.fixes


def test_moments_that_overlap_a_better_one_come_after_those_that_do_not() -> None:
    found = search(a_problem(remote()))

    first = [slot.start for slot in found.slots[:3]]
    assert first == [EIGHT, EIGHT + 9, EIGHT + 18]
    assert found.slots[-1].start in {FOUR - 12, FOUR - 9}


def test_school_she_goes_to_on_no_other_day_is_not_forgotten() -> None:
    who = a_traveller(Stop(TEN, TEN + 9, OTHER))

    found = search(a_problem(in_person(), in_person(at=OTHER), who=who), limit=None)

    told = {slot.option: Reason.ONLY_VISIT in slot.reasons for slot in found.slots}
    assert told == {0: True, 1: False}


def test_long_leg_is_a_warning_not_a_refusal() -> None:
    found = search(a_problem(in_person(), who=a_traveller(road=20)))

    assert all(Reason.LONG_ROAD in slot.reasons for slot in found.slots)
    assert found.total > 0


def test_morning_away_over_lunch_leaves_the_afternoon_free() -> None:
    lunch = 6
    who = a_traveller(away=masks.run(EIGHT, ONE + 6), lunch_ticks=lunch)

    found = search(a_problem(remote(), who=who))

    assert min(slot.start for slot in found.slots) == ONE + 6


def test_last_free_half_hour_of_lunch_is_hers() -> None:
    who = a_traveller(Stop(NOON - 6, ONE - 9, BASE), lunch_ticks=6)

    refused = explain(a_problem(remote(), who=who), ONE - 6, 0)

    assert [refusal.rule for refusal in refused] == [Rule.LUNCH]
