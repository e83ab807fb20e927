"""Keeps secrets out of every log line, whoever writes it: link tokens, passes, cookies of seats and sessions."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

HIDDEN = "[…]"
_SECRETS = (
    re.compile(r"s1_[A-Za-z0-9_-]{8,}"),  # a link's token
    re.compile(r"it1_[A-Za-z0-9_-]{8,}"),  # a program's token
    re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"),  # a signed pass, wherever it stands
    re.compile(r"(?<=jwt=)[^&\s\"'<>]+"),
    re.compile(r"(?<=\bpwd=)[^&\s\"'<>]+"),
    re.compile(r"(?<=\bseat=)[^;\s\"'<>]+"),
    re.compile(r"(?<=\bsession=)[^;\s\"'<>]+"),
)


def redacted(text: str) -> str:
    for secret in _SECRETS:
        text = secret.sub(HIDDEN, text)
    return text


def install() -> None:
    """Redact every record as it is made, before any handler of this program or of a library sees it."""
    present = logging.getLogRecordFactory()
    if not isinstance(present, _Redacting):
        logging.setLogRecordFactory(_Redacting(present))


class _Redacting:
    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *parts: Any, **more: Any) -> logging.LogRecord:
        record = self._make(*parts, **more)
        record.msg, record.args = redacted(record.getMessage()), ()
        if record.exc_info and record.exc_info[0] is not None:
            # Formatters take exc_text as it stands: a traceback ends with its exception's own words.
            record.exc_text = redacted(logging.Formatter().formatException(record.exc_info))
        return record
