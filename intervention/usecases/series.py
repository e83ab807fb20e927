"""Plans a series: every accepted date in one transaction, through the guard of every booking, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import insert, select

from intervention.domain.arrangement import arranged
from intervention.domain.encounters import KIND_RULES, CancellationCause, Confidentiality, EncounterStatus
from intervention.domain.errors import InvalidInput, NotFound, SlotRefused, SlotTaken, Stale, WrongState
from intervention.domain.ids import new_id
from intervention.domain.people import Discipline
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.recurrence import OnWeekdays, Recurrence
from intervention.domain.series import NO_SUCH_PERIOD, Alternative, DateState, Decisions, Line, Moment, SkipReason
from intervention.domain.series_change import SeriesActKind
from intervention.domain.slots import SOFT_RULES
from intervention.queries.catalogue import catalogue
from intervention.queries.series import series_for
from intervention.queries.series_calendar import Anchor, anchor_of, plain_days
from intervention.queries.slot_problem import everything
from intervention.records.encounters import Encounter
from intervention.records.series import Series, SeriesDate
from intervention.usecases.booking import resources_of
from intervention.usecases.cancelling import CancelEncounter, cancel
from intervention.usecases.reservations import expire_holds, lock_resources
from intervention.usecases.series_booking import Dated, book_several
from intervention.usecases.series_history import record_series_act
from intervention.usecases.series_plan import asked_again, plan_of
from intervention.usecases.series_sheet import PlanSeries, SeriesSheet, preview, require_composed
from intervention.usecases.work import Work

SOFT = frozenset(rule.value for rule in SOFT_RULES)


@dataclass(frozen=True, slots=True)
class Planned:
    """`encounters` are those booked, in the order of their dates."""

    series_id: UUID
    version: int
    encounters: tuple[UUID, ...]


def create(work: Work, actor: Actor, ask: PlanSeries) -> Planned:
    """Book every accepted date and keep the others with their reasons.

    A date that `decisions` accept and that no longer works refuses the whole, by SlotTaken or SlotRefused with its
    `on_date`. Raises what `preview` raises, and InvalidInput without any date to book.
    """
    organizations = lock(work, actor, ask)
    sheet = preview(work, actor, ask)
    accepted = ask.decisions.accepted or frozenset()
    require_held(sheet.lines, accepted)
    if not sheet.held or accepted - {line.on_date for line in sheet.lines}:
        raise InvalidInput({"dates": "not_a_choice" if sheet.held else "no_dates"})
    series = _series(work, actor, ask, sheet)
    work.session.add(series)
    work.session.flush()
    booked = book_dates(work, actor, series, ask, sheet.held, organizations)
    rows = [date_row(series.id, line, booked.get(line.on_date)) for line in sheet.lines]
    work.session.execute(insert(SeriesDate).execution_options(render_nulls=True), rows)
    record_series_act(work, actor, series, SeriesActKind.PLANNED)
    return Planned(series.id, series.version, tuple(booked.values()))


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A date that was skipped is held after all, at `moment` where one is given, else as the rule says."""

    series_id: UUID
    version: int
    on_date: date
    moment: Moment | None = None


def take_back(work: Work, actor: Actor, ask: TakeBack) -> Planned:
    """Book one skipped date of a series. Raises Stale, WrongState when it is not skipped, and what `create` raises."""
    series = series_for(work.session, actor, ask.series_id, Action.CHANGE_ENCOUNTER, lock=True)
    require_version(series, ask.version)
    kept = work.session.get(SeriesDate, (series.id, ask.on_date))
    if kept is None:
        raise NotFound
    if kept.state is not DateState.SKIPPED or series.ended_at is not None:
        raise WrongState(status=kept.state)
    plan = asked_for_one(work, actor, series, ask.on_date, ask.moment)
    organizations = lock(work, actor, plan)
    sheet = preview(work, actor, plan)
    require_held(sheet.lines, frozenset({ask.on_date}))
    line = sheet.lines[0]
    (encounter_id,) = book_dates(work, actor, series, plan, sheet.held, organizations).values()
    kept.state, kept.reason = (DateState.MOVED if line.is_moved else DateState.BOOKED), None
    kept.encounter_id = encounter_id
    series.version += 1
    record_series_act(work, actor, series, SeriesActKind.DATE_TAKEN_BACK, changes={"on_date": ask.on_date.isoformat()})
    return Planned(series.id, series.version, (encounter_id,))


@dataclass(frozen=True, slots=True)
class EndSeries:
    """« Celle-ci et les suivantes » are cancelled: every séance to come from `from_on`."""

    series_id: UUID
    version: int
    from_on: date
    cause: CancellationCause


def end(work: Work, actor: Actor, ask: EndSeries) -> int:
    """Cancel what is to come from a date on, in one act; gives how many. Dates before it, and their history, stay.

    Raises Stale, WrongState when it has ended, InvalidInput for a date outside the series.
    """
    series = series_for(work.session, actor, ask.series_id, Action.CHANGE_ENCOUNTER, lock=True)
    require_version(series, ask.version)
    if series.ended_at is not None:
        raise WrongState(status="ended")
    if not series.first_on <= ask.from_on <= series.last_on:
        raise InvalidInput({"from_on": "out_of_range"})
    rows = work.session.execute(
        select(SeriesDate, Encounter)
        .join(Encounter, Encounter.id == SeriesDate.encounter_id)
        .where(
            SeriesDate.series_id == series.id,
            Encounter.status.in_((EncounterStatus.PLANNED, EncounterStatus.HELD)),
            Encounter.on_date >= ask.from_on,
            Encounter.starts_at > work.now(),
        )
        .order_by(Encounter.starts_at)
    ).all()
    lock_resources(work.session, set().union(*(resources_of(encounter) for _, encounter in rows)))
    for kept, encounter in rows:
        cancel(work, actor, CancelEncounter(encounter.id, encounter.version, ask.cause))
        kept.state, kept.reason = DateState.SKIPPED, SkipReason.CHOSEN
    series.version += 1
    series.ended_at = work.now()
    told = {"from_on": ask.from_on.isoformat(), "cause": ask.cause.value, "dates": len(rows)}
    record_series_act(work, actor, series, SeriesActKind.ENDED, changes=told)
    return len(rows)


