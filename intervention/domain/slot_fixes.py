"""The cheapest change that makes a refused start work. Each is tried on the same rules before it is offered."""

from __future__ import annotations

from dataclasses import replace

from intervention.domain import masks
from intervention.domain.slot_rules import RuleBook
from intervention.domain.slots import Fix, FixKind, Refusal, Rule, SitePlan

NEAR_TICKS = 18  # a shift of at most an hour and a half keeps the day that was asked for
_ROAD_RULES = frozenset({Rule.TOO_SHORT_FOR_ROAD, Rule.NO_ROAD, Rule.MAX_BUILDINGS, Rule.LUNCH})


def fixed(book: RuleBook, refusal: Refusal, *, alone: bool) -> Refusal:
    """The refusal with its cheapest fix. A start that several rules refuse can still be shifted or held otherwise."""
    fix = (
        (_remote(book, refusal) if refusal.rule in _ROAD_RULES else None)
        or (_other_thing(book, refusal) if alone else None)
        or _shift(book, refusal)
        or _shorter(book, refusal)
        or _remote(book, refusal)
        or (_without(book, refusal) if alone else None)
    )
    return replace(refusal, fix=fix)


def _other_thing(book: RuleBook, refusal: Refusal) -> Fix | None:
    if refusal.rule not in {Rule.ROOM_TAKEN, Rule.FACILITATOR_TAKEN}:
        return None
    site = _site(book, refusal)
    is_room = refusal.rule is Rule.ROOM_TAKEN
    pool = site.other_rooms if is_room else site.other_facilitators
    found = book.first_free(pool, refusal.start)
    kind = FixKind.OTHER_ROOM if is_room else FixKind.OTHER_FACILITATOR
    if found is None:
        return None
    given = book.given(refusal.option, refusal.start, others=True)
    return Fix(kind, refusal.start, refusal.option, book.duration, given, found)


def _shift(book: RuleBook, refusal: Refusal) -> Fix | None:
    """The nearest start that works, later rather than earlier when both are as near."""
    base = max(refusal.start - NEAR_TICKS, 0)
    near = book.option(refusal.option).allowed >> base & masks.run(0, refusal.start - base + NEAR_TICKS + 1)
    if not near:
        return None
    start = min((base + at for at in masks.listed(near)), key=lambda at: (abs(at - refusal.start), -at))
    return Fix(FixKind.START_AT, start, refusal.option, book.duration, book.given(refusal.option, start))


def _shorter(book: RuleBook, refusal: Refusal) -> Fix | None:
    for duration in sorted(book.problem.shorter, reverse=True):
        other = book.lasting(duration)
        if other.allows(refusal.option, refusal.start):
            given = other.given(refusal.option, refusal.start)
            return Fix(FixKind.SHORTER, refusal.start, refusal.option, duration, given)
    return None


def _remote(book: RuleBook, refusal: Refusal) -> Fix | None:
    for index, option in enumerate(book.problem.options):
        if option.is_remote and index != refusal.option and book.option(index).allowed >> refusal.start & 1:
            given = book.given(index, refusal.start)
            return Fix(FixKind.GO_REMOTE, refusal.start, index, book.duration, given)
    return None


def _without(book: RuleBook, refusal: Refusal) -> Fix | None:
    """Somebody optional stands in the way alone: without them the start works."""
    option = book.problem.options[refusal.option]
    optional = {p.resource_id for site in option.sites for p in site.people if not p.is_required}
    if refusal.subject_id not in optional:
        return None
    given = book.given(refusal.option, refusal.start)
    return Fix(FixKind.WITHOUT, refusal.start, refusal.option, book.duration, given, refusal.subject_id)


def _site(book: RuleBook, refusal: Refusal) -> SitePlan:
    option = book.problem.options[refusal.option]
    return next(site for site in option.sites if site.building_id == refusal.subject_id)
