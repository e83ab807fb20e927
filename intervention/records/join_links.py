"""Confidential links and what follows a click: seat, devices, lobby, grant, room. Secrets are stored as hashes only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intervention.domain.doors import SeatState
from intervention.records.base import Base, Code, Identified, OfOrganization

_LIVE = text("revoked_at IS NULL")


class JoinLink(Identified, OfOrganization, Base):
    """One live link for one participation of one occurrence. A revoked link opens nothing and says nothing."""

    __tablename__ = "join_link"
    __table_args__ = (
        Index(
            "uq__join_link__live", "participation_id", unique=True, postgresql_where=_LIVE, sqlite_where=_LIVE
        ),
    )  # fmt: skip

    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id", ondelete="CASCADE"), index=True)
    token_hmac: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    issued_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Seat(Identified, Base):
    """The place that a link gives at one instant: an encounter moved to another hour has new seats."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("join_link_id", "starts_at"),)

    join_link_id: Mapped[UUID] = mapped_column(ForeignKey("join_link.id", ondelete="CASCADE"))
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    state: Mapped[SeatState] = mapped_column(Code(SeatState))
    claimed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    identity: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # how the host knew them and who is in the room

    devices: Mapped[list[SeatDevice]] = relationship(
        back_populates="seat", order_by="SeatDevice.claimed_at", cascade="all, delete-orphan"
    )


class SeatDevice(Identified, Base):
    """A browser that exchanged the link. Its cookie is random and stored hashed; one device holds the seat."""

    __tablename__ = "seat_device"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"), index=True)
    cookie_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    is_holder: Mapped[bool]
    client: Mapped[str] = mapped_column(String(60), default="")  # browser family, never the full user agent
    claimed_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]

    seat: Mapped[Seat] = relationship(back_populates="devices")


class Lobby(Base):
    """What the host does at the door of one encounter, for its present hour."""

    __tablename__ = "lobby"

    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), primary_key=True)
    starts_at: Mapped[datetime]
    host_seen_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class JoinGrant(Identified, Base):
    """A single-use ticket from admission to the provider, seconds long, bound to a guest's device or a person."""

    __tablename__ = "join_grant"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat_device.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class VideoAccount(Identified, OfOrganization, Base):
    """A board's video provider. `secrets` is encrypted JSON (address, app id, secret); write-only in pages.

    `hints` holds what a page may show of each field: the whole of an open one, the last four signs of a secret.
    """

    __tablename__ = "video_account"

    provider: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(80))
    secrets: Mapped[bytes] = mapped_column(LargeBinary)
    hints: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_enabled: Mapped[bool] = mapped_column(default=True)
    leaves_quebec: Mapped[bool] = mapped_column(default=False)
    is_revocable: Mapped[bool] = mapped_column(default=False)  # as its provider declares


class VideoRoom(Identified, Base):
    """The provider's room of one occurrence, hour and generation; the reference is encrypted."""

    __tablename__ = "video_room"
    __table_args__ = (UniqueConstraint("encounter_id", "generation"),)

    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"))
    generation: Mapped[int]
    starts_at: Mapped[datetime]
    video_account_id: Mapped[UUID] = mapped_column(ForeignKey("video_account.id"))
    reference: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
