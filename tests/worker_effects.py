"""An effect that can be counted, and a process that dies in the middle of one: `python -m tests.worker_effects URL N`.

Each effect leaves one row in `worker_beat`, named after the fact's encounter. The process prints `done` for each of N
effects, then writes one more, prints `in the middle`, and waits inside the transaction to be killed.
"""

from __future__ import annotations

import sys
import time

from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.reactions.table import Noted
from intervention.records.database import Database
from intervention.records.outbox import WorkerBeat
from intervention.usecases.work import Work
from intervention.worker import Worker
from tests.databases import MONDAY


def leave_a_mark(work: Work, noted: Noted) -> None:
    """A second effect of the same fact would break the primary key."""
    work.session.add(WorkerBeat(name=noted.payload["encounter_id"], beat_at=work.now()))
    work.session.flush()


EFFECTS = {"EncounterBooked": (leave_a_mark,)}


def marks(database: Database) -> list[str]:
    with database.session(read_only=True) as session:
        return [name for name in session.scalars(select(WorkerBeat.name)) if len(name) == 36]


def main(url: str, whole: int) -> None:
    left = whole

    def told(work: Work, noted: Noted) -> None:
        nonlocal left
        leave_a_mark(work, noted)
        if left == 0:
            sys.stdout.write("in the middle\n")
            sys.stdout.flush()
            time.sleep(60)
        left -= 1

    def tell(work: Work, noted: Noted) -> None:
        sys.stdout.write("done\n")
        sys.stdout.flush()

    Worker(Database(url), FixedClock(MONDAY), "victim", {"EncounterBooked": (told, tell)}).step()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
