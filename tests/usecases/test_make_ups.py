"""A séance not given is owed when somebody says so, planned again or given up by a person, never by itself."""

from __future__ import annotations

from uuid import UUID

import pytest

from intervention.domain.encounters import CancellationCause
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, WrongState
from intervention.domain.people import Role
from intervention.domain.series import MakeUpState
from intervention.queries.make_ups import make_up_of, pool
from intervention.records.series import MakeUp
from intervention.usecases.booking import book
from intervention.usecases.cancelling import CancelEncounter, RestoreEncounter, cancel, restore
from intervention.usecases.make_ups import link, put_in_pool, waive
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, actor
from tests.usecases.booking_world import World, a_world, at, remote


def missed(work: Work, world: World) -> UUID:
    """Léo's follow-up of the Tuesday, cancelled by Mireille."""
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
    cancel(work, mireille, CancelEncounter(booked.encounter_id, 1, CancellationCause.PUPIL_ABSENT))
    return booked.encounter_id


def owed(work: Work, world: World) -> list[UUID]:
    return [each.view.id for each in pool(work.session, actor(work.session, world.omar), MakeUpState.OWED).seances]


def test_it_works(work: Work) -> None:
    world = a_world(work.session)
    mireille, encounter_id = actor(work.session, world.mireille), missed(work, world)
    assert owed(work, world) == []

    made = put_in_pool(work, mireille, encounter_id)
    assert owed(work, world) == [encounter_id]
    again = book(work, mireille, remote(world, at("2026-12-01 09:00")))
    link(work, mireille, made.id, again.encounter_id)

    assert owed(work, world) == []
    (planned,) = pool(work.session, mireille, MakeUpState.PLANNED).seances
    assert (planned.replaced_by, planned.replaced_at) == (again.encounter_id, at("2026-12-01 09:00"))
    assert make_up_of(work.session, mireille, encounter_id) is MakeUpState.PLANNED


def test_a_make_up_that_is_cancelled_too_is_owed_again(work: Work) -> None:
    world = a_world(work.session)
    mireille, encounter_id = actor(work.session, world.mireille), missed(work, world)
    made = put_in_pool(work, mireille, encounter_id)
    again = book(work, mireille, remote(world, at("2026-12-01 09:00")))
    link(work, mireille, made.id, again.encounter_id)

    cancel(work, mireille, CancelEncounter(again.encounter_id, 1, CancellationCause.OTHER))

    assert owed(work, world) == [encounter_id]
    assert pool(work.session, mireille, MakeUpState.PLANNED).seances == ()


def test_one_is_given_up_with_a_reason_and_owed_again_after_all(work: Work) -> None:
    world = a_world(work.session)
    mireille, encounter_id = actor(work.session, world.mireille), missed(work, world)
    made = put_in_pool(work, mireille, encounter_id)
    for reason, fault in (("", "required"), ("x" * 201, "too_long")):
        with pytest.raises(InvalidInput) as refusal:
            waive(work, mireille, made.id, reason)
        assert refusal.value.fields == {"reason": fault}

    waive(work, mireille, made.id, "objectif atteint")
    (waived,) = pool(work.session, mireille, MakeUpState.WAIVED).seances
    assert (owed(work, world), waived.note) == ([], "objectif atteint")

    put_in_pool(work, mireille, encounter_id)
    assert owed(work, world) == [encounter_id]


def test_the_pool_is_looked_at_by_professional_and_by_school(work: Work) -> None:
    world = a_world(work.session)
    omar, encounter_id = actor(work.session, world.omar), missed(work, world)
    put_in_pool(work, omar, encounter_id)

    found = pool(work.session, omar, MakeUpState.OWED)
    assert [name for _, name in found.hosts] == [world.mireille.full_name]
    assert [building for building, _ in found.buildings] == [world.anse.id]
    assert len(pool(work.session, omar, MakeUpState.OWED, world.mireille.id, world.anse.id).seances) == 1
    assert pool(work.session, omar, MakeUpState.OWED, world.omar.id).seances == ()
    assert pool(work.session, omar, MakeUpState.OWED, None, world.pointe.id).seances == ()


def test_what_is_restored_is_owed_no_more(work: Work) -> None:
    world = a_world(work.session)
    mireille, encounter_id = actor(work.session, world.mireille), missed(work, world)
    put_in_pool(work, mireille, encounter_id)

    restore(work, mireille, RestoreEncounter(encounter_id, 2))

    assert owed(work, world) == []
    assert work.session.query(MakeUp).count() == 0


def test_what_still_stands_is_not_owed(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
    with pytest.raises(WrongState):
        put_in_pool(work, mireille, booked.encounter_id)


def test_the_school_says_that_one_is_owed_and_does_not_decide(work: Work) -> None:
    world = a_world(work.session)
    luc = actor(work.session, a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse))
    made = put_in_pool(work, luc, missed(work, world))

    assert [each.may_decide for each in pool(work.session, luc, MakeUpState.OWED).seances] == [False]
    with pytest.raises(NotAllowed):
        waive(work, luc, made.id, "raison")


def test_an_encounter_makes_up_for_none_of_somebody_else(work: Work) -> None:
    world = a_world(work.session)
    mireille, encounter_id = actor(work.session, world.mireille), missed(work, world)
    made = put_in_pool(work, mireille, encounter_id)
    with pytest.raises(InvalidInput):
        link(work, mireille, made.id, encounter_id)


def test_a_stranger_from_another_board_finds_nothing(work: Work) -> None:
    world = a_world(work.session)
    encounter_id = missed(work, world)
    made = put_in_pool(work, actor(work.session, world.omar), encounter_id)
    stranger = actor(work.session, a_person(work.session, a_board(work.session, "voisin"), "Bruno", Role.COORDINATOR))
    assert pool(work.session, stranger, MakeUpState.OWED).seances == ()
    for act in (lambda: put_in_pool(work, stranger, encounter_id), lambda: waive(work, stranger, made.id, "non")):
        with pytest.raises(NotFound):
            act()
