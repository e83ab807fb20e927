"""Booking: it works, then each refusal, then the stranger from another board."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import ActKind, EncounterStatus, Modality, ParticipantRole
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, SlotRefused, SlotTaken
from intervention.domain.people import Role
from intervention.records.encounters import Encounter
from intervention.records.outbox import OutboxMessage
from intervention.records.reservations import Leg, Reservation, ReservationKind
from intervention.usecases.booking import book
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_person, a_professional, actor, changed
from tests.usecases.booking_world import a_world, at, in_person, office, remote, two_schools


def test_it_works(work: Work) -> None:
    world = a_world(work.session)

    booked = book(work, actor(work.session, world.mireille), two_schools(world, at("2026-11-24 10:30")))

    encounter = work.session.get_one(Encounter, booked.encounter_id)
    assert encounter.modality is Modality.HYBRID
    assert encounter.status is EncounterStatus.PLANNED
    assert [act.kind for act in encounter.acts] == [ActKind.BOOKED]
    reserved = set(
        work.session.scalars(select(Reservation.resource_id).where(Reservation.encounter_id == encounter.id))
    )
    assert reserved == {
        world.mireille.id, world.leo.id, world.maude.id, world.room_anse.id, world.room_pointe.id, world.rose.id,
    }  # fmt: skip
    message = work.session.scalars(select(OutboxMessage)).one()
    assert message.kind == "EncounterBooked"
    assert message.payload == {"organization_id": str(world.board.id), "encounter_id": str(encounter.id)}
    assert rebuild_bits(work.session) == 0


def test_road_to_a_visit_and_back_is_reserved(work: Work) -> None:
    world = a_world(work.session)

    book(work, actor(work.session, world.mireille), in_person(world, at("2026-11-24 10:30")))

    there, back = work.session.scalars(select(Leg).order_by(Leg.starts_at)).all()
    assert (there.from_building_id, there.to_building_id) == (world.base.id, world.anse.id)
    assert there.ends_at == at("2026-11-24 10:30")
    assert (back.from_building_id, back.to_building_id) == (world.anse.id, world.base.id)
    assert back.starts_at == at("2026-11-24 11:15")
    travel = work.session.scalars(select(Reservation).where(Reservation.kind == ReservationKind.TRAVEL)).all()
    assert {r.resource_id for r in travel} == {world.mireille.id}
    assert there.quality == "estimated"


def test_remote_encounter_takes_no_road(work: Work) -> None:
    world = a_world(work.session)

    booked = book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 09:00")))

    assert work.session.get_one(Encounter, booked.encounter_id).modality is Modality.REMOTE
    assert work.session.scalars(select(Leg)).all() == []


def test_taken_room_is_named(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, remote(world, at("2026-11-24 09:00")))
    other = a_professional(work.session, world.board, "Solange", world.base)
    ask = remote(world, at("2026-11-24 09:15"))

    with pytest.raises(SlotTaken) as refused:
        book(work, actor(work.session, world.omar), replace(ask, host_id=other.id))

    assert set(refused.value.facts["resource_ids"]) == {world.leo.id, world.room_anse.id, world.joseph.id}


def test_touching_spans_do_not_clash(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, remote(world, at("2026-11-24 08:30")))

    book(work, mireille, remote(world, at("2026-11-24 09:15")))


def test_road_too_short_between_two_visits_is_refused(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, in_person(world, at("2026-11-24 13:30")))

    with pytest.raises(SlotRefused) as refused:
        book(work, mireille, in_person(world, at("2026-11-24 14:25"), pupil=world.maude))

    assert refused.value.facts["code"] == "too_short_for_road"


def test_no_road_is_refused(work: Work) -> None:
    world = a_world(work.session)
    world.pointe.road_component = "ile"
    changed(work.session, world.pointe)

    with pytest.raises(SlotRefused) as refused:
        book(work, actor(work.session, world.mireille), in_person(world, at("2026-11-24 10:30"), pupil=world.maude))

    assert refused.value.facts["code"] == "no_road"


@pytest.mark.parametrize(
    ("moment", "fault"),
    [
        ("2026-11-23 07:00", "in_the_past"),
        ("2026-11-24 09:02", "not_on_the_grid"),
        ("2029-11-24 09:00", "too_far_ahead"),
    ],
)
def test_impossible_times_are_refused(work: Work, moment: str, fault: str) -> None:
    world = a_world(work.session)

    with pytest.raises(InvalidInput) as refused:
        book(work, actor(work.session, world.mireille), remote(world, at(moment)))

    assert refused.value.fields == {"starts_at": fault}


def test_every_fault_of_the_form_is_named_at_once(work: Work) -> None:
    world = a_world(work.session)
    ask = replace(remote(world, at("2026-11-24 09:00")), minutes=7, sites=(office(world),), discipline="astrology")

    with pytest.raises(InvalidInput) as refused:
        book(work, actor(work.session, world.mireille), ask)

    assert refused.value.fields == {
        "minutes": "duration_not_allowed",
        "people": "too_few_people",
        "starts_at": "not_on_the_grid",
        "discipline": "unknown",
    }


def test_ten_thousand_participants_are_refused(work: Work) -> None:
    world = a_world(work.session)
    crowd = tuple(AskParticipant(ParticipantRole.PUPIL, pupil_id=world.leo.id) for _ in range(10_000))
    ask = remote(world, at("2026-11-24 09:00"))

    with pytest.raises(InvalidInput) as refused:
        book(
            work, actor(work.session, world.mireille), replace(ask, sites=(replace(ask.sites[0], participants=crowd),))
        )

    assert refused.value.fields["people"] == "participant_twice"


def test_building_without_legal_time_is_refused(work: Work) -> None:
    world = a_world(work.session)
    world.anse.zone = None
    changed(work.session, world.anse)

    with pytest.raises(InvalidInput) as refused:
        book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 09:00")))

    assert refused.value.fields == {"sites": "building_without_zone"}


def test_teacher_may_not_book_in_somebody_elses_agenda(work: Work) -> None:
    world = a_world(work.session)
    teacher = a_person(work.session, world.board, "Anouk", Role.TEACHER, building=world.anse)

    with pytest.raises(NotAllowed):
        book(work, actor(work.session, teacher), remote(world, at("2026-11-24 09:00")))


def test_stranger_from_another_board_finds_nothing(work: Work) -> None:
    world = a_world(work.session)
    elsewhere = a_board(work.session, "voisin")
    far = a_building(work.session, elsewhere, "Loin")
    stranger = a_professional(work.session, elsewhere, "Bruno", far)
    ask = replace(remote(world, at("2026-11-24 09:00")), host_id=stranger.id)

    with pytest.raises(NotFound):
        book(work, actor(work.session, stranger), ask)

    assert work.session.scalars(select(Encounter)).all() == []
