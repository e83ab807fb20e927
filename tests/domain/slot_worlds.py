"""Random small worlds for the search: three days of thirty-six ticks, four buildings, everything that can refuse."""

from __future__ import annotations

import random
from dataclasses import replace
from uuid import UUID

from intervention.domain.slots import Calendar, Day, Option, Problem, SitePlan, Stop, Traveller

BUILDINGS = tuple(UUID(int=n + 1) for n in range(4))
DAY, DAYS = 36, 3
LENGTH = DAY * DAYS


def random_problem(seed: int) -> Problem:
    rng = random.Random(seed)
    travellers = tuple(_traveller(rng, UUID(int=100 + n)) for n in range(rng.choice([1, 1, 2])))
    options = (_option(rng, travellers), *(_extra(rng, travellers) for _ in range(rng.choice([0, 1, 2]))))
    return Problem(
        origin=rng.randrange(0, 6),
        length=LENGTH,
        not_before=rng.randrange(0, 12),
        duration=rng.choice([1, 2, 3, 5]),
        travellers=travellers,
        options=options,
        shorter=(1, 2),
    )


def _busy(rng: random.Random, spans: int, longest: int = 5) -> int:
    mask = 0
    for _ in range(rng.randrange(spans + 1)):
        mask |= ((1 << rng.randint(1, longest)) - 1) << rng.randrange(LENGTH)
    return mask & ((1 << LENGTH) - 1)


def _hours(rng: random.Random) -> int:
    mask = 0
    for day in range(DAYS):
        if rng.random() < 0.9:
            low, high = sorted((rng.randrange(0, 7), rng.randrange(26, DAY)))
            mask |= ((1 << (high - low)) - 1) << (day * DAY + low)
            if rng.random() < 0.3:
                mask &= ~(3 << (day * DAY + rng.randrange(low, high)))
    return mask


def _traveller(rng: random.Random, resource: UUID) -> Traveller:
    needs = {
        (a, b): (None if rng.random() < 0.05 else rng.randint(1, 6)) for a in BUILDINGS for b in BUILDINGS if a != b
    }
    days = []
    for day in range(DAYS):
        stops, at = [], day * DAY + rng.randrange(2, 10)
        while at < day * DAY + 28 and rng.random() < 0.6:
            end = at + rng.randint(1, 5)
            stops.append(Stop(at, end, rng.choice(BUILDINGS)))
            at = end + rng.randrange(0, 10)
        lunch = day * DAY + rng.randrange(10, 16)
        days.append(
            Day(day * DAY, (day + 1) * DAY, lunch, lunch + rng.randrange(2, 10), tuple(stops), rng.random() < 0.5)
        )
    return Traveller(
        resource,
        rng.choice(BUILDINGS),
        _hours(rng),
        _busy(rng, 3, 3),
        tuple(days),
        max_buildings=rng.randint(1, 3),
        lunch_ticks=rng.choice([0, 2, 4]),
        needs={True: needs, False: {pair: need and max(1, need - 1) for pair, need in needs.items()}},
    )


def _option(rng: random.Random, travellers: tuple[Traveller, ...]) -> Option:
    where = {t.resource_id: rng.choice(BUILDINGS) for t in travellers}
    chosen = rng.choices(BUILDINGS, k=rng.choice([1, 1, 2, 3]))
    sites = [_site(rng, building) for building in chosen]
    if rng.random() < 0.5:  # one building's rooms, or helpers who go to several schools
        rooms, helpers = _pool(rng, 3, 5000), _pool(rng, 3, 6000)
        sites = [
            replace(site, rooms=_some(rng, rooms), other_rooms=rooms, facilitators=_some(rng, helpers))
            for site in sites
        ]
    return Option(tuple(sites), where, is_remote=rng.random() < 0.5)


def _extra(rng: random.Random, travellers: tuple[Traveller, ...]) -> Option:
    """Another way; at times one that was not asked for, or that makes sense on some days only."""
    days = sum(((1 << DAY) - 1) << (day * DAY) for day in range(DAYS) if rng.random() < 0.5)
    return replace(_option(rng, travellers), is_asked=rng.random() < 0.7, only=days if rng.random() < 0.3 else None)


def _some(rng: random.Random, pool: tuple[Calendar, ...]) -> tuple[Calendar, ...]:
    return tuple(each for each in pool if rng.random() < 0.7)


def _site(rng: random.Random, building: UUID) -> SitePlan:
    school = class_days = None
    if rng.random() < 0.6:
        class_days = sum(((1 << DAY) - 1) << (day * DAY) for day in range(DAYS) if rng.random() < 0.85)
        school = _hours(rng) & class_days
    return SitePlan(
        building,
        people=_pool(rng, 2, 10 * building.int),
        school=school,
        class_days=class_days,
        open=_hours(rng) if rng.random() < 0.4 else None,
        protected=_busy(rng, 2),
        needs_room=rng.random() < 0.7,
        rooms=_pool(rng, 3, 1000 * building.int),
        other_rooms=_pool(rng, 2, 2000 * building.int),
        needs_facilitator=rng.random() < 0.5,
        facilitators=_pool(rng, 2, 3000 * building.int),
        kits=_pool(rng, 2, 4000 * building.int) if rng.random() < 0.2 else None,
        bells=_busy(rng, 4, 1),
    )


def _pool(rng: random.Random, most: int, first: int) -> tuple[Calendar, ...]:
    return tuple(
        Calendar(
            UUID(int=first + rng.randrange(10**6) * 10_000 + n),
            _busy(rng, 4),
            _hours(rng) if rng.random() < 0.25 else None,
            rng.random() < 0.7,
        )
        for n in range(rng.choice((0, *range(1, most + 1), *range(1, most + 1))))
    )
