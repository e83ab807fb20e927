"""What a table that adds up lets a reader deduce about the cells it hides.

A table with its margins is a circulation: each cell and each total is an arc, each sum a node where as much enters as
leaves. Hidden arcs may hold any value of zero or more that agrees with the published ones, so how far one may move is
a flow through the others: the bounds are exact, for pupils as for minutes.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

UNBOUNDED = 1 << 60
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Arc(Generic[K]):
    key: K
    tail: Hashable
    head: Hashable


class Step(NamedTuple):
    """An arc followed forward, its value growing, or backward, its value falling."""

    arc: int
    end: int
    sign: int


class Circulation(Generic[K]):
    """Arcs and their values; `known` keys are public knowledge whatever is hidden.

    Inside, arcs and their ends are numbers: a school's id takes longer to look up than a step takes to think about.
    """

    def __init__(self, arcs: Iterable[Arc[K]], values: Mapping[K, int], known: Collection[K] = ()) -> None:
        self._keys, ends = list[K](), dict[Hashable, int]()
        self._ends: list[tuple[int, int]] = []
        self._from: list[list[Step]] = []
        for number, arc in enumerate(arcs):
            tail, head = (ends.setdefault(end, len(ends)) for end in (arc.tail, arc.head))
            self._from.extend([] for _ in range(len(ends) - len(self._from)))
            self._keys.append(arc.key)
            self._ends.append((tail, head))
            if arc.key not in known:
                self._from[tail].append(Step(number, head, 1))
                self._from[head].append(Step(number, tail, -1))
        self._number = {key: number for number, key in enumerate(self._keys)}
        self._values = [values[key] for key in self._keys]

    def bounds(self, key: K, hidden: Collection[K]) -> tuple[int, int]:
        """The least and the most the hidden `key` can be; UNBOUNDED when nothing published limits it."""
        arc, held = self._number[key], self._numbers(hidden)
        value = self._values[arc]
        most = value + self._slack(arc, held, UNBOUNDED, {}, sign=1)
        return value - self._slack(arc, held, value, {}, sign=-1), min(most, UNBOUNDED)

    def proof(self, key: K, hidden: Collection[K], by: int) -> set[K] | None:
        """Hidden keys enough for `key` to be `by` more, every published value standing; None when it cannot be."""
        moved = dict[int, int]()
        enough = self._slack(self._number[key], self._numbers(hidden), by, moved, sign=1) >= by
        return {self._keys[arc] for arc in moved} if enough else None

    def widened(self, key: K, hidden: Collection[K], by: int, price: Callable[[K], int]) -> set[K]:
        """`hidden` with the cheapest keys found that let `key` be `by` more; the circulation must hold some way round.

        Greedy, one way round after another: the keys are enough, not always the fewest.
        """
        arc, moved = self._number[key], dict[int, int]()
        wider = {*self._numbers(hidden), arc}
        prices = [0 if n in wider else price(held) for n, held in enumerate(self._keys)]
        while by > 0:
            way = self._cheapest(arc, moved, prices)
            if way is None:
                raise ValueError("no_way_round")
            for step in way:
                wider.add(step.arc)
                prices[step.arc] = 0
            by -= self._moved(way, moved, by)
        return {*hidden, *(self._keys[n] for n in wider)}

    def _numbers(self, keys: Iterable[K]) -> set[int]:
        return {self._number[key] for key in keys if key in self._number}

    def _slack(self, arc: int, hidden: set[int], most: int, moved: dict[int, int], *, sign: int) -> int:
        """How far the arc can rise (sign 1) or fall (-1), up to `most`: a maximal flow, written in `moved`."""
        found = 0
        while found < most:
            way = self._shortest(arc, sign, hidden, moved)
            if way is None:
                break
            found += self._moved(way, moved, most - found)
        return found

    def _shortest(self, arc: int, sign: int, hidden: set[int], moved: Mapping[int, int]) -> list[Step] | None:
        """The shortest way through hidden arcs that closes a cycle with the arc; None when there is none."""
        start, end = self._ends[arc][::sign][::-1]
        came: dict[int, tuple[int, Step] | None] = {start: None}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            if node == end:
                return _back(came, end)
            for step in self._from[node]:
                number, there, direction = step
                if there in came or number not in hidden or number == arc:
                    continue
                if direction > 0 or self._values[number] + moved.get(number, 0) > 0:
                    came[there] = (node, step)
                    queue.append(there)
        return None

    def _cheapest(self, arc: int, moved: Mapping[int, int], prices: Sequence[int]) -> list[Step] | None:
        """The cheapest way, then the shortest, that lets the arc rise; None when there is none."""
        end, start = self._ends[arc]
        came: dict[int, tuple[int, Step] | None] = {}
        queue: list[tuple[int, int, int, int, tuple[int, Step] | None]] = [(0, 0, 0, start, None)]
        pushed = 0
        while queue:
            cost, hops, _, node, link = heapq.heappop(queue)
            if node in came:
                continue
            came[node] = link
            if node == end:
                return _back(came, end)
            for step in self._from[node]:
                number, there, direction = step
                if there in came or number == arc:
                    continue
                if direction > 0 or self._values[number] + moved.get(number, 0) > 0:
                    pushed += 1
                    heapq.heappush(queue, (cost + prices[number], hops + 1, pushed, there, (node, step)))
        return None

    def _moved(self, way: Sequence[Step], moved: dict[int, int], most: int) -> int:
        """Move as much as the way allows, up to `most`, and say how much."""
        rooms = (self._values[step.arc] + moved.get(step.arc, 0) for step in way if step.sign < 0)
        much = min([most, *rooms])
        for step in way:
            moved[step.arc] = moved.get(step.arc, 0) + step.sign * much
        return much


def _back(came: Mapping[int, tuple[int, Step] | None], end: int) -> list[Step]:
    """The steps that led to `end`."""
    way = []
    link = came[end]
    while link is not None:
        node, step = link
        way.append(step)
        link = came[node]
    return way[::-1]
