"""Who may look past the boards of whoever acts: few modules, each known here and in the decision note."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "intervention"
OPEN = re.compile(r"\.session\(|usecases\.work import [^\n]*\bopen_work\b|import work as unit_of_work")
EDGES = {"web/stage.py", "api/routes.py"}
BEYOND = {
    "queries/agenda.py",
    "queries/catalogue.py",
    "queries/shared_people.py",
    "queries/slot_problem.py",
    "queries/travel_ledger.py",
    "usecases/audit.py",
    "usecases/reservations.py",
    "usecases/roads.py",
    "usecases/staff_imports.py",
}


def modules(pattern: re.Pattern[str], *folders: str) -> set[str]:
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return {str(file.relative_to(ROOT)) for file in files if pattern.search(file.read_text())}


def test_pages_and_api_open_transactions_at_their_edge_only() -> None:
    """There they are told the boards of whoever acts; opened elsewhere they would reach every board."""
    assert modules(OPEN, "web", "api") == EDGES


def test_modules_that_look_beyond_are_known() -> None:
    assert modules(re.compile(r"\bbeyond\("), "queries", "usecases", "web", "api", "rendering") == BEYOND
