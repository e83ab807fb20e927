"""From admission to the provider: single use, one bearer, seconds, and nobody who was turned away since."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from intervention.domain.doors import SeatState
from intervention.domain.encounters import ActKind, EncounterStatus, ParticipantRole
from intervention.domain.errors import DoorClosed, NotAllowed, NotFound, WrongState
from intervention.domain.people import Role
from intervention.ports import RoomReference
from intervention.records.access_log import AccessLogEntry
from intervention.records.join_links import Seat, VideoAccount, VideoRoom
from intervention.usecases import lobby, video_accounts
from intervention.usecases.entering import Label, Passage, ask_as_guest, ask_as_staff, redeem
from intervention.usecases.join_links import revoke
from intervention.usecases.seats import leave
from intervention.usecases.video_rooms import account_for_pasting, replace_room
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, actor
from tests.door_world import (
    KEYS,
    KNOWN,
    STARTS_AT,
    Doors,
    a_link,
    a_video_account,
    admitted,
    claimed,
    doors_of,
    later,
    minutes_before,
    the_seat,
)

ROOM = RoomReference({"room": "r" + "1" * 32})
OTHER = RoomReference({"room": "r" + "2" * 32})


def opened(work: Work) -> tuple[Doors, str]:
    """The mother is admitted and Mireille has opened the room; gives the mother's cookie."""
    here = doors_of(work)
    a_video_account(work, here)
    seat = admitted(work, here)
    redeem(work, KEYS, ask_as_staff(work, here.mireille, KEYS, here.encounter_id), ROOM)
    return here, seat.cookie


def test_it_works(work: Work) -> None:
    _, cookie = opened(work)

    passage = ask_as_guest(work, KEYS, cookie)

    assert (passage.label, passage.is_host) == (Label(ParticipantRole.PARENT, None), False)
    assert passage.expires_at == work.now() + timedelta(seconds=120)
    assert passage.venue.account.provider == "jitsi"
    assert passage.venue.account.values == {"address": "https://visio.csse.example"}
    assert passage.venue.reference == ROOM
    assert redeem(work, KEYS, passage, ROOM) == ROOM
    assert "visio" not in repr(passage)
    assert passage.ticket not in repr(passage)


def test_the_hosts_entry_opens_the_room_and_begins_the_encounter(work: Work) -> None:
    here = doors_of(work)
    a_video_account(work, here)
    minutes_before(work, 5)

    passage = ask_as_staff(work, here.mireille, KEYS, here.encounter_id)
    redeem(work, KEYS, passage, ROOM)

    encounter = here.encounter(work)
    assert (passage.is_host, passage.label, passage.venue.reference) == (True, Label(ParticipantRole.HOST, None), None)
    assert encounter.status is EncounterStatus.IN_PROGRESS
    assert [act.kind for act in encounter.acts] == [ActKind.BOOKED, ActKind.STARTED]
    trail = work.session.scalars(select(AccessLogEntry.verb).order_by(AccessLogEntry.seq)).all()
    assert trail == ["video_account_added", "room_opened", "room_entered"]


def test_a_facilitator_enters_without_a_link_once_the_room_is_open(work: Work) -> None:
    here = doors_of(work)
    a_video_account(work, here)
    minutes_before(work, 5)
    joseph = actor(work.session, here.world.joseph)
    with pytest.raises(WrongState) as refused:
        ask_as_staff(work, joseph, KEYS, here.encounter_id)
    assert refused.value.facts == {"because": "room_not_open"}
    redeem(work, KEYS, ask_as_staff(work, here.mireille, KEYS, here.encounter_id), ROOM)

    passage = ask_as_staff(work, joseph, KEYS, here.encounter_id)

    assert (passage.is_host, passage.label) == (False, Label(ParticipantRole.FACILITATOR, None))
    assert redeem(work, KEYS, passage, OTHER) == ROOM


def test_a_ticket_is_spent_once(work: Work) -> None:
    _, cookie = opened(work)
    passage = ask_as_guest(work, KEYS, cookie)
    redeem(work, KEYS, passage, ROOM)

    with pytest.raises(DoorClosed):
        redeem(work, KEYS, passage, ROOM)


def test_a_ticket_dies_in_two_minutes(work: Work) -> None:
    _, cookie = opened(work)
    passage = ask_as_guest(work, KEYS, cookie)
    later(work, seconds=120)

    with pytest.raises(DoorClosed):
        redeem(work, KEYS, passage, ROOM)


