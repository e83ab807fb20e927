"""Moving an encounter, changing its modality, room or facilitator: it works, then each refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from intervention.domain.encounters import ActKind, CancellationCause, Modality, PlaceKind
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, SlotTaken, Stale, WrongState
from intervention.domain.people import Role
from intervention.records.encounters import Encounter
from intervention.records.reservations import Leg, Reservation
from intervention.usecases.booking import book
from intervention.usecases.cancelling import CancelEncounter, cancel
from intervention.usecases.changing import ChangeEncounter, SiteChange, change
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, a_room, actor
from tests.usecases.booking_world import a_world, at, in_person, remote, two_schools


def test_it_moves_with_everything_it_holds(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, in_person(world, at("2026-11-24 10:30")))

    moved = change(
        work, mireille, ChangeEncounter(booked.encounter_id, booked.version, starts_at=at("2026-11-25 13:30"))
    )

    encounter = work.session.get_one(Encounter, booked.encounter_id)
    assert moved.version == 2
    assert encounter.revision == 1
    assert (encounter.on_date.isoformat(), encounter.starts_local.isoformat()) == ("2026-11-25", "13:30:00")
    spans = {r.span.starts_at for r in work.session.scalars(select(Reservation).where(Reservation.leg_id.is_(None)))}
    assert spans == {at("2026-11-25 13:30")}
    assert {leg.on_date.isoformat() for leg in work.session.scalars(select(Leg))} == {"2026-11-25"}
    assert [a.kind for a in encounter.acts] == [ActKind.BOOKED, ActKind.MOVED]
    assert rebuild_bits(work.session) == 0


def test_it_may_overlap_its_own_former_time(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))

    change(work, mireille, ChangeEncounter(booked.encounter_id, 1, starts_at=at("2026-11-24 09:15")))

    assert work.session.get_one(Encounter, booked.encounter_id).starts_at == at("2026-11-24 09:15")


def test_remote_occurrence_becomes_a_visit_and_back(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 10:30")))

    change(
        work,
        mireille,
        ChangeEncounter(booked.encounter_id, 1, host_place=(PlaceKind.BUILDING, world.anse.id), reason="bilan"),
    )
    encounter = work.session.get_one(Encounter, booked.encounter_id)
    assert encounter.modality is Modality.IN_PERSON
    assert len(work.session.scalars(select(Leg)).all()) == 2

    change(work, mireille, ChangeEncounter(booked.encounter_id, 2, host_place=(PlaceKind.HOME_BASE, world.base.id)))
    assert encounter.modality is Modality.REMOTE
    assert work.session.scalars(select(Leg)).all() == []
    assert [a.kind for a in encounter.acts][1:] == [ActKind.MODALITY_CHANGED, ActKind.MODALITY_CHANGED]
    assert encounter.acts[1].reason == "bilan"


def test_host_leaves_one_school_for_her_office_and_both_schools_stay(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, two_schools(world, at("2026-11-24 10:30")))

    change(
        work,
        mireille,
        ChangeEncounter(
            booked.encounter_id,
            1,
            host_place=(PlaceKind.HOME_BASE, world.base.id),
            accepting=frozenset({"no_facilitator"}),
        ),
    )

    encounter = work.session.get_one(Encounter, booked.encounter_id)
    assert encounter.modality is Modality.REMOTE
    assert {s.building_id for s in encounter.sites} == {world.base.id, world.anse.id, world.pointe.id}


def test_room_and_facilitator_change(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
    site = next(s for s in work.session.get_one(Encounter, booked.encounter_id).sites if not s.has_host)
    library = a_room(work.session, world.anse, "bibliothèque")

    change(
        work,
        mireille,
        ChangeEncounter(
            booked.encounter_id,
            1,
            sites={site.id: SiteChange(frozenset({"room_id", "facilitator_id"}), room_id=library.id)},
            accepting=frozenset({"no_facilitator"}),
        ),
    )

    assert (site.room_id, site.facilitator_id) == (library.id, None)
    held = set(work.session.scalars(select(Reservation.resource_id)))
    assert library.id in held
    assert not held & {world.room_anse.id, world.joseph.id}


def test_room_of_another_building_is_refused(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
    site = next(s for s in work.session.get_one(Encounter, booked.encounter_id).sites if not s.has_host)

    with pytest.raises(InvalidInput) as refused:
        change(
            work,
            mireille,
            ChangeEncounter(
                booked.encounter_id,
                1,
                sites={site.id: SiteChange(frozenset({"room_id"}), room_id=world.room_pointe.id)},
            ),
        )

    assert refused.value.fields == {"room": "not_at_this_building"}


def test_second_editor_is_told_that_it_changed(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
    change(work, mireille, ChangeEncounter(booked.encounter_id, 1, starts_at=at("2026-11-24 10:30")))

    with pytest.raises(Stale) as refused:
        change(work, actor(work.session, world.omar), ChangeEncounter(booked.encounter_id, 1, minutes=30))

    assert refused.value.facts["version"] == 2


def test_moving_onto_somebody_elses_slot_is_refused(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, remote(world, at("2026-11-24 09:00")))
    other = book(work, mireille, remote(world, at("2026-11-24 10:30")))

    with pytest.raises(SlotTaken):
        change(work, mireille, ChangeEncounter(other.encounter_id, 1, starts_at=at("2026-11-24 09:20")))


def test_past_and_gone_encounters_do_not_move(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
    with pytest.raises(InvalidInput):
        change(work, mireille, ChangeEncounter(booked.encounter_id, 1, starts_at=at("2026-11-20 09:00")))
    work.session.rollback()


def test_cancelled_encounter_does_not_move(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, remote(world, at("2026-11-24 09:00")))
    cancel(work, mireille, CancelEncounter(booked.encounter_id, 1, CancellationCause.PUPIL_ABSENT))

    with pytest.raises(WrongState):
        change(work, mireille, ChangeEncounter(booked.encounter_id, 2, minutes=30))


def test_principal_of_the_school_may_see_but_not_move(work: Work) -> None:
    world = a_world(work.session)
    booked = book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 09:00")))
    luc = a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse)

    with pytest.raises(NotAllowed):
        change(work, actor(work.session, luc), ChangeEncounter(booked.encounter_id, 1, minutes=30))


def test_confidential_mandate_does_not_exist_for_the_principal(work: Work) -> None:
    world = a_world(work.session)
    ask = replace(remote(world, at("2026-11-24 09:00")), is_strict=True)
    booked = book(work, actor(work.session, world.mireille), ask)
    luc = a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse)

    with pytest.raises(NotFound):
        change(work, actor(work.session, luc), ChangeEncounter(booked.encounter_id, 1, minutes=30))


def test_stranger_from_another_board_finds_nothing(work: Work) -> None:
    world = a_world(work.session)
    booked = book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 09:00")))
    stranger = a_person(work.session, a_board(work.session, "voisin"), "Bruno", Role.ADMINISTRATOR)

    with pytest.raises(NotFound):
        change(work, actor(work.session, stranger), ChangeEncounter(booked.encounter_id, 1, minutes=30))
