"""Takes and frees resources. The database guards; this module orders, locks, and keeps the derived bits in step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import InvalidInput, NotFound, SlotTaken
from intervention.domain.ids import new_id
from intervention.domain.spans import Span, tick_of
from intervention.records.database import is_overlap
from intervention.records.encounters import Encounter
from intervention.records.isolation import beyond
from intervention.records.people import Resource
from intervention.records.reservations import MAX_TICKS, Reservation, ReservationBits, ReservationKind

WEEK_TICKS = 2016
_WEEK_BYTES = WEEK_TICKS // 8

# Written once: every booking runs these, and putting them together costs more than running them.
_RESOURCE, _TAKEN, _BITS = Resource.__table__.c, Reservation.__table__.c, ReservationBits.__table__.c
_LOCK = (
    select(_RESOURCE.id, _RESOURCE.organization_id)
    .where(_RESOURCE.id.in_(bindparam("resources", expanding=True)))
    .order_by(_RESOURCE.id)
    .with_for_update(key_share=True)
)
_TAKE = insert(Reservation.__table__)  # type: ignore[arg-type]
_LAPSED = (
    select(_TAKEN.encounter_id)
    .where(
        _TAKEN.resource_id.in_(bindparam("resources", expanding=True)),
        _TAKEN.kind == ReservationKind.HOLD,
        _TAKEN.expires_at <= bindparam("now"),
    )
    .distinct()
)
_WEEKS = select(_BITS.resource_id, _BITS.week, _BITS.bits).where(
    _BITS.resource_id.in_(bindparam("resources", expanding=True)), _BITS.week.in_(bindparam("weeks", expanding=True))
)
_UPSERTS = [made(ReservationBits.__table__) for made in (sqlite_insert, postgresql_insert)]  # type: ignore[arg-type]
_KEEP_SQLITE, _KEEP_POSTGRESQL = (
    made.on_conflict_do_update(index_elements=["resource_id", "week"], set_={"bits": made.excluded.bits})
    for made in _UPSERTS
)


@dataclass(frozen=True, slots=True)
class Taking:
    """One resource for one span, not yet written."""

    resource_id: UUID
    span: Span
    kind: ReservationKind = ReservationKind.ENCOUNTER
    leg_id: UUID | None = None


def lock_resources(session: Session, resource_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Serialise bookings of these resources (row locks in id order) and give resource → organization.

    Raises NotFound when one of them does not exist.
    """
    wanted = sorted(set(resource_ids))
    session.flush()
    rows = session.execute(_LOCK, {"resources": wanted}).all()
    if len(rows) != len(wanted):
        raise NotFound
    return {row.id: row.organization_id for row in rows}


def reserve(
    session: Session,
    takings: Sequence[Taking],
    *,
    organizations: dict[UUID, UUID],
    encounter_id: UUID | None,
    expires_at: datetime | None = None,
) -> None:
    """Write the reservations in resource order. Raises SlotTaken naming the resources that somebody else has."""
    owned = [(encounter_id, taking) for taking in takings]
    reserve_each(session, owned, organizations=organizations, expires_at=expires_at)


def reserve_each(
    session: Session,
    owned: Sequence[tuple[UUID | None, Taking]],
    *,
    organizations: dict[UUID, UUID],
    expires_at: datetime | None = None,
) -> None:
    """As `reserve`, for the takings of many encounters at once; SlotTaken also says when the first of them is taken."""
    in_order = sorted(owned, key=lambda each: (each[1].resource_id, each[1].span))
    takings = [taking for _, taking in in_order]
    rows = [_row(taking, organizations, encounter_id, expires_at) for encounter_id, taking in in_order]
    if not rows:
        return
    try:
        session.flush()
        with session.connection().begin_nested():
            session.execute(_TAKE, rows)
    except IntegrityError as error:
        if not is_overlap(error):
            raise
        taken = _taken(session, takings)
        if not taken:  # they meet each other only
            raise SlotTaken(resource_ids=()) from error
        starts_at = min(taking.span.starts_at for taking in taken)
        here = {taking.resource_id for taking in taken if taking.span.starts_at == starts_at}
        raise SlotTaken(resource_ids=tuple(sorted(here)), starts_at=starts_at) from error
    _mark(session, [t for t in takings if t.kind is not ReservationKind.TRAVEL], taken=True)


def release(session: Session, encounter_id: UUID) -> None:
    """Free everything that an encounter holds."""
    release_each(session, [encounter_id])


def release_each(session: Session, encounter_ids: Sequence[UUID]) -> None:
    """As `release`, for many encounters at once."""
    found = session.execute(
        delete(Reservation)
        .where(Reservation.encounter_id.in_(encounter_ids))
        .returning(Reservation.resource_id, Reservation.starts_tick, Reservation.ends_tick)
    ).all()
    _set_bits(session, [(row.resource_id, row.starts_tick, row.ends_tick) for row in found], taken=False)


