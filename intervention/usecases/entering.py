"""From admission to the provider, in three steps so that no provider is called inside a transaction.

with open_work() as work:  passage = ask_as_guest(work, keys, cookie)        # a single-use ticket, seconds long
reference = passage.venue.reference or provider.provision(passage.venue.spec)
with open_work() as work:  reference = redeem(work, keys, passage, reference) # the ticket is spent
entry = provider.grant(reference, label, …)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from intervention.domain import doors
from intervention.domain.doors import SeatState
from intervention.domain.encounters import ActKind, EncounterStatus, ParticipantRole, can_become
from intervention.domain.errors import DoorClosed, WrongState
from intervention.domain.ids import new_secret
from intervention.domain.permissions import Action, Actor
from intervention.ports import RoomReference
from intervention.queries.doors import lobby_now
from intervention.queries.encounters import encounter_for
from intervention.records.encounters import Encounter, Participation
from intervention.records.join_links import JoinGrant
from intervention.records.vault import Keyring
from intervention.usecases import audit, lobby, seats, video_rooms
from intervention.usecases.booking import record_act
from intervention.usecases.video_rooms import Venue
from intervention.usecases.work import Work

TICKET = "join-grant"


@dataclass(frozen=True, slots=True)
class Label:
    """Who enters, as far as a provider may know: a role, and its number when several people have it."""

    role: ParticipantRole
    number: int | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Bound to the guest's device (`cookie`) or to the person; worth nothing in other hands or twice."""

    encounter_id: UUID
    venue: Venue
    label: Label
    is_host: bool
    expires_at: datetime
    ticket: str = field(repr=False)
    cookie: str | None = field(default=None, repr=False)
    actor: Actor | None = field(default=None, repr=False)


def ask_as_guest(work: Work, keys: Keyring, cookie: str) -> Passage:
    """A ticket for an admitted guest. Raises DoorClosed, WrongState (not admitted, or the room is not open yet)."""
    place = seats.seated(work, keys, cookie)
    encounter = place.door.encounter
    if place.seat.state is not SeatState.ADMITTED or not place.device.is_holder:
        raise WrongState(because=f"seat_{place.seat.state.value}")
    if place.door.lobby is None or place.door.lobby.opened_at is None:
        raise WrongState(because="room_not_open")
    venue = video_rooms.venue_of(work, keys, encounter)
    label = _label(work, encounter, place.door.link.participation_id)
    ticket, expires_at = _issue(work, keys, encounter, device_id=place.device.id)
    return Passage(encounter.id, venue, label, False, expires_at, ticket, cookie=cookie)  # noqa: FBT003 - is_host


def ask_as_staff(work: Work, actor: Actor, keys: Keyring, encounter_id: UUID) -> Passage:
    """A ticket for the host, whose entry opens the room, or for somebody signed in who takes part."""
    encounter = encounter_for(work.session, actor, encounter_id, Action.ENTER_ROOM, lock=True)
    is_host = encounter.host_id == actor.person_id
    window = doors.window_of(encounter.span)
    if encounter.status not in doors.OPEN_STATUSES or not doors.is_open(window, work.now()):
        raise WrongState(because="window_closed", opens_at=window.starts_at)
    venue = video_rooms.venue_of(work, keys, encounter)
    if is_host:
        _open_room(work, actor, encounter)
    present = lobby_now(work.session, encounter)
    if present is None or present.opened_at is None or present.ended_at is not None:
        raise WrongState(because="room_not_open")
    mine = next((p.id for p in encounter.participations if p.person_id == actor.person_id), None)
    label = Label(ParticipantRole.HOST, None) if is_host else _label(work, encounter, mine)
    ticket, expires_at = _issue(work, keys, encounter, person_id=actor.person_id)
    return Passage(encounter.id, venue, label, is_host, expires_at, ticket, actor=actor)


