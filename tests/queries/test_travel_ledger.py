"""A week's travel read from stored séances, its figure worked out by hand from declared roads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from intervention.domain.days import DayType
from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.ledger_facts import Amount, Reason
from intervention.domain.people import Role
from intervention.queries.travel_ledger import board_travel, own_travel, travel_detail
from intervention.queries.travel_weeks import load_weeks
from intervention.records.encounters import Encounter
from intervention.records.schools import Building, Road
from intervention.usecases.booking import book
from intervention.usecases.closures import declare as close
from intervention.usecases.work import Work
from tests.builders import a_person, a_professional, actor
from tests.usecases.booking_world import World, a_world, at, in_person, office, pupil_site, remote
from tests.usecases.closing_world import a_closing_world, three_pupils

MONDAY = date(2026, 11, 23)
KM = 1000


@pytest.fixture
def world(work: Work) -> World:
    """Base to Anse 40 km, Anse to Pointe 50 km, base to Pointe 90 km; 40, 50 and 90 minutes of dry road."""
    world = a_world(work.session)
    declare(work, world.base, world.anse, 40)
    declare(work, world.anse, world.pointe, 50)
    declare(work, world.base, world.pointe, 90)
    return world


def declare(work: Work, start: Building, end: Building, km: int) -> None:
    for one, other in ((start, end), (end, start)):
        work.session.add(
            Road(
                organization_id=start.organization_id, from_building_id=one.id, to_building_id=other.id,
                minutes=km, metres=km * KM, source="essai",
            )
        )  # fmt: skip
    work.session.flush()


def held(work: Work, world: World, *asks: object, strict: bool = False) -> None:
    mireille = actor(work.session, world.mireille)
    for ask in asks:
        done = book(work, mireille, replace(ask, is_strict=strict))  # type: ignore[type-var]
        work.session.get_one(Encounter, done.encounter_id).status = EncounterStatus.COMPLETED
    work.session.flush()


def by_video_to_pointe(world: World, when: str) -> object:
    return replace(
        remote(world, at(when)), sites=(office(world), pupil_site(world.maude, world.room_pointe, world.rose))
    )


def test_the_figure_is_what_the_visit_would_have_added(work: Work, world: World) -> None:
    """Driven: base, Anse, base = 80 km. Without video Pointe joins that day: base, Anse, Pointe, base = 180 km."""
    held(work, world, in_person(world, at("2026-11-24 10:30")), by_video_to_pointe(world, "2026-11-26 10:30"))

    report = own_travel(work.session, actor(work.session, world.mireille), world.mireille.id, [MONDAY])

    (week,) = report.weeks
    winter = [46, 58, 104]  # 40, 50 and 90 minutes and 15 per cent, rounded up
    assert report.total.driven == Amount(80 * KM, 2 * winter[0])
    assert report.total.avoided == Amount(100 * KM, sum(winter) - 2 * winter[0])
    assert (week.least_metres, week.most_metres) == (100 * KM, 180 * KM)  # by the day: Pointe and back on Thursday
    assert (report.total.legs, report.total.estimated_legs) == (2 + 3 + 2 + 2, 0)
    assert report.total.access == 0


def test_what_is_to_come_weighs_nothing(work: Work, world: World) -> None:
    book(work, actor(work.session, world.mireille), remote(world, at("2026-11-26 10:30")))

    found = travel_detail(work.session, actor(work.session, world.mireille), world.mireille.id, MONDAY)

    assert found.week.ledger.headline == Amount()
    assert [item.reason for item in found.week.ledger.not_counted] == [Reason.TO_COME]


def test_where_no_road_leads_is_access(work: Work, world: World) -> None:
    world.pointe.road_component = "ile"
    work.session.query(Road).filter(
        (Road.from_building_id == world.pointe.id) | (Road.to_building_id == world.pointe.id)
    ).delete()
    held(work, world, by_video_to_pointe(world, "2026-11-26 10:30"))

    report = own_travel(work.session, actor(work.session, world.mireille), world.mireille.id, [MONDAY])

    assert report.total.access == 1
    assert report.total.avoided == Amount()
    assert [item.reason for week in report.weeks for item in week.ledger.access] == [Reason.NO_ROAD]


def test_an_undeclared_road_is_estimated_low_and_ranged_high(work: Work, world: World) -> None:
    work.session.query(Road).delete()
    held(work, world, by_video_to_pointe(world, "2026-11-26 10:30"))

    (week,) = own_travel(work.session, actor(work.session, world.mireille), world.mireille.id, [MONDAY]).weeks

    assert week.ledger.estimated_legs == week.ledger.legs > 0
    assert week.most_metres > week.ledger.headline.metres


def test_the_board_adds_its_professionals_up(work: Work, world: World) -> None:
    a_professional(work.session, world.board, "Solange", world.base)
    held(work, world, by_video_to_pointe(world, "2026-11-26 10:30"))
    mondays = [MONDAY - timedelta(weeks=1), MONDAY]

    report = board_travel(work.session, actor(work.session, world.omar), mondays)

    assert [week.traveller.name for week in report.weeks] == ["Mireille Essai", "Solange Essai"] * 2
    assert report.of_week(MONDAY).avoided.metres == report.total.avoided.metres == 180 * KM
    assert report.trimmed().mondays == (MONDAY,)


def test_a_confidential_seance_is_in_the_sum_and_unnamed_to_others(work: Work, world: World) -> None:
    held(work, world, by_video_to_pointe(world, "2026-11-26 10:30"), strict=True)

    own = travel_detail(work.session, actor(work.session, world.mireille), world.mireille.id, MONDAY)
    other = travel_detail(work.session, actor(work.session, world.omar), world.mireille.id, MONDAY)

    assert own.week.ledger.headline == other.week.ledger.headline
    assert own.unnamed == frozenset()
    assert other.unnamed == {item.encounter_id for item in other.week.ledger.counted}


def test_who_may_read(work: Work, world: World) -> None:
    session = work.session
    paule = actor(session, a_person(session, world.board, "Paule", Role.PRIVACY_OFFICER))
    solange = actor(session, a_professional(session, world.board, "Solange", world.base))

    assert board_travel(session, paule, [MONDAY]).people == ()
    for other in (paule, solange, actor(session, world.joseph)):
        with pytest.raises(NotAllowed):
            own_travel(session, other, world.mireille.id, [MONDAY])
    with pytest.raises(NotAllowed):
        board_travel(session, solange, [MONDAY])
    with pytest.raises(NotFound):
        travel_detail(session, actor(session, world.omar), world.joseph.id, MONDAY)


def test_what_a_closure_made_remote_is_weather_even_on_a_day_of_suspension(work: Work) -> None:
    closing = a_closing_world(work.session)
    mireille, omar = (actor(work.session, who) for who in (closing.world.mireille, closing.world.omar))
    done = book(work, mireille, three_pupils(closing, "10:30"))
    close(work, omar, closing.closure(DayType.SUSPENSION))
    work.session.get_one(Encounter, done.encounter_id).status = EncounterStatus.COMPLETED
    work.session.flush()

    (week,) = load_weeks(work.session, closing.world.board.id, [closing.world.mireille.id], [MONDAY])

    assert [(row.encounter_id, row.weather) for row in week.rows] == [(done.encounter_id, True)]
