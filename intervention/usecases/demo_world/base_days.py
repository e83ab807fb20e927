"""A specialist's days at her home base: séances by video back to back, pupils of the place, advice and plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial

from intervention.domain.people import Discipline
from intervention.usecases.demo_world import wishes
from intervention.usecases.demo_world.people import SPECIALISTS, Classroom, Specialist
from intervention.usecases.demo_world.planner import Wish
from intervention.usecases.demo_world.services import HEROINE, Followed, Group
from intervention.usecases.demo_world.turns import Turns
from intervention.usecases.demo_world.wishes import Moment

A_DAY, HEROINES_DAY = 2, 5  # the rest of a day is for what a timetable does not show
GUEST_OF_CLASSES = frozenset({Discipline.EDUCATION_CONSULTING, Discipline.GUIDANCE, Discipline.PSYCHOEDUCATION})
_RANKS = {who.key: rank for rank, who in enumerate(SPECIALISTS)}

Offer = tuple[str, Callable[[Moment], Wish | None]]


class BaseDays:
    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.planner = turns.planner

    def plan(self, who: Specialist, dates: list[date], number: int) -> None:
        """What comes once a week first, each on another day; then everybody whose turn it is, up to a day's measure."""
        most = dict.fromkeys(dates, HEROINES_DAY if who.key == HEROINE else A_DAY)
        has = Counter(p.on_date for p in self.planner.planned if p.who == who.key)
        for rank, offer in enumerate(self._weekly(who, number)):
            turned = dates[rank % len(dates) :] + dates[: rank % len(dates)] if dates else []
            for on_date in turned:
                if has[on_date] < most[on_date] and self._take(offer, Moment(who, on_date, number)):
                    has[on_date] += 1
                    break
        for on_date in dates:
            for offer in self._daily(who):
                if has[on_date] >= most[on_date]:
                    break
                has[on_date] += self._take(offer, Moment(who, on_date, number))

    def _take(self, offer: Offer, moment: Moment) -> bool:
        name, wish_at = offer
        return self.turns.take(moment, name, wish_at(moment))

    def _weekly(self, who: Specialist, number: int) -> list[Offer]:
        phase = (number + _RANKS[who.key]) % 3
        offers: list[Offer] = [(group.name, partial(self._group, group)) for group in self.turns.groups(who)[:2]]
        if who.discipline in GUEST_OF_CLASSES and (not who.caseload or phase == 1):
            offers.append(("classes", self._classes))
        if phase == 0:
            plans = [f for f in self.turns.caseload(who) if self._may_have_plan(f)]
            offers += [(f"plan {f.pupil.code}", partial(self._plan, f)) for f in plans[:1]]
        offers.append(("advice", self._advice))
        if phase == 2:
            offers.append(("rehearsal", self._rehearsal))
        return offers

    def _daily(self, who: Specialist) -> list[Offer]:
        if who.caseload:
            return [(f.pupil.code, partial(self._individual, f)) for f in self.turns.caseload(who)]
        return [("advice", self._advice), ("classes", self._classes), ("rehearsal", self._rehearsal)]

    def _is_open(self, moment: Moment, place: str) -> bool:
        return self.planner.timeline.has_pupils(place, moment.on_date)

    def _may_have_plan(self, followed: Followed) -> bool:
        return followed.pupil.code in self.planner.services.parents and not followed.is_confidential

    def _individual(self, followed: Followed, moment: Moment) -> Wish | None:
        place = followed.pupil.place
        if not self._is_open(moment, place) or (place != moment.who.home and place not in moment.who.by_video):
            return None
        return wishes.individual(self.planner, moment, followed)

    def _group(self, group: Group, moment: Moment) -> Wish | None:
        return wishes.small_group(self.planner, moment, group) if self.turns.have_pupils(moment, group) else None

    def _plan(self, followed: Followed, moment: Moment) -> Wish | None:
        if not self._is_open(moment, followed.pupil.place):
            return None
        return wishes.intervention_plan(self.planner, moment, followed, at_home=moment.number % 2 == 1)

    def _advice(self, moment: Moment) -> Wish | None:
        rooms = self._rooms(moment)
        return wishes.advisory(self.planner, moment, rooms[0]) if rooms else None

    def _classes(self, moment: Moment) -> Wish | None:
        """One class, or two of the same level at once in two buildings, every other week."""
        rooms = [room for room in self._rooms(moment) if room.level in moment.who.levels]
        if not rooms:
            return None
        others = [r for r in rooms if r.level is rooms[0].level and r.place != rooms[0].place]
        together = [rooms[0], *others[: moment.number % 2]]
        return wishes.whole_group(self.planner, moment, together)

    def _rehearsal(self, moment: Moment) -> Wish | None:
        places = [p for p in moment.who.by_video if self._is_open(moment, p)]
        if not places:
            return None
        return wishes.rehearsal(self.planner, moment, places[moment.number % len(places)])

    def _rooms(self, moment: Moment) -> list[Classroom]:
        """The classes she works with by video or at her base, another one first each time."""
        places = (moment.who.home, *moment.who.by_video)
        rooms = [room for p in places if self._is_open(moment, p) for room in self.planner.stage.classes(p)]
        turn = (moment.on_date.toordinal() * 3 + _RANKS[moment.who.key]) % max(len(rooms), 1)
        return rooms[turn:] + rooms[:turn]
