"""Where Chromium is on this machine, and how the tests start it."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import playwright

from tests.cluster import Missing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# The pages under test are ours, so no sandbox (root has none); the rest keeps the browser from calling anybody.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
)


CACHES = (".cache/ms-playwright", "Library/Caches/ms-playwright")


@cache
def chromium_path() -> Path:
    """A Chromium of this machine, or else the one that Playwright installed for itself."""
    found = [Path(path) for name in NAMES if (path := shutil.which(name))]
    found += [Path(path) for path in APPLICATIONS if Path(path).exists()]
    for folder in (os.environ.get("PLAYWRIGHT_BROWSERS_PATH"), *(Path.home() / name for name in CACHES)):
        for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"):
            found += sorted(Path(folder).glob(pattern), reverse=True) if folder else []
    if not found:
        raise Missing("Chromium (Debian: chromium)")
    return found[0]


@cache
def driver() -> Path:
    """The program that Playwright brings along, if it starts: it links to a library that a bare Debian lacks."""
    program = Path(playwright.__file__).parent / "driver/node"
    if subprocess.run([program, "--version"], check=False, capture_output=True).returncode != 0:
        raise Missing("a library of Playwright's driver (Debian: libatomic1)")
    return program
