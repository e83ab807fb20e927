"""A provider made by hand, proven by the same suite as the real ones: it remembers what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from integrations.video.base import address_of
from intervention.ports import (
    AccountField,
    Capabilities,
    Entry,
    Misconfigured,
    RoomReference,
    RoomSpec,
    Unavailable,
)

_serial = count(1)


@dataclass
class FakeAccount:
    address: str
    told: list[object] = field(default_factory=list)
    is_down: bool = False
    capabilities = Capabilities(is_revocable=True, per_seat=True, takes_address=False)

    def provision(self, spec: RoomSpec) -> RoomReference:
        self._answer(spec)
        return RoomReference({"room": f"room-{next(_serial)}"})

    def grant(self, reference: RoomReference, label: str, *, is_host: bool, now: datetime, ttl: timedelta) -> Entry:
        self._answer((dict(reference.values), label, is_host, now, ttl))
        until = int((now + ttl).timestamp())
        return Entry(f"{self.address}/{reference.values['room']}?pass={next(_serial)}&until={until}")

    def _answer(self, told: object) -> None:
        if self.is_down:
            raise Unavailable("fake", retry_after=30)
        self.told.append(told)


class FakeVideo:
    code = "fake"
    fields = (AccountField("address", is_required=True),)

    def __init__(self) -> None:
        self.accounts: dict[str, FakeAccount] = {}

    def account(self, values: Mapping[str, str]) -> FakeAccount:
        address = values.get("address", "")
        parts = address_of(address) if address else "required"
        if isinstance(parts, str):
            raise Misconfigured(self.code, {"address": parts})
        return self.accounts.setdefault(address, FakeAccount(address))
