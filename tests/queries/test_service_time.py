"""Service time by hand: what counts where, what a small number hides, and what nobody can work out from the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from intervention.domain.encounters import CancellationCause, EncounterKind, EncounterStatus
from intervention.domain.errors import NotAllowed
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Actor
from intervention.domain.service_time import Breakdown, ServiceState, Tally, Time, hidden_together, months_of
from intervention.domain.suppression import TOTAL
from intervention.queries.service_sums import forget_sums
from intervention.queries.service_time import ServiceAsk, ServiceReport, own_service_time, service_time
from intervention.records.encounters import Encounter
from intervention.usecases.booking import book
from intervention.usecases.cancelling import CancelEncounter, cancel
from intervention.usecases.changing import ChangeEncounter, change
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, actor
from tests.usecases.booking_world import World, a_world, at, in_person, two_schools

GIVEN, PLANNED, CANCELLED = ServiceState


@pytest.fixture(autouse=True)
def _no_sums_of_another_test() -> Iterator[None]:
    yield
    forget_sums()


@pytest.fixture
def world(work: Work) -> World:
    """A visit of 45 minutes given at Anse-aux-Lièvres, a group of two schools to come, a visit cancelled by a storm."""
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    given = book(work, mireille, in_person(world, at("2026-11-24 10:30")))
    book(work, mireille, two_schools(world, at("2026-11-25 10:30")))
    off = book(work, mireille, in_person(world, at("2026-12-02 10:30")))
    cancel(work, mireille, CancelEncounter(off.encounter_id, off.version, CancellationCause.CLOSURE, None))
    work.session.get_one(Encounter, given.encounter_id).status = EncounterStatus.COMPLETED
    work.session.flush()
    return world


def mireille_of(work: Work, world: World) -> Actor:
    return actor(work.session, world.mireille)


def told(report: ServiceReport) -> dict[object, tuple[Time | None, ...]]:
    return {row.what: tuple(row.cells.values()) for row in report.rows}


def test_a_seance_at_two_schools_counts_in_each_and_its_time_is_shared(work: Work, world: World) -> None:
    report = own_service_time(work.session, mireille_of(work, world), ServiceAsk(Breakdown.SCHOOL, 2026))

    assert told(report) == {
        "École Anse-aux-Lièvres": (Time(1, 45, 1), Time(1, 22, 1), Time(1, 45, 1)),
        "École Pointe-Bise": (Time(), Time(1, 22, 1), Time()),
    }
    assert tuple(report.total.values()) == (Time(1, 45, 1), Time(1, 45, 2), Time(1, 45, 1))
    assert report.hidden == 0


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        (Breakdown.PROFESSIONAL, {"Mireille Essai"}),
        (Breakdown.DISCIPLINE, {Discipline.SPEECH_THERAPY}),
        (Breakdown.KIND, {EncounterKind.INDIVIDUAL, EncounterKind.SMALL_GROUP}),
        (Breakdown.MONTH, {date(2026, 11, 1), date(2026, 12, 1)}),
    ],
)
def test_each_breakdown_adds_up_to_the_same_total(work: Work, world: World, by: Breakdown, keys: set[object]) -> None:
    report = own_service_time(work.session, mireille_of(work, world), ServiceAsk(by, 2026))

    assert set(told(report)) == keys
    for state in ServiceState:
        assert sum(row.cells[state].seances for row in report.rows) == report.total[state].seances == 1  # type: ignore[union-attr]
        assert sum(row.cells[state].minutes for row in report.rows) == 45  # type: ignore[union-attr]


def test_a_month_holds_its_own(work: Work, world: World) -> None:
    ask = ServiceAsk(Breakdown.KIND, 2026, date(2026, 12, 1))

    report = own_service_time(work.session, mireille_of(work, world), ask)

    assert told(report) == {EncounterKind.INDIVIDUAL: (Time(), Time(), Time(1, 45, 1))}
    assert [(row.cause, row.time) for row in report.causes] == [(CancellationCause.CLOSURE, Time(1, 45, 1))]


def test_a_change_is_seen_at_once(work: Work, world: World) -> None:
    mireille, ask = mireille_of(work, world), ServiceAsk(Breakdown.KIND, 2026)
    assert own_service_time(work.session, mireille, ask).total[GIVEN] == Time(1, 45, 1)

    book(work, mireille, in_person(world, at("2026-11-26 10:30")))

    assert own_service_time(work.session, mireille, ask).total[PLANNED] == Time(2, 90, 2)


def test_a_proposal_is_not_service(work: Work, world: World) -> None:
    mireille = mireille_of(work, world)
    book(work, mireille, replace(in_person(world, at("2026-11-26 10:30")), hold_minutes=60))

    assert own_service_time(work.session, mireille, ServiceAsk(Breakdown.KIND, 2026)).total[PLANNED] == Time(1, 45, 2)


def test_the_board_reads_no_small_number(work: Work, world: World) -> None:
    omar = actor(work.session, world.omar)

    for by in Breakdown:
        report = service_time(work.session, omar, ServiceAsk(by, 2026))
        shown = [time for row in report.rows for time in row.cells.values() if time is not None]
        assert {time.pupils for time in shown} <= {0}, by
        assert [report.total[state] for state in ServiceState] == [None] * 3
        assert [row.time for row in report.causes] == [None]


def test_who_may_read(work: Work, world: World) -> None:
    ask = ServiceAsk(Breakdown.SCHOOL, 2026)
    stranger = actor(
        work.session, a_person(work.session, a_board(work.session, "voisin"), "Paule", Role.PRIVACY_OFFICER)
    )

    with pytest.raises(NotAllowed):
        service_time(work.session, mireille_of(work, world), ask)
    with pytest.raises(NotAllowed):
        own_service_time(work.session, actor(work.session, world.joseph), ask)
    assert service_time(work.session, stranger, ask).rows == ()


NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def tally_of(pupils: dict[tuple[date, str], int]) -> Tally:
    """One séance of an hour for each pupil, all given."""
    tally = Tally()
    for (month, school), count in pupils.items():
        for column in (school, TOTAL):
            tally.add((GIVEN, month), column, count, 3600.0 * count)
        for _ in range(count):
            tally.add_pupil((GIVEN, month), school, uuid4())
    return tally


def test_a_year_does_not_give_a_month_back() -> None:
    tally = tally_of({(NOVEMBER, "A"): 3, (DECEMBER, "A"): 20, (NOVEMBER, "B"): 30, (DECEMBER, "B"): 25})

    hidden = tally.hidden(5)

    assert ((GIVEN, NOVEMBER), "A") in hidden
    assert {((GIVEN, DECEMBER), "A"), (GIVEN, "A")} & hidden
    assert {((GIVEN, NOVEMBER), "B"), ((GIVEN, NOVEMBER), TOTAL)} & hidden


def test_pupils_seen_every_month_are_few_in_the_year_too() -> None:
    tally, few = Tally(), [uuid4() for _ in range(3)]
    for month in months_of(2026):
        tally.add((GIVEN, month), "A", 3, 3600.0)
        tally.add((GIVEN, month), TOTAL, 3, 3600.0)
        for pupil in few:
            tally.add_pupil((GIVEN, month), "A", pupil)

    assert (GIVEN, "A") in tally.hidden(5)
    assert (GIVEN, TOTAL) in tally.hidden(5)


def test_a_total_hidden_in_one_table_is_hidden_and_guarded_in_all() -> None:
    schools = tally_of({(NOVEMBER, "A"): 3, (NOVEMBER, "B"): 4})
    kinds = Tally()
    for column in ("individual", TOTAL):
        kinds.add((GIVEN, NOVEMBER), column, 7, 3600.0 * 7)
    for pupil in schools.pupils[(GIVEN, NOVEMBER), TOTAL]:
        kinds.add_pupil((GIVEN, NOVEMBER), "individual", pupil)

    hidden = hidden_together({"schools": schools, "kinds": kinds}, 5)

    assert ((GIVEN, NOVEMBER), TOTAL) in hidden["schools"]
    assert ((GIVEN, NOVEMBER), TOTAL) in hidden["kinds"]
    assert ((GIVEN, NOVEMBER), "individual") in hidden["kinds"]


@pytest.mark.parametrize("by", list(Breakdown))
def test_what_is_kept_by_month_is_what_would_be_read_anew(work: Work, world: World, by: Breakdown) -> None:
    """An act in one month, a move from one month to another, and a pupil seen in both: kept and read anew agree."""
    mireille, omar = mireille_of(work, world), actor(work.session, world.omar)
    reports = (
        (lambda: own_service_time(work.session, mireille, ServiceAsk(by, 2026))),
        (lambda: service_time(work.session, omar, ServiceAsk(by, 2026, date(2026, 12, 1)))),
    )
    before = [report() for report in reports]
    booked = book(work, mireille, in_person(world, at("2026-11-26 13:30")))
    during = [report() for report in reports]
    change(work, mireille, ChangeEncounter(booked.encounter_id, booked.version, starts_at=at("2026-12-03 13:30")))
    after = [report() for report in reports]

    forget_sums()
    assert [report() for report in reports] == after
    assert before[0] != during[0]
    assert (after[0] != during[0]) is (by is Breakdown.MONTH)
