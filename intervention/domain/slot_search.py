"""Finds every slot of a problem, ranks them, and says for each empty day what stands in the way and what would help."""

from __future__ import annotations

from intervention.domain import masks
from intervention.domain.slot_fixes import fixed
from intervention.domain.slot_ranking import Candidate, Ranking, soonest
from intervention.domain.slot_rules import RuleBook, finality
from intervention.domain.slots import Day, DaySummary, Problem, Reason, Refusal, Rule, SearchResult, Slot

FEW = 3
# The frame of a day: a time outside it is no near miss, nobody thinks of it.
FRAME = frozenset({Rule.TOO_SOON, Rule.CLOSED_DAY, Rule.OUTSIDE_AVAILABILITY, Rule.OUTSIDE_BELLS, Rule.BUILDING_CLOSED})
SNAP = 3  # proposals begin on a quarter-hour of UTC, or with a bell


def search(problem: Problem, *, limit: int | None = 50, explain: bool = True) -> SearchResult:
    """The best `limit` slots (None: every start, not only the round ones), and a line for each of the host's days."""
    book = RuleBook(problem)
    allowed = [book.option(index).allowed for index in range(len(problem.options))]
    starts = [
        masks.listed(mask if limit is None else mask & snapped(problem, index)) for index, mask in enumerate(allowed)
    ]
    ranking = Ranking(problem, [book.option(index).gaps for index in range(len(problem.options))])
    order = ranking.ranked(starts)
    first = soonest(order)
    kept = order if limit is None else _kept(order, limit)
    slots = tuple(_slot(book, ranking, each, is_soonest=each is first) for each in kept)
    days = tuple(_summary(book, problem, day, allowed, explain=explain) for day in problem.travellers[0].days)
    return SearchResult(slots, len(order), days)


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
    shown = {each.option for each in kept}
    others: dict[int, list[Candidate]] = {}
    for each in order[limit:]:
        if each.option not in shown and len(found := others.setdefault(each.option, [])) < FEW:
            found.append(each)
    return kept + sorted(each for found in others.values() for each in found)


def _slot(book: RuleBook, ranking: Ranking, each: Candidate, *, is_soonest: bool) -> Slot:
    extra, reasons = ranking.reasons(each)
    if is_soonest:
        reasons = (Reason.SOONEST, *reasons)
    return Slot(each.start, each.option, book.given(each.option, each.start), extra, each.score, reasons)


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
    misses = [
        (key, index, missed & whole)
        for index in range(len(book.problem.options))
        for key, missed in book.option(index).near_misses
        if key[0] not in FRAME and missed & whole
    ]
    for key, index, near in sorted(misses, key=lambda miss: (-finality(miss[0]), miss[1])):
        found = fixed(book, Refusal(key[0], masks.lowest(near), index, key[1]), alone=True)
        if found.fix is not None:
            return found
    return None


def _common_reason(book: RuleBook, whole: int) -> Refusal | None:
    """What refuses most of the starts inside school and working hours; the hours themselves when there are none."""
    rules = book.option(0)
    within = whole & rules.everywhere
    for key, allowed in rules.allowed_by.items():
        if key[0] in FRAME:
            if not within & allowed:
                return Refusal(key[0], masks.lowest(whole), 0, key[1])
            within &= allowed
    refused = [(within & ~allowed, key) for key, allowed in rules.allowed_by.items()]
    most, key = max(refused, key=lambda each: (each[0].bit_count(), -finality(each[1])))
    return Refusal(key[0], masks.lowest(most), 0, key[1]) if most else None
