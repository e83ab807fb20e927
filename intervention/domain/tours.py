"""The shortest tour from a base through some buildings and back: exact, in whole metres and minutes.

Knows the road only. Which visits are in a tour, on which day, is the business of `regrouping` and `ledger`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from intervention.domain.ledger_facts import Leg, Tour
from intervention.domain.shortest_roads import MINUTE_MASK, ClosedRoads
from intervention.domain.travel import TravelTimes

# Beyond this nobody's day goes, and the table of subsets would cost more than a page is worth.
MAX_STOPS = 10


class TourBook:
    """Shortest tours from `base` through any of `sites`; bit k of a mask is `sites[k]`, all joined to the base by road.

    Held and Karp (1962) over the subsets asked for, kept. Costs are packed (metres, minutes): the fewest metres, then
    the fewest minutes; equal tours are told apart by the order of `sites`.
    """

    def __init__(self, roads: ClosedRoads, base: UUID, sites: Sequence[UUID]) -> None:
        self.base, self.sites = base, tuple(sites)
        start, at = roads.index[base], [roads.index[site] for site in sites]
        self._out = [roads.cost(start, i) for i in at]
        self._back = [roads.cost(i, start) for i in at]
        self._to = [[roads.cost(i, j) for i in at] for j in at]
        self._paths: dict[int, dict[int, int]] = {1 << k: {k: out} for k, out in enumerate(self._out)}
        self._costs: dict[int, int] = {0: 0}

    def cost(self, mask: int) -> int:
        """Packed cost of the shortest tour through the sites of `mask`, at most MAX_STOPS of them."""
        known = self._costs.get(mask)
        if known is None:
            back = self._back
            known = self._costs[mask] = min(path + back[last] for last, path in self._ends(mask).items())
        return known

    def minutes(self, mask: int) -> int:
        return self.cost(mask) & MINUTE_MASK

    def order(self, mask: int) -> tuple[UUID, ...]:
        """The stops of that tour, first to last."""
        backwards: list[int] = []
        rest, after = mask, self._back
        while rest:
            ends = self._ends(rest)
            last = min(ends, key=lambda k: (ends[k] + after[k], k))
            backwards.append(last)
            rest, after = rest ^ 1 << last, self._to[last]
        return tuple(self.sites[k] for k in reversed(backwards))

    def _ends(self, mask: int) -> dict[int, int]:
        """Cost of the shortest path from the base through all of `mask`, by its last site."""
        known = self._paths.get(mask)
        if known is None:
            known = {}
            for last in bits(mask):
                into = self._to[last]
                before = self._ends(mask ^ 1 << last)
                known[last] = min([path + into[k] for k, path in before.items()])
            self._paths[mask] = known
        return known


def bits(mask: int) -> Iterator[int]:
    """Indices of the set bits, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def best_tour(times: TravelTimes, base: UUID, stops: Collection[UUID], *, winter: bool) -> Tour:
    """The shortest tour through distinct `stops`; ValueError `no_road` when one is out of reach of the base.

    Beyond MAX_STOPS the order is that of cheapest insertion, an upper bound.
    """
    roads = times.roads(winter=winter)
    sites = sorted(set(stops) - {base})
    if any(not roads.connects(base, site) or not roads.connects(site, base) for site in sites):
        raise ValueError("no_road")
    if len(sites) > MAX_STOPS:
        return drawn(times, base, _inserted(roads, base, sites), winter=winter)
    return drawn(times, base, TourBook(roads, base, sites).order((1 << len(sites)) - 1), winter=winter)


def drawn(times: TravelTimes, base: UUID, stops: Sequence[UUID], *, winter: bool) -> Tour:
    """The tour with its legs, each with the season's minutes and the sources of the way it takes."""
    if not stops:
        return Tour(base)
    roads = times.roads(winter=winter)
    ends = [base, *stops, base]
    return Tour(
        base,
        tuple(stops),
        tuple(
            Leg(start, end, replace(times.provenance(roads.path(start, end)), minutes=roads.minutes(start, end)))
            for start, end in pairwise(ends)
        ),
    )


def _inserted(roads: ClosedRoads, base: UUID, sites: Sequence[UUID]) -> list[UUID]:
    cost, index = roads.cost, roads.index

    def longer(before: UUID, site: UUID, after: UUID) -> int:
        a, k, b = index[before], index[site], index[after]
        return cost(a, k) + cost(k, b) - cost(a, b)

    ring = [base]
    for site in sites:
        at = min(range(len(ring)), key=lambda i: longer(ring[i], site, ring[(i + 1) % len(ring)]))
        ring.insert(at + 1, site)
    return ring[1:]
