"""Official school data: 5,000 rows read, compared and stored, on a SQLite file; then the same file again."""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, timed
from intervention.domain.clock import SystemClock
from intervention.domain.school_import import ImportPlan
from intervention.records.database import Database
from intervention.records.migrate import upgrade
from intervention.records.people import Organization
from intervention.usecases.imports import ImportSchools, import_schools_as_operator
from intervention.usecases.work import open_work
from intervention.wiring import read_schools

TITLE = "Import of 5,000 rows of school data"
ROWS, PER_BUILDING = 5000, 3
BOARD = "999000"
BATCHES = 50
BUILDINGS = -(-ROWS // PER_BUILDING)
SCHOOLS = ROWS
HEADER = (
    *("css_code", "css_name", "region", "org_code", "school_name", "building_code", "building_name", "municipality"),
    *("municipality_code", "address", "postal_code", "preschool", "primary", "secondary", "vocational", "adult"),
    *("lat", "lon", "updated"),
)


def run() -> Iterator[Row]:
    content, revised = a_file(), a_file(address="14, rue des Pins")
    with tempfile.TemporaryDirectory() as folder:
        database = _migrated(Path(folder) / "import.sqlite")
        codes = iter(range(BATCHES))

        def first() -> None:
            board = f"board-{next(codes)}"
            with database.session() as session:
                session.add(Organization(code=board, name=board, short_name=board))
            _require(_import(database, board, content, is_applied=True), added=ROWS + BUILDINGS + SCHOOLS)

        yield Row("read the bytes, check every line", timed(lambda: read_schools(content), runs=5))
        yield Row("dry run and apply into an empty board", timed(first, runs=5), aim="< 5 s")
        again = timed(lambda: _require(_import(database, "board-0", content, is_applied=True)), runs=5)
        yield Row("the same file again: nothing changes", again, aim="< 5 s")
        change = timed(lambda: _import(database, "board-1", revised, is_applied=True), runs=1)
        yield Row("every building changed", change, aim="< 5 s")
        database.dispose()


def a_file(address: str = "12, rue des Pins") -> bytes:
    """A CSV of `ROWS` schools, three to a building."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for n in range(ROWS):
        building = n // PER_BUILDING
        place = [f"{200000 + building}", f"Pavillon {building}", "Sept-Îles", "97007", address, "G4R 1A1"]
        at = [f"{50 + building / 10000:.6f}", f"{-66 - building / 10000:.6f}"]
        writer.writerow([BOARD, "CSS", "Nord", f"{500000 + n}", f"École {n}", *place, 1, 1, 0, 0, 0, *at, "20260901"])
    return out.getvalue().encode()


def _migrated(path: Path) -> Database:
    url = f"sqlite:///{path}"
    upgrade(url)
    return Database(url)


def _import(database: Database, board: str, content: bytes, *, is_applied: bool) -> ImportPlan:
    with open_work(database, SystemClock()) as work:
        return import_schools_as_operator(
            work, board, ImportSchools(read_schools(content), BOARD, is_applied=is_applied)
        )


def _require(plan: ImportPlan, added: int = 0) -> None:
    if len(plan.added) != added or plan.refused or plan.changed:
        raise RuntimeError(f"{len(plan.added)} added, {len(plan.refused)} refused, {len(plan.changed)} changed")
