"""The cheapest way to put visits, each kept whole, on the days of a week: dynamic programming over their subsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intervention.domain.open_days import LineUp, OpenDay
from intervention.domain.regrouping_problem import MAX_SETS, Spent, TooLong

NEVER = 1 << 90


@dataclass(frozen=True, slots=True)
class Bundle:
    """Some visits on one day: their bits, the sites they are at, the packed cost they add."""

    visits: int
    sites: int
    added: int


class Parts:
    """Visits (site, service minutes) put on days, two visits to a site never on the same."""

    def __init__(self, line_up: LineUp, visits: Sequence[tuple[int, int]], spend: Spent) -> None:
        self._line_up, self._visits, self._spend = line_up, tuple(visits), spend
        self._all = (1 << len(visits)) - 1
        self._costs: dict[tuple[int, int], int] = {}
        self._bundles: dict[tuple[int, int], list[Bundle]] = {}
        self._by_first: dict[int, list[Bundle]] = {}

    def cost(self, slot: int = 0, placed: int = 0) -> int:
        """Packed cost of what is still to place from `slot` on, NEVER when it cannot be."""
        if placed == self._all:
            return 0
        if slot == len(self._line_up):
            return NEVER
        known = self._costs.get((slot, placed))
        if known is None:
            known = min([self._with(slot, placed, bundle) for bundle in self._choices(slot, placed)], default=NEVER)
            self._costs[slot, placed] = known
        return known

    def sites_by_slot(self) -> list[int]:
        """The sites of each slot in a cheapest way; to be asked only when there is one."""
        placed, found = 0, [0] * len(self._line_up)
        for slot in range(len(self._line_up)):
            if placed == self._all:
                break
            cost = self.cost(slot, placed)
            bundle = next(b for b in self._choices(slot, placed) if self._with(slot, placed, b) == cost)
            placed |= bundle.visits
            found[slot] = bundle.sites
        return found

    def _with(self, slot: int, placed: int, bundle: Bundle) -> int:
        return bundle.added + self.cost(slot + 1, placed | bundle.visits)

    def _choices(self, slot: int, placed: int) -> list[Bundle]:
        """Bundles still open at this slot; among interchangeable days the first visit left goes first."""
        bundles = self._of(self._line_up.day(slot))
        if slot >= self._line_up.alike_from:
            if not self._by_first:
                for bundle in bundles:
                    self._by_first.setdefault(bundle.visits & -bundle.visits, []).append(bundle)
            bundles = self._by_first.get(~placed & placed + 1, [])
        self._spend(len(bundles))
        return [bundle for bundle in bundles if not bundle.visits & placed]

    def _of(self, day: OpenDay) -> list[Bundle]:
        if day.key not in self._bundles:
            found = self._bundles[day.key] = [Bundle(0, 0, 0)]
            self._grow(day, found, Bundle(0, 0, 0), 0)
        return self._bundles[day.key]

    def _grow(self, day: OpenDay, found: list[Bundle], bundle: Bundle, service: int) -> None:
        """Add every bundle that extends this one by later visits and fits the day."""
        for k in range(bundle.visits.bit_length(), len(self._visits)):
            site, minutes = self._visits[k]
            sites = bundle.sites | 1 << site
            self._spend(1)
            if sites != bundle.sites and service + minutes <= day.room(sites):
                longer = Bundle(bundle.visits | 1 << k, sites, day.added(sites))
                found.append(longer)
                if len(found) > MAX_SETS:
                    raise TooLong
                self._grow(day, found, longer, service + minutes)
