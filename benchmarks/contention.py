"""Eight processes that book at once: how long an ask waits, and what is left when some of them are killed.

    python -m benchmarks contention

Each is a process of its own that asks through the application's service, as fast as it is answered, for three days of
one professional: most asks collide. The drill kills one of them with SIGKILL every few seconds and starts another.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import monotonic, perf_counter, sleep

from sqlalchemy import func, select

from benchmarks.booking import ROOT, overlaps, postgresql
from benchmarks.measure import Row, shown
from intervention.domain.clock import FixedClock
from intervention.domain.errors import SlotRefused, SlotTaken
from intervention.queries.actors import actor_of
from intervention.records.database import Database
from intervention.records.encounters import Encounter
from intervention.records.migrate import upgrade
from intervention.usecases.booking import book
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.work import open_work
from tests.builders import WEEK
from tests.cluster import Missing
from tests.databases import MONDAY
from tests.usecases.booking_world import a_world
from tests.usecases.writer import load, random_ask

TITLE = "Booking under contention: eight processes on one professional's three days"
PROCESSES, SECONDS = 8, 8
DRILL, KILL_EVERY = 20, 5


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _of_engine("SQLite", f"sqlite:///{Path(folder) / 'bench.sqlite'}")
    try:
        with postgresql() as url:
            yield from _of_engine("PostgreSQL", url)
    except Missing as missing:
        yield Row("PostgreSQL", f"not measured: no {missing}")


def _of_engine(engine: str, url: str) -> Iterator[Row]:
    upgrade(url)
    database = Database(url)
    with database.session() as session:
        a_world(session)
    lines = _answers(url, SECONDS)
    waits = sorted(float(line.split()[-1]) for line in lines)
    p50, p99 = (waits[int(share * (len(waits) - 1))] for share in (0.5, 0.99))
    told = f"{shown(p99)}; median {shown(p50)}, worst {shown(waits[-1])}, {len(waits) / SECONDS:.0f} asks/s"
    yield Row(f"{engine}: p99 of an ask, {PROCESSES} contenders", told, aim="p99 <= 50 ms")
    drilled = _answers(url, DRILL, KILL_EVERY)
    acknowledged = {line.split()[1] for line in [*lines, *drilled] if line.startswith("booked")}
    yield Row(f"{engine}: {DRILL} s, one killed every {KILL_EVERY} s", _left(database, acknowledged), aim="0, 0, 0")
    database.dispose()


def _left(database: Database, acknowledged: set[str]) -> str:
    with database.session() as session:
        there = {each.hex for each in session.scalars(select(Encounter.id))}
        total = session.scalar(select(func.count()).select_from(Encounter))
        wrong = rebuild_bits(session)
    lost = len(acknowledged - there)
    return f"{overlaps(database)} overlaps, {lost} of {total} acknowledged lost, {wrong} bits wrong"


def _answers(url: str, seconds: float, kill_every: float | None = None) -> list[str]:
    """What the processes said, line by line. One that still starts is not killed: it would prove nothing."""
    told: list[str] = []
    begun: dict[int, threading.Event] = {}
    readers: list[threading.Thread] = []

    def start(lasting: float) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.contention", url, str(len(readers)), str(lasting)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        begun[child.pid] = threading.Event()
        readers.append(threading.Thread(target=_read, args=(child, told, begun[child.pid])))
        readers[-1].start()
        return child

    children = [start(seconds) for _ in range(PROCESSES)]
    left = seconds
    while kill_every is not None and (left := left - kill_every) > 0:
        begun[children[0].pid].wait()
        sleep(kill_every)
        children[0].kill()
        children = [*children[1:], start(left)]
    for reader in readers:
        reader.join()
    return told


def _read(child: subprocess.Popen[str], told: list[str], begun: threading.Event) -> None:
    """A line cut short by the kill was no acknowledgement."""
    assert child.stdout is not None
    for line in child.stdout:
        begun.set()
        if line.endswith("\n"):
            told.append(line)
    begun.set()
    child.wait()


def _contend(url: str, seed: int, seconds: float) -> None:
    database = Database(url)
    world, random = load(database), Random(seed)
    ends = monotonic() + seconds
    while monotonic() < ends:
        ask, started = random_ask(world, random), perf_counter()
        try:
            with open_work(database, FixedClock(MONDAY)) as work:
                mireille = actor_of(work.session, world.mireille.id, world.board.id, WEEK)
                assert mireille is not None
                booked = book(work, mireille, ask)
            answer = f"booked {booked.encounter_id.hex}"
        except (SlotTaken, SlotRefused):
            answer = "refused"
        sys.stdout.write(f"{answer} {perf_counter() - started}\n")
        sys.stdout.flush()
    database.dispose()


if __name__ == "__main__":
    _contend(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
