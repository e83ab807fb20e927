"""What a feed holds, and a fingerprint of it that costs two small statements and no rendering.

The rows read here know no pupil, no adult and no discipline: a feed cannot tell what was never loaded.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Subquery, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from intervention.domain.encounters import EncounterStatus, PlaceKind
from intervention.domain.feeds import AUDIENCE_OF, FeedDetail, FeedScope
from intervention.domain.permissions import Actor
from intervention.domain.privacy import EncounterFacts, SiteFacts, view_of
from intervention.domain.spans import Span
from intervention.queries.feed_subjects import FeedSubject
from intervention.queries.scope import visible_encounters
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.schools import Building, Room, SchoolBuilding


@dataclass(frozen=True, slots=True)
class FeedAsk:
    """Whose encounters, for whom, over which days. `now` decides which proposals still stand."""

    actor: Actor
    subject: FeedSubject
    detail: FeedDetail
    window: Span
    now: datetime


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An encounter as the subscriber may read it.

    `here` is the site that concerns the subject and `named` the sites that the title may name, as far as disclosed.
    """

    view: EncounterFacts
    here: SiteFacts | None
    named: tuple[SiteFacts, ...]


def fingerprint(session: Session, ask: FeedAsk) -> str:
    """Changes whenever the contents do.

    Every act on an encounter moves its `changed_at` to now, so nothing changes without a later maximum, except what
    leaves the window or the scope, which lowers the count; an arrival that restores the count raises the maximum.
    """
    count, latest, versions = session.execute(
        select(func.count(), func.max(Encounter.changed_at), func.sum(Encounter.version)).where(_shown(ask))
    ).one()
    names = _names(session, ask.actor.organization_id) if ask.detail is not FeedDetail.BUSY else []
    mandates = sorted((m.role.value, sorted(map(str, m.building_ids))) for m in ask.actor.mandates)
    state = (ask.subject, ask.detail.value, ask.window, count, latest, int(versions or 0), names, mandates)
    return hashlib.blake2b(repr(state).encode(), digest_size=16).hexdigest()


def items(session: Session, ask: FeedAsk, limit: int | None = None) -> list[FeedItem]:
    """The encounters of the feed, by start then id, each reduced to what the feed's audience reads."""
    columns = (
        *(Encounter.id, Encounter.uid, Encounter.starts_at, Encounter.ends_at, Encounter.on_date, Encounter.zone),
        *(Encounter.status, Encounter.confidentiality, Encounter.axis, Encounter.kind, Encounter.modality),
        *(Encounter.version, Encounter.revision, Encounter.changed_at, Encounter.organization_id),
    )
    chosen = select(*columns).where(_shown(ask)).order_by(Encounter.starts_at, Encounter.id).limit(limit)
    sites = _sites(session, ask.subject, chosen.with_only_columns(Encounter.id).subquery())
    return [_item(ask, row, sites[row.id]) for row in session.execute(chosen)]


def _shown(ask: FeedAsk) -> ColumnElement[bool]:
    """Standing encounters of the subject that the owner may see, in the window."""
    return and_(
        Encounter.starts_at >= ask.window.starts_at,
        Encounter.starts_at < ask.window.ends_at,
        Encounter.status != EncounterStatus.CANCELLED,
        or_(Encounter.status != EncounterStatus.HELD, Encounter.held_until > ask.now),
        _about(ask.subject),
        _readable(ask),
    )


def _readable(ask: FeedAsk) -> ColumnElement[bool]:
    """What the owner may see. That a room of one's building is taken is no secret, whatever takes it."""
    if ask.subject.scope is FeedScope.ROOM and ask.detail is FeedDetail.BUSY:
        return Encounter.organization_id == ask.actor.organization_id
    return visible_encounters(ask.actor)


