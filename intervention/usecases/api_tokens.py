"""Tokens by which a program acts as one person. The clear token is in one answer and is never stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.ids import new_id, new_secret
from intervention.domain.permissions import Actor
from intervention.queries.accounts import candidate, hash_of
from intervention.records.accounts import ApiToken
from intervention.usecases import audit, throttling
from intervention.usecases.throttling import Limit
from intervention.usecases.work import Work

PREFIX = "it1_"  # lets secret scanners and our own log filter recognise a token
MAX_LABEL = 80
MAX_DAYS = 366
USE_NOTED_EVERY = timedelta(minutes=10)
MAX_FAILURES = 60


@dataclass(frozen=True, slots=True)
class CreateToken:
    """`label` is the person's own word for the program; `days` is how long it may act."""

    label: str = ""
    days: int = 90


@dataclass(frozen=True, slots=True)
class NewToken:
    """The only time a token is seen: `it1_` and 43 characters, 256 bits."""

    token_id: UUID
    token: str = field(repr=False)


def create_token_as_operator(work: Work, email: str, ask: CreateToken) -> NewToken:
    """For whoever runs the installation. Raises NotFound for an e-mail that nobody with a role has, InvalidInput."""
    person = candidate(work.session, email, work.now().date())
    if person is None:
        raise NotFound
    return _create(work, person.person_id, person.organization_id, ask)


def revoke_token(work: Work, actor: Actor, token_id: UUID) -> None:
    """Close one of one's own tokens, for ever. Raises NotFound for anybody else's; twice is once."""
    token = work.session.get(ApiToken, token_id)
    if token is None or token.person_id != actor.person_id:
        raise NotFound
    if token.revoked_at is None:
        token.revoked_at = work.now()
        _record(work, "api_token.revoked", token)


def note_use(work: Work, token_id: UUID) -> None:
    work.session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=work.now()))


def count_failure(work: Work, secret: str, address: str | None) -> int | None:
    """Count a token that opened nothing against the sender's network; gives the seconds to wait when it is too many."""
    key = throttling.key_of(secret, "api_token", throttling.network_of(address))
    return throttling.count_try(work, [Limit(key, MAX_FAILURES)])


def _create(work: Work, person_id: UUID, organization_id: UUID, ask: CreateToken) -> NewToken:
    faults = {}
    if len(ask.label) > MAX_LABEL:
        faults["label"] = "too_long"
    if not 1 <= ask.days <= MAX_DAYS:
        faults["days"] = "out_of_range"
    if faults:
        raise InvalidInput(faults)
    clear = PREFIX + new_secret()
    token = ApiToken(
        id=new_id(),
        token_hash=hash_of(clear),
        person_id=person_id,
        organization_id=organization_id,
        label=ask.label.strip(),
        created_at=work.now(),
        expires_at=work.now() + timedelta(days=ask.days),
    )
    work.session.add(token)
    work.session.flush()
    _record(work, "api_token.created", token)
    return NewToken(token.id, clear)


def _record(work: Work, verb: str, token: ApiToken) -> None:
    facts = {"person_id": token.person_id, "expires_at": token.expires_at}
    audit.record(work, verb, "api_token", token.id, token.organization_id, facts=facts)
