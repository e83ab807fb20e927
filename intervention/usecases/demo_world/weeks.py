"""Lays whole weeks: the road first, then what several specialists share, then each one's days at her base."""

from __future__ import annotations

from datetime import date, timedelta

from intervention.domain.encounters import EncounterKind
from intervention.queries.roads import RoadBook
from intervention.usecases.demo_world import wishes
from intervention.usecases.demo_world.base_days import BaseDays
from intervention.usecases.demo_world.people import SPECIALISTS, Specialist
from intervention.usecases.demo_world.planner import Planned, Planner
from intervention.usecases.demo_world.tours import Tours
from intervention.usecases.demo_world.turns import Turns
from intervention.usecases.demo_world.wishes import Moment

# The weekday of each meeting and who takes part, the host first.
TEAMS = (
    (1, ("etienne", "mireille", "noemie", "gabriel")),
    (1, ("oceane", "fatou", "jeannine")),
    (3, ("rosalie", "samuel", "benoit")),
    (4, ("samuel", "kathleen", "benoit", "karim")),
    (5, ("philippe", "lucille")),
)
MENTORS = (
    (4, ("mireille", "fatou")),
    (3, ("philippe", "lucille")),
    (2, ("etienne", "kathleen")),
    (5, ("karim", "jeannine")),
    (5, ("rosalie", "benoit")),
)


class Weeks:
    def __init__(self, planner: Planner, book: RoadBook) -> None:
        self.planner = planner
        turns = Turns(planner)
        self._tours, self._base_days = Tours(turns, book), BaseDays(turns)

    def plan(self, monday: date, number: int) -> list[Planned]:
        """The asks of one week in the order in which they take place; `number` 0 is the present week."""
        self.planner.planned.clear()
        away = {who.key: set(self._tours.plan(who, monday, number)) for who in SPECIALISTS}
        for weekday, keys in TEAMS:
            self._meeting(EncounterKind.TEAM, monday + timedelta(days=weekday - 1), number, keys)
        for rank, (weekday, keys) in enumerate(MENTORS):
            if (number + rank) % 2 == 0:
                self._meeting(EncounterKind.MENTORING, monday + timedelta(days=weekday - 1), number, keys)
        for who in SPECIALISTS:
            self._base_days.plan(who, [d for d in self._dates(who, monday) if d not in away[who.key]], number)
        return sorted(self.planner.planned, key=lambda p: (p.on_date, p.start, p.who))

    def _dates(self, who: Specialist, monday: date) -> list[date]:
        """Her working days on which the home base is open."""
        days = [monday + timedelta(days=weekday - 1) for weekday in who.weekdays]
        return [day for day in days if self.planner.timeline.has_staff(who.home, day)]

    def _meeting(self, kind: EncounterKind, on_date: date, number: int, keys: tuple[str, ...]) -> None:
        """Whoever of them works that day; somebody on the road has no free moment and so prevents the meeting."""
        monday = on_date - timedelta(days=on_date.weekday())
        there = [who for key in keys if on_date in self._dates(who := self.planner.stage.specialists[key], monday)]
        if len(there) >= 2:
            moment = Moment(there[0], on_date, number)
            self.planner.place(there[0], on_date, wishes.among_colleagues(self.planner, moment, kind, there[1:]))
