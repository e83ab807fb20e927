"""Judges the dates that a change of series reaches, each in its own rooms first, then in any that its plan leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from intervention.domain.arrangement import arranged
from intervention.domain.composition import AskParticipant, AskSite, Composition
from intervention.domain.recurrence import PlainDay
from intervention.domain.series import OTHER_DATE, Line
from intervention.domain.series_change import (
    Rearrangement,
    opened,
    rearranged,
)
from intervention.domain.spans import Span
from intervention.queries.catalogue import Catalogue
from intervention.queries.series_calendar import Anchor
from intervention.usecases.changing import as_ask
from intervention.usecases.series_change_ask import ChangeLine, ChangeSeries
from intervention.usecases.series_judge import Judge, apart
from intervention.usecases.series_sheet import PlanSeries
from intervention.usecases.work import Work


def judged_lines(  # noqa: PLR0913, PLR0917 - what one sheet is about
    work: Work,
    ask: ChangeSeries,
    board: Catalogue,
    anchor: Anchor,
    lines: Sequence[ChangeLine],
    how: Rearrangement,
    plan: PlanSeries,
    days: Mapping[date, PlainDay],
) -> list[ChangeLine]:
    """Those of the same length and travellers by one problem; then no two at once, and none where another stays."""
    home = board.professionals[plan.host_id].home
    present = {each.on_date: _sites(each) for each in lines if each.line is not None}
    wanted = {
        on_date: tuple(dict.fromkeys((mine, opened(mine, plan.sites))))
        for on_date, sites in present.items()
        for mine in [rearranged(sites, how, home)]
    }
    moving = frozenset(
        each.reached.encounter.id
        for each in lines
        if each.line is not None and each.reached.encounter is not None and _would_go(each.line, ask)
    )
    groups: dict[tuple[int, frozenset[UUID | None]], list[Line]] = {}
    for each in lines:
        if each.line is not None:
            minutes = each.line.span.minutes if each.line.span else plan.minutes
            people = frozenset(p.person_id for site in wanted[each.on_date][0] for p in site.participants)
            groups.setdefault((minutes, people), []).append(each.line)
    judges = []
    for (minutes, _), some in groups.items():
        ways = list(dict.fromkeys(way for line in some for way in wanted[line.on_date]))
        tries = {line.on_date: [ways.index(way) for way in wanted[line.on_date]] for line in some}
        composition = Composition(plan.kind, plan.host_id, minutes, ways[0])
        arrangements = [arranged(plan.kind, way) for way in ways]
        judge = Judge(work, composition, board, anchor.zone, arrangements, plan.accepting, moving, tries)
        judges.append((judge, {line.on_date for line in some}, judge.judged(some)))
    together = sorted((line for _, _, some in judges for line in some), key=lambda line: line.on_date)
    stays = {each.on_date: each.was for each in lines if each.line is not None and each.was is not None}
    together = _clear_of_the_staying(apart(together), stays, ask.skipping)
    settled = {}
    for judge, dates, _ in judges:
        for line in judge.settled([line for line in together if line.on_date in dates], days):
            settled[line.on_date] = line
    return [_compared(each, settled.get(each.on_date), present) for each in lines]


def _would_go(line: Line, ask: ChangeSeries) -> bool:
    """Whether its séance would leave its present place: what is left as it is stays in the way of the others."""
    return not line.is_left_out or line.on_date in ask.skipping


def _sites(each: ChangeLine) -> tuple[AskSite, ...]:
    assert each.reached.encounter is not None  # noqa: S101 - only touched dates have a line
    return as_ask(each.reached.encounter).sites


def _clear_of_the_staying(lines: list[Line], was: Mapping[date, Span], skipping: frozenset[date]) -> list[Line]:
    """A date that fails stays where it is, and so another cannot go there."""
    while True:
        staying = [was[line.on_date] for line in lines if not line.is_held and line.on_date not in skipping]
        met = {
            line.on_date
            for line in lines
            if line.is_held and line.span is not None and any(line.span.overlaps(span) for span in staying)
        }
        if not met:
            return lines
        lines = [line.refused(OTHER_DATE) if line.on_date in met else line for line in lines]


def _compared(each: ChangeLine, line: Line | None, present: Mapping[date, tuple[AskSite, ...]]) -> ChangeLine:
    if line is None:
        return each
    is_same = line.works and line.span == each.was and has_the_sites(present[each.on_date], line.sites)
    return replace(each, line=line, is_same=is_same)


def has_the_sites(present: Sequence[AskSite], wanted: Sequence[AskSite]) -> bool:
    """Whether an encounter is already held where and with whom it should be, whatever the order."""
    return _as_set(present) == _as_set(wanted)


def _as_set(sites: Sequence[AskSite]) -> set[tuple[AskSite, frozenset[AskParticipant]]]:
    return {(replace(site, participants=()), frozenset(site.participants)) for site in sites}
