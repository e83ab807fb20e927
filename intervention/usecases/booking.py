"""Books an encounter: permission, composition, rules of time and road, then one guarded write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert

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
from intervention.queries.catalogue import catalogue
from intervention.queries.encounters import encounter_for
from intervention.records.encounters import Encounter, EncounterAct, EncounterSite, Participation
from intervention.records.reservations import ReservationKind
from intervention.usecases import roads
from intervention.usecases.reservations import Taking, expire_holds, lock_resources, release, reserve
from intervention.usecases.slot_rules import require_possible
from intervention.usecases.work import Work

MAX_AHEAD = timedelta(days=550)
WITHDRAWAL = timedelta(minutes=10)

_ENCOUNTER, _SITES, _PEOPLE, _ACT = (
    insert(record.__table__)  # type: ignore[arg-type]
    for record in (Encounter, EncounterSite, Participation, EncounterAct)
)


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
    board = catalogue(work.session, actor.organization_id)
    check_references(work.session, actor, board, ask)
    organizations = lock_resources(work.session, ask.composition.resources())
    expire_holds(work.session, organizations, work.now())
    require_possible(work, board, ask, span)
    rows = rows_of(work, actor, ask, span)
    write(work, [rows])
    days = roads.road_days_of(work.session, people_of(ask), span)
    roads.clear(work.session, days)
    _reserve(work, rows.id, ask.composition.resources(), span, organizations, rows.encounter["held_until"])
    roads.lay(work.session, days)
    record_act(work, actor, rows.id, ActKind.BOOKED)
    work.note(EncounterBooked(actor.organization_id, rows.id))
    return Booked(rows.id, version=1)


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
    held_until = encounter.held_until if encounter.status is EncounterStatus.HELD else None
    _reserve(work, encounter.id, resources_of(encounter), encounter.span, organizations, held_until)


def _reserve(  # noqa: PLR0913, PLR0917 - an encounter in its parts
    work: Work,
    encounter_id: UUID,
    resources: set[UUID],
    span: Span,
    organizations: dict[UUID, UUID],
    held_until: datetime | None,
) -> None:
    kind = ReservationKind.HOLD if held_until else ReservationKind.ENCOUNTER
    takings = [Taking(resource, span, kind) for resource in resources]
    reserve(work.session, takings, organizations=organizations, encounter_id=encounter_id, expires_at=held_until)


def resources_of(encounter: Encounter) -> set[UUID]:
    """What the encounter occupies: people, pupils, groups, rooms, kits, facilitators."""
    found: set[UUID | None] = {p.resource_id for p in encounter.participations}
    for site in encounter.sites:
        found |= {site.room_id, site.kit_id, site.facilitator_id}
    return {resource for resource in found if resource is not None}


def record_act(  # noqa: PLR0913 - keyword-only after the kind
    work: Work,
    actor: Actor,
    encounter_id: UUID,
    kind: ActKind,
    *,
    reason: str | None = None,
    changes: dict[str, object] | None = None,
) -> None:
    """One line of history; `changes` holds ids and instants only."""
    work.session.flush()
    told = {"encounter_id": encounter_id, "kind": kind, "actor_id": actor.person_id, "done_at": work.now()}
    work.session.execute(_ACT, told | {"reason": reason, "changes": changes or {}})


def record_booked(work: Work, actor: Actor, encounter_ids: Sequence[UUID]) -> None:
    """The first line of the history of each, all at once."""
    told = {"kind": ActKind.BOOKED, "actor_id": actor.person_id, "done_at": work.now(), "reason": None, "changes": {}}
    work.session.execute(_ACT, [told | {"encounter_id": each} for each in encounter_ids])


@dataclass(frozen=True, slots=True)
class Rows:
    """An encounter with its sites and people, as rows."""

    encounter: dict[str, Any]
    sites: list[dict[str, Any]]
    people: list[dict[str, Any]]

    @property
    def id(self) -> UUID:
        found: UUID = self.encounter["id"]
        return found


def rows_of(work: Work, actor: Actor, ask: BookEncounter, span: Span, series_id: UUID | None = None) -> Rows:
    """What an ask makes, not yet written."""
    rules = KIND_RULES[ask.kind]
    wall = span.starts_at.astimezone(ZoneInfo(ask.zone))
    now = work.now()
    encounter_id = new_id()
    held_until = now + timedelta(minutes=ask.hold_minutes) if ask.hold_minutes else None
    encounter = {
        "id": encounter_id,
        "organization_id": actor.organization_id,
        "kind": ask.kind,
        "axis": rules.axis,
        "discipline": Discipline(ask.discipline),
        "modality": modality_of(*_buildings(ask.sites)),
        "status": EncounterStatus.HELD if held_until else EncounterStatus.PLANNED,
        "held_until": held_until,
        "confidentiality": Confidentiality.STRICT if ask.is_strict else rules.confidentiality,
        "host_id": ask.host_id,
        "need_group_id": ask.need_group_id,
        "series_id": series_id,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "on_date": wall.date(),
        "starts_local": wall.time(),
        "zone": ask.zone,
        "objective": ask.objective or None,
        "created_by_id": actor.person_id,
        "created_at": now,
        "changed_at": now,
    }
    sites = [_site(position, site, encounter_id) for position, site in enumerate(ask.sites)]
    people = [row for site, made in zip(ask.sites, sites, strict=True) for row in _people(site, made, ask)]
    return Rows(encounter, sites, people)


def write(work: Work, several: Sequence[Rows]) -> None:
    """Insert encounters, sites and people: nobody reads them back in this transaction."""
    work.session.execute(_ENCOUNTER, [rows.encounter for rows in several])
    work.session.execute(_SITES, [row for rows in several for row in rows.sites])
    work.session.execute(_PEOPLE, [row for rows in several for row in rows.people])


def _site(position: int, site: AskSite, encounter_id: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "encounter_id": encounter_id,
        "position": position,
        "place": site.place,
        "building_id": site.building_id,
        "room_id": site.room_id,
        "kit_id": site.kit_id,
        "facilitator_id": site.facilitator_id,
        "has_host": site.has_host,
    }


def _people(site: AskSite, made: dict[str, Any], ask: BookEncounter) -> Iterable[dict[str, Any]]:
    people = list(site.participants)
    if site.has_host:
        people.insert(0, AskParticipant(ParticipantRole.HOST, person_id=ask.host_id))
    for person in people:
        yield {
            "id": new_id(),
            "encounter_id": made["encounter_id"],
            "site_id": made["id"],
            "role": person.role,
            "person_id": person.person_id,
            "pupil_id": person.pupil_id,
            "class_group_id": person.class_group_id,
            "guest_id": person.guest_id,
            "is_required": person.is_required,
        }


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
