"""Séances to come where they stand, thousands at once: two statements, no record is made, and what séances have in
common is made once."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from intervention.domain.composition import AskParticipant, AskSite, Composition
from intervention.domain.encounters import Confidentiality, EncounterKind, EncounterStatus, ParticipantRole
from intervention.domain.permissions import Subject
from intervention.domain.spans import Span
from intervention.records.encounters import Encounter, EncounterSite, Participation

TO_COME = (EncounterStatus.HELD, EncounterStatus.PLANNED)
_CHUNK = 2000  # rows made at once, read and let go
_FEW = 500  # as many ids are named to the database; of more, all that the board has to come is read
_MADE, _SITE, _PART = Encounter.__table__.c, EncounterSite.__table__.c, Participation.__table__.c


@dataclass(frozen=True, eq=False)
class Shape:
    """What the séances that differ by their time alone have in common. One object for all of one reading: it is told
    from others by being another one, for comparing sites and people costs."""

    organization_id: UUID
    confidentiality: Confidentiality
    host_id: UUID
    kind: EncounterKind
    minutes: int
    sites: tuple[AskSite, ...]

    @cached_property
    def composition(self) -> Composition:
        return Composition(self.kind, self.host_id, self.minutes, self.sites)

    @cached_property
    def subject(self) -> Subject:
        """What the permissions look at, as `encounters.subject_of` gives it of a record."""
        people = {who.person_id for site in self.sites for who in site.participants}
        people |= {site.facilitator_id for site in self.sites} | {self.host_id}
        return Subject(
            self.organization_id,
            owner_id=self.host_id,
            people=frozenset(each for each in people if each is not None),
            buildings=frozenset(site.building_id for site in self.sites if site.building_id is not None),
            confidentiality=self.confidentiality,
        )


class Standing(NamedTuple):
    """One séance where it stands."""

    id: UUID
    series_id: UUID | None
    span: Span
    shape: Shape


def standing(session: Session, organization_id: UUID, ids: Collection[UUID], now: datetime) -> dict[UUID, Standing]:
    """Those of these séances of a board that are still to come, by start."""
    wanted = {own: own for own in ids}
    if not wanted:
        return {}
    session.flush()
    which = _MADE.id.in_(wanted) if len(wanted) <= _FEW else _MADE.organization_id == organization_id
    which = and_(which, _MADE.status.in_(TO_COME), _MADE.starts_at > now)
    sites = _sites(session, which)
    shapes: dict[Hashable, Shape] = {}
    spans: dict[tuple[datetime, datetime], Span] = {}  # many begin together
    found = {}
    for own, series, starts, ends, board, confidentiality, host, kind in session.execute(
        select(
            _MADE.id, _MADE.series_id, _MADE.starts_at, _MADE.ends_at, _MADE.organization_id, _MADE.confidentiality,
            _MADE.host_id, _MADE.kind,
        )
        .where(which)
        .order_by(_MADE.starts_at, _MADE.id)
    ).yield_per(_CHUNK):  # fmt: skip
        known = wanted.get(own)
        if known is not None:
            span = spans.get((starts, ends)) or spans.setdefault((starts, ends), Span(starts, ends))
            there = sites[own]
            key = (board, confidentiality, host, kind, span.minutes, id(there))
            shape = shapes.get(key) or shapes.setdefault(
                key, Shape(board, confidentiality, host, kind, span.minutes, there)
            )
            found[known] = Standing(known, series, span, shape)
    return found


def _sites(session: Session, which: ColumnElement[bool]) -> dict[UUID, tuple[AskSite, ...]]:
    """The sites of each séance; those that are equal are one object."""
    rows = session.execute(
        select(
            _MADE.id, _SITE.position, _SITE.building_id, _SITE.place, _SITE.room_id, _SITE.kit_id,
            _SITE.facilitator_id, _SITE.has_host, _PART.role, _PART.person_id, _PART.pupil_id, _PART.class_group_id,
            _PART.guest_id, _PART.is_required,
        )
        .select_from(Encounter.__table__)
        .join(EncounterSite.__table__, _SITE.encounter_id == _MADE.id)
        .outerjoin(Participation.__table__, and_(_PART.site_id == _SITE.id, _PART.role != ParticipantRole.HOST))
        .where(which)
        .order_by(_MADE.starts_at, _MADE.id, _SITE.position, _SITE.id, _PART.id)
    ).yield_per(_CHUNK)  # fmt: skip
    known: dict[tuple[Any, ...], tuple[AskSite, ...]] = {}
    found = {}
    for own, lines in groupby(rows, key=itemgetter(0)):
        key = tuple(line[1:] for line in lines)
        found[own] = known.get(key) or known.setdefault(key, _made(key))
    return found


def _made(lines: tuple[tuple[Any, ...], ...]) -> tuple[AskSite, ...]:
    """Sites from their lines: one for each participant, or one without any."""
    found = []
    for (_, building, place, room, kit, facilitator, has_host), some in groupby(lines, key=itemgetter(slice(7))):
        people = tuple(AskParticipant(*line[7:]) for line in some if line[7] is not None)
        found.append(AskSite(building, place, room, kit, facilitator, has_host, people))
    return tuple(found)
