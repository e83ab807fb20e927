"""What the tests need of the machine beyond Python, and how it gets there.

`python -m tests.machine` installs what is missing where that needs no password, and prints the exact line otherwise.
With CI=true something still missing is exit status 2; without, the tests that need it are listed as NOT RUN.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests import chromium, cluster
from tests.not_run import strict


@dataclass(frozen=True)
class Need:
    """A thing the tests use; `apt` lists its package's names, one per release of the distribution."""

    name: str
    there: Callable[[], object]
    apt: tuple[str, ...]
    brew: str = ""

    def is_met(self) -> bool:
        try:
            return bool(self.there())
        except cluster.Missing:
            return False


def libical() -> str:
    """What `ctypes.CDLL` loads as libical."""
    homebrew = [
        path for path in ("/opt/homebrew/lib/libical.dylib", "/usr/local/lib/libical.dylib") if Path(path).exists()
    ]
    found = ctypes.util.find_library("ical") or next(iter(homebrew), None)
    if found is None:
        raise cluster.Missing("libical (Debian 12: libical3; later: libical3t64)")
    return found


NEEDS = (
    Need("PostgreSQL", cluster.programs, ("postgresql",), "postgresql@17"),
    Need("Chromium", chromium.chromium_path, ("chromium",)),
    Need("libical", libical, ("libical3t64", "libical3"), "libical"),
    Need("libatomic, for Playwright", chromium.driver, ("libatomic1",)),
)


def missing(needs: Iterable[Need]) -> list[Need]:
    cluster.programs.cache_clear()
    chromium.chromium_path.cache_clear()
    chromium.driver.cache_clear()
    return [need for need in needs if not need.is_met()]


def install(needs: list[Need]) -> list[list[str]]:
    """Install what may be installed without a password; the commands that a person has to run instead."""
    return [
        command
        for command in commands(needs)
        if not allowed(command) or subprocess.run(command, check=False).returncode != 0
    ]


def commands(needs: list[Need]) -> list[list[str]]:
    """The commands that bring these needs to this machine, in order."""
    found: list[list[str]] = []
    if shutil.which("apt-get"):
        packages = [name for need in needs if (name := candidate(need))]
        if packages:
            found.append([*as_root(), "apt-get", "install", "-y", "--no-install-recommends", *packages])
    elif shutil.which("brew"):
        formulas = [need.brew for need in needs if need.brew]
        if formulas:
            found.append(["brew", "install", *formulas])
    if any(need.name == "Chromium" for need in needs) and not any("chromium" in command for command in found):
        found.append([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"])
    return found


def candidate(need: Need) -> str | None:
    """The package of this need that the distribution offers, if any."""
    for name in need.apt:
        shown = subprocess.run(["apt-cache", "policy", name], check=False, capture_output=True, text=True).stdout
        if "Candidate:" in shown and "Candidate: (none)" not in shown:
            return name
    return None


def as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo"]


def allowed(command: list[str]) -> bool:
    """Whether it runs without asking anybody: as root, with a sudo that wants no password, or needing neither."""
    if os.geteuid() == 0 or command[0] == "brew":
        return True
    sudo = shutil.which("sudo")
    return sudo is not None and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0


def main(needs: Iterable[Need] = NEEDS) -> int:
    lacking = missing(needs)
    if not lacking:
        return 0
    print("Missing: " + ", ".join(need.name for need in lacking), flush=True)
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    if shutil.which("apt-get") and allowed([*as_root(), "apt-get"]):
        subprocess.run([*as_root(), "apt-get", "update", "-qq"], check=False)
    left = install(lacking)
    for command in left:
        print("Run:  " + " ".join(command), file=sys.stderr)
    still = missing(lacking)
    if still:
        print("Still missing: " + ", ".join(need.name for need in still), file=sys.stderr)
    return 2 if still and strict() else 0


if __name__ == "__main__":
    sys.exit(main())
