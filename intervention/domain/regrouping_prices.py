"""A cost no plan can beat: a price for each minute of service at each site, no day worth more than its road.

The prices are a dual of the plan (Gilmore and Gomory 1961): what the séances are worth at these prices, less what
a day with visits of her own may give for nothing, is a lower bound whatever the days chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intervention.domain.open_days import OpenDay
from intervention.domain.regrouping_problem import Offer, Problem
from intervention.domain.tours import bits

_BEYOND = 1 << 80
# Per cent of prices in proportion to each site's own road, before each is raised in turn as far as it goes.
_STARTS = (0, 60, 85, 100)
_USUAL_START = (85,)
_MANY_OFFERS = 100


class Prices:
    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        line_up = problem.line_up
        ordinary = [(offer, tuple(bits(offer.sites))) for offer in problem.offers(line_up.day(len(line_up) - 1))[1:]]
        self._by_site = {site: [pair for pair in ordinary if site in pair[1]] for site in problem.lengths}
        self._ordinary = ordinary
        self.by_site = self._best()
        self.by_kind = tuple(self.by_site[site] * minutes for site, minutes in problem.kinds)
        self.given = [0] * (len(line_up) + 1)
        """By slot, the most that the days from there on give beyond the price of their road."""
        for slot in reversed(range(len(line_up))):
            self.given[slot] = self.given[slot + 1] + self._given(line_up.day(slot))

    def worth(self, counts: Sequence[int]) -> int:
        return sum([price * count for price, count in zip(self.by_kind, counts, strict=True)])

    def rest(self, slot: int, counts: Sequence[int]) -> int:
        """No plan from this slot on holds the séances of `counts` at a lower packed cost."""
        return max(0, self.worth(counts) - self.given[slot])

    def _best(self) -> dict[int, int]:
        service, sites = self._problem.service, list(self._problem.lengths)
        starts = _STARTS if len(self._ordinary) < _MANY_OFFERS else _USUAL_START
        tried = [
            self._raised(start, order) for start in map(self._proportional, starts) for order in (sites, sites[::-1])
        ]
        return max(tried, key=lambda prices: sum(prices[site] * service[site] for site in sites))

    def _proportional(self, percent: int) -> dict[int, int]:
        """Prices in proportion to the road to each site alone, scaled to the share allowed of what every day bears."""
        due = self._problem.service
        alone = {1 << site: site for site in due}
        prices = dict.fromkeys(due, 0)
        for offer, _ in self._ordinary:
            if offer.sites in alone:
                site = alone[offer.sites]
                prices[site] = offer.added // min(offer.room, due[site])
        up, down = 1, 1
        for offer, sites in self._ordinary:
            filled = self._filled(offer, sites, prices)[0]
            if filled * up > offer.added * down:
                up, down = offer.added, filled
        return {site: price * up * percent // (down * 100) for site, price in prices.items()}

    def _raised(self, start: Mapping[int, int], order: Sequence[int]) -> dict[int, int]:
        """Each price in turn as high as every ordinary day allows, the others standing."""
        prices = dict(start)
        for site in order:
            prices[site] = _BEYOND if self._by_site[site] else 0
            for offer, sites in self._by_site[site]:
                self._lower(prices, site, offer, sites)
        return prices

    def _lower(self, prices: dict[int, int], site: int, offer: Offer, sites: Sequence[int]) -> None:
        """Bring one price down until the best filling of the offer is worth no more than its road (Newton)."""
        while True:
            value, minutes = self._filled(offer, sites, prices)
            if value <= offer.added:
                return
            here = minutes[site]
            prices[site] = (offer.added - value + here * prices[site]) // here

    def _filled(self, offer: Offer, sites: Sequence[int], prices: Mapping[int, int]) -> tuple[int, dict[int, int]]:
        """The most the offer's room can be worth, and the minutes at each site that make it so."""
        value, left, minutes = 0, offer.room, {}
        for site in sorted(sites, key=lambda k: -prices[k]):
            minutes[site] = min(left, self._problem.service[site])
            value += minutes[site] * prices[site]
            left -= minutes[site]
        return value, minutes

    def _given(self, day: OpenDay) -> int:
        offers = self._problem.offers(day)
        return max(self._filled(offer, tuple(bits(offer.sites)), self.by_site)[0] - offer.added for offer in offers)
