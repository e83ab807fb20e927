"""What would make a day without a slot work: changes of the ask, the cheapest first, each proved by the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from intervention.domain import masks
from intervention.domain.slot_pools import any_of
from intervention.domain.slot_rules import Key, OptionRules, RuleBook
from intervention.domain.slots import Fix, FixKind, Given, Rule

MOST = 3  # near misses of a day: a choice, not a list
# What a change costs, in ticks of the séance that one would rather lose.
COST_OF_ANOTHER = 1
COST_OF_OTHERWISE = 4  # by video rather than there, or there rather than by video
COST_OF_WITHOUT = 6
# A day without class, and hours that nobody works, are not proposed: nobody would be there.
COST_OF_ACCEPTING = {
    Rule.OUTSIDE_BELLS: 5,
    Rule.MAX_BUILDINGS: 5,
    Rule.LUNCH: 6,
    Rule.OUTSIDE_AVAILABILITY: 7,
    Rule.PROTECTED_TIME: 7,
    Rule.BUILDING_CLOSED: 8,
    Rule.NO_ROOM: 9,
    Rule.NO_FACILITATOR: 10,
}
_OTHERS = {
    Rule.ROOM_TAKEN: FixKind.OTHER_ROOM,
    Rule.NO_ROOM: FixKind.OTHER_ROOM,
    Rule.FACILITATOR_TAKEN: FixKind.OTHER_FACILITATOR,
    Rule.NO_FACILITATOR: FixKind.OTHER_FACILITATOR,
}
_OF_A_PERSON = frozenset({Rule.PARTICIPANT_BUSY, Rule.OUTSIDE_AVAILABILITY})


class Change(NamedTuple):
    """What is asked instead; the order of its fields is the order in which changes are tried."""

    cost: int
    kind: FixKind
    option: int
    duration: int
    accepting: Rule | None = None
    key: Key | None = None  # the taken thing or the person that gives way


Named = tuple[FixKind, Rule | None, UUID | None]


class Changes:
    """The near misses of a search. `asked` are the options that were asked for."""

    def __init__(self, book: RuleBook, asked: Sequence[int]) -> None:
        self.book, self.asked = book, asked
        self._near: dict[tuple[int, int], OptionRules] = {}

    def on(self, days: Sequence[int]) -> list[tuple[Fix, ...]]:
        """The best changes of each of some days, all different; two at once only where one is not enough."""
        found: dict[int, tuple[Fix, ...]] = {}
        for changes in (self._single, self._double):
            left = [day for day in days if not found.get(day) and day & self._school_days]
            found |= zip(left, self._tried(changes(), left), strict=True) if left else ()
        return [found.get(day, ()) for day in days]

    @cached_property
    def _school_days(self) -> int:
        """The days on which an option has class at all its schools: on no other one does any change help."""
        found = 0
        for option in self.book.problem.options:
            on = -1
            for site in option.sites:
                on &= -1 if site.school is None else site.class_days or 0
            found |= on
        return found

    def _tried(self, changes: Sequence[Change], days: Sequence[int]) -> list[tuple[Fix, ...]]:
        """Each change on all the days that want more: what it allows is made out once, of the last ones rarely."""
        found: list[dict[Named, Fix]] = [{} for _ in days]
        wanting = sum(days)  # they do not overlap
        self._near = {}
        for change in changes:
            if not wanting:
                break
            named = (change.kind, change.accepting, change.key[1] if change.key else None)
            starts = self._starts(change, wanting)
            for day, fixes in zip(days, found, strict=True) if starts else ():
                fix = self._fix(change, starts & day, day) if named not in fixes else None
                if fix is not None:
                    fixes[named] = fix
                    wanting ^= day if len(fixes) == MOST else 0
        return [tuple(fixes.values()) for fixes in found]

    def _rules(self, change: Change, wanting: int) -> OptionRules:
        """The rules of what is asked instead. Days stop to want more, and never begin to: what the first change of an
        option looked at is enough for the others.
        """
        if change.option in self.asked and change.duration == self.book.duration:
            return self.book.option(change.option)
        wanted = change.option, change.duration
        if wanted not in self._near:
            self._near[wanted] = self.book.lasting(change.duration).option_on(change.option, wanting)
        return self._near[wanted]

    def _single(self) -> list[Change]:
        shorter, others = (list(found) for found in (self._shorter(self.asked), self._otherwise()))
        changes = [*shorter, *others, *self._accepting(self.asked), *self._without(), *self._another()]
        return sorted(changes, key=lambda c: c[:4])

    def _double(self) -> list[Change]:
        """Otherwise, or shorter, and a rule set aside at that, or both; the shortest séance is enough to know."""
        otherwise = list(self._otherwise())
        shortest = list(self._shorter(self.asked))[-len(self.asked) :]
        both = [
            change._replace(cost=change.cost + less.cost, duration=less.duration)
            for change in otherwise
            for less in shortest[:1]
        ]
        accepting = (
            first._replace(cost=first.cost + cost, accepting=rule)
            for first in (*otherwise, *shortest)
            for rule, cost in COST_OF_ACCEPTING.items()
        )
        return sorted([*both, *accepting], key=lambda c: c[:4])

    def _shorter(self, options: Sequence[int]) -> Iterator[Change]:
        for duration in sorted(self.book.problem.shorter, reverse=True):
            for option in options:
                yield Change(self.book.duration - duration, FixKind.SHORTER, option, duration)

    def _otherwise(self) -> Iterator[Change]:
        """Ways that were not asked for."""
        for index, option in enumerate(self.book.problem.options):
            if index not in self.asked:
                kind = FixKind.GO_REMOTE if option.is_remote else FixKind.GO_IN_PERSON
                yield Change(COST_OF_OTHERWISE, kind, index, self.book.duration)

    def _accepting(self, options: Sequence[int]) -> Iterator[Change]:
        for option in options:
            rules = {key[0] for key in self.book.option(option).allowed_by}
            for rule, cost in COST_OF_ACCEPTING.items():
                if rule in rules:
                    yield Change(cost, FixKind.ACCEPTING, option, self.book.duration, rule)

    def _without(self) -> Iterator[Change]:
        for option in self.asked:
            for site in self.book.problem.options[option].sites:
                for person in site.people:
                    if not person.is_required:
                        key = Rule.PARTICIPANT_BUSY, person.resource_id
                        yield Change(COST_OF_WITHOUT, FixKind.WITHOUT, option, self.book.duration, key=key)

    def _another(self) -> Iterator[Change]:
        """Another room or facilitator, where one in particular was asked for."""
        for option in self.asked:
            sites = self.book.problem.options[option].sites
            for key in self.book.option(option).allowed_by:
                kind = _OTHERS.get(key[0])
                if kind is not None and any(
                    site.other_rooms if kind is FixKind.OTHER_ROOM else site.other_facilitators
                    for site in sites
                    if site.building_id == key[1]
                ):
                    yield Change(COST_OF_ANOTHER, kind, option, self.book.duration, key=key)

    def _fix(self, change: Change, near: int, day: int) -> Fix | None:
        if not near:
            return None
        start = self._start(change, near, day)
        another = change.kind in {FixKind.OTHER_ROOM, FixKind.OTHER_FACILITATOR}
        given = self.book.lasting(change.duration).given(change.option, start, others=another)
        if not given:
            return None
        what = self._other_thing(change, given) if another else change.key and change.key[1]
        return Fix(change.kind, start, change.option, change.duration, given, what, change.accepting)

    def _other_thing(self, change: Change, given: Sequence[Given]) -> UUID | None:
        at = change.key[1] if change.key else None
        sites = self.book.problem.options[change.option].sites
        for site, has in zip(sites, given, strict=True):
            if site.building_id == at:
                return has.room_id if change.kind is FixKind.OTHER_ROOM else has.facilitator_id
        return None

    def _start(self, change: Change, near: int, day: int) -> int:
        """The first of the starts `near`; where a rule is set aside, the one that the rule refuses least."""
        near = near & self.book.round_starts(change.option) or near
        if change.accepting is None:
            return masks.lowest(near)
        base = masks.lowest(day)
        rules = self._rules(change, day)
        inside = (rules.by_rule.get(change.accepting, rules.everywhere) & day) >> base
        return base + min(masks.listed(near >> base), key=lambda start: _far(inside, start))

    def _starts(self, change: Change, wanting: int) -> int:
        """Starts that the change allows in the days that want some."""
        if change.kind is FixKind.SHORTER and change.accepting is None:  # its roads matter on few of the days
            return self.book.lasting(change.duration).within(change.option, wanting)
        rules = self._rules(change, wanting)
        if change.accepting is not None:
            return rules.setting_aside(change.accepting) & wanting
        if change.key is None:
            return rules.allowed & wanting
        if change.kind is FixKind.WITHOUT:
            who = change.key[1]
            return rules.but(lambda key: key[0] in _OF_A_PERSON and key[1] == who) & wanting
        return rules.but(lambda key: key == change.key) & self._others_free(change) & wanting

    def _others_free(self, change: Change) -> int:
        found = 0
        for site in self.book.problem.options[change.option].sites:
            if change.key and site.building_id == change.key[1]:
                pool = site.other_rooms if change.kind is FixKind.OTHER_ROOM else site.other_facilitators
                found |= any_of(pool, self.book.free)
        return found


def _far(inside: int, start: int) -> int:
    """Ticks from a start to the nearest one of the day that a rule allows."""
    after, before = inside >> start, inside & masks.run(0, start)
    away = [masks.lowest(after)] if after else []
    if before:
        away.append(start - masks.highest(before))
    return min(away, default=start)
