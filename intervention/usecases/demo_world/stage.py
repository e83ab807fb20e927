"""What the planning of the weeks looks up by a place or a person's key."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from intervention.domain.people import Role
from intervention.records.people import ClassGroup, Person
from intervention.records.schools import Building, Kit, Room
from intervention.usecases.demo_world import board
from intervention.usecases.demo_world.people import (
    CLASSROOMS,
    SPECIALISTS,
    STAFF,
    Classroom,
    Specialist,
    class_ranks,
)
from intervention.usecases.demo_world.sheet import Sheet
from intervention.usecases.demo_world.staff import OFFICE_HOURS, ROAD_HOURS, SCHOOL_HOURS

Hours = dict[UUID, tuple[str, dict[int, tuple[time, time]]]]


class Stage:
    """Ids by name, and who and what is where."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.zones = {place.key: place.zone for place in board.PLACES}
        self.specialists = {who.key: who for who in SPECIALISTS}
        self.classrooms = {room.key: room for room in CLASSROOMS}
        self.ranks = class_ranks()
        self._kits = {home: name for name, home in board.KITS if home}

    def building(self, place: str) -> UUID:
        return self._sheet.id_of(Building, place)

    def person(self, key: str) -> UUID:
        return self._sheet.id_of(Person, key)

    def class_group(self, key: str) -> UUID:
        return self._sheet.id_of(ClassGroup, key)

    def kit(self, place: str) -> UUID | None:
        return self._sheet.id_of(Kit, self._kits[place]) if place in self._kits else None

    def rooms(self, place: str, *, seats: int) -> list[UUID]:
        """Rooms with a door that hold so many people, the smallest first."""
        found = [r for r in board.LOCALS if r.place == place and r.closed and r.capacity >= seats]
        return [self._sheet.id_of(Room, r.place, r.name) for r in sorted(found, key=lambda r: r.capacity)]

    def facilitators(self, place: str) -> list[UUID]:
        return [self.person(m.key) for m in STAFF if m.role is Role.FACILITATOR and m.place == place and m.is_trained]

    def principal(self, school: str) -> UUID:
        return next(self.person(m.key) for m in STAFF if m.role is Role.PRINCIPAL and m.school == school)

    def classes(self, place: str) -> list[Classroom]:
        return [room for room in CLASSROOMS if room.place == place]

    def home_zone(self, who: Specialist) -> str:
        return self.zones[who.home]

    def hours(self) -> Hours:
        """Working hours by person, as the availabilities say."""
        found: Hours = {}
        for who in SPECIALISTS:
            week = {d: ROAD_HOURS if d in who.road_days else OFFICE_HOURS for d in who.weekdays}
            found[self.person(who.key)] = (self.home_zone(who), week)
        at_school = dict.fromkeys(range(1, 6), SCHOOL_HOURS)
        for room in CLASSROOMS:
            found[self.person(room.key)] = (self.zones[room.place], at_school)
        homes = {school.key: school.teaches[0][0] for school in board.INSTITUTIONS}
        for member in STAFF:
            if member.school and member.is_trained:
                found[self.person(member.key)] = (self.zones[member.place or homes[member.school]], at_school)
        return found
