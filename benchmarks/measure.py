"""How a benchmark times two ways of doing the same thing, and how it shows them."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one call: the median of the runs, the fastest and the slowest."""

    median: float
    fastest: float
    slowest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Timing":
        return cls(statistics.median(seconds), min(seconds), max(seconds))

    def __str__(self) -> str:
        return f"{shown(self.median)} ({shown(self.fastest)} to {shown(self.slowest)})"


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `ratio` is how many times faster ours is than the peer; `aim` says what was asked."""

    what: str
    ours: Timing | str
    peer: Timing | str = ""
    peer_name: str = ""
    aim: str = ""

    @property
    def ratio(self) -> str:
        if not isinstance(self.ours, Timing) or not isinstance(self.peer, Timing):
            return ""
        times = self.peer.median / self.ours.median
        return f"{times:,.0f}x" if times >= 20 else f"{times:.2g}x"


def timed(
    act: Callable[[], object], *, runs: int = 5, calls: int = 1, before: Callable[[], object] | None = None
) -> Timing:
    """Time `act` over `runs` runs of `calls` calls each; `before` runs untimed before every run."""
    seconds = []
    for _ in range(runs):
        if before is not None:
            before()
        started = perf_counter()
        for _ in range(calls):
            act()
        seconds.append((perf_counter() - started) / calls)
    return Timing.of(seconds)


def table(rows: Iterable[Row]) -> str:
    """The rows as columns of text, ratio first."""
    cells = [("ratio", "what", "ours: median (range)", "peer: median (range)", "peer", "aim")]
    cells += [(row.ratio, row.what, str(row.ours), str(row.peer), row.peer_name, row.aim) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    return "\n".join(_line(line, widths) for line in cells)


def _line(line: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(
        cell.rjust(width) if at == 0 else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(line, widths, strict=True))
    ).rstrip()


def shown(seconds: float) -> str:
    """Three digits and a unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
