"""The search equals the slow oracle, start by start and rule by rule; what it proposes as a fix works."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intervention.domain import masks
from intervention.domain.slot_rules import RuleBook
from intervention.domain.slot_search import search
from intervention.domain.slots import Fix, FixKind, Problem, Rule
from tests.domain.slot_worlds import random_problem
from tests.domain.slots_oracle import Oracle

CASES = 300


@pytest.mark.parametrize("block", range(10))
def test_search_equals_the_oracle(block: int) -> None:
    for seed in range(block * CASES // 10, (block + 1) * CASES // 10):
        problem = random_problem(seed)
        oracle = Oracle(problem)

        found = {(slot.start, slot.option) for slot in search(problem, limit=None, explain=False).slots}

        expected = {
            (start, n) for n, option in enumerate(problem.options) if option.is_asked for start in oracle.allowed(n)
        }
        assert found == expected, seed


@pytest.mark.parametrize("seed", range(40))
def test_each_rule_refuses_what_the_oracle_refuses(seed: int) -> None:
    problem = random_problem(seed)
    oracle = Oracle(problem)
    book = RuleBook(problem)
    for option in range(len(problem.options)):
        rules = book.option(option)
        for start in oracle.makes_sense(option):
            assert set(rules.refusing(start)) == oracle.refusing(start, option), (seed, start)


@pytest.mark.parametrize("seed", range(40))
def test_a_rule_set_aside_gives_the_starts_that_nothing_else_refuses(seed: int) -> None:
    problem = random_problem(seed)
    oracle = Oracle(problem)
    book = RuleBook(problem)
    for option in range(len(problem.options)):
        refusing = {start: {rule for rule, _ in oracle.refusing(start, option)} for start in oracle.makes_sense(option)}
        for rule in Rule:
            expected = {start for start, rules in refusing.items() if rules <= {rule}}
            assert set(masks.listed(book.option(option).setting_aside(rule))) == expected, rule


@pytest.mark.parametrize("seed", range(60))
def test_days_looked_at_alone_hold_what_they_hold_among_others(seed: int) -> None:
    problem = random_problem(seed)
    book = RuleBook(problem)
    for day in problem.travellers[0].days:
        whole = masks.run(day.starts, day.ends)
        for option in range(len(problem.options)):
            among_others = book.option(option).allowed & whole
            assert book.option_on(option, whole).allowed == among_others
            assert book.within(option, whole) == among_others


@pytest.mark.parametrize("seed", range(200))
def test_every_fix_leads_to_a_slot(seed: int) -> None:
    problem = random_problem(seed)

    for day in search(problem).days:
        for fix in day.refusal.fixes if day.refusal is not None else ():
            assert _works(problem, fix), (seed, fix)


def test_fixes_of_every_kind_are_found() -> None:
    found = {
        fix.kind
        for seed in range(200)
        for day in search(random_problem(seed)).days
        for fix in (day.refusal.fixes if day.refusal is not None else ())
    }

    assert found == set(FixKind) - {FixKind.OTHER_FACILITATOR}  # of which these worlds have too few


def _works(problem: Problem, fix: Fix) -> bool:
    option = problem.options[fix.option]
    if fix.kind in {FixKind.OTHER_ROOM, FixKind.OTHER_FACILITATOR}:
        sites = tuple(
            replace(site, rooms=site.rooms + site.other_rooms, facilitators=site.facilitators + site.other_facilitators)
            for site in option.sites
        )
    elif fix.kind is FixKind.WITHOUT:
        sites = tuple(
            replace(site, people=tuple(p for p in site.people if p.resource_id != fix.resource_id))
            for site in option.sites
        )
    else:
        sites = option.sites
    options = tuple(replace(option, sites=sites) if n == fix.option else o for n, o in enumerate(problem.options))
    oracle = Oracle(replace(problem, duration=fix.duration, options=options))
    return fix.start in oracle.makes_sense(fix.option) and {
        rule for rule, _ in oracle.refusing(fix.start, fix.option)
    } <= {fix.accepting}


@pytest.mark.parametrize("seed", range(60))
def test_given_things_are_free_and_best_comes_first(seed: int) -> None:
    problem = random_problem(seed)

    result = search(problem, limit=50)

    assert [s.score for s in result.slots] == sorted(s.score for s in result.slots)
    for slot in result.slots:
        for site, given in zip(problem.options[slot.option].sites, slot.given, strict=True):
            span = ((1 << problem.duration) - 1) << slot.start
            rooms = {room.resource_id: room for room in site.rooms}
            assert (given.room_id is not None) is site.needs_room
            if given.room_id is not None:
                assert not rooms[given.room_id].busy & span


def test_day_without_a_slot_says_why() -> None:
    silent = [
        (seed, day)
        for seed in range(200)
        for day in search(random_problem(seed)).days
        if not day.count and day.refusal is None
    ]

    assert silent == []
