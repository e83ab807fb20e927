"""The travel ledger: time for a professional's week, how often its plan is proven shortest, what it refuses to count.

Weeks are drawn with a fixed seed, over invented regions and, where `../shared/data` lies beside the project, over the
real school buildings of rural boards.
"""

import csv
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise, permutations
from pathlib import Path
from random import Random
from time import process_time
from uuid import UUID

from benchmarks.measure import Row, Timing, timed
from intervention.domain.encounters import EncounterKind
from intervention.domain.ledger import week_ledger
from intervention.domain.ledger_facts import Search, WeekLedger
from intervention.domain.ledger_week import Row as Encounter
from intervention.domain.ledger_week import Week
from intervention.domain.road_components import propose_component
from intervention.domain.road_estimate import estimate, great_circle_metres
from intervention.domain.suppression import suppress
from intervention.domain.tours import best_tour
from intervention.domain.travel import Place, TravelTimes

TITLE = "Travel ledger of a professional's week"
REAL = Path(__file__).parents[2] / "shared" / "data" / "quebec_rural_schools.csv"
MONDAY = date(2026, 10, 5)
DAYS = tuple(MONDAY + timedelta(days=n) for n in range(5))
WEEKS = 60
LOADS = (("12 séances, 5 schools", 12, 5), ("20 séances, 6 schools", 20, 6), ("25 séances, 12 schools", 25, 12))


def run() -> Iterator[Row]:
    yield from _of_boards("invented", _invented())
    if REAL.exists():
        yield from _of_boards("real", _real())
    yield _tour()
    yield _table()


def _of_boards(name: str, boards: Sequence[Sequence[Place]]) -> Iterator[Row]:
    for load, seances, schools in LOADS:
        random = Random(seances)
        seconds, ledgers = [], list[WeekLedger]()
        while len(ledgers) < WEEKS:
            week, times = _week(random, random.choice(boards), seances, schools)
            started = process_time()
            ledgers.append(week_ledger(week, times))
            seconds.append(process_time() - started)
        timing = Timing(statistics.median(seconds), min(seconds), max(seconds))
        yield Row(f"{load}, {name}: processor time", timing, aim="< 50 ms")
        yield Row(f"{load}, {name}: outcome", _outcome(ledgers))


def _outcome(ledgers: Sequence[WeekLedger]) -> str:
    exact = sum(ledger.search is Search.EXACT for ledger in ledgers)
    metres = sum(ledger.headline.metres for ledger in ledgers)
    refused = sum(ledger.round_trips.metres for ledger in ledgers) / metres
    gap = sum(ledger.headline.metres - ledger.least_metres for ledger in ledgers) / metres
    return f"{exact}/{len(ledgers)} proven shortest, {gap:.1%} unproven; round trips would claim {refused:.1f} times it"


def _week(random: Random, board: Sequence[Place], seances: int, schools: int) -> tuple[Week, TravelTimes]:
    """Séances spread at random over the schools nearest to a base, and on two weeks in three one day on the road."""
    base = random.choice(board)
    joined = [place for place in board if place is not base and place.road_component == base.road_component]
    near = sorted(joined, key=lambda place: great_circle_metres(base, place))[: 2 * schools]
    load = random.sample(near, min(schools, len(near)))
    out = {random.choice(DAYS): random.choice(load)} if random.random() < 2 / 3 else {}
    rows = []
    for number in range(seances):
        on, site = random.choice(DAYS), random.choice(load).building_id
        at = out[on].building_id if on in out and random.random() < 1 / 2 else None
        length = random.choice((45, 60, 60, 75))
        rows.append(Encounter(UUID(int=number), on, (at or site,), at, length, EncounterKind.INDIVIDUAL))
    places = [base, *load]
    matrix = {(a.building_id, b.building_id): estimate(a, b) for a in places for b in places if a is not b}
    return Week(UUID(int=0), MONDAY, base.building_id, tuple(rows), DAYS), TravelTimes(places, [matrix])


def _invented() -> list[list[Place]]:
    """Ten boards of thirty buildings, in a dozen villages each along 250 km."""
    random = Random(1)
    boards = []
    for _ in range(10):
        villages = [(48 + random.gauss(0, 0.3), -68 + random.uniform(-1.7, 1.7)) for _ in range(12)]
        spots = [random.choice(villages) for _ in range(30)]
        boards.append(
            [
                Place(UUID(int=number), lat + random.gauss(0, 0.01), lon + random.gauss(0, 0.01))
                for number, (lat, lon) in enumerate(spots)
            ]
        )
    return boards


def _real() -> list[list[Place]]:
    """The buildings of each board that has twenty-five or more with pupils of preschool to secondary."""
    boards: dict[str, dict[str, Place]] = defaultdict(dict)
    with REAL.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            if "1" in (line["preschool"], line["primary"], line["secondary"]):
                code, lat, lon = line["building_code"], float(line["lat"]), float(line["lon"])
                component = propose_component(lat, lon, line["municipality"])
                boards[line["css_name"]][code] = Place(UUID(int=int(code)), lat, lon, component)
    return [list(board.values()) for _, board in sorted(boards.items()) if len(board) >= 25]


def _tour() -> Row:
    random = Random(2)
    places = [Place(UUID(int=n), 48 + random.random(), -68 + random.random()) for n in range(9)]
    matrix = {(a.building_id, b.building_id): estimate(a, b) for a in places for b in places if a is not b}
    times = TravelTimes(places, [matrix])
    base, *stops = (place.building_id for place in places)
    roads = times.roads(winter=False)

    def one_by_one() -> int:
        return min(sum(roads.metres(*leg) for leg in pairwise((base, *order, base))) for order in permutations(stops))

    assert best_tour(times, base, stops, winter=False).amount.metres == one_by_one()
    ours = timed(lambda: best_tour(times, base, stops, winter=False), calls=20)
    return Row("shortest tour of 8 schools", ours, timed(one_by_one, runs=3), "every order tried", "equal length")


def _table() -> Row:
    random = Random(3)
    table = {
        (f"school {i}", f"service {j}"): random.choice((0, 0, 1, 2, 3, 5, 8, 12, 20))
        for i in range(12)
        for j in range(8)
    }
    return Row("small cells hidden in a table of 12 schools by 8 services", timed(lambda: suppress(table)))
