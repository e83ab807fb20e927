"""A guest at the door: the same device again, a second device, leaving, and every closed door alike."""

import pytest
from sqlalchemy import func, select

from intervention.domain.doors import SeatState
from intervention.domain.errors import DoorClosed
from intervention.records.access_log import AccessLogEntry
from intervention.records.join_links import JoinLink, Seat, SeatDevice
from intervention.usecases import lobby
from intervention.usecases.changing import ChangeEncounter, change
from intervention.usecases.join_links import IssueLink, issue_link, revoke
from intervention.usecases.seats import beat, leave
from intervention.usecases.work import Work
from tests.door_world import (
    KEYS,
    a_link,
    admitted,
    claimed,
    doors_of,
    later,
    minutes_before,
    the_seat,
)
from tests.usecases.booking_world import at


def verbs(work: Work) -> list[str]:
    return list(work.session.scalars(select(AccessLogEntry.verb).order_by(AccessLogEntry.seq)))


def test_it_works(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    now = minutes_before(work, 5)

    seat = claimed(work, token)

    stored = the_seat(work)
    [device] = stored.devices
    assert (stored.state, stored.encounter_id, device.is_holder, device.client) == (
        SeatState.WAITING, here.encounter_id, True, "Firefox",
    )  # fmt: skip
    assert device.cookie_hash == KEYS.mac("seat-cookie", seat.cookie)
    assert work.session.scalars(select(JoinLink.opened_at)).one() == now
    assert seat.cookie not in repr(seat)
    assert verbs(work) == ["link_issued", "seat_claimed"]


def test_the_same_device_again_changes_nothing(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, 5)
    first = claimed(work, token)

    again = claimed(work, token, first.cookie)

    assert again == first
    assert the_seat(work).state is SeatState.WAITING
    assert work.session.scalar(select(func.count()).select_from(SeatDevice)) == 1


def test_a_second_device_contests_and_takes_nothing_over(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, 5)
    first = claimed(work, token)

    second = claimed(work, token)

    seat = the_seat(work)
    assert second.cookie != first.cookie
    assert seat.state is SeatState.CONTESTED
    assert [device.is_holder for device in seat.devices] == [True, False]
    assert verbs(work) == ["link_issued", "seat_claimed", "seat_contested"]


def test_a_second_device_contests_even_somebody_admitted(work: Work) -> None:
    here = doors_of(work)
    admitted(work, here)
    token = a_link(work, here, here.interpreter_id)
    claimed(work, token)
    interpreter = work.session.scalars(select(Seat).where(Seat.state == SeatState.WAITING)).one()

    claimed(work, token)

    assert interpreter.state is SeatState.CONTESTED


def test_somebody_elses_cookie_is_a_second_device(work: Work) -> None:
    here = doors_of(work)
    mother, interpreter = a_link(work, here), a_link(work, here, here.interpreter_id)
    minutes_before(work, 5)
    hers = claimed(work, mother)

    his = claimed(work, interpreter, hers.cookie)

    assert his.cookie != hers.cookie
    assert [seat.state for seat in work.session.scalars(select(Seat))] == [SeatState.WAITING, SeatState.WAITING]


def test_leaving_and_coming_back_waits_again(work: Work) -> None:
    here = doors_of(work)
    seat = admitted(work, here)

    leave(work, KEYS, seat.cookie)

    assert (the_seat(work).state, the_seat(work).identity) == (SeatState.LEFT, None)
    token_holder = claimed_again(work, here, seat.cookie)
    assert token_holder == seat.cookie
    assert the_seat(work).state is SeatState.WAITING


def claimed_again(work: Work, here: object, cookie: str) -> str:
    """The mother uses her link again; her token is only in her hands, so the test renews the hash it is found by."""
    token = "s1_" + "x" * 43
    work.session.scalars(select(JoinLink)).one().token_hmac = KEYS.mac("join-link", token)
    work.session.flush()
    return claimed(work, token, cookie).cookie


def test_a_contesting_device_that_leaves_is_only_dismissed(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, 5)
    claimed(work, token)
    second = claimed(work, token)

    leave(work, KEYS, second.cookie)

    assert the_seat(work).state is SeatState.CONTESTED
    assert [device.dismissed_at is None for device in the_seat(work).devices] == [True, False]
    with pytest.raises(DoorClosed):
        claimed(work, token, second.cookie)


def test_a_refused_person_contests_nothing_from_another_device(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, 5)
    first = claimed(work, token)
    lobby.refuse(work, here.mireille, here.encounter_id, the_seat(work).id)

    with pytest.raises(DoorClosed):
        claimed(work, token)
    assert claimed(work, token, first.cookie) == first
    assert the_seat(work).state is SeatState.REFUSED


@pytest.mark.parametrize("minutes", [600, 11, -60, -6000])
def test_outside_the_window_the_door_is_closed_and_nothing_is_born(work: Work, minutes: int) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, minutes)

    with pytest.raises(DoorClosed) as closed:
        claimed(work, token)

    assert closed.value.facts == {}
    assert work.session.scalar(select(func.count()).select_from(Seat)) == 0


@pytest.mark.parametrize("token", ["", "s1_", "s1_" + "A" * 43, "x" * 5000, "\u0000", "é" * 46])
def test_an_unknown_token_is_closed_alike(work: Work, token: str) -> None:
    minutes_before(work, 5)

    with pytest.raises(DoorClosed) as closed:
        claimed(work, token)

    assert closed.value.facts == {}


def test_a_revoked_link_is_closed_alike_for_the_device_that_had_it(work: Work) -> None:
    here = doors_of(work)
    issued = issue_link(work, here.mireille, KEYS, IssueLink(here.encounter_id, here.parent_id))
    minutes_before(work, 5)
    seat = claimed(work, issued.token)
    revoke(work, here.mireille, issued.link_id)

    with pytest.raises(DoorClosed) as closed:
        claimed(work, issued.token, seat.cookie)

    assert closed.value.facts == {}


def test_an_ended_lobby_closes_the_door(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    minutes_before(work, 5)
    lobby.end(work, here.mireille, here.encounter_id)

    with pytest.raises(DoorClosed):
        claimed(work, token)


def test_an_encounter_moved_after_admission_begins_again(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here, here.interpreter_id)
    seat = admitted(work, here)
    version = here.encounter(work).version
    change(work, here.mireille, ChangeEncounter(here.encounter_id, version, starts_at=at("2026-11-24 13:30")))
    later(work, hours=3)

    claimed(work, token)

    states = {s.starts_at: s.state for s in work.session.scalars(select(Seat))}
    assert states == {at("2026-11-24 10:30"): SeatState.ADMITTED, at("2026-11-24 13:30"): SeatState.WAITING}
    with pytest.raises(DoorClosed):
        from_cookie(work, seat.cookie)


def from_cookie(work: Work, cookie: str) -> None:
    from intervention.usecases.seats import seated  # noqa: PLC0415

    seated(work, KEYS, cookie)


def test_being_seen_moves_only_that_device(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    began = minutes_before(work, 5)
    first = claimed(work, token)
    claimed(work, token)
    now = later(work, seconds=30)

    beat(work, KEYS, first.cookie)

    assert [device.last_seen_at for device in the_seat(work).devices] == [now, began]
