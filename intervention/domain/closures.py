"""What becomes of a séance when a school closes or classes are suspended: proposed by rule, changed by hand.

A closure empties a building: no room, no facilitator, nobody at a desk. A suspension sends pupils home; staff may work.
Knows sites, people and kinds; nothing of storage, and asks the slot engine nothing: it is told what the engine said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from intervention.domain.arrangement import is_pupil_site
from intervention.domain.composition import AskSite, Composition, check
from intervention.domain.days import DayType
from intervention.domain.encounters import Axis, PlaceKind

CLOSING = frozenset({DayType.CLOSURE, DayType.SUSPENSION})


class Treatment(StrEnum):
    KEEP = "keep"  # as it is
    WITHOUT = "without"  # with the sites that stay open
    REMOTE = "remote"  # the same, the professional by video from her base or from home
    MAKE_UP = "make_up"  # cancelled, and owed
    CANCEL = "cancel"  # cancelled, and not owed


class Because(StrEnum):
    """Why a treatment is proposed."""

    BEGUN = "begun"
    STAFF_WORK = "staff_work"
    HOST_MOVES = "host_moves"
    OTHERS_OPEN = "others_open"
    OTHERS_CANNOT = "others_cannot"
    PUPILS_AWAY = "pupils_away"
    NOBODY_LEFT = "nobody_left"


class NotGivenBack(StrEnum):
    """Why an undoing leaves a séance as the closure made it."""

    TOUCHED = "touched"
    PAST = "past"
    STILL_CLOSED = "still_closed"
    NOT_FREE = "not_free"


@dataclass(frozen=True, slots=True)
class Remainder:
    """A séance without what closed: sites by their place in it that leave, and where the host goes if hers does."""

    leaving: frozenset[int]
    host_to: tuple[PlaceKind, UUID | None] | None
    sites: tuple[AskSite, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """A séance as the rule looks at it. `remainder` is None when too little would be left to be a séance of its kind;
    `is_ready`: the slot engine found the remainder's sites open, with the room and the facilitator that they need."""

    axis: Axis
    has_begun: bool
    is_hit: bool  # something of it is where nobody may be
    remainder: Remainder | None
    is_ready: bool


class Line(NamedTuple):
    holds: Callable[[Touched], bool]
    treatment: Treatment
    because: Because


def _can_go_on(touched: Touched) -> bool:
    return touched.remainder is not None and touched.is_ready


def _host_moves(touched: Touched) -> bool:
    return touched.remainder is not None and touched.remainder.host_to is not None


def _is_for_pupils(touched: Touched) -> bool:
    return touched.axis is Axis.PUPIL_SERVICE


# The first line that holds is what is proposed.
RULE: tuple[Line, ...] = (
    Line(lambda t: t.has_begun, Treatment.KEEP, Because.BEGUN),
    Line(lambda t: not t.is_hit, Treatment.KEEP, Because.STAFF_WORK),
    Line(lambda t: _can_go_on(t) and _host_moves(t), Treatment.REMOTE, Because.HOST_MOVES),
    Line(_can_go_on, Treatment.WITHOUT, Because.OTHERS_OPEN),
    Line(lambda t: t.remainder is not None and _is_for_pupils(t), Treatment.MAKE_UP, Because.OTHERS_CANNOT),
    Line(_is_for_pupils, Treatment.MAKE_UP, Because.PUPILS_AWAY),
    Line(lambda t: True, Treatment.CANCEL, Because.NOBODY_LEFT),
)


def propose(touched: Touched) -> tuple[Treatment, Because]:
    line = next(line for line in RULE if line.holds(touched))
    return line.treatment, line.because


def choices(touched: Touched) -> tuple[Treatment, ...]:
    """What a person may decide instead. What has begun is not rearranged any more."""
    found = [Treatment.KEEP]
    if touched.remainder is not None and touched.is_hit and not touched.has_begun:
        found.append(Treatment.REMOTE if _host_moves(touched) else Treatment.WITHOUT)
    return (*found, Treatment.MAKE_UP, Treatment.CANCEL)


def leaves(site: AskSite, closed: Mapping[UUID, DayType]) -> bool:
    """Whether nobody of this site may be there, or come."""
    here = closed.get(site.building_id) if site.building_id is not None else None
    return here is DayType.CLOSURE or (here is DayType.SUSPENSION and is_pupil_site(site))


def without_closed(ask: Composition, closed: Mapping[UUID, DayType], home: UUID) -> Remainder | None:
    """What is left of an encounter, the host at her base (at home if it is closed); None when it is no encounter."""
    leaving = frozenset(n for n, site in enumerate(ask.sites) if leaves(site, closed))
    stay = [site for n, site in enumerate(ask.sites) if n not in leaving]
    host_to = None
    if not any(site.has_host for site in stay):
        is_home_closed = closed.get(home) is DayType.CLOSURE
        host_to = (PlaceKind.OUTSIDE, None) if is_home_closed else (PlaceKind.HOME_BASE, home)
        stay = _with_host(stay, *host_to)
    faults = check(replace(ask, sites=tuple(stay)))
    return Remainder(leaving, host_to, tuple(stay)) if not faults else None


def _with_host(sites: list[AskSite], place: PlaceKind, building_id: UUID | None) -> list[AskSite]:
    """The host joins the site of her base's building where there is one, else has her own."""
    at = next((n for n, site in enumerate(sites) if building_id is not None and site.building_id == building_id), None)
    if at is None:
        return [AskSite(building_id, place=place, has_host=True), *sites]
    return [replace(site, has_host=n == at) for n, site in enumerate(sites)]


def halves_of(starts: time, ends: time, noon: time) -> tuple[bool, bool]:
    """Whether a time of the clock touches the morning and the afternoon of a school day."""
    return starts < noon, ends > noon


def closed_type(types: tuple[DayType, DayType], halves: tuple[bool, bool]) -> DayType | None:
    """The graver of what closed in these halves of a day; None where they are open."""
    hit = [day_type for day_type, touched in zip(types, halves, strict=True) if touched and day_type in CLOSING]
    if not hit:
        return None
    return DayType.CLOSURE if DayType.CLOSURE in hit else DayType.SUSPENSION
