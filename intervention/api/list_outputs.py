"""What answers about people, places and groups look like."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from intervention.api.outputs import ClockTime, Cursor
from intervention.domain.people import Discipline, Level, Role


class Board(TypedDict):
    id: UUID
    name: str


class MandateHeld(TypedDict):
    role: Role
    school_id: UUID | None
    building_ids: Annotated[list[UUID], Field(description="Empty for a role that holds in the whole board.")]


class TokenUsed(TypedDict):
    id: UUID
    label: str
    expires_at: datetime


class Me(TypedDict):
    id: UUID
    name: str
    email: str | None
    locale: str
    zone: str
    organization: Board
    mandates: list[MandateHeld]
    token: TokenUsed


class Person(TypedDict):
    id: UUID
    name: str
    roles: list[Role]
    discipline: Discipline | None
    home_building_id: UUID | None


class School(TypedDict):
    id: UUID
    code: str
    name: str
    building_ids: list[UUID]
    is_active: bool


class Building(TypedDict):
    id: UUID
    code: str
    name: str
    short_name: str
    municipality: str
    zone: Annotated[str | None, Field(description="Null until confirmed: nothing is planned there before.")]
    opens_local: ClockTime
    closes_local: ClockTime
    is_active: bool


class Room(TypedDict):
    id: UUID
    building_id: UUID
    name: str
    capacity: int
    is_closed: bool
    has_headset: bool
    equipment: str | None
    bandwidth_note: str | None
    phone: str | None
    is_active: bool


class Kit(TypedDict):
    id: UUID
    building_id: Annotated[UUID | None, Field(description="Null for a kit that travels.")]
    name: str
    is_active: bool


class Pupil(TypedDict):
    id: UUID
    code: str
    given_name: str
    family_name: str
    level: Level
    building_id: UUID
    class_group_id: UUID | None


class Group(TypedDict):
    id: UUID
    type: Literal["class_group", "need_group"]
    name: str
    building_id: UUID | None
    level: Level | None
    person_id: Annotated[UUID | None, Field(description="A class's teacher; whose small group it is.")]
    discipline: Discipline | None


class People(TypedDict):
    items: list[Person]
    next_cursor: Cursor


class Schools(TypedDict):
    items: list[School]
    next_cursor: Cursor


class Buildings(TypedDict):
    items: list[Building]
    next_cursor: Cursor


class Rooms(TypedDict):
    items: list[Room]
    next_cursor: Cursor


class Kits(TypedDict):
    items: list[Kit]
    next_cursor: Cursor


class Pupils(TypedDict):
    items: list[Pupil]
    next_cursor: Cursor


class Groups(TypedDict):
    items: list[Group]
    next_cursor: Cursor
