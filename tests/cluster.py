"""A PostgreSQL cluster of our own: where its programs are, how it starts and ends."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import psycopg

ROLE = "intervention"
PROGRAM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
# The cluster dies with the run, so nothing needs to reach the disk. A test of durability passes its own settings.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Missing(Exception):
    """A program the tests need is not on this machine."""


@cache
def programs() -> Path:
    """The folder of the newest complete set of PostgreSQL server programs with its contrib extensions."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in PROGRAM_FOLDERS:
        folders += Path("/").glob(pattern.lstrip("/"))
    complete = [folder for folder in folders if all((folder / name).exists() for name in ("initdb", "postgres"))]
    if not complete:
        raise Missing("PostgreSQL server (Debian and Ubuntu: postgresql, postgresql-contrib)")
    return max(complete, key=lambda folder: [int(number) for number in re.findall(r"\d+", str(folder))])


class Cluster:
    """A PostgreSQL cluster in a directory of its own, on a loopback port, never run by root."""

    def __init__(self, directory: Path, **settings: str) -> None:
        self.directory = directory
        self.settings = FAST | settings
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""
        self._password = secrets.token_hex(16)

    def start(self) -> str:
        """Create the cluster if it is new, serve it, and give its URL up to the last slash."""
        data = self.directory / "data"
        if not data.exists():
            self._create(data)
        for _attempt in range(5):  # another program may take the free port before the server does
            port = free_port()
            self.url = f"postgresql+psycopg://{ROLE}:{self._password}@127.0.0.1:{port}/"
            options = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
            options |= {"max_connections": "200", "timezone": "UTC", "lc_messages": "C"} | self.settings
            arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
            self.process = self._spawn("postgres", "-D", str(data), *arguments)
            if self._answers():
                return self.url
        raise RuntimeError((self.directory / "postgres.log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT lets it close its files, SIGQUIT is a crash."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)

    def _create(self, data: Path) -> None:
        words = self.directory / "password"
        words.write_text(self._password)
        if os.geteuid() == 0:
            shutil.chown(self.directory, *_unprivileged())
            shutil.chown(words, *_unprivileged())
        made = self._spawn(
            "initdb",
            f"--pgdata={data}",
            f"--username={ROLE}",
            f"--pwfile={words}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        if made.wait() != 0:
            raise RuntimeError((self.directory / "postgres.log").read_text())
        words.unlink()

    def _spawn(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [str(programs() / program), *arguments]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        user, group = _unprivileged() if os.geteuid() == 0 else (None, None)
        with (self.directory / "postgres.log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
            )

    def _answers(self) -> bool:
        assert self.process is not None
        while self.process.poll() is None:
            with suppress(psycopg.OperationalError), psycopg.connect(plain(self.url) + "postgres", connect_timeout=5):
                return True
            time.sleep(0.03)
        return False


def _unprivileged() -> tuple[str, str]:
    """A user that owns nothing of ours: PostgreSQL refuses to run as root."""
    import grp  # noqa: PLC0415 - POSIX only, and only for root
    import pwd  # noqa: PLC0415

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name
    raise Missing("an unprivileged user named postgres or nobody")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plain(url: str) -> str:
    """The URL as psycopg itself reads it, without SQLAlchemy's driver name."""
    return url.replace("postgresql+psycopg://", "postgresql://")
