"""What an edit did to an encounter, told as acts of its history: ids and instants only."""

from __future__ import annotations

from intervention.domain.encounters import ActKind
from intervention.records.encounters import Encounter


def state_of(encounter: Encounter) -> dict[str, object]:
    """What an edit may change, to be compared with what it was."""
    return {
        "starts_at": encounter.starts_at.isoformat(),
        "ends_at": encounter.ends_at.isoformat(),
        "modality": encounter.modality.value,
        "host_building": str(next(s.building_id for s in encounter.sites if s.has_host)),
        "rooms": {str(s.id): str(s.room_id) for s in encounter.sites},
        "kits": {str(s.id): str(s.kit_id) for s in encounter.sites},
        "facilitators": {str(s.id): str(s.facilitator_id) for s in encounter.sites},
        "people": sorted(
            str(p.person_id or p.pupil_id or p.class_group_id or p.guest_id) for p in encounter.participations
        ),
    }


_KIND_OF = {
    "starts_at": ActKind.MOVED,
    "ends_at": ActKind.MOVED,
    "modality": ActKind.MODALITY_CHANGED,
    "host_building": ActKind.MODALITY_CHANGED,
    "rooms": ActKind.ROOM_CHANGED,
    "kits": ActKind.ROOM_CHANGED,
    "facilitators": ActKind.FACILITATOR_CHANGED,
    "people": ActKind.PEOPLE_CHANGED,
}


def kinds_of(before: dict[str, object], after: dict[str, object]) -> list[ActKind]:
    return list(dict.fromkeys(_KIND_OF[name] for name in difference(before, after)))


def difference(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    """What changed, by name. Sites that come or go with the host are told by her building, not site by site."""
    return {name: {"from": old, "to": after[name]} for name, old in before.items() if _differ(old, after[name])}


def _differ(old: object, new: object) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return any(old[site] != new[site] for site in old.keys() & new.keys())
    return old != new
