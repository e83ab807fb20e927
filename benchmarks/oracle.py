"""The search against a search that looks at every tick by itself, on random small worlds: where do the two disagree?"""

from collections.abc import Iterator
from time import perf_counter

from benchmarks.measure import Row
from intervention.domain.slot_search import search
from tests.domain.slot_worlds import random_problem
from tests.domain.slots_oracle import Oracle

TITLE = "Slot search against brute force, 10,000 random worlds"
CASES = 10_000


def run() -> Iterator[Row]:
    begun = perf_counter()
    different, slots, empty = [], 0, 0
    for seed in range(CASES):
        problem = random_problem(seed)
        oracle = Oracle(problem)
        found = {(slot.start, slot.option) for slot in search(problem, limit=None, explain=False).slots}
        expected = {
            (start, n) for n, option in enumerate(problem.options) if option.is_asked for start in oracle.allowed(n)
        }
        slots, empty = slots + len(found), empty + (not found)
        if found != expected:
            different.append(seed)
    yield Row("worlds in which the two differ", f"{len(different)} of {CASES:,}", aim="0")
    if different:
        yield Row("the first of them, as seeds", ", ".join(map(str, different[:10])))
    yield Row("slots compared", f"{slots:,}; {empty:,} worlds have none")
    yield Row("time", f"{perf_counter() - begun:.0f} s")
