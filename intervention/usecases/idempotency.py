"""A creating request sent twice is done once: the first answer is kept in its own transaction and given again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from intervention.domain.errors import InvalidInput
from intervention.domain.ids import new_id
from intervention.domain.permissions import Actor
from intervention.records.accounts import IdempotencyKey
from intervention.usecases.work import Work

MAX_KEY = 80
KEPT_FOR = timedelta(days=2)


def once(work: Work, actor: Actor, key: str, request: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do `act` unless this person already sent `key`; then give the first answer. Nothing is kept of a refusal.

    The key is written before the act, so that a repeat sent while the first still runs waits for its end. An answer
    holds ids only. Raises InvalidInput (`key_reused`) when the same key comes with another request.
    """
    if not key or len(key) > MAX_KEY:
        raise InvalidInput({"key": "required" if not key else "too_long"})
    digest = hashlib.sha256(request.encode()).digest()
    work.session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.person_id == actor.person_id, IdempotencyKey.created_at < work.now() - KEPT_FOR
        )
    )
    own = (IdempotencyKey.person_id == actor.person_id, IdempotencyKey.key == key)
    if not _claim(work, actor, key, digest):
        kept = work.session.execute(select(IdempotencyKey.request_hash, IdempotencyKey.answer).where(*own)).one()
        if kept.request_hash != digest:
            raise InvalidInput({"key": "key_reused"})
        return dict(kept.answer)
    answer = act()
    work.session.execute(update(IdempotencyKey).where(*own).values(answer=answer))
    return answer


def _claim(work: Work, actor: Actor, key: str, digest: bytes) -> bool:
    """Whether this request is the first with its key."""
    insert = sqlite.insert if work.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(IdempotencyKey)
        .values(id=new_id(), person_id=actor.person_id, key=key, request_hash=digest, answer={}, created_at=work.now())
        .on_conflict_do_nothing(index_elements=[IdempotencyKey.person_id, IdempotencyKey.key])
        .returning(IdempotencyKey.id)
    )
    return work.session.execute(statement).first() is not None
