"""Finds the time of one séance among everybody it needs, and remembers what is taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import product
from uuid import UUID

from intervention.domain.composition import AskParticipant, AskSite, BookEncounter
from intervention.domain.encounters import EncounterKind, ParticipantRole, PlaceKind
from intervention.domain.slots import Rule
from intervention.records.people import Pupil
from intervention.usecases.demo_world.people import Classroom, RollEntry, Specialist
from intervention.usecases.demo_world.services import Services
from intervention.usecases.demo_world.sheet import Sheet
from intervention.usecases.demo_world.stage import Stage
from intervention.usecases.demo_world.timeline import (
    FULL,
    Timeline,
    after_school,
    earliest,
    fits,
    instant,
    lasting,
    latest,
    periods,
    specialist_hours,
    walls,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A séance to place. `sites` has the ways to hold it at each place; `starts` is where it may begin."""

    kind: EncounterKind
    minutes: int
    sites: tuple[tuple[AskSite, ...], ...]
    starts: int
    objective: str | None = None
    need_group_id: UUID | None = None
    is_strict: bool = False
    is_late: bool = False  # the last moment that suits rather than the first

    @property
    def ticks(self) -> int:
        return self.minutes // 5


@dataclass(frozen=True, slots=True)
class Planned:
    """An ask with its first tick on its date, and the key of the host."""

    who: str
    on_date: date
    start: int
    ask: BookEncounter


class Planner:
    def __init__(self, sheet: Sheet, services: Services, timeline: Timeline, stage: Stage) -> None:
        self.sheet, self.services, self.timeline, self.stage = sheet, services, timeline, stage
        self.planned: list[Planned] = []

    def place(self, who: Specialist, on_date: date, wish: Wish) -> Planned | None:
        """Put the wish at the first combination of rooms and people that has a moment; None when there is none."""
        host = self.stage.person(who.key)
        lunch = ~walls(on_date, self.stage.home_zone(who), *lunch_of(who))
        open_starts = wish.starts & fits(self.timeline.free(on_date, host) & lunch & FULL, wish.ticks)
        if not open_starts:
            return None
        for sites in product(*wish.sites):
            resources = set().union(*(site.resources() for site in sites))
            starts = open_starts
            for resource in resources:
                starts &= fits(self.timeline.free(on_date, resource), wish.ticks)
            if starts:
                return self._keep(who, on_date, wish, sites, resources | {host}, starts)
        return None

    def _keep(  # noqa: PLR0913, PLR0917 - all that was decided
        self, who: Specialist, on_date: date, wish: Wish, sites: tuple[AskSite, ...], resources: set[UUID], starts: int
    ) -> Planned:
        start = latest(starts) if wish.is_late else earliest(starts)
        for resource in resources:
            self.timeline.take(on_date, resource, lasting(start, wish.ticks))
        ask = BookEncounter(
            host_id=self.stage.person(who.key),
            kind=wish.kind,
            discipline=who.discipline,
            starts_at=instant(on_date, start),
            minutes=wish.minutes,
            zone=self.stage.home_zone(who),
            sites=sites,
            objective=wish.objective,
            need_group_id=wish.need_group_id,
            is_strict=wish.is_strict,
            accepting=self._accepting(who, sites),
        )
        self.planned.append(Planned(who.key, on_date, start, ask))
        return self.planned[-1]

    def _accepting(self, who: Specialist, sites: tuple[AskSite, ...]) -> frozenset[str]:
        """On the road she eats where she is: the first séance booked of the day does not know that there is a next."""
        home = self.stage.building(who.home)
        is_away = any(site.has_host and site.building_id != home for site in sites)
        return frozenset({Rule.LUNCH.value}) if is_away else frozenset()

    def office(self, who: Specialist) -> tuple[AskSite, ...]:
        """She is at her home base, alone."""
        return (AskSite(self.stage.building(who.home), PlaceKind.HOME_BASE, has_host=True),)

    def there(self, place: str) -> tuple[AskSite, ...]:
        """She is at a school, with nobody of it in the room."""
        return tuple(AskSite(self.stage.building(place), room_id=r, has_host=True) for r in self.rooms(place, 1))

    def rooms(self, place: str, people: int) -> list[UUID]:
        return self.stage.rooms(place, seats=people + 1)

    def with_pupils(
        self, place: str, pupils: Iterable[RollEntry], *, has_host: bool, with_kit: bool = False
    ) -> tuple[AskSite, ...]:
        """The ways to receive pupils at a place: with the professional herself, else with a facilitator."""
        people = tuple(AskParticipant(ParticipantRole.PUPIL, pupil_id=self.pupil(p)) for p in pupils)
        beside: list[UUID | None] = [None] if has_host else [*self.stage.facilitators(place)]
        return tuple(
            AskSite(
                self.stage.building(place), room_id=room, facilitator_id=facilitator, has_host=has_host,
                kit_id=self.stage.kit(place) if with_kit else None, participants=people,
            )
            for facilitator in beside for room in self.rooms(place, len(people) + 1)
        )  # fmt: skip

    def pupil(self, entry: RollEntry) -> UUID:
        return self.sheet.id_of(Pupil, entry.code)

    def class_time(self, on_date: date, entry: RollEntry, ticks: int) -> int:
        """Starts inside one period of the pupil's level, never over a specialist's."""
        busy = specialist_hours(on_date, entry.place, entry.level, self.stage.ranks[entry.room_key])
        with_class = self.timeline.free(on_date, self.stage.class_group(entry.room_key))
        return periods(on_date, entry.place, entry.level, ticks) & fits(with_class & ~busy, ticks)

    def teacher_time(self, on_date: date, room: Classroom, ticks: int) -> int:
        """Starts while the class is with a specialist, or after the last bell."""
        away = specialist_hours(on_date, room.place, room.level, self.stage.ranks[room.key])
        return fits(away, ticks) | fits(after_school(on_date, room.place, room.level), ticks)


def lunch_of(who: Specialist) -> tuple[time, time]:
    return (time(11, 45), time(12, 45)) if who.lunch_minutes > 45 else (time(12), time(12, 45))
