"""The slow, obvious search: every tick of every option is looked at by itself, with lists and sets, no masks.

Written from the rules as people say them. It shares the values of `domain.slots` with the search, and no code.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from uuid import UUID

from intervention.domain.slots import Calendar, Day, Option, Problem, Rule, SitePlan, Stop, Traveller


@lru_cache(maxsize=512)
def bits(mask: int, length: int) -> frozenset[int]:
    return frozenset(k for k in range(length) if mask >> k & 1)


class Oracle:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ticks = range(problem.length)

    def allowed(self, option: int) -> set[int]:
        return {start for start in self.makes_sense(option) if not self.refusing(start, option)}

    def makes_sense(self, option: int) -> set[int]:
        only = self.problem.options[option].only
        return set(self.starts()) if only is None else set(self.starts()) & bits(only, self.problem.length)

    def starts(self) -> range:
        return range(self.problem.length - self.problem.duration + 1)

    def refusing(self, start: int, option: int) -> set[tuple[Rule, UUID | None]]:
        found: set[tuple[Rule, UUID | None]] = set()
        span = set(range(start, start + self.problem.duration))
        if start < self.problem.not_before:
            found.add((Rule.TOO_SOON, None))
        chosen = self.problem.options[option]
        for traveller in self.problem.travellers:
            found |= {(rule, traveller.resource_id) for rule in self.travel(traveller, chosen, start, span)}
        for site in chosen.sites:
            found |= self.site(site, span, start)
        return found | self.vying(chosen, span)

    def vying(self, option: Option, span: set[int]) -> set[tuple[Rule, UUID | None]]:
        """Sites that each could be given a thing, but not all of them one of their own."""
        found: set[tuple[Rule, UUID | None]] = set()
        for rule, pools in (
            (Rule.ROOM_TAKEN, [(s.building_id, s.rooms) for s in option.sites if s.needs_room]),
            (Rule.FACILITATOR_TAKEN, [(s.building_id, s.facilitators) for s in option.sites if s.needs_facilitator]),
            (Rule.KIT_TAKEN, [(s.building_id, s.kits) for s in option.sites if s.kits is not None]),
        ):
            ids = [{each.resource_id for each in pool} for _, pool in pools]
            free = [{each.resource_id for each in pool if self.any_free((each,), span)} for _, pool in pools]
            contested = [n for n in range(len(pools)) if any(ids[n] & ids[m] for m in range(len(pools)) if m != n)]
            choices = product(*(free[n] for n in contested))
            if (
                contested
                and all(free[n] for n in contested)
                and not any(len(set(choice)) == len(choice) for choice in choices)
            ):
                found.add((rule, pools[contested[0]][0]))
        return found

    def site(self, site: SitePlan, span: set[int], start: int) -> set[tuple[Rule, UUID | None]]:  # noqa: C901 - obvious
        found: set[tuple[Rule, UUID | None]] = set()
        length = self.problem.length
        for person in site.people:
            if span & bits(person.busy, length):
                found.add((Rule.PARTICIPANT_BUSY, person.resource_id))
            if person.allowed is not None and not span <= bits(person.allowed, length):
                found.add((Rule.OUTSIDE_AVAILABILITY, person.resource_id))
        at = site.building_id
        if site.school is not None:
            if start not in bits(site.class_days or 0, length):
                found.add((Rule.CLOSED_DAY, at))
            elif not span <= bits(site.school, length):
                found.add((Rule.OUTSIDE_BELLS, at))
        if site.open is not None and not span <= bits(site.open, length):
            found.add((Rule.BUILDING_CLOSED, at))
        if span & bits(site.protected, length):
            found.add((Rule.PROTECTED_TIME, at))
        if site.needs_room and not self.any_free(site.rooms, span):
            found.add((Rule.ROOM_TAKEN if site.rooms else Rule.NO_ROOM, at))
        if site.needs_facilitator and not self.any_free(site.facilitators, span):
            found.add((Rule.FACILITATOR_TAKEN if site.facilitators else Rule.NO_FACILITATOR, at))
        if site.kits is not None and not self.any_free(site.kits, span):
            found.add((Rule.KIT_TAKEN, at))
        return found

    def any_free(self, pool: tuple[Calendar, ...], span: set[int]) -> bool:
        length = self.problem.length
        return any(
            not span & bits(each.busy, length) and (each.allowed is None or span <= bits(each.allowed, length))
            for each in pool
        )

    def travel(self, who: Traveller, option: Option, start: int, span: set[int]) -> set[Rule]:
        length = self.problem.length
        away = bits(who.away, length)
        available = bits(who.available, length)
        at = option.where[who.resource_id]
        found = set()
        if span & away or any(span & set(range(s.starts, s.ends)) for day in who.days for s in day.stops):
            found.add(Rule.PARTICIPANT_BUSY)
        if not span <= available:
            found.add(Rule.OUTSIDE_AVAILABILITY)
        day = next((d for d in who.days if d.starts <= start < d.ends), None)
        if day is None:
            return found | {Rule.MAX_BUILDINGS}
        visited = {s.building_id for s in day.stops} - {who.base}
        if at not in visited | {who.base} and len(visited) >= who.max_buildings:
            found.add(Rule.MAX_BUILDINGS)
        hours = sorted(available & set(range(day.starts, day.ends)))
        if not hours or Rule.PARTICIPANT_BUSY in found:
            return found  # the road means nothing on a day off, or on top of something else
        return found | self.on_the_road(who, day, at, start, hours[0], hours[-1] + 1, away)

    def on_the_road(  # noqa: PLR0917 - obvious
        self, who: Traveller, day: Day, at: UUID, start: int, opens: int, closes: int, away: set[int]
    ) -> set[Rule]:
        end = start + self.problem.duration
        before = max((s for s in day.stops if s.ends <= start), key=lambda s: s.ends, default=None)
        after = min((s for s in day.stops if s.starts > start), key=lambda s: s.starts, default=None)
        need_in = who.need(day, before.building_id if before else who.base, at)
        need_out = who.need(day, at, after.building_id if after else who.base)
        found = set()
        if need_in is None or need_out is None:
            found.add(Rule.NO_ROAD)
        else:
            leg_in = set(range(start - need_in, start))
            leg_out = set(range(after.starts - need_out, after.starts)) if after else set(range(end, end + need_out))
            fits = (
                (start - need_in >= before.ends if before else not need_in or start - need_in >= opens)
                and (end <= after.starts - need_out if after else end + need_out <= (closes if need_out else day.ends))
                and not (leg_in | leg_out) & away
            )
            if not fits:
                found.add(Rule.TOO_SHORT_FOR_ROAD)
            else:
                stops = sorted([*day.stops, Stop(start, end, at)], key=lambda stop: stop.starts)
                had_lunch = self.eats(who, day, list(day.stops), opens, closes, away)
                if had_lunch and not self.eats(who, day, stops, opens, closes, away):
                    found.add(Rule.LUNCH)
        return found

    def eats(  # noqa: PLR0917 - obvious
        self, who: Traveller, day: Day, stops: list[Stop], opens: int, closes: int, away: set[int]
    ) -> bool:
        """Whether a day of these stops has a lunch: in a free time, or where she is, with one road moved for it."""
        window = set(range(max(day.lunch_from, opens), min(day.lunch_until, closes)))
        if not who.lunch_ticks or len(window) < who.lunch_ticks:
            return True
        taken = set(away)
        for stop in stops:
            taken |= set(range(stop.starts, stop.ends))
        roads = self.roads(who, day, stops)
        for road, _ in roads:
            taken |= set(road)
        meals = [set(range(k, k + who.lunch_ticks)) for k in window]
        if any(meal <= window - taken for meal in meals):
            return True
        for at, (road, earliest) in enumerate(roads):
            for meal in meals:
                if at == len(stops):
                    moved = range(max(meal) + 1, max(meal) + 1 + len(road))
                    fits = min(meal) >= earliest and moved.stop <= closes
                else:
                    moved = range(min(meal) - len(road), min(meal))
                    fits = moved.start >= (earliest if at else opens) and max(meal) < stops[at].starts
                if road and fits and meal <= window and not (meal | set(moved)) & away:
                    return True
        return False

    def roads(self, who: Traveller, day: Day, stops: list[Stop]) -> list[tuple[range, int]]:
        """The road to each stop just in time and the one home at once, with the tick from which she is free for it."""
        found = []
        here, free_from = who.base, day.starts
        for stop in stops:
            need = who.need(day, here, stop.building_id) or 0
            found.append((range(stop.starts - need, stop.starts), free_from))
            here, free_from = stop.building_id, stop.ends
        need = who.need(day, here, who.base) or 0
        found.append((range(free_from, free_from + need), free_from))
        return found
