"""Slot search: calendars intersected in three other ways, then the complete search of a believable month."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import cycle

import portion

from benchmarks.measure import Row, Timing, timed
from benchmarks.slot_world import HALF_HOUR, YEAR, Busy, a_month, w_slot
from intervention.domain import masks
from intervention.domain.slot_search import search
from intervention.domain.slots import Problem

TITLE = (
    "Slots: 500 calendars of 40 weeks, five of them free for half an hour; then a month with rooms, helpers and road"
)
QUERIES, PEER_QUERIES, SLOW_QUERIES = 500, 50, 3
MONTHS = 20


def run() -> Iterator[Row]:
    calendars = w_slot()
    rng = random.Random(7)
    asks = [[calendars[n] for n in rng.sample(range(len(calendars)), 5)] for _ in range(QUERIES)]
    pieces = {id(each): _free_of(each) for ask in asks[:SLOW_QUERIES] for each in ask}
    _require_equal(asks[:PEER_QUERIES], _by_masks, _by_sweep)
    _require_equal(asks[:PEER_QUERIES], _by_masks, _one_by_one)
    _require_equal(asks[:SLOW_QUERIES], _by_masks, lambda ask: _by_portion(ask, pieces))

    together = _each(asks, _together)
    listed = _each(asks, _by_masks)
    sweep = _each(asks[:PEER_QUERIES], _by_sweep)
    one_by_one = _each(asks[:PEER_QUERIES], _one_by_one)
    algebra = _each(asks[:SLOW_QUERIES], lambda ask: _by_portion(ask, pieces), runs=3)
    mean = sum(len(_by_masks(ask)) for ask in asks) / len(asks)

    yield Row(f"every start of the year, {mean:.0f} of them", listed, sweep, "interval sweep, Python", ">= 25x")
    yield Row("the same", listed, one_by_one, "each tick tried in turn")
    yield Row("the same", listed, algebra, f"portion {_version()}", ">= 1,000x")
    yield Row("the same, as a mask: any? how many?", together, sweep, "interval sweep, Python")
    yield Row("listing the starts takes", f"{listed.median / together.median:.1f}x the mask", aim="<= 6x")
    yield from _complete()


def _complete() -> Iterator[Row]:
    months = [a_month(seed) for seed in range(MONTHS)]
    visits = [replace(month, options=month.options[1:2]) for month in months]
    found = [search(month) for month in months]
    slots = sum(result.total for result in found) // MONTHS
    empty = sum(not day.count for result in found for day in result.days)
    fixed = sum(bool(day.refusal is not None and day.refusal.fixes) for result in found for day in result.days)
    what = "5 people, any of 20 rooms and 5 facilitators, 4 weeks, bells, hours, road"

    yield Row(f"{what}: a visit, best 50", _search(visits, explain=False), aim="<= 1.5 ms")
    yield Row(f"the same, a visit or by video from two places: {slots} slots", _search(months, explain=False))
    yield Row("the same, and why each day without a slot has none", _search(months, explain=True))
    yield Row("days without a slot", f"{empty} of {sum(len(f.days) for f in found)}, a change proved for {fixed}")


def _search(problems: Sequence[Problem], *, explain: bool) -> Timing:
    each = cycle(problems)
    return timed(lambda: search(next(each), explain=explain), runs=9, calls=len(problems))


def _require_equal(
    asks: Sequence[Sequence[Busy]],
    ours: Callable[[Sequence[Busy]], list[int]],
    theirs: Callable[[Sequence[Busy]], list[int]],
) -> None:
    for ask in asks:
        if ours(ask) != theirs(ask):
            raise ValueError("the two do not find the same starts")


def _each(asks: Sequence[Sequence[Busy]], act: Callable[[Sequence[Busy]], object], runs: int = 5) -> Timing:
    """The time of one query."""
    several = timed(lambda: [act(ask) for ask in asks], runs=runs)
    return Timing(several.median / len(asks), several.fastest / len(asks), several.slowest / len(asks))


def _together(ask: Sequence[Busy]) -> int:
    taken = 0
    for each in ask:
        taken |= each.mask
    return masks.starts(masks.run(0, YEAR) & ~taken, HALF_HOUR)


def _by_masks(ask: Sequence[Busy]) -> list[int]:
    return masks.listed(_together(ask))


def _by_sweep(ask: Sequence[Busy]) -> list[int]:
    """Bookings of all five in order of time, and what lies between them."""
    found: list[int] = []
    free_from = 0
    for low, high in merge(*(each.spans for each in ask)):
        if low - free_from >= HALF_HOUR:
            found += range(free_from, low - HALF_HOUR + 1)
        free_from = max(free_from, high)
    found += range(free_from, YEAR - HALF_HOUR + 1)
    return found


def _one_by_one(ask: Sequence[Busy]) -> list[int]:
    """Every start is tried; each calendar remembers where it is, so that none is searched again."""
    at = [0] * len(ask)
    found = []
    for start in range(YEAR - HALF_HOUR + 1):
        for n, each in enumerate(ask):
            spans = each.spans
            while at[n] < len(spans) and spans[at[n]][1] <= start:
                at[n] += 1
            if at[n] < len(spans) and spans[at[n]][0] < start + HALF_HOUR:
                break
        else:
            found.append(start)
    return found


def _free_of(each: Busy) -> portion.Interval:
    taken = portion.Interval(*(portion.closedopen(low, high) for low, high in each.spans))
    return portion.closedopen(0, YEAR) - taken


def _by_portion(ask: Sequence[Busy], pieces: dict[int, portion.Interval]) -> list[int]:
    together = pieces[id(ask[0])]
    for each in ask[1:]:
        together &= pieces[id(each)]
    return [start for free in together for start in range(free.lower, free.upper - HALF_HOUR + 1)]


def _version() -> str:
    return getattr(portion, "__version__", "")
