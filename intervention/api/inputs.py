"""The bodies that operations take."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from intervention.api.scalars import Day, Edit, Id, Input, Instant, Minutes, SoftRule, Text, Text40, Text200, Zone
from intervention.domain.composition import MAX_SITES, AskParticipant, AskSite
from intervention.domain.encounters import (
    Attendance,
    CancellationCause,
    EncounterKind,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.feeds import FeedDetail, FeedScope
from intervention.domain.people import Discipline
from intervention.queries.slot_problem import MAX_DAYS
from intervention.usecases.feeds import MAX_LABEL
from intervention.usecases.schools import MAX_CAPACITY

MAX_PEOPLE = 60
Accepting = Annotated[frozenset[SoftRule], Field(max_length=16)]


class Participant(Input):
    """Somebody who takes part: an adult of the board, a pupil, a whole class, or a guest."""

    type: Literal["person", "pupil", "class_group", "guest"]
    id: Id
    role: ParticipantRole
    is_required: bool = True

    def asked(self) -> AskParticipant:
        ids: dict[str, UUID] = {f"{self.type}_id": self.id}
        return AskParticipant(self.role, is_required=self.is_required, **ids)


class Site(Input):
    """A place that takes part, with what it gets and who is there. Exactly one of them has the host."""

    building_id: Id | None = None
    place: PlaceKind = PlaceKind.BUILDING
    room_id: Id | None = None
    kit_id: Id | None = None
    facilitator_id: Id | None = None
    has_host: bool = False
    participants: Annotated[tuple[Participant, ...], Field(max_length=MAX_PEOPLE)] = ()

    def asked(self) -> AskSite:
        return AskSite(
            self.building_id,
            self.place,
            self.room_id,
            self.kit_id,
            self.facilitator_id,
            self.has_host,
            tuple(each.asked() for each in self.participants),
        )


class Book(Input):
    """`host_id` left out is the token's person. `hold_minutes` proposes: the time is kept that long, then freed."""

    host_id: Id | None = None
    kind: EncounterKind
    discipline: Discipline
    starts_at: Instant
    minutes: Minutes
    zone: Zone
    sites: Annotated[tuple[Site, ...], Field(min_length=1, max_length=MAX_SITES)]
    objective: Text200 | None = None
    need_group_id: Id | None = None
    is_strict: bool = False
    hold_minutes: Annotated[int, Field(ge=5, le=7 * 24 * 60)] | None = None
    accepting: Accepting = frozenset()


class Window(Input):
    """Local days of the host, from `from_date` on."""

    from_date: Day
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 28


class WantedSite(Input):
    """« This one » at a building; where nothing is named, any that will do."""

    building_id: Id
    room_id: Id | None = None
    facilitator_id: Id | None = None


class Search(Input):
    """What slots are looked for. `at_building_id`: where she goes, when the modality is hybrid or in person."""

    host_id: Id | None = None
    kind: EncounterKind
    discipline: Discipline | None = None
    minutes: Minutes
    window: Window
    participants: Annotated[tuple[Participant, ...], Field(min_length=1, max_length=MAX_PEOPLE)]
    modality: Modality | None = None
    at_building_id: Id | None = None
    sites: Annotated[tuple[WantedSite, ...], Field(max_length=MAX_SITES)] = ()
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class HostPlace(Input):
    """Where the host is: a building that takes part, or her own office."""

    place: Literal[PlaceKind.BUILDING, PlaceKind.HOME_BASE]
    building_id: Id


class SiteEdit(Edit):
    """A site by its id; what is left out stays, null takes away."""

    id: Id
    room_id: Id | None = None
    kit_id: Id | None = None
    facilitator_id: Id | None = None


class Change(Edit):
    """What is left out stays."""

    starts_at: Instant | None = None
    minutes: Minutes | None = None
    host: HostPlace | None = None
    sites: Annotated[tuple[SiteEdit, ...], Field(max_length=MAX_SITES)] = ()
    reason: Text200 | None = None
    accepting: Accepting = frozenset()


class ChangeModality(Input):
    """Send the host somewhere else for this occurrence; the modality follows."""

    host: HostPlace
    reason: Text200 | None = None
    accepting: Accepting = frozenset()


class Cancel(Input):
    cause: CancellationCause
    note: Text200 | None = None


class Presence(Input):
    participation_id: Id
    attendance: Attendance


class StateAttendance(Input):
    """Who was not simply there; whoever is not named was present."""

    attendance: Annotated[tuple[Presence, ...], Field(max_length=MAX_PEOPLE)] = ()


class IssueJoinLink(Input):
    participation_id: Id


class OpenFeed(Input):
    """`subject_id` left out is the token's person, for the scope `person` only."""

    scope: FeedScope
    subject_id: Id | None = None
    detail: FeedDetail
    label: Annotated[Text, Field(max_length=MAX_LABEL)] = ""
    locale: Literal["fr", "en"] | None = None


def _whole_minute(value: time) -> time:
    if value.tzinfo is not None or value.second or value.microsecond:
        raise PydanticCustomError("not_a_time", "HH:MM")
    return value


WallTime = Annotated[
    time,
    AfterValidator(_whole_minute),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["07:30"]}),
]


class EditBuilding(Edit):
    """What is left out stays. A zone is one of Québec's legal times; nothing is planned in a building without one."""

    short_name: Annotated[Text40, Field(min_length=1)] = ""
    address: Text200 | None = None
    postal_code: Annotated[Text, Field(max_length=7)] | None = None
    phone: Text40 | None = None
    opens_local: WallTime = time(0)
    closes_local: WallTime = time(0)
    road_component: Text40 | None = None
    is_active: bool = True
    zone: Literal["America/Toronto", "America/Halifax", "America/Blanc-Sablon"] = "America/Toronto"


class EditRoom(Edit):
    """What is left out stays."""

    name: Annotated[Text, Field(min_length=1, max_length=60)] = ""
    capacity: Annotated[int, Field(ge=1, le=MAX_CAPACITY)] = 1
    is_closed: bool = True
    has_headset: bool = False
    equipment: Text200 | None = None
    bandwidth_note: Annotated[Text, Field(max_length=120)] | None = None
    phone: Text40 | None = None
    is_active: bool = True


class AddRoom(Input):
    """`is_closed`: a door that closes, which pupils' services ask for."""

    building_id: Id
    name: Annotated[Text, Field(min_length=1, max_length=60)]
    capacity: Annotated[int, Field(ge=1, le=MAX_CAPACITY)]
    is_closed: bool
    has_headset: bool = False
    equipment: Text200 | None = None
    bandwidth_note: Annotated[Text, Field(max_length=120)] | None = None
    phone: Text40 | None = None
