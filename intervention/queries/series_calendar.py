"""The dated days that a series is read on: those of the school where its pupils are, else of the host's base."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from intervention.domain.arrangement import Arrangement, Located, arrangements, is_pupil_site
from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.days import EVERY_LEVEL
from intervention.domain.encounters import EncounterKind, Modality
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.people import Level
from intervention.domain.permissions import Actor
from intervention.domain.recurrence import PlainDay
from intervention.queries.catalogue import Catalogue
from intervention.queries.slot_problem import locate


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


def ways_of(  # noqa: PLR0913, PLR0917 - what an arrangement is made of
    board: Catalogue,
    actor: Actor,
    kind: EncounterKind,
    host_id: UUID,
    people: Sequence[AskParticipant],
    wanted: Modality | None,
) -> list[Arrangement]:
    """The ways to hold an encounter of these people, from her base first. Raises NotFound, InvalidInput without any."""
    host = board.professionals.get(host_id)
    if host is None:
        raise NotFound
    located = [Located(each, locate(board, actor, each)) for each in people]
    found = arrangements(kind, located, host.home, wanted=wanted)
    if not found:
        raise InvalidInput({"modality": "no_such_way"})
    return found


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
    pupils = [board.pupils.get(p.pupil_id) for p in site.participants if p.pupil_id is not None]
    classes = [board.classes.get(p.class_group_id) for p in site.participants if p.class_group_id is not None]
    return [who.level for who in (*pupils, *classes) if who is not None]
