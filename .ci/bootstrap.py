#!/usr/bin/env python3
"""Make `.venv` from a hashed lock, on whatever Python this machine has, then start what was asked.

    bootstrap.py run     the product's own requirements
    bootstrap.py dev     those and the tools of the tests and checks
    bootstrap.py serve   as run, then serve, telling how long the first page took

With --install it may bring Python's venv module itself, where the system asks nobody for a password.

Only the standard library, and syntax that Python 3.8 reads: the `python3` that starts this may be too old to be chosen.
Exit status 2 means: the machine lacks something, and the last line printed is the command that brings it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Callable

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
# First the versions for which every locked package has a wheel; a newer one would have to compile some of them.
PREFERRED = ["3.14", "3.13", "3.12", "3.11", "3.15", "3.16", "3.17"]
LOCKS = {"run": "requirements/run.txt", "dev": "requirements/dev.txt"}


class Failed(Exception):
    """One way of making the environment did not work; another may."""


class Lacking(Exception):
    """No way works on this machine; the message ends with the command to run."""


# --- Which Python -----------------------------------------------------------------------------------------------------


def interpreters() -> list[str]:
    """Every Python of at least 3.11 on PATH, the one to prefer first. `PYTHON` names one and only one."""
    chosen = os.environ.get("PYTHON")
    names = [chosen] if chosen else ["python" + version for version in PREFERRED] + ["python3", "python"]
    found: list[str] = []
    for name in names:
        path = shutil.which(name)
        if path and version_of(path) >= OLDEST and path not in found:
            found.append(path)
    return found


def version_of(interpreter: str) -> tuple[int, ...]:
    """(3, 11) for Python 3.11; () for what does not run, as the shims of version managers may not."""
    try:
        out = subprocess.run(
            [interpreter, "-c", "import sys; print(*sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(number) for number in out.split())


# --- The ways to an environment, best first ---------------------------------------------------------------------------


def with_uv(lock: Path, venv: Path, pythons: list[str]) -> None:
    """uv, where somebody has it: ten times faster than pip, and reads the same lock."""
    uv = shutil.which("uv")
    if not uv:
        raise Failed("uv: not on PATH")
    if not usable(venv):
        shutil.rmtree(venv, ignore_errors=True)
        call(uv, "venv", "--quiet", "--python", pythons[0], str(venv))
    call(uv, "pip", "install", "--quiet", "--require-hashes", "--python", str(venv / "bin/python"), "-r", str(lock))


def with_venv(lock: Path, venv: Path, pythons: list[str]) -> None:
    """The standard way. Debian's and Ubuntu's python3 lacks it until python3-venv is installed."""
    if not (usable(venv) and imports(str(venv / "bin/python"), "pip")):
        with_one_of(pythons, "ensurepip", lambda python: call(python, "-m", "venv", "--clear", str(venv)))
    call(str(venv / "bin/python"), "-m", "pip", *INSTALL, "-r", str(lock))


def with_other_pip(lock: Path, venv: Path, pythons: list[str]) -> None:
    """A pip that lives outside installs into the environment (`pip --python`, since pip 22.3)."""
    pips = [python for python in (*pythons, shutil.which("python3")) if python and imports(python, "pip")]
    if not pips:
        raise Failed("pip: no Python here has it")
    if not usable(venv):
        with_one_of(pythons, "venv", lambda python: call(python, "-m", "venv", "--clear", "--without-pip", str(venv)))
    call(pips[0], "-m", "pip", "--python", str(venv / "bin/python"), *INSTALL, "-r", str(lock))


def with_virtualenv(lock: Path, venv: Path, pythons: list[str]) -> None:
    program = shutil.which("virtualenv")
    if not program:
        raise Failed("virtualenv: not on PATH")
    call(program, "--quiet", "--clear", "--python", pythons[0], str(venv))
    call(str(venv / "bin/python"), "-m", "pip", *INSTALL, "-r", str(lock))


WAYS = [with_uv, with_venv, with_other_pip, with_virtualenv]
# --no-compile: Python compiles what it imports as it goes, in a third of the time that compiling everything takes.
INSTALL = ["install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--require-hashes"]


def with_one_of(pythons: list[str], module: str, make: Callable[[str], None]) -> None:
    able = [python for python in pythons if imports(python, module)]
    if not able:
        raise Failed(module + ": no Python here has it")
    make(able[0])


def imports(python: str, module: str) -> bool:
    return quietly(python, "-c", "import " + module)


def usable(venv: Path) -> bool:
    return version_of(str(venv / "bin/python")) >= OLDEST


def call(*command: str) -> None:
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise Failed(" ".join(command) + "\n" + done.stdout.decode(errors="replace").strip())


# --- The environment --------------------------------------------------------------------------------------------------


def prepare(kind: str, root: Path = ROOT) -> bool:
    """Bring `.venv` to the lock of that kind; False when it already was there."""
    venv = root / ".venv"
    wanted = {name: digest(root / path) for name, path in LOCKS.items()}
    present = stamp(venv)
    if present.get(kind) == wanted[kind] and present.get("root") == str(root) and usable(venv):
        return False
    pythons = interpreters()
    if not pythons:
        raise Lacking(f"Python {dotted(OLDEST)} or newer is needed.\n" + remedy(None))
    if present.get("run", wanted["run"]) != wanted["run"] or present.get("root", str(root)) != str(root):
        shutil.rmtree(venv, ignore_errors=True)  # what an older lock installed must not stay, and scripts hold paths
    (venv / "stamp.json").unlink(missing_ok=True)
    install(root / LOCKS[kind], venv, pythons)
    add_project(venv, root)
    covered = {name: wanted[name] for name in (["run", "dev"] if kind == "dev" else ["run"])}
    (venv / "stamp.json").write_text(json.dumps({**covered, "root": str(root)}))
    return True


def install(lock: Path, venv: Path, pythons: list[str]) -> None:
    failures = []
    print(f"Installing {lock.name} in .venv (Python {dotted(version_of(pythons[0]))})", flush=True)
    for way in WAYS:
        try:
            way(lock, venv, pythons)
            return
        except Failed as failed:
            failures.append(str(failed))
    raise Lacking("No way to make .venv worked:\n  - " + "\n  - ".join(failures) + "\n" + remedy(pythons[0]))


def add_project(venv: Path, root: Path) -> None:
    """Let `.venv` import the working copy, and give it `bin/intervention`: no build, hence no network."""
    folder = next((venv / "lib").glob("python3.*")) / "site-packages"
    (folder / "intervention.pth").write_text(str(root) + "\n")
    script = venv / "bin/intervention"
    script.write_text(SCRIPT.format(python=shell_word(str(venv / "bin/python"))))
    script.chmod(0o755)


# `sh` starts Python, since a kernel splits or refuses a #! line that holds a space or is long.
SCRIPT = """\
#!/bin/sh
'''exec' {python} "$0" "$@"
' '''
import sys

