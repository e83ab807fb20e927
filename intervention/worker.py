"""Reacts to noted facts: a thread of `serve` on SQLite, `intervention worker` beside the web processes on PostgreSQL.

A fault that no reaction foresees ends the worker: its supervisor starts it again, and the fact that brought it down has
used up an attempt. Nothing is caught in order to carry on.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from intervention.domain.clock import Clock
from intervention.domain.errors import DomainError
from intervention.domain.ids import new_id
from intervention.ports import Misconfigured, Unavailable
from intervention.reactions.table import TABLE, Noted, Table
from intervention.records.database import Database
from intervention.usecases import outbox
from intervention.usecases.tidying import tidy
from intervention.usecases.work import open_work

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
BEAT_SECONDS = 15.0
TIDY_SECONDS = 300.0
RESTART_SECONDS = 5.0
FORESEEN = (DomainError, Unavailable, Misconfigured, SQLAlchemyError)


@dataclass
class Worker:
    """`name` is what its beats are told under; `owner` marks its leases."""

    database: Database
    clock: Clock
    name: str
    table: Table = field(default_factory=lambda: TABLE)
    owner: str = field(default_factory=lambda: new_id().hex)

    def run(self, stop: threading.Event) -> None:
        """Look every second until `stop`; beat and tidy now and then."""
        beat_at = tidy_at = time.monotonic()
        while True:
            if time.monotonic() >= beat_at:
                self.beat()
                beat_at = time.monotonic() + BEAT_SECONDS
            if time.monotonic() >= tidy_at:
                with open_work(self.database, self.clock) as work:
                    tidy(work)
                tidy_at = time.monotonic() + TIDY_SECONDS
            while not stop.is_set() and self.step():
                pass
            if stop.wait(POLL_SECONDS):
                return

    def step(self) -> int:
        """Deliver one handful of due facts; how many were taken. Reads only when there is nothing to do."""
        with open_work(self.database, self.clock, read_only=True) as work:
            if not outbox.has_due(work, self.table):
                return 0
        with open_work(self.database, self.clock) as work:
            outbox.close_without_effect(work, [kind for kind, effects in self.table.items() if not effects])
            effective = [kind for kind, effects in self.table.items() if effects]
            claimed = outbox.claim(work, self.owner, effective)
            taken = [Noted(each.id, each.organization_id, each.kind, each.payload) for each in claimed]
        for noted in taken:
            self._deliver(noted)
        return len(taken)

    def beat(self) -> None:
        with open_work(self.database, self.clock) as work:
            outbox.beat(work, self.name)

    def _deliver(self, noted: Noted) -> None:
        try:
            with open_work(self.database, self.clock) as work:
                if outbox.close(work, noted.id, self.owner):
                    for react in self.table[noted.kind]:
                        react(work, noted)
        except FORESEEN as failure:
            code = failure.code if isinstance(failure, DomainError) else type(failure).__name__
            log.warning("%s %s failed: %s", noted.kind, noted.id, code)
            with open_work(self.database, self.clock) as work:
                outbox.put_back(work, noted.id, self.owner, code)


class Supervised:
    """A worker in a thread of this process, started again when a fault ends it."""

    def __init__(self, worker: Worker, restart_seconds: float = RESTART_SECONDS) -> None:
        self._worker = worker
        self._pause = restart_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="worker")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let it finish what it is at."""
        self._stop.set()
        self._thread.join()

    def _keep(self) -> None:
        with ThreadPoolExecutor(1, thread_name_prefix="worker") as pool:
            while not self._stop.is_set():
                fault = pool.submit(self._worker.run, self._stop).exception()
                if fault is not None:
                    log.error("The worker fell over and starts again in %s s", self._pause, exc_info=fault)
                    self._stop.wait(self._pause)
