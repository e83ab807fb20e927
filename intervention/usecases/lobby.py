"""What the host does at her door: be there, admit with an attestation, refuse, settle a contest, end."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from intervention.domain import doors
from intervention.domain.doors import Identity, SeatAct
from intervention.domain.errors import InvalidInput, NotFound, WrongState
from intervention.domain.permissions import Action, Actor
from intervention.queries.doors import lobby_now
from intervention.queries.encounters import encounter_for
from intervention.records.encounters import Encounter
from intervention.records.join_links import JoinLink, Lobby, Seat
from intervention.records.vault import Keyring
from intervention.usecases import audit, join_links, video_rooms
from intervention.usecases.work import Work


class Settlement(StrEnum):
    """How the host settles a contested seat."""

    KEEP = "keep"
    TRANSFER = "transfer"
    ROTATE = "rotate"  # nobody stays: the link is revoked and another is made


@dataclass(frozen=True, slots=True)
class Admit:
    encounter_id: UUID
    seat_id: UUID
    identity: Identity | None


@dataclass(frozen=True, slots=True)
class Settle:
    """`device_id` is the device that takes the seat, for a transfer only."""

    encounter_id: UUID
    seat_id: UUID
    how: Settlement
    device_id: UUID | None = field(default=None)


def attend(work: Work, actor: Actor, encounter_id: UUID) -> None:
    """The host's page is open before her. Outside the window this says nothing to anybody."""
    encounter = encounter_for(work.session, actor, encounter_id, Action.HOST_LOBBY, lock=True)
    present(work, encounter)


def admit(work: Work, actor: Actor, ask: Admit) -> None:
    """Let somebody in. Raises InvalidInput without a whole attestation, WrongState when a guard of the door says no."""
    encounter, seat = _seat(work, actor, ask.encounter_id, ask.seat_id)
    faults = ask.identity.faults() if ask.identity else {"known_by": "required"}
    if faults:
        raise InvalidInput(faults)
    lobby = lobby_now(work.session, encounter)
    refusal = doors.why_not_admit(
        seat.state,
        ask.identity,
        window=doors.window_of(encounter.span),
        host_seen_at=lobby.host_seen_at if lobby else None,
        now=work.now(),
    )
    _require_open(work, encounter, lobby, refusal)
    _decide(work, actor, seat, SeatAct.ADMIT)
    seat.identity = as_facts(ask.identity)
    _record(work, actor, encounter, "seat_admitted", seat, **(seat.identity or {}))


def refuse(work: Work, actor: Actor, encounter_id: UUID, seat_id: UUID) -> None:
    """Turn somebody away, or out: who had entered will not find the same room again."""
    encounter, seat = _seat(work, actor, encounter_id, seat_id)
    _decide(work, actor, seat, SeatAct.REFUSE)
    seat.identity = None
    video_rooms.retire_if_entered(work, encounter, seat.join_link_id)
    _record(work, actor, encounter, "seat_refused", seat)


def recall(work: Work, actor: Actor, encounter_id: UUID, seat_id: UUID) -> None:
    """Take a refusal back: they wait again."""
    encounter, seat = _seat(work, actor, encounter_id, seat_id)
    _decide(work, actor, seat, SeatAct.RECALL)
    _record(work, actor, encounter, "seat_recalled", seat)


def settle(work: Work, actor: Actor, keys: Keyring, ask: Settle) -> join_links.Issued | None:
    """End a contest. Gives the new link when the old one is rotated."""
    encounter, seat = _seat(work, actor, ask.encounter_id, ask.seat_id)
    if ask.how is Settlement.ROTATE:
        doors.after(seat.state, SeatAct.KEEP)
        return join_links.reissue(work, actor, keys, seat.join_link_id)
    rivals = [d for d in seat.devices if not d.is_holder and d.dismissed_at is None]
    if ask.how is Settlement.TRANSFER:
        chosen = next((d for d in rivals if d.id == ask.device_id), None)
        if chosen is None:
            raise NotFound
        _decide(work, actor, seat, SeatAct.TRANSFER)
    else:
        _decide(work, actor, seat, SeatAct.KEEP)
        chosen = next(d for d in seat.devices if d.is_holder)
    for device in seat.devices:
        device.is_holder = device is chosen
        if device is not chosen and device.dismissed_at is None:
            device.dismissed_at = work.now()
    seat.identity = None
    _record(work, actor, encounter, "contest_settled", seat, how=ask.how, device_id=chosen.id)
    return None


def end(work: Work, actor: Actor, encounter_id: UUID) -> None:
    """Close the door for everybody; its links say nothing from now on. Opening the room again undoes it."""
    encounter = encounter_for(work.session, actor, encounter_id, Action.HOST_LOBBY, lock=True)
    lobby = present(work, encounter)
    if lobby.ended_at is None:
        lobby.ended_at = work.now()
        _record(work, actor, encounter, "lobby_ended", None)


def present(work: Work, encounter: Encounter) -> Lobby:
    """The lobby of the encounter's present hour, with the host before it now. The encounter must be locked."""
    lobby = work.session.get(Lobby, encounter.id)
    if lobby is None:
        lobby = Lobby(encounter_id=encounter.id)
        work.session.add(lobby)
    if lobby.starts_at != encounter.starts_at:
        lobby.starts_at, lobby.opened_at, lobby.ended_at = encounter.starts_at, None, None
    lobby.host_seen_at = work.now()
    work.session.flush()
    return lobby


def as_facts(identity: Identity | None) -> dict[str, object]:
    """An attestation as codes, for the seat and for the trail."""
    if identity is None:
        return {}
    return {"known_by": identity.known_by.value, "in_the_room": sorted(each.value for each in identity.in_the_room)}


def _seat(work: Work, actor: Actor, encounter_id: UUID, seat_id: UUID) -> tuple[Encounter, Seat]:
    """A seat of this encounter at its present hour, behind a live link."""
    encounter = encounter_for(work.session, actor, encounter_id, Action.HOST_LOBBY, lock=True)
    seat = work.session.get(Seat, seat_id, populate_existing=True)
    if seat is None or seat.encounter_id != encounter.id or seat.starts_at != encounter.starts_at:
        raise NotFound
    if work.session.get_one(JoinLink, seat.join_link_id, populate_existing=True).revoked_at is not None:
        raise WrongState(because="link_revoked")
    return encounter, seat


def _require_open(work: Work, encounter: Encounter, lobby: Lobby | None, refusal: str | None) -> None:
    ended_at = lobby.ended_at if lobby else None
    if refusal is None and not doors.opens(encounter.span, encounter.status, ended_at=ended_at, now=work.now()):
        refusal = "lobby_closed"
    if refusal is not None:
        raise WrongState(because=refusal)


def _decide(work: Work, actor: Actor, seat: Seat, act: SeatAct) -> None:
    seat.state = doors.after(seat.state, act)
    seat.decided_at = work.now()
    seat.decided_by_id = actor.person_id


def _record(work: Work, actor: Actor, encounter: Encounter, verb: str, seat: Seat | None, **facts: object) -> None:
    audit.record(
        work,
        verb,
        "encounter",
        encounter.id,
        encounter.organization_id,
        actor_id=actor.person_id,
        facts=({"seat_id": seat.id, "link_id": seat.join_link_id} if seat else {}) | facts,
    )
