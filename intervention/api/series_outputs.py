"""What is told of series: codes, ids, instants, and wall times of the series' own zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from intervention.api import outputs as out
from intervention.api.shapes import asked_site, wall
from intervention.domain.encounters import EncounterKind, EncounterStatus
from intervention.domain.recurrence import OnCycleDays, OnWeekdays, Recurrence
from intervention.domain.series import Alternative, DateState, Likeness, Line, SkipReason
from intervention.domain.series_change import Standing
from intervention.queries.series import SeriesLine as Row
from intervention.queries.series import SeriesPage, ShownDate
from intervention.usecases.series_change_ask import ChangeLine, ChangeSheet
from intervention.usecases.series_sheet import SeriesSheet

Rules = Annotated[list[str], Field(description="The rules that refuse the date, the firmest first; none: it works.")]


class RuleTold(TypedDict):
    """As POST takes it; `phase` is the cycle that turns are counted from."""

    by: Literal["cycle", "week", "month"]
    days: list[int]
    every: int
    goal: int | None
    phase: int | None
    first_on: date
    last_on: date
    at: out.ClockTime | None
    period: int | None
    count: int | None


class DateTold(TypedDict):
    on_date: Annotated[date, Field(description="The date of the rule; it may be held on another.")]
    state: DateState
    reason: SkipReason | None
    encounter_id: UUID | None
    status: EncounterStatus | None
    starts_at: datetime | None
    wall_time: out.WallTime | None


class SeriesLine(TypedDict):
    id: UUID
    version: int
    kind: EncounterKind
    host: out.Named
    zone: str
    minutes: int
    rule: RuleTold
    ended_at: datetime | None
    continues_id: Annotated[UUID | None, Field(description="The series whose later dates these are.")]


class SeriesTold(SeriesLine):
    building_id: Annotated[UUID, Field(description="Whose calendar and bells the rule is read on.")]
    continued_by: UUID | None
    sites: list[out.AskedSite]
    dates: list[DateTold]


class SeriesList(TypedDict):
    items: list[SeriesLine]
    next_cursor: out.Cursor


class Other(TypedDict):
    wall_time: out.WallTime
    likeness: Likeness


class DatePlanned(TypedDict):
    on_date: date
    starts_at: datetime | None
    wall_time: out.WallTime | None
    rules: Rules
    subject_id: UUID | None
    alternatives: list[Other]


class SeriesPlanned(TypedDict):
    """A dry run: every date of the rule, judged."""

    rule: RuleTold
    zone: str
    dates: list[DatePlanned]


class DateChanged(TypedDict):
    """`rule_on` is the date that the new rule gives; `changes` whether accepting it changes anything."""

    on_date: date
    rule_on: date
    standing: Standing
    encounter_id: UUID | None
    starts_at: Annotated[datetime | None, Field(description="Until now.")]
    becomes_at: datetime | None
    changes: bool
    rules: Rules
    subject_id: UUID | None
    alternatives: list[Other]


class SeriesChanged(TypedDict):
    """`id` and `version` are those of the series that the dates belong to from now on: another where it was split."""

    dry_run: bool
    id: UUID
    version: int
    changed: list[UUID]
    skipped: list[UUID]
    dates: list[DateChanged]


def rule_told(rule: Recurrence) -> RuleTold:
    pattern = rule.pattern
    by: Literal["cycle", "week", "month"] = "month"
    if isinstance(pattern, OnCycleDays):
        by = "cycle"
    elif isinstance(pattern, OnWeekdays):
        by = "week"
    return {
        "by": by,
        "days": list(pattern.days if isinstance(pattern, OnCycleDays) else pattern.weekdays),
        "every": getattr(pattern, "every", 1),
        "goal": getattr(pattern, "goal", None),
        "phase": getattr(pattern, "phase", None),
        "first_on": rule.first_on,
        "last_on": rule.last_on,
        "at": f"{rule.at:%H:%M}" if rule.at else None,
        "period": rule.period,
        "count": rule.count,
    }


def line_told(row: Row | SeriesPage) -> SeriesLine:
    return {
        "id": row.series_id,
        "version": row.version,
        "kind": row.kind,
        "host": {"id": row.host_id, "name": row.host_name},
        "zone": row.zone,
        "minutes": row.minutes,
        "rule": rule_told(row.rule),
        "ended_at": row.ended_at,
        "continues_id": row.continues_id,
    }


def series_told(page: SeriesPage) -> SeriesTold:
    return {
        **line_told(page),
        "building_id": page.building_id,
        "continued_by": page.continued_by,
        "sites": [asked_site(site) for site in page.sites],
        "dates": [_date(each, page.zone) for each in page.dates],
    }


def plan_told(sheet: SeriesSheet) -> SeriesPlanned:
    zone = sheet.anchor.zone
    return {"rule": rule_told(sheet.rule), "zone": zone, "dates": [_planned(line, zone) for line in sheet.lines]}


def changes_told(sheet: ChangeSheet) -> list[DateChanged]:
    return [_changed(each) for each in sheet.lines]


def _date(each: ShownDate, zone: str) -> DateTold:
    return {
        "on_date": each.on_date,
        "state": each.state,
        "reason": each.reason,
        "encounter_id": each.encounter_id,
        "status": each.status,
        "starts_at": each.starts_at,
        "wall_time": wall(each.starts_at, zone) if each.starts_at else None,
    }


def _planned(line: Line, zone: str) -> DatePlanned:
    return {
        "on_date": line.on_date,
        "starts_at": line.span.starts_at if line.span else None,
        "wall_time": wall(line.span.starts_at, zone) if line.span else None,
        "rules": list(line.rules),
        "subject_id": line.subject_id,
        "alternatives": _others(line.alternatives),
    }


def _changed(each: ChangeLine) -> DateChanged:
    line = each.line
    return {
        "on_date": each.on_date,
        "rule_on": each.rule_on,
        "standing": each.standing,
        "encounter_id": each.reached.row.encounter_id,
        "starts_at": each.was.starts_at if each.was else None,
        "becomes_at": line.span.starts_at if line is not None and line.span is not None and line.is_held else None,
        "changes": each.changes,
        "rules": list(line.rules) if line is not None else [],
        "subject_id": line.subject_id if line is not None else None,
        "alternatives": _others(line.alternatives) if line is not None else [],
    }


def _others(found: Iterable[Alternative]) -> list[Other]:
    return [{"wall_time": f"{each.moment.on_date}T{each.moment.at:%H:%M}", "likeness": each.likeness} for each in found]
