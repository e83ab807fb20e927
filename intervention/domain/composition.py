"""Whether the people and places of an ask make an encounter of its kind. Codes by field; no storage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from intervention.domain.encounters import KIND_RULES, EncounterKind, ParticipantRole, PlaceKind

MAX_SITES = 12


@dataclass(frozen=True, slots=True)
class AskParticipant:
    """Somebody at a site: exactly one of the four ids."""

    role: ParticipantRole
    person_id: UUID | None = None
    pupil_id: UUID | None = None
    class_group_id: UUID | None = None
    guest_id: UUID | None = None
    is_required: bool = True

    @property
    def subject_id(self) -> UUID | None:
        return self.person_id or self.pupil_id or self.class_group_id or self.guest_id

    @property
    def resource_id(self) -> UUID | None:
        """What is occupied; a guest is nobody's resource."""
        return self.person_id or self.pupil_id or self.class_group_id


@dataclass(frozen=True, slots=True)
class AskSite:
    """A place that takes part, with who is there. The host is at the one site with `has_host`."""

    building_id: UUID | None
    place: PlaceKind = PlaceKind.BUILDING
    room_id: UUID | None = None
    kit_id: UUID | None = None
    facilitator_id: UUID | None = None
    has_host: bool = False
    participants: tuple[AskParticipant, ...] = ()

    def resources(self) -> set[UUID]:
        """Everything this site occupies but the host."""
        found = {self.room_id, self.kit_id, self.facilitator_id, *(p.resource_id for p in self.participants)}
        return {resource for resource in found if resource is not None}


@dataclass(frozen=True, slots=True)
class Composition:
    """What `check` looks at."""

    kind: EncounterKind
    host_id: UUID
    minutes: int
    sites: tuple[AskSite, ...]

    def participants(self) -> list[AskParticipant]:
        return [p for site in self.sites for p in site.participants]

    def resources(self) -> set[UUID]:
        """Every resource that the encounter reserves."""
        return {self.host_id}.union(*(site.resources() for site in self.sites))


def check(ask: Composition) -> dict[str, str]:
    """Faults by field (`people`, `sites`, `minutes`, …), empty when the composition is right."""
    faults: dict[str, str] = {}
    rules = KIND_RULES[ask.kind]
    people = ask.participants()
    if ask.minutes not in rules.allowed_minutes:
        faults["minutes"] = "duration_not_allowed"
    if len(ask.sites) > MAX_SITES:
        faults["sites"] = "too_many_sites"
    elif sum(site.has_host for site in ask.sites) != 1:
        faults["sites"] = "one_host_site"
    faults |= _faults_of_people(ask, people)
    if not faults.get("people"):
        faults |= _faults_of_roles(ask, people)
    return faults


def _faults_of_people(ask: Composition, people: Sequence[AskParticipant]) -> dict[str, str]:
    rules = KIND_RULES[ask.kind]
    subjects = Counter(p.subject_id for p in people)
    if None in subjects:
        return {"people": "participant_unknown"}
    if any(n > 1 for n in subjects.values()) or ask.host_id in subjects:
        return {"people": "participant_twice"}
    facilitators = {site.facilitator_id for site in ask.sites} - {None}
    if len(people) < rules.min_people and not (ask.kind is EncounterKind.REHEARSAL and facilitators):
        return {"people": "too_few_people"}
    if len(people) > rules.max_people:
        return {"people": "too_many_people"}
    if facilitators & set(subjects):
        return {"people": "participant_twice"}
    return {}


def _faults_of_roles(ask: Composition, people: Sequence[AskParticipant]) -> dict[str, str]:
    rules = KIND_RULES[ask.kind]
    roles = {p.role for p in people}
    if rules.required_roles - roles:
        return {"people": "role_missing"}
    if roles - rules.required_roles - rules.optional_roles:
        return {"people": "role_not_for_this_kind"}
    if ask.kind is EncounterKind.INDIVIDUAL and sum(p.role is ParticipantRole.PUPIL for p in people) != 1:
        return {"people": "one_pupil_only"}
    if (
        ask.kind is EncounterKind.SMALL_GROUP
        and sum(p.role is ParticipantRole.PUPIL for p in people) < rules.min_people
    ):
        return {"people": "too_few_people"}
    return {}


@dataclass(frozen=True, slots=True)
class BookEncounter:
    """The ask of `booking.book`. `starts_at` is aware; `zone` is the IANA zone its wall time was said in."""

    host_id: UUID
    kind: EncounterKind
    discipline: str
    starts_at: datetime
    minutes: int
    zone: str
    sites: tuple[AskSite, ...]
    objective: str | None = None
    need_group_id: UUID | None = None
    is_strict: bool = False
    hold_minutes: int | None = None
    accepting: frozenset[str] = frozenset()  # codes of soft rules that the person knowingly sets aside

    @property
    def composition(self) -> Composition:
        return Composition(self.kind, self.host_id, self.minutes, self.sites)
