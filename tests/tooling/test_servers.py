"""The servers the tests stand on: real, private, and gone afterwards."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests import servers


def test_postgres_is_real_loopback_and_not_run_by_root(postgres_url: str) -> None:
    url = servers.create_database(f"probe_{servers.worker_name()}")
    assert url.startswith(postgres_url)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(
            "select current_database(), inet_server_addr(), current_setting('timezone')"
        ).fetchone()
        connection.execute("create extension btree_gist")
        directory = connection.execute("show data_directory").fetchone()
    assert row is not None
    assert directory is not None
    assert [str(part) for part in row] == [f"probe_{servers.worker_name()}", "127.0.0.1", "UTC"]
    assert Path(directory[0]).stat().st_uid != 0
    servers.drop_database(f"probe_{servers.worker_name()}")


HOLDER = """
import time
from tests import servers
print(servers.postgres(), servers.run_directory(), flush=True)
time.sleep(60)
"""


def test_a_killed_run_leaves_no_server(postgres_url: str) -> None:
    """The process that started the server is killed outright; its server and its directory go with it."""
    assert postgres_url
    environment = {name: value for name, value in os.environ.items() if name != servers.RUN_VARIABLE}
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, env=environment, text=True) as run:
        assert run.stdout is not None
        url, directory = run.stdout.readline().split()
        with psycopg.connect(url.replace("+psycopg", "") + "postgres"):
            assert Path(directory).exists()
        run.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while Path(directory).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(directory).exists()
