"""Which cells of a published table to hide so that no small group of pupils can be found by subtraction.

Hides the small cells and totals, then the cheapest others, until a reader who knows every published number and that
none is negative cannot bound a small one closer than the threshold. Hidden for pupils is hidden for hours too.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from intervention.domain.circulation import Arc, Circulation

DEFAULT_THRESHOLD = 5


class Margin(Enum):
    """The label of a sum: (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)."""

    TOTAL = "total"


TOTAL = Margin.TOTAL
Key = tuple[Hashable, Hashable]


def suppress(
    counts: Mapping[Key, int],
    threshold: int = DEFAULT_THRESHOLD,
    *,
    groups: Mapping[Hashable, Hashable] | None = None,
    measures: Sequence[Mapping[Key, int]] = (),
    also: Collection[Key] = (),
) -> set[Key]:
    """The keys to hide in a table of `counts` of pupils by (row, column), its margins included.

    `groups` puts rows under subtotals, whose keys are (group, column) and (group, TOTAL). A margin given in `counts`
    (pupils counted once) says whether it is small; otherwise it is the sum. `measures` are tables of the same cells
    published beside it (minutes, séances): hidden in the same places, a small cell may not be read there within twice
    its value. Cells without pupils stay published. `also` are keys guarded like small ones, such as a total
    that another table hides. The same table in another order gives the same keys.
    ValueError `negative_count`, or `group_named_as_row`.
    """
    return _hidden(_Layout.of(counts, groups or {}), counts, threshold, measures, also)


def suppress_list(
    counts: Mapping[Hashable, int],
    threshold: int = DEFAULT_THRESHOLD,
    *,
    measures: Sequence[Mapping[Hashable, int]] = (),
) -> set[Hashable]:
    """The items to hide in a list published with its total, TOTAL included; otherwise as `suppress`."""

    def as_table(values: Mapping[Hashable, int]) -> dict[Key, int]:
        return {(TOTAL, TOTAL) if item is TOTAL else (item, None): value for item, value in values.items()}

    hidden = _hidden(_Layout.of_list(counts), as_table(counts), threshold, [as_table(values) for values in measures])
    return {item for item, _ in hidden}


@dataclass(frozen=True)
class _Layout:
    """The arcs of a table, the sums each cell belongs to, and how dear each key is to lose."""

    arcs: tuple[Arc[Key], ...]
    sums: Mapping[Key, tuple[Key, ...]]
    loss: Mapping[Key, int]

    @classmethod
    def of(cls, counts: Mapping[Key, int], groups: Mapping[Hashable, Hashable]) -> _Layout:
        if not set(groups.values()).isdisjoint(row for row, _ in counts):
            raise ValueError("group_named_as_row")
        arcs, sums, loss = dict[Key, Arc[Key]](), dict[Key, tuple[Key, ...]](), dict[Key, int]()

        def arc(key: Key, tail: Hashable, head: Hashable, dear: int) -> Key:
            arcs[key], loss[key] = Arc(key, tail, head), dear
            return key

        for row, column in sorted(_cells(counts), key=_name):
            group = groups.get(row)
            above, below = ("group", group), ("column", column)
            cell = arc((row, column), ("row", row), below if group is None else ("part", group, column), 1)
            sums[cell] = (
                arc((row, TOTAL), "in" if group is None else above, ("row", row), 100),
                arc((TOTAL, column), below, "out", 100),
                arc((TOTAL, TOTAL), "out", "in", 10_000),
            )
            if group is not None:
                sums[cell] += (
                    arc((group, column), ("part", group, column), below, 10),
                    arc((group, TOTAL), "in", above, 1_000),
                )
        return cls(tuple(arcs.values()), sums, loss)

    @classmethod
    def of_list(cls, counts: Mapping[Hashable, int]) -> _Layout:
        total: Key = (TOTAL, TOTAL)
        cells: list[Key] = [(item, None) for item in sorted(counts, key=str) if item is not TOTAL]
        return cls(
            (Arc(total, "out", "in"), *(Arc(cell, "in", "out") for cell in cells)),
            dict.fromkeys(cells, (total,)),
            {total: 100} | dict.fromkeys(cells, 1),
        )

    def filled(self, values: Mapping[Key, int]) -> dict[Key, int]:
        """The cells and the sums they add up to."""
        found: dict[Key, int] = {arc.key: 0 for arc in self.arcs}
        for cell, sums in self.sums.items():
            for key in (cell, *sums):
                found[key] += values.get(cell, 0)
        return found


def _hidden(
    layout: _Layout,
    counts: Mapping[Key, int],
    threshold: int,
    measures: Sequence[Mapping[Key, int]],
    also: Collection[Key] = (),
) -> set[Key]:
    if any(value < 0 for table in (counts, *measures) for value in table.values()):
        raise ValueError("negative_count")
    pupils = layout.filled(counts)
    empty = {key for key, value in pupils.items() if value == 0}
    small = [
        key for key in layout.loss if 0 < counts.get(key, pupils[key]) < threshold or (key in also and key not in empty)
    ]
    guards = [(Circulation(layout.arcs, pupils, empty), dict.fromkeys(small, threshold))]
    for measure in measures:
        values = layout.filled(measure)
        guards.append((Circulation(layout.arcs, values, empty), {key: max(1, values[key]) for key in small}))
    return _trimmed(layout, guards, small, _widened(layout, guards, small, pupils))


Guard = tuple[Circulation[Key], dict[Key, int]]


def _widened(layout: _Layout, guards: Iterable[Guard], small: Iterable[Key], pupils: Mapping[Key, int]) -> set[Key]:
    """Hide further keys, small losses first, until each guarded key could be as much more as its guard asks."""
    hidden = set(small)
    for circulation, needs in guards:
        for key, more in needs.items():
            hidden |= circulation.widened(key, hidden, more, lambda held: layout.loss[held] * 1_000 + pupils[held])
    return hidden


def _trimmed(layout: _Layout, guards: Sequence[Guard], small: Iterable[Key], hidden: set[Key]) -> set[Key]:
    """Publish again, the dearest first, what later choices made needless to hide."""
    proofs = [{held: guard.proof(held, hidden, more) for held, more in needs.items()} for guard, needs in guards]
    for key in sorted(hidden - set(small), key=lambda held: (-layout.loss[held], _name(held))):
        fewer = hidden - {key}
        renewed = [
            {held: guard.proof(held, fewer, needs[held]) for held, proof in held_by.items() if key in (proof or ())}
            for held_by, (guard, needs) in zip(proofs, guards, strict=True)
        ]
        if all(proof is not None for held_by in renewed for proof in held_by.values()):
            hidden = fewer
            proofs = [held_by | new for held_by, new in zip(proofs, renewed, strict=True)]
    return hidden


def _cells(counts: Mapping[Key, int]) -> list[Key]:
    return [key for key in counts if TOTAL not in key]


def _name(key: Key) -> tuple[str, str]:
    return str(key[0]), str(key[1])
