"""What a search for slots is given, and what it answers. Values only: ticks are relative to the window's origin.

A mask is an int whose bit k is tick k of the window. `queries.slot_problem` fills a `Problem`; `slot_search` solves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Rule(StrEnum):
    """Why a start is refused, the most final reasons first: that order breaks ties when several say no."""

    __hash__ = str.__hash__  # an enum hashes its name in Python, and masks are kept by rule

    TOO_SOON = "too_soon"
    CLOSED_DAY = "closed_day"
    OUTSIDE_AVAILABILITY = "outside_availability"
    NO_ROAD = "no_road"
    NO_ROOM = "no_room"
    NO_FACILITATOR = "no_facilitator"
    OUTSIDE_BELLS = "outside_bells"
    BUILDING_CLOSED = "building_closed"
    PARTICIPANT_BUSY = "participant_busy"
    TOO_SHORT_FOR_ROAD = "too_short_for_road"
    MAX_BUILDINGS = "max_buildings"
    ROOM_TAKEN = "room_taken"
    FACILITATOR_TAKEN = "facilitator_taken"
    KIT_TAKEN = "kit_taken"
    PROTECTED_TIME = "protected_time"
    LUNCH = "lunch"


# What a person may knowingly set aside; the others are physics, or somebody else's.
SOFT_RULES = frozenset(
    {
        Rule.OUTSIDE_AVAILABILITY,
        Rule.OUTSIDE_BELLS,
        Rule.CLOSED_DAY,
        Rule.BUILDING_CLOSED,
        Rule.MAX_BUILDINGS,
        Rule.PROTECTED_TIME,
        Rule.LUNCH,
        Rule.NO_ROOM,
        Rule.NO_FACILITATOR,
    }
)


class FixKind(StrEnum):
    """The changes that a search tries on a day without a slot."""

    OTHER_ROOM = "other_room"
    OTHER_FACILITATOR = "other_facilitator"
    SHORTER = "shorter"
    GO_REMOTE = "go_remote"
    GO_IN_PERSON = "go_in_person"
    WITHOUT = "without"
    ACCEPTING = "accepting"  # a soft rule knowingly set aside


class Reason(StrEnum):
    """Why a slot stands where it does in the list."""

    SOONEST = "soonest"
    ALREADY_THERE = "already_there"
    NO_ROAD_NEEDED = "no_road_needed"
    EXTRA_ROAD = "extra_road"
    AT_BELL = "at_bell"
    BACK_TO_BACK = "back_to_back"
    ONLY_VISIT = "only_visit"
    LONG_ROAD = "long_road"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Somebody or something that must be free for the whole encounter. `allowed` None: at any time."""

    resource_id: UUID
    busy: int
    allowed: int | None = None
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A place that takes part. Pools hold only what meets the site's needs; the first free one is taken.

    `school` (class periods of its pupils) and `open` are None where they do not rule. `class_days` are whole local days
    on which there is school at all, so that a closed day and a time between bells are told apart.
    """

    building_id: UUID | None
    people: tuple[Calendar, ...] = ()
    school: int | None = None
    class_days: int | None = None
    open: int | None = None
    protected: int = 0
    needs_room: bool = False
    rooms: tuple[Calendar, ...] = ()
    other_rooms: tuple[Calendar, ...] = ()  # would do too, when one in particular was asked for
    needs_facilitator: bool = False
    facilitators: tuple[Calendar, ...] = ()
    other_facilitators: tuple[Calendar, ...] = ()
    kits: tuple[Calendar, ...] | None = None  # None: no kit asked for
    bells: int = 0  # ticks at which a period begins


@dataclass(frozen=True, slots=True)
class Option:
    """One arrangement: its sites, and the building where each traveller physically is.

    One that was not asked for is no slot, but what may help where the others fail. `only` None: on any day.
    """

    sites: tuple[SitePlan, ...]
    where: Mapping[UUID, UUID]
    is_remote: bool
    is_asked: bool = True
    only: int | None = None  # starts at which it makes sense at all, as a séance held from a school of the day


class Stop(NamedTuple):
    """A standing encounter of a traveller: ticks and the building where she is.

    `encounter_id` only where the reader may see that encounter.
    """

    starts: int
    ends: int
    building_id: UUID
    encounter_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A local day of a traveller: `[starts, ends)`, her lunch window, and her stops in order."""

    starts: int
    ends: int
    lunch_from: int
    lunch_until: int
    stops: tuple[Stop, ...]
    is_winter: bool


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody whose body must be somewhere: `away` is busy time without a place, `available` her working hours."""

    resource_id: UUID
    base: UUID
    available: int
    away: int
    days: tuple[Day, ...]
    max_buildings: int = 12
    lunch_ticks: int = 0
    needs: Mapping[bool, Mapping[tuple[UUID, UUID], int | None]] = field(default_factory=dict)  # by winter

    def need(self, day: Day, start: UUID, end: UUID) -> int | None:
        """Ticks from a building to another on that day; 0 in the same one, None without a road."""
        return 0 if start == end else self.needs[day.is_winter].get((start, end))


@dataclass(frozen=True, slots=True)
class Problem:
    """A search. `origin` is the absolute tick of bit 0; `shorter` lists the lesser durations that the kind allows."""

    origin: int
    length: int
    not_before: int
    duration: int
    travellers: tuple[Traveller, ...]
    options: tuple[Option, ...]
    shorter: tuple[int, ...] = ()


class Given(NamedTuple):
    """What a site gets in a slot."""

    room_id: UUID | None = None
    facilitator_id: UUID | None = None
    kit_id: UUID | None = None


class Slot(NamedTuple):
    """A start that works at every end. `extra_road` is in ticks of the first traveller's day; `given` is per site."""

    start: int
    option: int
    given: tuple[Given, ...]
    extra_road: int
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Fix:
    """A change proved to work: the slot that it leads to, what each site gets there, `resource_id` of what changes.

    Where no single change is enough, `kind` names the first of two, and `duration` or `accepting` is the other.
    """

    kind: FixKind
    start: int
    option: int
    duration: int
    given: tuple[Given, ...]
    resource_id: UUID | None = None
    accepting: Rule | None = None


@dataclass(frozen=True, slots=True)
class ShortRoad:
    """The leg that a start leaves no time for, in ticks; `free` is what there is between the two encounters."""

    start_id: UUID
    end_id: UUID
    needed: int
    free: int

    @property
    def missing(self) -> int:
        return self.needed - self.free


@dataclass(frozen=True, slots=True)
class Taken:
    """The one room or kit that would do is taken, in ticks. Never told of a person, whose reasons are their own."""

    resource_id: UUID
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that refuses a start of an option; `subject_id` is the resource or building that the rule looked at.

    `fixes` make the day work, the cheapest first; `met` are the host's own encounters in the way that may be told.
    """

    rule: Rule
    start: int
    option: int
    subject_id: UUID | None
    fixes: tuple[Fix, ...] = ()
    taken: Taken | None = None
    road: ShortRoad | None = None
    met: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A local day of the first traveller: how many starts work, and why none does."""

    starts: int
    count: int
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    slots: tuple[Slot, ...]
    total: int
    days: tuple[DaySummary, ...]
