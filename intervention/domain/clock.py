"""The only place that reads the machine's clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one exemption


@dataclass
class FixedClock:
    """A clock that stands where a test or a demonstration put it."""

    at: datetime

    def now(self) -> datetime:
        return self.at.astimezone(UTC)
