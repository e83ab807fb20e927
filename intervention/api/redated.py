"""What a change of calendar does to séances, as the API says it and is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from typing_extensions import TypedDict

from intervention.domain.redating import Decided, Fate, Fated

MOST_LINES = 5000


class RedatedLine(TypedDict):
    """`lands_at` is null where the séance would be nowhere; `rules` are what stands in its way there."""

    encounter_id: UUID
    fate: Fate
    starts_at: datetime
    lands_at: datetime | None
    rules: list[str]
    is_proposed: bool
    is_possible: bool


class Deciding(Protocol):
    @property
    def following(self) -> Sequence[UUID]: ...
    @property
    def staying(self) -> Sequence[UUID]: ...


def decided_in(body: Deciding) -> Decided:
    following = frozenset(body.following)
    return Decided(following | frozenset(body.staying), following)


def redated(line: Fated) -> RedatedLine:
    landing = line.landing
    return {
        "encounter_id": line.encounter_id,
        "fate": line.fate,
        "starts_at": line.starts_at,
        "lands_at": landing.span.starts_at if landing else None,
        "rules": list(landing.rules) if landing else [],
        "is_proposed": line.is_proposed,
        "is_possible": line.is_possible,
    }
