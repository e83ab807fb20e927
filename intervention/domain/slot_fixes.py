"""The cheapest change that makes a refused start work. Each is tried on the same rules before it is offered."""

from __future__ import annotations

from dataclasses import replace

from intervention.domain import masks
from intervention.domain.slot_rules import RuleBook
from intervention.domain.slots import Fix, FixKind, Refusal, Rule

NEAR_TICKS = 18  # a shift of at most an hour and a half keeps the day that was asked for
_OTHER = {
    Rule.ROOM_TAKEN: FixKind.OTHER_ROOM,
    Rule.NO_ROOM: FixKind.OTHER_ROOM,
    Rule.FACILITATOR_TAKEN: FixKind.OTHER_FACILITATOR,
    Rule.NO_FACILITATOR: FixKind.OTHER_FACILITATOR,
}
_OF_ANY_LENGTH = frozenset(
    {Rule.TOO_SOON, Rule.CLOSED_DAY, Rule.NO_ROAD, Rule.NO_ROOM, Rule.NO_FACILITATOR, Rule.MAX_BUILDINGS}
)
_ROAD_RULES = frozenset({Rule.TOO_SHORT_FOR_ROAD, Rule.NO_ROAD, Rule.MAX_BUILDINGS, Rule.LUNCH})


def fixed(book: RuleBook, refusal: Refusal, *, alone: bool) -> Refusal:
    """The refusal with its cheapest fix. A start that several rules refuse can still be shifted or held otherwise."""
    fix = (
        (_remote(book, refusal) if refusal.rule in _ROAD_RULES else None)
        or (_other_thing(book, refusal) if alone else None)
        or _shift(book, refusal)
        or _shorter(book, refusal)
        or _remote(book, refusal)
        or _in_person(book, refusal)
        or (_without(book, refusal) if alone else None)
    )
    return replace(refusal, fix=fix) if fix is not None else refusal


def _other_thing(book: RuleBook, refusal: Refusal) -> Fix | None:
    """Another room or facilitator of the same place, where one in particular was asked for."""
    kind = _OTHER.get(refusal.rule)
    is_room = kind is FixKind.OTHER_ROOM
    sites = book.problem.options[refusal.option].sites
    if kind is None or not any(site.other_rooms if is_room else site.other_facilitators for site in sites):
        return None
    given = book.given(refusal.option, refusal.start, others=True)
    for site, has in zip(sites, given, strict=False):
        got, named = (has.room_id, site.rooms) if is_room else (has.facilitator_id, site.facilitators)
        if site.building_id == refusal.subject_id and all(each.resource_id != got for each in named):
            return Fix(kind, refusal.start, refusal.option, book.duration, given, got)
    return None


def _shift(book: RuleBook, refusal: Refusal) -> Fix | None:
    """The nearest start that works, later rather than earlier when both are as near."""
    base = max(refusal.start - NEAR_TICKS, 0)
    near = book.option(refusal.option).allowed >> base & masks.run(0, refusal.start - base + NEAR_TICKS + 1)
    if not near:
        return None
    start = min((base + at for at in masks.listed(near)), key=lambda at: (abs(at - refusal.start), -at))
    return Fix(FixKind.START_AT, start, refusal.option, book.duration, book.given(refusal.option, start))


def _shorter(book: RuleBook, refusal: Refusal) -> Fix | None:
    if refusal.rule in _OF_ANY_LENGTH:
        return None
    for duration in sorted(book.problem.shorter, reverse=True):
        other = book.lasting(duration)
        if other.allows(refusal.option, refusal.start):
            given = other.given(refusal.option, refusal.start)
            return Fix(FixKind.SHORTER, refusal.start, refusal.option, duration, given)
    return None


def _remote(book: RuleBook, refusal: Refusal) -> Fix | None:
    return _held_otherwise(book, refusal, FixKind.GO_REMOTE)


def _in_person(book: RuleBook, refusal: Refusal) -> Fix | None:
    return _held_otherwise(book, refusal, FixKind.GO_IN_PERSON)


def _held_otherwise(book: RuleBook, refusal: Refusal, kind: FixKind) -> Fix | None:
    """The same start by video, or there, whether or not that was asked for."""
    for index, option in enumerate(book.problem.options):
        if (
            index != refusal.option
            and option.is_remote is (kind is FixKind.GO_REMOTE)
            and book.option(index).allowed >> refusal.start & 1
        ):
            return Fix(kind, refusal.start, index, book.duration, book.given(index, refusal.start))
    return None


def _without(book: RuleBook, refusal: Refusal) -> Fix | None:
    """Somebody optional stands in the way alone: without them the start works."""
    option = book.problem.options[refusal.option]
    optional = {p.resource_id for site in option.sites for p in site.people if not p.is_required}
    if refusal.subject_id not in optional:
        return None
    given = book.given(refusal.option, refusal.start)
    return Fix(FixKind.WITHOUT, refusal.start, refusal.option, book.duration, given, refusal.subject_id)
