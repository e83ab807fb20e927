"""Settles séances whose instant is no longer what their wall time says, for the rules of a zone changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from intervention.domain.encounters import ActKind
from intervention.domain.events import EncounterChanged
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.privacy import EncounterFacts
from intervention.domain.spans import Span
from intervention.queries.catalogue import catalogue
from intervention.queries.moved_instants import moved_instants
from intervention.queries.standing import standing
from intervention.records.encounters import Encounter
from intervention.usecases.booking import record_act
from intervention.usecases.calendar_impact import readable
from intervention.usecases.changing import touch
from intervention.usecases.landing import Move, judged
from intervention.usecases.redating import locked, put_at, redate
from intervention.usecases.redating_plan import SOFT
from intervention.usecases.work import Work


class Promise(StrEnum):
    """Which of the two times was promised to people."""

    WALL = "wall"  # 9 h on the clock: the instant moves
    INSTANT = "instant"  # the instant, as with somebody in another zone: the clock says another hour


@dataclass(frozen=True, slots=True)
class Settled:
    """`refused` could not be moved to their hour: something stands there now."""

    settled: tuple[UUID, ...]
    refused: tuple[UUID, ...]


def moved_seances(work: Work, actor: Actor) -> tuple[tuple[EncounterFacts, datetime], ...]:
    """Those of the board that the actor may see, each with the instant that its wall time has now."""
    _require(actor)
    moved = _moved(work, actor)
    return tuple((view, moved[view.id]) for view in readable(work.session, actor, moved))


def settle(work: Work, actor: Actor, promise: Promise) -> Settled:
    """Keep the hour of the clock or the instant, of every séance concerned of the board, confidential ones too."""
    _require(actor)
    moved = _moved(work, actor)
    if promise is Promise.INSTANT:
        for each in locked(work, moved):
            _keep_instant(work, actor, each)
        return Settled(tuple(moved), ())
    seances = standing(work.session, actor.organization_id, moved, work.now())
    moves = {own: Move(each, Span.lasting(moved[own], each.span.duration), SOFT) for own, each in seances.items()}
    landings = judged(work, catalogue(work.session, actor.organization_id), moves, {})
    spans = {own: landing.span for own, landing in landings.items() if not landing.rules}
    redate(work, actor, locked(work, spans), spans)
    return Settled(tuple(spans), tuple(own for own in landings if own not in spans))


def _require(actor: Actor) -> None:
    require(actor, Action.EDIT_CALENDARS, Subject(actor.organization_id))


def _moved(work: Work, actor: Actor) -> Mapping[UUID, datetime]:
    found = moved_instants(work.session, work.now(), organization_id=actor.organization_id)
    return {each.encounter_id: each.now_at for each in found}


def _keep_instant(work: Work, actor: Actor, encounter: Encounter) -> None:
    before = encounter.starts_local
    put_at(encounter, encounter.span)
    touch(work, encounter)
    changes: dict[str, object] = {"wall_time": {"from": str(before), "to": str(encounter.starts_local)}}
    record_act(work, actor, encounter.id, ActKind.MOVED, changes=changes)
    work.note(EncounterChanged(encounter.organization_id, encounter.id, encounter.revision))
