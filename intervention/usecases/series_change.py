"""Changes a series as a whole: every accepted date in one transaction, freed together, checked again, taken again.

The dates in reach go on as a series of their own where others before them are still to come by the old rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from intervention.domain.arrangement import arranged
from intervention.domain.encounters import ActKind, CancellationCause
from intervention.domain.errors import InvalidInput, SlotTaken
from intervention.domain.events import EncounterChanged
from intervention.domain.permissions import Action, Actor, require
from intervention.domain.series_change import rearranged
from intervention.domain.spans import Span
from intervention.queries.catalogue import catalogue
from intervention.queries.series import series_for, subject_of
from intervention.queries.series_reach import Reached, reached
from intervention.queries.slot_problem import everything
from intervention.records.encounters import Encounter
from intervention.usecases import roads
from intervention.usecases.booking import record_act, resources_of
from intervention.usecases.cancelling import call_off
from intervention.usecases.changing import as_ask, touch
from intervention.usecases.edits_told import difference, kinds_of, state_of
from intervention.usecases.reservations import Taking, expire_holds, lock_resources, release_each, reserve_each
from intervention.usecases.reshaping import reshape
from intervention.usecases.series import require_held, require_version
from intervention.usecases.series_change_ask import ChangeLine, ChangeSeries, ChangeSheet
from intervention.usecases.series_change_judging import has_the_sites
from intervention.usecases.series_change_sheet import Intent, first_reached, intent_of, sheet_of
from intervention.usecases.series_keeping import keep
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class Changed:
    """The series that the dates in reach belong to now: another one where it was split."""

    series_id: UUID
    version: int
    changed: tuple[UUID, ...]
    skipped: tuple[UUID, ...]


def change_series(work: Work, actor: Actor, ask: ChangeSeries) -> Changed:
    """Change every accepted date (all that work, where none is named), give up those that are skipped, leave the rest.

    An accepted date that no longer works refuses the whole, by SlotTaken or SlotRefused with its `on_date`. Raises
    Stale when somebody edited since, InvalidInput when nothing would change, and what `preview_change` raises.
    """
    series = series_for(work.session, actor, ask.series_id, Action.CHANGE_ENCOUNTER, lock=True)
    require_version(series, ask.version)
    if ask.skipping:
        require(actor, Action.CANCEL_ENCOUNTER, subject_of(series))
    from_on = first_reached(work, series, ask)
    dates = reached(work.session, series, from_on, work.now(), lock=True)
    intent = intent_of(work, actor, series, ask)
    organizations = _lock(work, actor, intent, dates)
    sheet = sheet_of(work, actor, series, ask, intent, dates)
    _require_decided(sheet, ask)
    moved = [each for each in sheet.lines if each.changes]
    skipped = [each for each in sheet.lines if each.line is not None and each.on_date in ask.skipping]
    if not moved and not skipped and not any(each.is_same for each in sheet.lines):
        raise InvalidInput({"dates": "no_dates"})
    _write(work, actor, sheet, ask, moved, skipped, organizations)
    kept = keep(work, actor, sheet, from_on, ask)
    return Changed(kept.id, kept.version, _ids(moved), _ids(skipped))


def _lock(work: Work, actor: Actor, intent: Intent, dates: Sequence[Reached]) -> dict[UUID, UUID]:
    """Serialise bookings of all that the dates have and of all that they could use, before they are judged."""
    board = catalogue(work.session, actor.organization_id)
    home = board.professionals[intent.plan.host_id].home
    encounters = [each.encounter for each in dates if each.encounter is not None]
    shapes = {intent.plan.sites} | {rearranged(as_ask(each).sites, intent.how, home) for each in encounters}
    usable = everything(board, [arranged(intent.plan.kind, sites) for sites in shapes])
    usable |= intent.plan.composition.resources().union(*map(resources_of, encounters))
    organizations = lock_resources(work.session, usable)
    expire_holds(work.session, organizations, work.now())
    return organizations


def _require_decided(sheet: ChangeSheet, ask: ChangeSeries) -> None:
    accepted = (ask.decisions.accepted or frozenset()) | ask.decisions.moved.keys()
    known = {line.on_date for line in sheet.judged}
    if not (accepted | ask.skipping) <= known or accepted & ask.skipping:
        raise InvalidInput({"dates": "not_a_choice"})
    require_held(sheet.judged, frozenset(accepted))


def _ids(lines: Sequence[ChangeLine]) -> tuple[UUID, ...]:
    return tuple(each.reached.encounter.id for each in lines if each.reached.encounter is not None)


def _encounter(each: ChangeLine) -> Encounter:
    assert each.reached.encounter is not None  # noqa: S101 - only touched dates are written
    return each.reached.encounter


def _span(each: ChangeLine) -> Span:
    assert each.line is not None and each.line.span is not None  # noqa: S101, PT018 - only held lines are written
    return each.line.span


def _write(  # noqa: PLR0913, PLR0917 - what one change is made of
    work: Work,
    actor: Actor,
    sheet: ChangeSheet,
    ask: ChangeSeries,
    moved: Sequence[ChangeLine],
    skipped: Sequence[ChangeLine],
    organizations: dict[UUID, UUID],
) -> None:
    """Free everything, rearrange, take everything, lay the roads; then say so."""
    session = work.session
    spans = [_encounter(each).span for each in (*moved, *skipped)] + [_span(each) for each in moved]
    people = {p.person_id for each in (*moved, *skipped) for p in _encounter(each).participations if p.person_id}
    people |= {p.person_id for p in sheet.plan.composition.participants() if p.person_id}
    days = roads.road_days_of(session, people, *spans)
    roads.clear(session, days)
    before = {each.on_date: state_of(_encounter(each)) for each in moved}
    release_each(session, [_encounter(each).id for each in (*moved, *skipped)])
    for each in skipped:
        call_off(work, actor, _encounter(each), CancellationCause.OTHER, ask.reason)
    for each in moved:
        _apply(work, actor, each, sheet.anchor.zone)
    _take(work, moved, organizations)
    roads.lay(session, days)
    for each in moved:
        _tell(work, actor, _encounter(each), before[each.on_date], ask.reason)
    session.flush()


def _apply(work: Work, actor: Actor, each: ChangeLine, zone: str) -> None:
    encounter, span = _encounter(each), _span(each)
    if encounter.span != span:
        wall = span.starts_at.astimezone(ZoneInfo(zone))
        encounter.starts_at, encounter.ends_at, encounter.zone = span.starts_at, span.ends_at, zone
        encounter.on_date, encounter.starts_local = wall.date(), wall.time()
    assert each.line is not None  # noqa: S101 - only held lines are written
    if not has_the_sites(as_ask(encounter).sites, each.line.sites):
        reshape(work, actor, encounter, each.line.sites)


def _take(work: Work, moved: Sequence[ChangeLine], organizations: dict[UUID, UUID]) -> None:
    takings = [
        (encounter.id, Taking(resource, encounter.span))
        for encounter in map(_encounter, moved)
        for resource in resources_of(encounter)
    ]
    try:
        reserve_each(work.session, takings, organizations=organizations)
    except SlotTaken as taken:
        at = taken.facts.get("starts_at")
        on_date = next((each.on_date for each in moved if _span(each).starts_at == at), None)
        raise SlotTaken(**(taken.facts | {"on_date": on_date})) from taken


def _tell(work: Work, actor: Actor, encounter: Encounter, before: dict[str, object], reason: str | None) -> None:
    touch(work, encounter)
    after = state_of(encounter)
    told = difference(before, after)
    # A site may have come or gone with somebody: that is an act of itself only where nothing else is told.
    for kind in kinds_of(before, after) or [ActKind.ROOM_CHANGED]:
        record_act(work, actor, encounter.id, kind, reason=reason, changes=told)
    work.note(EncounterChanged(encounter.organization_id, encounter.id, encounter.revision))
