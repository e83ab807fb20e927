"""What a table that adds up lets a reader deduce about the cells it hides.

A table with its margins is a circulation: each cell and each total is an arc, each sum a node where as much enters as
leaves. Hidden arcs may hold any value of zero or more that agrees with the published ones, so how far one may move is
a flow through the others: the bounds are exact, for pupils as for minutes.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

UNBOUNDED = 1 << 60
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Arc(Generic[K]):
    key: K
    tail: Hashable
    head: Hashable


@dataclass(frozen=True, slots=True)
class Step(Generic[K]):
    """An arc followed forward, its value growing, or backward, its value falling."""

    key: K
    end: Hashable
    sign: int


class Circulation(Generic[K]):
    """Arcs and their values; `known` keys are public knowledge whatever is hidden."""

    def __init__(self, arcs: Iterable[Arc[K]], values: Mapping[K, int], known: Collection[K] = ()) -> None:
        self._values = values
        self._ends = {arc.key: (arc.tail, arc.head) for arc in arcs}
        self._from: dict[Hashable, list[Step[K]]] = {end: [] for ends in self._ends.values() for end in ends}
        for key, (tail, head) in self._ends.items():
            if key not in known:
                self._from[tail].append(Step(key, head, 1))
                self._from[head].append(Step(key, tail, -1))

    def bounds(self, key: K, hidden: Collection[K]) -> tuple[int, int]:
        """The least and the most the hidden `key` can be; UNBOUNDED when nothing published limits it."""
        value = self._values[key]
        most = value + self._slack(key, hidden, UNBOUNDED, {}, sign=1)
        return value - self._slack(key, hidden, value, {}, sign=-1), min(most, UNBOUNDED)

    def proof(self, key: K, hidden: Collection[K], by: int) -> set[K] | None:
        """Hidden keys enough for `key` to be `by` more, every published value standing; None when it cannot be."""
        moved = dict[K, int]()
        return set(moved) if self._slack(key, hidden, by, moved, sign=1) >= by else None

    def widened(self, key: K, hidden: Collection[K], by: int, price: Callable[[K], int]) -> set[K]:
        """`hidden` with the cheapest keys found that let `key` be `by` more; the circulation must hold some way round.

        Greedy, one way round after another: the keys are enough, not always the fewest.
        """
        wider, moved = {*hidden, key}, dict[K, int]()
        while by > 0:
            way = self._way(key, 1, moved, lambda held: 0 if held in wider else price(held))
            if way is None:
                raise ValueError("no_way_round")
            wider.update(step.key for step in way)
            by -= self._moved(way, moved, by)
        return wider

    def _slack(self, key: K, hidden: Collection[K], most: int, moved: dict[K, int], *, sign: int) -> int:
        """How far the key can rise (sign 1) or fall (-1), up to `most`: a maximal flow, written in `moved`."""
        found = 0
        while found < most:
            way = self._way(key, sign, moved, lambda held: 0 if held in hidden else None)
            if way is None:
                break
            found += self._moved(way, moved, most - found)
        return found

    def _way(self, key: K, sign: int, moved: Mapping[K, int], price: Callable[[K], int | None]) -> list[Step[K]] | None:
        """The cheapest way, then the shortest, that closes a cycle with the key; None when there is none."""
        start, end = self._ends[key][::sign][::-1]
        queue: list[tuple[int, int, int, Hashable, list[Step[K]]]] = [(0, 0, 0, start, [])]
        seen, pushed = set(), 0
        while queue:
            cost, hops, _, node, way = heapq.heappop(queue)
            if node == end:
                return way
            if node in seen:
                continue
            seen.add(node)
            for step in self._from[node]:
                more = price(step.key) if step.key != key and self._room(step, moved) > 0 else None
                if more is not None and step.end not in seen:
                    pushed += 1
                    heapq.heappush(queue, (cost + more, hops + 1, pushed, step.end, [*way, step]))
        return None

    def _moved(self, way: Iterable[Step[K]], moved: dict[K, int], most: int) -> int:
        """Move as much as the way allows, up to `most`, and say how much."""
        steps = list(way)
        much = min([most, *(self._room(step, moved) for step in steps)])
        for step in steps:
            moved[step.key] = moved.get(step.key, 0) + step.sign * much
        return much

    def _room(self, step: Step[K], moved: Mapping[K, int]) -> int:
        return UNBOUNDED if step.sign > 0 else self._values[step.key] + moved.get(step.key, 0)
