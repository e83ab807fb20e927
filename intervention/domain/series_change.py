"""What changes in a series as a whole, and what becomes of each of its dates. Values and codes; no storage.

A date follows its place in its week or in its turn of the cycle: Tuesday's séance becomes that week's Thursday one, the
Jour 3 of a turn the Jour 5 of the same turn, and back again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from uuid import UUID

from intervention.domain.arrangement import Located
from intervention.domain.composition import AskSite
from intervention.domain.encounters import PlaceKind
from intervention.domain.recurrence import Days, OnCycleDays, OnWeekdays, Pattern, Recurrence

NO_SUCH_DAY = "no_such_day"  # that turn of the cycle has no such day


class Reach(StrEnum):
    FOLLOWING = "following"  # a date and those after it
    ALL = "all"  # all those to come


class Standing(StrEnum):
    """What a date in reach is before the change."""

    TO_COME = "to_come"
    EXCEPTION = "exception"  # moved alone; it stays unless asked
    PAST = "past"
    GIVEN = "given"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class SeriesActKind(StrEnum):
    PLANNED = "planned"
    CHANGED = "changed"
    PEOPLE_CHANGED = "people_changed"
    DATE_TAKEN_BACK = "date_taken_back"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class NewTime:
    """None and empty: as it is. `days` are weekdays or days of the cycle, as many as before."""

    days: tuple[int, ...] = ()
    at: time | None = None
    period: int | None = None

    @property
    def is_asked(self) -> bool:
        return bool(self.days) or self.at is not None or self.period is not None


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """Who and where, from now on. Rooms and facilitators go by building; None there means any that is free."""

    host_to: tuple[PlaceKind, UUID | None] | None = None
    rooms: Mapping[UUID, UUID | None] = field(default_factory=dict)
    facilitators: Mapping[UUID, UUID | None] = field(default_factory=dict)
    joining: tuple[Located, ...] = ()
    leaving: frozenset[UUID] = frozenset()

    @property
    def is_asked(self) -> bool:
        return any((self.host_to, self.rooms, self.facilitators, self.joining, self.leaving))


def rule_after(rule: Recurrence, new: NewTime) -> tuple[Recurrence, dict[str, str]]:
    """The rule with its new days and time, and a fault code per field."""
    pattern: Pattern = rule.pattern
    faults: dict[str, str] = {}
    if new.days:
        days = tuple(sorted(set(new.days)))
        match pattern:
            case OnWeekdays() if len(days) == len(pattern.weekdays):
                pattern = replace(pattern, weekdays=days)
            case OnCycleDays() if len(days) == len(pattern.days):
                pattern = replace(pattern, days=days)
            case _:
                faults["days"] = "as_many_as_before"
    after = replace(rule, pattern=pattern)
    if new.at is not None or new.period is not None:
        after = replace(after, at=new.at, period=new.period)
    return after, after.faults() | faults


def shifted(old: Pattern, new: Pattern, on_date: date, days: Days) -> date | None:
    """Where a date of the old days falls by the new ones; None where its turn of the cycle has no such day."""
    match old, new:
        case OnWeekdays(weekdays=before), OnWeekdays(weekdays=after) if before != after:
            place = _place(before, on_date.isoweekday())
            return None if place is None else on_date + timedelta(days=after[place] - on_date.isoweekday())
        case OnCycleDays(days=before), OnCycleDays(days=after) if before != after:
            day = days.get(on_date)
            place = _place(before, day.cycle_day) if day is not None else None
            if day is None or place is None:
                return None
            wanted = (day.cycle_number, after[place])
            return next((at for at, each in days.items() if (each.cycle_number, each.cycle_day) == wanted), None)
        case _:
            return on_date


def _place(days: Sequence[int], day: int | None) -> int | None:
    ordered = sorted(days)
    return ordered.index(day) if day in ordered else None


def rearranged(sites: Iterable[AskSite], how: Rearrangement, home: UUID) -> tuple[AskSite, ...]:
    """The sites of an encounter as they are to be. A site that nobody is left at goes."""
    before = list(sites)
    found = [
        replace(site, participants=tuple(p for p in site.participants if p.subject_id not in how.leaving))
        for site in before
    ]
    for who in how.joining:
        found = _joined(found, who)
    host_to = how.host_to
    if host_to is None and _has_nobody_to_visit(before, found):
        host_to = PlaceKind.HOME_BASE, home
    if host_to is not None:
        found = _host_at(found, *host_to)
    found = [site for site in found if site.has_host or site.participants]
    return tuple(_equipped(site, how) for site in found)


def _has_nobody_to_visit(before: Sequence[AskSite], after: Sequence[AskSite]) -> bool:
    """Whether those whom she went to have left."""
    return any(
        was.has_host and was.place is PlaceKind.BUILDING and was.participants and not now.participants
        for was, now in zip(before, after, strict=False)
    )


def _joined(sites: Sequence[AskSite], who: Located) -> list[AskSite]:
    if any(p.subject_id == who.participant.subject_id for site in sites for p in site.participants):
        return list(sites)
    at = next((n for n, site in enumerate(sites) if site.building_id == who.building_id), None)
    if at is None:
        place = PlaceKind.OUTSIDE if who.building_id is None else PlaceKind.BUILDING
        return [*sites, AskSite(who.building_id, place=place, participants=(who.participant,))]
    return [
        replace(site, participants=(*site.participants, who.participant)) if n == at else site
        for n, site in enumerate(sites)
    ]


def _host_at(sites: Sequence[AskSite], place: PlaceKind, building_id: UUID | None) -> list[AskSite]:
    """She joins the site of that building (no facilitator is needed where she is), or has one of her own."""
    if any(site.has_host and (site.place, site.building_id) == (place, building_id) for site in sites):
        return list(sites)
    stay = [replace(site, has_host=False) for site in sites if site.participants]
    at = next((n for n, site in enumerate(stay) if building_id is not None and site.building_id == building_id), None)
    if at is None:
        return [AskSite(building_id, place=place, has_host=True), *stay]
    return [
        replace(site, has_host=True, place=place, facilitator_id=None) if n == at else site
        for n, site in enumerate(stay)
    ]


def _equipped(site: AskSite, how: Rearrangement) -> AskSite:
    at = site.building_id
    if at is None:
        return site
    return replace(
        site,
        room_id=how.rooms.get(at, site.room_id),
        facilitator_id=how.facilitators.get(at, site.facilitator_id),
    )


def opened(sites: Iterable[AskSite], plan: Iterable[AskSite]) -> tuple[AskSite, ...]:
    """The sites with what the plan of their series leaves open left open again: any room, any facilitator."""
    planned = {site.building_id: site for site in plan}
    found = []
    for site in sites:
        of_plan = planned.get(site.building_id, site)
        found.append(
            replace(
                site,
                room_id=site.room_id and of_plan.room_id,
                facilitator_id=site.facilitator_id and of_plan.facilitator_id,
            )
        )
    return tuple(found)
