"""The days on the road: one or two schools, in-person séances one after the other, and the way home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import pairwise

from intervention.queries.roads import RoadBook
from intervention.usecases.demo_world import wishes
from intervention.usecases.demo_world.people import Specialist
from intervention.usecases.demo_world.staff import ROAD_HOURS
from intervention.usecases.demo_world.timeline import FULL, walls
from intervention.usecases.demo_world.turns import Turns
from intervention.usecases.demo_world.wishes import Moment

MOST_ROAD = 44  # ticks a day
LEAVES_THE_FIRST = time(11, 45)


class Tours:
    def __init__(self, turns: Turns, book: RoadBook) -> None:
        self.turns, self.book = turns, book
        self.planner = turns.planner

    def plan(self, who: Specialist, monday: date, number: int) -> Iterator[date]:
        """Lay the week's tours; give the dates on which she is away, which are then hers and the road's alone."""
        choices = self._choices(who, monday)
        for rank, weekday in enumerate(who.road_days):
            on_date = monday + timedelta(days=weekday - 1)
            places = choices[(number * len(who.road_days) + rank) % len(choices)]
            open_places = tuple(p for p in places if self.planner.timeline.has_pupils(p, on_date))
            if open_places and self._tour(who, on_date, number, open_places):
                self.planner.timeline.take(on_date, self.planner.stage.person(who.key), FULL)
                yield on_date

    def _choices(self, who: Specialist, monday: date) -> list[tuple[str, ...]]:
        """The tours that come round: both places in one day when she has two, then each alone."""
        away = sorted((p for p in who.visits if p != who.home), key=lambda p: self._ticks(who.home, p, monday))
        alone = [(place,) for place in reversed(away)]
        return [tuple(away), *alone] if len(away) > 1 and who.max_buildings >= len(away) else [*alone]

    def _tour(self, who: Specialist, on_date: date, number: int, places: tuple[str, ...]) -> bool:
        """The places of one day in order, the second in the afternoon; False when nobody could be seen."""
        legs = [self._ticks(a, b, on_date) for a, b in pairwise((who.home, *places, who.home))]
        if sum(legs) > MOST_ROAD:
            return len(places) > 1 and self._tour(who, on_date, number, places[-1:])
        zone = self.planner.stage.home_zone(who)
        day = walls(on_date, zone, *ROAD_HOURS)
        there, back = day & (day << legs[0]), day & (day >> legs[-1])
        if len(places) == 1:
            return self._visit(Moment(who, on_date, number, places[0], there & back), at_most=3)
        before = walls(on_date, zone, ROAD_HOURS[0], LEAVES_THE_FIRST)
        after = FULL & ~before & ~(before << (legs[1] + who.lunch_minutes // 5))
        first = self._visit(Moment(who, on_date, number, places[0], there & before), at_most=2)
        return self._visit(Moment(who, on_date, number, places[1], back & after), at_most=2) or first

    def _visit(self, moment: Moment, *, at_most: int) -> bool:
        """A group whose other half joins by video, then those of the place, then a word with a teacher."""
        who, place = moment.who, moment.at
        placed = 0
        for group in self.turns.groups(who):
            is_here = any(member.place == place for member in group.members)
            if placed == 0 and is_here and self.turns.have_pupils(moment, group):
                placed += self.turns.take(moment, group.name, wishes.small_group(self.planner, moment, group))
        for followed in self.turns.caseload(who):
            if placed < at_most and followed.pupil.place == place:
                wish = wishes.individual(self.planner, moment, followed)
                placed += self.turns.take(moment, followed.pupil.code, wish)
        rooms = self.planner.stage.classes(place or who.home)
        if not who.caseload:
            placed += self.turns.take(moment, "classes", wishes.whole_group(self.planner, moment, rooms[:1]))
        if moment.number % 2 == 0 or not who.caseload:
            room = rooms[moment.number % len(rooms)]
            placed += self.turns.take(moment, room.key, wishes.advisory(self.planner, moment, room))
        return placed > 0

    def _ticks(self, origin: str, destination: str, on_date: date) -> int:
        stage = self.planner.stage
        need = self.book.need(stage.building(origin), stage.building(destination), on_date)
        return need.ticks if need else FULL.bit_length()
