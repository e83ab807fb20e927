"""An address made elsewhere (Teams, Meet, Zoom…) and pasted by the host or kept for the board.

It can be disclosed late, after admission, but never taken back: whoever had it may return. Pages say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.video.base import address_of
from intervention.ports import AccountField, Capabilities, Entry, Misconfigured, RoomReference, RoomSpec


@dataclass(frozen=True, slots=True)
class FixedLinkAccount:
    address: str = field(repr=False)
    capabilities = Capabilities(is_revocable=False, per_seat=False, takes_address=True)

    def provision(self, spec: RoomSpec) -> RoomReference:
        address = (spec.pasted_address or self.address).strip()
        if not address:
            raise Misconfigured(FixedLink.code, {"pasted_address": "required"})
        parts = address_of(address)
        if isinstance(parts, str):
            raise Misconfigured(FixedLink.code, {"pasted_address": parts})
        return RoomReference({"address": address})

    def grant(self, reference: RoomReference, label: str, *, is_host: bool, now: datetime, ttl: timedelta) -> Entry:
        return Entry(reference.values["address"])


class FixedLink:
    code = "fixed_link"
    fields = (AccountField("address", is_secret=True),)

    def account(self, values: Mapping[str, str]) -> FixedLinkAccount:
        address = values.get("address", "").strip()
        parts = address_of(address) if address else None
        if isinstance(parts, str):
            raise Misconfigured(self.code, {"address": parts})
        return FixedLinkAccount(address)
