"""Roads between two buildings as somebody who drives them says: they take the place of the estimate."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.travel import Source, TravelMode
from intervention.queries.catalogue import touch_catalogue
from intervention.records.schools import Building, Road
from intervention.usecases import audit
from intervention.usecases.work import Work

MAX_MINUTES, MAX_METRES, MAX_SOURCE = 24 * 60, 3_000_000, 160


@dataclass(frozen=True, slots=True)
class DeclareRoad:
    """Door to door on a dry road. `source` says who said so and when."""

    from_building_id: UUID
    to_building_id: UUID
    minutes: int
    metres: int
    source: str
    mode: TravelMode = TravelMode.ROAD
    both_ways: bool = True


def declare_road(work: Work, actor: Actor, ask: DeclareRoad) -> None:
    """Say it, or say it anew. Raises NotAllowed, InvalidInput."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    _check(work, actor, ask)
    ways = [(ask.from_building_id, ask.to_building_id)]
    if ask.both_ways:
        ways.append((ask.to_building_id, ask.from_building_id))
    for start, end in ways:
        road = work.session.scalar(
            select(Road).where(
                Road.organization_id == actor.organization_id,
                Road.from_building_id == start,
                Road.to_building_id == end,
            )
        ) or Road(organization_id=actor.organization_id, from_building_id=start, to_building_id=end)
        road.minutes, road.metres, road.mode = ask.minutes, ask.metres, ask.mode.value
        road.quality, road.source = Source.DECLARED.value, ask.source
        work.session.add(road)
        work.session.flush()
    facts = {"to": ask.to_building_id, "minutes": ask.minutes, "metres": ask.metres, "both_ways": ask.both_ways}
    _changed(work, actor, "road_declared", ask.from_building_id, facts)


def withdraw_road(work: Work, actor: Actor, road_id: UUID) -> None:
    """The estimate answers again for that way. Raises NotFound, NotAllowed."""
    road = work.session.get(Road, road_id)
    if road is None:
        raise NotFound
    require(actor, Action.EDIT_SCHOOLS, Subject(road.organization_id))
    work.session.delete(road)
    work.session.flush()
    _changed(work, actor, "road_withdrawn", road.from_building_id, {"to": road.to_building_id})


def _check(work: Work, actor: Actor, ask: DeclareRoad) -> None:
    faults: dict[str, str] = {}
    ends = {"from_building": ask.from_building_id, "to_building": ask.to_building_id}
    for field, building_id in ends.items():
        building = work.session.get(Building, building_id)
        if building is None or building.organization_id != actor.organization_id:
            faults[field] = "unknown"
    if ask.from_building_id == ask.to_building_id:
        faults.setdefault("to_building", "same_building")
    if not 1 <= ask.minutes <= MAX_MINUTES:
        faults["minutes"] = "out_of_range"
    if not 0 <= ask.metres <= MAX_METRES:
        faults["km"] = "out_of_range"
    if not ask.source.strip():
        faults["source"] = "required"
    elif len(ask.source) > MAX_SOURCE:
        faults["source"] = "too_long"
    if faults:
        raise InvalidInput(faults)


def _changed(work: Work, actor: Actor, verb: str, building_id: UUID, facts: dict[str, object]) -> None:
    touch_catalogue(work.session, actor.organization_id)
    audit.record(work, verb, "building", building_id, actor.organization_id, actor_id=actor.person_id, facts=facts)