from intervention.cli import main

sys.exit(main())
"""


def shell_word(text: str) -> str:
    return '"' + re.sub(r'(["$`\\])', r"\\\1", text) + '"'


def stamp(venv: Path) -> dict[str, str]:
    try:
        present: dict[str, str] = json.loads((venv / "stamp.json").read_text())
        return present
    except (OSError, ValueError):
        return {}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version)


def remedy(python: str | None) -> str:
    """The one command that gives this machine what `.venv` needs."""
    version = dotted((version_of(python) if python else ()) or OLDEST)
    sudo = "" if os.geteuid() == 0 else "sudo "
    if shutil.which("apt-get"):
        return f"Run:  {sudo}apt-get install -y python{version}-venv"
    if shutil.which("dnf"):
        return f"Run:  {sudo}dnf install -y python{version}"
    if shutil.which("brew"):
        return "Run:  brew install python@3.13"
    return f"Install Python {dotted(OLDEST)} or newer with its venv module, then run the same command again."


# --- Serving ----------------------------------------------------------------------------------------------------------


def serve(started: float) -> None:
    """Become the server; a process aside waits for the first page and tells how long it took."""
    server = os.getpid()
    port = os.environ.get("PORT", "8000")
    sys.stdout.flush()
    if os.fork() == 0:
        if os.fork() == 0:  # a grandchild: the server has no child to wait for
            tell_first_page(f"http://127.0.0.1:{port}/", started, server)
        os._exit(0)
    os.wait()
    program = str(ROOT / ".venv/bin/intervention")
    os.execv(program, [program, "serve", "--demo-if-empty"])


def tell_first_page(address: str, started: float, server: int) -> None:
    while time.monotonic() < started + 600:
        time.sleep(0.1)
        try:
            os.kill(server, 0)
            with urllib.request.urlopen(address, timeout=30) as page:
                page.read()
        except ProcessLookupError:
            return
        except (OSError, ValueError):
            continue
        print(f"First page ready {time.monotonic() - started:.1f} s after `make run`: {address}", flush=True)
        return


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    kind = "dev" if arguments[0] == "dev" else "run"
    try:
        try:
            made = prepare(kind)
        except Lacking as lacking:
            if "--install" not in arguments or not install_python(lacking):
                raise
            made = prepare(kind)
    except Lacking as lacking:
        print(lacking, file=sys.stderr)
        return 2
    if made:
        print(f"Requirements installed in .venv in {time.monotonic() - started:.1f} s", flush=True)
    if arguments[0] == "serve":
        serve(started)
    return 0


def install_python(lacking: Lacking) -> bool:
    """Run the remedy itself where that asks nobody for a password; whether it worked."""
    command = str(lacking).rpartition("Run:  ")[2].split()
    if "apt-get" not in command or (command[0] == "sudo" and not quietly("sudo", "-n", "true")):
        return False
    print("Running: " + " ".join(command), flush=True)
    quietly(*command[: command.index("apt-get") + 1], "update", "-qq")
    return quietly(*command)


def quietly(*command: str) -> bool:
    """Whether the command ran and succeeded."""
    try:
        call(*command)
    except (Failed, OSError):
        return False
    return True


if __name__ == "__main__":
    if sys.argv[1:2] not in (["run"], ["dev"], ["serve"]) or sys.argv[2:] not in ([], ["--install"]):
        sys.exit("usage: bootstrap.py run | dev | serve [--install]")
    sys.exit(main(sys.argv[1:]))
