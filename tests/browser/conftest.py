"""A real Chromium, one per worker, for every browser test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import ARGUMENTS, chromium_path, driver
from tests.servers import required


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = required(chromium_path)
    required(driver)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield chromium
        chromium.close()
