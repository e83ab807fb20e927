"""Does to séances what a change of calendar asks and somebody accepted, in one write: freed together, dated anew, taken
again through the guard; those that are nowhere any more are called off. Keeps what undoing it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from intervention.domain.closures import Treatment
from intervention.domain.encounters import KIND_RULES, ActKind, Axis, CancellationCause, EncounterStatus
from intervention.domain.events import DatesChanged, EncounterChanged
from intervention.domain.permissions import Actor
from intervention.domain.redating import Decided
from intervention.domain.spans import Span
from intervention.records.encounters import Encounter
from intervention.usecases import roads
from intervention.usecases.booking import people_of, record_act, resources_of, take
from intervention.usecases.cancelling import call_off
from intervention.usecases.changing import as_ask, touch
from intervention.usecases.redating_plan import Redating
from intervention.usecases.reservations import Taking, expire_holds, lock_resources, release, reserve_each
from intervention.usecases.school_days import DayChange
from intervention.usecases.series_dates import follow
from intervention.usecases.shapes import shape_of
from intervention.usecases.treating import owe
from intervention.usecases.work import Work

Kept = dict[str, Any]


def accept(work: Work, actor: Actor, plan: Redating, decided: Decided, cause: CancellationCause) -> Kept:
    """Do the accepted lines, once the dated days are those of the change; gives what `redating_undo` needs.

    Raises SlotTaken when the guard refuses, SlotRefused when a road does.
    """
    done = {line.encounter_id: line for line in plan.lines if decided.accepts(line)}
    spans = {own: line.landing.span for own, line in done.items() if line.landing is not None}
    encounters = locked(work, done)
    called_off = [each for each in encounters if each.id not in spans]
    entries = _call_off_all(work, actor, called_off, cause)
    moved = [(each, each.span) for each in encounters if each.id in spans]
    redate(work, actor, [each for each, _ in moved], spans)
    stays = [line for line in plan.lines if line.encounter_id not in done]
    return {
        "moved": [_entry(*each) for each in moved],
        "entries": entries,
        "dates": follow(work.session, plan.dates, done.keys()),
        "to_decide": {str(line.encounter_id): [line.fate.value, line.starts_at.isoformat()] for line in stays},
    }


UNTOUCHED: Kept = {"moved": [], "entries": [], "dates": {"before": {}, "after": {}}, "to_decide": {}}


def seances_of(kept: Mapping[str, Any]) -> list[UUID]:
    """Those that `accept` moved or called off."""
    return [UUID(each["encounter"]) for name in ("moved", "entries") for each in kept.get(name, ())]


def days_digest(changes: Iterable[DayChange], *, is_inverse: bool = False) -> str:
    """Tells whether days go back exactly as they came: a change, or its inverse."""
    told = sorted(
        (str(each.building_id), each.level, repr(each.after if is_inverse else each.before),
         repr(each.before if is_inverse else each.after)) for each in changes
    )  # fmt: skip
    return sha256(repr(told).encode()).hexdigest()


def note_people(work: Work, organization_id: UUID, change_id: UUID, encounter_ids: Iterable[UUID]) -> None:
    """One fact for each person whose séances a change moved or called off, however many: for one message each."""
    found = _loaded(work, list(encounter_ids))
    people = {person for each in found for person in people_of(as_ask(each))}
    people |= {site.facilitator_id for each in found for site in each.sites if site.facilitator_id is not None}
    for person in sorted(people):
        work.note(DatesChanged(organization_id, change_id, person))


def locked(work: Work, ids: Iterable[UUID]) -> list[Encounter]:
    """Encounters that nobody else changes meanwhile, by start."""
    return _loaded(work, list(ids), lock=True)


def redate(work: Work, actor: Actor, encounters: Sequence[Encounter], spans: Mapping[UUID, Span]) -> None:
    """Bring séances to other spans, all at once: none is in another's way while it still stands where it was."""
    if not encounters:
        return
    organizations = lock_resources(work.session, set().union(*(resources_of(each) for each in encounters)))
    expire_holds(work.session, organizations, work.now())
    days = _road_days(work, encounters, spans)
    roads.clear(work.session, days)
    before = {each.id: each.span for each in encounters}
    for each in encounters:
        release(work.session, each.id)
        put_at(each, spans[each.id])
    work.session.flush()
    _take(work, encounters, organizations)
    roads.lay(work.session, days)
    for each in encounters:
        touch(work, each)
        _tell(work, actor, each, before[each.id])


