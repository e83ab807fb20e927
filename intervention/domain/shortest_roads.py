"""Shortest ways among places, so that one stop more never makes a tour shorter.

Knows pairs of integers (metres, minutes) compared in that order; knows nothing of who said them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

# One integer holds (metres, minutes) in lexicographic order, which adds and compares at the speed of integers.
MINUTE_BITS = 24
MINUTE_MASK = (1 << MINUTE_BITS) - 1
NO_ROAD = 1 << 80


def packed(metres: int, minutes: int) -> int:
    return metres << MINUTE_BITS | minutes


@dataclass(frozen=True, slots=True)
class ClosedRoads:
    """Packed costs `cost[i][j]` that obey the triangle inequality; NO_ROAD or more when nothing leads there."""

    ids: tuple[UUID, ...]
    index: Mapping[UUID, int]
    cost: tuple[tuple[int, ...], ...]
    middle: tuple[tuple[int, ...], ...]

    def connects(self, start: UUID, end: UUID) -> bool:
        return self.cost[self.index[start]][self.index[end]] < NO_ROAD

    def metres(self, start: UUID, end: UUID) -> int:
        return self.cost[self.index[start]][self.index[end]] >> MINUTE_BITS

    def minutes(self, start: UUID, end: UUID) -> int:
        return self.cost[self.index[start]][self.index[end]] & MINUTE_MASK

    def path(self, start: UUID, end: UUID) -> tuple[UUID, ...]:
        """The buildings passed on the shortest way, both ends included."""
        return tuple(self.ids[i] for i in [self.index[start], *self._after(self.index[start], self.index[end])])

    def _after(self, start: int, end: int) -> list[int]:
        middle = self.middle[start][end]
        return [end] if middle < 0 else self._after(start, middle) + self._after(middle, end)


def close(ids: Sequence[UUID], direct: Mapping[tuple[UUID, UUID], tuple[int, int]]) -> ClosedRoads:
    """Min-plus closure (Floyd 1962) of the (metres, minutes) given for some ordered pairs."""
    count = len(ids)
    cost = [[0 if a == b else packed(*direct[a, b]) if (a, b) in direct else NO_ROAD for b in ids] for a in ids]
    middle = [[-1] * count for _ in ids]
    for k in range(count):
        onward = cost[k]
        for i in range(count):
            first = cost[i][k]
            if first >= NO_ROAD or i == k:
                continue
            row, through = cost[i], middle[i]
            for j in range(count):
                if first + onward[j] < row[j]:
                    row[j], through[j] = first + onward[j], k
    return ClosedRoads(
        tuple(ids), {a: i for i, a in enumerate(ids)}, tuple(map(tuple, cost)), tuple(map(tuple, middle))
    )
