"""What the inside needs from the outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from intervention.domain.travel import Matrix, Place


class RoutingProvider(Protocol):
    def matrix(self, places: Sequence[Place]) -> Matrix:
        """Travel times by ordered pair of different buildings.

        None says that no road joins the pair; a pair left out is one this provider does not know.
        """
        ...