def put_at(encounter: Encounter, span: Span) -> None:
    """The instant, and the wall time that it is in the encounter's own zone."""
    wall = span.starts_at.astimezone(ZoneInfo(encounter.zone))
    encounter.starts_at, encounter.ends_at = span.starts_at, span.ends_at
    encounter.on_date, encounter.starts_local = wall.date(), wall.time()


def _loaded(work: Work, ids: Sequence[UUID], *, lock: bool = False) -> list[Encounter]:
    statement = (
        select(Encounter)
        .where(Encounter.id.in_(ids))
        .options(selectinload(Encounter.sites), selectinload(Encounter.participations))
        .order_by(Encounter.starts_at, Encounter.id)
        .execution_options(populate_existing=True)
    )
    return list(work.session.scalars(statement.with_for_update(of=Encounter) if lock else statement))


def _take(work: Work, encounters: Sequence[Encounter], organizations: dict[UUID, UUID]) -> None:
    """Proposals let go each at its own hour, the others never: those are written together."""
    planned = [each for each in encounters if each.status is not EncounterStatus.HELD]
    takings = [(each.id, Taking(resource, each.span)) for each in planned for resource in resources_of(each)]
    reserve_each(work.session, takings, organizations=organizations)
    for each in encounters:
        if each.status is EncounterStatus.HELD:
            take(work, each, organizations)


def _road_days(work: Work, encounters: Sequence[Encounter], spans: Mapping[UUID, Span]) -> list[roads.RoadDay]:
    """The days left and the days reached, those who go together asked about together."""
    by_people: dict[tuple[UUID, ...], list[Span]] = defaultdict(list)
    for each in encounters:
        by_people[tuple(sorted(people_of(as_ask(each))))] += [each.span, spans.get(each.id, each.span)]
    found = [day for people, own in by_people.items() for day in roads.road_days_of(work.session, people, *own)]
    return list(dict.fromkeys(found))


def _tell(work: Work, actor: Actor, encounter: Encounter, before: Span) -> None:
    changes: dict[str, object] = {
        "starts_at": {"from": before.starts_at.isoformat(), "to": encounter.starts_at.isoformat()},
        "ends_at": {"from": before.ends_at.isoformat(), "to": encounter.ends_at.isoformat()},
    }
    record_act(work, actor, encounter.id, ActKind.MOVED, changes=changes)
    work.note(EncounterChanged(encounter.organization_id, encounter.id, encounter.revision))


def _entry(encounter: Encounter, before: Span) -> dict[str, Any]:
    return {"encounter": str(encounter.id), "from": span_to_json(before), "to": span_to_json(encounter.span)}


def span_to_json(span: Span) -> list[str]:
    return [span.starts_at.isoformat(), span.ends_at.isoformat()]


def _call_off_all(work: Work, actor: Actor, encounters: Sequence[Encounter], cause: CancellationCause) -> list[Kept]:
    """Free each and record why; what was for pupils is owed."""
    if not encounters:
        return []
    shapes = [shape_of(each) for each in encounters]
    lock_resources(work.session, set().union(*(resources_of(each) for each in encounters)))
    days = _road_days(work, encounters, {})
    roads.clear(work.session, days)
    kept = []
    for each, shape in zip(encounters, shapes, strict=True):
        release(work.session, each.id)
        call_off(work, actor, each, cause, None)
        is_owed = KIND_RULES[each.kind].axis is Axis.PUPIL_SERVICE
        if is_owed:
            owe(work, actor, each)
        treatment = Treatment.MAKE_UP if is_owed else Treatment.CANCEL
        kept.append({"encounter": str(each.id), "treatment": treatment.value, "version": each.version, "shape": shape})
    roads.lay(work.session, days)
    return kept
