"""What somebody saw of an object before editing it: a digest of each of its facts, carried by the form or the ETag.

Two people may edit one object at once: the second is told which facts the first changed, rather than undoing them.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

Facts = Mapping[str, object]
_WIDTH = 8  # hexadecimal digits of a fact: one changed fact in four thousand million would pass unseen


def seen(facts: Facts) -> str:
    """The digests of the facts, in the order of their names."""
    return "".join(_digest(name, facts[name]) for name in sorted(facts))


def changed(facts: Facts, known: str) -> tuple[str, ...]:
    """The names of the facts that are no longer what was seen; none is named by what no page of ours gave."""
    if len(known) != _WIDTH * len(facts):
        return ()
    digests = (known[at : at + _WIDTH] for at in range(0, len(known), _WIDTH))
    return tuple(name for name, was in zip(sorted(facts), digests, strict=True) if _digest(name, facts[name]) != was)


def _digest(name: str, value: object) -> str:
    return sha256(f"{name}\0{_plain(value)}".encode()).hexdigest()[:_WIDTH]


def _plain(value: object) -> str:
    """One writing per value, whatever the order of a set, and the same for an enum member and its code."""
    match value:
        case Mapping():
            return _plain([(key, value[key]) for key in sorted(value, key=str)])
        case set() | frozenset():
            return _plain(sorted(map(_plain, value)))
        case tuple() | list():
            return f"[{'|'.join(map(_plain, value))}]"
        case _:
            return f"{value!s}"