def other_moments(work: Work, actor: Actor, series_id: UUID, on_date: date) -> tuple[Alternative, ...]:
    """When a date that is refused could be held instead, near it. Writes nothing."""
    series = series_for(work.session, actor, series_id, Action.CHANGE_ENCOUNTER)
    usual = Moment(on_date, series.starts_local)
    return preview(work, actor, asked_for_one(work, actor, series, on_date, usual)).lines[0].alternatives


def asked_for_one(work: Work, actor: Actor, series: Series, on_date: date, moment: Moment | None) -> PlanSeries:
    """The ask of a series cut down to one of its dates."""
    rule = Recurrence.from_json(series.rule)
    if moment is None and rule.period is not None:
        board = catalogue(work.session, actor.organization_id)
        plan = asked_again(series)
        anchor = anchor_of(board, plan.host_id, plan.sites, plan.building_id)
        periods = plain_days(board, anchor, on_date, on_date)[on_date].periods
        if rule.period > len(periods):
            raise SlotRefused(code=NO_SUCH_PERIOD, codes=(NO_SUCH_PERIOD,), on_date=on_date)
        moment = Moment(on_date, periods[rule.period - 1])
    one = Recurrence(OnWeekdays((on_date.isoweekday(),)), on_date, on_date, at=moment.at if moment else rule.at)
    return asked_again(series, one, Decisions(moved={on_date: moment} if moment else {}))


def lock(work: Work, actor: Actor, ask: PlanSeries) -> dict[UUID, UUID]:
    """Serialise bookings of everything that a date could use, in one order, and let go of lapsed proposals on it."""
    require(actor, Action.BOOK, Subject(actor.organization_id, owner_id=ask.host_id))
    require_composed(ask)
    board = catalogue(work.session, actor.organization_id)
    usable = everything(board, [arranged(ask.kind, ask.sites)]) | ask.composition.resources()
    organizations = lock_resources(work.session, usable)
    expire_holds(work.session, organizations, work.now())
    return organizations


def require_version(series: Series, version: int) -> None:
    """Refuse an edit made on an older page."""
    if series.version != version:
        raise Stale(version=series.version, known=version, series_id=series.id)


def require_held(lines: Iterable[Line], wanted: frozenset[date]) -> None:
    """Raise SlotTaken or SlotRefused for the first of the wanted dates that cannot be held."""
    for line in lines:
        if line.rules and line.on_date in wanted:
            if line.reason is SkipReason.TAKEN:
                resources = (line.subject_id,) if line.subject_id else ()
                raise SlotTaken(resource_ids=resources, on_date=line.on_date)
            is_soft = all(rule in SOFT for rule in line.rules)
            raise SlotRefused(
                code=line.rules[0], codes=line.rules, is_soft=is_soft, subject_id=line.subject_id, on_date=line.on_date
            )


def book_dates(  # noqa: PLR0913, PLR0917 - a series and what its dates need
    work: Work,
    actor: Actor,
    series: Series,
    ask: PlanSeries,
    lines: Sequence[Line],
    organizations: dict[UUID, UUID],
) -> dict[date, UUID]:
    """Write the encounters of these dates with their reservations, roads, acts and facts; gives their ids by date."""
    return book_several(work, actor, [Dated(series, ask, lines)], organizations)[0]


def _series(work: Work, actor: Actor, ask: PlanSeries, sheet: SeriesSheet) -> Series:
    first = next(line.moment for line in sheet.lines if line.moment)
    return series_of(work, actor, ask, sheet.anchor, sheet.rule, first.at)


def series_of(  # noqa: PLR0913, PLR0917 - an ask, and what its calendar made of it
    work: Work, actor: Actor, ask: PlanSeries, anchor: Anchor, rule: Recurrence, at: time
) -> Series:
    """The row of a series, not written yet."""
    return Series(
        id=new_id(),
        organization_id=actor.organization_id,
        host_id=ask.host_id,
        kind=ask.kind,
        discipline=Discipline(ask.discipline),
        confidentiality=Confidentiality.STRICT if ask.is_strict else KIND_RULES[ask.kind].confidentiality,
        building_id=anchor.building_id,
        zone=anchor.zone,
        starts_local=at,
        minutes=ask.minutes,
        first_on=ask.rule.first_on,
        last_on=ask.rule.last_on,
        rule=rule.to_json(),
        plan=plan_of(ask),
        objective=ask.objective or None,
        need_group_id=ask.need_group_id,
        created_by_id=actor.person_id,
        created_at=work.now(),
    )


def date_row(series_id: UUID, line: Line, encounter_id: UUID | None) -> dict[str, object]:
    """A line of the sheet as a row of `series_date`."""
    state = DateState.SKIPPED if encounter_id is None else DateState.MOVED if line.is_moved else DateState.BOOKED
    return {
        "series_id": series_id,
        "on_date": line.on_date,
        "state": state,
        "reason": line.reason if encounter_id is None else None,
        "encounter_id": encounter_id,
    }
