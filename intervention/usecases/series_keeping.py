"""Keeps a series that changed: its rule, its plan and its dates; those before go on apart where the rule was theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, insert

from intervention.domain.ids import new_id
from intervention.domain.permissions import Actor
from intervention.domain.recurrence import Recurrence
from intervention.domain.school_time import local_date
from intervention.domain.series import DateState, SkipReason
from intervention.domain.series_change import SeriesActKind, Standing
from intervention.queries.series import dates_of
from intervention.records.series import Series, SeriesDate
from intervention.usecases.series_change_ask import ChangeLine, ChangeSeries, ChangeSheet
from intervention.usecases.series_history import record_series_act
from intervention.usecases.series_plan import plan_of
from intervention.usecases.work import Work


def keep(work: Work, actor: Actor, sheet: ChangeSheet, from_on: date, ask: ChangeSeries) -> Series:
    """The series and its dates as they are now."""
    series, session = sheet.series, work.session
    today = local_date(work.now(), series.zone)
    in_reach = {each.on_date for each in sheet.lines}
    before = [row for row in dates_of(session, series.id) if row.on_date not in in_reach]
    kind = SeriesActKind.PEOPLE_CHANGED if ask.moves_people else SeriesActKind.CHANGED
    told = _told(sheet, ask, from_on)
    series.version += 1
    record_series_act(work, actor, series, kind, reason=ask.reason, changes=told)
    kept = series
    if any(row.on_date >= today for row in before):
        kept = _continued(work, actor, sheet)
        session.add(kept)
        cut = max(row.on_date for row in before)
        _cut(series, min(max(cut, from_on - timedelta(days=1)), series.last_on))
        session.flush()
        record_series_act(work, actor, kept, kind, reason=ask.reason, changes=told)
    _hold_by(kept, sheet)
    session.execute(delete(SeriesDate).where(SeriesDate.series_id == series.id, SeriesDate.on_date.in_(in_reach)))
    taken = {row.on_date for row in before} if kept is series else set()
    rows = [_row(kept, each, sheet, ask, taken) for each in sheet.lines]
    session.execute(insert(SeriesDate).execution_options(render_nulls=True), rows)
    for each in sheet.lines:
        if each.reached.encounter is not None:
            each.reached.encounter.series_id = kept.id
    session.flush()
    session.expire_all()
    return kept


def _continued(work: Work, actor: Actor, sheet: ChangeSheet) -> Series:
    old = sheet.series
    return Series(
        id=new_id(),
        organization_id=old.organization_id,
        host_id=old.host_id,
        kind=old.kind,
        discipline=old.discipline,
        confidentiality=old.confidentiality,
        building_id=old.building_id,
        zone=old.zone,
        starts_local=old.starts_local,
        minutes=old.minutes,
        first_on=sheet.plan.rule.first_on,
        last_on=sheet.plan.rule.last_on,
        rule=sheet.plan.rule.to_json(),
        plan=old.plan,
        objective=old.objective,
        need_group_id=old.need_group_id,
        continues_id=old.id,
        version=1,
        created_by_id=actor.person_id,
        created_at=work.now(),
    )


def _cut(series: Series, last_on: date) -> None:
    """What stays of a series that goes on as another one."""
    series.last_on = max(last_on, series.first_on)
    rule = Recurrence.from_json(series.rule)
    series.rule = replace(rule, last_on=max(last_on, rule.first_on)).to_json()


def _hold_by(series: Series, sheet: ChangeSheet) -> None:
    """Give the series its new rule, time and arrangement; what is past of it still counts in its bounds."""
    plan = sheet.plan
    moments = [line.moment.at for line in sheet.judged if line.moment and not line.is_moved]
    if sheet.moves_time and moments:
        series.starts_local = moments[0]
    series.minutes = plan.minutes
    series.rule = plan.rule.to_json()
    series.first_on = min(series.first_on, plan.rule.first_on)
    series.last_on = plan.rule.last_on
    series.plan = plan_of(plan)


def _row(series: Series, each: ChangeLine, sheet: ChangeSheet, ask: ChangeSeries, taken: set[date]) -> dict[str, Any]:
    """A date under its new rule. One that stays at another moment than the rule's is told as moved alone."""
    row = each.reached.row
    state, reason = row.state, row.reason
    if each.line is not None and each.on_date in ask.skipping:
        state, reason = DateState.SKIPPED, SkipReason.CHOSEN
    elif each.line is not None and each.line.is_held:
        state = DateState.MOVED if each.line.is_moved else DateState.BOOKED
    elif each.standing is Standing.TO_COME and sheet.moves_time:
        state = DateState.MOVED
    on_date = each.rule_on
    while on_date in taken:  # two dates of the old rule may have no date of their own in the new one
        on_date += timedelta(days=1)
    taken.add(on_date)
    return {
        "series_id": series.id,
        "on_date": on_date,
        "state": state,
        "reason": reason,
        "encounter_id": row.encounter_id,
    }


def _told(sheet: ChangeSheet, ask: ChangeSeries, from_on: date) -> dict[str, Any]:
    """What was asked, in ids, codes and times."""
    told = {
        "from_on": from_on.isoformat(),
        "days": list(ask.time.days) or None,
        "at": ask.time.at.isoformat("minutes") if ask.time.at else None,
        "period": ask.time.period,
        "minutes": ask.minutes,
        "host_to": [ask.host_to[0].value, str(ask.host_to[1])] if ask.host_to else None,
        "rooms": {str(at): str(room) for at, room in ask.rooms.items()} or None,
        "facilitators": {str(at): str(who) for at, who in ask.facilitators.items()} or None,
        "joining": [str(who.subject_id) for who in ask.joining] or None,
        "leaving": sorted(str(who) for who in ask.leaving) or None,
        "dates": sum(each.changes for each in sheet.lines),
    }
    return {name: value for name, value in told.items() if value is not None}
