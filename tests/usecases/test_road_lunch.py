"""Lunch on the road: she eats where she is, and her roads are laid around it as the search counted on."""

from __future__ import annotations

import random
from datetime import datetime, time

import pytest
from sqlalchemy import select

from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import Modality, ParticipantRole
from intervention.domain.errors import SlotRefused
from intervention.queries.slot_problem import SlotAsk
from intervention.records.people import Professional
from intervention.records.reservations import Leg
from intervention.records.schools import Building
from intervention.usecases.booking import book
from intervention.usecases.finding import find_slots
from intervention.usecases.work import Work
from tests.builders import actor, changed
from tests.usecases.booking_world import TORONTO, World, a_world, at, in_person, remote
from tests.usecases.test_finding import TUESDAY, ask_for, booking_of


def a_far_world(work: Work) -> World:
    """Both schools two hours away from the base, and more than an hour from each other."""
    world = a_world(work.session)
    place(work, world.anse, 50.25, -65.4)
    place(work, world.pointe, 50.55, -65.6)
    return world


def place(work: Work, building: Building, lat: float, lon: float) -> None:
    building.lat, building.lon = lat, lon
    changed(work.session, building)


def legs(work: Work) -> list[tuple[str, str]]:
    rows = work.session.execute(select(Leg.starts_at, Leg.ends_at).order_by(Leg.starts_at))
    return [(wall(starts), wall(ends)) for starts, ends in rows]


def wall(moment: datetime) -> str:
    return moment.astimezone(TORONTO).strftime("%H:%M")


def test_she_eats_at_the_school_and_leaves_for_home_after_lunch(work: Work) -> None:
    world = a_far_world(work)

    book(work, actor(work.session, world.mireille), in_person(world, at("2026-11-24 10:25")))

    assert legs(work) == [("08:10", "10:25"), ("12:00", "14:15")]


def test_she_arrives_for_lunch_at_the_school_of_the_afternoon(work: Work) -> None:
    world = a_far_world(work)

    book(work, actor(work.session, world.mireille), in_person(world, at("2026-11-24 13:00")))

    assert legs(work) == [("10:00", "12:15"), ("13:45", "16:00")]


def test_leg_moves_back_when_the_day_has_another_lunch(work: Work) -> None:
    world = a_far_world(work)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, in_person(world, at("2026-11-24 10:45")))

    book(work, mireille, remote(world, at("2026-11-24 15:00"), 20))

    assert legs(work) == [("08:30", "10:45"), ("12:45", "15:00")]


def test_visit_between_two_roads_without_lunch_is_refused(work: Work) -> None:
    world = a_far_world(work)
    work.session.get_one(Professional, world.mireille.id).lunch_until_local = time(12)
    changed(work.session, world.mireille)

    with pytest.raises(SlotRefused) as refused:
        book(work, actor(work.session, world.mireille), in_person(world, at("2026-11-24 10:45")))

    assert refused.value.facts["codes"] == ("lunch",)


@pytest.mark.parametrize("seed", range(8))
def test_every_offer_of_a_day_on_the_road_books(work: Work, seed: int) -> None:
    world = a_far_world(work)
    mireille = actor(work.session, world.mireille)
    rng = random.Random(seed)
    for _ in range(rng.choice([1, 2])):
        taken = rng.choice(find_slots(work, mireille, an_ask(world, rng), limit=200).offers)
        book(work, mireille, booking_of(world, taken))

    offers = find_slots(work, mireille, an_ask(world, rng), limit=200).offers

    for offer in rng.sample(offers, min(len(offers), 8)):
        with work.session.begin_nested() as nested:
            book(work, mireille, booking_of(world, offer))
            nested.rollback()
        work.session.expire_all()


def an_ask(world: World, rng: random.Random) -> SlotAsk:
    pupil = rng.choice([world.leo, world.maude])
    people = (AskParticipant(ParticipantRole.PUPIL, pupil_id=pupil.id),)
    wanted = rng.choice([Modality.IN_PERSON, Modality.IN_PERSON, None])
    return ask_for(world, people=people, first_on=TUESDAY, days=2, wanted=wanted, minutes=rng.choice([20, 30, 45]))
