"""Whose turn it is: places wishes, and remembers who was seen how often so that everybody is."""

from __future__ import annotations

from collections import Counter

from intervention.usecases.demo_world.people import Specialist
from intervention.usecases.demo_world.planner import Planner, Wish
from intervention.usecases.demo_world.services import Followed, Group
from intervention.usecases.demo_world.wishes import Moment


class Turns:
    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self._had: Counter[tuple[str, str]] = Counter()

    def take(self, moment: Moment, name: str, wish: Wish | None) -> bool:
        """Place the wish; note that `name` had a turn with this specialist."""
        if wish is None or self.planner.place(moment.who, moment.on_date, wish) is None:
            return False
        self._had[moment.who.key, name] += 1
        return True

    def caseload(self, who: Specialist) -> list[Followed]:
        """Those who were seen the least often, first."""
        return sorted(self.planner.services.caseloads[who.key], key=lambda f: self._had[who.key, f.pupil.code])

    def groups(self, who: Specialist) -> list[Group]:
        return sorted(self.planner.services.groups[who.key], key=lambda g: self._had[who.key, g.name])

    def have_pupils(self, moment: Moment, group: Group) -> bool:
        """Whether all the schools of the group have classes that day."""
        return all(self.planner.timeline.has_pupils(m.place, moment.on_date) for m in group.members)
