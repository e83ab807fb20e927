"""iCal subscriptions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from intervention.domain.feeds import FeedDetail, FeedScope
from intervention.records.base import Base, Code, Identified, OfOrganization


class Feed(Identified, OfOrganization, Base):
    """A subscription. The token is stored hashed; the feed runs as its owner is now, and dies with the role."""

    __tablename__ = "feed"

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    scope: Mapped[FeedScope] = mapped_column(Code(FeedScope))
    subject_id: Mapped[UUID]
    detail: Mapped[FeedDetail] = mapped_column(Code(FeedDetail))
    label: Mapped[str] = mapped_column(String(80))
    locale: Mapped[str] = mapped_column(String(5), default="fr")
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_fetched_at: Mapped[datetime | None]
    last_client: Mapped[str | None] = mapped_column(String(60))


class FeedBody(Base):
    """The rendered feed at one version: what a client gets again until something changes. Empty until first read."""

    __tablename__ = "feed_body"

    feed_id: Mapped[UUID] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[str] = mapped_column(String(80))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    gzipped: Mapped[bytes] = mapped_column(LargeBinary)
    built_at: Mapped[datetime]
