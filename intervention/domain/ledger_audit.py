"""A ledger as plain values and its digest, so that the same inputs can be shown to give the same figure years later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

_SEAL = "content_hash"


def plain(value: object) -> object:
    """The value in lists, dicts, strings, integers and None, in a stable order: what JSON holds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.name != _SEAL}
    if isinstance(value, Mapping):
        return [[plain(key), plain(held)] for key, held in sorted(value.items())]
    if isinstance(value, frozenset | set):
        return sorted((plain(member) for member in value), key=str)
    if isinstance(value, tuple | list):
        return [plain(member) for member in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def digest(*values: object) -> str:
    """SHA-256 of the values' plain form, their own seal left out."""
    return hashlib.sha256(json.dumps([plain(value) for value in values], sort_keys=True).encode()).hexdigest()
