"""A room of the demonstration: a page of this very server that says what a real one would be. Loopback only."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from intervention.ports import AccountField, Capabilities, Entry, RoomReference, RoomSpec

PATH = "/demonstration/salle"


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    capabilities = Capabilities(is_revocable=True, per_seat=True, takes_address=False)

    def provision(self, spec: RoomSpec) -> RoomReference:
        return RoomReference({"room": f"r{secrets.token_hex(16)}"})

    def grant(self, reference: RoomReference, label: str, *, is_host: bool, now: datetime, ttl: timedelta) -> Entry:
        """The way in says when it dies; the page refuses it afterwards, as a real server would."""
        until = int((now + ttl).timestamp())
        return Entry(f"{PATH}/{reference.values['room']}?{urlencode({'role': label, 'fin': until})}")


class Demonstration:
    code = "demonstration"
    fields: tuple[AccountField, ...] = ()

    def account(self, values: Mapping[str, str]) -> DemonstrationAccount:
        return DemonstrationAccount()