def _about(subject: FeedSubject) -> ColumnElement[bool]:
    if subject.scope is FeedScope.PERSON:
        taking_part = select(Participation.encounter_id).where(Participation.person_id == subject.id)
        helping = select(EncounterSite.encounter_id).where(EncounterSite.facilitator_id == subject.id)
        return or_(Encounter.id.in_(taking_part), Encounter.id.in_(helping), Encounter.host_id == subject.id)
    return Encounter.id.in_(select(EncounterSite.encounter_id).where(_place(subject)))


def _place(subject: FeedSubject) -> ColumnElement[bool]:
    if subject.scope is FeedScope.ROOM:
        return EncounterSite.room_id == subject.id
    if subject.scope is FeedScope.BUILDING:
        return EncounterSite.building_id == subject.id
    of_school = select(SchoolBuilding.building_id).where(SchoolBuilding.school_id == subject.id)
    return EncounterSite.building_id.in_(of_school)


def _names(session: Session, organization_id: UUID) -> list[tuple[str, ...]]:
    """Every name of a place that a feed may write: renaming one changes the feeds."""
    buildings = select(Building.id, Building.short_name).where(Building.organization_id == organization_id)
    rooms = select(Room.id, Room.name).where(Room.organization_id == organization_id)
    return sorted((str(row[0]), row[1]) for statement in (buildings, rooms) for row in session.execute(statement))


_Sites = dict[UUID, list[tuple[SiteFacts, bool]]]


def _sites(session: Session, subject: FeedSubject, encounters: Subquery) -> _Sites:
    """Encounter → its sites in order, each with whether it concerns the subject."""
    rows = session.execute(
        select(
            *(EncounterSite.encounter_id, EncounterSite.id, EncounterSite.place, EncounterSite.has_host),
            *(EncounterSite.building_id, EncounterSite.room_id, Building.zone, Building.short_name, Room.name),
            _concerns(subject).label("concerns"),
        )
        .join(encounters, encounters.c.id == EncounterSite.encounter_id)
        .outerjoin(Building, Building.id == EncounterSite.building_id)
        .outerjoin(Room, Room.id == EncounterSite.room_id)
        .order_by(EncounterSite.encounter_id, EncounterSite.position)
    )
    found: _Sites = defaultdict(list)
    for row in rows:
        site = SiteFacts(
            id=row.id,
            place=row.place,
            has_host=row.has_host,
            zone=row.zone or "",
            building_id=row.building_id,
            building=row.short_name or "",
            room_id=row.room_id,
            room=row.name or "",
        )
        found[row.encounter_id].append((site, bool(row.concerns)))
    return found


def _concerns(subject: FeedSubject) -> ColumnElement[bool]:
    """Whether a site is where the person is, or in the place."""
    if subject.scope is not FeedScope.PERSON:
        return _place(subject)
    sits = exists().where(Participation.site_id == EncounterSite.id, Participation.person_id == subject.id)
    return or_(sits, EncounterSite.facilitator_id == subject.id)


def _item(ask: FeedAsk, row: Row[*tuple[Any, ...]], sites: list[tuple[SiteFacts, bool]]) -> FeedItem:
    facts = EncounterFacts(
        id=row.id,
        uid=row.uid,
        organization_id=row.organization_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        on_date=row.on_date,
        zone=row.zone,
        status=row.status,
        confidentiality=row.confidentiality,
        axis=row.axis,
        kind=row.kind,
        discipline=None,
        modality=row.modality,
        host=None,
        sites=tuple(site for site, _ in sites),
        version=row.version,
        revision=row.revision,
        changed_at=row.changed_at,
    )
    view = view_of(facts, AUDIENCE_OF[ask.detail])
    concerned = {site.id for site, concerns in sites if concerns}
    here = [site for site in view.sites if site.id in concerned]
    named = here if ask.subject.scope is not FeedScope.PERSON else view.sites
    return FeedItem(view, here[0] if here else None, tuple(s for s in named if s.place is PlaceKind.BUILDING))
