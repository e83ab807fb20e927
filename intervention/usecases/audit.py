"""The audit trail: who did what, one linear chain of hashes for the whole installation.

A row's hash covers its content and the hash before it, so a row changed, removed or put in between breaks every check
after it. The database refuses UPDATE and DELETE itself. What a chain cannot show is its own tail cut off: `head` is
printed by checks so that an operator may keep it elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from intervention.records.access_log import AccessLogEntry
from intervention.records.isolation import beyond
from intervention.usecases.work import Work

GENESIS = bytes(32)
_CHAIN_LOCK = 726202
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Chain:
    """`broken_at` is the first seq whose link does not hold; None for a whole chain. `head` is the last hash."""

    entries: int
    head: bytes
    broken_at: int | None


def record(  # noqa: PLR0913 - the columns of a trail
    work: Work,
    verb: str,
    object_kind: str,
    object_id: UUID | None,
    organization_id: UUID | None,
    *,
    actor_id: UUID | None = None,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Append one entry. `facts` hold ids, codes and numbers, never a name or a secret.

    Call it last in a use case: on PostgreSQL writers queue here until the transaction ends.
    """
    with beyond(work.session):  # one chain for every board: the hash before may be another's
        entry = AccessLogEntry(
            organization_id=organization_id,
            actor_id=actor_id,
            verb=verb,
            object_kind=object_kind,
            object_id=object_id,
            at=work.now(),
            facts={name: _plain(value) for name, value in (facts or {}).items()},
        )
        _append(work.session, entry)


def _append(session: Session, entry: AccessLogEntry) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    session.flush()
    last = session.execute(
        select(AccessLogEntry.seq, AccessLogEntry.hash).order_by(AccessLogEntry.seq.desc()).limit(1)
    ).first()
    entry.seq, entry.previous_hash = (last.seq + 1, last.hash) if last else (1, GENESIS)
    entry.hash = hash_of(entry)
    session.add(entry)
    session.flush()


def verify_chain(session: Session) -> Chain:
    """Read the whole trail in pages and check every link."""
    entries, head, after = 0, GENESIS, 0
    while True:
        page = session.scalars(
            select(AccessLogEntry).where(AccessLogEntry.seq > after).order_by(AccessLogEntry.seq).limit(_PAGE)
        ).all()
        for entry in page:
            entries += 1
            if entry.seq != entries or entry.previous_hash != head or entry.hash != hash_of(entry):
                return Chain(entries, head, broken_at=entry.seq)
            head = entry.hash
            after = entry.seq
        for entry in page:
            session.expunge(entry)
        if len(page) < _PAGE:
            return Chain(entries, head, broken_at=None)


def hash_of(entry: AccessLogEntry) -> bytes:
    """SHA-256 over a canonical JSON of everything but the hash itself."""
    content = {
        "seq": entry.seq,
        "organization_id": _plain(entry.organization_id),
        "actor_id": _plain(entry.actor_id),
        "verb": entry.verb,
        "object_kind": entry.object_kind,
        "object_id": _plain(entry.object_id),
        "at": _plain(entry.at),
        "facts": entry.facts,
        "previous_hash": entry.previous_hash.hex(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).digest()


def _plain(value: object) -> object:
    """What JSON stores and gives back unchanged on either engine."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, (set, frozenset, list, tuple)):
        plain = [_plain(each) for each in value]
        return sorted(plain, key=str) if isinstance(value, (set, frozenset)) else plain
    if value is None or isinstance(value, (bool, int)):
        return value
    return str(value)
