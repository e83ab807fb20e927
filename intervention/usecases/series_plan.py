"""A series as it is kept: its plan in JSON, and the ask that would plan it again today."""

from __future__ import annotations

from typing import Any

from intervention.domain.encounters import Confidentiality
from intervention.domain.recurrence import Recurrence
from intervention.domain.series import Decisions
from intervention.domain.series_plan import sites_from_json, sites_to_json
from intervention.records.series import Series
from intervention.usecases.series_sheet import PlanSeries


def plan_of(ask: PlanSeries) -> dict[str, Any]:
    """What `series.plan` keeps: ids and codes only."""
    return {"sites": sites_to_json(ask.sites), "accepting": sorted(ask.accepting)}


def asked_again(series: Series, rule: Recurrence | None = None, decisions: Decisions | None = None) -> PlanSeries:
    """The ask of a series that is kept, by another rule where one is given."""
    return PlanSeries(
        host_id=series.host_id,
        kind=series.kind,
        discipline=series.discipline,
        minutes=series.minutes,
        sites=sites_from_json(series.plan["sites"]),
        rule=rule or Recurrence.from_json(series.rule),
        decisions=decisions or Decisions(),
        building_id=series.building_id,
        objective=series.objective,
        need_group_id=series.need_group_id,
        is_strict=series.confidentiality is Confidentiality.STRICT,
        accepting=frozenset(series.plan["accepting"]),
    )
