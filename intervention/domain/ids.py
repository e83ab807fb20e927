"""Identifiers and secrets: UUIDv7 for rows (RFC 9562 §5.7), random secrets for doors, feeds and sessions."""

import base64
import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """A time-ordered UUID, so that inserts stay at the end of their index."""
    millis = time.time_ns() // 1_000_000  # noqa: TID251 - only orders, never tells a time
    value = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def new_secret(size: int = 32) -> str:
    """`size` random bytes as unpadded URL-safe base64 (32 bytes: 43 characters, 256 bits)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(size)).rstrip(b"=").decode()
