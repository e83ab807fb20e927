"""Travel times a board declared, and published road distances: exactly the pairs that were given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from intervention.domain.road_estimate import road_minutes
from intervention.domain.travel import QUALITY_OF, Matrix, Pair, Place, Source, TravelMode, TravelTime


@dataclass(frozen=True, slots=True)
class DeclaredRoad:
    """A line of the table. `minutes` None: read from the distance; `metres` None: someone says that no road exists.

    `both_ways` False keeps the other direction for another line.
    """

    start: UUID
    end: UUID
    metres: int | None
    minutes: int | None = None
    source: Source = Source.DECLARED
    mode: TravelMode = TravelMode.ROAD
    both_ways: bool = True


class TableRouting:
    """A declared line beats a published one; between equals the last given stands; a directed line beats both ways."""

    def __init__(self, lines: Iterable[DeclaredRoad]) -> None:
        self._times: dict[Pair, TravelTime | None] = {}
        for line in sorted(lines, key=_weakest_first):
            time = _time_of(line)
            self._times[line.start, line.end] = time
            if line.both_ways:
                self._times[line.end, line.start] = time

    def matrix(self, places: Sequence[Place]) -> Matrix:
        ids = {place.building_id for place in places}
        return {
            (start, end): time
            for (start, end), time in self._times.items()
            if start != end and start in ids and end in ids
        }


def _weakest_first(line: DeclaredRoad) -> tuple[bool, bool]:
    return line.source is Source.DECLARED, not line.both_ways


def _time_of(line: DeclaredRoad) -> TravelTime | None:
    if line.metres is None:
        return None
    minutes = road_minutes(line.metres) if line.minutes is None else line.minutes
    return TravelTime(minutes, line.metres, line.source, line.mode, QUALITY_OF[line.source])
