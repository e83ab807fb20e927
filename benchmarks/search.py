"""Slot search over HTTP: the real application and server in one process, asked by another at a steady hundred a second.

    python -m benchmarks search

The asking is open-loop: a request leaves when its moment has come, whatever became of those before it, and its time
counts from that moment, so that a server which falls behind is seen to. A trivial page is asked the same way in the
same run: what it takes is the server's, the network's and the asking's own.
"""

import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from uuid import UUID

import waitress
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.grown import NOW, make
from benchmarks.measure import Row, Timing, shown
from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.domain.people import Discipline
from intervention.operating import THREADS, calm_collector
from intervention.queries.catalogue import touch_catalogue
from intervention.records.database import Database
from intervention.records.people import FollowUp, Organization, Person, Pupil
from intervention.records.schools import Building, Room
from intervention.settings import Settings
from intervention.usecases.api_tokens import CreateToken, create_token_as_operator
from intervention.usecases.work import open_work
from tests import cast
from tests.builders import a_facilitator, a_room

TITLE = "Slot search over HTTP: 100 a second, one server process, the demonstration board grown to 10,000 séances"
ROOT = Path(__file__).parents[1]
RATE, SECONDS, RUNS, ASKERS = 100, 6, 3, 24
ROOMS, FACILITATORS, PUPILS, WINDOW = 20, 5, 4, 28
TRIVIAL, SEARCH = "/healthz", "/api/v1/slots/search"
LIMIT = 0.015
WHAT = "4 pupils and a teacher, any of 20 rooms and 5 facilitators, 4 weeks, bells, road"


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "grown.sqlite"
        make(file)
        yield from _measured(file, _prepared(file))


def _measured(file: Path, ask: dict[str, str]) -> Iterator[Row]:
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.search", str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline())
        _asked(port, ask, seconds=2)
        trivial, searches, processor = [], [], []
        for _ in range(RUNS):
            trivial.append(_asked(port, None))
            before = _processor_seconds(server.pid)
            searches.append(_asked(port, ask))
            processor.append((_processor_seconds(server.pid) - before) / len(searches[-1]))
    finally:
        server.terminate()
        server.wait()
    for name, share in (("median", 0.5), ("p95", 0.95), ("p99", 0.99)):
        aim = f"<= {shown(LIMIT)}" if name == "p99" else ""
        yield Row(f"{WHAT}: {name}", _at(searches, share), _at(trivial, share), f"{TRIVIAL} at the same rate", aim)
    yield Row("the server's processor time of one search", Timing.of(processor))
    late = [sum(each > LIMIT for each in one) for one in searches]
    yield Row(f"of {len(searches[0])} searches, later than {shown(LIMIT)}", ", ".join(map(str, late)), aim="1 in 100")


def _at(runs: Sequence[Sequence[float]], share: float) -> Timing:
    """This quantile of each run."""
    return Timing.of([sorted(one)[int(share * (len(one) - 1))] for one in runs])


def _asked(port: int, ask: dict[str, str] | None, seconds: float = SECONDS) -> list[float]:
    """Seconds from each request's moment to the end of its answer; `ask` None is the trivial page."""
    numbers, found, failed = count(), list[float](), list[int]()
    started = monotonic() + 0.1

    def one_of_many() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while (moment := started + next(numbers) / RATE) < started + seconds:
            sleep(max(0.0, moment - monotonic()))
            status = _sent(connection, ask)
            found.append(monotonic() - moment)
            if status != 200:
                failed.append(status)
        connection.close()

    askers = [threading.Thread(target=one_of_many) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    if failed:
        raise ValueError(f"answers {sorted(set(failed))}")
    return found


def _sent(connection: HTTPConnection, ask: dict[str, str] | None) -> int:
    if ask is None:
        connection.request("GET", TRIVIAL)
    else:
        headers = {"Authorization": f"Bearer {ask['token']}", "Content-Type": "application/json"}
        connection.request("POST", SEARCH, ask["body"], headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _processor_seconds(pid: int) -> float:
    """Of the process so far; NaN where the system does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return float("nan")
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _prepared(file: Path) -> dict[str, str]:
    """Twenty rooms that would do and five facilitators at one school, and a search for five people there."""
    database = Database(f"sqlite:///{file}")
    with database.session() as session:
        cap = session.get_one(Building, cast.building("cap"))
        board = session.get_one(Organization, cap.organization_id)
        for n in range(ROOMS - session.query(Room).filter_by(building_id=cap.id, is_closed=True).count()):
            a_room(session, cap, f"local {200 + n}", capacity=PUPILS + 2, is_closed=True)
        for n in range(FACILITATORS):
            a_facilitator(session, board, f"Appui{n}", cap)
        pupils = _followed(session, cap)
    with open_work(database, FixedClock(NOW)) as work:
        email = work.session.get_one(Person, cast.MIREILLE).email
        token = create_token_as_operator(work, email or "", CreateToken("bench")).token
    database.dispose()
    participants = [{"type": "pupil", "id": str(pupil), "role": "pupil"} for pupil in pupils]
    participants.append({"type": "person", "id": str(cast.ANOUK), "role": "teacher"})
    window = {"from_date": f"{(NOW + timedelta(days=1)).date()}", "days": WINDOW}
    body = {"kind": "small_group", "minutes": 45, "window": window, "participants": participants}
    return {"token": token, "body": json.dumps(body)}


def _followed(session: Session, cap: Building) -> list[UUID]:
    """Pupils of the building whom Mireille follows, from now on if she did not."""
    pupils = session.scalars(select(Pupil.id).where(Pupil.building_id == cap.id).order_by(Pupil.code).limit(PUPILS))
    hers = set(session.scalars(select(FollowUp.pupil_id).where(FollowUp.person_id == cast.MIREILLE)))
    found = list(pupils)
    for pupil_id in set(found) - hers:
        follow_up = {"person_id": cast.MIREILLE, "pupil_id": pupil_id, "discipline": Discipline.SPEECH_THERAPY}
        session.add(FollowUp(organization_id=cap.organization_id, **follow_up))
    session.flush()
    touch_catalogue(session, cap.organization_id)
    return found


def _serve(file: str) -> None:
    """As `intervention serve` does, at the board's own hour."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line for each request that waits is itself a load
    listener = socket.create_server(("127.0.0.1", 0))
    settings = Settings.from_env({"SECRET_KEY": "a key of benchmarks, of no use elsewhere"})
    app = create_app(settings, Database(f"sqlite:///{file}"), FixedClock(NOW))
    server = waitress.create_server(
        app, sockets=[listener], threads=THREADS, ident=None, clear_untrusted_proxy_headers=False
    )
    calm_collector()
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    _serve(sys.argv[1])
