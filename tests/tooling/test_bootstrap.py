"""Every way to `.venv`, on machines that lack this or that: PATH holds only stand-ins, around the real Python."""

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cluster import free_port

BOOTSTRAP = Path(__file__).resolve().parents[2] / ".ci/bootstrap.py"
VERSION = ".".join(str(number) for number in sys.version_info[:2])
REAL = getattr(sys, "_base_executable", sys.executable)
SUDO = "" if os.geteuid() == 0 else "sudo "

# A Python that lacks the modules named in $LACKS; its environments get the same stand-in, so that pip is only noted.
PYTHON = f"""#!/bin/sh
for module in $LACKS; do
    [ -e "$ROOT/installed-$module" ] && continue
    case "$*" in "-c import $module") exit 1;; esac
done
case "$*" in
"-c import pip") exit 0;;
"-m pip "*) echo "$*" >> "$ROOT/calls"; exit 0;;
"-m venv "*)
    echo "$*" >> "$ROOT/calls"
    for folder in "$@"; do :; done
    "{REAL}" -m venv --without-pip "$folder"
    /bin/rm "$folder/bin/python"
    /bin/cp "$0" "$folder/bin/python"
    exit 0;;
esac
case "$0" in */.venv/bin/python) exec "${{0%/*}}/python3" "$@";; esac
exec "{REAL}" "$@"
"""
OLD_PYTHON = "#!/bin/sh\necho 3 9\n"
BROKEN_SHIM = "#!/bin/sh\nexit 127\n"
UV = f"""#!/bin/sh
echo "uv $*" >> "$ROOT/calls"
for folder in "$@"; do :; done
case "$1" in venv) exec "{REAL}" -m venv --without-pip "$folder";; esac
"""
BROKEN_UV = "#!/bin/sh\necho no network >&2\nexit 1\n"
VIRTUALENV = f"""#!/bin/sh
echo "virtualenv $*" >> "$ROOT/calls"
for folder in "$@"; do :; done
"{REAL}" -m venv --without-pip "$folder"
/bin/rm "$folder/bin/python"
/bin/cp "$BIN/python3" "$folder/bin/python"
"""
APT = '#!/bin/sh\necho "apt-get $*" >> "$ROOT/calls"\ncase "$1" in install) : > "$ROOT/installed-ensurepip";; esac\n'
SUDO_WITHOUT_PASSWORD = '#!/bin/sh\n[ "$1" = -n ] && shift\n"$@"\n'
ALL = ("ensurepip", "pip", "venv")


@dataclass
class Machine:
    """A machine with nothing on PATH but what a test puts there, and a project to set up."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.root / ".ci").mkdir(parents=True)
        shutil.copy(BOOTSTRAP, self.root / ".ci")
        (self.root / "requirements").mkdir()
        for lock in ("run", "dev"):
            (self.root / f"requirements/{lock}.txt").write_text(f"# {lock}\n")
        (self.root / "intervention").mkdir()
        (self.root / "intervention/cli.py").write_text(
            "import sys\ndef main():\n    print('intervention', sys.argv[1:])\n"
        )
        self.bin.mkdir()

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    def has(self, **programs: str) -> None:
        for name, text in programs.items():
            program = self.bin / name.replace("_", "-").replace("python3x", f"python{VERSION}")
            program.write_text(text)
            program.chmod(0o755)

    def bootstrap(self, *arguments: str, lacks: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(self.root / ".ci/bootstrap.py"), *arguments]
        return subprocess.run(command, env=self.environment(lacks), capture_output=True, text=True, check=False)

    def environment(self, lacks: tuple[str, ...] = ()) -> dict[str, str]:
        known = {"PATH": str(self.bin), "ROOT": str(self.root), "BIN": str(self.bin), "LACKS": " ".join(lacks)}
        return known | self.env

    def calls(self) -> list[str]:
        """What the stand-ins were asked, the project's folder left out."""
        log = self.root / "calls"
        return log.read_text().replace(str(self.root), ".").splitlines() if log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "a clone")  # the space must survive in the scripts


QUIET = "install --quiet --disable-pip-version-check --no-input --no-compile --require-hashes"


