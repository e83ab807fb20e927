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
from functools import partial
from itertools import product
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from benchmarks import page_samples
from benchmarks.grown import NOW
from benchmarks.measure import Row, Timing, timed
from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.records.database import Database
from intervention.settings import Settings
from tests import cast
from tests.web.client import Browser

TITLE = "Pages on the demonstration board grown to 10,000 séances"
TRIVIAL = "/aide/clavier"  # the frame, a session, and no question to the database of the board's own
NO_PAGES = re.compile(
    r"/(static|healthz|readyz|metrics|robots|r|connexion|recherche|api|demonstration|flux/<token>)(?![^/.])"
)
READERS = (cast.MIREILLE, cast.INES, cast.OMAR)
AIM = "< 100 ms"


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "grown.sqlite"
        _child("benchmarks.page_world", file)
        told = json.loads(_child("benchmarks.pages", file).splitlines()[-1])
    trivial = Timing(**told["pages"].pop(TRIVIAL))
    for path, seconds in told["pages"].items():
        yield Row(path, Timing(**seconds), trivial, f"{TRIVIAL}, the frame alone", AIM)
    yield Row("memory of the process after every page", f"{told['mebibytes']:.0f} MiB", aim="< 150 MB")
    yield Row("pages that lead to another", ", ".join(told["leading"]))
    if told["not_asked"]:
        yield Row("no page to ask for", ", ".join(told["not_asked"]))


def _child(module: str, file: Path) -> str:
    done = subprocess.run([sys.executable, "-m", module, str(file)], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _ask(file: Path) -> None:
    """Print, as JSON, the seconds of each page for the first reader whom it answers, and the memory in MiB."""
    database = Database(f"sqlite:///{file}")
    settings = Settings.from_env({"SECRET_KEY": "a key of benchmarks, of no use elsewhere"})
    app = create_app(settings, database, FixedClock(NOW))
    browsers = [Browser(app).enter(reader) for reader in READERS]
    values = page_samples.samples(database)
    pages: dict[str, dict[str, float]] = {}
    leading, not_asked = list[str](), list[str]()
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if "GET" not in (rule.methods or ()) or NO_PAGES.match(str(rule)):
            continue
        asks = (partial(b.raw, "GET", path) for path, b in product(_paths(app, rule, values), browsers))
        answers = dict[int, partial[TestResponse]]()
        while 200 not in answers and (ask := next(asks, None)) is not None:
            answers[ask().status_code] = ask
        if 200 in answers:
            pages[str(rule)] = asdict(timed(answers[200], runs=9))
        else:
            (leading if 303 in answers else not_asked).append(str(rule))
    told = {"pages": pages, "leading": leading, "not_asked": not_asked, "mebibytes": _resident_mebibytes()}
    sys.stdout.write(json.dumps(told))


def _paths(app: Flask, rule: Rule, values: page_samples.Samples) -> list[str]:
    """The addresses of a page, one for each combination of values."""
    adapter, more = app.url_map.bind("localhost"), page_samples.ASKED.get(rule.endpoint, {})
    return [adapter.build(rule.endpoint, way | more, method="GET") for way in page_samples.ways(rule.arguments, values)]


def _resident_mebibytes() -> float:
    """Linux tells pages in the second number of statm; elsewhere the question has no cheap answer, so NaN."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return float("nan")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    _ask(Path(sys.argv[1]))
