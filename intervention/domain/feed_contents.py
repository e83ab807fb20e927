"""An entry of a feed: when it is, and what `domain.privacy` lets the feed's audience read of it.

Nothing here has a place for a pupil, an adult or a discipline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from intervention.domain.encounters import Axis, Confidentiality, EncounterKind, EncounterStatus, Modality, PlaceKind
from intervention.domain.feeds import AUDIENCE_OF, FeedDetail
from intervention.domain.privacy import EncounterFacts, SiteFacts, view_of

_NOBODY, _NEVER = UUID(int=0), datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class FeedPlace:
    """A place that takes part. `concerns`: the subject of the feed is there, or is that place."""

    place: PlaceKind
    has_host: bool
    zone: str
    building: str
    room: str
    concerns: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """All of an encounter that decides what is told of it, besides its time."""

    kind: EncounterKind
    modality: Modality
    confidentiality: Confidentiality
    places: tuple[FeedPlace, ...]
    board: str = ""  # short name, of another board than the feed's own


@dataclass(frozen=True, slots=True)
class Told:
    """What the subscriber reads besides the time. `here` is where the subject is, `named` what the title names."""

    is_busy_only: bool
    kind: EncounterKind | None
    modality: Modality | None
    here: SiteFacts | None
    named: tuple[SiteFacts, ...]
    board: str = ""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A dated encounter of a feed. Many of them tell the same and share one `told`."""

    encounter_id: UUID
    uid: UUID
    starts_at: datetime
    ends_at: datetime
    zone: str
    revision: int
    changed_at: datetime
    is_tentative: bool
    told: Told


def told_to(detail: FeedDetail, shape: Shape, *, names_all: bool) -> Told:
    """What a feed of this detail tells of such an encounter. `names_all`: its title may name every building."""
    facts = EncounterFacts(
        *(_NOBODY, _NOBODY, _NOBODY, _NEVER, _NEVER, date(1970, 1, 1), "UTC", EncounterStatus.PLANNED),
        confidentiality=shape.confidentiality,
        axis=Axis.PUPIL_SERVICE,
        kind=shape.kind,
        discipline=None,
        modality=shape.modality,
        host=None,
        sites=tuple(
            SiteFacts(_NOBODY, p.place, p.has_host, p.zone, building=p.building, room=p.room) for p in shape.places
        ),
    )
    view = view_of(facts, AUDIENCE_OF[detail])
    here = tuple(shown for shown, place in zip(view.sites, shape.places, strict=False) if place.concerns)
    named = tuple(site for site in (view.sites if names_all else here) if site.place is PlaceKind.BUILDING)
    return Told(
        view.is_busy_only,
        view.kind,
        view.modality,
        here[0] if here else None,
        named,
        "" if view.is_busy_only else shape.board,
    )


def _site(place: FeedPlace) -> SiteFacts:
    return SiteFacts(_NOBODY, place.place, place.has_host, place.zone, building=place.building, room=place.room)
