"""One encounter, loaded for an act: loading is authorising."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from intervention.domain.errors import NotFound
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.scope import visible_encounters
from intervention.records.encounters import Encounter


def encounter_for(
    session: Session, actor: Actor, encounter_id: UUID, action: Action, *, lock: bool = False
) -> Encounter:
    """The encounter, visible to the actor and open to `action`. Raises NotFound or NotAllowed."""
    statement = (
        select(Encounter)
        .where(Encounter.id == encounter_id, visible_encounters(actor))
        .options(selectinload(Encounter.sites), selectinload(Encounter.participations))
    )
    if lock:
        statement = statement.with_for_update(of=Encounter)
    encounter = session.scalars(statement.execution_options(populate_existing=lock)).one_or_none()
    if encounter is None:
        raise NotFound
    require(actor, action, subject_of(encounter))
    return encounter


def subject_of(encounter: Encounter) -> Subject:
    people = {p.person_id for p in encounter.participations} | {s.facilitator_id for s in encounter.sites}
    return Subject(
        encounter.organization_id,
        owner_id=encounter.host_id,
        people=frozenset(p for p in people if p is not None),
        buildings=frozenset(s.building_id for s in encounter.sites if s.building_id is not None),
        confidentiality=encounter.confidentiality,
    )
