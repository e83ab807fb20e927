"""Confidential links and what follows a click: seat, lobby, grant, room. Tokens are stored as keyed hashes only."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intervention.records.base import Base, Code, Identified, OfOrganization


class SeatState(StrEnum):
    WAITING = "waiting"  # in the lobby, on one device
    CONTESTED = "contested"  # a second device used the same link
    ADMITTED = "admitted"
    REFUSED = "refused"
    LEFT = "left"


class JoinLink(Identified, OfOrganization, Base):
    """One link for one participation of one occurrence. A revoked link opens nothing and says nothing."""

    __tablename__ = "join_link"

    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id", ondelete="CASCADE"), index=True)
    token_hmac: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    issued_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Seat(Identified, Base):
    """A device that exchanged a link. The cookie is random, stored hashed, bound to this link."""

    __tablename__ = "seat"

    join_link_id: Mapped[UUID] = mapped_column(ForeignKey("join_link.id", ondelete="CASCADE"), index=True)
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    cookie_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    state: Mapped[SeatState] = mapped_column(Code(SeatState))
    client: Mapped[str] = mapped_column(String(60), default="")
    claimed_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    identity: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # how the host knew them and who is in the room


class JoinGrant(Identified, Base):
    """A single-use ticket from admission to the provider, seconds long."""

    __tablename__ = "join_grant"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"), index=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class VideoAccount(Identified, OfOrganization, Base):
    """A board's video provider. `secrets` is encrypted JSON (address, app id, secret); write-only in pages."""

    __tablename__ = "video_account"

    provider: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(80))
    secrets: Mapped[bytes] = mapped_column(LargeBinary)
    is_enabled: Mapped[bool] = mapped_column(default=True)
    leaves_quebec: Mapped[bool] = mapped_column(default=False)


class VideoRoom(Identified, Base):
    """The provider's room of one occurrence and generation; the reference is encrypted."""

    __tablename__ = "video_room"
    __table_args__ = (UniqueConstraint("encounter_id", "generation"),)

    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounter.id", ondelete="CASCADE"))
    generation: Mapped[int]
    video_account_id: Mapped[UUID] = mapped_column(ForeignKey("video_account.id"))
    reference: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
