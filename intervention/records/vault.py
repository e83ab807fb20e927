"""Keys made of the one secret of the installation: hashes of what must be recognised, envelopes of what must be read.

Each purpose has its own key (HKDF, RFC 5869), so that a value moved from one column to another opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SALT = b"intervention/1"


class Unreadable(Exception):
    """A sealed value that none of the present keys opens: another installation's, another purpose's, or damaged."""


class Keyring:
    """The keys of every purpose. `retired` secrets still open what they sealed; nothing new is made with them."""

    def __init__(self, secret: str, *retired: str) -> None:
        self._secrets = (secret, *retired)

    def __repr__(self) -> str:
        return "Keyring(***)"

    def mac(self, purpose: str, text: str) -> bytes:
        """HMAC-SHA-256 of `text` under this purpose's key, 32 bytes: to find a secret without storing it."""
        return hmac.new(_key(self._secrets[0], f"mac/{purpose}"), text.encode(), hashlib.sha256).digest()

    def seal(self, purpose: str, values: Mapping[str, str]) -> bytes:
        """The values encrypted and authenticated (Fernet)."""
        return self._envelope(purpose).encrypt(json.dumps(dict(values), sort_keys=True).encode())

    def open(self, purpose: str, sealed: bytes) -> dict[str, str]:
        """What `seal` closed. Raises Unreadable."""
        try:
            return dict(json.loads(self._envelope(purpose).decrypt(sealed)))
        except InvalidToken as unreadable:
            raise Unreadable from unreadable

    def reseal(self, purpose: str, sealed: bytes) -> bytes:
        """The same values under the present key, once the installation's secret was changed. Raises Unreadable."""
        return self.seal(purpose, self.open(purpose, sealed))

    def _envelope(self, purpose: str) -> MultiFernet:
        keys = (base64.urlsafe_b64encode(_key(secret, f"seal/{purpose}")) for secret in self._secrets)
        return MultiFernet([Fernet(key) for key in keys])


@lru_cache(maxsize=64)
def _key(secret: str, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=_SALT, info=info.encode()).derive(secret.encode())
