"""Why a day has no slot, and why a start is refused: the rule, what it looked at, and the change that would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from intervention.domain import masks
from intervention.domain.road_windows import short_road
from intervention.domain.slot_fixes import fixed
from intervention.domain.slot_rules import Key, RuleBook, finality
from intervention.domain.slots import Day, Refusal, Rule, ShortRoad

# The frame of a day: a time outside it is no near miss, nobody thinks of it.
FRAME = frozenset({Rule.TOO_SOON, Rule.CLOSED_DAY, Rule.OUTSIDE_AVAILABILITY, Rule.OUTSIDE_BELLS, Rule.BUILDING_CLOSED})
_OBJECTS = frozenset({Rule.ROOM_TAKEN, Rule.KIT_TAKEN})


def refusals_at(book: RuleBook, option: int, start: int) -> tuple[Refusal, ...]:
    """Every rule that refuses a start, the most final first, each with a change proved to work."""
    keys = book.option(option).refusing(start)
    alone = len(keys) == 1
    return tuple(
        _with_facts(book, fixed(book, Refusal(rule, start, option, subject), alone=alone)) for rule, subject in keys
    )


class DayRefusals:
    """Why the days of a search have no slot. `asked` are the options that were asked for, the first one first."""

    def __init__(self, book: RuleBook, asked: Sequence[int]) -> None:
        self.book, self.asked = book, asked

    def of(self, day: Day) -> Refusal | None:
        """The nearest miss of a day without a slot, with the change that makes it work; else what rules it out."""
        whole = masks.run(max(day.starts, self.book.problem.not_before), day.ends)
        if not whole:
            return None
        found = self._near_miss(whole) or self._common_reason(whole)
        return _with_facts(self.book, found) if found is not None else None

    @cached_property
    def _misses(self) -> list[tuple[Key, int, int]]:
        """Starts that one rule alone refuses. The least final rule gives way most easily: a room before a lunch."""
        misses = [
            (key, index, missed)
            for index in self.asked
            for key, missed in self.book.option(index).near_misses
            if key[0] not in FRAME
        ]
        return sorted(misses, key=lambda miss: (-finality(miss[0]), miss[1]))

    def _near_miss(self, whole: int) -> Refusal | None:
        for key, index, missed in self._misses:
            near = missed & whole
            if near:
                start = masks.lowest(near & self.book.round_starts(index) or near)
                found = fixed(self.book, Refusal(key[0], start, index, key[1]), alone=True)
                if found.fix is not None:
                    return found
        return None

    def _common_reason(self, whole: int) -> Refusal | None:
        """What refuses most of the starts inside school and working hours; the hours themselves when none are."""
        option = self.asked[0]
        rules = self.book.option(option)
        within = whole & rules.everywhere
        for key, allowed in rules.allowed_by.items():
            if key[0] in FRAME:
                if not within & allowed:
                    return Refusal(key[0], masks.lowest(whole), option, key[1])
                within &= allowed
        refused = [(within & ~allowed, key) for key, allowed in rules.allowed_by.items()]
        most, key = max(refused, key=lambda each: (each[0].bit_count(), -finality(each[1])))
        if not most:
            return None
        return min(
            (Refusal(key[0], start, option, key[1]) for start in self._told(key, most)),
            key=lambda refusal: _missing(self.book, refusal),
        )

    @staticmethod
    def _told(key: Key, refused: int) -> list[int]:
        """The starts that stand for all the refused ones: the first; where it is the road, the one nearest to fit."""
        return masks.listed(refused) if key[0] is Rule.TOO_SHORT_FOR_ROAD else [masks.lowest(refused)]


def _missing(book: RuleBook, refusal: Refusal) -> int:
    """How many ticks a leg is too long by."""
    road = _short_road(book, refusal)
    return road.missing if road is not None else 0


def _with_facts(book: RuleBook, refusal: Refusal) -> Refusal:
    """The refusal with what may be told of the obstacle: the leg that is too long, when the room asked for is taken."""
    if refusal.rule is Rule.TOO_SHORT_FOR_ROAD:
        return replace(refusal, road=_short_road(book, refusal))
    if refusal.rule in _OBJECTS:
        return replace(refusal, taken=book.taken(refusal.option, refusal.rule, refusal.subject_id, refusal.start))
    return refusal


def _short_road(book: RuleBook, refusal: Refusal) -> ShortRoad | None:
    where = book.problem.options[refusal.option].where
    for roads in book.roads:
        who = roads.traveller.resource_id
        if who == refusal.subject_id:
            return short_road(roads, where[who], book.duration, refusal.start)
    return None
