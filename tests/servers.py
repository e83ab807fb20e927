"""The servers of a test run: one private PostgreSQL that pytest-xdist's workers share.

The first process that needs PostgreSQL starts it. A guard process owns the server and waits on a file lock that every
process of the run holds, so the kernel itself tells it when the run is over, even if the run was killed: no server and
no directory outlives the tests.

Run as a module, `python -m tests.servers DIRECTORY` is that guard.
"""

import atexit
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest

from tests.cluster import Cluster, Missing, plain, programs

T = TypeVar("T")

RUN_VARIABLE = "INTERVENTION_TEST_RUN"
TEMPLATE = "intervention_template"
ENOUGH_MEMORY = 2 * 1024**3  # bytes


def postgres() -> str:
    """URL of the run's server up to and including the last slash: add a database's name."""
    return _running(run_directory())


def create_database(name: str, template: str = "template0") -> str:
    """A new database, copied from a template; gives its URL. An older one of that name is dropped first."""
    prefix = postgres()
    with psycopg.connect(plain(prefix) + "postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return prefix + name


def drop_database(name: str) -> None:
    with psycopg.connect(plain(postgres()) + "postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def migrated_database(name: str, migrate: Callable[[str], None]) -> str:
    """A new database at the newest migration: `migrate(url)` runs once per run, every other one is a copy.

    `migrate` must leave no connection open: PostgreSQL refuses to copy a database that somebody uses.
    """
    with _locked(run_directory() / "template.lock"):
        done = run_directory() / "template.done"
        if not done.exists():
            migrate(create_database(TEMPLATE))
            done.touch()
    return create_database(name, TEMPLATE)


def migrated_file(path: Path, migrate: Callable[[str], None]) -> str:
    """The same for SQLite: a new file at the newest migration; gives its URL."""
    original = run_directory() / "template.sqlite"
    with _locked(run_directory() / "template.sqlite.lock"):
        if not original.exists():
            unfinished = original.with_suffix(".unfinished")
            migrate(f"sqlite:///{unfinished}")
            unfinished.rename(original)
    shutil.copyfile(original, path)
    return f"sqlite:///{path}"


def worker_name() -> str:
    """`gw0`, `gw1` … under pytest-xdist, `main` without: a suffix for what workers must not share."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@cache
def run_directory() -> Path:
    """The directory of this run, shared by its processes and held until the last of them ends."""
    inherited = os.environ.get(RUN_VARIABLE)
    directory = Path(inherited or tempfile.mkdtemp(prefix="intervention-tests-"))
    if not inherited:
        directory.chmod(0o711)
        os.environ[RUN_VARIABLE] = str(directory)
    held = os.open(directory / "held", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_SH)
    if not inherited:
        atexit.register(_leave, directory, held, os.getpid())
    return directory


def _leave(directory: Path, held: int, owner: int) -> None:
    """Let go of the run; wait until the guard has ended the server, or remove the directory when there was none."""
    if os.getpid() != owner:
        return
    os.close(held)
    if not (directory / "guarded").exists():
        shutil.rmtree(directory, ignore_errors=True)
    deadline = time.monotonic() + 20
    while directory.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def _running(directory: Path) -> str:
    address = directory / "address"
    with _locked(directory / "start.lock"):
        if not address.exists():
            programs()
            (directory / "guarded").touch()
            with (directory / "guard.log").open("w") as log:
                guard = subprocess.Popen(
                    [sys.executable, "-m", "tests.servers", str(directory)],
                    cwd=Path(__file__).parent.parent,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # a Ctrl-C meant for the tests must not reach the server before they end
                )
            while not address.exists():
                if guard.poll() is not None:
                    raise RuntimeError("PostgreSQL did not start:\n" + (directory / "guard.log").read_text())
                time.sleep(0.02)
            guard.returncode = 0  # it outlives this process by design: nothing to wait for, nothing to warn about
    return address.read_text()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def guard(directory: Path) -> None:
    """Serve until the last process of the run has let go of `held`, then leave nothing behind."""
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    home = directory / "postgres"
    home.mkdir(mode=0o700)
    cluster = Cluster(home)
    unfinished = directory / "address.unfinished"
    try:
        unfinished.touch(mode=0o600)
        unfinished.write_text(cluster.start())
        unfinished.rename(directory / "address")
        with (directory / "held").open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
        cluster.stop()
    finally:
        if cluster.process is not None and cluster.process.poll() is None:
            cluster.process.kill()
            cluster.process.wait()
        shutil.rmtree(directory, ignore_errors=True)


def pytest_configure() -> None:
    use_memory_for_files()
    run_directory()  # before the workers start: they inherit its name


def use_memory_for_files() -> None:
    """Keep the databases of the run in memory where there is plenty: a copy of a template takes 20 ms, not 300."""
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ENOUGH_MEMORY:
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None  # it is looked up again


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """URL of the run's PostgreSQL up to the last slash; the test is NOT RUN where there is no server program."""
    return required(postgres)


def required(ask: Callable[[], T]) -> T:
    """What `ask` gives, or the test is NOT RUN because a program is missing (with CI=true that fails the run)."""
    try:
        return ask()
    except Missing as missing:
        pytest.skip(f"missing: {missing}")


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
