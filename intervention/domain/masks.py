"""Sets of 5-minute ticks as Python ints: intersection is `&`, and a run of free ticks is found by doubling shifts."""

from __future__ import annotations

_BITS = tuple(tuple(k for k in range(8) if byte >> k & 1) for byte in range(256))


def run(low: int, high: int) -> int:
    """Ticks `[low, high)`; nothing when they are crossed. `low` is cut at 0."""
    low = max(low, 0)
    return ((1 << (high - low)) - 1) << low if high > low else 0


def starts(free: int, length: int) -> int:
    """Where a run of `length` free ticks begins. Steps double: nine ticks take four of them."""
    have = 1
    while have < length:
        step = min(have, length - have)
        free &= free >> step
        have += step
    return free


def covered(begins: int, length: int) -> int:
    """Every tick that a run of `length` from one of `begins` takes: the inverse of `starts`."""
    have = 1
    while have < length:
        step = min(have, length - have)
        begins |= begins << step
        have += step
    return begins


def listed(mask: int) -> list[int]:
    """The ticks of a mask in order. By bytes: taking the lowest bit of a long int again and again is quadratic."""
    data = mask.to_bytes((mask.bit_length() + 63) // 64 * 8, "little")
    return [
        (at << 3) + k
        for word, any_bit in enumerate(memoryview(data).cast("Q"))
        if any_bit
        for at, byte in enumerate(data[word << 3 : (word + 1) << 3], word << 3)
        if byte
        for k in _BITS[byte]
    ]


def lowest(mask: int) -> int:
    """The first tick; -1 when there is none."""
    return (mask & -mask).bit_length() - 1


def highest(mask: int) -> int:
    return mask.bit_length() - 1
