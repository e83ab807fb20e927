"""Sets of 5-minute ticks as Python ints: intersection is `&`, and a run of free ticks is found by doubling shifts."""

from __future__ import annotations

from functools import lru_cache
from itertools import compress
from struct import unpack

_WORD = 64


def run(low: int, high: int) -> int:
    """Ticks `[low, high)`; nothing when they are crossed. `low` is cut at 0."""
    low = max(low, 0)
    return ((1 << (high - low)) - 1) << low if high > low else 0


def starts(free: int, length: int) -> int:
    """Where a run of `length` free ticks begins. Steps double: nine ticks take four of them."""
    have = 1
    while 2 * have <= length:
        free &= free >> have
        have *= 2
    return free & free >> length - have if have < length else free


def listed(mask: int) -> list[int]:
    """The ticks of a mask in order. By words: taking the lowest bit of a long int again and again is quadratic."""
    count = -(-mask.bit_length() // _WORD)
    words = unpack(f"<{count}Q", mask.to_bytes(count * 8, "little"))
    return [
        base + bit
        for base, word in compress(zip(range(0, count * _WORD, _WORD), words, strict=True), words)
        for bit in _bits(word)
    ]


@lru_cache(maxsize=4096)
def _bits(word: int) -> tuple[int, ...]:
    """The bits of a word. Free time comes in runs, so that few different words come again and again."""
    return tuple(bit for bit in range(word.bit_length()) if word >> bit & 1)


def lowest(mask: int) -> int:
    """The first tick; -1 when there is none."""
    return (mask & -mask).bit_length() - 1


def highest(mask: int) -> int:
    return mask.bit_length() - 1


def run_around(mask: int, tick: int) -> tuple[int, int]:
    """The whole run `[from, until)` that a set tick belongs to."""
    return highest(~mask & run(0, tick)) + 1, tick + lowest(~(mask >> tick))
