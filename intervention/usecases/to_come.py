"""How many séances to come stand on a place, a thing or somebody: what administrators are told before it goes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from intervention.domain.encounters import EncounterStatus
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.usecases.work import Work

TO_COME = (EncounterStatus.HELD, EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS)


def is_to_come(work: Work) -> ColumnElement[bool]:
    """A condition on `Encounter`: not over, not called off."""
    return (Encounter.ends_at > work.now()) & Encounter.status.in_(TO_COME)


def count_at(work: Work, column: InstrumentedAttribute[UUID | None], place_id: UUID) -> int:
    """Those with a site whose `column` (building, room, kit) is this place."""
    return _count(work, Encounter.id.in_(select(EncounterSite.encounter_id).where(column == place_id)))


def count_with(
    work: Work, column: InstrumentedAttribute[UUID | None], subject_id: UUID, *more: ColumnElement[bool]
) -> int:
    """Those in which this pupil, class or guest takes part; `more` are conditions on that participation."""
    return _count(work, Encounter.id.in_(select(Participation.encounter_id).where(column == subject_id, *more)))


def _count(work: Work, condition: ColumnElement[bool]) -> int:
    return work.session.scalar(select(func.count()).select_from(Encounter).where(condition, is_to_come(work))) or 0
