"""Slot search, and the nearest slots beside a refused one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from intervention.api import outputs as out
from intervention.api import shapes
from intervention.api.inputs import Search
from intervention.api.operations import Answer, Call
from intervention.domain.composition import BookEncounter
from intervention.domain.encounters import modality_of
from intervention.domain.errors import DomainError
from intervention.domain.school_time import local_date
from intervention.queries.slot_problem import SlotAsk
from intervention.usecases.finding import Found, find_slots

ALTERNATIVES = 3
DAYS_BEFORE, DAYS_LOOKED_AT = timedelta(days=2), 7


def search(call: Call) -> Answer:
    body: Search = call.body
    ask = SlotAsk(
        host_id=body.host_id or call.actor.person_id,
        kind=body.kind,
        minutes=body.minutes,
        people=tuple(each.asked() for each in body.participants),
        first_on=body.window.from_date,
        days=body.window.days,
        wanted=body.modality,
        at_building=body.at_building_id,
        rooms={site.building_id: site.room_id for site in body.sites if site.room_id},
        facilitators={site.building_id: site.facilitator_id for site in body.sites if site.facilitator_id},
    )
    return Answer(_found(body, ask, find_slots(call.work, call.actor, ask, limit=body.limit)))


def _found(body: Search, ask: SlotAsk, found: Found) -> out.FoundSlots:
    sites = shapes.Sites()
    refusals = (shapes.refused_day(day, found.zone, sites) for day in found.days)
    booking: out.BookingBase = {
        "host_id": ask.host_id,
        "kind": ask.kind,
        "minutes": ask.minutes,
        "zone": found.zone,
    }
    if body.discipline is not None:
        booking["discipline"] = body.discipline
    return {
        "slots": [shapes.slot(offer, found.zone, sites) for offer in found.offers],
        "total": found.total,
        "refusals": [refusal for refusal in refusals if refusal is not None],
        "days": [{"on_date": day.on_date, "count": day.count, "cycle_day": day.cycle_day} for day in found.days],
        "booking": booking,
    }


def alternatives(call: Call, ask: BookEncounter, ignoring: UUID | None) -> list[out.Slot]:
    """The nearest slots for the same people, kind and modality; none when the ask itself cannot be searched for."""
    host_site = next((site for site in ask.sites if site.has_host), None)
    if host_site is None:
        return []
    others = [site.building_id for site in ask.sites if not site.has_host]
    wanted = SlotAsk(
        host_id=ask.host_id,
        kind=ask.kind,
        minutes=ask.minutes,
        people=tuple(ask.composition.participants()),
        first_on=local_date(max(ask.starts_at - DAYS_BEFORE, call.work.now()), ask.zone),
        days=DAYS_LOOKED_AT,
        wanted=modality_of(
            host_site.building_id, [*others, *([host_site.building_id] if host_site.participants else [])]
        ),
        at_building=host_site.building_id if host_site.participants else None,
        ignoring=frozenset({ignoring} if ignoring else ()),
    )
    try:
        found = find_slots(call.work, call.actor, wanted, limit=500)
    except DomainError:
        return []
    nearest = sorted(found.offers, key=lambda offer: abs(offer.starts_at - ask.starts_at))
    sites = shapes.Sites()
    return [shapes.slot(offer, found.zone, sites) for offer in nearest[:ALTERNATIVES]]
