"""`intervention import schools` as an operator runs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.records.database import Database
from intervention.records.people import Organization
from intervention.records.schools import Building, School, SchoolBuilding
from tests.integrations.test_schools_open_data import LINE, a_csv
from tests.test_operating import run
from tests.usecases.test_pupil_imports import a_file as pupils_file
from tests.usecases.test_staff_imports import a_file as people_file


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    assert run(home, "migrate").returncode == 0
    with opened(home) as session:
        session.add(Organization(code="999000", name="CSS des Neiges", short_name="CSSN"))
    return home


@contextmanager
def opened(home: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{home / 'intervention.db'}")
    with database.session() as session:
        yield session
    database.dispose()


def a_file(home: Path, *lines: str) -> str:
    path = home / "schools.csv"
    path.write_bytes(a_csv(*lines))
    return str(path)


def buildings(home: Path) -> list[str]:
    with opened(home) as session:
        return list(session.scalars(select(Building.code)))


def test_import_shows_then_applies_then_finds_nothing_to_do(home: Path) -> None:
    file = a_file(home, LINE)

    shown = run(home, "import", "schools", file, "--organization", "999000")
    applied_before = buildings(home)
    applied = run(home, "import", "schools", file, "--organization", "999000", "--apply")
    again = run(home, "import", "schools", file, "--organization", "999000", "--apply", "--language", "en")

    assert [done.returncode for done in (shown, applied, again)] == [0, 0, 0]
    assert "  immeuble 999101 Pavillon Érable (ligne 2)" in shown.stdout.splitlines()
    assert shown.stdout.splitlines()[-1].startswith("Essai à blanc")
    assert applied.stdout.splitlines()[-1] == "C’est appliqué."
    assert again.stdout.splitlines() == [
        "1 buildings, 1 of them in the youth sector; 1 schools and centres.",
        "Already up to date: 3.",
        "Legal time to confirm under Schools, building by building:",
        "  Eastern Time (America/Toronto): 1",
        "Nothing to change: all is up to date.",
    ]
    assert (applied_before, buildings(home)) == ([], ["999101"])


def test_import_names_every_bad_line_and_writes_nothing(home: Path) -> None:
    file = a_file(home, LINE, LINE.replace("50.22", "north"), "cut,short")

    done = run(home, "import", "schools", file, "--organization", "999000", "--apply")

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "Rien n’est appliqué\u00a0: il y a 2 points à corriger.",
        "  ligne 3 (lat)\u00a0: Ce ne sont pas des degrés décimaux.",
        "  ligne 4\u00a0: Le nombre de cellules n’est pas celui de l’en-tête.",
    ]
    assert buildings(home) == []


def test_import_refuses_an_unknown_organization_or_file(home: Path) -> None:
    unknown = run(home, "import", "schools", a_file(home, LINE), "--organization", "nowhere")
    absent = run(home, "import", "schools", str(home / "absent.csv"), "--organization", "999000")

    assert (unknown.returncode, unknown.stdout.strip()) == (1, "No organization has the code nowhere.")
    assert (absent.returncode, absent.stdout.strip()) == (1, f"{home / 'absent.csv'}: No such file or directory")


def test_pupils_are_shown_then_applied(home: Path) -> None:
    assert run(home, "import", "schools", a_file(home, LINE), "--organization", "999000", "--apply").returncode == 0
    with opened(home) as session:
        placed = select(School.code, Building.code).join(SchoolBuilding, SchoolBuilding.school_id == School.id)
        school, building = session.execute(
            placed.join(Building, Building.id == SchoolBuilding.building_id).limit(1)
        ).one()
    path = home / "pupils.csv"
    path.write_bytes(pupils_file(f"E-900,Alizée,Hautetour,primary,4e,4B,{school},{building},"))

    shown = run(home, "import", "pupils", str(path), "--board", "999000")
    applied = run(home, "import", "pupils", str(path), "--board", "999000", "--apply")
    again = run(home, "import", "pupils", str(path), "--board", "999000", "--apply")

    assert "Rien n’est encore appliqué." in shown.stdout
    assert "C’est appliqué." in applied.stdout
    assert "tout est déjà à jour" in again.stdout
    assert "Hautetour" not in shown.stdout + applied.stdout
    path.write_bytes(pupils_file("Hautetour,a"))
    refused = run(home, "import", "pupils", str(path), "--board", "999000")
    assert (refused.returncode, "Hautetour" in refused.stdout) == (1, False)
    assert run(home, "import", "pupils", str(path), "--board", "000000").returncode == 1


def test_people_are_shown_then_applied_in_the_name_of_an_administrator(home: Path) -> None:
    assert (
        run(
            home, "board", "create", "--name", "CSS des Rives", "--short-name", "CSSR", "--code", "888000",
            "--zone", "America/Toronto", "--admin-email", "aline@rives.example", "--admin-name", "Aline Roy",
        ).returncode
        == 0
    )  # fmt: skip
    path = home / "people.csv"
    path.write_bytes(people_file("omer@rives.example,Omer,Belmont,coordination,,,,,,"))

    shown = run(home, "import", "people", str(path), "--as", "aline@rives.example")
    applied = run(home, "import", "people", str(path), "--as", "aline@rives.example", "--apply")
    again = run(home, "import", "people", str(path), "--as", "aline@rives.example", "--language", "en")
    refused = run(home, "import", "people", str(path), "--as", "omer@rives.example")

    assert "Rien n’est encore appliqué." in shown.stdout
    assert "  omer@rives.example · coordination" in applied.stdout.splitlines()
    assert "all is up to date" in again.stdout
    assert (refused.returncode, refused.stdout.strip()) == (1, "omer@rives.example administers no organization here.")
