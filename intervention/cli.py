"""The command `intervention`. A feature registers its subcommand in `COMMANDS`; each is one function of `Namespace`.

Exit status: 0 done, 1 refused (the reason is printed), 2 settings or arguments wrong (every fault is printed).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from intervention import backing_up, founding, importing, operating
from intervention.domain.ids import new_secret
from intervention.settings import Settings, SettingsInvalid, is_loopback

Run = Callable[[argparse.Namespace, Settings], int]


@dataclass(frozen=True, slots=True)
class Command:
    """`shape` adds the arguments; `run` does it and gives the exit status."""

    name: str
    says: str
    run: Run
    shape: Callable[[argparse.ArgumentParser], None] = lambda parser: None


def _shape_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--demo-if-empty", action="store_true", help="fill an empty database with the demonstration board"
    )


def _shape_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--weeks", type=int, default=4, choices=range(9), help="weeks of séances before today, and after (default 4)"
    )


def _shape_worker(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--revive-dead", action="store_true", help="first try again what was given up")


def _shape_token(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    says = "make a token by which a program acts as one person; it is told once"
    create = verbs.add_parser("create", help=says, description=f"{says[0].upper()}{says[1:]}.")
    create.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="the person it acts as")
    create.add_argument("--label", default="", help="what the program is, for the person's own list")
    create.add_argument("--days", type=int, default=90, help="how long it may act (default 90)")


COMMANDS: tuple[Command, ...] = (
    Command("serve", "migrate, then answer on HOST:PORT", operating.serve, _shape_serve),
    Command("worker", "react to what happened, beside web processes on PostgreSQL", operating.work, _shape_worker),
    Command("migrate", "bring the database to the newest schema", operating.migrate),
    Command("demo", "lay the demonstration board, with its weeks of séances", operating.demo, _shape_demo),
    Command("board", "found a board with its first administrator", founding.board, founding.shape_board),
    Command("account", "let somebody choose a password", founding.account, founding.shape_account),
    Command("import", "bring official data in", importing.import_data, importing.shape_import),
    Command("backup", "copy the whole database to a file, with a manifest", backing_up.backup, backing_up.shape_backup),
    Command("restore", "bring a copy back, or prove it", backing_up.restore_copy, backing_up.shape_restore),
    Command("token", "let a program act as a person through /api/v1", operating.token, _shape_token),
    Command("doctor", "say what would stop this installation from working", operating.doctor),
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="intervention", description="Scheduling of networked school services.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        sub = subparsers.add_parser(command.name, help=command.says, description=command.says)
        command.shape(sub)
        sub.set_defaults(run=command.run)
    parsed = parser.parse_args(arguments)
    try:
        settings = Settings.from_env(with_local_secret(os.environ))  # noqa: TID251 - handed over once, whole
    except SettingsInvalid as invalid:
        print("Nothing was started. The environment has faults:", file=sys.stderr)
        for fault in invalid.faults:
            print(f"  - {fault}", file=sys.stderr)
        return 2
    run: Run = parsed.run
    return run(parsed, settings)


def with_local_secret(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ`, with a key made once and kept in INTERVENTION_HOME when none is set and the server is on loopback."""
    told = dict(environ)
    if told.get("SECRET_KEY") or not is_loopback(told.get("HOST", "127.0.0.1")) or told.get("BASE_URL"):
        return told
    kept = Path(told.get("INTERVENTION_HOME", "var")) / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_secret(48))
    told["SECRET_KEY"] = kept.read_text().strip()
    return told