def test_a_ticket_is_worth_nothing_in_other_hands(work: Work) -> None:
    here, cookie = opened(work)
    passage = ask_as_guest(work, KEYS, cookie)
    other = claimed(work, a_link(work, here, here.interpreter_id))
    seat = work.session.scalars(select(Seat).where(Seat.state == SeatState.WAITING)).one()
    lobby.admit(work, here.mireille, lobby.Admit(here.encounter_id, seat.id, KNOWN))

    for thief in (replace(passage, cookie=other.cookie), replace(passage, cookie=None, actor=here.mireille)):
        with pytest.raises(DoorClosed):
            redeem(work, KEYS, thief, ROOM)
    redeem(work, KEYS, passage, ROOM)


def test_a_guest_who_only_waits_does_not_enter(work: Work) -> None:
    here = doors_of(work)
    a_video_account(work, here)
    token = a_link(work, here)
    minutes_before(work, 5)
    seat = claimed(work, token)
    ask_as_staff(work, here.mireille, KEYS, here.encounter_id)

    with pytest.raises(WrongState) as refused:
        ask_as_guest(work, KEYS, seat.cookie)

    assert refused.value.facts == {"because": "seat_waiting"}


def test_nobody_enters_before_the_host(work: Work) -> None:
    here = doors_of(work)
    a_video_account(work, here)
    seat = admitted(work, here)

    with pytest.raises(WrongState) as refused:
        ask_as_guest(work, KEYS, seat.cookie)

    assert refused.value.facts == {"because": "room_not_open"}


@pytest.mark.parametrize("turned_away", ["refused", "revoked", "contested", "left", "ended", "over"])
def test_a_ticket_asked_before_being_turned_away_opens_nothing(work: Work, turned_away: str) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    a_video_account(work, here)
    minutes_before(work, 5)
    cookie = claimed(work, token).cookie
    lobby.attend(work, here.mireille, here.encounter_id)
    lobby.admit(work, here.mireille, lobby.Admit(here.encounter_id, the_seat(work).id, KNOWN))
    redeem(work, KEYS, ask_as_staff(work, here.mireille, KEYS, here.encounter_id), ROOM)
    passage = ask_as_guest(work, KEYS, cookie)
    if turned_away == "refused":
        lobby.refuse(work, here.mireille, here.encounter_id, the_seat(work).id)
    elif turned_away == "revoked":
        revoke(work, here.mireille, the_seat(work).join_link_id)
    elif turned_away == "contested":
        claimed(work, token)
    elif turned_away == "left":
        leave(work, KEYS, cookie)
    elif turned_away == "ended":
        lobby.end(work, here.mireille, here.encounter_id)
    else:
        minutes_before(work, -60)

    with pytest.raises(DoorClosed):
        redeem(work, KEYS, passage, ROOM)


@pytest.mark.parametrize("how", ["refuse", "revoke"])
def test_who_was_inside_and_is_turned_out_will_not_find_the_same_room(work: Work, how: str) -> None:
    here, cookie = opened(work)
    redeem(work, KEYS, ask_as_guest(work, KEYS, cookie), ROOM)

    if how == "refuse":
        lobby.refuse(work, here.mireille, here.encounter_id, the_seat(work).id)
    else:
        revoke(work, here.mireille, the_seat(work).join_link_id)

    passage = ask_as_staff(work, here.mireille, KEYS, here.encounter_id)
    assert passage.venue.reference is None
    assert redeem(work, KEYS, passage, OTHER) == OTHER
    assert generations(work) == [(1, True), (2, False)]


def generations(work: Work) -> list[tuple[int, bool]]:
    rooms = work.session.scalars(select(VideoRoom).order_by(VideoRoom.generation)).all()
    return [(room.generation, room.retired_at is not None) for room in rooms]


def test_turning_away_somebody_who_never_entered_keeps_the_room(work: Work) -> None:
    here, _ = opened(work)

    lobby.refuse(work, here.mireille, here.encounter_id, the_seat(work).id)

    assert generations(work) == [(1, False)]


def test_the_room_reference_is_sealed(work: Work) -> None:
    opened(work)

    stored = work.session.scalars(select(VideoRoom.reference)).one()

    assert ROOM.values["room"].encode() not in stored
    assert KEYS.open("video-room", stored) == dict(ROOM.values)


@pytest.mark.parametrize("minutes", [11, -60])
def test_the_host_too_waits_for_the_window(work: Work, minutes: int) -> None:
    here = doors_of(work)
    a_video_account(work, here)
    minutes_before(work, minutes)

    with pytest.raises(WrongState) as refused:
        ask_as_staff(work, here.mireille, KEYS, here.encounter_id)

    assert refused.value.facts == {"because": "window_closed", "opens_at": STARTS_AT - timedelta(minutes=10)}


