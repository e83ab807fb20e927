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
        return {start for start in self.starts() if not self.refusing(start, option)}

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
            elif not self.has_lunch(who, day, before, after, start, need_in, need_out, opens, closes, away):
                found.add(Rule.LUNCH)
        return found

    def has_lunch(  # noqa: PLR0917 - obvious
        self,
        who: Traveller,
        day: Day,
        before: Stop | None,
        after: Stop | None,
        start: int,
        need_in: int,
        need_out: int,
        opens: int,
        closes: int,
        away: set[int],
    ) -> bool:
        window = set(range(max(day.lunch_from, opens), min(day.lunch_until, closes)))
        if not who.lunch_ticks or len(window) < who.lunch_ticks:
            return True
        end = start + self.problem.duration
        taken = set(away) | set(range(start - need_in, end))
        taken |= set(range(after.starts - need_out, after.starts)) if after else set(range(end, end + need_out))
        for stop in day.stops:
            taken |= set(range(stop.starts, stop.ends))
        for first, second in zip([None, *day.stops], [*day.stops, None], strict=True):
            if (first, second) != (before, after):
                taken |= self.leg(who, day, first, second)
        free = window - taken
        return any(set(range(k, k + who.lunch_ticks)) <= free for k in window)

    def leg(self, who: Traveller, day: Day, first: Stop | None, second: Stop | None) -> set[int]:
        if first is None and second is None:
            return set()
        need = who.need(day, first.building_id if first else who.base, second.building_id if second else who.base) or 0
        if second is not None:
            return set(range(second.starts - need, second.starts))
        assert first is not None
        return set(range(first.ends, first.ends + need))
