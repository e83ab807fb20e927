"""Nothing is skipped in silence: with CI=true a test that did not run fails the run; otherwise the end lists it."""

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

Reports = pytest.TestReport | pytest.CollectReport
R = TypeVar("R", pytest.TestReport, pytest.CollectReport)


def strict() -> bool:
    return os.environ.get("CI", "").lower() == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return refused((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return refused((yield))


def refused(report: R) -> R:
    """The report as it is, or failed when it tells of a test that did not run (or was let off) under CI=true."""
    excused = report.outcome == "skipped" or getattr(report, "wasxfail", None) is not None
    if excused and strict():
        report.longrepr = f"NOT RUN, and CI=true allows nothing to be left out: {reason(report)}"
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)
    return report


def reason(report: Reports) -> str:
    excuse = getattr(report, "wasxfail", None)
    if excuse is not None:
        return f"expected to fail: {excuse}"
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr).removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [r for kind in ("skipped", "xfailed", "xpassed") for r in terminalreporter.getreports(kind)]
    if not reports:
        return
    terminalreporter.section("NOT RUN", yellow=True)
    by_reason: dict[str, list[str]] = {}
    for report in reports:
        by_reason.setdefault(reason(report), []).append(report.nodeid)
    for why, nodes in sorted(by_reason.items()):
        terminalreporter.write_line(f"{why}: {len(nodes)} test{'s' if len(nodes) > 1 else ''}")
        for node in nodes:
            terminalreporter.write_line(f"  {node}")
