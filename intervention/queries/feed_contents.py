"""What a feed holds, and a fingerprint of it that costs two small statements and no rendering.

The rows read here know no pupil, no adult and no discipline: a feed cannot tell what was never loaded.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, null, or_, select, union
from sqlalchemy.orm import Session

from intervention.domain.encounters import EncounterStatus, ParticipantRole
from intervention.domain.feed_contents import FeedItem, FeedPlace, Shape, told_to
from intervention.domain.feeds import FeedDetail, FeedScope
from intervention.domain.permissions import Actor
from intervention.domain.spans import Span
from intervention.queries.feed_subjects import FeedSubject
from intervention.queries.scope import visible_encounters
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.people import Organization
from intervention.records.schools import Building, Room, SchoolBuilding

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class FeedAsk:
    """Whose encounters, for whom, over which days. `now` decides which proposals still stand."""

    actor: Actor
    subject: FeedSubject
    detail: FeedDetail
    window: Span
    now: datetime


def fingerprint(session: Session, ask: FeedAsk) -> str:
    """Changes whenever the contents do.

    Every act on an encounter moves its `changed_at` to now, so nothing changes without a later maximum, except what
    leaves the window or the scope, which lowers the count; an arrival that restores the count raises the maximum.
    """
    about = select(func.count(), func.max(Encounter.changed_at), func.sum(Encounter.version))
    count, latest, versions = session.execute(_shown(about, ask)).one()
    names = _names(session, ask.actor) if ask.detail is not FeedDetail.BUSY else []
    mandates = sorted((m.role.value, sorted(map(str, m.building_ids))) for m in ask.actor.mandates)
    state = (ask.subject, ask.detail.value, ask.window, count, latest, int(versions or 0), names, mandates)
    return hashlib.blake2b(repr(state).encode(), digest_size=16).hexdigest()


def items(session: Session, ask: FeedAsk, limit: int | None = None) -> list[FeedItem]:
    """The encounters of the feed, by start then id, each reduced to what the feed's audience reads."""
    columns = (
        *(Encounter.id, Encounter.uid, Encounter.starts_at, Encounter.ends_at, Encounter.zone, Encounter.revision),
        *(Encounter.changed_at, Encounter.status, Encounter.confidentiality, Encounter.kind, Encounter.modality),
    )
    chosen = _shown(select(*columns, _other_board(ask)), ask).order_by(Encounter.starts_at, Encounter.id).limit(limit)
    sites = _sites(session, ask.subject, chosen.with_only_columns(Encounter.id).subquery())
    told = cache(partial(told_to, ask.detail, names_all=ask.subject.scope is FeedScope.PERSON))
    return [
        FeedItem(
            row.id,
            row.uid,
            row.starts_at,
            row.ends_at,
            row.zone,
            row.revision,
            row.changed_at,
            row.status is EncounterStatus.HELD,
            told(Shape(row.kind, row.modality, row.confidentiality, sites[row.id], row.board or "")),
        )
        for row in session.execute(chosen)
    ]


def _shown(statement: Select[*Columns], ask: FeedAsk) -> Select[*Columns]:
    """The statement about standing encounters of the subject that the owner may see, in the window."""
    candidates = _candidates(ask)
    return statement.join(candidates, candidates.c.encounter_id == Encounter.id).where(
        _in_window(ask),
        Encounter.status != EncounterStatus.CANCELLED,
        or_(Encounter.status != EncounterStatus.HELD, Encounter.held_until > ask.now),
        _readable(ask),
    )


def _other_board(ask: FeedAsk) -> ColumnElement[str | None]:
    """The board's short name, where it is not the feed's own."""
    return (
        select(Organization.short_name)
        .where(Organization.id == Encounter.organization_id, Organization.id != ask.actor.organization_id)
        .correlate(Encounter)
        .scalar_subquery()
        .label("board")
    )


