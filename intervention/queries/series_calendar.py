"""The dated days that a series is read on: those of the school where its pupils are, else of the host's base."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from intervention.domain.arrangement import is_pupil_site
from intervention.domain.composition import AskSite
from intervention.domain.days import EVERY_LEVEL
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.people import Level
from intervention.domain.recurrence import PlainDay
from intervention.queries.catalogue import Catalogue


class Anchor(NamedTuple):
    """Whose calendar, bells and legal time a rule is read in."""

    building_id: UUID
    level: Level | None
    zone: str


def anchor_of(board: Catalogue, host_id: UUID, sites: Sequence[AskSite], building_id: UUID | None = None) -> Anchor:
    """The anchor asked for, or the first school with pupils of the séance. Raises NotFound, InvalidInput."""
    host = board.professionals.get(host_id)
    if host is None:
        raise NotFound
    schools = [site for site in sites if is_pupil_site(site) and building_id in (None, site.building_id)]
    at = building_id or next((site.building_id for site in schools if site.building_id), None) or host.home
    info = board.buildings.get(at)
    if info is None:
        raise NotFound
    if info.zone is None:
        raise InvalidInput({"sites": "building_without_zone"})
    levels = [level for site in schools if site.building_id == at for level in _levels(board, site)]
    return Anchor(at, levels[0] if levels else board.level_of(at), info.zone)


def plain_days(board: Catalogue, anchor: Anchor, first_on: date, last_on: date) -> dict[date, PlainDay]:
    """The days between two dates as a rule reads them."""
    found = {}
    for n in range((last_on - first_on).days + 1):
        on_date = first_on + timedelta(days=n)
        day = board.day(anchor.building_id, on_date, anchor.level or EVERY_LEVEL)
        periods = board.periods(anchor.building_id, anchor.level, on_date) if anchor.level else ()
        found[on_date] = PlainDay(*day, periods)
    return found


def _levels(board: Catalogue, site: AskSite) -> list[Level]:
    found = [board.pupils[p.pupil_id].level for p in site.participants if p.pupil_id in board.pupils and p.pupil_id]
    found += [
        board.classes[p.class_group_id].level
        for p in site.participants
        if p.class_group_id in board.classes and p.class_group_id
    ]
    return found
