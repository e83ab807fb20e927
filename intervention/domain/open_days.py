"""The days on which a remote visit could have been driven, and what each added visit costs there.

Her own visits of the day are fixed. A set of visits fits when its tour and the tours of all its parts leave room for
the service: defined so, fewer visits never fit less, which every bound of the search relies on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from intervention.domain.shortest_roads import NO_ROAD
from intervention.domain.tours import MAX_STOPS, TourBook, bits

CLOSED = -1
_NEVER = 1 << 20


class Shape:
    """What the road adds to a day that starts at one base with some visits already fixed."""

    def __init__(self, book: TourBook, fixed: int) -> None:
        self.book, self.fixed = book, fixed
        self._needs: dict[int, int] = {}

    def added(self, mask: int) -> int:
        """Packed cost added by the sites of `mask`; never negative, by the triangle inequality."""
        return self.book.cost(self.fixed | mask) - self.book.cost(self.fixed)

    def needs(self, mask: int) -> int:
        """Minutes of road of the day with `mask`, or more than any day when the stops are too many."""
        known = self._needs.get(mask)
        if known is None:
            known = self._needs[mask] = self._minutes(mask)
        return known

    def _minutes(self, mask: int) -> int:
        if (self.fixed | mask).bit_count() > MAX_STOPS:
            return _NEVER
        parts = [self.needs(mask ^ 1 << k) for k in bits(mask)]
        if _NEVER in parts or self.book.cost(self.fixed | mask) >= NO_ROAD:
            return _NEVER
        return max([self.book.minutes(self.fixed | mask), *parts])


@dataclass(frozen=True, slots=True)
class OpenDay:
    """`minutes_left` is the longest day less the service given in person; CLOSED takes no visit."""

    shape: Shape
    minutes_left: int

    @property
    def key(self) -> tuple[int, int]:
        """Equal for interchangeable days."""
        return id(self.shape), self.minutes_left

    def room(self, mask: int) -> int:
        """Service minutes the day can hold when `mask` is visited; negative when it cannot be."""
        return self.minutes_left - self.shape.needs(mask) if self.minutes_left >= 0 else CLOSED

    def added(self, mask: int) -> int:
        return self.shape.added(mask)


@dataclass(frozen=True)
class LineUp:
    """The days in the order a search fills them: the largest group of interchangeable days last."""

    days: tuple[OpenDay, ...]

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Indices of the days."""
        open_days = [i for i, day in enumerate(self.days) if day.minutes_left >= 0]
        return tuple(sorted(open_days, key=lambda i: (len(self._alike(i)), self._alike(i)[0], i)))

    @cached_property
    def alike_from(self) -> int:
        """The slot from which all days are interchangeable."""
        return len(self.order) - len(self._alike(self.order[-1])) if self.order else 0

    def __len__(self) -> int:
        return len(self.order)

    def day(self, slot: int) -> OpenDay:
        return self.days[self.order[slot]]

    def by_day(self, visits: Sequence[int]) -> tuple[int, ...]:
        """Masks given by slot, put back on their days; a closed day has none."""
        found = dict(zip(self.order, visits, strict=True))
        return tuple(found.get(i, 0) for i in range(len(self.days)))

    def _alike(self, index: int) -> list[int]:
        return [i for i, other in enumerate(self.days) if other.key == self.days[index].key]
