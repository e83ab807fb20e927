"""A reader who wants to know: exact bounds of every hidden number of a published table, by linear programming.

Written from the definition of a sum, without the code under test: an exact simplex (Bland's rule, fractions) over
the hidden cells, zero or more, subject to every published sum.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

Equation = Mapping[Hashable, int]


def bounds(
    published: Mapping[Hashable, int], hidden: Sequence[Hashable], equations: Sequence[Equation]
) -> dict[Hashable, tuple[Fraction, Fraction | None]]:
    """The least and the most of each hidden key (None: without limit); an equation is a signed sum that is zero."""
    rows, right = [], []
    for equation in equations:
        if equation.keys() <= published.keys():
            continue
        known = sum(sign * published[key] for key, sign in equation.items() if key in published)
        rows.append([Fraction(equation.get(key, 0)) for key in hidden])
        right.append(Fraction(-known))
    table, basis = _feasible(rows, right)
    found = {}
    for k, key in enumerate(hidden):
        goal = [Fraction(int(j == k)) for j in range(len(hidden))]
        least = _improve(table, basis, [-value for value in goal])
        assert least is not None
        found[key] = (-least, _improve(table, basis, goal))
    return found


def _feasible(rows: list[list[Fraction]], right: list[Fraction]) -> tuple[list[list[Fraction]], list[int]]:
    """A first vertex of rows·x = right, x >= 0, known to have one: a reduced table and its basis."""
    width, count = len(rows[0]) if rows else 0, len(rows)
    table = []
    for i, (row, value) in enumerate(zip(rows, right, strict=True)):
        sign = -1 if value < 0 else 1
        artificial = [Fraction(int(i == j)) for j in range(count)]
        table.append([sign * cell for cell in row] + artificial + [sign * value])
    basis = [width + i for i in range(count)]
    assert _improve(table, basis, [Fraction(0)] * width + [Fraction(-1)] * count) == 0
    for i in range(count):
        if basis[i] >= width:
            entering = next((j for j in range(width) if table[i][j] != 0), None)
            if entering is not None:
                _pivot(table, basis, i, entering)
    kept = [i for i in range(count) if basis[i] < width]
    return [[*table[i][:width], table[i][-1]] for i in kept], [basis[i] for i in kept]


def _improve(table: list[list[Fraction]], basis: list[int], goal: list[Fraction]) -> Fraction | None:
    while True:
        dear = [(goal[held], row) for held, row in zip(basis, table, strict=True) if goal[held]]
        gains = (goal[j] - sum(price * row[j] for price, row in dear) for j in range(len(goal)))
        entering = next((j for j, gain in enumerate(gains) if gain > 0), None)
        if entering is None:
            return sum((goal[basis[i]] * row[-1] for i, row in enumerate(table)), Fraction(0))
        ratios = [(row[-1] / row[entering], basis[i], i) for i, row in enumerate(table) if row[entering] > 0]
        if not ratios:
            return None
        _pivot(table, basis, min(ratios)[2], entering)


def _pivot(table: list[list[Fraction]], basis: list[int], leaving: int, entering: int) -> None:
    scale = table[leaving][entering]
    table[leaving] = [cell / scale for cell in table[leaving]]
    for i, row in enumerate(table):
        if i != leaving and row[entering] != 0:
            factor = row[entering]
            table[i] = [cell - factor * pivot for cell, pivot in zip(row, table[leaving], strict=True)]
    basis[leaving] = entering
