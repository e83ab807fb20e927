"""Séances of the host that only the change of hour brings onto a date of a series: the silent collision of winter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.series import Collision, Line
from intervention.domain.slots import Rule
from intervention.domain.spans import Span
from intervention.queries.slot_problem import STANDING
from intervention.records.encounters import Encounter, Participation


def collisions(
    session: Session, host_id: UUID, lines: Sequence[Line], zone: str, ignoring: frozenset[UUID]
) -> dict[date, Collision]:
    """By date of the series; nothing is read where no date fails for the host being taken. Clocks only, no place."""
    met = [
        (line, line.span)
        for line in lines
        if line.span and line.rules[:1] == (Rule.PARTICIPANT_BUSY.value,) and line.subject_id == host_id
    ]
    if not met:
        return {}
    rows = session.execute(
        select(Encounter.starts_at, Encounter.ends_at, Encounter.zone, Encounter.starts_local)
        .join(Participation, Participation.encounter_id == Encounter.id)
        .where(
            Participation.person_id == host_id,
            Encounter.status.in_(STANDING),
            Encounter.zone != zone,
            Encounter.starts_at < max(span.ends_at for _, span in met),
            Encounter.ends_at > min(span.starts_at for _, span in met),
            Encounter.id.not_in(ignoring),
        )
    ).all()
    found = {}
    for line, span in met:
        for starts_at, ends_at, there, at in rows:
            if span.overlaps(Span(starts_at, ends_at)) and _shifts(zone, there, span, lines):
                found[line.on_date] = Collision(there, at)
    return found


def _shifts(zone: str, there: str, span: Span, lines: Sequence[Line]) -> bool:
    """Whether the two zones are not as far apart on this date as on another date of the series."""
    apart = _apart(zone, there, span.starts_at)
    return any(line.span and _apart(zone, there, line.span.starts_at) != apart for line in lines)


def _apart(zone: str, there: str, at: datetime) -> float:
    offsets = (at.astimezone(ZoneInfo(each)).utcoffset() for each in (zone, there))
    here, other = (offset.total_seconds() if offset else 0.0 for offset in offsets)
    return here - other
