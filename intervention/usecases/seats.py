"""What a guest does at a door: exchange a token for a seat, be seen, leave. The token or cookie is the only key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from intervention.domain import doors
from intervention.domain.doors import SeatAct, SeatState
from intervention.domain.errors import DoorClosed
from intervention.domain.ids import new_id, new_secret
from intervention.queries.doors import Door, Place, door_of_token, lock, place_of_cookie, seats_now
from intervention.records.join_links import Seat, SeatDevice
from intervention.records.vault import Keyring
from intervention.usecases import audit
from intervention.usecases.join_links import PURPOSE
from intervention.usecases.work import Work

COOKIE = "seat-cookie"
SEEN_EVERY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class ClaimSeat:
    """`cookie` is what the browser already holds, if anything; `client` its family, such as « Firefox »."""

    token: str = field(repr=False)
    cookie: str | None = field(default=None, repr=False)
    client: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    cookie: str = field(repr=False)
    encounter_id: UUID
    closes_at: datetime


def claim_seat(work: Work, keys: Keyring, ask: ClaimSeat) -> Claimed:
    """Exchange a token for a seat. The same device again changes nothing; another one contests, never takes over.

    Raises DoorClosed, with no fact, for a token that is unknown, revoked, foreign, of another hour or cancelled: the
    keyed hash and the lookup are made for each of them.
    """
    hashed = keys.mac(PURPOSE, ask.token)
    cookie_hash = keys.mac(COOKIE, ask.cookie or "")
    door = door_of_token(work.session, hashed)
    if door is None or not door.is_open(work.now()):
        raise DoorClosed
    lock(work.session, door.encounter.id)
    work.session.expire_all()
    door = door_of_token(work.session, hashed)
    if door is None or not door.is_open(work.now()):
        raise DoorClosed
    seat = next(found for link, found in seats_now(work.session, door.encounter) if link.id == door.link.id)
    mine = next((d for d in seat.devices if d.cookie_hash == cookie_hash), None) if seat and ask.cookie else None
    if seat is not None and mine is not None:
        return _return(work, door, seat, mine, ask.cookie or "")
    return _sit(work, keys, door, seat, ask.client)


def leave(work: Work, keys: Keyring, cookie: str) -> None:
    """Give the seat up; a device that only contests it is dismissed. A closed door is left already."""
    place = place_of_cookie(work.session, keys.mac(COOKIE, cookie))
    if place is None or not place.door.is_open(work.now()) or place.device.dismissed_at is not None:
        return
    lock(work.session, place.door.encounter.id)
    work.session.refresh(place.seat)
    if not place.device.is_holder:
        place.device.dismissed_at = work.now()
    elif place.seat.state in doors.TRANSITIONS[SeatAct.LEAVE]:
        place.seat.state = doors.after(place.seat.state, SeatAct.LEAVE)
        place.seat.identity = None
    record(work, place.door, "seat_left", place.seat, device_id=place.device.id)


def beat(work: Work, keys: Keyring, cookie: str) -> None:
    """The device is still there."""
    place = place_of_cookie(work.session, keys.mac(COOKIE, cookie))
    if place is not None and place.device.dismissed_at is None:
        place.device.last_seen_at = work.now()


def seated(work: Work, keys: Keyring, cookie: str) -> Place:
    """The place of a device that may still be in the lobby. Raises DoorClosed."""
    place = place_of_cookie(work.session, keys.mac(COOKIE, cookie))
    if place is None or not place.door.is_open(work.now()) or place.device.dismissed_at is not None:
        raise DoorClosed
    return place


def _return(work: Work, door: Door, seat: Seat, device: SeatDevice, cookie: str) -> Claimed:
    if device.dismissed_at is not None:
        raise DoorClosed
    device.last_seen_at = work.now()
    before = seat.state
    if device.is_holder:
        seat.state = doors.after(before, SeatAct.RETURN)
    if seat.state is not before:
        record(work, door, "seat_claimed", seat, device_id=device.id)
    return Claimed(cookie, door.encounter.id, door.window.ends_at)


def _sit(work: Work, keys: Keyring, door: Door, seat: Seat | None, client: str) -> Claimed:
    now = work.now()
    verb = "seat_claimed" if seat is None else "seat_contested"
    if seat is None:
        seat = Seat(
            id=new_id(),
            join_link_id=door.link.id,
            encounter_id=door.encounter.id,
            starts_at=door.encounter.starts_at,
            state=SeatState.WAITING,
            claimed_at=now,
        )
        work.session.add(seat)
    elif SeatAct.SECOND_DEVICE not in _acts_from(seat.state):
        raise DoorClosed
    else:
        seat.state = doors.after(seat.state, SeatAct.SECOND_DEVICE)
    cookie = new_secret()
    device = SeatDevice(
        id=new_id(),
        seat_id=seat.id,
        cookie_hash=keys.mac(COOKIE, cookie),
        is_holder=verb == "seat_claimed",
        client=client[:60],
        claimed_at=now,
        last_seen_at=now,
    )
    work.session.flush()
    seat.devices.append(device)
    door.link.opened_at = door.link.opened_at or now
    record(work, door, verb, seat, device_id=device.id)
    return Claimed(cookie, door.encounter.id, door.window.ends_at)


def _acts_from(state: SeatState) -> set[SeatAct]:
    return {act for act, states in doors.TRANSITIONS.items() if state in states}


def record(work: Work, door: Door, verb: str, seat: Seat, **facts: object) -> None:
    """One line of the trail by a guest: no actor, the seat and link are in the facts."""
    audit.record(
        work,
        verb,
        "encounter",
        door.encounter.id,
        door.encounter.organization_id,
        facts={"link_id": door.link.id, "seat_id": seat.id, **facts},
    )
