"""The search for a week's cheapest plan: day by day, the séances still to place, the cheapest way to have got there.

Exact when it ends: a plan is set aside only when the prices prove that it cannot become cheaper than one already held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from intervention.domain.regrouping_prices import Prices
from intervention.domain.regrouping_problem import Offer, Problem, Spent, TooLong

NEVER = 1 << 90
Counts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How far a plan has gone: its packed cost and the sites visited on each slot filled."""

    cost: int = 0
    visits: tuple[int, ...] = ()


class Search:
    """`best` and `below` hold the cheapest plan found under the cost given; `is_over` says that the search ended."""

    def __init__(self, problem: Problem, prices: Prices, below: int, spend: Spent) -> None:
        self.problem, self.prices, self.below, self.spend = problem, prices, below, spend
        self.best: tuple[int, ...] | None = None
        self.is_over = False
        days = [problem.line_up.day(slot) for slot in range(len(problem.line_up))]
        self._offers = [problem.offers(day) for day in days]
        largest = [max(offer.room for offer in offers) for offers in self._offers]
        self._ahead = [sum(largest[slot + 1 :]) for slot in range(len(days))]

    def run(self) -> None:
        level = {self.problem.counts: Way()}
        try:
            for slot in range(len(self._offers)):
                level = self._after(slot, level)
            self.is_over = True
        except TooLong:
            return

    def _after(self, slot: int, level: dict[Counts, Way]) -> dict[Counts, Way]:
        """The ways that lead past this slot, by what they leave to place."""
        found: dict[Counts, Way] = {}
        for counts, way in level.items():
            for offer, left in self._steps(slot, counts, way.cost):
                cost = way.cost + offer.added
                if not any(left):
                    self._keep(cost, (*way.visits, offer.sites))
                elif left not in found or found[left].cost > cost:
                    found[left] = Way(cost, (*way.visits, offer.sites))
        return found

    def _keep(self, cost: int, visits: tuple[int, ...]) -> None:
        if cost < self.below:
            self.below, self.best = cost, visits + (0,) * (len(self._offers) - len(visits))

    def _steps(self, slot: int, counts: Counts, cost: int) -> Iterator[tuple[Offer, Counts]]:
        """Offers of the slot and what each way of filling them leaves, those left out that cannot lead to better.

        Among interchangeable days the one that goes to the first site still due is taken first.
        """
        kinds = self.problem.kinds
        due = [site for (site, _), count in zip(kinds, counts, strict=True) if count]
        live = sum(1 << site for site in set(due))
        first = 1 << due[0] if slot >= self.problem.line_up.alike_from else 0
        minutes = sum([count * length for count, (_, length) in zip(counts, kinds, strict=True)])
        least = minutes - self._ahead[slot]
        bound = cost + self.prices.worth(counts) - self.prices.given[slot + 1]
        for offer in self._offers[slot]:
            self.spend(1)
            if cost + offer.added >= self.below:
                return
            if not offer.sites & ~live and offer.sites & first == first and offer.room >= least:
                worth = bound + offer.added - self.below + 1
                yield from ((offer, left) for left in self._fillings(offer, counts, least, worth))

    def _fillings(self, offer: Offer, counts: Counts, least: int, worth: int) -> list[Counts]:
        """What is left after each filling of the offer to which no séance could be added, of `least` minutes or more
        and `worth` or more at the prices."""
        price, kinds = self.prices.by_site, self.problem.kinds
        chosen = [k for k, (site, _) in enumerate(kinds) if offer.sites >> site & 1 and counts[k]]
        chosen.sort(key=lambda k: -price[kinds[k][0]])
        lots = [(k, kinds[k][1], price[kinds[k][0]], counts[k]) for k in chosen]
        later = list(accumulate((lot[1] * lot[3] for lot in reversed(lots)), initial=0))[::-1]
        most_left, left, found = offer.room - least, list(counts), list[Counts]()

        def fill(at: int, room: int, shortest: int, wanted: int) -> None:
            if at == len(lots):
                if room < shortest and wanted <= 0 and room <= most_left:
                    found.append(tuple(left))
                return
            k, minutes, each, count = lots[at]
            if room * each < wanted or room - later[at] > most_left:
                return
            fits = room // minutes
            self.spend(1)
            if fits >= count:
                left[k] = 0
                fill(at + 1, room - count * minutes, shortest, wanted - count * minutes * each)
            shortest = min(shortest, minutes)
            for taken in range(min(count - 1, fits), -1, -1):
                left[k] = count - taken
                fill(at + 1, room - taken * minutes, shortest, wanted - taken * minutes * each)
            left[k] = count

        fill(0, offer.room, NEVER, worth)
        return found
