"""What the slots side of the booking sheet shows: buttons that book, and words for the days that have none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from intervention.domain.encounters import Modality, PlaceKind
from intervention.domain.errors import NotFound
from intervention.domain.permissions import Actor
from intervention.domain.school_time import local_date
from intervention.domain.slots import FixKind
from intervention.queries.booking_form import Sheet
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.rendering import times
from intervention.rendering.i18n import _
from intervention.rendering.wording import say
from intervention.usecases.finding import Found, FoundDay, MetEncounter, Offer, OfferedFix, RefusedDay
from intervention.web.stage import reading

A_DAY = 12
BEST = 3
OTHERWISE = frozenset({FixKind.GO_REMOTE, FixKind.GO_IN_PERSON})


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A slot as a button: what it sends, when, how, where, why."""

    slot: str
    offer: Offer
    where: str
    rooms: str


@dataclass(frozen=True, slots=True)
class FixLine:
    """A near miss as a button: what it sends, and in what it differs from the ask."""

    slot: str
    offer: Offer
    is_otherwise: bool  # by video rather than there, or the other way round
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayLines:
    on_date: date
    cycle_day: int | None
    lines: tuple[OfferLine, ...]
    rule: str | None
    subject: str
    met: tuple[MetEncounter, ...]
    fixes: tuple[FixLine, ...]


@dataclass(frozen=True, slots=True)
class Results:
    best: tuple[OfferLine, ...]
    days: tuple[DayLines, ...]
    total: int
    zone: str


def results_of(actor: Actor, found: Found, sheet: Sheet, minutes: int, started: str) -> Results:
    """`minutes` were asked for; `started` is a wall time pressed in the agenda: what is nearest to it comes first."""
    board = catalogue(reading(), actor.organization_id)
    names = _names(board)
    lines = [_line(board, names, offer) for offer in found.offers]
    by_day = _by_day(lines, found.zone)
    told = _Told(board, names, _adults(sheet), found.zone, minutes)
    days = tuple(
        told.day(day, by_day.get(day.on_date, ())) for day in found.days if day.on_date.isoweekday() < 6 or day.count
    )
    return Results(tuple(_nearest(lines, started, found.zone)[:BEST]), days, found.total, found.zone)


def _adults(sheet: Sheet) -> dict[UUID, str]:
    """The adults of the sheet, whom « without » may name; that a pupil is taken says that there is a service."""
    return {
        UUID(subject): each.name
        for _pool, candidates in sheet.pools
        for each in candidates
        for kind, _, subject in [each.value.partition(":")]
        if kind == "person"
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """The words for the days of a search."""

    board: Catalogue
    names: Mapping[UUID, str]
    adults: Mapping[UUID, str]
    zone: str
    minutes: int

    def day(self, day: FoundDay, lines: Sequence[OfferLine]) -> DayLines:
        refusal = day.refusal
        if refusal is None:
            return DayLines(day.on_date, day.cycle_day, tuple(lines), None, "", (), ())
        fixes = tuple(self._fix(fix) for fix in refusal.fixes)
        obstacle = _obstacle(self.names, refusal, self.zone)
        return DayLines(day.on_date, day.cycle_day, tuple(lines), refusal.rule.value, obstacle, refusal.met, fixes)

    def _fix(self, fix: OfferedFix) -> FixLine:
        sent = {}
        if fix.offer.minutes != self.minutes:
            sent["minutes"] = str(fix.offer.minutes)
        if fix.kind is FixKind.WITHOUT:
            sent["without"] = str(fix.resource_id)
        if fix.accepting is not None:
            sent["accept"] = fix.accepting.value
        return FixLine(_slot_of(fix.offer, **sent), fix.offer, fix.kind in OTHERWISE, tuple(self._differs(fix)))

    def _differs(self, fix: OfferedFix) -> Iterator[str]:
        if fix.kind is FixKind.WITHOUT:
            who = self.adults.get(fix.resource_id) if fix.resource_id else None
            yield say("fix.without", what=who) if who else _("sans l’élève")
        elif fix.kind not in {FixKind.ACCEPTING, *OTHERWISE}:
            what = self.names.get(fix.resource_id, "") if fix.resource_id else ""
            yield say(f"fix.{fix.kind}", what=what, length=times.lasting(fix.offer.minutes))
        if fix.kind is not FixKind.SHORTER and fix.offer.minutes != self.minutes:
            yield say("fix.shorter", length=times.lasting(fix.offer.minutes))
        if fix.accepting is not None:
            yield say(f"accept.{fix.accepting}")
        where = _where(self.board, fix.offer)
        if where:
            yield where


def _obstacle(names: Mapping[UUID, str], refusal: RefusedDay, zone: str) -> str:
    """What may be told of what stands in the way: a place, when a room is taken, which road is too long."""
    if refusal.taken is not None:
        return _(
            "%(what)s, de %(start)s à %(end)s",
            what=names.get(refusal.taken.resource_id, ""),
            start=times.time_of(refusal.taken.starts_at, zone),
            end=times.time_of(refusal.taken.ends_at, zone),
        )
    if refusal.road is not None:
        return _(
            "%(needed)s de route entre %(start)s et %(end)s, %(free)s de libre",
            needed=times.lasting(refusal.road.needed_minutes),
            start=names.get(refusal.road.start_id, ""),
            end=names.get(refusal.road.end_id, ""),
            free=times.lasting(refusal.road.free_minutes),
        )
    return names.get(refusal.subject_id, "") if refusal.subject_id else ""


def _by_day(lines: list[OfferLine], zone: str) -> dict[date, list[OfferLine]]:
    """The best dozen of each day, in the order of the clock; the best way to hold it when a time has several."""
    found: dict[date, dict[datetime, OfferLine]] = defaultdict(dict)
    for line in lines:
        of_day = found[local_date(line.offer.starts_at, zone)]
        if len(of_day) < A_DAY:
            of_day.setdefault(line.offer.starts_at, line)
    return {day: [of_day[at] for at in sorted(of_day)] for day, of_day in found.items()}


def _nearest(lines: list[OfferLine], started: str, zone: str) -> list[OfferLine]:
    """The best first; when a place of the agenda was pressed, the nearest to it."""
    try:
        at = datetime.fromisoformat(started).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return lines
    return sorted(lines, key=lambda each: abs(each.offer.starts_at - at))


def _line(board: Catalogue, names: Mapping[UUID, str], offer: Offer) -> OfferLine:
    return OfferLine(
        _slot_of(offer),
        offer,
        _where(board, offer),
        ", ".join(names.get(site.room_id, "") for site in offer.sites if site.room_id is not None),
    )


def _where(board: Catalogue, offer: Offer) -> str:
    """The school that she is at, or holds it by video from; nothing when she stays at her base."""
    host = offer.host_site
    info = board.buildings.get(host.building_id) if host.building_id else None
    if info is None or (offer.modality is Modality.REMOTE and host.place is PlaceKind.HOME_BASE):
        return ""
    return _("depuis %(place)s", place=info.name) if offer.modality is Modality.REMOTE else info.name


def _slot_of(offer: Offer, **more: str) -> str:
    if offer.host_site.building_id is None:
        raise NotFound
    return urlencode({"start": offer.starts_at.isoformat(), "at": str(offer.host_site.building_id), **more})


def _names(board: Catalogue) -> dict[UUID, str]:
    """Buildings and rooms only: a person in the way stays unnamed."""
    names = {building.id: building.name for building in board.buildings.values()}
    for building in board.buildings.values():
        names |= {room.id: room.name for room in building.rooms}
    return names
