"""`intervention import`: schools, pupils or people from a file into a board, shown first, applied when asked."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from intervention.domain.clock import SystemClock
from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.pupil_import import PupilPlan, read_pupils
from intervention.domain.school_data import MAX_FILE_BYTES
from intervention.domain.school_import import ImportPlan
from intervention.domain.staff_import import StaffPlan, read_staff
from intervention.operating import tell
from intervention.records.database import Database
from intervention.rendering import pupil_report, staff_report
from intervention.rendering.i18n import LOCALES, speaking
from intervention.rendering.school_report import report
from intervention.settings import Settings
from intervention.usecases.imports import ImportSchools, import_schools_as_operator
from intervention.usecases.pupil_imports import ImportPupils, import_pupils_as_operator
from intervention.usecases.staff_imports import ImportStaff, import_staff_as_operator
from intervention.usecases.work import Work, open_work
from intervention.wiring import read_schools

Plan = ImportPlan | PupilPlan | StaffPlan


def shape_import(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    says = "read the ministry's « Localisation des établissements » (CSV or GeoJSON)"
    schools = kinds.add_parser("schools", help=says, description=f"{says[0].upper()}{says[1:]}. Shows unless --apply.")
    schools.add_argument("file", type=Path, metavar="FILE")
    schools.add_argument("--organization", required=True, metavar="CODE", help="the organization's code here")
    schools.add_argument("--board", metavar="CODE", help="its official code in the file, where it is another")
    says = "read a board's pupils (CSV)"
    pupils = kinds.add_parser("pupils", help=says, description=f"{says[0].upper()}{says[1:]}. Shows unless --apply.")
    pupils.add_argument("file", type=Path, metavar="FILE")
    pupils.add_argument("--board", required=True, metavar="CODE", help="the organization's code here")
    says = "read a board's people, a line per role (CSV)"
    people = kinds.add_parser("people", help=says, description=f"{says[0].upper()}{says[1:]}. Shows unless --apply.")
    people.add_argument("file", type=Path, metavar="FILE")
    people.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="an administrator of the board")
    for each in (schools, pupils, people):
        each.add_argument("--apply", action="store_true", help="write the changes, all of them or none")
        each.add_argument("--language", choices=LOCALES, default="fr", help="of the report")


def import_data(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when shown or applied, 1 when the file or the organization is refused."""
    try:
        with arguments.file.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        tell(f"{arguments.file}: {error.strerror}")
        return 1
    kinds = {"people": _people, "pupils": _pupils, "schools": _schools}
    return kinds[arguments.what](arguments, settings, content)


def _schools(arguments: argparse.Namespace, settings: Settings, content: bytes) -> int:
    read = read_schools(content)

    def act(work: Work) -> ImportPlan:
        ask = ImportSchools(read, arguments.board, is_applied=arguments.apply)
        return import_schools_as_operator(work, arguments.organization, ask)

    plan = _acted(arguments, settings, act, f"No organization has the code {arguments.organization}.")
    return _told(arguments, plan, partial(report, counts_features=read.counts_features)) if plan else 1


def _pupils(arguments: argparse.Namespace, settings: Settings, content: bytes) -> int:
    def act(work: Work) -> PupilPlan:
        ask = ImportPupils(read_pupils(content), is_applied=arguments.apply)
        return import_pupils_as_operator(work, arguments.board, ask)

    plan = _acted(arguments, settings, act, f"No organization has the code {arguments.board}.")
    return _told(arguments, plan, pupil_report.report) if plan else 1


def _people(arguments: argparse.Namespace, settings: Settings, content: bytes) -> int:
    def act(work: Work) -> StaffPlan:
        ask = ImportStaff(read_staff(content), is_applied=arguments.apply)
        return import_staff_as_operator(work, arguments.email, ask)

    plan = _acted(arguments, settings, act, f"{arguments.email} administers no organization here.")
    return _told(arguments, plan, staff_report.report) if plan else 1


def _acted(
    arguments: argparse.Namespace, settings: Settings, act: Callable[[Work], Plan], otherwise: str
) -> Plan | None:
    database = Database(settings.database_url)
    try:
        with open_work(database, SystemClock(), read_only=not arguments.apply) as work:
            return act(work)
    except (NotFound, NotAllowed):
        tell(otherwise)
        return None
    finally:
        database.dispose()


def _told(arguments: argparse.Namespace, plan: Plan, report: Callable[..., Iterator[str]]) -> int:
    with speaking(arguments.language):
        for line in report(plan, is_applied=arguments.apply):
            tell(line)
    return 1 if plan.refused else 0
