"""What answers look like. Handlers build these as plain dicts; the document is made from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, NotRequired
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from intervention.domain.encounters import (
    ActKind,
    Attendance,
    Axis,
    CancellationCause,
    Confidentiality,
    EncounterKind,
    EncounterStatus,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.feeds import FeedDetail, FeedScope
from intervention.domain.people import Discipline
from intervention.domain.privacy import Audience
from intervention.domain.slots import FixKind, Reason, Rule

# Clock time in `zone`, without an offset, as people say it.
WallTime = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$", examples=["2026-11-24T09:00"])]
ClockTime = Annotated[str, Field(pattern=r"^\d{2}:\d{2}$", examples=["07:30"])]
Cursor = Annotated[str | None, Field(description="Send it as `cursor` for what follows; null at the end.")]


class AskedParticipant(TypedDict):
    type: Literal["person", "pupil", "class_group", "guest"]
    id: UUID
    role: ParticipantRole
    is_required: bool


class AskedSite(TypedDict):
    """A site as the body of POST /encounters takes it."""

    building_id: UUID | None
    place: PlaceKind
    room_id: UUID | None
    kit_id: UUID | None
    facilitator_id: UUID | None
    has_host: bool
    participants: list[AskedParticipant]


class Slot(TypedDict):
    starts_at: datetime
    wall_time: WallTime
    zone: str
    minutes: int
    modality: Modality
    sites: list[AskedSite]
    extra_road_minutes: int
    reasons: list[Reason]


class OfferedFix(TypedDict):
    """A change proved to work. `accepting` goes into POST /encounters, with the slot's `minutes`."""

    kind: FixKind
    resource_id: UUID | None
    accepting: list[Rule]
    slot: Slot


class TakenThing(TypedDict):
    """The one room or kit that would do is taken at that time."""

    resource_id: UUID
    starts_at: datetime
    ends_at: datetime


class ShortRoad(TypedDict):
    """The leg that leaves no time: from a building to another, and what is free for it."""

    start_id: UUID
    end_id: UUID
    needed_minutes: int
    free_minutes: int


class MetEncounter(TypedDict):
    """An encounter of the host that is in the way, where the reader may see it."""

    encounter_id: UUID
    starts_at: datetime
    ends_at: datetime


class RefusedDay(TypedDict):
    """`subject_id` is a resource or building of what was asked, never whose encounter is in the way."""

    on_date: date
    rule: Rule
    subject_id: UUID | None
    starts_at: datetime
    wall_time: WallTime
    zone: str
    taken: TakenThing | None
    road: ShortRoad | None
    met: list[MetEncounter]
    fix: Annotated[OfferedFix | None, Field(description="The first of `fixes`.")]
    fixes: Annotated[list[OfferedFix], Field(description="Changes proved to work, the cheapest first.")]


class SearchedDay(TypedDict):
    on_date: date
    count: int
    cycle_day: int | None


class BookingBase(TypedDict):
    """With a slot's `starts_at` and `sites`, the body of POST /encounters."""

    host_id: UUID
    kind: EncounterKind
    discipline: NotRequired[Discipline]
    minutes: int
    zone: str


class FoundSlots(TypedDict):
    slots: Annotated[list[Slot], Field(description="The best first.")]
    total: int
    refusals: Annotated[list[RefusedDay], Field(description="Days without a slot: why, and what would help.")]
    days: list[SearchedDay]
    booking: BookingBase


class Named(TypedDict):
    id: UUID
    name: str


class ReadAdult(TypedDict):
    id: UUID
    name: str
    role: ParticipantRole | None


class ReadPupil(TypedDict):
    id: UUID
    code: str
    given_name: str
    family_name: str


class ReadSite(TypedDict):
    id: UUID
    place: PlaceKind
    has_host: bool
    zone: str
    wall_time: WallTime
    building_id: UUID | None
    building: str
    room_id: UUID | None
    room: str
    kit: str
    facilitator: Named | None
    pupils: list[ReadPupil]
    groups: list[str]
    adults: list[ReadAdult]


class Encounter(TypedDict):
    """In the words of whoever reads (`audience`): what they may not read is null or empty."""

    id: UUID
    version: int
    audience: Audience
    status: EncounterStatus
    kind: EncounterKind | None
    axis: Axis | None
    discipline: Discipline | None
    modality: Modality | None
    confidentiality: Confidentiality | None
    starts_at: datetime
    ends_at: datetime
    wall_time: WallTime
    zone: str
    minutes: int
    host: Named | None
    group: str
    objective: str
    cause: CancellationCause | None
    sites: list[ReadSite]
    changed_at: datetime | None


class Encounters(TypedDict):
    items: list[Encounter]
    next_cursor: Cursor


class ReadParticipation(TypedDict):
    id: UUID
    site_id: UUID
    type: Literal["person", "pupil", "class_group", "guest"]
    subject_id: UUID
    role: ParticipantRole
    is_required: bool
    attendance: Annotated[Attendance | None, Field(description="The host's to read; null for others.")]


class ReadAct(TypedDict):
    kind: ActKind
    at: datetime
    by: str
    reason: str


class EncounterDetail(Encounter):
    """`participations` and `acts` are for whoever may change it; null for other readers."""

    participations: list[ReadParticipation] | None
    acts: list[ReadAct] | None


class JoinLink(TypedDict):
    id: UUID
    url: Annotated[str | None, Field(description="Told once, in the first answer; null in a repeat's.")]


class Feed(TypedDict):
    id: UUID
    scope: FeedScope
    subject_id: UUID
    detail: FeedDetail
    label: str
    locale: str
    url: Annotated[str | None, Field(description="Told once, in the first answer; null in a repeat's.")]


class Problem(TypedDict):
    """A refusal (RFC 9457). `code` is stable; `detail` is for people, in the person's language."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    because: NotRequired[Annotated[str, Field(description="The code of the rule that does not allow it.")]]
    fields: NotRequired[Annotated[dict[str, str], Field(description="Fault code by field, dotted: `sites.0.room_id`.")]]
    rules: NotRequired[Annotated[list[str], Field(description="The rules that refuse the slot, the firmest first.")]]
    is_soft: NotRequired[Annotated[bool, Field(description="Whether all of `rules` may be set aside (`accepting`).")]]
    subject_id: NotRequired[UUID | None]
    on_date: NotRequired[Annotated[date, Field(description="The date of a series that is refused.")]]
    resource_ids: NotRequired[Annotated[list[UUID], Field(description="What is taken, of what was asked for.")]]
    alternatives: NotRequired[Annotated[list[Slot], Field(description="The nearest slots that would work.")]]
    version: NotRequired[Annotated[int | str, Field(description="The present version.")]]
    changed: NotRequired[Annotated[list[str], Field(description="The fields that others changed since.")]]
    state: NotRequired[Annotated[str, Field(description="The status from which the act does not exist.")]]
    reference: NotRequired[str]
