"""The links panel of an encounter's page: who may come by a link, who has one, who used it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain import doors
from intervention.domain.doors import SeatState
from intervention.domain.encounters import EncounterStatus, ParticipantRole
from intervention.domain.errors import NotFound
from intervention.domain.permissions import Action, Actor, permits
from intervention.queries.doors import seats_now
from intervention.queries.encounters import encounter_for, subject_of
from intervention.queries.lobby import names_of
from intervention.records.encounters import Encounter
from intervention.records.join_links import JoinLink, Seat


@dataclass(frozen=True, slots=True)
class LinkLine:
    """`link_id` is the live link, else the last one that was revoked; `has_account` may also sign in."""

    participation_id: UUID
    name: str
    role: ParticipantRole
    has_account: bool
    link_id: UUID | None = None
    is_live: bool = False
    issued_at: datetime | None = None
    opened_at: datetime | None = None
    revoked_at: datetime | None = None
    state: SeatState | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """`may_issue` is False once links would open nothing; `is_host` opens the room from this page."""

    encounter_id: UUID
    zone: str
    opens_at: datetime
    is_host: bool
    may_issue: bool
    lines: tuple[LinkLine, ...]


def panel(session: Session, actor: Actor, encounter_id: UUID, now: datetime) -> Panel | None:
    """None for a reader who sees the encounter but issues no link: the panel is not shown at all."""
    encounter = encounter_for(session, actor, encounter_id, Action.SEE_ENCOUNTER)
    if not permits(actor, Action.ISSUE_LINK, subject_of(encounter)):
        return None
    window = doors.window_of(encounter.span)
    is_to_come = encounter.status in doors.OPEN_STATUSES | {EncounterStatus.HELD} and now < window.ends_at
    return Panel(
        encounter.id,
        encounter.zone,
        window.starts_at,
        encounter.host_id == actor.person_id,
        is_to_come,
        _lines(session, encounter),
    )


def _lines(session: Session, encounter: Encounter) -> tuple[LinkLine, ...]:
    people = [
        p
        for p in encounter.participations
        if p.role not in doors.ROLES_WITHOUT_LINK and p.person_id != encounter.host_id
    ]
    names = names_of(session, [p.id for p in people])
    live = {link.participation_id: (link, seat) for link, seat in seats_now(session, encounter)}
    last = _last_links(session, encounter.id)
    lines = []
    for each in people:
        link, seat = live.get(each.id) or (last.get(each.id), None)
        lines.append(_line(each.id, names[each.id], each.person_id is not None, link, seat))
    return tuple(sorted(lines, key=lambda line: line.name))


def _line(
    participation_id: UUID,
    who: tuple[str, ParticipantRole],
    has_account: bool,  # noqa: FBT001 - a column of the line
    link: JoinLink | None,
    seat: Seat | None,
) -> LinkLine:
    if link is None:
        return LinkLine(participation_id, *who, has_account)
    return LinkLine(
        participation_id,
        *who,
        has_account,
        link_id=link.id,
        is_live=link.revoked_at is None,
        issued_at=link.issued_at,
        opened_at=link.opened_at,
        revoked_at=link.revoked_at,
        state=seat.state if seat else None,
    )


def _last_links(session: Session, encounter_id: UUID) -> dict[UUID, JoinLink]:
    links = session.scalars(
        select(JoinLink).where(JoinLink.encounter_id == encounter_id).order_by(JoinLink.issued_at, JoinLink.id)
    )
    return {link.participation_id: link for link in links}


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """What the page of a new link says besides the link."""

    name: str
    role: ParticipantRole
    zone: str
    starts_at: datetime
    opens_at: datetime
    closes_at: datetime


def issued_link(session: Session, actor: Actor, link_id: UUID) -> IssuedLink:
    link = session.get(JoinLink, link_id)
    if link is None:
        raise NotFound
    encounter = encounter_for(session, actor, link.encounter_id, Action.ISSUE_LINK)
    window = doors.window_of(encounter.span)
    name, role = names_of(session, [link.participation_id])[link.participation_id]
    return IssuedLink(name, role, encounter.zone, encounter.starts_at, window.starts_at, window.ends_at)
