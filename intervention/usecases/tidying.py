"""What must be put away though nobody asks for it; the worker does it every few minutes."""

from __future__ import annotations

from sqlalchemy import delete, select

from intervention.records.accounts import IdempotencyKey, WebSession
from intervention.records.reservations import Reservation, ReservationKind
from intervention.usecases import outbox
from intervention.usecases.idempotency import KEPT_FOR
from intervention.usecases.reservations import expire_holds, lock_resources
from intervention.usecases.work import Work


def tidy(work: Work) -> None:
    """Let lapsed proposals go, and forget done facts, ended sign-ins, and answers kept for repeats that never came."""
    now = work.now()
    lapsed = work.session.scalars(
        select(Reservation.resource_id)
        .where(Reservation.kind == ReservationKind.HOLD, Reservation.expires_at <= now)
        .distinct()
    ).all()
    if lapsed:
        lock_resources(work.session, lapsed)
        expire_holds(work.session, lapsed, now)
    outbox.forget_done(work)
    work.session.execute(delete(WebSession).where(WebSession.expires_at <= now))
    work.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEPT_FOR))
