"""A week's remote séances to place on days: what each day offers, and how much a search may spend on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from intervention.domain.open_days import LineUp, OpenDay
from intervention.domain.tours import bits

# Sets of schools that a day may hold, tried at most: a dozen schools of one town would have thousands.
MAX_SETS = 600


class TooLong(Exception):
    """The search has spent its steps, or would."""


@dataclass
class Spent:
    """Steps, not seconds: the same week gives the same figure on any machine."""

    limit: int
    steps: int = 0

    def __call__(self, steps: int) -> None:
        self.steps += steps
        if self.steps > self.limit:
            raise TooLong


@dataclass(frozen=True, slots=True)
class Seance:
    """`minutes` of service at site bit `site`, held on day `day` (an index)."""

    site: int
    minutes: int
    day: int


@dataclass(frozen=True, slots=True, order=True)
class Offer:
    """What a day gives for visiting `sites`: the packed cost it adds and the service minutes it can really hold."""

    added: int
    sites: int
    room: int


@dataclass(frozen=True)
class Problem:
    line_up: LineUp
    seances: tuple[Seance, ...]
    _offers: dict[tuple[int, int], tuple[Offer, ...]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def lengths(self) -> dict[int, list[int]]:
        """Minutes of the séances of each site, longest first; the sites farthest from the road first."""
        found: dict[int, list[int]] = {}
        for seance in sorted(self.seances, key=lambda s: (-self._alone[s.site], s.site, -s.minutes)):
            found.setdefault(seance.site, []).append(seance.minutes)
        return found

    @cached_property
    def service(self) -> dict[int, int]:
        """Minutes of service due at each site."""
        return {site: sum(minutes) for site, minutes in self.lengths.items()}

    @cached_property
    def kinds(self) -> tuple[tuple[int, int], ...]:
        """The distinct (site, minutes) of the séances, which are interchangeable within a kind."""
        return tuple(dict.fromkeys((site, minutes) for site, held in self.lengths.items() for minutes in held))

    @cached_property
    def counts(self) -> tuple[int, ...]:
        found = Counter((seance.site, seance.minutes) for seance in self.seances)
        return tuple(found[kind] for kind in self.kinds)

    @cached_property
    def has_room(self) -> bool:
        """Whether each séance fits some day when it is alone on it."""
        return all(self.largest_room(site) >= lengths[0] for site, lengths in self.lengths.items())

    @cached_property
    def farthest(self) -> int:
        """The packed cost that a visit to the site farthest from the roads of the week adds at least."""
        return max(self._alone.values(), default=0)

    def largest_room(self, site: int) -> int:
        """The most service minutes one visit to `site` can hold, on the best day."""
        return max((day.room(1 << site) for day in self.line_up.days), default=-1)

    def offers(self, day: OpenDay) -> tuple[Offer, ...]:
        """Every set of sites the day can visit with a séance at each, the cheapest first; beginning with none.

        Raises TooLong past MAX_SETS of them.
        """
        known = self._offers.get(day.key)
        if known is None:
            found = [Offer(0, 0, 0)]
            for site in self.lengths:
                wider = (offer.sites | 1 << site for offer in tuple(found))
                found += [self._offer(day, sites) for sites in wider if day.room(sites) >= self._least(sites)]
                if len(found) > MAX_SETS:
                    raise TooLong
            known = self._offers[day.key] = tuple(sorted(found))
        return known

    def _offer(self, day: OpenDay, sites: int) -> Offer:
        """Its room rounded down to what séances of these lengths can add up to."""
        held = self._sums & (1 << day.room(sites) + 1) - 1
        return Offer(day.added(sites), sites, held.bit_length() - 1)

    def _least(self, sites: int) -> int:
        return sum(self.lengths[site][-1] for site in bits(sites))

    @cached_property
    def _sums(self) -> int:
        """Bit m is set when some séances last m minutes together."""
        sums = 1
        for seance in self.seances:
            sums |= sums << seance.minutes
        return sums

    @cached_property
    def _alone(self) -> dict[int, int]:
        """The least a visit to each site alone adds to a day, 0 when no day can hold it."""
        return {
            site: min((day.added(1 << site) for day in self.line_up.days if day.room(1 << site) >= 0), default=0)
            for site in {seance.site for seance in self.seances}
        }