def test_without_a_video_account_the_refusal_says_so(work: Work) -> None:
    here = doors_of(work)
    minutes_before(work, 5)

    with pytest.raises(WrongState) as refused:
        ask_as_staff(work, here.mireille, KEYS, here.encounter_id)

    assert refused.value.facts == {"because": "no_video_account"}


def test_opening_again_undoes_the_end(work: Work) -> None:
    here, cookie = opened(work)
    lobby.end(work, here.mireille, here.encounter_id)
    with pytest.raises(DoorClosed):
        ask_as_guest(work, KEYS, cookie)

    ask_as_staff(work, here.mireille, KEYS, here.encounter_id)

    assert ask_as_guest(work, KEYS, cookie).encounter_id == here.encounter_id


def test_a_disabled_account_lets_nobody_in(work: Work) -> None:
    here, cookie = opened(work)
    passage = ask_as_guest(work, KEYS, cookie)
    admin = actor(work.session, a_person(work.session, here.world.board, "Adèle", Role.ADMINISTRATOR))
    video_accounts.enable(work, admin, passage.venue.account.id, is_enabled=False)

    with pytest.raises(WrongState) as refused:
        ask_as_guest(work, KEYS, cookie)

    assert refused.value.facts == {"because": "no_video_account"}
    with pytest.raises(WrongState):
        redeem(work, KEYS, passage, ROOM)


def test_who_does_not_take_part_enters_no_room(work: Work) -> None:
    here, _ = opened(work)

    with pytest.raises(NotAllowed):
        ask_as_staff(work, actor(work.session, here.world.omar), KEYS, here.encounter_id)


def test_a_stranger_from_another_board_finds_no_room(work: Work) -> None:
    here, _ = opened(work)
    stranger = actor(work.session, a_person(work.session, a_board(work.session, "autre"), "Éloi", Role.PROFESSIONAL))

    with pytest.raises(NotFound):
        ask_as_staff(work, stranger, KEYS, here.encounter_id)


def test_two_people_of_one_role_are_numbered(work: Work) -> None:
    here, _ = opened(work)
    labels = {
        role: [p.role for p in here.encounter(work).participations].count(role)
        for role in (ParticipantRole.PARENT, ParticipantRole.PUPIL)
    }
    assert labels == {ParticipantRole.PARENT: 1, ParticipantRole.PUPIL: 1}
    here.encounter(work).participations[-1].role = ParticipantRole.PARENT
    here.encounter(work).participations[-2].role = ParticipantRole.PARENT
    work.session.flush()

    assert ask_as_guest(work, KEYS, _cookie_of(work)).label.number in {1, 2}


def _cookie_of(work: Work) -> str:
    seat = the_seat(work)
    cookie = "known to the test"
    seat.devices[0].cookie_hash = KEYS.mac("seat-cookie", cookie)
    work.session.flush()
    return cookie


def a_shared_account(work: Work, here: Doors) -> None:
    admin = actor(work.session, a_person(work.session, here.world.board, "Aline", Role.ADMINISTRATOR))
    video_accounts.add(work, admin, KEYS, video_accounts.AddVideoAccount("fixed_link", "Liens partagés", (), {}))


def test_a_pasted_address_takes_the_place_of_the_boards_room(work: Work) -> None:
    here, _ = opened(work)
    a_shared_account(work, here)
    venue = account_for_pasting(work, here.mireille, KEYS, here.encounter_id)
    pasted = replace(venue, reference=RoomReference({"address": "https://reunion.example/j/42"}))

    replace_room(work, here.mireille, KEYS, here.encounter_id, pasted)

    passage = ask_as_staff(work, here.mireille, KEYS, here.encounter_id)
    assert passage.venue.account.provider == "fixed_link"
    assert passage.venue.reference == pasted.reference
    assert generations(work) == [(1, True), (2, False)]
    stored = work.session.scalars(select(VideoRoom.reference)).all()
    assert not any(b"reunion" in each for each in stored)


def test_addresses_are_pasted_only_where_an_administrator_allows_them(work: Work) -> None:
    here, _ = opened(work)

    with pytest.raises(WrongState) as refused:
        account_for_pasting(work, here.mireille, KEYS, here.encounter_id)

    assert refused.value.facts == {"because": "no_shared_links"}


def test_the_boards_own_server_comes_before_shared_links(work: Work) -> None:
    here = doors_of(work)
    a_shared_account(work, here)
    a_video_account(work, here)
    minutes_before(work, 5)

    passage: Passage = ask_as_staff(work, here.mireille, KEYS, here.encounter_id)

    assert passage.venue.account.provider == "jitsi"
    assert work.session.scalars(select(VideoAccount.provider).order_by(VideoAccount.id)).all() == [
        "fixed_link",
        "jitsi",
    ]
