"""The host at her door: each guard of admission, refusals, contests, the end, and who is not the host."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.doors import Identity, InTheRoom, KnownBy, SeatState
from intervention.domain.errors import DoorClosed, InvalidInput, NotAllowed, NotFound, WrongState
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.records.access_log import AccessLogEntry
from intervention.records.join_links import JoinLink
from intervention.usecases import lobby
from intervention.usecases.join_links import revoke
from intervention.usecases.lobby import Admit, Settle, Settlement
from intervention.usecases.seats import seated
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, actor
from tests.door_world import (
    KEYS,
    KNOWN,
    Doors,
    a_link,
    admitted,
    claimed,
    doors_of,
    later,
    minutes_before,
    the_seat,
)


def waiting(work: Work) -> tuple[Doors, str]:
    """The mother waits and Mireille is there; gives her token too."""
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, 5)
    claimed(work, token)
    lobby.attend(work, here.mireille, here.encounter_id)
    return here, token


def test_it_works(work: Work) -> None:
    here, _ = waiting(work)
    known = Identity(KnownBy.CODE_WORD, frozenset({InTheRoom.PARENT, InTheRoom.INTERPRETER}))

    lobby.admit(work, here.mireille, Admit(here.encounter_id, the_seat(work).id, known))

    seat = the_seat(work)
    attested = {"known_by": "code_word", "in_the_room": ["interpreter", "parent"]}
    assert (seat.state, seat.identity, seat.decided_by_id) == (SeatState.ADMITTED, attested, here.mireille.person_id)
    last = work.session.scalars(select(AccessLogEntry).order_by(AccessLogEntry.seq.desc()).limit(1)).one()
    assert (last.verb, last.actor_id) == ("seat_admitted", here.mireille.person_id)
    assert last.facts == {"seat_id": str(seat.id), "link_id": str(seat.join_link_id), **attested}


@pytest.mark.parametrize("identity", [None, Identity(KnownBy.SIGHT, frozenset())])
def test_nobody_is_admitted_without_an_attestation(work: Work, identity: Identity | None) -> None:
    here, _ = waiting(work)

    with pytest.raises(InvalidInput):
        lobby.admit(work, here.mireille, Admit(here.encounter_id, the_seat(work).id, identity))

    assert the_seat(work).state is SeatState.WAITING


def test_a_host_who_is_not_there_admits_nobody(work: Work) -> None:
    here, _ = waiting(work)
    later(work, minutes=3)

    with pytest.raises(WrongState) as refused:
        lobby.admit(work, here.mireille, Admit(here.encounter_id, the_seat(work).id, KNOWN))

    assert refused.value.facts == {"because": "host_absent"}


def test_nobody_is_admitted_after_the_window(work: Work) -> None:
    here, _ = waiting(work)
    minutes_before(work, -60)
    lobby.attend(work, here.mireille, here.encounter_id)

    with pytest.raises(WrongState) as refused:
        lobby.admit(work, here.mireille, Admit(here.encounter_id, the_seat(work).id, KNOWN))

    assert refused.value.facts == {"because": "window_closed"}


def test_a_contested_seat_is_settled_before_it_is_admitted(work: Work) -> None:
    here, token = waiting(work)
    claimed(work, token)

    with pytest.raises(WrongState) as refused:
        lobby.admit(work, here.mireille, Admit(here.encounter_id, the_seat(work).id, KNOWN))

    assert refused.value.facts == {"because": "seat_contested"}


def test_after_the_end_nobody_is_admitted(work: Work) -> None:
    here, _ = waiting(work)
    lobby.end(work, here.mireille, here.encounter_id)

    with pytest.raises(WrongState) as refused:
        lobby.admit(work, here.mireille, Admit(here.encounter_id, the_seat(work).id, KNOWN))

    assert refused.value.facts == {"because": "lobby_closed"}


def test_a_revoked_link_is_admitted_no_more(work: Work) -> None:
    here, _ = waiting(work)
    revoke(work, here.mireille, the_seat(work).join_link_id)

    with pytest.raises(WrongState) as refused:
        lobby.admit(work, here.mireille, Admit(here.encounter_id, the_seat(work).id, KNOWN))

    assert refused.value.facts == {"because": "link_revoked"}


def test_a_refusal_can_be_taken_back(work: Work) -> None:
    here, _ = waiting(work)

    lobby.refuse(work, here.mireille, here.encounter_id, the_seat(work).id)
    assert the_seat(work).state is SeatState.REFUSED
    lobby.recall(work, here.mireille, here.encounter_id, the_seat(work).id)

    assert the_seat(work).state is SeatState.WAITING


def test_keeping_the_first_device_dismisses_the_others(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, 5)
    first, second = claimed(work, token), claimed(work, token)

    lobby.settle(work, here.mireille, KEYS, Settle(here.encounter_id, the_seat(work).id, Settlement.KEEP))

    assert the_seat(work).state is SeatState.WAITING
    assert seated(work, KEYS, first.cookie).device.is_holder
    with pytest.raises(DoorClosed):
        seated(work, KEYS, second.cookie)


def test_a_transfer_gives_the_seat_to_the_chosen_device_only(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, 5)
    first, second, third = (claimed(work, token) for _ in range(3))
    seat = the_seat(work)
    chosen = seated(work, KEYS, third.cookie).device.id

    lobby.settle(work, here.mireille, KEYS, Settle(here.encounter_id, seat.id, Settlement.TRANSFER, chosen))

    assert seated(work, KEYS, third.cookie).device.is_holder
    for gone in (first, second):
        with pytest.raises(DoorClosed):
            seated(work, KEYS, gone.cookie)


def test_a_transfer_to_nobody_is_not_found(work: Work) -> None:
    here, token = waiting(work)
    claimed(work, token)
    holder = the_seat(work).devices[0].id

    for device_id in (None, holder, here.encounter_id):
        with pytest.raises(NotFound):
            lobby.settle(
                work,
                here.mireille,
                KEYS,
                Settle(here.encounter_id, the_seat(work).id, Settlement.TRANSFER, device_id),
            )


def test_rotating_leaves_nobody_in_and_makes_another_link(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, 5)
    devices = claimed(work, token), claimed(work, token)

    issued = lobby.settle(work, here.mireille, KEYS, Settle(here.encounter_id, the_seat(work).id, Settlement.ROTATE))

    assert issued is not None
    for gone in devices:
        with pytest.raises(DoorClosed):
            claimed(work, token, gone.cookie)
    assert claimed(work, issued.token).encounter_id == here.encounter_id


@pytest.mark.parametrize("how", list(Settlement))
def test_a_seat_nobody_contests_has_nothing_to_settle(work: Work, how: Settlement) -> None:
    here, _ = waiting(work)

    with pytest.raises((WrongState, NotFound)):
        lobby.settle(work, here.mireille, KEYS, Settle(here.encounter_id, the_seat(work).id, how))

    assert work.session.scalars(select(JoinLink.revoked_at)).all() == [None]


def test_a_contest_of_an_admitted_seat_asks_for_a_new_attestation(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, 5)
    claimed(work, token)
    lobby.attend(work, here.mireille, here.encounter_id)
    lobby.admit(work, here.mireille, Admit(here.encounter_id, the_seat(work).id, KNOWN))
    claimed(work, token)

    lobby.settle(work, here.mireille, KEYS, Settle(here.encounter_id, the_seat(work).id, Settlement.KEEP))

    assert (the_seat(work).state, the_seat(work).identity) == (SeatState.WAITING, None)


def acts(here: Doors, seat_id: UUID) -> list[Callable[[Work, Actor], object]]:
    return [
        lambda work, who: lobby.attend(work, who, here.encounter_id),
        lambda work, who: lobby.admit(work, who, Admit(here.encounter_id, seat_id, KNOWN)),
        lambda work, who: lobby.refuse(work, who, here.encounter_id, seat_id),
        lambda work, who: lobby.recall(work, who, here.encounter_id, seat_id),
        lambda work, who: lobby.settle(work, who, KEYS, Settle(here.encounter_id, seat_id, Settlement.KEEP)),
        lambda work, who: lobby.end(work, who, here.encounter_id),
    ]


def test_only_the_host_keeps_her_door(work: Work) -> None:
    here = doors_of(work)
    admitted(work, here)
    for colleague in (here.world.omar, here.world.joseph):
        for act in acts(here, the_seat(work).id):
            with pytest.raises(NotAllowed):
                act(work, actor(work.session, colleague))
    assert the_seat(work).state is SeatState.ADMITTED


def test_a_stranger_from_another_board_finds_no_door(work: Work) -> None:
    here = doors_of(work)
    admitted(work, here)
    stranger = actor(work.session, a_person(work.session, a_board(work.session, "autre"), "Éloi", Role.PROFESSIONAL))

    for act in acts(here, the_seat(work).id):
        with pytest.raises(NotFound):
            act(work, stranger)


def test_a_seat_of_another_encounter_is_not_found(work: Work) -> None:
    here, _ = waiting(work)

    with pytest.raises(NotFound):
        lobby.refuse(work, here.mireille, here.encounter_id, here.encounter_id)
