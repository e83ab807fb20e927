"""Where Chromium is on this machine, and how the tests start it."""

import os
import shutil
from functools import cache
from pathlib import Path

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


@cache
def chromium_path() -> Path:
    """A Chromium of this machine, or else the one that Playwright installed for itself."""
    found = [Path(path) for name in NAMES if (path := shutil.which(name))]
    found += [Path(path) for path in APPLICATIONS if Path(path).exists()]
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"):
        found += sorted(home.glob(pattern), reverse=True)
    if not found:
        raise Missing("Chromium (Debian: chromium)")
    return found[0]
