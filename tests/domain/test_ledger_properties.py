"""What must hold of every week, whatever the map and the séances."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from intervention.domain.encounters import EncounterKind
from intervention.domain.ledger import week_ledger
from intervention.domain.ledger_facts import Amount, Reason, Search
from intervention.domain.ledger_shares import shares
from intervention.domain.ledger_week import Policy, Row, Week
from intervention.domain.travel import Place, Source, TravelTime, TravelTimes

MONDAY = date(2026, 10, 5)
DAYS = tuple(MONDAY + timedelta(days=n) for n in range(5))
BASE, *SCHOOLS = (UUID(int=n) for n in range(6))
ENDLESS = Policy(day_minutes=100_000)
one_way = st.builds(TravelTime, st.integers(0, 150), st.integers(0, 150_000), st.just(Source.DECLARED))


@st.composite
def maps(draw: st.DrawFn) -> TravelTimes:
    """Any travel times, unlike in the two directions and blind to any triangle."""
    ids = [BASE, *SCHOOLS]
    matrix = {(a, b): draw(one_way) for a in ids for b in ids if a != b}
    return TravelTimes([Place(building, 48, -68) for building in ids], [matrix])


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    rows = []
    for number in range(draw(st.integers(0, 9))):
        at = draw(st.sampled_from([None, None, None, *SCHOOLS]))
        sites = (at,) if at else tuple(draw(st.sets(st.sampled_from(SCHOOLS), min_size=1, max_size=2)))
        minutes = draw(st.sampled_from([30, 45, 60, 120]))
        rows.append(Row(UUID(int=number), draw(st.sampled_from(DAYS)), sites, at, minutes, EncounterKind.INDIVIDUAL))
    return Week(UUID(int=99), MONDAY, BASE, tuple(rows), DAYS)


@settings(deadline=None, max_examples=60)
@given(weeks(), maps())
def test_saving_is_never_negative_nor_more_than_the_round_trips(week: Week, times: TravelTimes) -> None:
    ledger = week_ledger(week, times)

    assert 0 <= ledger.by_day.metres <= ledger.round_trips.metres
    assert 0 <= ledger.regrouped.metres <= ledger.round_trips.metres
    assert ledger.range_metres[0] <= ledger.headline.metres <= ledger.range_metres[1]
    assert len(ledger.counted) + len(ledger.access) + len(ledger.not_counted) == sum(
        len(row.sites) for row in week.rows if row.present_at is None
    )


@settings(deadline=None, max_examples=60)
@given(weeks(), maps())
def test_regrouping_never_costs_more_when_every_day_could_be_driven(week: Week, times: TravelTimes) -> None:
    for policy in (Policy(), ENDLESS):
        ledger = week_ledger(week, times, policy)

        assert ledger.infeasible_days or ledger.regrouped.metres <= ledger.by_day.metres
    assert not ledger.infeasible_days
    assert ledger.search is Search.EXACT


@settings(deadline=None, max_examples=40)
@given(weeks(), maps())
def test_no_remote_seance_saves_nothing(week: Week, times: TravelTimes) -> None:
    rows = tuple(row for row in week.rows if row.present_at is not None)

    ledger = week_ledger(replace(week, rows=rows), times)

    assert (ledger.by_day, ledger.regrouped, ledger.round_trips) == (Amount(), Amount(), Amount())


@settings(deadline=None, max_examples=40)
@given(weeks(), maps())
def test_one_more_seance_the_same_day_at_the_same_school_saves_nothing_more(week: Week, times: TravelTimes) -> None:
    twice = tuple(replace(row, encounter_id=UUID(int=100 + n)) for n, row in enumerate(week.rows))

    once, doubled = (week_ledger(replace(week, rows=rows), times, ENDLESS) for rows in (week.rows, week.rows + twice))

    assert (doubled.by_day, doubled.regrouped) == (once.by_day, once.regrouped)


@settings(deadline=None, max_examples=60)
@given(weeks(), maps(), st.sampled_from(SCHOOLS), st.sampled_from(DAYS))
def test_visit_to_a_school_leaves_nothing_to_save_there_that_day(
    week: Week, times: TravelTimes, school: UUID, on: date
) -> None:
    visit = Row(UUID(int=200), on, (school,), school, 30, EncounterKind.INDIVIDUAL)

    ledger = week_ledger(replace(week, rows=(*week.rows, visit)), times)

    assert not [item for item in ledger.counted if (item.building_id, item.on) == (school, on)]
    left = {item.reason for item in ledger.not_counted if (item.building_id, item.on) == (school, on)}
    assert left <= {Reason.ALREADY_THERE}


@settings(deadline=None, max_examples=60)
@given(weeks(), maps())
def test_tours_shown_are_the_figures_published(week: Week, times: TravelTimes) -> None:
    ledger = week_ledger(week, times)

    driven = sum((day.actual.amount for day in ledger.days), Amount())
    regrouped = sum((day.regrouped.amount for day in ledger.days), Amount())
    planned = [day.as_planned.amount - day.actual.amount for day in ledger.days if day.is_feasible and day.as_planned]
    assert ledger.actual == driven
    assert ledger.regrouped == regrouped - driven
    assert ledger.by_day == sum(planned, Amount())
    seen = {building for day in ledger.days for building in day.regrouped.stops}
    assert {item.building_id for item in ledger.counted} <= seen
    for day in ledger.days:
        assert day.planned_minutes is not None
        assert day.is_feasible or day.planned_minutes > 480 or day.actual.stops or day.remote_minutes
        assert set(day.actual.stops) <= set(day.regrouped.stops)


@settings(deadline=None, max_examples=60)
@given(weeks(), maps())
def test_shares_add_up_to_the_headline(week: Week, times: TravelTimes) -> None:
    ledger = week_ledger(week, times)

    split = shares(ledger, times)

    assert [item for item, _ in split] == list(ledger.counted)
    assert sum((amount for _, amount in split), Amount()) == ledger.headline
    assert all(amount.metres >= 0 for _, amount in split)


@settings(deadline=None, max_examples=40)
@given(weeks(), maps(), st.randoms())
def test_order_of_the_rows_changes_nothing(week: Week, times: TravelTimes, random: Random) -> None:
    rows = list(week.rows)
    random.shuffle(rows)

    shuffled = replace(week, rows=tuple(rows), workdays=week.workdays[::-1])

    assert week_ledger(shuffled, times) == week_ledger(week, times)
