"""Finds every slot of a problem, ranks them, and says for each empty day what stands in the way and what would help."""

from __future__ import annotations

from collections.abc import Iterable

from intervention.domain import masks
from intervention.domain.slot_fixes import fixed
from intervention.domain.slot_ranking import Candidate, ranked
from intervention.domain.slot_rules import Key, RuleBook
from intervention.domain.slots import Day, DaySummary, Problem, Refusal, Rule, SearchResult, Slot

FEW = 3
# The frame of a day: a time outside it is no near miss, nobody thinks of it.
FRAME = frozenset({Rule.TOO_SOON, Rule.CLOSED_DAY, Rule.OUTSIDE_AVAILABILITY, Rule.OUTSIDE_BELLS, Rule.BUILDING_CLOSED})
SNAP = 3  # proposals begin on a quarter-hour of UTC, or with a bell


def search(problem: Problem, *, limit: int | None = 50, explain: bool = True) -> SearchResult:
    """The best `limit` slots (None: every start, not only the round ones), and a line for each of the host's days."""
    book = RuleBook(problem)
    allowed = [book.option(index).allowed for index in range(len(problem.options))]
    candidates = [
        candidate
        for index, mask in enumerate(allowed)
        for candidate in _candidates(problem, index, mask if limit is None else mask & snapped(problem, index))
    ]
    order = ranked(problem, candidates, [book.option(index).gaps for index in range(len(problem.options))])
    slots = tuple(_slot(book, each) for each in (order if limit is None else _kept(order, limit)))
    days = tuple(_summary(book, problem, day, allowed, explain=explain) for day in problem.travellers[0].days)
    return SearchResult(slots, len(candidates), days)


def explain(problem: Problem, start: int, option: int) -> tuple[Refusal, ...]:
    """Every rule that refuses this start of this option, the most final first, each with a change proved to work."""
    book = RuleBook(problem)
    rules = book.option(option)
    if not 0 <= start < problem.length or not rules.everywhere >> start & 1:
        return (Refusal(Rule.TOO_SOON, start, option, None),)
    keys = rules.refusing(start)
    alone = len(keys) == 1
    return tuple(fixed(book, Refusal(rule, start, option, subject), alone=alone) for rule, subject in keys)


def snapped(problem: Problem, option: int) -> int:
    """Quarter-hours, and the bells of the sites."""
    phase = -problem.origin % SNAP
    mask = _every(problem.length, SNAP) << phase
    for site in problem.options[option].sites:
        mask |= site.bells
    return mask & masks.run(0, problem.length)


def _every(length: int, step: int) -> int:
    """Bits 0, step, 2·step …"""
    count = -(-length // step)
    return ((1 << (count * step)) - 1) // ((1 << step) - 1)


def _kept(order: list[Candidate], limit: int) -> list[Candidate]:
    """The best of all, and the best few of each way to hold it: a choice between modalities is shown as one."""
    kept = order[:limit]
    for option in {each.option for each in order} - {each.option for each in kept}:
        kept += [each for each in order if each.option == option][:FEW]
    return sorted(kept, key=order.index) if len(kept) > limit else kept


def _candidates(problem: Problem, index: int, mask: int) -> Iterable[Candidate]:
    return (Candidate(start, index) for start in masks.listed(mask & masks.run(0, problem.length)))


def _slot(book: RuleBook, candidate: Candidate) -> Slot:
    return Slot(
        candidate.start,
        candidate.option,
        book.given(candidate.option, candidate.start),
        candidate.extra_road,
        candidate.score,
        candidate.reasons,
    )


def _summary(book: RuleBook, problem: Problem, day: Day, allowed: list[int], *, explain: bool) -> DaySummary:
    whole = masks.run(day.starts, day.ends)
    count = sum((mask & whole).bit_count() for mask in allowed)
    refusal = _refusal_of(book, problem, day, whole) if explain and not count else None
    return DaySummary(day.starts, count, refusal)


def _refusal_of(book: RuleBook, problem: Problem, day: Day, whole: int) -> Refusal | None:
    """The nearest miss of the day with the change that would make it work; else what rules the day out."""
    whole &= ~masks.run(0, problem.not_before)
    if not whole:
        return None
    return _near_miss(book, whole) or _common_reason(book, whole)


def _near_miss(book: RuleBook, whole: int) -> Refusal | None:
    """A start that one rule alone refuses. The least final rule gives way most easily: a room before a lunch."""
    misses = []
    for index in range(len(book.problem.options)):
        rules = book.option(index)
        mask = rules.refused_once() & whole
        misses += [
            (key, index, near)
            for key, allowed in rules.allowed_by.items()
            if key[0] not in FRAME and (near := mask & ~allowed)
        ]
    for key, index, near in sorted(misses, key=lambda miss: (-_order(miss[0]), miss[1])):
        found = fixed(book, Refusal(key[0], masks.lowest(near), index, key[1]), alone=True)
        if found.fix is not None:
            return found
    return None


def _common_reason(book: RuleBook, whole: int) -> Refusal | None:
    """What refuses most of the starts inside school and working hours; the hours themselves when there are none."""
    rules = book.option(0)
    within = whole & rules.everywhere
    for key, allowed in sorted(rules.allowed_by.items(), key=lambda item: _order(item[0])):
        if key[0] in FRAME:
            if not within & allowed:
                return Refusal(key[0], masks.lowest(whole), 0, key[1])
            within &= allowed
    refused = {key: within & ~allowed for key, allowed in rules.allowed_by.items()}
    key = max(refused, key=lambda each: (refused[each].bit_count(), -_order(each)))
    return Refusal(key[0], masks.lowest(refused[key]), 0, key[1]) if refused[key] else None


def _order(key: Key) -> int:
    return list(Rule).index(key[0])
