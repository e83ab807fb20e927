"""Every rule of an option as a mask of allowed starts: the search intersects them, the explanations read them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from uuid import UUID

from intervention.domain import masks
from intervention.domain.road_days import RoadDay, Roads
from intervention.domain.road_windows import Gap, gap_at, reachable, road_windows
from intervention.domain.slot_pools import Supply, Thing, any_of
from intervention.domain.slots import Calendar, Given, Option, Problem, Rule, SitePlan, Taken

Key = tuple[Rule, UUID | None]
Part = tuple[Key, int]

_ORDER = {rule: at for at, rule in enumerate(Rule)}
SNAP = 3  # proposals begin on a quarter-hour of UTC, or with a bell
_TAKEN = {Thing.ROOM: Rule.ROOM_TAKEN, Thing.FACILITATOR: Rule.FACILITATOR_TAKEN, Thing.KIT: Rule.KIT_TAKEN}


class OptionRules:
    """Allowed starts by rule and subject; `allowed` is where all agree."""

    def __init__(self, parts: list[Part], everywhere: int) -> None:
        self._parts, self.everywhere = parts, everywhere
        self.allowed = _all_of(parts, everywhere)

    @cached_property
    def allowed_by(self) -> dict[Key, int]:
        """The most final rules first."""
        found: dict[Key, int] = {}
        for key, mask in sorted(self._parts, key=lambda part: _ORDER[part[0][0]]):
            found[key] = found[key] & mask if key in found else mask
        return found

    @cached_property
    def by_rule(self) -> dict[Rule, int]:
        """Starts that each rule allows, whatever it looks at."""
        found: dict[Rule, int] = {}
        for (rule, _), mask in self.allowed_by.items():
            found[rule] = found.get(rule, self.everywhere) & mask
        return found

    @cached_property
    def _of_one_rule(self) -> int:
        """Starts that one rule at most refuses."""
        none = one = self.everywhere
        for mask in self.by_rule.values():
            one &= none | mask
            none &= mask
        return one

    def setting_aside(self, rule: Rule) -> int:
        """Starts that nothing but this rule refuses."""
        mask = self.by_rule.get(rule)
        return self.allowed if mask is None else self.allowed | self._of_one_rule & ~mask

    def but(self, gives: Callable[[Key], bool]) -> int:
        """Starts that only rules which give way refuse."""
        return _all_of((part for part in self.allowed_by.items() if not gives(part[0])), self.everywhere)

    def refusing(self, start: int) -> list[Key]:
        """The rules that refuse one start, the most final first."""
        return [key for key, mask in self.allowed_by.items() if not mask >> start & 1]


class RuleBook:
    """The rules of a problem for one duration. Masks that options share are computed once."""

    def __init__(self, problem: Problem, duration: int | None = None, roads: tuple[Roads, ...] | None = None) -> None:
        self.problem = problem
        self.duration = duration or problem.duration
        self.roads = roads or tuple(Roads(traveller) for traveller in problem.travellers)
        self._window = masks.run(0, problem.length)
        self._everywhere = masks.run(0, problem.length - self.duration + 1)
        # By identity: the problem keeps its values alive, and a UUID is slow to hash.
        self._fit: dict[int, int] = {}
        self._sites: dict[int, list[Part]] = {}
        self._travels: dict[tuple[int, int, int], list[Part]] = {}
        self._options: dict[int, OptionRules] = {}
        self._rounds: dict[int, int] = {}
        self._hosts: dict[int, int] = {}
        self._supplies: dict[tuple[int, bool], Supply] = {}
        self._others: dict[int, RuleBook] = {}

    def option(self, index: int) -> OptionRules:
        found = self._options.get(index)
        if found is None:
            found = self._options[index] = self._rules(self.problem.options[index])
        return found

    def lasting(self, duration: int) -> RuleBook:
        """The same problem for another duration; computed once."""
        if duration == self.duration:
            return self
        if duration not in self._others:
            self._others[duration] = RuleBook(self.problem, duration, self.roads)
        return self._others[duration]

    def within(self, index: int, wanted: int) -> int:
        """The starts of some days that every rule allows: the road is looked at only where all else does."""
        option = self.problem.options[index]
        found = wanted & _all_of(
            self._fixed_parts(option), self._everywhere & (-1 if option.only is None else option.only)
        )
        for roads in self.roads:
            found = found and reachable(roads, option.where[roads.traveller.resource_id], self.duration, found)
        return found

    def option_on(self, index: int, days: int) -> OptionRules:
        """The rules of an option on some days only: the road of others is not looked at."""
        return self._rules(self.problem.options[index], days)

    def _rules(self, option: Option, on: int = -1) -> OptionRules:
        parts = self._fixed_parts(option)
        only = on if option.only is None else on & option.only
        for at, roads in enumerate(self.roads):
            key = (at, roads.number(option.where[roads.traveller.resource_id]), only)
            if key not in self._travels:
                self._travels[key] = self._on_the_road(roads, option, roads.days_in(only))
            parts += self._travels[key]
        return OptionRules(parts, self._everywhere & only)

    def _fixed_parts(self, option: Option) -> list[Part]:
        """The rules that no road changes."""
        parts: list[Part] = [((Rule.TOO_SOON, None), self._everywhere & ~masks.run(0, self.problem.not_before))]
        for roads in self.roads:
            who = roads.traveller.resource_id
            parts.append(((Rule.PARTICIPANT_BUSY, who), self._untaken(roads)))
            parts.append(((Rule.OUTSIDE_AVAILABILITY, who), self._within(roads.traveller.available)))
        for site in option.sites:
            if id(site) not in self._sites:
                self._sites[id(site)] = list(self._site(site))
            parts += self._sites[id(site)]
        for need, refused in self._supply(option).short(self.free):
            parts.append(((_TAKEN[need.thing], option.sites[need.site].building_id), ~refused))
        return parts

    def _on_the_road(self, roads: Roads, option: Option, days: Sequence[RoadDay]) -> list[Part]:
        who = roads.traveller.resource_id
        windows = road_windows(roads, days, option.where[who], self.duration)
        taken = ~self._untaken(roads)  # on top of something else the road means nothing
        return [
            ((Rule.NO_ROAD, who), windows.connected | taken),
            ((Rule.TOO_SHORT_FOR_ROAD, who), windows.road | ~windows.connected | taken),
            ((Rule.MAX_BUILDINGS, who), windows.buildings),
            ((Rule.LUNCH, who), windows.lunch | taken),
        ]

    def _site(self, site: SitePlan) -> Iterable[Part]:
        at = site.building_id
        for person in site.people:
            yield (Rule.PARTICIPANT_BUSY, person.resource_id), self._free(person.busy)
            if person.allowed is not None:
                yield (Rule.OUTSIDE_AVAILABILITY, person.resource_id), self._within(person.allowed)
        if site.school is not None:
            days = site.class_days or 0
            yield (Rule.CLOSED_DAY, at), days
            yield (Rule.OUTSIDE_BELLS, at), self._within(site.school) | ~days
        if site.open is not None:
            yield (Rule.BUILDING_CLOSED, at), self._within(site.open)
        if site.protected:
            yield (Rule.PROTECTED_TIME, at), self._free(site.protected)
        yield from self._things(site)

    def _things(self, site: SitePlan) -> Iterable[Part]:
        at = site.building_id
        if site.needs_room:
            yield (Rule.ROOM_TAKEN if site.rooms else Rule.NO_ROOM, at), any_of(site.rooms, self.free, self._everywhere)
        if site.needs_facilitator:
            rule = Rule.FACILITATOR_TAKEN if site.facilitators else Rule.NO_FACILITATOR
            yield (rule, at), any_of(site.facilitators, self.free, self._everywhere)
        if site.kits is not None:
            yield (Rule.KIT_TAKEN, at), any_of(site.kits, self.free, self._everywhere)

    def _untaken(self, roads: Roads) -> int:
        found = self._hosts.get(id(roads))
        if found is None:
            found = self._hosts[id(roads)] = self._free(roads.taken)
        return found

    def _free(self, busy: int) -> int:
        """Starts at which nothing of `busy` is met."""
        return masks.starts(self._window ^ (self._window & busy), self.duration)  # `& ~busy` is thrice as slow

    def _within(self, allowed: int) -> int:
        return masks.starts(allowed, self.duration)

    def free(self, calendar: Calendar) -> int:
        """Starts at which somebody or something is free throughout, and on duty."""
        found = self._fit.get(id(calendar))
        if found is None:
            open_ticks = self._window if calendar.allowed is None else self._window & calendar.allowed
            found = self._within(open_ticks ^ (open_ticks & calendar.busy))
            self._fit[id(calendar)] = found
        return found

    def given(self, index: int, start: int, *, others: bool = False) -> tuple[Given, ...]:
        """What each site gets at `start`; `others` takes what would do too as well. Empty when there is not enough."""
        return self._supply(self.problem.options[index], others=others).given(start, self.free)

    def gap_at(self, index: int, start: int) -> Gap | None:
        """Where in her day the first traveller would hold an option at `start`."""
        roads, where = self.roads[0], self.problem.options[index].where
        return gap_at(roads, where[roads.traveller.resource_id], self.duration, start)

    @cached_property
    def _quarters(self) -> int:
        return _every(SNAP, -self.problem.origin % SNAP, self.problem.length)

    def round_starts(self, index: int) -> int:
        """Quarter-hours of UTC, and the bells of the sites."""
        if index not in self._rounds:
            found = self._quarters
            for site in self.problem.options[index].sites:
                found |= site.bells
            self._rounds[index] = found
        return self._rounds[index]

    def taken(self, index: int, rule: Rule, at: UUID | None, start: int) -> Taken | None:
        """When the one room or kit that a place was to be given is taken, around `start`; None for a pool."""
        for site in self.problem.options[index].sites:
            pool = site.rooms if rule is Rule.ROOM_TAKEN else site.kits or ()
            if site.building_id == at and len(pool) == 1:
                met = pool[0].busy & masks.run(start, start + self.duration)
                if met:
                    return Taken(pool[0].resource_id, *masks.run_around(pool[0].busy, masks.lowest(met)))
        return None

    def _supply(self, option: Option, *, others: bool = False) -> Supply:
        key = (id(option), others)
        if key not in self._supplies:
            self._supplies[key] = Supply(option.sites, others=others)
        return self._supplies[key]


def _all_of(parts: Iterable[Part], everywhere: int) -> int:
    found = everywhere
    for _, mask in parts:
        found &= mask
    return found


def _every(step: int, first: int, length: int) -> int:
    """Bits first, first + step, first + 2·step … below `length`."""
    count = -(-length // step)
    return ((1 << (count * step)) - 1) // ((1 << step) - 1) << first & masks.run(0, length)
