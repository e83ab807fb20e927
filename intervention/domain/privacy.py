"""What an audience may read of an encounter. Renderers, templates and the API get views made here, never records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from intervention.domain.encounters import (
    Axis,
    CancellationCause,
    Confidentiality,
    EncounterKind,
    EncounterStatus,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Actor


class Audience(StrEnum):
    HOST = "host"  # her own agenda
    CIRCLE = "circle"  # staff who take part: teacher, principal, colleague
    FACILITATOR = "facilitator"  # whom to fetch, where, when: first name and room
    SCHOOL_DESK = "school_desk"  # principal and secretary of a building concerned
    COORDINATION = "coordination"
    COLLEAGUE = "colleague"  # taken, nothing else
    FEED_TEAM = "feed_team"
    FEED_NEUTRAL = "feed_neutral"
    FEED_BUSY = "feed_busy"
    GUEST = "guest"  # behind a confidential link: a time, and nothing that says what for


class Facet(StrEnum):
    KIND = "kind"
    DISCIPLINE = "discipline"
    PUPIL_CODE = "pupil_code"
    PUPIL_NAME = "pupil_name"  # given and family name
    PUPIL_GIVEN_NAME = "pupil_given_name"
    GROUP = "group"  # label of a need group or class
    OBJECTIVE = "objective"
    PLACE = "place"  # building and room
    MODALITY = "modality"
    PEOPLE = "people"  # the adults' names
    CAUSE = "cause"


_STAFF = frozenset({Facet.KIND, Facet.DISCIPLINE, Facet.GROUP, Facet.PLACE, Facet.MODALITY, Facet.PEOPLE, Facet.CAUSE})

DISCLOSES: dict[Audience, frozenset[Facet]] = {
    Audience.HOST: frozenset(Facet),
    Audience.CIRCLE: _STAFF | {Facet.PUPIL_CODE, Facet.PUPIL_NAME, Facet.OBJECTIVE},
    Audience.FACILITATOR: frozenset({Facet.PLACE, Facet.MODALITY, Facet.PUPIL_GIVEN_NAME, Facet.PEOPLE}),
    Audience.SCHOOL_DESK: _STAFF | {Facet.PUPIL_CODE},
    Audience.COORDINATION: _STAFF | {Facet.PUPIL_CODE},
    Audience.COLLEAGUE: frozenset(),
    Audience.FEED_TEAM: frozenset({Facet.KIND, Facet.PLACE, Facet.MODALITY}),
    Audience.FEED_NEUTRAL: frozenset({Facet.PLACE, Facet.MODALITY}),
    Audience.FEED_BUSY: frozenset(),
    Audience.GUEST: frozenset(),
}

# A confidential mandate is for the people in it: every other audience reads an unexplained busy time, or nothing.
CIRCLES = frozenset({Audience.HOST, Audience.CIRCLE, Audience.FACILITATOR})


@dataclass(frozen=True, slots=True)
class PersonFacts:
    id: UUID
    name: str
    role: ParticipantRole | None = None


@dataclass(frozen=True, slots=True)
class PupilFacts:
    id: UUID
    code: str
    given_name: str = ""
    family_name: str = ""
    class_name: str = ""

    @property
    def label(self) -> str:
        """The fullest name this view holds."""
        return " ".join(part for part in (self.given_name, self.family_name) if part) or self.code


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A place that takes part. Empty strings and tuples are what the audience does not read."""

    id: UUID
    place: PlaceKind
    has_host: bool
    zone: str
    building_id: UUID | None = None
    building: str = ""
    municipality: str = ""
    phone: str = ""
    room_id: UUID | None = None
    room: str = ""
    kit: str = ""
    facilitator: PersonFacts | None = None
    pupils: tuple[PupilFacts, ...] = ()
    groups: tuple[str, ...] = ()
    adults: tuple[PersonFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class EncounterFacts:
    """An encounter as plain values: everything (from `queries.facts`) or what an audience reads (from `view_of`)."""

    id: UUID
    uid: UUID
    organization_id: UUID
    starts_at: datetime
    ends_at: datetime
    on_date: date
    zone: str
    status: EncounterStatus
    confidentiality: Confidentiality
    axis: Axis
    kind: EncounterKind | None
    discipline: Discipline | None
    modality: Modality | None
    host: PersonFacts | None
    group: str = ""
    objective: str = ""
    sites: tuple[SiteFacts, ...] = ()
    cause: CancellationCause | None = None
    version: int = 1
    revision: int = 0
    changed_at: datetime | None = None
    audience: Audience | None = None

    @property
    def is_busy_only(self) -> bool:
        """The reader learns that the time is taken, and nothing else."""
        return self.audience is not None and not DISCLOSES[self.audience]

    @property
    def pupils(self) -> tuple[PupilFacts, ...]:
        return tuple(pupil for site in self.sites for pupil in site.pupils)


def audience_of(actor: Actor, facts: EncounterFacts) -> Audience:
    """In what capacity the actor reads this encounter. `facts` are complete."""
    inside = _audience_inside(actor, facts)
    if inside is not None:
        return inside
    if facts.organization_id != actor.organization_id or facts.confidentiality is Confidentiality.STRICT:
        return Audience.COLLEAGUE
    buildings = {site.building_id for site in facts.sites}
    if actor.buildings_as(Role.PRINCIPAL, Role.SECRETARY) & buildings:
        return Audience.SCHOOL_DESK
    if actor.roles & {Role.COORDINATOR, Role.ADMINISTRATOR}:
        return Audience.COORDINATION
    return Audience.COLLEAGUE


def _audience_inside(actor: Actor, facts: EncounterFacts) -> Audience | None:
    if facts.host is not None and facts.host.id == actor.person_id:
        return Audience.HOST
    if any(adult.id == actor.person_id for site in facts.sites for adult in site.adults):
        return Audience.CIRCLE
    if any(site.facilitator and site.facilitator.id == actor.person_id for site in facts.sites):
        return Audience.FACILITATOR
    return None


def view_of(facts: EncounterFacts, audience: Audience) -> EncounterFacts:
    """The same encounter with only what `audience` reads; the rest is neutral: None or empty."""
    shown = DISCLOSES[audience]
    if facts.confidentiality is Confidentiality.STRICT and audience not in CIRCLES:
        shown = frozenset()
    return replace(
        facts,
        audience=audience if shown else (audience if not DISCLOSES[audience] else Audience.COLLEAGUE),
        kind=facts.kind if Facet.KIND in shown else None,
        discipline=facts.discipline if Facet.DISCIPLINE in shown else None,
        modality=facts.modality if Facet.MODALITY in shown else None,
        host=facts.host if Facet.PEOPLE in shown else None,
        group=facts.group if Facet.GROUP in shown else "",
        objective=facts.objective if Facet.OBJECTIVE in shown else "",
        cause=facts.cause if Facet.CAUSE in shown else None,
        sites=tuple(_site(site, shown) for site in facts.sites) if Facet.PLACE in shown else (),
    )


def view_for(actor: Actor, facts: EncounterFacts) -> EncounterFacts:
    """What the actor reads of it: the view of their audience. `facts` are complete.

    Who is there for one school reads the pupils of that school only: nothing of the others is necessary to them
    (Loi sur l'accès, RLRQ c. A-2.1, art. 62 : access goes to whom the information is necessary).
    """
    audience = audience_of(actor, facts)
    view = view_of(facts, audience)
    if not view.sites or audience not in {Audience.FACILITATOR, Audience.SCHOOL_DESK}:
        return view
    kept = actor.buildings_as(Role.PRINCIPAL, Role.SECRETARY)
    sites = tuple(
        site if _is_own(site, actor, audience, kept) else replace(site, pupils=(), groups=()) for site in view.sites
    )
    return replace(view, sites=sites)


def _is_own(site: SiteFacts, actor: Actor, audience: Audience, kept: frozenset[UUID]) -> bool:
    if audience is Audience.FACILITATOR:
        return site.facilitator is not None and site.facilitator.id == actor.person_id
    return site.building_id in kept or bool(actor.roles & {Role.COORDINATOR, Role.ADMINISTRATOR})


def _site(site: SiteFacts, shown: frozenset[Facet]) -> SiteFacts:
    people = Facet.PEOPLE in shown
    return replace(
        site,
        facilitator=site.facilitator if people else None,
        adults=site.adults if people else (),
        groups=site.groups if Facet.GROUP in shown else (),
        pupils=tuple(_pupil(pupil, shown) for pupil in site.pupils) if _any_pupil(shown) else (),
    )


def _any_pupil(shown: frozenset[Facet]) -> bool:
    return bool(shown & {Facet.PUPIL_CODE, Facet.PUPIL_NAME, Facet.PUPIL_GIVEN_NAME})


def _pupil(pupil: PupilFacts, shown: frozenset[Facet]) -> PupilFacts:
    named = Facet.PUPIL_NAME in shown
    return replace(
        pupil,
        code=pupil.code if Facet.PUPIL_CODE in shown else "",
        given_name=pupil.given_name if named or Facet.PUPIL_GIVEN_NAME in shown else "",
        family_name=pupil.family_name if named else "",
        class_name=pupil.class_name if Facet.GROUP in shown or named else "",
    )