def is_set_up(machine: Machine) -> bool:
    """Whether the command of the product runs in `.venv`."""
    done = subprocess.run(
        [machine.root / ".venv/bin/intervention", "doctor"],
        env=machine.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout == "intervention ['doctor']\n"


def test_uv_is_used_where_there_is_one(machine: Machine) -> None:
    machine.has(python3=PYTHON, uv=UV)
    assert machine.bootstrap("run").returncode == 0
    assert machine.calls() == [
        "uv venv --quiet --python ./bin/python3 ./.venv",
        "uv pip install --quiet --require-hashes --python ./.venv/bin/python -r ./requirements/run.txt",
    ]
    assert is_set_up(machine)


def test_the_standard_way(machine: Machine) -> None:
    machine.has(python3=PYTHON)
    assert machine.bootstrap("run").returncode == 0
    assert machine.calls() == ["-m venv --clear ./.venv", f"-m pip {QUIET} -r ./requirements/run.txt"]
    assert is_set_up(machine)


def test_a_uv_that_fails_gives_way_to_the_standard_way(machine: Machine) -> None:
    machine.has(python3=PYTHON, uv=BROKEN_UV)
    assert machine.bootstrap("run").returncode == 0
    assert is_set_up(machine)


def test_without_ensurepip_another_pip_installs(machine: Machine) -> None:
    machine.has(python3=PYTHON)
    assert machine.bootstrap("run", lacks=("ensurepip",)).returncode == 0
    assert machine.calls() == [
        "-m venv --clear --without-pip ./.venv",
        f"-m pip --python ./.venv/bin/python {QUIET} -r ./requirements/run.txt",
    ]
    assert is_set_up(machine)


def test_without_venv_and_pip_virtualenv_does(machine: Machine) -> None:
    machine.has(python3=PYTHON, virtualenv=VIRTUALENV)
    assert machine.bootstrap("run", lacks=ALL).returncode == 0
    assert machine.calls()[0] == "virtualenv --quiet --clear --python ./bin/python3 ./.venv"
    assert is_set_up(machine)


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("apt_get", f"Run:  {SUDO}apt-get install -y python{VERSION}-venv"),
        ("dnf", f"Run:  {SUDO}dnf install -y python{VERSION}"),
        ("brew", "Run:  brew install python@3.13"),
        ("none", "Install Python 3.11 or newer with its venv module, then run the same command again."),
    ],
)
def test_where_no_way_works_the_last_line_is_what_to_run(machine: Machine, manager: str, line: str) -> None:
    machine.has(**{"python3": PYTHON, manager: APT})
    refused = machine.bootstrap("serve", lacks=ALL)
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (2, line)
    assert not (machine.root / ".venv/stamp.json").exists()


def test_a_python_too_old_is_not_used(machine: Machine) -> None:
    machine.has(python3=OLD_PYTHON, apt_get=APT)
    refused = machine.bootstrap("run")
    assert (refused.returncode, refused.stderr.splitlines()) == (
        2,
        ["Python 3.11 or newer is needed.", f"Run:  {SUDO}apt-get install -y python3.11-venv"],
    )


def test_shims_and_old_versions_are_passed_over(machine: Machine) -> None:
    machine.has(python3=OLD_PYTHON, python3x=PYTHON, python=BROKEN_SHIM)
    assert machine.bootstrap("run").returncode == 0
    assert is_set_up(machine)


def test_PYTHON_names_the_one_to_use(machine: Machine) -> None:  # noqa: N802 - the variable's name
    machine.has(python3=BROKEN_SHIM, other=PYTHON)
    machine.env["PYTHON"] = "other"
    assert machine.bootstrap("run").returncode == 0
    assert is_set_up(machine)


def test_tests_may_install_the_venv_module_themselves(machine: Machine) -> None:
    machine.has(python3=PYTHON, apt_get=APT, sudo=SUDO_WITHOUT_PASSWORD)
    assert machine.bootstrap("dev", "--install", lacks=ALL).returncode == 0
    assert machine.calls()[:2] == ["apt-get update -qq", f"apt-get install -y python{VERSION}-venv"]
    assert is_set_up(machine)


def test_a_second_start_does_nothing(machine: Machine) -> None:
    machine.has(python3=PYTHON)
    machine.bootstrap("dev")
    before = machine.calls()
    assert [machine.bootstrap(kind).stdout for kind in ("dev", "run")] == ["", ""]
    assert machine.calls() == before


def test_the_tests_add_to_what_the_product_has(machine: Machine) -> None:
    machine.has(python3=PYTHON)
    machine.bootstrap("run")
    machine.bootstrap("dev")
    assert [call.split()[1] for call in machine.calls()] == ["venv", "pip", "pip"]
    assert set(json.loads((machine.root / ".venv/stamp.json").read_text())) == {"run", "dev", "root"}


def test_another_lock_makes_the_environment_anew(machine: Machine) -> None:
    machine.has(python3=PYTHON)
    machine.bootstrap("dev")
    left_over = machine.root / f".venv/lib/python{VERSION}/site-packages/dropped.py"
    left_over.touch()
    (machine.root / "requirements/run.txt").write_text("# newer\n")
    machine.bootstrap("run")
    assert (left_over.exists(), is_set_up(machine)) == (False, True)


def test_a_moved_clone_makes_the_environment_anew(machine: Machine) -> None:
    machine.has(python3=PYTHON)
    machine.bootstrap("run")
    machine.root = machine.root.rename(machine.root.with_name("elsewhere"))
    assert machine.bootstrap("run").returncode == 0
    assert is_set_up(machine)


def test_serving_tells_when_the_first_page_is_ready(machine: Machine) -> None:
    machine.has(python3=PYTHON)
    (machine.root / "intervention/cli.py").write_text(
        "import http.server, os\n"
        "def main():\n"
        "    http.server.HTTPServer(('127.0.0.1', int(os.environ['PORT'])),"
        " http.server.SimpleHTTPRequestHandler).serve_forever()\n"
    )
    port = machine.env["PORT"] = str(free_port())
    command = [sys.executable, str(machine.root / ".ci/bootstrap.py"), "serve"]
    with subprocess.Popen(
        command, env=machine.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout is not None
        deadline = time.monotonic() + 60
        lines = iter(server.stdout.readline, "")
        told = next(line for line in lines if line.startswith("First page") or time.monotonic() > deadline)
        server.send_signal(signal.SIGTERM)  # to the very process that `make` started: there is no wrapper
        server.wait(timeout=10)
    assert told.endswith(f"after `make run`: http://127.0.0.1:{port}/\n")


def test_an_old_python_can_at_least_start_it() -> None:
    ast.parse(BOOTSTRAP.read_text(), feature_version=(3, 8))
