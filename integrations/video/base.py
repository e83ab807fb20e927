"""What the providers of video share: the reading of an address that somebody typed or pasted."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

MOST_CHARACTERS = 2000


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address_of(raw: str) -> SplitResult | str:
    """The parts of an https address (http on loopback only), or the code of what is wrong with it."""
    value = raw.strip()
    if len(value) > MOST_CHARACTERS:
        return "too_long"
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in value) or "\\" in value:
        return (
            "not_an_address"  # browsers read a backslash as a slash, parsers do not: refuse what two readers see apart
        )
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "not_an_address"
    if not host or parts.username is not None or parts.password is not None:
        return "not_an_address"
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return parts
    return "not_https"
