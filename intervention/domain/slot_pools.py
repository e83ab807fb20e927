"""What sites get out of pools: any one of twenty rooms, but never the same one for two sites at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from intervention.domain.slots import Calendar, Given, SitePlan

Free = Callable[[Calendar], int]


class Thing(IntEnum):
    """In the order of the fields of `Given`."""

    ROOM = 0
    FACILITATOR = 1
    KIT = 2


class Need(NamedTuple):
    """One thing that one site must be given."""

    thing: Thing
    site: int
    pool: tuple[Calendar, ...]


class Supply:
    """The needs of an option's sites. `others`: what would do too counts as well, wherever one was named."""

    def __init__(self, sites: Sequence[SitePlan], *, others: bool = False) -> None:
        self.sites = sites
        needs = list(_needs(sites, others=others))
        self.contested = [found for thing in Thing if (found := _contested(needs, thing))]
        vying = {(need.thing, need.site) for group in self.contested for need in group}
        self.alone = [need for need in needs if (need.thing, need.site) not in vying]

    def short(self, free: Free) -> Iterator[tuple[Need, int]]:
        """By the first of the needs that draw on a common pool: starts at which each could be met, but not all."""
        for group in self.contested:
            yield group[0], _unmatched(group, free)

    def given(self, start: int, free: Free) -> tuple[Given, ...]:
        """What each site gets at `start`, the first of its pool that it can; empty when there is not enough.

        A need whose pool is empty gets nothing: such a start is allowed by nobody who has not accepted that.
        """
        found: list[list[UUID | None]] = [[None, None, None] for _ in self.sites]
        for need in filter(_has_pool, self.alone):
            for each in need.pool:
                if free(each) >> start & 1:
                    found[need.site][need.thing] = each.resource_id
                    break
            else:
                return ()
        for group in self.contested:
            free_of = [[each.resource_id for each in need.pool if free(each) >> start & 1] for need in group]
            dealt = _dealt(free_of, frozenset())
            if dealt is None:
                return ()
            for need, resource in zip(group, dealt, strict=True):
                found[need.site][need.thing] = resource
        return tuple(Given(*things) for things in found)


def _has_pool(need: Need) -> bool:
    return bool(need.pool)


def _needs(sites: Sequence[SitePlan], *, others: bool) -> Iterator[Need]:
    for n, site in enumerate(sites):
        if site.needs_room:
            yield Need(Thing.ROOM, n, site.rooms + site.other_rooms if others else site.rooms)
        if site.needs_facilitator:
            pool = site.facilitators + site.other_facilitators if others else site.facilitators
            yield Need(Thing.FACILITATOR, n, pool)
        if site.kits is not None:
            yield Need(Thing.KIT, n, site.kits)


def _contested(needs: Sequence[Need], thing: Thing) -> list[Need]:
    """The needs of a thing that share something of their pool with another."""
    same = [need for need in needs if need.thing is thing]
    if len(same) < 2:
        return []
    ids = [{each.resource_id for each in need.pool} for need in same]
    return [need for n, need in enumerate(same) if any(ids[n] & others for m, others in enumerate(ids) if m != n)]


def _unmatched(group: Sequence[Need], free: Free) -> int:
    """Hall's theorem, start by start: some needs have fewer free things between them than they are."""
    alone = -1
    for need in group:
        alone &= any_of(need.pool, free)
    refused = 0
    for size in range(2, len(group) + 1):
        for some in combinations(group, size):
            union = {each.resource_id: each for need in some for each in need.pool}
            refused |= ~_at_least(size, map(free, union.values()))
    return alone & refused


def any_of(pool: Iterable[Calendar], free: Free, enough: int = -1) -> int:
    """Starts at which one of the pool is free; when they are `enough`, the rest of a pool is not looked at."""
    found = 0
    for each in pool:
        found |= free(each)
        if found == enough:
            break
    return found


def _at_least(count: int, masks: Iterable[int]) -> int:
    """Bits that are set in `count` of the masks or more."""
    reached = [-1] + [0] * count
    for mask in masks:
        for n in range(count, 0, -1):
            reached[n] |= reached[n - 1] & mask
    return reached[count]


def _dealt(pools: Sequence[Sequence[UUID]], taken: frozenset[UUID]) -> list[UUID] | None:
    """One of each pool, all different, first choices first; None when that cannot be."""
    if not pools:
        return []
    for each in pools[0]:
        if each not in taken:
            rest = _dealt(pools[1:], taken | {each})
            if rest is not None:
                return [each, *rest]
    return None
