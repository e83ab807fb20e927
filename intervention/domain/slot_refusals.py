"""Why a day has no slot, and why a start is refused: the rule, what it looked at, and the change that would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intervention.domain import masks
from intervention.domain.road_windows import short_road
from intervention.domain.slot_changes import Changes
from intervention.domain.slot_rules import Key, Part, RuleBook
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

    def of(self, days: Sequence[Day]) -> dict[int, Refusal]:
        """By where a day starts: what rules it out, and the changes that would make it work; no day that is over."""
        begun = self.book.problem.not_before
        ahead = [day for day in days if begun < day.ends]
        wholes = [masks.run(max(day.starts, begun), day.ends) for day in ahead]
        found = {}
        for day, whole, fixes in zip(ahead, wholes, Changes(self.book, self.asked).on(wholes), strict=True):
            refusal = self._of_one_thing(fixes) or self._common_reason(day, whole)
            if refusal is not None:
                found[day.starts] = _with_facts(self.book, replace(refusal, fixes=fixes))
        return found

    def _of_one_thing(self, fixes: Sequence[Fix]) -> Refusal | None:
        """The room or the person who alone is in the way: what the cheapest change replaces."""
        fix = fixes[0] if fixes else None
        if fix is None or fix.kind not in _REPLACING:
            return None
        rule, subject = self.book.option(fix.option).refusing(fix.start)[0]
        return Refusal(rule, fix.start, fix.option, subject)

    def _common_reason(self, day: Day, whole: int) -> Refusal | None:
        """What refuses most of the starts inside school and working hours; the hours themselves when none are."""
        option, low = self.asked[0], masks.lowest(whole)
        rules = self.book.option(option)
        within = (whole & rules.everywhere) >> low
        near = [(key, allowed >> low) for key, allowed in rules.allowed_by.items()]
        for key, allowed in near:
            if key[0] in FRAME:
                if not within & allowed:
                    return Refusal(key[0], low, option, key[1])
                within &= allowed
        key, most = max(((key, within & ~allowed) for key, allowed in near), key=_refused)
        if not most:
            return None
        start = low + self._told(option, key, most, low)
        return Refusal(key[0], start, option, key[1], met=self._met(day, key, most << low))

    def _told(self, option: int, key: Key, refused: int, low: int) -> int:
        """The start that stands for all the refused ones: the first; where it is the road, the one nearest to fit."""
        if key[0] is not Rule.TOO_SHORT_FOR_ROAD:
            return masks.lowest(refused)
        return min(masks.listed(refused), key=lambda at: _missing(self.book, Refusal(key[0], low + at, option, key[1])))

    def _met(self, day: Day, key: Key, refused: int) -> tuple[Stop, ...]:
        """The host's encounters that refuse these starts, of those that may be told."""
        if key != (Rule.PARTICIPANT_BUSY, self.book.problem.travellers[0].resource_id):
            return ()
        return tuple(
            stop
            for stop in day.stops
            if stop.encounter_id is not None and refused & masks.run(stop.starts - self.book.duration + 1, stop.ends)
        )


def _refused(part: Part) -> int:
    """How many starts a rule refuses; of equal ones the first, and most final, is taken."""
    return part[1].bit_count()


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
