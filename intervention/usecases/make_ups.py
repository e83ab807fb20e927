"""Séances that were not given and may be owed. Whether and when each is given again is decided by somebody."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import InvalidInput, NotFound, WrongState
from intervention.domain.permissions import Action, Actor
from intervention.domain.series import MakeUpState
from intervention.queries.encounters import encounter_for
from intervention.records.encounters import Encounter
from intervention.records.series import MakeUp
from intervention.usecases.treating import owe
from intervention.usecases.work import Work

MAX_NOTE = 200


def put_in_pool(work: Work, actor: Actor, encounter_id: UUID) -> MakeUp:
    """Say that a cancelled séance is owed; one given up is owed again. In the pool already, nothing changes."""
    encounter = encounter_for(work.session, actor, encounter_id, Action.CANCEL_ENCOUNTER, lock=True)
    if encounter.status is not EncounterStatus.CANCELLED:
        raise WrongState(status=encounter.status)
    found = work.session.scalar(select(MakeUp).where(MakeUp.encounter_id == encounter_id))
    if found is None:
        return owe(work, actor, encounter)
    if found.state is MakeUpState.WAIVED:
        _decide(work, actor, found, MakeUpState.OWED)
    return found


def waive(work: Work, actor: Actor, make_up_id: UUID, reason: str) -> None:
    """Give one up, with a reason."""
    made, _missed = _decided(work, actor, make_up_id)
    if not reason:
        raise InvalidInput({"reason": "required"})
    if len(reason) > MAX_NOTE:
        raise InvalidInput({"reason": "too_long"})
    _decide(work, actor, made, MakeUpState.WAIVED, note=reason)


def link(work: Work, actor: Actor, make_up_id: UUID, encounter_id: UUID) -> None:
    """Say which new encounter makes up for it: of the same professional, and to come."""
    made, missed = _decided(work, actor, make_up_id)
    replacing = encounter_for(work.session, actor, encounter_id, Action.CHANGE_ENCOUNTER)
    if replacing.host_id != missed.host_id or replacing.id == missed.id:
        raise InvalidInput({"encounter_id": "not_a_choice"})
    _decide(work, actor, made, MakeUpState.PLANNED, replaced_by=replacing.id)


def missed_of(work: Work, actor: Actor, make_up_id: UUID) -> UUID:
    """The séance that is owed, for who may plan it again."""
    return _decided(work, actor, make_up_id)[1].id


def _decided(work: Work, actor: Actor, make_up_id: UUID) -> tuple[MakeUp, Encounter]:
    made = work.session.get(MakeUp, make_up_id)
    if made is None:
        raise NotFound
    return made, encounter_for(work.session, actor, made.encounter_id, Action.CHANGE_ENCOUNTER)


def _decide(  # noqa: PLR0913 - keyword-only after the state
    work: Work,
    actor: Actor,
    made: MakeUp,
    state: MakeUpState,
    *,
    note: str | None = None,
    replaced_by: UUID | None = None,
) -> None:
    made.state, made.note, made.replaced_by_id = state, note, replaced_by
    made.decided_by_id, made.decided_at = actor.person_id, work.now()
    work.session.flush()
