"""The embedded estimate as a provider: every pair answered, offline, None where no road joins two networks."""

from __future__ import annotations

from collections.abc import Sequence

from intervention.domain.road_estimate import Band, estimate
from intervention.domain.travel import Matrix, Place


class EstimateRouting:
    def __init__(self, band: Band = Band.CENTRAL) -> None:
        self._band = band

    def matrix(self, places: Sequence[Place]) -> Matrix:
        return {
            (start.building_id, end.building_id): estimate(start, end, self._band)
            for start in places
            for end in places
            if start.building_id != end.building_id
        }
