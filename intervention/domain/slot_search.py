"""Finds every slot of a problem, ranks them, and says for each empty day what stands in the way and would help."""

from __future__ import annotations

from collections.abc import Mapping

from intervention.domain import masks
from intervention.domain.slot_ranking import Candidate, Ranking, soonest
from intervention.domain.slot_refusals import DayRefusals, refusals_at
from intervention.domain.slot_rules import RuleBook
from intervention.domain.slots import DaySummary, Problem, Reason, Refusal, Rule, SearchResult, Slot

FEW = 3


def search(problem: Problem, *, limit: int | None = 50, explain: bool = True) -> SearchResult:
    """The best `limit` slots (None: every start, not only the round ones), and a line for each of the host's days."""
    book = RuleBook(problem)
    asked = [index for index, option in enumerate(problem.options) if option.is_asked]
    allowed = {index: book.option(index).allowed for index in asked}
    ranking = Ranking(problem, book.gap_at)
    order = ranking.ranked(
        {
            index: masks.listed(mask if limit is None else proposed(mask, book.round_starts(index)))
            for index, mask in allowed.items()
        }
    )
    first = soonest(order)
    kept = order if limit is None else _kept(order, limit)
    slots = tuple(_slot(book, ranking, each, is_soonest=each is first) for each in kept)
    return SearchResult(slots, len(order), _days(book, allowed, explained=explain))


def explain(problem: Problem, start: int, option: int) -> tuple[Refusal, ...]:
    """Every rule that refuses this start of this option, the most final first."""
    book = RuleBook(problem)
    if start < 0 or not book.option(option).everywhere >> start & 1:
        return (Refusal(Rule.TOO_SOON, start, option, None),)
    return refusals_at(book, option, start)


def proposed(allowed: int, round_starts: int) -> int:
    """The round starts, and the first one of each stretch that has none: a moment is not lost for being odd."""
    odd = allowed & ~round_starts
    heads = odd & ~(allowed << 1)
    found = allowed & round_starts
    # Adding its head to a stretch carries to its first round start, or to its end when it has none.
    for end in masks.listed((odd + heads) & ~allowed):
        found |= 1 << masks.highest(heads & masks.run(0, end))
    return found


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


def _days(book: RuleBook, allowed: Mapping[int, int], *, explained: bool) -> tuple[DaySummary, ...]:
    """The days of the host, `allowed` being the starts of each option that was asked for."""
    days = book.problem.travellers[0].days
    counts = [
        sum((mask >> day.starts & (1 << day.ends - day.starts) - 1).bit_count() for mask in allowed.values())
        for day in days
    ]
    empty = [day for day, count in zip(days, counts, strict=True) if not count]
    refusals = DayRefusals(book, list(allowed)).of(empty) if explained else {}
    return tuple(
        DaySummary(day.starts, count, refusals.get(day.starts)) for day, count in zip(days, counts, strict=True)
    )
