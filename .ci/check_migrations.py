"""One head, and the models say what the migrations build: on an empty SQLite, upgrade, then look for a difference."""

import sys
import tempfile

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from intervention.records import migrate


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        config = migrate.config_for(f"sqlite:///{folder}/check.sqlite")
        heads = ScriptDirectory.from_config(config).get_heads()
        if len(heads) != 1:
            print("Several heads, so no order of upgrade: " + ", ".join(heads))
            return 1
        command.upgrade(config, "head")
        try:
            command.check(config)
        except CommandError as difference:
            print(difference)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