def redeem(work: Work, keys: Keyring, passage: Passage, reference: RoomReference) -> RoomReference:
    """Spend the ticket and settle which room it opens. Raises DoorClosed for a ticket that is spent, late or foreign.

    Everything is asked again: a guest removed, a link revoked or an account disabled since then does not enter.
    """
    encounter, bearer = _bearer(work, keys, passage)
    spent = work.session.execute(
        update(JoinGrant)
        .where(
            JoinGrant.token_hash == keys.mac(TICKET, passage.ticket),
            JoinGrant.encounter_id == passage.encounter_id,
            JoinGrant.used_at.is_(None),
            JoinGrant.expires_at > work.now(),
            *(getattr(JoinGrant, name) == value for name, value in bearer.items()),
        )
        .values(used_at=work.now())
        .returning(JoinGrant.id)
    ).scalar_one_or_none()
    if spent is None:
        raise DoorClosed
    kept = video_rooms.keep_room(work, keys, encounter, passage.venue.account.id, reference)
    audit.record(
        work,
        "room_entered",
        "encounter",
        encounter.id,
        encounter.organization_id,
        actor_id=bearer.get("person_id"),
        facts={"grant_id": spent, **{name: value for name, value in bearer.items() if name == "device_id"}},
    )
    return kept


def _bearer(work: Work, keys: Keyring, passage: Passage) -> tuple[Encounter, dict[str, UUID]]:
    if passage.actor is not None:
        encounter = encounter_for(work.session, passage.actor, passage.encounter_id, Action.ENTER_ROOM, lock=True)
        return encounter, {"person_id": passage.actor.person_id}
    place = seats.seated(work, keys, passage.cookie or "")
    if place.door.encounter.id != passage.encounter_id:
        raise DoorClosed
    work.session.execute(select(Encounter.id).where(Encounter.id == passage.encounter_id).with_for_update())
    work.session.expire_all()
    place = seats.seated(work, keys, passage.cookie or "")
    if place.seat.state is not SeatState.ADMITTED or not place.device.is_holder:
        raise DoorClosed
    return place.door.encounter, {"device_id": place.device.id}


def _open_room(work: Work, actor: Actor, encounter: Encounter) -> None:
    here = lobby.present(work, encounter)
    if here.opened_at is not None and here.ended_at is None:
        return
    here.opened_at, here.ended_at = work.now(), None
    if can_become(encounter.status, EncounterStatus.IN_PROGRESS):
        encounter.status = EncounterStatus.IN_PROGRESS
        encounter.version += 1
        record_act(work, actor, encounter.id, ActKind.STARTED)
    audit.record(
        work,
        "room_opened",
        "encounter",
        encounter.id,
        encounter.organization_id,
        actor_id=actor.person_id,
    )


def _issue(
    work: Work, keys: Keyring, encounter: Encounter, *, device_id: UUID | None = None, person_id: UUID | None = None
) -> tuple[str, datetime]:
    ticket = new_secret()
    expires_at = doors.grant_ends_at(work.now(), doors.window_of(encounter.span))
    work.session.add(
        JoinGrant(
            token_hash=keys.mac(TICKET, ticket),
            device_id=device_id,
            person_id=person_id,
            encounter_id=encounter.id,
            issued_at=work.now(),
            expires_at=expires_at,
        )
    )
    work.session.flush()
    return ticket, expires_at


def _label(work: Work, encounter: Encounter, participation_id: UUID | None) -> Label:
    """The role of a participation; a facilitator of a site has no participation of her own."""
    rows = work.session.execute(
        select(Participation.id, Participation.role)
        .where(Participation.encounter_id == encounter.id)
        .order_by(Participation.id)
    ).all()
    role = next((role for each, role in rows if each == participation_id), ParticipantRole.FACILITATOR)
    same = [each for each, its_role in rows if its_role is role]
    number = same.index(participation_id) + 1 if participation_id in same and len(same) > 1 else None
    return Label(role, number)
