"""Moves an encounter, or changes where and with what it is held. Every change is checked again in full."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import update

from intervention.domain.composition import AskParticipant, AskSite, BookEncounter
from intervention.domain.encounters import (
    ActKind,
    Confidentiality,
    EncounterStatus,
    ParticipantRole,
    PlaceKind,
    modality_of,
)
from intervention.domain.errors import InvalidInput, Stale, WrongState
from intervention.domain.events import EncounterChanged
from intervention.domain.ids import new_id
from intervention.domain.permissions import Action, Actor
from intervention.domain.series import DateState
from intervention.queries.booking_references import check_places
from intervention.queries.catalogue import catalogue
from intervention.queries.encounters import encounter_for
from intervention.records.encounters import Encounter, EncounterSite
from intervention.records.series import SeriesDate
from intervention.usecases import roads
from intervention.usecases.booking import Booked, people_of, record_act, resources_of, span_of, take
from intervention.usecases.edits_told import difference, kinds_of, state_of
from intervention.usecases.reservations import expire_holds, lock_resources, release
from intervention.usecases.slot_rules import require_possible
from intervention.usecases.work import Work

CHANGEABLE = frozenset({EncounterStatus.HELD, EncounterStatus.PLANNED})


@dataclass(frozen=True, slots=True)
class SiteChange:
    """What changes at one site: the fields that `sets` names are taken as given, None included; the rest stays."""

    sets: frozenset[str]
    room_id: UUID | None = None
    kit_id: UUID | None = None
    facilitator_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChangeEncounter:
    """An edit by somebody who saw `version`. `host_building_id` moves the professional (and so the modality)."""

    encounter_id: UUID
    version: int
    starts_at: datetime | None = None
    minutes: int | None = None
    zone: str | None = None
    host_place: tuple[PlaceKind, UUID | None] | None = None
    sites: dict[UUID, SiteChange] = field(default_factory=dict)
    reason: str | None = None
    accepting: frozenset[str] = frozenset()


def change(work: Work, actor: Actor, ask: ChangeEncounter) -> Booked:
    """Apply an edit: move, modality of this occurrence, room, kit or facilitator, in one checked write.

    Raises Stale when somebody edited since, WrongState when it is no longer to come, and all that `book` raises.
    """
    encounter = encounter_for(work.session, actor, ask.encounter_id, Action.CHANGE_ENCOUNTER, lock=True)
    require_version(encounter, ask.version)
    if encounter.status not in CHANGEABLE:
        raise WrongState(status=encounter.status)
    board = catalogue(work.session, actor.organization_id)
    before = state_of(encounter)
    old_span = encounter.span
    release(work.session, encounter.id)
    _apply(encounter, ask)
    wanted = as_ask(encounter, ask)
    span = span_of(work, wanted)
    check_places(board, wanted.sites)  # before any flush: a room that does not exist is refused here, in words
    work.session.flush()
    organizations = lock_resources(work.session, resources_of(encounter))
    expire_holds(work.session, organizations, work.now())
    days = list(
        dict.fromkeys(
            [
                *roads.road_days_of(work.session, people_of(wanted), old_span),
                *roads.road_days_of(work.session, people_of(wanted), span),
            ]
        )
    )
    require_possible(work, board, wanted, span, ignoring=encounter.id)
    roads.clear(work.session, days)
    take(work, encounter, organizations)
    roads.lay(work.session, days)
    touch(work, encounter)
    kinds = kinds_of(before, state_of(encounter))
    for kind in kinds:
        record_act(work, actor, encounter.id, kind, reason=ask.reason, changes=difference(before, state_of(encounter)))
    if ActKind.MOVED in kinds and encounter.series_id is not None:
        work.session.execute(
            update(SeriesDate).where(SeriesDate.encounter_id == encounter.id).values(state=DateState.MOVED)
        )
    if kinds:
        work.note(EncounterChanged(encounter.organization_id, encounter.id, encounter.revision))
    return Booked(encounter.id, encounter.version)


def require_version(encounter: Encounter, version: int) -> None:
    """Refuse an edit made on an older page."""
    if encounter.version != version:
        raise Stale(version=encounter.version, known=version, encounter_id=encounter.id)


def touch(work: Work, encounter: Encounter) -> None:
    """A change that calendars show: new version, new revision, now."""
    encounter.version += 1
    encounter.revision += 1
    encounter.changed_at = work.now()
    work.session.flush()


def as_ask(encounter: Encounter, change: ChangeEncounter | None = None) -> BookEncounter:
    """The encounter as the ask that would book it today: the same rules serve booking, moving and restoring."""
    return BookEncounter(
        host_id=encounter.host_id,
        kind=encounter.kind,
        discipline=encounter.discipline,
        starts_at=encounter.starts_at,
        minutes=encounter.span.minutes,
        zone=encounter.zone,
        sites=tuple(_ask_site(encounter, site.id) for site in encounter.sites),
        objective=encounter.objective,
        need_group_id=encounter.need_group_id,
        is_strict=encounter.confidentiality is Confidentiality.STRICT,
        accepting=change.accepting if change else frozenset(),
    )


def _ask_site(encounter: Encounter, site_id: UUID) -> AskSite:
    site = next(s for s in encounter.sites if s.id == site_id)
    return AskSite(
        building_id=site.building_id,
        place=site.place,
        room_id=site.room_id,
        kit_id=site.kit_id,
        facilitator_id=site.facilitator_id,
        has_host=site.has_host,
        participants=tuple(
            AskParticipant(p.role, p.person_id, p.pupil_id, p.class_group_id, p.guest_id, p.is_required)
            for p in encounter.participations
            if p.site_id == site_id and p.role is not ParticipantRole.HOST
        ),
    )


def _apply(encounter: Encounter, ask: ChangeEncounter) -> None:
    if ask.starts_at is not None:
        if ask.starts_at.tzinfo is None:
            raise InvalidInput({"starts_at": "zone_missing"})
        encounter.zone = ask.zone or encounter.zone
        wall = ask.starts_at.astimezone(ZoneInfo(encounter.zone))
        minutes = ask.minutes or encounter.span.minutes
        encounter.starts_at, encounter.ends_at = ask.starts_at, ask.starts_at + timedelta(minutes=minutes)
        encounter.on_date, encounter.starts_local = wall.date(), wall.time()
    elif ask.minutes is not None:
        encounter.ends_at = encounter.starts_at + timedelta(minutes=ask.minutes)
    for site_id, wanted in ask.sites.items():
        site = next((s for s in encounter.sites if s.id == site_id), None)
        if site is None:
            raise InvalidInput({"sites": "unknown_site"})
        for name in wanted.sets & {"room_id", "kit_id", "facilitator_id"}:
            setattr(site, name, getattr(wanted, name))
    if ask.host_place is not None:
        move_host(encounter, *ask.host_place)


def move_host(encounter: Encounter, place: PlaceKind, building_id: UUID | None) -> None:
    """Send the professional somewhere else: join the site of that building, or open (or re-place) her own site.

    People who were with her stay where they are.
    """
    present = next(s for s in encounter.sites if s.has_host)
    participation = next(p for p in encounter.participations if p.role is ParticipantRole.HOST)
    others = [p for p in encounter.participations if p.site_id == present.id and p is not participation]
    target = next((s for s in encounter.sites if s is not present and s.building_id == building_id), None)
    if place is PlaceKind.BUILDING and target is not None:
        participation.site_id, target.has_host, present.has_host = target.id, True, False
        if not others:
            encounter.sites.remove(present)
    elif others:
        raise_own_site(encounter, participation.id, place, building_id)
        present.has_host = False
    else:
        present.place, present.building_id, present.room_id, present.kit_id = place, building_id, None, None
    settle_modality(encounter)


def settle_modality(encounter: Encounter) -> None:
    """Bring the modality to what the sites say."""
    host = next(s for s in encounter.sites if s.has_host)
    rest = [s.building_id for s in encounter.sites if not s.has_host]
    if any(p.site_id == host.id and p.role is not ParticipantRole.HOST for p in encounter.participations):
        rest.append(host.building_id)
    encounter.modality = modality_of(host.building_id if host.place is not PlaceKind.OUTSIDE else None, rest)


def raise_own_site(encounter: Encounter, participation_id: UUID, place: PlaceKind, building_id: UUID | None) -> None:
    """Give the host a site of her own."""
    site = EncounterSite(
        id=new_id(), position=len(encounter.sites), place=place, building_id=building_id, has_host=True
    )
    encounter.sites.append(site)
    next(p for p in encounter.participations if p.id == participation_id).site_id = site.id
