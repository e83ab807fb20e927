"""The commands as an operator runs them, in processes of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intervention.usecases.demo_world.people import address_of

ROOT = Path(__file__).parents[1]


def run(home: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "intervention", *arguments],
        cwd=ROOT, env=_environ(home, environ), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def _environ(home: Path, more: dict[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "INTERVENTION_HOME": str(home), "PORT": "0", **more}  # noqa: TID251


@contextmanager
def serving(home: Path, *arguments: str, **environ: str) -> Iterator[tuple[str, list[str]]]:
    """The address that `serve` prints, and its lines so far."""
    process = subprocess.Popen(
        [sys.executable, "-m", "intervention", "serve", *arguments],
        cwd=ROOT, env=_environ(home, environ), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.strip())
            if found := re.search(r"http://\S+", line):
                yield found[0], lines
                break
        else:
            raise AssertionError(lines)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        process.stdout.close()


def test_every_fault_of_the_environment_is_told_and_nothing_starts(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "serve", PORT="eighty", DATABASE_URL="mysql://x", DEMO="1", HOST="0.0.0.0")

    assert done.returncode == 2
    assert [line.split()[1] for line in done.stderr.splitlines()[1:]] == ["DATABASE_URL", "SECRET_KEY", "PORT"]
    assert not (tmp_path / "home").exists()


def test_the_demonstration_does_not_start_off_this_machine(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", DEMO="1", HOST="0.0.0.0", SECRET_KEY="k" * 40)

    assert done.returncode == 2
    assert "DEMO" in done.stderr


def test_a_fresh_machine_is_served_and_keeps_its_key(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home) as (address, _lines), urllib.request.urlopen(f"{address}/readyz") as answer:
        assert answer.status == 200

    key = home / "secret_key"
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_text()
    with serving(home):
        assert key.read_text() == before


def test_the_server_on_sqlite_works_off_facts_itself(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, _lines):
        for _ in range(100):
            with urllib.request.urlopen(f"{address}/readyz") as answer:
                age = json.load(answer)["worker_age_seconds"]
            if age is not None:
                break
            time.sleep(0.05)

    assert age is not None
    assert 0 <= age < 30


def test_a_worker_refuses_an_old_schema_and_ends_well(tmp_path: Path) -> None:
    tmp_path.joinpath("home").mkdir()
    assert run(tmp_path / "home", "worker").returncode == 1
    run(tmp_path / "home", "migrate")

    process = subprocess.Popen(
        [sys.executable, "-m", "intervention", "worker", "--revive-dead"],
        cwd=ROOT, env=_environ(tmp_path / "home", {}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    lines = [process.stdout.readline(), process.stdout.readline()]
    process.send_signal(signal.SIGTERM)
    _rest, faults = process.communicate(timeout=20)

    assert lines == ["0 facts that were given up are due again.\n", "The worker looks for facts every second.\n"]
    assert process.returncode == 0
    assert "Traceback" not in faults


def test_an_empty_database_gets_the_demonstration_and_offers_its_sign_in(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--demo-if-empty") as (address, _lines),
        urllib.request.urlopen(f"{address}/connexion") as answer,
    ):
        assert answer.read().decode().count('name="person"') == 8


def test_without_a_demonstration_board_there_is_no_sign_in_by_click(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, _lines), urllib.request.urlopen(f"{address}/connexion") as answer:
        assert 'name="person"' not in answer.read().decode()


def test_the_doctor_says_what_to_mend(tmp_path: Path) -> None:
    before = run(tmp_path / "home", "doctor")
    run(tmp_path / "home", "migrate")
    after = run(tmp_path / "home", "doctor")

    assert before.returncode == 1
    assert "MEND  SQLite" in before.stdout
    assert after.returncode == 0
    assert "MEND" not in after.stdout


def test_the_demonstration_is_laid_once(tmp_path: Path) -> None:
    first, second = run(tmp_path, "demo", "--weeks", "0"), run(tmp_path, "demo", "--weeks", "0")

    assert (first.returncode, second.returncode) == (0, 1)
    assert "mireille.bellegreve@caps-et-rivieres.example" in first.stdout
    assert "already there" in second.stdout


def test_every_command_explains_itself(tmp_path: Path) -> None:
    listed = run(tmp_path, "--help").stdout

    for name in ("serve", "worker", "migrate", "demo", "import", "doctor", "backup", "restore"):
        assert name in listed
        assert run(tmp_path, name, "--help").returncode == 0


def test_an_operator_makes_a_token_for_a_person(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(home, "demo", "--weeks", "0")

    made = run(home, "token", "create", "--as", address_of("mireille"), "--label", "bilan", "--days", "30")
    nobody = run(home, "token", "create", "--as", "personne@example.org")
    too_long = run(home, "token", "create", "--as", address_of("mireille"), "--days", "4000")

    assert re.fullmatch(r"it1_[A-Za-z0-9_-]{43}\n", made.stdout)
    assert (made.returncode, nobody.returncode, too_long.returncode) == (0, 1, 2)
    assert "days out_of_range" in too_long.stdout
