"""Cancelling frees everything and keeps the cause; undoing asks for everything again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from intervention.domain.encounters import ActKind, CancellationCause, EncounterStatus
from intervention.domain.errors import NotAllowed, NotFound, SlotTaken, Stale, WrongState
from intervention.domain.people import Role
from intervention.records.encounters import Cancellation, Encounter
from intervention.records.reservations import Leg, Reservation
from intervention.usecases.booking import book
from intervention.usecases.cancelling import CancelEncounter, RestoreEncounter, cancel, restore
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, actor
from tests.usecases.booking_world import a_world, at, in_person, remote


def test_it_works(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, in_person(world, at("2026-11-24 10:30")))

    cancel(work, mireille, CancelEncounter(booked.encounter_id, 1, CancellationCause.CLOSURE, "tempête"))

    encounter = work.session.get_one(Encounter, booked.encounter_id)
    assert encounter.status is EncounterStatus.CANCELLED
    assert work.session.scalars(select(Reservation)).all() == []
    assert work.session.scalars(select(Leg)).all() == []
    row = work.session.scalars(select(Cancellation)).one()
    assert (row.cause, row.note, row.actor_id) == (CancellationCause.CLOSURE, "tempête", world.mireille.id)
    assert encounter.acts[-1].kind is ActKind.CANCELLED
    assert rebuild_bits(work.session) == 0


def test_freed_slot_is_bookable_at_once(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
    cancel(work, mireille, CancelEncounter(booked.encounter_id, 1, CancellationCause.PUPIL_ABSENT))

    book(work, mireille, remote(world, at("2026-11-24 09:00")))


def test_undo_takes_everything_back(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, in_person(world, at("2026-11-24 10:30")))
    before = {(r.resource_id, r.starts_tick, r.ends_tick) for r in work.session.scalars(select(Reservation))}
    cancel(work, mireille, CancelEncounter(booked.encounter_id, 1, CancellationCause.OTHER))

    restore(work, mireille, RestoreEncounter(booked.encounter_id, 2))

    after = {(r.resource_id, r.starts_tick, r.ends_tick) for r in work.session.scalars(select(Reservation))}
    assert after == before
    row = work.session.scalars(select(Cancellation)).one()
    assert row.undone_by_id == world.mireille.id
    assert work.session.get_one(Encounter, booked.encounter_id).status is EncounterStatus.PLANNED
    assert rebuild_bits(work.session) == 0


def test_undo_is_refused_when_the_slot_went_to_somebody(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
    cancel(work, mireille, CancelEncounter(booked.encounter_id, 1, CancellationCause.OTHER))
    book(work, mireille, remote(world, at("2026-11-24 09:15")))

    with pytest.raises(SlotTaken):
        restore(work, mireille, RestoreEncounter(booked.encounter_id, 2))


def test_cancelling_twice_is_told(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
    cancel(work, mireille, CancelEncounter(booked.encounter_id, 1, CancellationCause.OTHER))

    with pytest.raises(Stale):
        cancel(work, mireille, CancelEncounter(booked.encounter_id, 1, CancellationCause.OTHER))
    with pytest.raises(WrongState):
        cancel(work, mireille, CancelEncounter(booked.encounter_id, 2, CancellationCause.OTHER))


def test_principal_of_the_school_may_cancel(work: Work) -> None:
    world = a_world(work.session)
    booked = book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 09:00")))
    luc = a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse)

    cancel(work, actor(work.session, luc), CancelEncounter(booked.encounter_id, 1, CancellationCause.SCHOOL_EVENT))


def test_facilitator_may_not_cancel(work: Work) -> None:
    world = a_world(work.session)
    booked = book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 09:00")))

    with pytest.raises(NotAllowed):
        cancel(
            work, actor(work.session, world.joseph), CancelEncounter(booked.encounter_id, 1, CancellationCause.OTHER)
        )


def test_stranger_from_another_board_finds_nothing(work: Work) -> None:
    world = a_world(work.session)
    booked = book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 09:00")))
    stranger = a_person(work.session, a_board(work.session, "voisin"), "Bruno", Role.COORDINATOR)

    with pytest.raises(NotFound):
        cancel(work, actor(work.session, stranger), CancelEncounter(booked.encounter_id, 1, CancellationCause.OTHER))
