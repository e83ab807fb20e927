"""Every rule of an option as a mask of allowed starts: the search intersects them, the explanations read them apart."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from intervention.domain import masks
from intervention.domain.road_windows import Gap, road_windows
from intervention.domain.slots import Calendar, Given, Option, Problem, Rule, SitePlan

Key = tuple[Rule, UUID | None]


@dataclass(slots=True)
class OptionRules:
    """Allowed starts by rule and subject; `allowed` is where all agree; `gaps` is the road of the first traveller."""

    allowed_by: dict[Key, int]
    gaps: tuple[Gap, ...]
    everywhere: int

    @property
    def allowed(self) -> int:
        found = self.everywhere
        for mask in self.allowed_by.values():
            found &= mask
        return found

    def refused_once(self) -> int:
        """Starts that exactly one rule refuses: the near misses."""
        once = twice = 0
        for mask in self.allowed_by.values():
            refused = self.everywhere & ~mask
            twice |= once & refused
            once |= refused
        return once & ~twice

    def refusing(self, start: int) -> list[Key]:
        """The rules that refuse one start, the most final first."""
        order = list(Rule)
        keys = [key for key, mask in self.allowed_by.items() if not mask >> start & 1]
        return sorted(keys, key=lambda key: order.index(key[0]))


class RuleBook:
    """The rules of a problem for one duration. Masks that options share are computed once."""

    def __init__(self, problem: Problem, duration: int | None = None, without: frozenset[UUID] = frozenset()) -> None:
        self.problem = problem
        self.duration = duration or problem.duration
        self.without = without
        self._everywhere = masks.run(0, problem.length - self.duration + 1)
        self._free: dict[UUID, int] = {}
        self._road: dict[tuple[UUID, UUID], tuple[dict[Rule, int], tuple[Gap, ...]]] = {}
        self._options: dict[int, OptionRules] = {}
        self._others: dict[tuple[int, frozenset[UUID]], RuleBook] = {}

    def option(self, index: int) -> OptionRules:
        found = self._options.get(index)
        if found is None:
            found = self._options[index] = self._rules(self.problem.options[index])
        return found

    def changed(self, duration: int, without: frozenset[UUID]) -> RuleBook:
        """The same problem for another duration, or without somebody optional; computed once."""
        key = (duration, without)
        if key not in self._others:
            self._others[key] = RuleBook(self.problem, duration, without)
        return self._others[key]

    def free_starts(self, calendar: Calendar) -> int:
        """Starts at which somebody or something is free throughout."""
        found = self._free.get(calendar.resource_id)
        if found is None:
            found = self._free[calendar.resource_id] = masks.starts(self._window & ~calendar.busy, self.duration)
        return found

    @property
    def _window(self) -> int:
        return masks.run(0, self.problem.length)

    def _rules(self, option: Option) -> OptionRules:
        allowed: dict[Key, int] = {(Rule.TOO_SOON, None): self._everywhere & ~masks.run(0, self.problem.not_before)}
        gaps = self._travel(option, allowed)
        for site in option.sites:
            self._site(site, allowed)
        return OptionRules(allowed, gaps, self._everywhere)

    def _travel(self, option: Option, allowed: dict[Key, int]) -> tuple[Gap, ...]:
        first: tuple[Gap, ...] = ()
        for position, traveller in enumerate(self.problem.travellers):
            if traveller.resource_id in self.without:
                continue
            building = option.where[traveller.resource_id]
            key = (traveller.resource_id, building)
            if key not in self._road:
                busy = traveller.away
                for day in traveller.days:
                    for stop in day.stops:
                        busy |= masks.run(stop.starts, stop.ends)
                windows = road_windows(traveller, building, self.duration)
                self._road[key] = (
                    {
                        Rule.PARTICIPANT_BUSY: masks.starts(self._window & ~busy, self.duration),
                        Rule.OUTSIDE_AVAILABILITY: masks.starts(traveller.available, self.duration),
                        Rule.NO_ROAD: windows.connected,
                        Rule.TOO_SHORT_FOR_ROAD: windows.road | ~windows.connected,
                        Rule.MAX_BUILDINGS: windows.buildings,
                        Rule.LUNCH: windows.lunch,
                    },
                    windows.gaps,
                )
            rules, gaps = self._road[key]
            for rule, mask in rules.items():
                allowed[rule, traveller.resource_id] = mask
            if position == 0:
                first = gaps
        return first

    def _site(self, site: SitePlan, allowed: dict[Key, int]) -> None:
        for person in site.people:
            if person.resource_id in self.without:
                continue
            allowed[Rule.PARTICIPANT_BUSY, person.resource_id] = self.free_starts(person)
            if person.allowed is not None:
                allowed[Rule.OUTSIDE_AVAILABILITY, person.resource_id] = masks.starts(person.allowed, self.duration)
        at = site.building_id
        if site.school is not None:
            days = site.class_days or 0
            allowed[Rule.CLOSED_DAY, at] = days
            allowed[Rule.OUTSIDE_BELLS, at] = masks.starts(site.school, self.duration) | ~days
        if site.open is not None:
            allowed[Rule.BUILDING_CLOSED, at] = masks.starts(site.open, self.duration)
        if site.protected:
            allowed[Rule.PROTECTED_TIME, at] = masks.starts(self._window & ~site.protected, self.duration)
        self._things(site, allowed)

    def _things(self, site: SitePlan, allowed: dict[Key, int]) -> None:
        at = site.building_id
        if site.needs_room:
            allowed[(Rule.ROOM_TAKEN if site.rooms else Rule.NO_ROOM), at] = self._any(site.rooms)
        if site.needs_facilitator:
            rule = Rule.FACILITATOR_TAKEN if site.facilitators else Rule.NO_FACILITATOR
            allowed[rule, at] = self._any(site.facilitators)
        if site.kits is not None:
            allowed[Rule.KIT_TAKEN, at] = self._any(site.kits)

    def _any(self, pool: tuple[Calendar, ...]) -> int:
        """Starts at which one of the pool is free throughout, and on duty."""
        found = 0
        for each in pool:
            mask = self.free_starts(each)
            if each.allowed is not None:
                mask &= masks.starts(each.allowed, self.duration)
            found |= mask
        return found

    def first_free(self, pool: tuple[Calendar, ...], start: int) -> UUID | None:
        """The first of the pool that is free at `start`: pools come in order of preference."""
        for each in pool:
            on_duty = each.allowed is None or masks.starts(each.allowed, self.duration) >> start & 1
            if on_duty and self.free_starts(each) >> start & 1:
                return each.resource_id
        return None

    def given(self, option: int, start: int, *, others: bool = False) -> tuple[Given, ...]:
        """The room, facilitator and kit that each site gets at `start`; `others` falls back on what would do too."""
        return tuple(
            Given(
                self._pick(site.rooms, site.other_rooms if others else (), start) if site.needs_room else None,
                self._pick(site.facilitators, site.other_facilitators if others else (), start)
                if site.needs_facilitator
                else None,
                self.first_free(site.kits, start) if site.kits is not None else None,
            )
            for site in self.problem.options[option].sites
        )

    def _pick(self, pool: tuple[Calendar, ...], others: tuple[Calendar, ...], start: int) -> UUID | None:
        return self.first_free(pool, start) or self.first_free(others, start)
