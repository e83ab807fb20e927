"""Somebody away, as she, a coordinator or an administrator says: no slot is offered then, whatever the board.

What is booked already stays booked: the page names it, and somebody moves or cancels it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from intervention.domain.absences import AbsenceFacts
from intervention.domain.errors import InvalidInput
from intervention.domain.ids import new_id
from intervention.domain.permissions import Action, Actor, permits
from intervention.domain.spans import Span
from intervention.queries.working_hours import DECLARED, about, absence_for, absence_line, person_with_hours, where_told
from intervention.records.calendars import BusyTime
from intervention.records.people import Person
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class StoredAbsence:
    """One as it was, whole enough to be put back."""

    id: UUID
    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    label: str | None


def add_absence(work: Work, actor: Actor, person_id: UUID, facts: AbsenceFacts) -> UUID:
    """Raises NotFound, NotAllowed, InvalidInput (every fault at once). A label is noted by who may read it."""
    person = person_with_hours(work.session, actor, person_id)
    span = _span(work, person, facts)
    label = facts.label if permits(actor, Action.READ_ABSENCE_LABEL, about(person)) else None
    row = _row(person, StoredAbsence(new_id(), person.id, span.starts_at, span.ends_at, label))
    work.session.add(row)
    _done(work, actor, "absence_added", row)
    return row.id


def edit_absence(
    work: Work, actor: Actor, absence_id: UUID, facts: AbsenceFacts, known: str | None = None
) -> StoredAbsence:
    """Gives what it was. A label that the actor does not read stays.

    Raises NotFound, NotAllowed, Stale, InvalidInput.
    """
    row, person = absence_for(work.session, actor, absence_id)
    require_seen(work, row, known, lambda: absence_line(work.session, actor, row.id)[1].shown)
    span, was = _span(work, person, facts), _as_stored(row)
    row.starts_at, row.ends_at = span.starts_at, span.ends_at
    if permits(actor, Action.READ_ABSENCE_LABEL, about(person)):
        row.label = facts.label
    _done(work, actor, "absence_edited", row)
    return was


def remove_absence(work: Work, actor: Actor, absence_id: UUID) -> StoredAbsence:
    """Gives what it was. Raises NotFound, NotAllowed."""
    row, _ = absence_for(work.session, actor, absence_id)
    was = _as_stored(row)
    work.session.delete(row)
    _done(work, actor, "absence_removed", row)
    return was


def put_back_absence(work: Work, actor: Actor, was: StoredAbsence) -> None:
    """Undo an edit or a removal; done twice, it changes nothing. Raises NotFound, NotAllowed."""
    person = person_with_hours(work.session, actor, was.person_id)
    row = work.session.get(BusyTime, was.id)
    if row is None:
        row = _row(person, was)
        work.session.add(row)
    elif row.person_id == person.id:
        row.starts_at, row.ends_at, row.label = was.starts_at, was.ends_at, was.label
    _done(work, actor, "absence_put_back", row)


def _span(work: Work, person: Person, facts: AbsenceFacts) -> Span:
    zone = where_told(work.session, person)[0]
    if faults := facts.faults() or facts.skipped(zone):
        raise InvalidInput(faults)
    span = facts.span(zone)
    if span.ends_at <= work.now():
        raise InvalidInput({"ends_on": "in_the_past"})
    return span


def _row(person: Person, facts: StoredAbsence) -> BusyTime:
    return BusyTime(
        id=facts.id,
        organization_id=person.organization_id,
        person_id=person.id,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        source=DECLARED,
        label=facts.label,
    )


def _as_stored(row: BusyTime) -> StoredAbsence:
    return StoredAbsence(row.id, row.person_id, row.starts_at, row.ends_at, row.label)


def _done(work: Work, actor: Actor, verb: str, row: BusyTime) -> None:
    """The trail has who and when it was said, neither the days nor why."""
    work.session.flush()
    facts = {"person_id": row.person_id}
    audit.record(work, verb, "absence", row.id, row.organization_id, actor_id=actor.person_id, facts=facts)
