"""Counts tries at credential-like doors, in the database so that every process counts together.

A key is a keyed hash of what is counted: neither an address nor an e-mail is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from intervention.domain.errors import TooMany
from intervention.records.accounts import Throttle
from intervention.usecases.work import Work

WINDOW_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries in a window for what `key` stands for."""

    key: bytes
    most: int


def key_of(secret: str, *parts: str) -> bytes:
    """The stored form of a counted thing, such as `("sign_in", email, network)`."""
    return hmac.new(secret.encode(), "\x1f".join(("throttle", *parts)).encode(), hashlib.sha256).digest()


def network_of(address: str | None) -> str:
    """The /24 of an IPv4 address, the /56 of an IPv6 one: what one household or school shares."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 56), strict=False))


def count_try(work: Work, limits: list[Limit]) -> int | None:
    """Count one try under each limit; gives the seconds to wait when one is passed, else None.

    The caller raises `refused` after the transaction, so that a refused try stays counted.
    """
    now = int(work.now().timestamp())
    window = now // WINDOW_SECONDS
    passed = [_add_one(work, limit.key, window) > limit.most for limit in sorted(limits, key=lambda each: each.key)]
    return (window + 1) * WINDOW_SECONDS - now if any(passed) else None


def refused(retry_after: int) -> TooMany:
    return TooMany(retry_after=retry_after, minutes=max(1, -(-retry_after // 60)))


def take_back(work: Work, limits: list[Limit]) -> None:
    """The try was good: it counts for nobody. Past windows are thrown away on the same occasion."""
    window = int(work.now().timestamp()) // WINDOW_SECONDS
    keys = [limit.key for limit in limits]
    work.session.execute(
        update(Throttle).where(Throttle.key.in_(keys), Throttle.window == window).values(tries=Throttle.tries - 1)
    )
    work.session.execute(delete(Throttle).where(Throttle.window < window - 1))


def _add_one(work: Work, key: bytes, window: int) -> int:
    insert = sqlite.insert if work.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(Throttle)
        .values(key=key, window=window, tries=1)
        .on_conflict_do_update(index_elements=[Throttle.key, Throttle.window], set_={"tries": Throttle.tries + 1})
        .returning(Throttle.tries)
    )
    return int(work.session.execute(statement).scalar_one())
