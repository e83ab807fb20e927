"""The published saving split over the séances it comes from, so that any table of them adds up to it exactly.

A breakdown, never the source of the total. Within a day each building gets its Shapley value: what its visit adds to
the tour, averaged over every order in which the visits could have been added; its séances share equally.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from uuid import UUID

from intervention.domain.ledger_facts import Amount, Counted, Day, WeekLedger
from intervention.domain.shortest_roads import MINUTE_BITS, ClosedRoads
from intervention.domain.tours import MAX_STOPS, TourBook
from intervention.domain.travel import TravelTimes

# 2^8 tours for a day; beyond, each building weighs its own round trip, an easy proxy within a fifth of the value.
MAX_SITES = 8


def shares(ledger: WeekLedger, times: TravelTimes) -> list[tuple[Counted, Amount]]:
    """The headline split over `ledger.counted`, in its order; metres and minutes each add up to the headline."""
    roads = times.roads(winter=ledger.is_winter)
    weights: dict[Counted, Fraction] = {}
    for day in ledger.days:
        items = [item for item in ledger.counted if item.on == day.on]
        seances = Counter(item.building_id for item in items)
        values = _values(roads, day, sorted(seances))
        weights |= {item: values[item.building_id] / seances[item.building_id] for item in items}
    ordered = [weights[item] for item in ledger.counted]
    metres = apportion(ledger.headline.metres, ordered)
    minutes = apportion(ledger.headline.minutes, ordered)
    return [(item, Amount(*pair)) for item, pair in zip(ledger.counted, zip(metres, minutes, strict=True), strict=True)]


def apportion(total: int, weights: Sequence[Fraction]) -> list[int]:
    """`total` in whole parts proportional to `weights`, by largest remainder, the first of equals served first.

    Equal parts when no weight is positive; a negative total is split like its opposite.
    """
    if total < 0:
        return [-part for part in apportion(-total, weights)]
    scale = sum(weights)
    exact = [total * weight / scale if scale else Fraction(total, len(weights)) for weight in weights]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _values(roads: ClosedRoads, day: Day, buildings: Sequence[UUID]) -> dict[UUID, Fraction]:
    """The Shapley value of each building in the metres that its day's visits add to her own tour."""
    own = [stop for stop in day.actual.stops if stop not in buildings]
    if len(buildings) > MAX_SITES or len(own) + len(buildings) > MAX_STOPS:
        base = day.actual.base
        return {b: Fraction(roads.metres(base, b) + roads.metres(b, base)) for b in buildings}
    book = TourBook(roads, day.actual.base, [*buildings, *own])
    fixed = (1 << len(own)) - 1 << len(buildings)
    metres = [book.cost(fixed | visits) >> MINUTE_BITS for visits in range(1 << len(buildings))]
    return {building: _shapley(metres, k, len(buildings)) for k, building in enumerate(buildings)}


def _shapley(worth: Sequence[int], player: int, players: int) -> Fraction:
    """The Shapley value of one player in a game given by the worth of every coalition (bit masks)."""
    total = sum(
        factorial(others.bit_count())
        * factorial(players - 1 - others.bit_count())
        * (worth[others | 1 << player] - worth[others])
        for others in range(1 << players)
        if not others >> player & 1
    )
    return Fraction(total, factorial(players))
