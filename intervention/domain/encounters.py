"""Kinds of encounter and their rules, statuses and the transitions between them. No storage, no words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class EncounterKind(StrEnum):
    INDIVIDUAL = "individual"
    SMALL_GROUP = "small_group"
    WHOLE_GROUP = "whole_group"
    TEAM = "team"
    MENTORING = "mentoring"
    ADVISORY = "advisory"
    INTERVENTION_PLAN = "intervention_plan"
    REHEARSAL = "rehearsal"


class Axis(StrEnum):
    """École en réseau's three axes, the first breakdown of every report."""

    PUPIL_SERVICE = "pupil_service"
    CONCERTATION = "concertation"
    ADVISORY = "advisory"


class Modality(StrEnum):
    REMOTE = "remote"
    IN_PERSON = "in_person"
    HYBRID = "hybrid"


class EncounterStatus(StrEnum):
    HELD = "held"  # proposed, reserves its resources until it expires
    PLANNED = "planned"  # agreed; the future by default
    IN_PROGRESS = "in_progress"  # somebody was admitted or the host opened it
    COMPLETED = "completed"  # given; attendance is a human statement
    CANCELLED = "cancelled"  # not given; its cause is a row of its own


class CancellationCause(StrEnum):
    PUPIL_ABSENT = "pupil_absent"
    PROFESSIONAL_ABSENT = "professional_absent"
    SCHOOL_EVENT = "school_event"
    CLOSURE = "closure"
    TECHNICAL_FAILURE = "technical_failure"
    FACILITATOR_ABSENT = "facilitator_absent"
    ROOM_UNAVAILABLE = "room_unavailable"
    REFUSAL = "refusal"
    OTHER = "other"


class ParticipantRole(StrEnum):
    HOST = "host"
    PUPIL = "pupil"
    CLASS_GROUP = "class_group"
    TEACHER = "teacher"
    PRINCIPAL = "principal"
    PROFESSIONAL = "professional"
    FACILITATOR = "facilitator"
    PARENT = "parent"
    INTERPRETER = "interpreter"
    PARTNER = "partner"


class Confidentiality(StrEnum):
    """How much of an encounter is told outside the people in it."""

    OPEN = "open"  # kind and objective may be told to colleagues of the board
    RESTRICTED = "restricted"  # a pupil is concerned: neutral words outside the circle
    STRICT = "strict"  # the existence itself is confidential (mandat confidentiel)


class PlaceKind(StrEnum):
    BUILDING = "building"
    HOME_BASE = "home_base"  # the professional's own office
    OUTSIDE = "outside"  # a parent's home, a partner's office: no building of ours


class ActKind(StrEnum):
    """What was done to an encounter, one row of history each."""

    BOOKED = "booked"
    MOVED = "moved"
    MODALITY_CHANGED = "modality_changed"
    ROOM_CHANGED = "room_changed"
    FACILITATOR_CHANGED = "facilitator_changed"
    PEOPLE_CHANGED = "people_changed"  # somebody joined or left
    SITE_LEFT = "site_left"  # a school that closed is no longer part of it
    CANCELLED = "cancelled"
    RESTORED = "restored"
    STARTED = "started"
    COMPLETED = "completed"
    ATTENDANCE_STATED = "attendance_stated"


