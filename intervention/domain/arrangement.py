"""The ways to hold an encounter: where the professional could be, and what each place then needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.encounters import (
    KIND_RULES,
    EncounterKind,
    Modality,
    ParticipantRole,
    PlaceKind,
    modality_of,
)

_PUPIL_ROLES = frozenset({ParticipantRole.PUPIL, ParticipantRole.CLASS_GROUP})


@dataclass(frozen=True, slots=True)
class Located:
    """A participant and the building where they are; None for somebody at no building of ours."""

    participant: AskParticipant
    building_id: UUID | None


@dataclass(frozen=True, slots=True)
class SiteNeeds:
    """What a site must be given before it can take part."""

    room: bool
    closed_room: bool
    facilitator: bool
    seats: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One way to hold it. `sites` have neither room nor facilitator yet; `needs` goes with them, one for one."""

    modality: Modality
    sites: tuple[AskSite, ...]
    needs: tuple[SiteNeeds, ...]

    @property
    def host_site(self) -> AskSite:
        return next(site for site in self.sites if site.has_host)

    @property
    def is_at_base(self) -> bool:
        return self.host_site.place is PlaceKind.HOME_BASE


def arrangements(
    kind: EncounterKind,
    people: Sequence[Located],
    home: UUID,
    *,
    wanted: Modality | None = None,
    at_building: UUID | None = None,
) -> list[Arrangement]:
    """Every way that fits what is wanted: from the home base first, then at each building where somebody is.

    `wanted` keeps one modality; `at_building` keeps the ways in which the professional is there.
    """
    places = list(dict.fromkeys(who.building_id for who in people))
    stays = [home, *(place for place in places if place is not None and place != home)]
    found = [_at(kind, people, places, stay, home) for stay in stays]
    return [
        each for each in found if wanted in (None, each.modality) and at_building in (None, each.host_site.building_id)
    ]


def from_school(kind: EncounterKind, people: Sequence[Located], home: UUID, school: UUID) -> Arrangement:
    """By video from a room of a school where she is for something else, and nobody of this encounter is."""
    way = _at(kind, people, list(dict.fromkeys(who.building_id for who in people)), school, home)
    room = SiteNeeds(room=True, closed_room=KIND_RULES[kind].needs_closed_room, facilitator=False, seats=1)
    return replace(way, needs=(room, *way.needs[1:]))


def arranged(kind: EncounterKind, sites: Sequence[AskSite]) -> Arrangement:
    """An encounter's own sites, rooms and all, as an arrangement with its needs."""
    host = next(site for site in sites if site.has_host)
    others = [site.building_id for site in sites if not site.has_host] + (
        [host.building_id] if host.participants else []
    )
    at = host.building_id if host.place is not PlaceKind.OUTSIDE else None
    return Arrangement(modality_of(at, others), tuple(sites), tuple(_needs(kind, site) for site in sites))


def _at(
    kind: EncounterKind, people: Sequence[Located], places: Sequence[UUID | None], stay: UUID, home: UUID
) -> Arrangement:
    host = AskSite(stay, place=PlaceKind.HOME_BASE if stay == home else PlaceKind.BUILDING, has_host=True)
    sites = [host]
    for place in places:
        here = tuple(who.participant for who in people if who.building_id == place)
        if place == stay:
            sites[0] = replace(host, participants=here)
        else:
            kind_of_place = PlaceKind.OUTSIDE if place is None else PlaceKind.BUILDING
            sites.append(AskSite(place, place=kind_of_place, participants=here))
    others = [site.building_id for site in sites[1:]] + ([stay] if sites[0].participants else [])
    return Arrangement(modality_of(stay, others), tuple(sites), tuple(_needs(kind, site) for site in sites))


def _needs(kind: EncounterKind, site: AskSite) -> SiteNeeds:
    rules = KIND_RULES[kind]
    pupils = [p for p in site.participants if p.role is ParticipantRole.PUPIL]
    visits = site.has_host and site.place is PlaceKind.BUILDING and kind is not EncounterKind.WHOLE_GROUP
    room = site.place is not PlaceKind.OUTSIDE and (bool(pupils) or visits)
    return SiteNeeds(
        room=room,
        closed_room=room and rules.needs_closed_room,
        facilitator=rules.needs_facilitator and bool(pupils) and not site.has_host,
        seats=len(site.participants) + (1 if site.has_host else 0) if room else 0,
    )


def is_pupil_site(site: AskSite) -> bool:
    """Whether school time rules the site: bells, class days, protected times."""
    return any(p.role in _PUPIL_ROLES for p in site.participants)
