"""Gives back what a closure took: each séance that nobody touched since, asked for again in full as it was.

All are put back first, then those that can no longer be are taken out again one by one, until the rest agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from intervention.domain.closures import NotGivenBack, without_closed
from intervention.domain.encounters import ActKind, EncounterStatus
from intervention.domain.events import EncounterChanged
from intervention.domain.permissions import Actor
from intervention.queries.catalogue import catalogue
from intervention.records.encounters import Encounter
from intervention.usecases import roads
from intervention.usecases.booking import record_act, resources_of, take
from intervention.usecases.cancelling import call_on
from intervention.usecases.changing import CHANGEABLE, as_ask, touch
from intervention.usecases.closed_days import Days, closed_for
from intervention.usecases.reservations import expire_holds, lock_resources, release
from intervention.usecases.shapes import put_shape, shape_of
from intervention.usecases.slot_rules import obstacle
from intervention.usecases.treating import EVERY_SOFT_RULE, road_days
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What was given back, and why each of the others was not."""

    restored: tuple[UUID, ...]
    refused: Mapping[UUID, NotGivenBack]


@dataclass(slots=True)
class _Back:
    encounter: Encounter
    was: dict[str, Any]  # before the closure
    present: dict[str, Any]


def give_back(work: Work, actor: Actor, entries: Sequence[dict[str, Any]], days: Days) -> GivenBack:
    """`days` are the types of the dates concerned, once laid again."""
    found = _locked(work, [UUID(each["encounter"]) for each in entries])
    refused: dict[UUID, NotGivenBack] = {}
    backs = []
    for entry in entries:
        encounter = found.get(UUID(entry["encounter"]))
        if encounter is None:
            continue
        why = _why_not(work, encounter, entry)
        if why is None:
            backs.append(_Back(encounter, entry["shape"], shape_of(encounter)))
        else:
            refused[encounter.id] = why
    organizations = _free(work, backs)
    stays = _agreed(work, actor, backs, days, refused)
    for back in backs:
        if back.encounter.status in CHANGEABLE:
            take(work, back.encounter, organizations)
    for back in stays:
        _tell(work, actor, back)
    roads.lay(work.session, road_days(work, [back.encounter for back in backs]))
    return GivenBack(tuple(back.encounter.id for back in stays), refused)


def _locked(work: Work, ids: Sequence[UUID]) -> dict[UUID, Encounter]:
    statement = (
        select(Encounter)
        .where(Encounter.id.in_(ids))
        .options(selectinload(Encounter.sites), selectinload(Encounter.participations))
        .order_by(Encounter.id)
        .with_for_update(of=Encounter)
        .execution_options(populate_existing=True)
    )
    return {each.id: each for each in work.session.scalars(statement)}


def _why_not(work: Work, encounter: Encounter, entry: dict[str, Any]) -> NotGivenBack | None:
    if encounter.version != entry["version"]:
        return NotGivenBack.TOUCHED
    is_lapsed = entry["shape"]["status"] == EncounterStatus.HELD and (
        encounter.held_until is None or encounter.held_until <= work.now()
    )
    return NotGivenBack.PAST if encounter.starts_at <= work.now() or is_lapsed else None


def _free(work: Work, backs: Sequence[_Back]) -> dict[UUID, UUID]:
    """Let go of what they hold now, roads too, then give each its old shape."""
    resources = {r for back in backs for r in resources_of(back.encounter)}
    lock_resources(work.session, resources)
    roads.clear(work.session, road_days(work, [back.encounter for back in backs]))
    for back in backs:
        release(work.session, back.encounter.id)
        put_shape(work.session, back.encounter, back.was)
    resources |= {r for back in backs for r in resources_of(back.encounter)}
    organizations = lock_resources(work.session, resources)
    expire_holds(work.session, organizations, work.now())
    return organizations


def _agreed(
    work: Work, actor: Actor, backs: Sequence[_Back], days: Days, refused: dict[UUID, NotGivenBack]
) -> list[_Back]:
    stays = list(backs)
    while True:
        wrong = next(((b, why) for b in stays if (why := _against(work, actor, b, days)) is not None), None)
        if wrong is None:
            return stays
        back, why = wrong
        put_shape(work.session, back.encounter, back.present)
        refused[back.encounter.id] = why
        stays.remove(back)


def _against(work: Work, actor: Actor, back: _Back, days: Days) -> NotGivenBack | None:
    board = catalogue(work.session, actor.organization_id)
    encounter = back.encounter
    home = board.professionals[encounter.host_id].home
    left = without_closed(as_ask(encounter).composition, closed_for(board, encounter, days), home)
    if left is None or left.leaving:
        return NotGivenBack.STILL_CLOSED
    ask = replace(as_ask(encounter), accepting=EVERY_SOFT_RULE)
    return NotGivenBack.NOT_FREE if obstacle(work, actor, ask, encounter.span, ignoring=encounter.id) else None


def _tell(work: Work, actor: Actor, back: _Back) -> None:
    if back.present["status"] == EncounterStatus.CANCELLED:
        call_on(work, actor, back.encounter)
        return
    encounter = back.encounter
    touch(work, encounter)
    record_act(work, actor, encounter.id, ActKind.RESTORED)
    work.note(EncounterChanged(encounter.organization_id, encounter.id, encounter.revision))
