"""The board's video accounts as an administrator's page may show them: hints, never a secret."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.records.encounters import Encounter
from intervention.records.join_links import VideoAccount, VideoRoom

SHARED = "fixed_link"  # an address made elsewhere: the last choice, because it cannot be taken back


@dataclass(frozen=True, slots=True)
class AccountLine:
    id: UUID
    provider: str
    label: str
    hints: dict[str, str]
    is_enabled: bool
    leaves_quebec: bool
    is_revocable: bool


def video_accounts(session: Session, actor: Actor) -> list[AccountLine]:
    require(actor, Action.CONFIGURE_VIDEO, Subject(actor.organization_id))
    found = session.scalars(
        select(VideoAccount).where(VideoAccount.organization_id == actor.organization_id).order_by(VideoAccount.id)
    )
    return [
        AccountLine(
            each.id,
            each.provider,
            each.label,
            dict(each.hints),
            each.is_enabled,
            each.leaves_quebec,
            each.is_revocable,
        )
        for each in found
    ]


def enabled_accounts(session: Session, organization_id: UUID) -> list[VideoAccount]:
    """In the order they are chosen: the oldest first, an address made elsewhere when there is nothing better."""
    found = session.scalars(
        select(VideoAccount).where(VideoAccount.organization_id == organization_id, VideoAccount.is_enabled)
    )
    return sorted(found, key=lambda each: (each.provider == SHARED, each.id))


def current_room(session: Session, encounter: Encounter) -> VideoRoom | None:
    """The room of the encounter's present hour, unless it was thrown away."""
    return session.scalar(
        select(VideoRoom)
        .where(
            VideoRoom.encounter_id == encounter.id,
            VideoRoom.starts_at == encounter.starts_at,
            VideoRoom.retired_at.is_(None),
        )
        .order_by(VideoRoom.generation.desc())
        .limit(1)
    )
