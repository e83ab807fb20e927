"""The person behind a token, and a person's own tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from intervention.domain.permissions import Actor
from intervention.queries.accounts import hash_of
from intervention.queries.actors import actor_of
from intervention.records.accounts import ApiToken


@dataclass(frozen=True, slots=True)
class TokenLine:
    id: UUID
    label: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that stands, and its person as they are now."""

    actor: Actor
    token: TokenLine


def bearer(session: Session, token: str, now: datetime) -> Bearer | None:
    """None for a token that is unknown, over or revoked, and for a person without a role: all alike to the sender."""
    row = session.execute(_STANDING, {"hash": hash_of(token), "now": now}).one_or_none()
    actor = actor_of(session, row.person_id, row.organization_id, now.date()) if row else None
    return Bearer(actor, TokenLine(*row[2:])) if row is not None and actor is not None else None


def tokens_of(session: Session, actor: Actor, now: datetime) -> tuple[TokenLine, ...]:
    """The actor's own standing tokens in this board, newest first."""
    rows = session.execute(
        select(*_LINE)
        .where(
            ApiToken.person_id == actor.person_id,
            ApiToken.organization_id == actor.organization_id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
        )
        .order_by(ApiToken.created_at.desc(), ApiToken.id)
    )
    return tuple(TokenLine(*row) for row in rows)


_LINE = (ApiToken.id, ApiToken.label, ApiToken.created_at, ApiToken.expires_at, ApiToken.last_used_at)
_TOKEN = ApiToken.__table__.c
_STANDING = select(  # written once: every request of the API begins with it
    _TOKEN.person_id, _TOKEN.organization_id, *(_TOKEN[column.key] for column in _LINE)
).where(_TOKEN.token_hash == bindparam("hash"), _TOKEN.revoked_at.is_(None), _TOKEN.expires_at > bindparam("now"))
