"""A professional's whole year as one window: what is taken already, and what a draft would take on top of it."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from intervention.domain import masks
from intervention.domain.arrangement import Arrangement
from intervention.domain.composition import AskSite
from intervention.domain.encounters import EncounterKind, PlaceKind
from intervention.domain.slots import Problem, Stop
from intervention.domain.spans import Span, tick_of
from intervention.queries.catalogue import Catalogue
from intervention.queries.slot_problem import NOTHING_SEEN, SlotAsk, empty_frame, everything


class Year:
    """Read in two statements for every way of every line; then each place is a problem that knows those before it."""

    def __init__(  # noqa: PLR0913, PLR0917 - whose year, and what may be held in it
        self,
        session: Session,
        board: Catalogue,
        host_id: UUID,
        ways: Sequence[Arrangement],
        bounds: tuple[date, date],
        now: datetime,
    ) -> None:
        first_on, last_on = bounds
        ask = SlotAsk(host_id, EncounterKind.INDIVIDUAL, 45, (), first_on, (last_on - first_on).days + 1)
        self._frame = empty_frame(session, board, ask)
        self._frame.read_whereabouts(ways, NOTHING_SEEN)
        self._frame.read_taken(everything(board, ways))
        self._host = self._frame.traveller(host_id)
        self._days = list(self._host.days)
        self._starts = [day.starts for day in self._days]
        self.origin = self._frame.origin
        self._not_before = max(self._frame.first - self.origin, -(-int(now.timestamp()) // 300) - self.origin, 0)

    def problem(self, way: Arrangement, minutes: int) -> Problem:
        """One way of holding one séance, anywhere in the year."""
        self._frame.sites.clear()  # what was taken meanwhile counts
        host = replace(self._host, days=tuple(self._days))
        option = self._frame.option(way)
        return Problem(self.origin, self._frame.length, self._not_before, minutes // 5, (host,), (option,))

    def take(self, span: Span, sites: Sequence[AskSite]) -> None:
        """From here on, this séance is in everybody's way."""
        starts, ends = tick_of(span.starts_at) - self.origin, tick_of(span.ends_at) - self.origin
        ticks = masks.run(starts, ends)
        for site in sites:
            for resource in site.resources():
                self._frame.busy[resource] |= ticks
            if site.has_host:
                away = site.place is PlaceKind.BUILDING and site.building_id is not None
                self._stop(Stop(starts, ends, site.building_id if away and site.building_id else self._host.base))

    def _stop(self, stop: Stop) -> None:
        at = bisect_right(self._starts, stop.starts) - 1
        if at >= 0:
            stops = list(self._days[at].stops)
            insort(stops, stop, key=lambda each: each.starts)
            self._days[at] = replace(self._days[at], stops=tuple(stops))
