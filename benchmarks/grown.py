"""The demonstration board with years behind it, in a file: what pages and searches are measured on."""

from datetime import UTC, datetime
from pathlib import Path

from intervention.domain.clock import FixedClock
from intervention.records.database import Database
from intervention.records.migrate import upgrade
from intervention.usecases.demo import build_demo
from intervention.usecases.demo_world.growth import grow

NOW = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)  # a Monday morning, the first séances under way
SEANCES = 10_000


def make(file: Path) -> None:
    upgrade(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    build_demo(database, FixedClock(NOW))
    grow(database, FixedClock(NOW), SEANCES)
    database.dispose()
