"""Booking: what one costs beside the least a durable commit costs, and what happens when everybody wants the same days.

The ceiling is the insert of one row of the same size, in a transaction of its own, by the driver, in the same database.
"""

import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter, sleep

import psycopg
from sqlalchemy import select, text

from benchmarks.measure import Row, Timing, timed
from intervention.domain.clock import FixedClock
from intervention.domain.ids import new_id
from intervention.domain.people import ResourceKind
from intervention.domain.slots import SOFT_RULES
from intervention.domain.spans import Span, instant_of
from intervention.queries.actors import actor_of
from intervention.records.database import Database
from intervention.records.migrate import upgrade
from intervention.records.people import Organization
from intervention.usecases.booking import book
from intervention.usecases.reservations import Taking, lock_resources, reserve
from intervention.usecases.work import open_work
from tests.builders import WEEK, a_resource
from tests.cluster import Cluster, Missing, plain
from tests.databases import MONDAY
from tests.usecases.booking_world import a_world, at, remote
from tests.usecases.writer import load

TITLE = "Booking: cost of one, and contention"
ROOT = Path(__file__).parents[1]
RUNS, CALLS = 7, 40
PROCESSES, TRIES = 4, 60
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
CEILING = "insert of one row"


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.sqlite"
        yield from _of_engine(
            "SQLite", f"sqlite:///{file}", lambda: closing(sqlite3.connect(file, isolation_level=None))
        )
        yield _naive(Path(folder))
    try:
        with postgresql() as url:
            yield from _of_engine("PostgreSQL", url, lambda: psycopg.connect(plain(url), autocommit=True))
    except Missing as missing:
        yield Row("PostgreSQL", f"not measured: no {missing}")


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty database on a server of its own, which commits durably."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "cluster"
        home.mkdir(mode=0o700)
        cluster = Cluster(home, **DURABLE)
        prefix = cluster.start()
        try:
            with psycopg.connect(plain(prefix) + "postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE bench")
            yield f"{prefix}bench"
        finally:
            cluster.stop()


def _of_engine(engine: str, url: str, connect: Callable[[], object]) -> Iterator[Row]:
    upgrade(url)
    database = Database(url)
    with database.session() as session:
        a_world(session)
    crowd = _crowd(database, url)
    ceiling = _ceiling(connect)
    five, booking = _five_resources(database), _use_case(database)
    yield Row(f"{engine}: five resources taken, guarded", five, ceiling, CEILING, ">= 0.3x")
    yield Row(f"{engine}: a séance booked, every rule asked", booking, ceiling, CEILING, ">= 0.3x")
    yield Row(f"{engine}: {PROCESSES} processes on one person's three days", crowd, aim="0 overlaps")
    database.dispose()


def _ceiling(connect: Callable[[], object]) -> Timing:
    with connect() as connection:  # type: ignore[attr-defined]
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE ceiling (id VARCHAR(36) PRIMARY KEY, starts_tick INT, ends_tick INT)")
        return timed(
            lambda: connection.execute(f"INSERT INTO ceiling VALUES ('{new_id()}', 10, 20)"), runs=RUNS, calls=CALLS
        )


def _five_resources(database: Database) -> Timing:
    """The statements of a booking that no design could leave out: lock, insert guarded, derived bits."""
    with database.session() as session:
        board = session.scalars(select(Organization)).one()
        resources = [a_resource(session, board, ResourceKind.ROOM) for _ in range(5)]
    ticks = iter(range(6_000_000, 7_000_000, 12))

    def take() -> None:
        start = next(ticks)
        span = Span(instant_of(start), instant_of(start + 9))
        with database.session() as session:
            organizations = lock_resources(session, resources)
            reserve(session, [Taking(each, span) for each in resources], organizations=organizations, encounter_id=None)

    return timed(take, runs=RUNS, calls=CALLS, before=take)


def _use_case(database: Database) -> Timing:
    world = load(database)
    quarters = iter([at(f"2026-12-{day:02} 08:00") + timedelta(minutes=15 * n) for day in (1, 2, 3) for n in range(28)])
    accepting = frozenset(rule.value for rule in SOFT_RULES)

    def one() -> None:
        with open_work(database, FixedClock(MONDAY)) as work:
            mireille = actor_of(work.session, world.mireille.id, world.board.id, WEEK)
            assert mireille is not None
            book(work, mireille, replace(remote(world, next(quarters), 15), accepting=accepting))

    return timed(one, runs=RUNS, calls=10, before=one)


def _crowd(database: Database, url: str) -> str:
    """What processes that collide all the time leave behind, and how many asks a second they get answered."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.usecases.writer", url, str(seed), str(TRIES)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for seed in range(PROCESSES)
    ]  # fmt: skip
    assert all(writer.stdout is not None for writer in writers)
    first = [writer.stdout.readline() for writer in writers if writer.stdout]
    started = perf_counter()
    answers = first + [line for writer in writers for line in writer.communicate()[0].splitlines()]
    seconds = perf_counter() - started
    booked = sum(answer.startswith("booked") for answer in answers)
    rate = (len(answers) - len(first)) / seconds
    return f"{overlaps(database)} overlaps; {booked} booked, {len(answers) - booked} refused, {rate:.0f} asks/s"


def overlaps(database: Database, table: str = "reservation") -> int:
    with database.session(read_only=True) as session:
        return int(
            session.execute(
                text(
                    f"SELECT count(*) FROM {table} a JOIN {table} b ON a.resource_id = b.resource_id AND a.id < b.id"
                    " AND a.starts_tick < b.ends_tick AND b.starts_tick < a.ends_tick"
                )
            ).scalar_one()
        )


def _naive(folder: Path) -> Row:
    """The canary: check, think for a millisecond, insert. Were there no overlap here, there would be no contention."""
    database = Database(f"sqlite:///{folder / 'naive.sqlite'}")
    with database.session() as session:
        session.execute(text("CREATE TABLE naive (id TEXT, resource_id TEXT, starts_tick INT, ends_tick INT)"))

    def ask(seed: int) -> None:
        random = Random(seed)
        for _ in range(TRIES):
            start = 3 * random.randrange(84)
            told = {"id": str(new_id()), "low": start, "high": start + 9}
            with database.session(read_only=True) as session:
                taken = "SELECT count(*) FROM naive WHERE starts_tick < :high AND ends_tick > :low"
                is_free = session.execute(text(taken), told).scalar_one() == 0
            sleep(0.001)
            if is_free:
                with database.session() as session:
                    session.execute(text("INSERT INTO naive VALUES (:id, 'one', :low, :high)"), told)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = overlaps(database, "naive")
    database.dispose()
    return Row("check, then insert: the usual defect", f"{found} overlaps", aim="> 0, or nothing was measured")
