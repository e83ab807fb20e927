"""A small country on squared paper: kilometres of the grid, 60 km/h, no time to park: sums can be done by hand."""

from collections.abc import Mapping
from uuid import UUID

from intervention.domain.travel import Place, Source, TravelTime, TravelTimes

BASE, A, B, C, D, E, F = (UUID(int=n) for n in range(7))

Grid = Mapping[UUID, tuple[int, int]]


def roads(grid: Grid, without: set[UUID] | None = None) -> TravelTimes:
    """Declared times between the points of the grid (km east, km north); `without` are islands."""
    islands = without or set()
    places = [Place(building, 48 + north / 111, -68 + east / 74) for building, (east, north) in grid.items()]
    matrix: dict[tuple[UUID, UUID], TravelTime | None] = {}
    for start, (x, y) in grid.items():
        for end, (east, north) in grid.items():
            if start != end:
                km = abs(x - east) + abs(y - north)
                is_cut = bool({start, end} & islands)
                matrix[start, end] = None if is_cut else TravelTime(km, km * 1000, Source.DECLARED)
    return TravelTimes(places, [matrix])
