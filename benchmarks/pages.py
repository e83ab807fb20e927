"""Every page of a signed-in person on the demonstration grown to 10,000 séances: server time, and the process's memory.

    python -m benchmarks pages

The board is made in one process and the pages are asked for in another, so that the memory is the server's own.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import BuildError, Rule

from benchmarks.grown import NOW, make
from benchmarks.measure import Row, Timing, timed
from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.records.database import Database
from intervention.records.encounters import Encounter
from intervention.settings import Settings
from tests import cast
from tests.web.client import Browser

TITLE = "Pages on the demonstration board grown to 10,000 séances"
TRIVIAL = "/aide/clavier"  # the frame, a session, and no question to the database of the board's own
NO_PAGES = re.compile(r"/(static|healthz|readyz|metrics|robots|r|connexion|recherche|api)(?![^/.])")
READERS = (cast.MIREILLE, cast.INES, cast.OMAR)
AIM = "< 100 ms"


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "grown.sqlite"
        _child("make", file)
        told = json.loads(_child("ask", file).splitlines()[-1])
    trivial = Timing(**told["pages"].pop(TRIVIAL))
    for path, seconds in told["pages"].items():
        yield Row(path, Timing(**seconds), trivial, f"{TRIVIAL}, the frame alone", AIM)
    yield Row("memory of the process after every page", f"{told['mebibytes']:.0f} MiB", aim="< 150 MB")
    if told["not_asked"]:
        yield Row("no page to ask for", ", ".join(told["not_asked"]))


def _child(verb: str, file: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.pages", verb, str(file)], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _ask(file: Path) -> None:
    """Print, as JSON, the seconds of each page for the first reader whom it answers, and the memory in MiB."""
    database = Database(f"sqlite:///{file}")
    settings = Settings.from_env({"SECRET_KEY": "a key of benchmarks, of no use elsewhere"})
    app = create_app(settings, database, FixedClock(NOW))
    browsers = [Browser(app).enter(reader) for reader in READERS]
    samples = _samples(database)
    pages: dict[str, dict[str, float]] = {}
    not_asked: list[str] = []
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if "GET" not in (rule.methods or ()) or NO_PAGES.match(str(rule)):
            continue
        path = _path(app, rule, samples)
        browser = next((b for b in browsers if path and b.raw("GET", path).status_code == 200), None)
        if browser is None or path is None:
            not_asked.append(str(rule))
        else:
            pages[str(rule)] = asdict(timed(partial(browser.raw, "GET", path), runs=9))
    print(json.dumps({"pages": pages, "not_asked": not_asked, "mebibytes": _resident_mebibytes()}))


def _samples(database: Database) -> dict[str, Any]:
    """A value for each argument that a page's address may have."""
    soon = (
        select(Encounter.id)
        .where(Encounter.host_id == cast.MIREILLE, Encounter.starts_at > NOW, Encounter.starts_at < NOW + timedelta(7))
        .order_by(Encounter.starts_at)
    )
    with database.session(read_only=True) as session:
        encounter: UUID | None = session.scalar(soon.limit(1))
    return {
        "encounter_id": encounter,
        "building_id": cast.building("cap"),
        "school_id": cast.school("cap-chardon"),
        "room_id": cast.room("cap", "local 12"),
        "pupil_id": cast.pupil("E-214"),
        "person_id": cast.MIREILLE,
        "professional_id": cast.MIREILLE,
        "level": "primary",
    }


def _path(app: Flask, rule: Rule, samples: dict[str, Any]) -> str | None:
    if not rule.arguments <= samples.keys():
        return None
    with app.test_request_context():
        try:
            return app.url_for(rule.endpoint, **{name: samples[name] for name in rule.arguments})
        except BuildError:
            return None


def _resident_mebibytes() -> float:
    """Linux tells pages in the second number of statm; elsewhere the question has no cheap answer, so NaN."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return float("nan")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    {"make": make, "ask": _ask}[sys.argv[1]](Path(sys.argv[2]))
