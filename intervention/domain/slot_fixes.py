"""The cheapest change that makes a refused start work. Each is tried on the same rules before it is offered."""

from __future__ import annotations

from dataclasses import replace

from intervention.domain.slot_rules import RuleBook
from intervention.domain.slots import Fix, FixKind, Refusal, Rule, SitePlan

NEAR_TICKS = 18  # a shift of at most an hour and a half keeps the day that was asked for
_ROAD_RULES = frozenset({Rule.TOO_SHORT_FOR_ROAD, Rule.NO_ROAD, Rule.MAX_BUILDINGS, Rule.LUNCH})


def fixed(book: RuleBook, refusal: Refusal, *, alone: bool) -> Refusal:
    """The refusal with its cheapest fix. A start that several rules refuse can still be shifted or held otherwise."""
    fix = (
        (_other_thing(book, refusal) if alone else None)
        or _shift(book, refusal)
        or _shorter(book, refusal)
        or _remote(book, refusal)
        or (_without(book, refusal) if alone else None)
    )
    if refusal.rule in _ROAD_RULES:
        fix = _remote(book, refusal) or fix
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
    allowed = book.option(refusal.option).allowed
    for distance in range(1, NEAR_TICKS + 1):
        for start in (refusal.start + distance, refusal.start - distance):
            if start >= 0 and allowed >> start & 1:
                given = book.given(refusal.option, start)
                return Fix(FixKind.START_AT, start, refusal.option, book.duration, given)
    return None


def _shorter(book: RuleBook, refusal: Refusal) -> Fix | None:
    for duration in sorted(book.problem.shorter, reverse=True):
        other = book.changed(duration, book.without)
        if other.option(refusal.option).allowed >> refusal.start & 1:
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
    """Somebody optional stands in the way alone."""
    option = book.problem.options[refusal.option]
    optional = {p.resource_id for site in option.sites for p in site.people if not p.is_required}
    if refusal.subject_id not in optional or refusal.subject_id is None:
        return None
    other = book.changed(book.duration, book.without | {refusal.subject_id})
    if other.option(refusal.option).allowed >> refusal.start & 1:
        given = other.given(refusal.option, refusal.start)
        return Fix(FixKind.WITHOUT, refusal.start, refusal.option, book.duration, given, refusal.subject_id)
    return None


def _site(book: RuleBook, refusal: Refusal) -> SitePlan:
    option = book.problem.options[refusal.option]
    return next(site for site in option.sites if site.building_id == refusal.subject_id)
