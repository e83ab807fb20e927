"""The door behind a token or a cookie: link, encounter, lobby, seat. Whether it opens is for `domain.doors` to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from intervention.domain import doors
from intervention.domain.spans import Span
from intervention.records.encounters import Encounter
from intervention.records.join_links import JoinLink, Lobby, Seat, SeatDevice

_LOBBY_NOW = and_(Lobby.encounter_id == Encounter.id, Lobby.starts_at == Encounter.starts_at)
_SEAT_NOW = and_(Seat.join_link_id == JoinLink.id, Seat.starts_at == Encounter.starts_at)


@dataclass(frozen=True, slots=True)
class Door:
    link: JoinLink
    encounter: Encounter
    lobby: Lobby | None  # for the encounter's present hour only

    @property
    def window(self) -> Span:
        return doors.window_of(self.encounter.span)

    def is_open(self, now: datetime) -> bool:
        ended_at = self.lobby.ended_at if self.lobby else None
        is_live = self.link.revoked_at is None
        return is_live and doors.opens(self.encounter.span, self.encounter.status, ended_at=ended_at, now=now)


@dataclass(frozen=True, slots=True)
class Place:
    """A device before its door."""

    door: Door
    seat: Seat
    device: SeatDevice


def door_of_token(session: Session, token_hmac: bytes) -> Door | None:
    """One lookup whatever the token: unknown and known cost the same."""
    row = session.execute(
        select(JoinLink, Encounter, Lobby)
        .join(Encounter, Encounter.id == JoinLink.encounter_id)
        .outerjoin(Lobby, _LOBBY_NOW)
        .where(JoinLink.token_hmac == token_hmac)
    ).one_or_none()
    return Door(*row) if row else None


def place_of_cookie(session: Session, cookie_hash: bytes) -> Place | None:
    """Where a device sits, if its seat is for the encounter's present hour."""
    row = session.execute(
        select(JoinLink, Encounter, Lobby, Seat, SeatDevice)
        .select_from(SeatDevice)
        .join(Seat, Seat.id == SeatDevice.seat_id)
        .join(JoinLink, JoinLink.id == Seat.join_link_id)
        .join(Encounter, and_(Encounter.id == JoinLink.encounter_id, Encounter.starts_at == Seat.starts_at))
        .outerjoin(Lobby, _LOBBY_NOW)
        .where(SeatDevice.cookie_hash == cookie_hash)
    ).one_or_none()
    if row is None:
        return None
    link, encounter, lobby, seat, device = row
    return Place(Door(link, encounter, lobby), seat, device)


def lobby_now(session: Session, encounter: Encounter) -> Lobby | None:
    """The lobby of the encounter's present hour."""
    lobby = session.get(Lobby, encounter.id)
    return lobby if lobby is not None and lobby.starts_at == encounter.starts_at else None


def seats_now(session: Session, encounter: Encounter) -> list[tuple[JoinLink, Seat | None]]:
    """Live links of the encounter and the seat each has at its present hour."""
    rows = session.execute(
        select(JoinLink, Seat)
        .outerjoin(Seat, and_(Seat.join_link_id == JoinLink.id, Seat.starts_at == encounter.starts_at))
        .where(JoinLink.encounter_id == encounter.id, JoinLink.revoked_at.is_(None))
        .order_by(JoinLink.issued_at, JoinLink.id)
    )
    return [(link, seat) for link, seat in rows]


def lock(session: Session, encounter_id: UUID) -> None:
    """Every act at a door queues on its encounter first, so that no two acts wait for each other."""
    session.execute(select(Encounter.id).where(Encounter.id == encounter_id).with_for_update())
