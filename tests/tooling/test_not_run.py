"""What did not run is told at the end, and fails the run where CI=true."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = """
import pytest

def test_runs():
    assert True

@pytest.mark.skip(reason="no browser")
def test_skipped():
    pass

@pytest.mark.xfail(reason="not yet")
def test_let_off():
    assert False

@pytest.mark.xfail(reason="by now it works")
def test_let_off_in_vain():
    pass

def test_given_up_halfway():
    pytest.skip("no server")
"""
SKIPPED_FILE = 'import pytest\npytest.importorskip("no_such_module")\n'


def run(folder: Path, *arguments: str, ci: str) -> subprocess.CompletedProcess[str]:
    plugins = ["-p", "xdist", "-p", "tests.not_run", "-c", os.devnull, "--rootdir", str(folder)]
    command = [sys.executable, "-m", "pytest", *plugins]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment |= {"CI": ci, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [*command, *arguments, str(folder)], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "test_suite.py").write_text(SUITE)
    return tmp_path


@pytest.mark.parametrize("workers", [[], ["-n1"]])
def test_the_end_lists_what_did_not_run(suite: Path, workers: list[str]) -> None:
    done = run(suite, *workers, ci="")
    assert done.returncode == 0
    listed = [line for line in done.stdout.partition(" NOT RUN ")[2].splitlines()[1:] if line]
    assert listed[:8] == [
        "expected to fail: by now it works: 1 test",
        "  test_suite.py::test_let_off_in_vain",
        "expected to fail: not yet: 1 test",
        "  test_suite.py::test_let_off",
        "no browser: 1 test",
        "  test_suite.py::test_skipped",
        "no server: 1 test",
        "  test_suite.py::test_given_up_halfway",
    ]


@pytest.mark.parametrize("workers", [[], ["-n1"]])
def test_ci_accepts_none_of_it(suite: Path, workers: list[str]) -> None:
    done = run(suite, *workers, ci="true")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].strip("= ").startswith("3 failed, 1 passed, 1 error in")
    assert "CI=true allows nothing to be left out: no server" in done.stdout


@pytest.mark.parametrize(("ci", "status"), [("", 5), ("true", 2)])
def test_a_file_left_out_counts_too(tmp_path: Path, ci: str, status: int) -> None:
    (tmp_path / "test_file.py").write_text(SKIPPED_FILE)
    assert run(tmp_path, ci=ci).returncode == status


def test_a_suite_that_ran_whole_has_no_such_section(tmp_path: Path) -> None:
    (tmp_path / "test_whole.py").write_text("def test_runs():\n    pass\n")
    done = run(tmp_path, ci="true")
    assert (done.returncode, "NOT RUN" in done.stdout) == (0, False)
