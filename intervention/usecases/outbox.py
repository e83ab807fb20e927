"""The queue of noted facts: claimed under a lease, closed with their effect, tried again later, given up in the end.

A claim is a transaction of its own and counts as an attempt, so that a fact which kills the process is given up too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from intervention.records.outbox import OutboxMessage, WorkerBeat
from intervention.usecases.work import Work

LEASE = timedelta(minutes=1)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
KEPT_DONE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Queue:
    """`dead` were given up; `oldest_due` is since when the longest waiting one could have been done."""

    due: int
    dead: int
    oldest_due: datetime | None


def is_due(now: datetime) -> ColumnElement[bool]:
    """Open, its hour come, not given up, in nobody's hands."""
    message = OutboxMessage
    return and_(
        message.done_at.is_(None),
        message.due_at <= now,
        message.attempts < MOST_ATTEMPTS,
        or_(message.lease_until.is_(None), message.lease_until <= now),
    )


def is_dead(now: datetime) -> ColumnElement[bool]:
    """Tried as often as any is, and in nobody's hands."""
    message = OutboxMessage
    return and_(
        message.done_at.is_(None),
        message.attempts >= MOST_ATTEMPTS,
        or_(message.lease_until.is_(None), message.lease_until <= now),
    )


def state_of(work: Work) -> Queue:
    now = work.now()
    due, oldest = work.session.execute(select(func.count(), func.min(OutboxMessage.due_at)).where(is_due(now))).one()
    dead = work.session.scalar(select(func.count()).where(is_dead(now))) or 0
    return Queue(due, dead, oldest)


def has_due(work: Work, kinds: Iterable[str]) -> bool:
    due = select(OutboxMessage.id).where(is_due(work.now()), OutboxMessage.kind.in_(list(kinds)))
    return work.session.scalar(due.limit(1)) is not None


def close_without_effect(work: Work, kinds: Iterable[str]) -> None:
    """Facts that nothing reacts to are done as soon as they are seen."""
    work.session.execute(
        update(OutboxMessage)
        .where(is_due(work.now()), OutboxMessage.kind.in_(list(kinds)))
        .values(done_at=work.now(), lease_until=None, lease_owner=None)
        .execution_options(synchronize_session=False)
    )


def claim(work: Work, owner: str, kinds: Iterable[str], most: int = 20) -> Sequence[OutboxMessage]:
    """Take due facts of these kinds for `LEASE`, the longest due first; other workers pass over them."""
    now = work.now()
    taken = work.session.scalars(
        select(OutboxMessage)
        .where(is_due(now), OutboxMessage.kind.in_(list(kinds)))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for message in taken:
        message.attempts += 1
        message.lease_until = now + LEASE
        message.lease_owner = owner
    work.session.flush()
    return taken


def close(work: Work, message_id: UUID, owner: str) -> bool:
    """Mark a claimed fact done, in the transaction of its effect. False when the lease went to somebody else."""
    closed = work.session.scalar(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.lease_owner == owner, OutboxMessage.done_at.is_(None))
        .values(done_at=work.now(), lease_until=None, lease_owner=None, failure=None)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return closed is not None


def put_back(work: Work, message_id: UUID, owner: str, failure: str) -> None:
    """After a failed attempt: due again later, twice as late each time. `failure` is a code, never a message."""
    message = work.session.get(OutboxMessage, message_id)
    if message is None or message.lease_owner != owner or message.done_at is not None:
        return
    message.due_at = work.now() + pause_after(message.attempts, message.id)
    message.lease_until = message.lease_owner = None
    message.failure = failure[:60]


def pause_after(attempts: int, message_id: UUID) -> timedelta:
    """30 s, 1 min, 2 min … 1 h, each up to a quarter longer by the message: a crowd must not come back at once."""
    doublings: int = 2 ** max(0, attempts - 1)
    pause = min(FIRST_PAUSE * doublings, LONGEST_PAUSE)
    return pause * (1 + message_id.int % 1024 / 4096)


def revive_dead(work: Work) -> int:
    """Give what was given up all its attempts again; how many there were."""
    revived = work.session.scalars(
        update(OutboxMessage)
        .where(is_dead(work.now()))
        .values(attempts=0, due_at=work.now(), lease_until=None, lease_owner=None)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(revived)


def forget_done(work: Work) -> None:
    work.session.execute(delete(OutboxMessage).where(OutboxMessage.done_at < work.now() - KEPT_DONE))


def beat(work: Work, name: str) -> None:
    """Say that a worker of this name looked."""
    insert = sqlite.insert if work.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    work.session.execute(
        insert(WorkerBeat)
        .values(name=name, beat_at=work.now())
        .on_conflict_do_update(index_elements=[WorkerBeat.name], set_={"beat_at": work.now()})
    )
