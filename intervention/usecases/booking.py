"""Books an encounter: permission, composition, rules of time and road, then one guarded write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from intervention.domain.composition import AskParticipant, AskSite, BookEncounter, check
from intervention.domain.encounters import (
    KIND_RULES,
    ActKind,
    Confidentiality,
    EncounterStatus,
    ParticipantRole,
    PlaceKind,
    modality_of,
)
from intervention.domain.errors import InvalidInput, WrongState
from intervention.domain.events import EncounterBooked, EncounterCancelled
from intervention.domain.ids import new_id
from intervention.domain.people import Discipline
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.spans import Span
from intervention.queries.booking_references import check_references
from intervention.queries.encounters import encounter_for
from intervention.records.encounters import Encounter, EncounterAct, EncounterSite, Participation
from intervention.records.reservations import ReservationKind
from intervention.usecases import roads
from intervention.usecases.reservations import Taking, expire_holds, lock_resources, release, reserve
from intervention.usecases.slot_rules import require_possible
from intervention.usecases.work import Work

MAX_AHEAD = timedelta(days=550)
WITHDRAWAL = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Booked:
    encounter_id: UUID
    version: int


def book(work: Work, actor: Actor, ask: BookEncounter) -> Booked:
    """Put an encounter in the host's agenda and reserve everything it needs.

    Raises NotAllowed, NotFound (a reference out of scope), InvalidInput (fields), SlotRefused (a rule, with its
    refusals), SlotTaken (a resource is somebody else's).
    """
    require(actor, Action.BOOK, Subject(actor.organization_id, owner_id=ask.host_id))
    span = span_of(work, ask)
    check_references(work.session, actor, ask)
    organizations = lock_resources(work.session, ask.composition.resources())
    expire_holds(work.session, organizations, work.now())
    require_possible(work, actor, ask, span)
    encounter = made(work, actor, ask, span)
    work.session.add(encounter)
    work.session.flush()
    days = roads.road_days_of(work.session, people_of(ask), span)
    roads.clear(work.session, days)
    take(work, encounter, organizations)
    roads.lay(work.session, days)
    record_act(work, actor, encounter, ActKind.BOOKED)
    work.note(EncounterBooked(actor.organization_id, encounter.id))
    return Booked(encounter.id, encounter.version)


def span_of(work: Work, ask: BookEncounter) -> Span:
    """The ask's span, or InvalidInput naming every faulty field at once."""
    faults = check(ask.composition)
    if ask.starts_at.tzinfo is None:
        raise InvalidInput(faults | {"starts_at": "zone_missing"})
    span = Span.lasting(ask.starts_at, timedelta(minutes=max(ask.minutes, 5)))
    if not span.is_tick_aligned():
        faults["starts_at"] = "not_on_the_grid"
    elif span.starts_at < work.now():
        faults["starts_at"] = "in_the_past"
    elif span.starts_at > work.now() + MAX_AHEAD:
        faults["starts_at"] = "too_far_ahead"
    if ask.discipline not in set(Discipline):
        faults["discipline"] = "unknown"
    if faults:
        raise InvalidInput(faults)
    return span


def people_of(ask: BookEncounter) -> list[UUID]:
    """Every adult whose body must be somewhere."""
    return [ask.host_id, *(p.person_id for p in ask.composition.participants() if p.person_id is not None)]


def take(work: Work, encounter: Encounter, organizations: dict[UUID, UUID]) -> None:
    """Reserve all of an encounter's resources for its span; a held one lets go at `held_until`."""
    held = encounter.status is EncounterStatus.HELD
    kind = ReservationKind.HOLD if held else ReservationKind.ENCOUNTER
    takings = [Taking(resource, encounter.span, kind) for resource in resources_of(encounter)]
    expires_at = encounter.held_until if held else None
    reserve(work.session, takings, organizations=organizations, encounter_id=encounter.id, expires_at=expires_at)


def resources_of(encounter: Encounter) -> set[UUID]:
    """What the encounter occupies: people, pupils, groups, rooms, kits, facilitators."""
    found: set[UUID | None] = {p.resource_id for p in encounter.participations}
    for site in encounter.sites:
        found |= {site.room_id, site.kit_id, site.facilitator_id}
    return {resource for resource in found if resource is not None}


def record_act(  # noqa: PLR0913 - keyword-only after the kind
    work: Work,
    actor: Actor,
    encounter: Encounter,
    kind: ActKind,
    *,
    reason: str | None = None,
    changes: dict[str, object] | None = None,
) -> None:
    """One line of history; `changes` holds ids and instants only."""
    work.session.add(
        EncounterAct(
            encounter_id=encounter.id,
            kind=kind,
            actor_id=actor.person_id,
            done_at=work.now(),
            reason=reason,
            changes=changes or {},
        )
    )
    work.session.flush()


def made(work: Work, actor: Actor, ask: BookEncounter, span: Span) -> Encounter:
    """The encounter that an ask makes, not yet written."""
    rules = KIND_RULES[ask.kind]
    wall = span.starts_at.astimezone(ZoneInfo(ask.zone))
    now = work.now()
    encounter = Encounter(
        id=new_id(),
        organization_id=actor.organization_id,
        kind=ask.kind,
        axis=rules.axis,
        discipline=Discipline(ask.discipline),
        modality=modality_of(*_buildings(ask.sites)),
        status=EncounterStatus.HELD if ask.hold_minutes else EncounterStatus.PLANNED,
        held_until=now + timedelta(minutes=ask.hold_minutes) if ask.hold_minutes else None,
        confidentiality=Confidentiality.STRICT if ask.is_strict else rules.confidentiality,
        host_id=ask.host_id,
        need_group_id=ask.need_group_id,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        on_date=wall.date(),
        starts_local=wall.time(),
        zone=ask.zone,
        objective=ask.objective or None,
        created_by_id=actor.person_id,
        created_at=now,
        changed_at=now,
        sites=[_site(position, site, ask.host_id) for position, site in enumerate(ask.sites)],
    )
    encounter.participations = [
        p for site, made in zip(ask.sites, encounter.sites, strict=True) for p in _people(site, made, ask)
    ]
    return encounter


def _site(position: int, site: AskSite, host_id: UUID) -> EncounterSite:
    return EncounterSite(
        id=new_id(),
        position=position,
        place=site.place,
        building_id=site.building_id,
        room_id=site.room_id,
        kit_id=site.kit_id,
        facilitator_id=site.facilitator_id,
        has_host=site.has_host,
    )


def _people(site: AskSite, made: EncounterSite, ask: BookEncounter) -> Iterable[Participation]:
    people = list(site.participants)
    if site.has_host:
        people.insert(0, AskParticipant(ParticipantRole.HOST, person_id=ask.host_id))
    for person in people:
        yield Participation(
            id=new_id(),
            site_id=made.id,
            role=person.role,
            person_id=person.person_id,
            pupil_id=person.pupil_id,
            class_group_id=person.class_group_id,
            guest_id=person.guest_id,
            is_required=person.is_required,
        )


def _buildings(sites: tuple[AskSite, ...]) -> tuple[UUID | None, list[UUID | None]]:
    """The host's building, and every other site's; people who sit with the host are no site of their own."""
    host = next(site for site in sites if site.has_host)
    others = [site.building_id for site in sites if not site.has_host]
    if host.participants:
        others.append(host.building_id)
    return (host.building_id if host.place is not PlaceKind.OUTSIDE else None), others


def withdraw(work: Work, actor: Actor, encounter_id: UUID) -> None:
    """Undo a booking just made, as if it had not been: by who made it, unchanged since, within ten minutes."""
    encounter = encounter_for(work.session, actor, encounter_id, Action.CHANGE_ENCOUNTER, lock=True)
    is_fresh = encounter.version == 1 and encounter.created_at > work.now() - WITHDRAWAL
    if encounter.created_by_id != actor.person_id or not is_fresh:
        raise WrongState(status=encounter.status)
    lock_resources(work.session, resources_of(encounter))
    people = [p.person_id for p in encounter.participations if p.person_id is not None]
    days = roads.road_days_of(work.session, people, encounter.span)
    roads.clear(work.session, days)
    release(work.session, encounter.id)
    work.session.flush()
    work.session.expunge(encounter)
    work.session.execute(delete(Encounter).where(Encounter.id == encounter_id))
    roads.lay(work.session, days)
    work.note(EncounterCancelled(actor.organization_id, encounter_id))
