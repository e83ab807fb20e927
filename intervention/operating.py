"""Running the product: serve, migrate, and a doctor that says what is wrong before users do."""

from __future__ import annotations

import argparse
import gc
import logging
import shutil
import signal
import socket
import sqlite3
import sys
import threading
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import waitress
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from intervention.app import create_app
from intervention.domain.clock import SystemClock
from intervention.domain.errors import InvalidInput, NotFound, WrongState
from intervention.queries.moved_instants import moved_instants
from intervention.records import migrate as migrations
from intervention.records.database import Database
from intervention.records.isolation import ROLE, may_bypass, open_tables
from intervention.records.people import Organization
from intervention.records.vault import Keyring
from intervention.settings import Settings
from intervention.usecases.api_tokens import CreateToken, create_token_as_operator
from intervention.usecases.demo import run_demo
from intervention.usecases.demo_world.people import address_of
from intervention.usecases.outbox import revive_dead, state_of
from intervention.usecases.work import open_work
from intervention.worker import Supervised, Worker

ZONES = ("America/Toronto", "America/Halifax", "America/Blanc-Sablon")
SPARE_BYTES = 512 * 1024 * 1024
THREADS = 8
LATE_SECONDS = 600
ENDING = (signal.SIGINT, signal.SIGTERM)


def tell(line: str) -> None:
    """To the operator's terminal; the log goes to standard error."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def migrate(arguments: argparse.Namespace, settings: Settings) -> int:
    settings.home.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.database_url)
    tell(f"The database is at {migrations.head()}.")
    return 0


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer until interrupted. One process, threads; with SQLite, the worker is one of them."""
    _log_and_end_well(settings)
    settings.home.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.database_url)
    database = Database(settings.database_url)
    if arguments.demo_if_empty and _is_empty(database):
        tell("Laying the demonstration board in an empty database…")
        tell_demo_sign_ins(run_demo(database, SystemClock(), Keyring(settings.secret_key.reveal())))
    listener = _listen(settings)
    settings = _as_listening(settings, listener)
    if settings.is_on_loopback and not settings.trusted_proxies and is_demo_only(database):
        settings = replace(settings, demo=True)
    app = create_app(settings, database)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line for each request that waits is itself a load
    server = waitress.create_server(
        app, sockets=[listener], threads=THREADS, ident=None, clear_untrusted_proxy_headers=False
    )
    embedded = Supervised(Worker(database, SystemClock(), "embedded")) if database.is_sqlite else None
    # Held until somebody catches it: an interruption that came while the worker starts would leave its thread alone.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    if embedded is not None:
        embedded.start()
    calm_collector()
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        tell(f"Intervention answers on {settings.base_url}")
        if settings.demo:
            tell("Demonstration board: the sign-in page offers one click per role, on this machine only.")
        server.run()
    except KeyboardInterrupt:
        tell("Stopped.")
    finally:
        if embedded is not None:
            embedded.stop()
        database.dispose()
    return 0


def calm_collector() -> None:
    """Look for cycles seldom, and never again among what starting made: modules, mappers, routes.

    Counted from 700 new objects on, a collection falls into nearly every search, and each in turn may walk all that;
    10,000 are some two megabytes that wait a little longer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def work(arguments: argparse.Namespace, settings: Settings) -> int:
    """React to noted facts until interrupted, beside web processes that do not; a fault ends the process."""
    _log_and_end_well(settings)
    database = Database(settings.database_url)
    if migrations.current(database) != migrations.head():
        tell("The database is not at the newest schema; run: intervention migrate")
        database.dispose()
        return 1
    if arguments.revive_dead:
        with open_work(database, SystemClock()) as opened:
            tell(f"{revive_dead(opened)} facts that were given up are due again.")
    try:
        tell("The worker looks for facts every second.")
        Worker(database, SystemClock(), "worker").run(threading.Event())
    except KeyboardInterrupt:
        tell("Stopped.")
    finally:
        database.dispose()
    return 0


def _log_and_end_well(settings: Settings) -> None:
    """Service managers end a program with SIGTERM: let it end as Ctrl-C does, with what it is at brought to an end."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # six lines about itself before any of ours
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def demo(arguments: argparse.Namespace, settings: Settings) -> int:
    """Lay the fictitious board beside whatever the database holds; 1 when it is already there."""
    migrate(arguments, settings)
    database = Database(settings.database_url)
    try:
        password = run_demo(database, SystemClock(), Keyring(settings.secret_key.reveal()), arguments.weeks)
    except WrongState:
        tell("The demonstration board is already there.")
        return 1
    finally:
        database.dispose()
    tell("The demonstration board is laid. To sign in with one click: DEMO=1 intervention serve")
    tell_demo_sign_ins(password)
    return 0


def tell_demo_sign_ins(password: str) -> None:
    """The addresses of some roles, and the one password of everybody there: it is kept as a hash and not told again."""
    for key in ("mireille", "omar", "ines", "luc"):
        tell(f"  {address_of(key)}")
    tell(f"  password of everybody there, told this once: {password}")


def _is_empty(database: Database) -> bool:
    with database.session(read_only=True) as session:
        return session.scalar(select(Organization.id).limit(1)) is None


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((settings.host, settings.port))
    return listener


