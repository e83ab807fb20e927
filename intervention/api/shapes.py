"""Views as the plain values of answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from intervention.api import outputs as out
from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.privacy import EncounterFacts, SiteFacts
from intervention.queries.encounter_list import EncounterDetail
from intervention.usecases.finding import FoundDay, Offer, OfferedFix


def wall(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="minutes")


class Sites:
    """Sites as plain values, each made once: the offers of an answer share theirs."""

    def __init__(self) -> None:
        self._told: dict[int, tuple[AskSite, out.AskedSite]] = {}  # by identity, each kept alive beside its value

    def told(self, sites: Sequence[AskSite]) -> list[out.AskedSite]:
        return [(self._told.get(id(site)) or self._tell(site))[1] for site in sites]

    def _tell(self, site: AskSite) -> tuple[AskSite, out.AskedSite]:
        return self._told.setdefault(id(site), (site, asked_site(site)))


def slot(offer: Offer, zone: str, sites: Sites) -> out.Slot:
    return {
        "starts_at": offer.starts_at,
        "wall_time": wall(offer.starts_at, zone),
        "zone": zone,
        "minutes": offer.minutes,
        "modality": offer.modality,
        "sites": sites.told(offer.sites),
        "extra_road_minutes": offer.extra_road_minutes,
        "reasons": list(offer.reasons),
    }


def asked_site(site: AskSite) -> out.AskedSite:
    return {
        "building_id": site.building_id,
        "place": site.place,
        "room_id": site.room_id,
        "kit_id": site.kit_id,
        "facilitator_id": site.facilitator_id,
        "has_host": site.has_host,
        "participants": [_asked(each) for each in site.participants],
    }


def _asked(who: AskParticipant) -> out.AskedParticipant:
    for kind, found in (
        ("person", who.person_id), ("pupil", who.pupil_id), ("class_group", who.class_group_id), ("guest", who.guest_id)
    ):  # fmt: skip
        if found is not None:
            return {"type": kind, "id": found, "role": who.role, "is_required": who.is_required}  # type: ignore[typeddict-item]
    raise ValueError(who.role)


def refused_day(day: FoundDay, zone: str, sites: Sites) -> out.RefusedDay | None:
    refusal = day.refusal
    if refusal is None:
        return None
    taken, road = refusal.taken, refusal.road
    fixes = [_fix(each, zone, sites) for each in refusal.fixes]
    return {
        "on_date": day.on_date,
        "rule": refusal.rule,
        "subject_id": refusal.subject_id,
        "starts_at": refusal.starts_at,
        "wall_time": wall(refusal.starts_at, zone),
        "zone": zone,
        "taken": None
        if taken is None
        else {"resource_id": taken.resource_id, "starts_at": taken.starts_at, "ends_at": taken.ends_at},
        "road": None
        if road is None
        else {
            "start_id": road.start_id,
            "end_id": road.end_id,
            "needed_minutes": road.needed_minutes,
            "free_minutes": road.free_minutes,
        },
        "met": [
            {"encounter_id": each.encounter_id, "starts_at": each.starts_at, "ends_at": each.ends_at}
            for each in refusal.met
        ],
        "fix": fixes[0] if fixes else None,
        "fixes": fixes,
    }


def _fix(fix: OfferedFix, zone: str, sites: Sites) -> out.OfferedFix:
    return {
        "kind": fix.kind,
        "resource_id": fix.resource_id,
        "accepting": [fix.accepting] if fix.accepting else [],
        "slot": slot(fix.offer, zone, sites),
    }


def encounter(view: EncounterFacts) -> out.Encounter:
    """Axis and confidentiality say what kind of service it is: they go with the kind."""
    told = view.kind is not None
    if view.audience is None:
        raise ValueError("complete facts are nobody's to read")
    return {
        "id": view.id,
        "version": view.version,
        "audience": view.audience,
        "status": view.status,
        "kind": view.kind,
        "axis": view.axis if told else None,
        "discipline": view.discipline,
        "modality": view.modality,
        "confidentiality": view.confidentiality if told else None,
        "starts_at": view.starts_at,
        "ends_at": view.ends_at,
        "wall_time": wall(view.starts_at, view.zone),
        "zone": view.zone,
        "minutes": int((view.ends_at - view.starts_at).total_seconds() // 60),
        "host": {"id": view.host.id, "name": view.host.name} if view.host else None,
        "group": view.group,
        "objective": view.objective,
        "cause": view.cause,
        "sites": [_site(each, view.starts_at) for each in view.sites],
        "changed_at": view.changed_at,
    }


def encounter_detail(found: EncounterDetail) -> out.EncounterDetail:
    people, acts = found.participations, found.acts
    return {
        **encounter(found.view),
        "participations": None
        if people is None
        else [
            {
                "id": p.id,
                "site_id": p.site_id,
                "type": p.type,  # type: ignore[typeddict-item]
                "subject_id": p.subject_id,
                "role": p.role,
                "is_required": p.is_required,
                "attendance": p.attendance,
            }
            for p in people
        ],
        "acts": None
        if acts is None
        else [{"kind": act.kind, "at": act.at, "by": act.by, "reason": act.reason} for act in acts],
    }


def _site(site: SiteFacts, starts_at: datetime) -> out.ReadSite:
    helper = site.facilitator
    return {
        "id": site.id,
        "place": site.place,
        "has_host": site.has_host,
        "zone": site.zone,
        "wall_time": wall(starts_at, site.zone),
        "building_id": site.building_id,
        "building": site.building,
        "room_id": site.room_id,
        "room": site.room,
        "kit": site.kit,
        "facilitator": {"id": helper.id, "name": helper.name} if helper else None,
        "pupils": [
            {"id": p.id, "code": p.code, "given_name": p.given_name, "family_name": p.family_name} for p in site.pupils
        ],
        "groups": list(site.groups),
        "adults": [{"id": a.id, "name": a.name, "role": a.role} for a in site.adults],
    }
