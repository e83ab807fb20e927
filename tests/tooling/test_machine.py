"""How the tests get their system packages, on stand-ins of the package managers."""

import os
import sys
from pathlib import Path

import pytest

from tests.machine import NEEDS, Need, allowed, commands, main

POSTGRES, CHROMIUM, LIBICAL, _DRIVER = NEEDS
POLICY = """#!/bin/sh
case "$2" in
postgresql|libical3t64) echo "  Candidate: 17+1";;
*) echo "  Candidate: (none)";;
esac
"""
ANYTHING = "#!/bin/sh\necho '  Candidate: 1'\n"
NOTHING = "#!/bin/sh\nexit 1\n"
SUDO_WITHOUT_PASSWORD = '#!/bin/sh\n[ "$1" = -n ] && shift\n"$@"\n'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def put(folder: Path, **programs: str) -> None:
    for name, text in programs.items():
        (folder / name.replace("_", "-")).write_text(text)
        (folder / name.replace("_", "-")).chmod(0o755)


SUDO = [] if os.geteuid() == 0 else ["sudo"]
APT = [*SUDO, "apt-get", "install", "-y", "--no-install-recommends"]
PLAYWRIGHT = [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]


def test_apt_gets_the_names_that_this_release_has(path: Path) -> None:
    put(path, apt_get=NOTHING, apt_cache=POLICY)
    assert commands([POSTGRES, LIBICAL]) == [[*APT, "postgresql", "libical3t64"]]


def test_where_the_distribution_has_no_chromium_playwright_brings_its_own(path: Path) -> None:
    put(path, apt_get=NOTHING, apt_cache=POLICY)
    assert commands([POSTGRES, CHROMIUM]) == [[*APT, "postgresql"], PLAYWRIGHT]


def test_homebrew(path: Path) -> None:
    put(path, brew=NOTHING)
    assert commands([POSTGRES, CHROMIUM]) == [["brew", "install", "postgresql@17"], PLAYWRIGHT]


def test_a_command_that_would_ask_for_a_password_is_left_to_the_person(path: Path) -> None:
    put(path, sudo=NOTHING)
    assert allowed(["sudo", "apt-get"]) is (os.geteuid() == 0)
    assert allowed(["brew", "install"])


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 2)])
def test_what_stays_missing_is_told_and_fails_ci(
    path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], ci: str, status: int
) -> None:
    put(path, apt_get=NOTHING, apt_cache=ANYTHING, sudo=NOTHING)
    monkeypatch.setenv("CI", ci)
    assert main((Need("Abacus", lambda: None, ("abacus",)),)) == status
    assert capfd.readouterr().err.splitlines() == ["Run:  " + " ".join([*APT, "abacus"]), "Still missing: Abacus"]


def test_what_gets_installed_is_no_longer_missing(
    path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    installed = path / "abacus"
    installer = f'#!/bin/sh\ncase "$1" in install) : > "{installed}";; esac\n'
    put(path, apt_get=installer, apt_cache=ANYTHING, sudo=SUDO_WITHOUT_PASSWORD)
    monkeypatch.setenv("CI", "true")
    assert main((Need("Abacus", installed.exists, ("abacus",)),)) == 0
    assert capfd.readouterr().err == ""
