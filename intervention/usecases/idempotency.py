"""A creating request sent twice is done once: the first answer is kept in its own transaction and given again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from intervention.domain.errors import InvalidInput
from intervention.domain.permissions import Actor
from intervention.records.accounts import IdempotencyKey
from intervention.usecases.work import Work

MAX_KEY = 80


def once(work: Work, actor: Actor, key: str, request: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do `act` unless this person already sent `key`; then give the first answer. Nothing is kept of a refusal.

    Raises InvalidInput (`key_reused`) when the same key comes with another request.
    """
    if not key or len(key) > MAX_KEY:
        raise InvalidInput({"key": "required" if not key else "too_long"})
    digest = hashlib.sha256(request.encode()).digest()
    kept = work.session.scalar(
        select(IdempotencyKey).where(IdempotencyKey.person_id == actor.person_id, IdempotencyKey.key == key)
    )
    if kept is not None:
        if kept.request_hash != digest:
            raise InvalidInput({"key": "key_reused"})
        return kept.answer
    answer = act()
    work.session.add(
        IdempotencyKey(person_id=actor.person_id, key=key, request_hash=digest, answer=answer, created_at=work.now())
    )
    work.session.flush()
    return answer
