"""Why a day has no slot, and why a start is refused: the rule, what it looked at, and the change that would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intervention.domain import masks
from intervention.domain.road_windows import short_road
from intervention.domain.slot_changes import Changes
from intervention.domain.slot_rules import Key, RuleBook, finality
from intervention.domain.slots import Day, Fix, FixKind, Refusal, Rule, ShortRoad, Stop

# The frame of a day: what fails there is told first.
FRAME = frozenset({Rule.TOO_SOON, Rule.CLOSED_DAY, Rule.OUTSIDE_AVAILABILITY, Rule.OUTSIDE_BELLS, Rule.BUILDING_CLOSED})
_REPLACING = frozenset({FixKind.OTHER_ROOM, FixKind.OTHER_FACILITATOR, FixKind.WITHOUT})
_OBJECTS = frozenset({Rule.ROOM_TAKEN, Rule.KIT_TAKEN})


def refusals_at(book: RuleBook, option: int, start: int) -> tuple[Refusal, ...]:
    """Every rule that refuses a start, the most final first."""
    keys = book.option(option).refusing(start)
    return tuple(_with_facts(book, Refusal(rule, start, option, subject)) for rule, subject in keys)


class DayRefusals:
    """Why the days of a search have no slot. `asked` are the options that were asked for, the first one first."""

    def __init__(self, book: RuleBook, asked: Sequence[int]) -> None:
        self.book, self.asked = book, asked
        self.changes = Changes(book, asked)

    def of(self, day: Day) -> Refusal | None:
        """What rules a day out, and the changes that would make it work."""
        whole = masks.run(max(day.starts, self.book.problem.not_before), day.ends)
        if not whole:
            return None
        fixes = self.changes.on(whole)
        found = self._of_one_thing(fixes) or self._common_reason(day, whole)
        return _with_facts(self.book, replace(found, fixes=fixes)) if found is not None else None

    def _of_one_thing(self, fixes: Sequence[Fix]) -> Refusal | None:
        """The room or the person who alone is in the way: what the cheapest change replaces."""
        fix = fixes[0] if fixes else None
        if fix is None or fix.kind not in _REPLACING:
            return None
        rule, subject = self.book.option(fix.option).refusing(fix.start)[0]
        return Refusal(rule, fix.start, fix.option, subject)

    def _common_reason(self, day: Day, whole: int) -> Refusal | None:
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
        found = min(
            (Refusal(key[0], start, option, key[1]) for start in self._told(key, most)),
            key=lambda refusal: _missing(self.book, refusal),
        )
        return replace(found, met=self._met(day, key, most))

    def _met(self, day: Day, key: Key, refused: int) -> tuple[Stop, ...]:
        """The host's encounters that refuse these starts, of those that may be told."""
        if key != (Rule.PARTICIPANT_BUSY, self.book.problem.travellers[0].resource_id):
            return ()
        return tuple(
            stop
            for stop in day.stops
            if stop.encounter_id is not None and refused & masks.run(stop.starts - self.book.duration + 1, stop.ends)
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
