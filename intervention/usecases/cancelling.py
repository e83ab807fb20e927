"""Cancels an encounter with a cause, which frees everything at once; undoes that by asking for everything again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import delete, select

from intervention.domain.encounters import ActKind, CancellationCause, EncounterStatus, can_become
from intervention.domain.errors import InvalidInput, WrongState
from intervention.domain.events import EncounterCancelled, EncounterRestored
from intervention.domain.permissions import Action, Actor
from intervention.domain.slots import SOFT_RULES
from intervention.queries.catalogue import catalogue
from intervention.queries.encounters import encounter_for
from intervention.records.encounters import Cancellation, Encounter
from intervention.records.series import MakeUp
from intervention.usecases import roads
from intervention.usecases.booking import Booked, people_of, record_act, resources_of, take
from intervention.usecases.changing import as_ask, require_version, touch
from intervention.usecases.reservations import expire_holds, lock_resources, release
from intervention.usecases.slot_rules import require_possible
from intervention.usecases.work import Work

MAX_NOTE = 200


@dataclass(frozen=True, slots=True)
class CancelEncounter:
    encounter_id: UUID
    version: int
    cause: CancellationCause
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RestoreEncounter:
    encounter_id: UUID
    version: int


def cancel(work: Work, actor: Actor, ask: CancelEncounter) -> Booked:
    """Cancel: the cause is recorded and every resource, road included, is free in the same act."""
    encounter = encounter_for(work.session, actor, ask.encounter_id, Action.CANCEL_ENCOUNTER, lock=True)
    require_version(encounter, ask.version)
    if not can_become(encounter.status, EncounterStatus.CANCELLED):
        raise WrongState(status=encounter.status)
    if ask.note is not None and len(ask.note) > MAX_NOTE:
        raise InvalidInput({"note": "too_long"})
    lock_resources(work.session, resources_of(encounter))
    days = roads.road_days_of(work.session, people_of(as_ask(encounter)), encounter.span)
    roads.clear(work.session, days)
    release(work.session, encounter.id)
    call_off(work, actor, encounter, ask.cause, ask.note or None)
    roads.lay(work.session, days)
    return Booked(encounter.id, encounter.version)


def call_off(work: Work, actor: Actor, encounter: Encounter, cause: CancellationCause, note: str | None) -> None:
    """Write the cancellation, its act and its fact. What the encounter held is the caller's to free."""
    encounter.status = EncounterStatus.CANCELLED
    work.session.add(
        Cancellation(encounter_id=encounter.id, cause=cause, note=note, actor_id=actor.person_id, done_at=work.now())
    )
    touch(work, encounter)
    record_act(work, actor, encounter.id, ActKind.CANCELLED, reason=note, changes={"cause": cause.value})
    work.note(EncounterCancelled(encounter.organization_id, encounter.id))


def restore(work: Work, actor: Actor, ask: RestoreEncounter) -> Booked:
    """Undo a cancellation. Everything is asked for again: SlotTaken or SlotRefused when the world moved on."""
    encounter = encounter_for(work.session, actor, ask.encounter_id, Action.CANCEL_ENCOUNTER, lock=True)
    require_version(encounter, ask.version)
    if encounter.status is not EncounterStatus.CANCELLED or _standing_cancellation(work, encounter) is None:
        raise WrongState(status=encounter.status)
    if encounter.starts_at < work.now():
        raise InvalidInput({"starts_at": "in_the_past"})
    organizations = lock_resources(work.session, resources_of(encounter))
    expire_holds(work.session, organizations, work.now())
    # What was knowingly set aside when it was booked is not asked about again.
    wanted = replace(as_ask(encounter), accepting=frozenset(rule.value for rule in SOFT_RULES))
    board = catalogue(work.session, actor.organization_id)
    require_possible(work, board, wanted, encounter.span)
    encounter.status = EncounterStatus.PLANNED
    days = roads.road_days_of(work.session, people_of(wanted), encounter.span)
    roads.clear(work.session, days)
    take(work, encounter, organizations)
    call_on(work, actor, encounter)
    roads.lay(work.session, days)
    return Booked(encounter.id, encounter.version)


def call_on(work: Work, actor: Actor, encounter: Encounter, reason: str | None = None) -> None:
    """Write that a cancellation is undone, its act and its fact: what was owed for it is owed no more."""
    standing = _standing_cancellation(work, encounter)
    if standing is not None:
        standing.undone_at, standing.undone_by_id = work.now(), actor.person_id
    work.session.execute(delete(MakeUp).where(MakeUp.encounter_id == encounter.id))
    touch(work, encounter)
    record_act(work, actor, encounter.id, ActKind.RESTORED, reason=reason)
    work.note(EncounterRestored(encounter.organization_id, encounter.id))


def _standing_cancellation(work: Work, encounter: Encounter) -> Cancellation | None:
    return work.session.scalars(
        select(Cancellation).where(Cancellation.encounter_id == encounter.id, Cancellation.undone_at.is_(None))
    ).one_or_none()