class Attendance(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class KindRules:
    """What a kind of encounter asks for. Durations are minutes; `people` counts pupils, groups, adults, no host."""

    axis: Axis
    required_roles: frozenset[ParticipantRole]
    optional_roles: frozenset[ParticipantRole]
    min_people: int
    max_people: int
    default_minutes: int
    allowed_minutes: tuple[int, ...]
    confidentiality: Confidentiality
    needs_closed_room: bool
    needs_facilitator: bool  # at each pupil site where the host is not
    needs_consent: bool

    @property
    def has_pupils(self) -> bool:
        return bool(self.required_roles & {ParticipantRole.PUPIL, ParticipantRole.CLASS_GROUP})


_R = ParticipantRole
_ADULTS = frozenset({_R.TEACHER, _R.PRINCIPAL, _R.PROFESSIONAL, _R.FACILITATOR, _R.INTERPRETER, _R.PARTNER})
_SHORT = (15, 20, 30, 40, 45, 50, 60)
_LONG = (30, 45, 60, 75, 90, 120)

KIND_RULES: dict[EncounterKind, KindRules] = {
    EncounterKind.INDIVIDUAL: KindRules(
        Axis.PUPIL_SERVICE, frozenset({_R.PUPIL}), _ADULTS | {_R.PARENT}, 1, 6, 45, (*_SHORT, 75, 90),
        Confidentiality.RESTRICTED, needs_closed_room=True, needs_facilitator=True, needs_consent=True,
    ),
    EncounterKind.SMALL_GROUP: KindRules(
        Axis.PUPIL_SERVICE, frozenset({_R.PUPIL}), _ADULTS, 2, 8, 45, _SHORT,
        Confidentiality.RESTRICTED, needs_closed_room=True, needs_facilitator=True, needs_consent=True,
    ),
    EncounterKind.WHOLE_GROUP: KindRules(
        Axis.PUPIL_SERVICE, frozenset({_R.CLASS_GROUP}), _ADULTS, 1, 12, 60, (30, 45, 50, 60, 75, 90),
        Confidentiality.OPEN, needs_closed_room=False, needs_facilitator=False, needs_consent=False,
    ),
    EncounterKind.TEAM: KindRules(
        Axis.CONCERTATION, frozenset({_R.PROFESSIONAL}), _ADULTS, 1, 20, 60, _LONG,
        Confidentiality.RESTRICTED, needs_closed_room=True, needs_facilitator=False, needs_consent=False,
    ),
    EncounterKind.MENTORING: KindRules(
        Axis.CONCERTATION, frozenset({_R.PROFESSIONAL}), _ADULTS, 1, 4, 45, _LONG,
        Confidentiality.OPEN, needs_closed_room=False, needs_facilitator=False, needs_consent=False,
    ),
    EncounterKind.ADVISORY: KindRules(
        Axis.ADVISORY, frozenset({_R.TEACHER}), _ADULTS, 1, 8, 30, (15, 20, 30, 45, 60),
        Confidentiality.RESTRICTED, needs_closed_room=False, needs_facilitator=False, needs_consent=False,
    ),
    EncounterKind.INTERVENTION_PLAN: KindRules(
        Axis.CONCERTATION, frozenset({_R.PRINCIPAL, _R.TEACHER}), _ADULTS | {_R.PARENT, _R.PUPIL}, 2, 12, 60,
        (45, 60, 75, 90), Confidentiality.RESTRICTED,
        needs_closed_room=True, needs_facilitator=False, needs_consent=False,
    ),
    EncounterKind.REHEARSAL: KindRules(
        Axis.CONCERTATION, frozenset(), _ADULTS, 1, 6, 15, (10, 15, 20, 30),
        Confidentiality.OPEN, needs_closed_room=False, needs_facilitator=False, needs_consent=False,
    ),
}  # fmt: skip

TRANSITIONS: dict[EncounterStatus, frozenset[EncounterStatus]] = {
    EncounterStatus.HELD: frozenset({EncounterStatus.PLANNED, EncounterStatus.CANCELLED}),
    EncounterStatus.PLANNED: frozenset(
        {EncounterStatus.IN_PROGRESS, EncounterStatus.COMPLETED, EncounterStatus.CANCELLED}
    ),
    EncounterStatus.IN_PROGRESS: frozenset({EncounterStatus.COMPLETED, EncounterStatus.CANCELLED}),
    EncounterStatus.COMPLETED: frozenset(),
    EncounterStatus.CANCELLED: frozenset({EncounterStatus.PLANNED}),
}


def can_become(present: EncounterStatus, wanted: EncounterStatus) -> bool:
    return wanted in TRANSITIONS[present]


def modality_of(host_building: UUID | None, other_buildings: Iterable[UUID | None]) -> Modality:
    """The encounter's modality from where people are.

    `host_building` is None when the host is in no building of ours; the others are the buildings of every other site.
    Remote: nobody shares the host's building. In person: everybody does. Hybrid: some do.
    """
    others = list(other_buildings)
    together = [b is not None and b == host_building for b in others]
    if not others or all(together):
        return Modality.IN_PERSON
    return Modality.HYBRID if any(together) else Modality.REMOTE
