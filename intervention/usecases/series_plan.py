"""A series as it is kept: its plan and rule in JSON, and the ask that would plan it again today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.encounters import Confidentiality, ParticipantRole, PlaceKind
from intervention.domain.recurrence import Recurrence
from intervention.domain.series import Decisions
from intervention.records.series import Series
from intervention.usecases.series_sheet import PlanSeries


def plan_of(ask: PlanSeries) -> dict[str, Any]:
    """What `series.plan` keeps: ids and codes only."""
    return {"sites": [_site(site) for site in ask.sites], "accepting": sorted(ask.accepting)}


def asked_again(series: Series, rule: Recurrence | None = None, decisions: Decisions | None = None) -> PlanSeries:
    """The ask of a series that is kept, by another rule where one is given."""
    return PlanSeries(
        host_id=series.host_id,
        kind=series.kind,
        discipline=series.discipline,
        minutes=series.minutes,
        sites=tuple(_site_again(site) for site in series.plan["sites"]),
        rule=rule or Recurrence.from_json(series.rule),
        decisions=decisions or Decisions(),
        building_id=series.building_id,
        objective=series.objective,
        need_group_id=series.need_group_id,
        is_strict=series.confidentiality is Confidentiality.STRICT,
        accepting=frozenset(series.plan["accepting"]),
    )


def _site(site: AskSite) -> dict[str, Any]:
    found = {each.name: _plain(getattr(site, each.name)) for each in fields(site)}
    found["participants"] = [
        {each.name: _plain(getattr(who, each.name)) for each in fields(who)} for who in site.participants
    ]
    return found


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def _site_again(kept: Mapping[str, Any]) -> AskSite:
    return AskSite(
        building_id=_id(kept["building_id"]),
        place=PlaceKind(kept["place"]),
        room_id=_id(kept["room_id"]),
        kit_id=_id(kept["kit_id"]),
        facilitator_id=_id(kept["facilitator_id"]),
        has_host=kept["has_host"],
        participants=tuple(
            AskParticipant(
                ParticipantRole(who["role"]),
                _id(who["person_id"]),
                _id(who["pupil_id"]),
                _id(who["class_group_id"]),
                _id(who["guest_id"]),
                who["is_required"],
            )
            for who in kept["participants"]
        ),
    )


def _id(kept: str | None) -> UUID | None:
    return UUID(kept) if kept else None
