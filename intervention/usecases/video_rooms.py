"""The provider's room of an encounter: which account, which generation, when it is thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select

from intervention.domain import doors
from intervention.domain.errors import NotFound, WrongState
from intervention.domain.permissions import Action, Actor
from intervention.ports import RoomReference, RoomSpec
from intervention.queries.encounters import encounter_for
from intervention.queries.video_accounts import SHARED, current_room, enabled_accounts
from intervention.records.encounters import Encounter
from intervention.records.join_links import JoinGrant, JoinLink, Seat, SeatDevice, VideoAccount, VideoRoom
from intervention.records.vault import Keyring
from intervention.usecases import audit
from intervention.usecases.work import Work

SECRETS = "video-account"
REFERENCES = "video-room"


@dataclass(frozen=True, slots=True)
class Account:
    """What a provider needs, decrypted for one act."""

    id: UUID
    provider: str
    values: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Venue:
    """Where an encounter is held now. `reference` is None until the room is provisioned."""

    account: Account
    spec: RoomSpec
    reference: RoomReference | None


def venue_of(work: Work, keys: Keyring, encounter: Encounter) -> Venue:
    """Raises WrongState when the board has no video account that is enabled."""
    room = current_room(work.session, encounter)
    account = _enabled(work, room.video_account_id) if room else None
    if room is None or account is None:
        room, account = None, next(iter(enabled_accounts(work.session, encounter.organization_id)), None)
    if account is None:
        raise WrongState(because="no_video_account")
    return Venue(
        Account(account.id, account.provider, keys.open(SECRETS, account.secrets)),
        spec_of(encounter),
        RoomReference(keys.open(REFERENCES, room.reference)) if room else None,
    )


def spec_of(encounter: Encounter, pasted_address: str | None = None) -> RoomSpec:
    window = doors.window_of(encounter.span)
    return RoomSpec(window.starts_at, window.ends_at, len(encounter.participations), pasted_address)


def keep_room(
    work: Work, keys: Keyring, encounter: Encounter, account_id: UUID, reference: RoomReference
) -> RoomReference:
    """Store a room just provisioned; when somebody was quicker, theirs is the room. The encounter must be locked.

    Raises WrongState when the account was disabled since.
    """
    if _enabled(work, account_id) is None:
        raise WrongState(because="no_video_account")
    present = current_room(work.session, encounter)
    if present is not None and present.video_account_id == account_id:
        return RoomReference(keys.open(REFERENCES, present.reference))
    _next_generation(work, keys, encounter, account_id, reference)
    return reference


def account_for_pasting(work: Work, actor: Actor, keys: Keyring, encounter_id: UUID) -> Venue:
    """The board's account for addresses made elsewhere. Raises WrongState when an administrator allowed none."""
    encounter = encounter_for(work.session, actor, encounter_id, Action.HOST_LOBBY)
    accounts = enabled_accounts(work.session, encounter.organization_id)
    account = next((each for each in accounts if each.provider == SHARED), None)
    if account is None:
        raise WrongState(because="no_shared_links")
    values = keys.open(SECRETS, account.secrets)
    return Venue(Account(account.id, account.provider, values), spec_of(encounter), None)


def replace_room(work: Work, actor: Actor, keys: Keyring, encounter_id: UUID, venue: Venue) -> None:
    """Hold the encounter in another room from now on, such as one whose address the host pasted."""
    encounter = encounter_for(work.session, actor, encounter_id, Action.HOST_LOBBY, lock=True)
    account = _enabled(work, venue.account.id)
    if account is None or account.organization_id != encounter.organization_id or venue.reference is None:
        raise NotFound
    _retire(work, encounter)
    generation = _next_generation(work, keys, encounter, account.id, venue.reference)
    audit.record(
        work,
        "room_replaced",
        "encounter",
        encounter.id,
        encounter.organization_id,
        actor_id=actor.person_id,
        facts={"account_id": account.id, "generation": generation},
    )


def retire_if_entered(work: Work, encounter: Encounter, link_id: UUID) -> None:
    """Somebody who went in through this link must not find the same room again: the next entry makes another."""
    has_entered = work.session.scalar(
        select(JoinGrant.id)
        .join(SeatDevice, SeatDevice.id == JoinGrant.device_id)
        .join(Seat, Seat.id == SeatDevice.seat_id)
        .join(JoinLink, JoinLink.id == Seat.join_link_id)
        .where(JoinLink.id == link_id, JoinGrant.used_at.is_not(None))
        .limit(1)
    )
    if has_entered is not None:
        _retire(work, encounter)


def _retire(work: Work, encounter: Encounter) -> None:
    room = current_room(work.session, encounter)
    if room is not None:
        room.retired_at = work.now()
        work.session.flush()


def _next_generation(
    work: Work, keys: Keyring, encounter: Encounter, account_id: UUID, reference: RoomReference
) -> int:
    last = work.session.scalar(select(func.max(VideoRoom.generation)).where(VideoRoom.encounter_id == encounter.id))
    room = VideoRoom(
        encounter_id=encounter.id,
        generation=(last or 0) + 1,
        starts_at=encounter.starts_at,
        video_account_id=account_id,
        reference=keys.seal(REFERENCES, reference.values),
        created_at=work.now(),
    )
    work.session.add(room)
    work.session.flush()
    return room.generation


def _enabled(work: Work, account_id: UUID) -> VideoAccount | None:
    account = work.session.get(VideoAccount, account_id)
    return account if account is not None and account.is_enabled else None
