"""What each side of a door sees: the guest its own stage, the host who waits and how they are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain import doors
from intervention.domain.doors import GuestStage, InTheRoom, KnownBy, SeatState
from intervention.domain.encounters import ParticipantRole
from intervention.domain.permissions import Action, Actor
from intervention.queries.doors import lobby_now, place_of_cookie, seats_now
from intervention.queries.encounters import encounter_for
from intervention.queries.video_accounts import SHARED, current_room, enabled_accounts
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.join_links import JoinGrant, Lobby, Seat, SeatDevice, VideoAccount
from intervention.records.people import Guest, Person
from intervention.records.schools import Building

SILENT_AFTER = timedelta(seconds=40)


@dataclass(frozen=True, slots=True)
class GuestView:
    stage: GuestStage
    zone: str
    locale: str
    closes_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceLine:
    id: UUID
    client: str
    claimed_at: datetime
    is_holder: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Somebody with a link. `state` is None until they come; `entered_at` is their last entry into the room."""

    link_id: UUID
    name: str
    role: ParticipantRole
    seat_id: UUID | None = None
    state: SeatState | None = None
    known_by: KnownBy | None = None
    in_the_room: tuple[InTheRoom, ...] = ()
    entered_at: datetime | None = None
    devices: tuple[DeviceLine, ...] = ()

    @property
    def is_here(self) -> bool:
        return any(device.is_here for device in self.devices)


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the encounter is held, as far as its host must know: what the provider cannot promise."""

    label: str
    is_shared_link: bool
    is_revocable: bool
    leaves_quebec: bool


@dataclass(frozen=True, slots=True)
class RoomView:
    encounter_id: UUID
    zone: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    is_window_open: bool
    is_over: bool
    is_host: bool
    opened_at: datetime | None
    ended_at: datetime | None
    people: tuple[SeatLine, ...]
    lines: Lines | None
    can_paste: bool

    @property
    def is_room_open(self) -> bool:
        return self.opened_at is not None and self.ended_at is None


def guest_view(session: Session, cookie_hash: bytes, now: datetime) -> GuestView | None:
    """None when the door is closed to this device: the same as no seat at all."""
    place = place_of_cookie(session, cookie_hash)
    if place is None or not place.door.is_open(now) or place.device.dismissed_at is not None:
        return None
    lobby = place.door.lobby
    stage = doors.stage_of(
        place.seat.state,
        holds_seat=place.device.is_holder,
        is_host_present=doors.host_is_present(lobby.host_seen_at if lobby else None, now),
        is_room_open=lobby is not None and lobby.opened_at is not None,
    )
    locale, zone = _guest_of(session, place.door.link.participation_id)
    encounter = place.door.encounter
    return GuestView(stage, zone or encounter.zone, locale, place.door.window.ends_at, place.device.last_seen_at)


def room_view(session: Session, actor: Actor, encounter_id: UUID, now: datetime) -> RoomView:
    """The room's page for the host, or for somebody who takes part and sees nobody wait."""
    encounter = encounter_for(session, actor, encounter_id, Action.ENTER_ROOM)
    lobby = lobby_now(session, encounter)
    window = doors.window_of(encounter.span)
    is_host = encounter.host_id == actor.person_id
    accounts = enabled_accounts(session, encounter.organization_id) if is_host else []
    return RoomView(
        encounter_id=encounter.id,
        zone=encounter.zone,
        starts_at=encounter.starts_at,
        ends_at=encounter.ends_at,
        opens_at=window.starts_at,
        closes_at=window.ends_at,
        is_window_open=encounter.status in doors.OPEN_STATUSES and doors.is_open(window, now),
        is_over=encounter.status not in doors.OPEN_STATUSES or now >= window.ends_at,
        is_host=is_host,
        opened_at=lobby.opened_at if lobby else None,
        ended_at=lobby.ended_at if lobby else None,
        people=_people(session, encounter, now) if is_host else (),
        lines=_lines(session, encounter, accounts),
        can_paste=any(account.provider == SHARED for account in accounts),
    )


def host_seen_at(session: Session, encounter_id: UUID) -> datetime | None:
    return session.scalar(select(Lobby.host_seen_at).where(Lobby.encounter_id == encounter_id))


def _guest_of(session: Session, participation_id: UUID) -> tuple[str, str | None]:
    """The language and the building's zone of whoever the link is for."""
    row = session.execute(
        select(Guest.locale, Person.locale, Building.zone)
        .select_from(Participation)
        .outerjoin(Guest, Guest.id == Participation.guest_id)
        .outerjoin(Person, Person.id == Participation.person_id)
        .outerjoin(EncounterSite, EncounterSite.id == Participation.site_id)
        .outerjoin(Building, Building.id == EncounterSite.building_id)
        .where(Participation.id == participation_id)
    ).one()
    return row[0] or row[1] or "fr", row[2]


def _people(session: Session, encounter: Encounter, now: datetime) -> tuple[SeatLine, ...]:
    found = seats_now(session, encounter)
    names = names_of(session, [link.participation_id for link, _ in found])
    entered = _entries(session, [seat.id for _, seat in found if seat is not None])
    lines = []
    for link, seat in found:
        line = SeatLine(link.id, *names[link.participation_id])
        lines.append(line if seat is None else _seated(line, seat, entered.get(seat.id), now))
    return tuple(sorted(lines, key=lambda line: (line.state is None, line.name)))


def _seated(line: SeatLine, seat: Seat, entered_at: datetime | None, now: datetime) -> SeatLine:
    identity = seat.identity or {}
    return replace(
        line,
        seat_id=seat.id,
        state=seat.state,
        known_by=KnownBy(identity["known_by"]) if identity else None,
        in_the_room=tuple(InTheRoom(each) for each in identity.get("in_the_room", ())),
        entered_at=entered_at,
        devices=tuple(
            DeviceLine(d.id, d.client, d.claimed_at, d.is_holder, now - d.last_seen_at <= SILENT_AFTER)
            for d in seat.devices
            if d.dismissed_at is None
        ),
    )


def names_of(session: Session, participation_ids: list[UUID]) -> dict[UUID, tuple[str, ParticipantRole]]:
    """Names of people with links, for those who may issue links or keep the door; never for a guest's page."""
    rows = session.execute(
        select(Participation.id, Participation.role, Guest.name, Person.given_name, Person.family_name)
        .outerjoin(Guest, Guest.id == Participation.guest_id)
        .outerjoin(Person, Person.id == Participation.person_id)
        .where(Participation.id.in_(participation_ids))
    )
    return {each: (guest or f"{given} {family}", role) for each, role, guest, given, family in rows}


def _entries(session: Session, seat_ids: list[UUID]) -> dict[UUID, datetime]:
    rows = session.execute(
        select(SeatDevice.seat_id, JoinGrant.used_at)
        .join(SeatDevice, SeatDevice.id == JoinGrant.device_id)
        .where(SeatDevice.seat_id.in_(seat_ids), JoinGrant.used_at.is_not(None))
        .order_by(JoinGrant.used_at)
    )
    return {seat_id: used_at for seat_id, used_at in rows if used_at is not None}


def _lines(session: Session, encounter: Encounter, accounts: list[VideoAccount]) -> Lines | None:
    """The account that holds the present room, else the one that the next entry would choose."""
    room = current_room(session, encounter)
    chosen = next((a for a in accounts if room is not None and a.id == room.video_account_id), None)
    chosen = chosen or next(iter(accounts), None)
    if chosen is None:
        return None
    return Lines(chosen.label, chosen.provider == SHARED, chosen.is_revocable, chosen.leaves_quebec)