def _candidates(ask: FeedAsk) -> Subquery:
    """Ids of the subject's encounters, read from the subject's own indexes: the board's others are never touched."""
    if ask.subject.scope is not FeedScope.PERSON:
        return select(EncounterSite.encounter_id).where(_place(ask.subject)).distinct().subquery()
    person_id = ask.subject.id
    hosting = select(Encounter.id.label("encounter_id")).where(Encounter.host_id == person_id, _in_window(ask))
    taking_part = select(Participation.encounter_id).where(
        Participation.person_id == person_id, Participation.role != ParticipantRole.HOST
    )
    helping = select(EncounterSite.encounter_id).where(EncounterSite.facilitator_id == person_id)
    return union(hosting, taking_part, helping).subquery()


def _in_window(ask: FeedAsk) -> ColumnElement[bool]:
    return and_(Encounter.starts_at >= ask.window.starts_at, Encounter.starts_at < ask.window.ends_at)


def _readable(ask: FeedAsk) -> ColumnElement[bool]:
    """What the owner may see, of which `visible_encounters` is the rule.

    It grants all that one takes part in. That a room of one's building is taken is no secret, whatever takes it.
    """
    subject = ask.subject
    is_own = subject.scope is FeedScope.PERSON and subject.id == ask.actor.person_id
    if is_own:
        return Encounter.organization_id.in_(ask.actor.boards)  # what she does for another board is hers too
    if subject.scope is FeedScope.ROOM and ask.detail is FeedDetail.BUSY:
        return Encounter.organization_id == ask.actor.organization_id
    return visible_encounters(ask.actor)


def _place(subject: FeedSubject) -> ColumnElement[bool]:
    if subject.scope is FeedScope.ROOM:
        return EncounterSite.room_id == subject.id
    if subject.scope is FeedScope.BUILDING:
        return EncounterSite.building_id == subject.id
    of_school = select(SchoolBuilding.building_id).where(SchoolBuilding.school_id == subject.id)
    return EncounterSite.building_id.in_(of_school)


def _names(session: Session, actor: Actor) -> list[tuple[str, str | None]]:
    """Every name of a place that a feed may write, always in the same order: renaming one changes the feeds."""
    names = (
        select(Building.short_name, Room.name)
        .outerjoin(Room, Room.building_id == Building.id)
        .where(Building.organization_id.in_(actor.boards))
        .order_by(Building.id, Room.id)
    )
    boards = select(Organization.short_name, null()).where(Organization.id.in_(actor.boards)).order_by(Organization.id)
    return [(row[0], row[1]) for statement in (names, boards) for row in session.execute(statement)]


def _sites(session: Session, subject: FeedSubject, encounters: Subquery) -> dict[UUID, tuple[FeedPlace, ...]]:
    """Encounter → its sites in order."""
    rows = session.execute(
        select(
            *(EncounterSite.encounter_id, EncounterSite.place, EncounterSite.has_host),
            *(Building.zone, Building.short_name, Room.name, _concerns(subject).label("concerns")),
        )
        .join(encounters, encounters.c.id == EncounterSite.encounter_id)
        .outerjoin(Building, Building.id == EncounterSite.building_id)
        .outerjoin(Room, Room.id == EncounterSite.room_id)
        .order_by(EncounterSite.encounter_id, EncounterSite.position)
    )
    found: dict[UUID, tuple[FeedPlace, ...]] = defaultdict(tuple)
    for row in rows:
        names = row.zone or "", row.short_name or "", row.name or ""
        found[row.encounter_id] += (FeedPlace(row.place, row.has_host, *names, concerns=bool(row.concerns)),)
    return found


def _concerns(subject: FeedSubject) -> ColumnElement[bool]:
    """Whether a site is where the person is, or in the place."""
    if subject.scope is not FeedScope.PERSON:
        return _place(subject)
    sits = exists().where(Participation.site_id == EncounterSite.id, Participation.person_id == subject.id)
    return or_(sits, EncounterSite.facilitator_id == subject.id)
