"""Shortest ways among places, so that one stop more never makes a tour shorter.

Knows pairs of integers (metres, minutes) compared in that order; knows nothing of who said them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID

# One integer holds (metres, minutes) in lexicographic order, which adds and compares at the speed of integers.
MINUTE_BITS = 24
MINUTE_MASK = (1 << MINUTE_BITS) - 1
NO_ROAD = 1 << 80

Direct = Callable[[UUID, UUID], tuple[int, int] | None]


def packed(metres: int, minutes: int) -> int:
    return metres << MINUTE_BITS | minutes


class _Reach(NamedTuple):
    """From one place: the packed cost to each, and the place passed just before it."""

    cost: list[int]
    before: list[int]


class ClosedRoads:
    """Packed costs that obey the triangle inequality; NO_ROAD or more when nothing leads there.

    Worked out from one place at a time (Dijkstra 1959), when first asked: a board of hundreds of buildings has a
    handful of bases, and closing every pair at once would take the cube of its size.
    """

    def __init__(self, ids: Sequence[UUID], direct: Direct) -> None:
        self.ids = tuple(ids)
        self.index = {place: number for number, place in enumerate(self.ids)}
        self._direct = direct
        self._rows: dict[int, list[int]] = {}
        self._reached: dict[int, _Reach] = {}

    def cost(self, start: int, end: int) -> int:
        """By place numbers, as `index` gives them."""
        return self._reach(start).cost[end]

    def connects(self, start: UUID, end: UUID) -> bool:
        return self._between(start, end) < NO_ROAD

    def metres(self, start: UUID, end: UUID) -> int:
        return self._between(start, end) >> MINUTE_BITS

    def minutes(self, start: UUID, end: UUID) -> int:
        return self._between(start, end) & MINUTE_MASK

    def path(self, start: UUID, end: UUID) -> tuple[UUID, ...]:
        """The buildings passed on the shortest way, both ends included."""
        first, here = self.index[start], self.index[end]
        before = self._reach(first).before
        found = [here]
        while here != first:
            here = before[here]
            found.append(here)
        return tuple(self.ids[number] for number in reversed(found))

    def _between(self, start: UUID, end: UUID) -> int:
        return self.cost(self.index[start], self.index[end])

    def _reach(self, start: int) -> _Reach:
        found = self._reached.get(start)
        if found is None:
            found = self._reached[start] = self._from(start)
        return found

    def _from(self, start: int) -> _Reach:
        """Straight ways first, so that a way round replaces one only when it is truly shorter."""
        cost, before = list(self._row(start)), [start] * len(self.ids)
        left = set(range(len(self.ids))) - {start}
        while left:
            near = min(left, key=cost.__getitem__)
            left.remove(near)
            so_far = cost[near]
            if so_far >= NO_ROAD:
                break
            onward = self._row(near)
            for end in left:
                if so_far + onward[end] < cost[end]:
                    cost[end], before[end] = so_far + onward[end], near
        return _Reach(cost, before)

    def _row(self, start: int) -> list[int]:
        row = self._rows.get(start)
        if row is None:
            here = self.ids[start]
            given = [None if there == here else self._direct(here, there) for there in self.ids]
            row = [NO_ROAD if pair is None else packed(*pair) for pair in given]
            row[start] = 0
            self._rows[start] = row
        return row
