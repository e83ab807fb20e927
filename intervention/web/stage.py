"""What a request stands on: the settings, the database, the clock, and one transaction opened when first needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from intervention.domain.clock import Clock
from intervention.ports import SchoolReader, VideoProvider
from intervention.records.database import Database
from intervention.records.isolation import NO_BOARD, Reach, tell
from intervention.records.vault import Keyring
from intervention.settings import Settings
from intervention.usecases import work as unit_of_work
from intervention.usecases.work import Work

_KEY = "intervention.stage"


@dataclass(frozen=True, slots=True)
class Stage:
    settings: Settings
    database: Database
    clock: Clock
    read_schools: SchoolReader
    video: Mapping[str, VideoProvider] = field(default_factory=dict)

    @property
    def keys(self) -> Keyring:
        return Keyring(self.settings.secret_key.reveal())


def build(app: Flask, stage: Stage) -> None:
    app.extensions[_KEY] = stage
    app.teardown_request(_close_reading)


def stage() -> Stage:
    return cast("Stage", current_app.extensions[_KEY])


@contextmanager
def open_work() -> Iterator[Work]:
    """The request's writing transaction: `with open_work() as work: book(work, actor, ask)`. Commits on exit.

    What is read afterwards is the world with it: the reading transaction before it keeps an older snapshot on SQLite.
    """
    here = stage()
    with unit_of_work.open_work(here.database, here.clock, reach=_reach()) as work:
        yield work
    _close_reading(None)


def reading() -> Session:
    """The request's reading transaction, for queries. Opened at first use, ended with the request."""
    if "reading" not in g:
        g.reading_stack = ExitStack()
        g.reading = g.reading_stack.enter_context(stage().database.session(read_only=True, reach=_reach()))
    return cast("Session", g.reading)


def reach(boards: Reach) -> None:
    """Whose rows this request reads and writes from here on; the rows of no board until it is said."""
    g.reach = boards
    if "reading" in g:
        tell(reading(), boards)


def _reach() -> Reach:
    return cast("Reach", g.get("reach", NO_BOARD))


def _close_reading(error: BaseException | None) -> None:
    stack = g.pop("reading_stack", None)
    g.pop("reading", None)
    if stack is not None:
        stack.close()