def _as_listening(settings: Settings, listener: socket.socket) -> Settings:
    """With PORT=0 the address is known only now."""
    if settings.port != 0 or not settings.base_url.endswith(":0"):
        return settings
    port = listener.getsockname()[1]
    return replace(settings, port=port, base_url=f"{settings.base_url[:-2]}:{port}")


def token(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make a bearer token; 1 when nobody with a role has that e-mail, 2 for a label or days out of bounds."""
    database = Database(settings.database_url)
    try:
        with open_work(database, SystemClock()) as work:
            made = create_token_as_operator(work, arguments.email, CreateToken(arguments.label, arguments.days))
    except NotFound:
        tell("Nobody who holds a role here has that e-mail.")
        return 1
    except InvalidInput as refusal:
        tell(f"Refused: {', '.join(f'{name} {fault}' for name, fault in refusal.fields.items())}")
        return 2
    finally:
        database.dispose()
    tell(made.token)
    return 0


def is_demo_only(database: Database) -> bool:
    """Whether the only boards here are fictitious ones, and there is at least one."""
    with database.session(read_only=True) as session:
        kinds = set(session.scalars(select(Organization.is_demo)))
    return kinds == {True}


@dataclass(frozen=True, slots=True)
class Finding:
    is_well: bool
    says: str


def doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print what was examined; 1 when something must be mended."""
    findings = [*_of_files(settings), *_of_database(settings), *_of_time()]
    for finding in findings:
        tell(f"{'well' if finding.is_well else 'MEND'}  {finding.says}")
    return 0 if all(finding.is_well for finding in findings) else 1


def _of_files(settings: Settings) -> list[Finding]:
    home = settings.home if settings.home.exists() else Path()
    free = shutil.disk_usage(home).free
    return [
        Finding(sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}"),
        Finding(settings.home.exists(), f"data folder {settings.home}"),
        Finding(free > SPARE_BYTES, f"{free // 1024**2} MiB free on its disk (512 wanted)"),
        Finding(settings.is_https or settings.is_on_loopback, f"address {settings.base_url}"),
    ]


def _of_database(settings: Settings) -> list[Finding]:
    database = Database(settings.database_url)
    kind = f"SQLite {sqlite3.sqlite_version}" if database.is_sqlite else "PostgreSQL"
    if database.is_sqlite and not Path(str(database.url.database)).exists():
        return [Finding(is_well=False, says=f"{kind}: no database yet; run: intervention migrate")]
    try:
        current, head = migrations.current(database), migrations.head()
        more = [*_of_queue(database), *_of_isolation(database), *_of_instants(database)] if current == head else []
    except SQLAlchemyError as error:
        return [Finding(is_well=False, says=f"{kind} does not answer ({type(error).__name__})")]
    finally:
        database.dispose()
    return [
        Finding(is_well=True, says=f"{kind} answers"),
        Finding(current == head, f"schema {current or 'none'}, newest {head}"),
        *more,
    ]


def _of_isolation(database: Database) -> list[Finding]:
    """Whether PostgreSQL itself keeps boards apart: policies on every table, and a role that they bind."""
    if database.is_sqlite:
        return []
    with database.session(read_only=True) as session:
        connection = session.connection()
        bare, bypasses = open_tables(connection), may_bypass(connection)
    says = f"boards kept apart by row-level security, as role {database.role or 'of the login'}"
    if bypasses:
        says = f"boards are not kept apart: the login bypasses row-level security and may not become {ROLE}"
    if bare:
        says = f"boards are not kept apart: no policy on {', '.join(bare)}"
    return [Finding(not bare and not bypasses, says)]


def _of_queue(database: Database) -> list[Finding]:
    """A fact that waits longer than any restart takes means that no worker runs."""
    clock = SystemClock()
    with open_work(database, clock, read_only=True) as opened:
        queue = state_of(opened)
    waits = 0 if queue.oldest_due is None else int((clock.now() - queue.oldest_due).total_seconds())
    return [
        Finding(waits < LATE_SECONDS, f"{queue.due} facts wait for a worker, the oldest for {waits} s"),
        Finding(not queue.dead, f"{queue.dead} facts were given up (intervention worker --revive-dead)"),
    ]


def _of_instants(database: Database) -> list[Finding]:
    """A séance keeps the instant of the day it was planned; rules of a zone that changed since make it another hour."""
    clock = SystemClock()
    with open_work(database, clock, read_only=True) as opened:
        moved = moved_instants(opened.session, clock.now())
    told = "".join(f"\n      {each.encounter_id}: {each.planned_at} becomes {each.now_at}" for each in moved)
    says = f"{len(moved)} séances to come whose zone changed since they were planned; ask before moving them{told}"
    return [Finding(not moved, says)]


def _of_time() -> list[Finding]:
    missing = []
    for zone in ZONES:
        try:
            ZoneInfo(zone)
        except ZoneInfoNotFoundError:
            missing.append(zone)
    return [
        Finding(not missing, f"time zones, tzdata {version('tzdata')}" + (f", lacking {missing}" if missing else ""))
    ]
