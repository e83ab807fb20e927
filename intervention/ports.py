"""What the inside needs from the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from intervention.domain.school_data import RosterFile
from intervention.domain.travel import Matrix, Place


class RoutingProvider(Protocol):
    def matrix(self, places: Sequence[Place]) -> Matrix:
        """Travel times by ordered pair of different buildings.

        None says that no road joins the pair; a pair left out is one this provider does not know.
        """
        ...


class SchoolReader(Protocol):
    def __call__(self, content: bytes) -> RosterFile:
        """The rows of a file of official school data, and the faults of those it cannot read. Never raises."""
        ...


class Unavailable(Exception):
    """A provider that does not answer, or not usefully. `retry_after` is in seconds when it said so."""

    def __init__(self, provider: str, retry_after: int | None = None) -> None:
        self.provider = provider
        self.retry_after = retry_after
        super().__init__(provider)


class Misconfigured(Exception):
    """What a provider was given can never work. `faults` maps a field's name to a fault code."""

    def __init__(self, provider: str, faults: Mapping[str, str]) -> None:
        self.provider = provider
        self.faults = dict(faults)
        super().__init__(provider)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can promise; pages tell the host what it cannot."""

    is_revocable: bool  # somebody who had the address yesterday cannot come back with it
    per_seat: bool  # each person enters with a credential of their own
    takes_address: bool  # the host may paste the address of a room made elsewhere


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """What a room is for, without saying for whom: nothing here may name a person, a school or a service."""

    starts_at: datetime
    ends_at: datetime
    seats: int
    pasted_address: str | None = None


@dataclass(frozen=True, slots=True)
class RoomReference:
    """The provider's own handle on a room, opaque to the inside, which stores it encrypted."""

    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """The way in for one person, for seconds. Goes into one redirect and nowhere else."""

    url: str = field(repr=False)


class VideoRooms(Protocol):
    """One configured account of a provider. Called outside any transaction; may raise Unavailable, Misconfigured."""

    @property
    def capabilities(self) -> Capabilities: ...

    def provision(self, spec: RoomSpec) -> RoomReference:
        """A room that nobody had before, or the one whose address was pasted."""
        ...

    def grant(self, reference: RoomReference, label: str, *, is_host: bool, now: datetime, ttl: timedelta) -> Entry:
        """The way into `reference` for the person shown there as `label` (a role, never a name), until now + ttl."""
        ...


@dataclass(frozen=True, slots=True)
class AccountField:
    """One value that an administrator gives; a secret is never shown again."""

    name: str
    is_secret: bool = False
    is_required: bool = False


class VideoProvider(Protocol):
    """A kind of account. `code` is stored; `fields` are what its form asks for."""

    @property
    def code(self) -> str: ...

    @property
    def fields(self) -> tuple[AccountField, ...]: ...

    def account(self, values: Mapping[str, str]) -> VideoRooms:
        """Raises Misconfigured with a fault per field."""
        ...
