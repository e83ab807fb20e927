"""The travel ledger, week by week, each worked out by hand.

         C (0, 50)
         |
  D ---- base ---- A (40, 0) ---- B (60, 0)
(-100, 0)
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from intervention.domain.encounters import EncounterKind
from intervention.domain.ledger import week_ledger
from intervention.domain.ledger_audit import plain
from intervention.domain.ledger_facts import Amount, Counted, Reason, Search, WeekLedger
from intervention.domain.ledger_week import Delivery, Policy, Row, Week
from intervention.domain.travel import Place, Quality, Source, TravelTime, TravelTimes
from tests.domain.road_map import BASE, A, B, C, D, E, F, roads

MON = date(2026, 10, 5)
TUE, WED, THU, FRI = (MON + timedelta(days=n) for n in range(1, 5))
HER = UUID(int=900)
MAP = roads({BASE: (0, 0), A: (40, 0), B: (60, 0), C: (0, 50), D: (-100, 0), E: (20, 0), F: (0, -10)}, without={F})


def remote(on: date, *sites: UUID, minutes: int = 45, n: int = 0, at: UUID | None = None) -> Row:
    encounter = UUID(int=1000 * on.day + 10 * sites[0].int + n)
    return Row(encounter, on, sites, at, minutes, EncounterKind.INDIVIDUAL)


def visit(on: date, site: UUID, *others: UUID, minutes: int = 45) -> Row:
    return Row(UUID(int=500 * on.day + site.int), on, (site, *others), site, minutes, EncounterKind.INDIVIDUAL)


def week(*rows: Row, days: tuple[date, ...] = (MON, TUE, WED, THU, FRI)) -> Week:
    return Week(HER, MON, BASE, rows, days)


def kilometres(ledger: WeekLedger) -> tuple[int, int, int]:
    """(headline, by day, refused sum of round trips), in whole kilometres."""
    metres = (ledger.headline.metres, ledger.by_day.metres, ledger.round_trips.metres)
    assert all(value % 1000 == 0 for value in metres)
    return metres[0] // 1000, metres[1] // 1000, metres[2] // 1000


def reasons(ledger: WeekLedger) -> list[tuple[UUID | None, Reason]]:
    return [(left.building_id, left.reason) for left in (*ledger.access, *ledger.not_counted)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([remote(MON, A)], (80, 80, 80), id="one séance is one round trip"),
        pytest.param(
            [remote(MON, A), remote(MON, A, n=1)], (80, 80, 160), id="a second séance there is no second trip"
        ),
        pytest.param([remote(MON, A), remote(MON, B)], (120, 120, 200), id="two schools in one tour"),
        pytest.param([remote(MON, A), remote(WED, A)], (80, 160, 160), id="two days regrouped in one visit"),
        pytest.param([remote(MON, A), remote(WED, B)], (120, 200, 200), id="two schools of two days regrouped"),
        pytest.param([remote(MON, E), remote(TUE, B)], (120, 160, 160), id="a school on the way is for nothing"),
        pytest.param([visit(MON, A), remote(MON, B)], (40, 40, 120), id="she was on the road already"),
        pytest.param([visit(MON, A), remote(TUE, B)], (40, 120, 120), id="she would have gone on her day out"),
        pytest.param([visit(MON, B), remote(MON, A)], (0, 0, 80), id="the road passes there"),
        pytest.param([visit(MON, A)], (0, 0, 0), id="nothing remote, nothing saved"),
        pytest.param([remote(MON, A, B)], (120, 120, 200), id="one group of two schools is two visits"),
        pytest.param([visit(MON, A, B)], (40, 40, 120), id="there with one half of the group, remote for the other"),
        pytest.param([remote(MON, B, at=A)], (40, 40, 120), id="by video from another school"),
        pytest.param([], (0, 0, 0), id="an empty week"),
    ],
)
def test_week(rows: list[Row], expected: tuple[int, int, int]) -> None:
    ledger = week_ledger(week(*rows), MAP)

    assert kilometres(ledger) == expected
    assert ledger.search is Search.EXACT
    assert ledger.least_metres == ledger.headline.metres


def test_day_shows_the_three_tours_side_by_side() -> None:
    ledger = week_ledger(week(visit(MON, A), remote(MON, B), remote(TUE, C)), MAP)

    monday, tuesday = ledger.days[:2]
    assert monday.actual.stops == (A,)
    assert monday.as_planned is not None
    assert monday.as_planned.amount == Amount(120_000, 120)
    assert (monday.planned_minutes, monday.is_feasible) == (210, True)
    assert tuesday.actual.stops == ()
    assert ledger.actual == Amount(80_000, 80)
    assert sum((day.regrouped.amount for day in ledger.days), Amount()) == ledger.actual + ledger.headline
    assert ledger.headline == Amount(140_000, 140)
    assert ledger.range_metres == (140_000, 140_000)
    assert (ledger.legs, ledger.estimated_legs) == (12, 0)


def test_minutes_follow_the_season_and_metres_do_not() -> None:
    winter = replace(week(replace(remote(MON, A), on=date(2027, 1, 4)), days=()), monday=date(2027, 1, 4))

    assert week_ledger(winter, MAP).headline == Amount(80_000, 92)


def test_day_too_long_in_person_is_set_apart_and_regrouped() -> None:
    ledger = week_ledger(week(remote(MON, B), remote(MON, C), remote(MON, D)), MAP)

    assert ledger.infeasible_days == (MON,)
    assert ledger.days[0].planned_minutes == 420 + 135
    assert kilometres(ledger) == (420, 0, 420)
    assert ledger.range_metres == (0, 420_000)


def test_service_of_her_own_visits_fills_the_day() -> None:
    full = visit(MON, A, minutes=380)

    assert kilometres(week_ledger(week(full, remote(MON, B), days=()), MAP)) == (0, 0, 0)
    assert kilometres(week_ledger(week(full, remote(MON, B)), MAP)) == (120, 0, 120)


def test_visit_longer_than_any_day_is_access() -> None:
    ledger = week_ledger(week(remote(MON, D, minutes=300)), MAP)

    assert kilometres(ledger) == (0, 0, 0)
    assert reasons(ledger) == [(D, Reason.FITS_NO_DAY)]


def test_surplus_that_fits_no_plan_is_access_the_farthest_first() -> None:
    ledger = week_ledger(week(remote(MON, B), remote(MON, C), remote(MON, D), days=(MON,)), MAP)

    assert reasons(ledger) == [(D, Reason.FITS_NO_PLAN)]
    assert kilometres(ledger) == (220, 0, 220)
    assert ledger.infeasible_days == (MON,)


def test_surplus_leaves_the_days_that_fit_alone() -> None:
    ledger = week_ledger(week(remote(MON, B), remote(MON, C), remote(MON, D), remote(TUE, D), days=(MON, TUE)), MAP)

    assert [(item.building_id, item.on) for item in ledger.counted] == [(B, MON), (C, MON), (D, MON), (D, TUE)]
    assert kilometres(ledger) == (420, 200, 620)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (replace(remote(MON, A), delivery=Delivery.CANCELLED), Reason.CANCELLED),
        (replace(remote(MON, A), delivery=Delivery.TO_COME), Reason.TO_COME),
        (replace(remote(MON, A), delivery=Delivery.NO_SHOW_NOTED_LATER), Reason.NO_SHOW_NOTED_LATER),
        (replace(remote(MON, A), delivery=Delivery.REDONE_IN_PERSON), Reason.REDONE_IN_PERSON),
        (replace(remote(MON, A), replaces_trip=False), Reason.WOULD_NOT_HAVE_HAPPENED),
        (replace(remote(MON, A), kind=EncounterKind.MENTORING), Reason.KIND_WITHOUT_TRAVEL),
        (replace(remote(MON, A), kind=EncounterKind.TEAM), Reason.KIND_WITHOUT_TRAVEL),
        (replace(remote(MON, A), kind=EncounterKind.ADVISORY), Reason.KIND_WITHOUT_TRAVEL),
        (replace(remote(MON, A), kind=EncounterKind.REHEARSAL), Reason.KIND_WITHOUT_TRAVEL),
        (remote(MON, BASE), Reason.AT_HER_BASE),
        (remote(MON, F), Reason.NO_ROAD),
        (remote(MON, UUID(int=77)), Reason.PLACE_UNKNOWN),
        (replace(visit(MON, A), delivery=Delivery.CANCELLED), Reason.CANCELLED),
    ],
)
def test_what_weighs_nothing_and_why(row: Row, reason: Reason) -> None:
    ledger = week_ledger(week(row), MAP)

    assert reasons(ledger) == [(row.sites[0], reason)]
    assert (kilometres(ledger), ledger.actual, ledger.counted) == ((0, 0, 0), Amount(), ())


def test_concertation_counts_when_the_policy_says_so_and_a_school_takes_part() -> None:
    policy = Policy(travelling_kinds=frozenset({EncounterKind.MENTORING}))
    row = replace(remote(MON, A), kind=EncounterKind.MENTORING)

    assert kilometres(week_ledger(week(row), MAP, policy)) == (80, 80, 80)
    between_offices = replace(week(row), offices=frozenset({A}))
    assert reasons(week_ledger(between_offices, MAP, policy)) == [(A, Reason.BETWEEN_OFFICES)]


def test_access_is_what_took_place_and_no_trip_would_have() -> None:
    ledger = week_ledger(week(remote(MON, F), replace(remote(TUE, A), replaces_trip=False), remote(WED, BASE)), MAP)

    assert [left.reason for left in ledger.access] == [Reason.NO_ROAD, Reason.WOULD_NOT_HAVE_HAPPENED]
    assert [left.reason for left in ledger.not_counted] == [Reason.AT_HER_BASE]


def test_visit_the_same_day_leaves_nothing_to_save_there() -> None:
    ledger = week_ledger(week(visit(MON, A), remote(MON, A), remote(TUE, C)), MAP)

    assert reasons(ledger) == [(A, Reason.ALREADY_THERE)]
    assert kilometres(ledger) == (100, 100, 100)
    assert ledger.days[0].service_minutes == 90


def test_absent_pupil_counts_when_she_was_connected_and_apart() -> None:
    ledger = week_ledger(week(replace(remote(MON, A), delivery=Delivery.NO_SHOW)), MAP)

    assert kilometres(ledger) == (80, 80, 80)
    assert ledger.counted == (Counted(remote(MON, A).encounter_id, A, MON, 45, no_show=True),)


def test_absent_pupil_does_not_undo_a_road_that_was_driven() -> None:
    ledger = week_ledger(week(replace(visit(MON, A), delivery=Delivery.NO_SHOW)), MAP)

    assert ledger.actual == Amount(80_000, 80)


def test_storm_is_marked() -> None:
    (counted,) = week_ledger(week(replace(remote(MON, A), weather=True)), MAP).counted

    assert counted.weather


def test_base_may_change_with_the_day() -> None:
    ledger = week_ledger(replace(week(remote(MON, B), days=()), bases={MON: A}), MAP)

    assert kilometres(ledger) == (40, 40, 40)
    assert ledger.days[0].actual.base == A


def test_remote_visit_may_be_regrouped_on_the_day_that_starts_nearer() -> None:
    ledger = week_ledger(replace(week(remote(MON, B)), bases={TUE: A}), MAP)

    assert kilometres(ledger) == (40, 120, 120)


def test_declared_road_beyond_the_shortest_tour_is_shown_apart() -> None:
    ledger = week_ledger(replace(week(visit(MON, A), remote(TUE, C)), declared_metres={MON: 95_000}), MAP)

    assert [day.detour_metres for day in ledger.days[:2]] == [15_000, None]
    assert kilometres(ledger) == (100, 100, 100)


def test_day_reached_by_other_means_takes_no_visit() -> None:
    ledger = week_ledger(week(visit(MON, F), remote(MON, A)), MAP)

    monday = ledger.days[0]
    assert (monday.off_road, monday.as_planned, monday.planned_minutes, monday.is_feasible) == ((F,), None, None, False)
    assert kilometres(ledger) == (80, 0, 80)
    alone = week_ledger(week(visit(MON, F), remote(MON, A), days=(MON,)), MAP)
    assert reasons(alone) == [(A, Reason.FITS_NO_DAY)]


def test_base_on_an_island_does_not_lend_its_day() -> None:
    times = roads({BASE: (0, 0), A: (40, 0), F: (0, -10)}, without={F})

    ledger = week_ledger(replace(week(remote(MON, A), days=(MON, TUE)), bases={TUE: F}), times)

    assert kilometres(ledger) == (80, 80, 80)
    assert [day.regrouped.stops for day in ledger.days] == [(A,), ()]


def test_more_visits_than_a_day_holds_are_a_tour_but_take_no_more() -> None:
    line = {UUID(int=n): (n, 0) for n in range(16)}
    fourteen = [visit(MON, building, minutes=5) for building in list(line)[1:15]]

    ledger = week_ledger(week(*fourteen, remote(MON, UUID(int=15)), days=(MON,)), roads(line))

    assert ledger.actual == Amount(28_000, 28)
    assert reasons(ledger) == [(UUID(int=15), Reason.FITS_NO_DAY)]
    assert ledger.search is Search.UPPER_BOUND


def test_day_of_more_schools_than_it_holds_is_not_feasible() -> None:
    line = {UUID(int=n): (n, 0) for n in range(16)}

    ledger = week_ledger(week(*(remote(MON, building, minutes=5) for building in list(line)[1:])), roads(line))

    assert ledger.infeasible_days == (MON,)
    assert ledger.days[0].as_planned is not None
    assert ledger.days[0].as_planned.amount == Amount(30_000, 30)
    assert kilometres(ledger)[0] == 40
    assert (ledger.search, ledger.least_metres) == (Search.UPPER_BOUND, 30_000)
    assert ledger.range_metres == (0, 40_000)


def test_unknown_base_is_refused() -> None:
    with pytest.raises(ValueError, match="base_unknown"):
        week_ledger(replace(week(), bases={MON: UUID(int=77)}), MAP)


def test_estimated_legs_are_counted() -> None:
    guess = TravelTime(30, 30_000, Source.ESTIMATED, quality=Quality.ESTIMATED)
    places = [Place(BASE, 48, -68), Place(A, 48.2, -68)]
    times = TravelTimes(places, [{(BASE, A): TravelTime(25, 28_000, Source.DECLARED)}, {(A, BASE): guess}])

    ledger = week_ledger(week(remote(MON, A)), times)

    assert ledger.headline == Amount(58_000, 55)
    assert (ledger.legs, ledger.estimated_legs) == (4, 2)


def test_same_week_has_the_same_seal_and_another_has_not() -> None:
    rows = (remote(MON, A), remote(TUE, B))
    ledger = week_ledger(week(*rows), MAP)

    assert week_ledger(week(*rows), MAP) == ledger
    assert len(ledger.content_hash) == 64
    others = [
        week_ledger(week(*rows[:1]), MAP),
        week_ledger(week(*rows), MAP, Policy(day_minutes=479)),
        week_ledger(week(*rows), roads({BASE: (0, 0), A: (41, 0), B: (60, 0)})),
        week_ledger(replace(week(*rows), declared_metres={MON: 1}), MAP),
    ]
    assert len({ledger.content_hash, *(other.content_hash for other in others)}) == 5


def test_ledger_can_be_written_down_whole() -> None:
    ledger = week_ledger(week(visit(MON, A), remote(MON, B)), MAP)

    written = json.loads(json.dumps(plain(ledger)))

    assert written["regrouped"] == {"metres": 40_000, "minutes": 40}
    assert written["days"][0]["actual"]["stops"] == [str(A)]
    assert "content_hash" not in written
