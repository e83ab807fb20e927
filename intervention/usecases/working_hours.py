"""When somebody works, as she, a coordinator or an administrator says. Slots are searched within from then on."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select

from intervention.domain.errors import InvalidInput
from intervention.domain.permissions import Actor
from intervention.domain.school_time import local_date
from intervention.domain.working_hours import FIRST_HOURS, DatedOpening, Hours, hours_faults, rewritten
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.working_hours import hours_in_force, person_with_hours, stored_hours, where_told
from intervention.records.calendars import Availability
from intervention.records.people import Person
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.work import Work


def set_hours(work: Work, actor: Actor, person_id: UUID, hours: Hours, known: str | None = None) -> None:
    """Replace the week in force and the one to come.

    Raises NotFound, NotAllowed, Stale, InvalidInput (every fault at once).

    What was in force before the present week began stays: reports of the past count with it.
    """
    person = person_with_hours(work.session, actor, person_id)
    today = local_date(work.now(), where_told(work.session, person)[0])
    require_seen(work, person, known, lambda: hours_in_force(work.session, person, work.now()).shown)
    if faults := hours_faults(hours, today):
        raise InvalidInput(faults)
    rows = rewritten(stored_hours(work.session, person.id), hours, today)
    work.session.execute(delete(Availability).where(Availability.person_id == person.id))
    _lay(work, person, rows)
    touch_catalogue(work.session, person.organization_id)
    audit.record(work, "hours_set", "person", person.id, person.organization_id, actor_id=actor.person_id)


def lay_first_hours(work: Work, person: Person) -> None:
    """An ordinary week for who has no hours yet, so that slots are found. The caller touches the catalogue."""
    if work.session.scalar(select(Availability.id).where(Availability.person_id == person.id).limit(1)) is None:
        _lay(work, person, [DatedOpening(each) for each in FIRST_HOURS.week])


def _lay(work: Work, person: Person, rows: Iterable[DatedOpening]) -> None:
    work.session.add_all(
        Availability(
            organization_id=person.organization_id,
            person_id=person.id,
            weekday=row.opening.weekday,
            starts_local=row.opening.starts_local,
            ends_local=row.opening.ends_local,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    )
    work.session.flush()
