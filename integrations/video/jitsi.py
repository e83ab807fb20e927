"""Jitsi Meet on a server of the board's own. A fresh random room each time; a signed pass when a secret is set.

Nothing is called: a room exists when somebody enters it. Stock Prosody accepts a pass without `exp` and a pass for the
room `*`, so the signer makes both impossible. Claims: https://github.com/jitsi/lib-jitsi-meet/blob/master/doc/tokens.md
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from integrations.video.base import address_of
from intervention.ports import AccountField, Capabilities, Entry, Misconfigured, RoomReference, RoomSpec

MOST_SECONDS = 120
SKEW = timedelta(seconds=10)  # the pass holds a little before now, for a video server whose clock is late
AUDIENCE = "jitsi"
PUBLIC_SERVERS = ("meet.jit.si", "8x8.vc")  # shared with the world, outside Québec, rooms for whoever guesses
_ROOM = re.compile(r"r[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class JitsiAccount:
    origin: str
    host: str
    app_id: str
    secret: str = field(repr=False)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(is_revocable=bool(self.secret), per_seat=bool(self.secret), takes_address=False)

    def provision(self, spec: RoomSpec) -> RoomReference:
        return RoomReference({"room": f"r{secrets.token_hex(16)}"})

    def grant(self, reference: RoomReference, label: str, *, is_host: bool, now: datetime, ttl: timedelta) -> Entry:
        address = f"{self.origin}/{reference.values['room']}"
        if not self.secret:
            return Entry(address)
        claims = {
            "aud": AUDIENCE,
            "iss": self.app_id,
            "sub": self.host,
            "room": reference.values["room"],
            "nbf": int((now - SKEW).timestamp()),
            "exp": int((now - SKEW + ttl).timestamp()),
            "context": {"user": {"name": label, "moderator": is_host}},
        }
        return Entry(f"{address}?{urlencode({'jwt': sign(self.secret, claims)})}")


class Jitsi:
    code = "jitsi"
    fields = (
        AccountField("address", is_required=True),
        AccountField("app_id"),
        AccountField("secret", is_secret=True),
    )

    def account(self, values: Mapping[str, str]) -> JitsiAccount:
        faults: dict[str, str] = {}
        parts = address_of(values.get("address", ""))
        origin, host = "", ""
        if isinstance(parts, str):
            faults["address"] = parts if values.get("address") else "required"
        else:
            host = (parts.hostname or "").lower()
            origin = f"{parts.scheme}://{parts.netloc.lower()}"
            if parts.path not in {"", "/"} or parts.query or parts.fragment:
                faults["address"] = "not_an_origin"
            elif any(host == public or host.endswith(f".{public}") for public in PUBLIC_SERVERS):
                faults["address"] = "public_server"
        secret, app_id = values.get("secret", ""), values.get("app_id", "")
        if secret and len(secret) < 16:
            faults |= {"secret": "too_short"}
        if secret and not app_id:
            faults["app_id"] = "required"
        if app_id and not secret:
            faults |= {"secret": "required"}
        if faults:
            raise Misconfigured(self.code, faults)
        return JitsiAccount(origin, host, app_id, secret)


def sign(secret: str, claims: Mapping[str, object]) -> str:
    """An HS256 pass for one room, for at most 120 seconds. Raises ValueError for a pass that would open more."""
    begins, ends = claims.get("nbf"), claims.get("exp")
    if not isinstance(begins, int) or not isinstance(ends, int) or not 0 < ends - begins <= MOST_SECONDS:
        raise ValueError("a pass lasts from nbf to exp, 120 seconds at most")
    if not isinstance(claims.get("room"), str) or not _ROOM.fullmatch(str(claims["room"])):
        raise ValueError("a pass is for one of our random rooms")
    if any(not claims.get(name) or "*" in str(claims[name]) for name in ("aud", "iss", "sub")):
        raise ValueError("a pass names its audience, its issuer and its domain")
    from joserfc import jwt  # noqa: PLC0415 - four megabytes that only a server with a secret needs
    from joserfc.jwk import OctKey  # noqa: PLC0415 - see above

    return jwt.encode({"alg": "HS256", "typ": "JWT"}, dict(claims), OctKey.import_key(secret))
