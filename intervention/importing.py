"""`intervention import`: schools or pupils from a file into a board, shown first, applied when asked."""

from __future__ import annotations

import argparse
from pathlib import Path

from intervention.domain.clock import SystemClock
from intervention.domain.errors import NotFound
from intervention.domain.pupil_import import read_pupils
from intervention.domain.school_data import MAX_FILE_BYTES
from intervention.operating import tell
from intervention.records.database import Database
from intervention.rendering import pupil_report
from intervention.rendering.i18n import LOCALES, speaking
from intervention.rendering.school_report import report
from intervention.settings import Settings
from intervention.usecases.imports import ImportSchools, import_schools_as_operator
from intervention.usecases.pupil_imports import ImportPupils, import_pupils_as_operator
from intervention.usecases.work import open_work
from intervention.wiring import read_schools


def shape_import(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    says = "read the ministry's « Localisation des établissements » (CSV or GeoJSON)"
    schools = kinds.add_parser("schools", help=says, description=f"{says[0].upper()}{says[1:]}. Shows unless --apply.")
    schools.add_argument("file", type=Path, metavar="FILE")
    schools.add_argument("--organization", required=True, metavar="CODE", help="the organization's code here")
    schools.add_argument("--board", metavar="CODE", help="its official code in the file, where it is another")
    schools.add_argument("--apply", action="store_true", help="write the changes, all of them or none")
    schools.add_argument("--language", choices=LOCALES, default="fr", help="of the report")
    says = "read a board's pupils (CSV)"
    pupils = kinds.add_parser("pupils", help=says, description=f"{says[0].upper()}{says[1:]}. Shows unless --apply.")
    pupils.add_argument("file", type=Path, metavar="FILE")
    pupils.add_argument("--board", required=True, metavar="CODE", help="the organization's code here")
    pupils.add_argument("--apply", action="store_true", help="write the changes, all of them or none")
    pupils.add_argument("--language", choices=LOCALES, default="fr", help="of the report")


def import_data(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when shown or applied, 1 when the file or the organization is refused."""
    try:
        with arguments.file.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        tell(f"{arguments.file}: {error.strerror}")
        return 1
    return (
        _pupils(arguments, settings, content) if arguments.what == "pupils" else _schools(arguments, settings, content)
    )


def _schools(arguments: argparse.Namespace, settings: Settings, content: bytes) -> int:
    read = read_schools(content)
    database = Database(settings.database_url)
    try:
        with open_work(database, SystemClock(), read_only=not arguments.apply) as work:
            ask = ImportSchools(read, arguments.board, is_applied=arguments.apply)
            plan = import_schools_as_operator(work, arguments.organization, ask)
    except NotFound:
        tell(f"No organization has the code {arguments.organization}.")
        return 1
    finally:
        database.dispose()
    with speaking(arguments.language):
        for line in report(plan, is_applied=arguments.apply, counts_features=read.counts_features):
            tell(line)
    return 1 if plan.refused else 0


def _pupils(arguments: argparse.Namespace, settings: Settings, content: bytes) -> int:
    database = Database(settings.database_url)
    try:
        with open_work(database, SystemClock(), read_only=not arguments.apply) as work:
            ask = ImportPupils(read_pupils(content), is_applied=arguments.apply)
            plan = import_pupils_as_operator(work, arguments.board, ask)
    except NotFound:
        tell(f"No organization has the code {arguments.board}.")
        return 1
    finally:
        database.dispose()
    with speaking(arguments.language):
        for line in pupil_report.report(plan, is_applied=arguments.apply):
            tell(line)
    return 1 if plan.refused else 0
