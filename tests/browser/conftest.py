"""A real Chromium, one per worker, for every browser test, and the product before it on the cast's world."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from intervention.domain.clock import FixedClock
from intervention.records.database import Database
from tests.browser.live import served
from tests.browser.shots import sign_in
from tests.chromium import ARGUMENTS, chromium_path, driver
from tests.databases import MONDAY
from tests.servers import required


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = required(chromium_path)
    required(driver)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@dataclass(frozen=True)
class Live:
    """The running product: `live.enter(page, cast.MIREILLE)`, then `page.goto(live.address + "/agenda")`."""

    address: str
    app: Flask
    database: Database
    clock: FixedClock

    def enter(self, page: Page, who: UUID, language: str = "fr") -> None:
        sign_in(page, self.address, who, language)


@pytest.fixture
def live(world_file: Path, tmp_path: Path) -> Iterator[Live]:
    path = tmp_path / "live.sqlite"
    shutil.copyfile(world_file, path)
    database, clock = Database(f"sqlite:///{path}"), FixedClock(MONDAY)
    with served(database, clock) as (address, app):
        yield Live(address, app, database, clock)
    database.dispose()
