"""The repository as somebody else receives it: no trace of a machine or a registry, code of others unchanged."""

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANIFESTS = ("intervention/static/vendored/MANIFEST", "tests/vendored/MANIFEST")
REGISTRIES = ("pypi" + ".org", "python" + "hosted", "npmjs" + ".", "yarnpkg" + ".com", "deb.debian" + ".org")
# A home or a work folder as a path begins: not after a letter, a dot or another slash, so that URLs may hold the word.
MACHINE_PATH = re.compile(r"(?<![\w./~-])/(?:home|Users|root|work|opt)/[\w.-]+")
ALLOWED_PATHS = ("/opt/homebrew",)  # where Homebrew is on every Mac


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """Every tracked text of our own, by its path: not pictures, not the code of others."""
    found = []
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data and "vendored" not in path.parts:
            found.append((str(path.relative_to(ROOT)), data.decode("utf-8")))
    return found


def test_no_file_names_a_registry() -> None:
    assert [(name, host) for name, text in texts() for host in REGISTRIES if host in text.lower()] == []


def test_no_file_holds_a_path_of_one_machine() -> None:
    found = [(name, path) for name, text in texts() for path in MACHINE_PATH.findall(text)]
    assert [entry for entry in found if not entry[1].startswith(ALLOWED_PATHS)] == []


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_locks_pin_by_hash_and_hold_no_address(lock: str) -> None:
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    entries = [entry for entry in re.split(r"\n(?=[a-z0-9])", text) if "==" in entry]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"://|--index|--find-links", text) == []


def test_the_lock_of_the_tests_contains_the_lock_of_the_product() -> None:
    run, dev = (pins((ROOT / f"requirements/{lock}.txt").read_text()) for lock in ("run", "dev"))
    assert run.items() - dev.items() == set()


def test_every_declared_requirement_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run, dev = (pins((ROOT / f"requirements/{lock}.txt").read_text()).keys() for lock in ("run", "dev"))
    assert {package(line) for line in project["dependencies"]} - run == set()
    wanted = [line for line in (ROOT / "requirements/dev.in").read_text().splitlines() if not line.startswith("#")]
    assert {package(line) for line in wanted} - dev == set()


def pins(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


def package(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_vendored_files_are_the_ones_of_their_manifest(manifest: str) -> None:
    folder = (ROOT / manifest).parent
    rows = [line.split(" | ") for line in (ROOT / manifest).read_text().splitlines() if not line.startswith("#")]
    present = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    del present["MANIFEST"]
    assert present == {name: digest for name, _origin, _licence, digest in rows}
    assert {licence for _name, _origin, licence, _digest in rows} <= {"0BSD", "MIT", "MPL-2.0", "MIT and others"}