def expire_holds(session: Session, resource_ids: Iterable[UUID], now: datetime) -> None:
    """Let go of lapsed proposals on these resources before anybody else asks for them."""
    lapsed = session.execute(_LAPSED, {"resources": list(resource_ids), "now": now}).scalars().all()
    if lapsed:
        with beyond(session):  # somebody shared may be held by another board's proposal, with things of its own
            _let_go(session, lapsed, now)


def _let_go(session: Session, lapsed: Sequence[UUID | None], now: datetime) -> None:
    for encounter_id in lapsed:
        if encounter_id is not None:
            release(session, encounter_id)
            session.execute(
                update(Encounter)
                .where(Encounter.id == encounter_id, Encounter.status == EncounterStatus.HELD)
                .values(status=EncounterStatus.CANCELLED, changed_at=now)
            )


def rebuild_bits(session: Session) -> int:
    """Recompute every derived bit from the reservations; gives how many resource-weeks differed."""
    masks: dict[tuple[UUID, int], int] = defaultdict(int)
    rows = session.execute(
        select(Reservation.resource_id, Reservation.starts_tick, Reservation.ends_tick).where(
            Reservation.kind != ReservationKind.TRAVEL
        )
    )
    for resource_id, starts, ends in rows:
        for week, mask in _week_masks(starts, ends):
            masks[resource_id, week] |= mask
    present = {(b.resource_id, b.week): b for b in session.scalars(select(ReservationBits))}
    wrong = [key for key in masks.keys() | present.keys() if masks.get(key, 0) != _int(present.get(key))]
    for resource_id, week in wrong:
        _upsert(session, [_bits_row(resource_id, week, masks.get((resource_id, week), 0))])
    return len(wrong)


def _row(
    taking: Taking, organizations: dict[UUID, UUID], encounter_id: UUID | None, expires_at: datetime | None
) -> dict[str, object]:
    span = taking.span
    if not span.is_tick_aligned() or span.minutes > MAX_TICKS * 5:
        raise InvalidInput({"starts_at": "not_on_the_grid"})
    return {
        "id": new_id(),
        "organization_id": organizations[taking.resource_id],
        "resource_id": taking.resource_id,
        "starts_tick": tick_of(span.starts_at),
        "ends_tick": tick_of(span.ends_at),
        "kind": taking.kind,
        "encounter_id": encounter_id if taking.leg_id is None else None,
        "leg_id": taking.leg_id,
        "expires_at": expires_at,
    }


def _taken(session: Session, takings: Sequence[Taking]) -> list[Taking]:
    found = []
    for taking in takings:
        starts, ends = tick_of(taking.span.starts_at), tick_of(taking.span.ends_at)
        clash = session.scalar(
            select(Reservation.id)
            .where(
                Reservation.resource_id == taking.resource_id,
                Reservation.starts_tick < ends,
                Reservation.starts_tick > starts - MAX_TICKS,
                Reservation.ends_tick > starts,
            )
            .limit(1)
        )
        if clash is not None:
            found.append(taking)
    return found


def _mark(session: Session, takings: Sequence[Taking], *, taken: bool) -> None:
    spans = [(t.resource_id, tick_of(t.span.starts_at), tick_of(t.span.ends_at)) for t in takings]
    _set_bits(session, spans, taken=taken)


def _set_bits(session: Session, spans: Sequence[tuple[UUID, int, int]], *, taken: bool) -> None:
    """Exact because reservations are tick-aligned and never overlap: one span owns its ticks."""
    masks: dict[tuple[UUID, int], int] = defaultdict(int)
    for resource_id, starts, ends in spans:
        for week, mask in _week_masks(starts, ends):
            masks[resource_id, week] |= mask
    if not masks:
        return
    told = {"resources": list({r for r, _ in masks}), "weeks": list({w for _, w in masks})}
    present = session.execute(_WEEKS, told)
    before = {(row.resource_id, row.week): int.from_bytes(row.bits, "little") for row in present}
    rows = []
    for (resource_id, week), mask in masks.items():
        old = before.get((resource_id, week), 0)
        rows.append(_bits_row(resource_id, week, old | mask if taken else old & ~mask))
    _upsert(session, rows)


def _week_masks(starts: int, ends: int) -> list[tuple[int, int]]:
    out = []
    while starts < ends:
        week = starts // WEEK_TICKS
        until = min(ends, (week + 1) * WEEK_TICKS)
        out.append((week, ((1 << (until - starts)) - 1) << (starts - week * WEEK_TICKS)))
        starts = until
    return out


def _int(row: ReservationBits | None) -> int:
    return 0 if row is None else int.from_bytes(row.bits, "little")


def _bits_row(resource_id: UUID, week: int, bits: int) -> dict[str, object]:
    return {"resource_id": resource_id, "week": week, "bits": bits.to_bytes(_WEEK_BYTES, "little")}


def _upsert(session: Session, rows: list[dict[str, object]]) -> None:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    session.execute(_KEEP_SQLITE if is_sqlite else _KEEP_POSTGRESQL, rows)
